package offer

import (
	"fmt"
	"math/big"

	"tenderbook/money"
)

// Exchanged is what one tender is given for its accepted notes, in minor units.
type Exchanged struct {
	NewNotes int64 // principal of new notes, in their denominations
	Cash     int64 // the part of the consideration paid in cash, fractions and what is paid on top included; accrued interest not
	Fraction int64 // of the cash, what the denomination of the new notes cut off
}

// Exchange splits what one tender is given: accepted principal and its
// consideration, in minor units. Without new notes all of it is cash.
//
// The part in new notes is exact until it is rounded down to their multiple, and
// to nothing below their minimum, once for the tender. What that cuts off is paid
// in cash, rounded half up, or dropped, as the terms say.
func (s *Series) Exchange(accepted, consideration int64) (Exchanged, error) {
	n := s.NewNotes
	if n == nil {
		return Exchanged{Cash: consideration}, nil
	}
	value := new(big.Rat).SetInt64(consideration)
	exact := n.part(value, accepted, s.Price.Per)
	notes, err := n.inDenominations(exact, s.Currency)
	if err != nil {
		return Exchanged{}, fmt.Errorf("series %s: new notes: %w", s.ID, err)
	}
	fraction, errF := money.RoundRat(new(big.Rat).Sub(exact, new(big.Rat).SetInt64(notes)), money.HalfUp)
	onTop, errT := n.onTop(accepted, s.Price.Per)
	if errF != nil || errT != nil {
		return Exchanged{}, fmt.Errorf("series %s: cash: %w", s.ID, money.ErrOverflow)
	}
	out := Exchanged{NewNotes: notes, Cash: consideration - notes - fraction + onTop}
	if n.Fractions != "dropped" {
		out.Fraction = fraction
		out.Cash += fraction
	}
	return out, nil
}

// part is the part of a consideration in new notes, before their denomination.
func (n *NewNotes) part(value *big.Rat, accepted int64, per money.Decimal) *big.Rat {
	switch {
	case n.Percent != nil:
		x := new(big.Rat).Mul(value, n.Percent.Rat())
		return x.Quo(x, big.NewRat(100, 1))
	case n.Principal != nil:
		x := new(big.Rat).Mul(new(big.Rat).SetInt64(accepted), n.Principal.Rat())
		if x.Quo(x, per.Rat()); x.Cmp(value) < 0 {
			return x
		}
	}
	return value
}

func (n *NewNotes) onTop(accepted int64, per money.Decimal) (int64, error) {
	if n.Cash.Sign() == 0 || per.Sign() == 0 {
		return 0, nil
	}
	x := new(big.Rat).Mul(new(big.Rat).SetInt64(accepted), n.Cash.Rat())
	return money.RoundRat(x.Quo(x, per.Rat()), money.HalfUp)
}

func (n *NewNotes) inDenominations(exact *big.Rat, c money.Currency) (int64, error) {
	step := big.NewRat(1, 1)
	if n.Multiple.Sign() > 0 {
		step.Mul(n.Multiple.Rat(), unitsOf(c))
	}
	whole := new(big.Rat).Quo(exact, step)
	steps := new(big.Rat).SetInt(new(big.Int).Quo(whole.Num(), whole.Denom()))
	notes := steps.Mul(steps, step)
	if notes.Cmp(new(big.Rat).Mul(n.Minimum.Rat(), unitsOf(c))) < 0 {
		return 0, nil
	}
	return money.RoundRat(notes, money.Exact)
}

// Exchanges reports whether accepted notes are paid for in new ones.
func (t *Terms) Exchanges() bool {
	if t.Kind != "exchange" {
		return false
	}
	for i := range t.Series {
		if t.Series[i].NewNotes != nil {
			return true
		}
	}
	return false
}

// newNotesWeight is what a cap on new notes counts of a series: the measure it
// is taken from, and how much of that is new notes, before denominations.
func (s *Series) newNotesWeight() (counts string, part *big.Rat) {
	switch n := s.NewNotes; {
	case n == nil:
		return "purchase-price", new(big.Rat)
	case n.Principal != nil:
		return "principal", new(big.Rat).Quo(n.Principal.Rat(), s.Price.Per.Rat())
	case n.Percent != nil:
		return "purchase-price", new(big.Rat).Quo(n.Percent.Rat(), big.NewRat(100, 1))
	}
	return "purchase-price", big.NewRat(1, 1)
}

// checkExchange keeps new notes to exchanges, and their keys together.
func (c *checker) checkExchange(i int, s *Series) {
	n := s.NewNotes
	if n == nil {
		return
	}
	at := func(key string) []any { return keys("series", i, "new_notes", key) }
	switch {
	case c.terms.Kind != "exchange" && c.terms.Kind != "":
		c.wrong(keys("series", i, "new_notes"), fmt.Sprintf("stands with kind: %s", c.terms.Kind), "kind: exchange", "")
		return
	case n.Percent != nil && n.Principal != nil:
		c.wrong(at("principal"), "stands beside percent", "one of the two", "")
	case n.Percent != nil && (n.Percent.Sign() <= 0 || n.Percent.Cmp(money.DecimalOf(100, 0)) > 0):
		c.wrong(at("percent"), fmt.Sprintf("%s is not a part of the consideration", n.Percent), "a number above 0, up to 100", "")
	case n.Principal != nil && !c.has("series", i, "consideration"):
		c.wrong(at("principal"), "stands without a stated consideration", "percent, or a consideration with its per", "")
	case n.Principal != nil && (n.Principal.Sign() <= 0 || s.Price.TenderOffer.Sign() > 0 && n.Principal.Cmp(s.Price.TenderOffer) > 0):
		c.wrong(at("principal"), fmt.Sprintf("%s is not a part of the consideration, %s", n.Principal, s.Price.TenderOffer), "a number above 0, up to the price of late tenders", "")
	}
	if n.Cash.Sign() < 0 {
		c.wrong(at("cash"), fmt.Sprintf("%s is below zero", n.Cash), "what is paid on top", "")
	}
	if n.Multiple.Sign() > 0 && n.Minimum.Sign() > 0 && !new(big.Rat).Quo(n.Minimum.Rat(), n.Multiple.Rat()).IsInt() {
		c.wrong(at("minimum"), fmt.Sprintf("%s is not a whole number of multiples of %s", n.Minimum, n.Multiple), "a whole number of multiples", "")
	}
	if (n.Percent != nil || n.Principal != nil) && n.Multiple.Sign() > 0 && n.Fractions == "" && !c.has(at("fractions")...) {
		c.missing(at("fractions"), newNotesKeys.doc("fractions"), "choose cash or dropped: offers differ, so there is no default")
	}
	if c.terms.Payment.PayBy == "participant" {
		c.wrong(keys("payment", "pay_by"), `"participant" stands with new notes, which are rounded down for each instruction`, `"instruction"`, "")
	}
}

// checkNewNotesCap wants what a cap on new notes covers to be exchanged in one
// way.
func (c *checker) checkNewNotesCap(i int, k *Cap) {
	if k.Counts != "new-notes" {
		return
	}
	way := ""
	for j := range c.terms.Series {
		s := &c.terms.Series[j]
		if !k.Covers(s.ID) {
			continue
		}
		if s.NewNotes == nil {
			c.wrong(keys("caps", i, "counts"), fmt.Sprintf(`"new-notes", but series %s is exchanged for none`, s.ID), "new_notes for every series that it covers", "")
			return
		}
		if counts, _ := s.newNotesWeight(); way == "" {
			way = counts
		} else if way != counts {
			c.wrong(keys("caps", i, "counts"), fmt.Sprintf(`"new-notes", but series %s gives a principal of them and others a percentage of the consideration, or the reverse`, s.ID), "one way for all series that it covers", "")
			return
		}
	}
}
