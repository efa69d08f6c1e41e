package sqlite_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tenderbook/internal/journaltest"
	"tenderbook/internal/sqlite"
	"tenderbook/journal"
)

func TestAnOfferWithoutRoomTakesNoMore(t *testing.T) {
	journaltest.Room(t, open(t, filepath.Join(t.TempDir(), "offers.db"), sqlite.OptionsForFew(3, nil)))
}

// One command of a group has no room. The others of the same group are on record,
// of its own offer too.
func TestARefusedCommandRefusesItselfAlone(t *testing.T) {
	const others = 6
	gate := make(chan struct{})
	var atGate atomic.Bool
	clock := func() time.Time {
		atGate.Store(true)
		<-gate
		return time.Now()
	}
	s := open(t, filepath.Join(t.TempDir(), "offers.db"), sqlite.OptionsForFew(others, clock))
	together := 0 // the most entries of one commit
	defer s.Announce(func(_ string, entries []journal.Entry, _ [32]byte) { together = max(together, len(entries)) })()

	var all sync.WaitGroup
	send := func(offer, key string, drafts int) (err *error) {
		err = new(error)
		all.Go(func() {
			var many []journal.Draft
			for i := range drafts {
				many = append(many, note(fmt.Sprint(key, i), 10))
			}
			_, *err = s.Append(t.Context(), offer, many...)
		})
		return err
	}
	first := send("other", "first", 1) // is at the gate while the rest lines up
	for s.Waiting() > 0 || !atGate.Load() {
		time.Sleep(time.Millisecond)
	}
	refused := send("o", "refused", others+1)
	var taken []*error
	for i := range others {
		taken = append(taken, send("o", fmt.Sprint("taken ", i), 1))
	}
	for s.Waiting() < others+1 {
		time.Sleep(time.Millisecond)
	}
	close(gate)
	all.Wait()
	if *refused == nil {
		t.Error("more was taken than there is room for")
	}
	for _, err := range append(taken, first) {
		if *err != nil {
			t.Errorf("refused with the other: %v", *err)
		}
	}
	if together != others {
		t.Errorf("the largest commit had %d entries, want all %d: they did not meet the refused one", together, others)
	}
	if err := s.Err(); err != nil {
		t.Error(err)
	}
	if n := len(journaltest.Check(t, s, "o")); n != others {
		t.Errorf("%d entries, want %d", n, others)
	}
}
