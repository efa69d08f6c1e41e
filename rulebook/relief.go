package rulebook

import (
	"fmt"
	"slices"
	"strings"

	"tenderbook/calendar"
	"tenderbook/money"
	"tenderbook/offer"
)

// reliefHolds makes the conclusion over the conditions of a relief, which
// stand before it in the table: all hold, one does not, or a person has to
// look. An offer that is open for twenty business days needs no relief.
func reliefHolds(prefixes ...string) func(*Rule, *situation) []Finding {
	return func(r *Rule, s *situation) []Finding {
		full := s.opened(r, s.launch.Commenced, nil, "commenced")
		worst, open := Pass, []string{}
		for _, f := range s.done {
			if !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(f.Rule, p) }) {
				continue
			}
			worst = max(worst, f.Verdict)
			if f.Verdict > Warn {
				open = append(open, f.Rule+" "+f.Verdict.String())
			}
		}
		f := full
		f.Inputs = append(f.Inputs, Input{"conditions", orNone(strings.Join(open, ", "))})
		f.Verdict = worst
		if worst < Fail && full.Verdict != Pass {
			f.Earliest = calendar.Deadline{} // the conditions name their own
		}
		switch {
		case full.Verdict == Pass:
			f.Verdict, f.Why = Pass, "open for twenty business days, which needs no relief"
		case worst <= Warn:
			f.Why = "every condition tested holds"
		case worst == NeedsHuman:
			f.Why = "the relief holds only if a person settles: " + strings.Join(open, ", ")
		default:
			f.Why = fmt.Sprintf("without the relief (%s) the offer needs to stay open to %s", strings.Join(open, ", "), full.EarliestText())
		}
		return []Finding{f}
	}
}

// limits are the names of what can cut a tender: caps, and series maximums
// below what is outstanding.
type limits []limit

type limit struct {
	name string
	own  bool // a series maximum
}

func limitsOf(t *offer.Terms) limits {
	var found limits
	for _, c := range t.Caps {
		if !coversEverything(t, c) {
			found = append(found, limit{c.Name, false})
		}
	}
	for _, x := range t.Series {
		if x.Maximum != nil && x.Maximum.Minor < x.Outstanding.Minor {
			found = append(found, limit{"maximum of series " + x.ID, true})
		}
	}
	return found
}

// coversEverything reports whether a cap in principal is so high that all
// outstanding notes under it fit: then it limits nothing.
func coversEverything(t *offer.Terms, c offer.Cap) bool {
	if c.Counts != "principal" || len(c.Less) > 0 {
		return false
	}
	sum := money.New(0, c.Amount.Currency)
	for _, x := range t.Series {
		if c.Series != nil && !contains(c.Series, x.ID) {
			continue
		}
		var err error
		if sum, err = sum.Add(x.Outstanding); err != nil {
			return false // another currency, or beyond 64 bits
		}
	}
	return sum.Minor <= c.Amount.Minor
}

// prorates reports whether one of the limits can prorate a tender, rather than
// reject a series whole.
func (ls limits) prorates(t *offer.Terms) bool {
	return slices.ContainsFunc(ls, func(l limit) bool {
		if l.own {
			return t.Acceptance.MaximumExceeded != "reject"
		}
		return t.Acceptance.IfExceeded == "" || t.Acceptance.IfExceeded == "prorate"
	})
}

func (ls limits) text() string {
	var names []string
	for _, l := range ls {
		names = append(names, l.name)
	}
	return strings.Join(names, ", ")
}
