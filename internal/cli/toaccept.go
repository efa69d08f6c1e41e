package cli

import (
	"fmt"
	"io"
	"strconv"

	"tenderbook/allocation"
	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/scenario"
)

// capThatTakes says which amount of a cap takes all that is tendered at the
// levels asked for, to the minor unit, and how an amendment would say so. The
// decision itself stays as it is.
func (a *allocateCommand) capThatTakes(w io.Writer, d *decided) error {
	k, err := capIndex(d.terms, a.cap)
	if err != nil {
		return err
	}
	base := scenario.Variant{Terms: d.terms, Alloc: d.alloc, Settle: d.terms.Settlements()}
	search, err := scenario.SearchOf(base, func(*allocation.Terms) (*allocation.Tally, error) { return d.book.Tally, nil }, k)
	if err != nil {
		return refused{err}
	}
	found, err := search.ToAccept(a.toAccept...)
	if err != nil {
		return refused{fmt.Errorf("--to-accept: %w", err)}
	}
	in, err := d.terms.CapAmount(&d.terms.Caps[k])
	if err != nil {
		return refused{err}
	}
	amount := fileAmount(found.Amount)
	fmt.Fprintf(w, "\n%s of %s takes all that is tendered at %s, as far as nothing else cuts it: %s.\n", found.Cap, amount, levelWords(a.toAccept), compared(in, found.Amount))
	fmt.Fprintf(w, "Not a result; as an amendment:\n\ncaps:\n  - {name: %s, amount: %q}\n", found.Cap, amount)
	return nil
}

// fileAmount is an amount as an offer file has it.
func fileAmount(a money.Amount) string {
	if a.Currency == offer.Shares {
		return a.Grouped() + " shares"
	}
	return a.Currency.Code + " " + a.Grouped()
}

func compared(in, found money.Amount) string {
	switch more := found.Minor - in.Minor; {
	case more > 0:
		return fileAmount(money.New(more, in.Currency)) + " more than is in force"
	case more < 0:
		return fileAmount(money.New(-more, in.Currency)) + " less than is in force"
	}
	return "the amount in force"
}

// levelWords names levels: "level 1", "levels 1 and 2".
func levelWords(levels []int) string {
	if len(levels) == 1 {
		return "level " + strconv.Itoa(levels[0])
	}
	s := "levels "
	for i, l := range levels {
		switch {
		case i == len(levels)-1 && i > 0:
			s += " and "
		case i > 0:
			s += ", "
		}
		s += strconv.Itoa(l)
	}
	return s
}
