package book

import "slices"

// leftToFinal reports whether a tender that the early run accepted is settled with
// the final one: a guarantee of which not all had come by then.
func (s *State) leftToFinal(i int) bool {
	r := &s.records[i]
	if r.action != Guarantee || r.life != InFull && r.life != Prorated || r.run != uint8(Early.place()+1) || s.decidedBefore(r, Rules3) {
		return false
	}
	return s.missing(i) > 0 || s.deliveredSince(i) > 0
}

// firstDue is the first tender that the final run pays, or may have to: its notes
// came since it was accepted early, or still can. -1: there is none.
func (s *State) firstDue() int {
	for i := range s.records {
		if s.leftToFinal(i) && (s.deliveredSince(i) > 0 || !s.clock.missed) {
			return i
		}
	}
	return -1
}

// owes reports whether tenders that were accepted early are not paid, or may have to
// be: before that the offer does not end.
func (s *State) owes() bool {
	early := s.results[0]
	return early != nil && (!early.settled || s.firstDue() >= 0)
}

// stopWaiting ends an offer that has no series left and waited for deliveries alone.
func (s *State) stopWaiting() {
	waited := s.clock.owed
	s.clock.owed = s.owes()
	if waited && !s.clock.owed {
		s.clock.endIfEmpty()
	}
}

// endLeft settles, once the offer has ended, what was left to its final run: none of
// it came.
func (s *State) endLeft() {
	if s.clock.life != Terminated && s.clock.life != Lapsed {
		return
	}
	for i := range s.records {
		if s.leftToFinal(i) {
			s.happen(i, OnSettle, s.at, wholeEntry, s.accepted[i])
		}
	}
}

// whatIsOwed refuses to end an offer that owes, with what and what to do.
func (s *State) whatIsOwed() *Refusal {
	i := s.firstDue()
	if i < 0 || !s.results[0].settled {
		return refuse(WrongState, "life", "early tenders are accepted and not settled yet: settle the early result first")
	}
	r := &s.records[i]
	return refuse(WrongState, "life", "%q was accepted early: %s of it was delivered since, %s is missing (taken %s), and the final result pays what came: accept and settle that first; each series can be ended before", s.texts.id(r.text), s.amount(r.series, s.deliveredSince(i)), s.amount(r.series, s.missing(i)), s.deliveryText())
}

// deliveryText is the deadline of guaranteed delivery.
func (s *State) deliveryText() string {
	d := s.clock.terms().Dates
	if d.GuaranteedDelivery.IsZero() {
		return d.Expiration.String()
	}
	return d.GuaranteedDelivery.String()
}

// onlyPays reports whether a final run can accept nothing and only pays what the
// early one left to it: each series has ended or is under a condition that failed.
// It then waits for no condition.
func (s *State) onlyPays() bool {
	return s.firstDue() >= 0 && !slices.Contains(s.terminated(&s.clock, s.judged(Rules3)), "")
}
