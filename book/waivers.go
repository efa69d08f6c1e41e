package book

import (
	"fmt"

	"tenderbook/offer"
)

// later reports whether the last version of the terms moves a deadline of the
// one before to a later time.
func later(h *offer.History) bool {
	v := h.Versions()
	a, b := v[len(v)-2].Terms, v[len(v)-1].Terms
	if limit(b.Dates.Expiration) > limit(a.Dates.Expiration) || limit(b.Dates.EarlyTender) > limit(a.Dates.EarlyTender) ||
		limit(b.Dates.Withdrawal) > limit(a.Dates.Withdrawal) || limit(b.Dates.GuaranteedDelivery) > limit(a.Dates.GuaranteedDelivery) {
		return true
	}
	was := map[string]int64{}
	for i := range a.Series {
		was[a.Series[i].ID] = expires(a, &a.Series[i])
	}
	for i := range b.Series {
		if before, ok := was[b.Series[i].ID]; ok && expires(b, &b.Series[i]) > before {
			return true
		}
	}
	return false
}

// expires is the last instant at which a series is tendered in time.
func expires(t *offer.Terms, s *offer.Series) int64 {
	if s.Expiration.IsZero() {
		return limit(t.Dates.Expiration)
	}
	return limit(s.Expiration)
}

// condition finds a condition of the terms; nil if there is none.
func (s *State) condition(id string) *offer.Condition {
	t := s.final()
	for i := range t.Conditions {
		if t.Conditions[i].ID == id {
			return &t.Conditions[i]
		}
	}
	return nil
}

// planWaiveCondition waives a condition that the terms let be waived: an
// amendment like any other, written here.
func (s *State) planWaiveCondition(p *Proposal, rules Rules) (func(), *Refusal) {
	if r := s.moves(DoWaive); r != nil {
		return nil, r
	}
	c := s.condition(p.Subject)
	switch {
	case c == nil:
		return nil, refuse(NotWaivable, "conditions", "the terms have no condition %q", p.Subject)
	case !c.Waivable:
		return nil, refuse(NotWaivable, "conditions", "condition %q cannot be waived", p.Subject)
	case c.Status == "waived" || c.Status == "satisfied":
		return nil, refuse(AlreadyDone, "conditions", "condition %q is %s", p.Subject, c.Status)
	}
	effective := "00:01" // or when it is approved, which is later
	if rules < Rules3 {
		effective = "12:00"
	}
	name := "waiver of " + p.Subject
	file := fmt.Sprintf("tenderbook: 1\namends: %q\neffective: %s %s\nconditions:\n  - {id: %q, status: waived}\n", s.offer, s.final().Commenced, effective, p.Subject)
	h, r := s.amended(name, file, s.at)
	if r != nil {
		return nil, r
	}
	return func() { s.enact(h, enacted{name, file, s.at, s.seq, DoWaive, rules}) }, nil
}

// planWaiveDefect waives what is wrong with one instruction, or its lateness.
func (s *State) planWaiveDefect(p *Proposal, _ Rules) (func(), *Refusal) {
	if r := s.moves(DoWaive); r != nil {
		return nil, r
	}
	i := s.find(p.Subject)
	if i < 0 {
		return nil, refuse(UnknownInstruction, "instruction", "%q is not on record", p.Subject)
	}
	r := &s.records[i]
	if _, ok := moves[r.life][OnWaive]; !ok {
		return nil, refuse(NotWaivable, "life", "%q is %s: needs an instruction that is defective or late", p.Subject, r.life)
	}
	if r.life == LateReceived && !s.positionLeaves(r.series, r.participant, r.left) {
		return nil, refuse(OverTendered, "positions", "the position of the participant has no room for %q", p.Subject)
	}
	return func() { s.happen(i, OnWaive, s.at, wholeEntry, 0) }, nil
}
