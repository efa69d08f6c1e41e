package report

import (
	"tenderbook/money"
	"tenderbook/offer"
)

// exchanged splits what the tender is given into new notes and cash; without
// new notes all of it is cash.
func (x *explainer) exchanged() offer.Exchanged {
	paid := max(0, min(x.Outcome.Accepted, x.Tender.Principal-x.Tender.Undelivered))
	split, err := x.of.Exchange(paid, x.Outcome.Consideration)
	if !x.Terms.Exchanges() || err != nil {
		return offer.Exchanged{Cash: x.Outcome.Consideration}
	}
	return split
}

// exchangeLines are the new notes, and how they were rounded.
func (x *explainer) exchangeLines() []SumLine {
	n := x.of.NewNotes
	if n == nil || !x.Terms.Exchanges() {
		return nil
	}
	split := x.exchanged()
	source := n.Title
	if n.Multiple.Sign() > 0 {
		source += ", rounded down to " + mark(x.of.Currency) + money.Group(n.Multiple.String())
	}
	lines := []SumLine{{Label: x.newNotesWords(), Value: x.amount(split.NewNotes), Source: source, Result: true}}
	if rest := split.Cash - split.Fraction; rest != 0 {
		lines = append(lines, SumLine{Label: "in cash", Value: cashText(rest, x.of.Currency), Source: "the part of the consideration that is cash"})
	}
	if split.Fraction != 0 {
		lines = append(lines, SumLine{Label: "in cash for the fraction", Value: cashText(split.Fraction, x.of.Currency), Source: "what the denomination of the new notes cuts off"})
	}
	return lines
}

// newNotesWords says which part of the consideration is in new notes.
func (x *explainer) newNotesWords() string {
	switch n := x.of.NewNotes; {
	case n.Percent != nil:
		return "NEW NOTES, " + n.Percent.String() + "% of it"
	case n.Principal != nil:
		return "NEW NOTES, " + mark(x.of.Currency) + money.Group(n.Principal.String()) + " per " + x.perWords(x.of)
	}
	return "NEW NOTES"
}
