package book

import (
	"fmt"
	"slices"

	"tenderbook/offer"
)

// counted is what the book came to, as conditions and thresholds count it: what
// counts now, and what counted until it was accepted or returned. Indexes are
// those of the terms in force by the clock that is given.
func (s *State) counted(c *clockwork) *offer.Counted {
	t := c.terms()
	book := &offer.Counted{Tendered: make([]int64, len(t.Series)), Final: c.life >= Expired}
	if t.AsksConsents() {
		book.Consents = make([]int64, len(t.Series))
	}
	for n := range c.ids {
		at := c.indexOf(n)
		if at < 0 {
			continue
		}
		x := s.tallied[n]
		book.Tendered[at] = x.total[0].Principal + x.total[1].Principal + x.stood[0]
		if asked := t.Series[at].Consent; asked != nil {
			book.Consents[at] = x.alone.Principal + x.stood[1]
			if asked.Carried {
				book.Consents[at] += book.Tendered[at]
			}
		}
	}
	return book
}

// indexOf is the place of a series in the terms in force; -1: it has none.
func (c *clockwork) indexOf(n int) int {
	if n >= len(c.by) {
		return -1
	}
	return c.by[n].at
}

// terminated says by index of the series why nothing of it is accepted, "" where
// it may be: its series was terminated, or a condition failed.
func (s *State) terminated(c *clockwork, states []offer.ConditionState) []string {
	t := c.terms()
	failed := *t
	failed.Termination = nil // what the file ends is ended by the clock
	why := failed.Terminated(states)
	for n, id := range c.ids {
		if at := c.indexOf(n); at >= 0 && c.series[n] == SeriesTerminated {
			why[at] = s.whyTerminated(t, id)
		}
	}
	return why
}

// whyTerminated is the reason that the file or the proposal gives.
func (s *State) whyTerminated(t *offer.Terms, id string) string {
	if end := t.Termination; end != nil && (end.Series == nil || slices.Contains(end.Series, id)) && end.Reason != "" {
		return end.Reason
	}
	for _, seq := range s.order {
		p := s.proposals[seq]
		if p.What == Terminate && p.state == ProposalTaken && (p.Subject == id || p.Subject == "") && p.Why != "" {
			return p.Why
		}
	}
	return "terminated"
}

// judged are the conditions in force as a proposal under these rules sees them.
func (s *State) judged(rules Rules) []offer.ConditionState {
	t := s.clock.terms()
	if rules >= Rules2 {
		return t.ConditionStates(s.counted(&s.clock))
	}
	states := make([]offer.ConditionState, len(t.Conditions))
	for i := range t.Conditions {
		states[i] = offer.ConditionState{Condition: &t.Conditions[i], Status: t.Conditions[i].Status}
	}
	return states
}

// underConditions refuses acceptance while a condition is open, or where one has
// failed. One that failed for some series ends those alone, and one that only a
// cap depends on ends nothing.
func (s *State) underConditions(rules Rules) *Refusal {
	t := s.clock.terms()
	for _, c := range s.judged(rules) {
		switch {
		case c.Status == "satisfied" || c.Status == "waived":
		case rules < Rules2:
			return refuse(ConditionOpen, "conditions", "condition %q is neither satisfied nor waived", c.ID)
		case c.Status != "failed":
			return refuse(ConditionOpen, "conditions", "condition %q is neither satisfied nor waived%s", c.ID, because(c.Why))
		case c.Series == nil && !t.OnlyForCaps(c.ID):
			return refuse(ConditionFailed, "conditions", "condition %q has failed and is not waived%s", c.ID, because(c.Why))
		}
	}
	return nil
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

// hasFailed refuses to let an offer lapse by a condition that has not failed for
// all of it.
func (s *State) hasFailed(id string, rules Rules) *Refusal {
	if rules < Rules2 {
		if c := s.condition(id); c == nil || c.Status != "failed" {
			return refuse(ConditionOpen, "conditions", "condition %q has not failed", id)
		}
		return nil
	}
	states := s.judged(rules)
	i := slices.IndexFunc(states, func(c offer.ConditionState) bool { return c.ID == id })
	switch {
	case i < 0:
		return refuse(ConditionOpen, "conditions", "the terms have no condition %q", id)
	case states[i].Status != "failed":
		return refuse(ConditionOpen, "conditions", "condition %q has not failed: it is %s%s", id, states[i].Status, because(states[i].Why))
	case states[i].Series != nil || s.clock.terms().OnlyForCaps(id):
		return refuse(ConditionOpen, "conditions", "condition %q has failed for %s, not for the offer", id, fmt.Sprint(only(&states[i])))
	}
	return nil
}

// only names what a failed condition ends.
func only(c *offer.ConditionState) any {
	if c.Series != nil {
		return c.Series
	}
	return "a cap"
}
