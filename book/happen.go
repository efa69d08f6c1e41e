package book

// happen moves an instruction by an event that its life lists, and keeps both.
// An event that it does not list is left out.
func (s *State) happen(i int, e Event, at int64, row uint32, amount int64) {
	r := &s.records[i]
	to, ok := moves[r.life][e]
	if e == OnPart {
		to, ok = r.life, true
	}
	if !ok {
		return
	}
	s.count(i, -1)
	if r.life == LateReceived && to.Live() && r.isTender() { // it counts as what its hour brought
		f := s.tallied[r.series].hour(r.at)
		f.Tenders++
		f.Tendered += r.left
	}
	r.stood = r.stood || r.life.Live() && decides(e)
	r.life = to
	s.count(i, +1)
	s.happened = append(s.happened, happening{at, amount, uint32(s.seq), row, r.last, e, to})
	r.last = uint32(len(s.happened))
	if s.clock.missed && (e == OnCure || e == OnWaive || e == OnReinstate) && s.missing(i) > 0 {
		s.happen(i, OnMiss, at, row, 0)
	}
}

// decides reports whether an event is the end of what an instruction asked for,
// which conditions still count it for.
func decides(e Event) bool {
	return e == OnAccept || e == OnProrate || e == OnReturn || e == OnConsent || e == OnLose
}

// missing is what of a guarantee is still to be delivered, of all or of what was
// accepted of it; 0 for others.
func (s *State) missing(i int) int64 {
	r := &s.records[i]
	if r.action != Guarantee {
		return 0
	}
	due := r.left
	if r.life == InFull || r.life == Prorated {
		due = s.accepted[i]
	}
	return max(0, due-s.rare[uint32(i)].delivered)
}

// undelivered is what of a guarantee a run finds not delivered: now, or when it was
// decided; 0 for others.
func (s *State) undelivered(i int) int64 {
	r := &s.records[i]
	if r.action != Guarantee {
		return 0
	}
	delivered := s.rare[uint32(i)].delivered
	if r.run != 0 {
		delivered = s.rare[uint32(i)].counted
	}
	return max(0, r.left-delivered)
}
