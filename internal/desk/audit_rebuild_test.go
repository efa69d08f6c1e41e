package desk_test

import (
	"slices"
	"testing"

	"tenderbook/book"
	"tenderbook/internal/journaltest"
	"tenderbook/journal"
)

// rebuild holds the journal to what was noted, and counts events.
func (a *audit) rebuild(events map[book.Event]int) []*journal.Entry {
	a.Helper()
	entries := journaltest.Check(a.T, a.store, a.offer)
	for _, e := range entries {
		if e.Actor == "" || e.At.IsZero() {
			a.Errorf("%s entry %d: actor %q, time %s", a.offer, e.Seq, e.Actor, e.At)
		}
		if want, given := a.said[e.Seq]; given && reason(a.T, entries, e) != want {
			a.Errorf("%s entry %d: reason %q, given was %q", a.offer, e.Seq, reason(a.T, entries, e), want)
		}
		a.view(e.Seq, func(s *book.State) { a.compareAt(e.Seq, s) })
	}
	a.view(0, func(s *book.State) {
		for id, versions := range a.stood {
			a.compareTrail(s, id, versions, entries, events)
		}
	})
	return entries
}

func (a *audit) view(seq uint64, look func(*book.State)) {
	a.Helper()
	if err := a.desk.ViewAt(a.Context(), a.offer, seq, func(s *book.State) error { look(s); return nil }); err != nil {
		a.Fatal(err)
	}
}

// compareAt holds a state of the past to what was noted then, for all
// instructions, those too that it did not touch or that came later.
func (a *audit) compareAt(seq uint64, s *book.State) {
	a.Helper()
	for id, versions := range a.stood {
		want := ""
		for _, v := range versions {
			if v.seq <= seq {
				want = v.is
			}
		}
		got := ""
		if x, there := s.Instruction(id); there {
			got = standing(x)
		}
		if got != want {
			a.Errorf("%s as of entry %d: %s is %s, stood %s", a.offer, seq, id, got, want)
		}
	}
}

// compareTrail holds the trail of an instruction to its versions: an entry made a
// version if and only if the trail names it, at the time of the entry.
func (a *audit) compareTrail(s *book.State, id string, versions []version, entries []*journal.Entry, events map[book.Event]int) {
	a.Helper()
	x, _ := s.Instruction(id)
	seqs := []uint64{x.Seq}
	for _, h := range s.Events(id) {
		if !h.At.Equal(entries[h.Seq-1].At) || h.Event.String() == "" {
			a.Errorf("%s of %s: event %s at %s in entry %d of %s", id, a.offer, h.Event, h.At, h.Seq, entries[h.Seq-1].At)
		}
		seqs = append(seqs, h.Seq)
		events[h.Event]++
	}
	var noted []uint64
	for _, v := range versions {
		noted = append(noted, v.seq)
	}
	if got := slices.Compact(seqs); !slices.Equal(got, noted) {
		a.Errorf("%s of %s: by its trail entries %d touched it, by what it was after each entry, and by what each was about, %d", id, a.offer, got, noted)
	}
}

// reason is why an entry says that it was made; a decision's is its proposal's.
func reason(t *testing.T, entries []*journal.Entry, e *journal.Entry) string {
	t.Helper()
	c, err := book.Decode(&e.Draft)
	if err != nil {
		t.Fatal(err)
	}
	switch c := c.(type) {
	case *book.Review:
		return c.Why
	case *book.Proposal:
		return c.Why
	case *book.Decision:
		return reason(t, entries, entries[c.Proposal-1])
	}
	return ""
}
