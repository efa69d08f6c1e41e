package cli

import (
	"fmt"
	"io"

	"tenderbook/book"
	"tenderbook/money"
	"tenderbook/offer"
)

// conditionsNow says how the conditions stand: by what is tendered now for those
// who see totals, else as the terms say.
func (w *workspace) conditionsNow(s *book.State, at book.Standing) []offer.ConditionState {
	if !w.sees(s, book.SeeTotals) {
		return at.Terms.ConditionStates(nil)
	}
	return at.Conditions
}

// showStanding prints what follows from the conditions and the consents, to those
// who see totals.
func (w *workspace) showStanding(out io.Writer, s *book.State, at book.Standing) {
	if !w.sees(s, book.SeeTotals) {
		return
	}
	for i, why := range at.Terminated {
		if why != "" {
			fmt.Fprintf(out, "  nothing of series %s is accepted: %s\n", at.Terms.Series[i].ID, why)
		}
	}
	if len(at.Consents) == 0 {
		return
	}
	fmt.Fprintln(out)
	g := grid{{"Consents", ">For", ">Of", "Needs", "State"}}
	for _, c := range at.Consents {
		x := &at.Terms.Series[c.Series]
		g.add(x.ID, money.New(c.Consents, x.Currency).Grouped(), money.New(c.Outstanding, x.Currency).Grouped(), x.Consent.Threshold.String(), reachedText(c.Reached))
	}
	g.write(out)
}

func reachedText(reached bool) string {
	if reached {
		return "reached"
	}
	return "not reached"
}

func showConditions(out io.Writer, states []offer.ConditionState) {
	if len(states) == 0 {
		return
	}
	fmt.Fprintln(out)
	g := grid{{"Condition", "Status", "Since", "By the count"}}
	for _, c := range states {
		g.add(c.ID, c.Status, c.At, c.Why)
	}
	g.write(out)
}
