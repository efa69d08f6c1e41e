package cli

import (
	"fmt"
	"io"

	"tenderbook/book"
	"tenderbook/offer"
)

// conditionsNow says how the conditions stand: by what is tendered now for those
// who see totals, else as the terms say.
func (w *workspace) conditionsNow(s *book.State, at book.Standing) []offer.ConditionState {
	if !w.sees(s, book.SeeTotals) {
		return at.Terms.ConditionStates(nil)
	}
	counted := &offer.Counted{Final: !at.Terms.Dates.Expiration.Met(w.now())}
	for i := range at.Terms.Series {
		t := seriesStanding(s, &at.Terms.Series[i], nil)
		counted.Tendered = append(counted.Tendered, t.early.Principal+t.late.Principal)
	}
	return at.Terms.ConditionStates(counted)
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
