package book

// A mark is how far the lists of a state reach.
type mark struct{ records, texts, happened, participants, bids int }

func (s *State) mark() mark {
	return mark{len(s.records), len(s.texts.buf), len(s.happened), len(s.participants.names), len(s.bids)}
}

// undone is how something was before a batch that is all or nothing changed it:
// an instruction, or the flow of an hour.
type undone struct {
	i      int // of the instruction; -1: it is a flow
	record record
	rare   rare

	flow   *Flow
	before Flow
}

// note keeps an instruction as it is before a row changes it.
func (w *rower) note(i int) {
	if w.all {
		w.undo = append(w.undo, undone{i: i, record: w.records[i], rare: w.rare[uint32(i)]})
	}
}

// flow is the flow of a series in the hour of the batch, for a row to change.
func (w *rower) flow(series uint16) *Flow {
	f := w.tallied[series].hour(w.at)
	if w.all {
		w.undo = append(w.undo, undone{i: -1, flow: f, before: *f})
	}
	return f
}

// rollBack takes back all that a batch did since a mark.
func (s *State) rollBack(m mark) {
	for i := len(s.records) - 1; i >= m.records; i-- {
		s.count(i, -1)
		s.leave(s.texts.id(s.records[i].text), i)
		delete(s.rare, uint32(i))
	}
	for k := len(s.undo) - 1; k >= 0; k-- {
		u := &s.undo[k]
		switch {
		case u.i < 0:
			*u.flow = u.before
		case u.i < m.records:
			s.restore(u)
		}
	}
	s.records, s.happened = s.records[:m.records], s.happened[:m.happened]
	s.texts.buf = s.texts.buf[:m.texts]
	if s.accepted != nil {
		s.accepted = s.accepted[:m.records]
	}
	s.participants.cut(m.participants)
	for _, bid := range s.bids[m.bids:] {
		delete(s.bidNumber, bid)
	}
	s.bids = s.bids[:m.bids]
}

func (s *State) restore(u *undone) {
	s.count(u.i, -1)
	s.records[u.i] = u.record
	if u.rare == (rare{}) {
		delete(s.rare, uint32(u.i))
	} else {
		s.rare[uint32(u.i)] = u.rare
	}
	s.count(u.i, +1)
}
