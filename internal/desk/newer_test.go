package desk_test

import (
	"errors"
	"strings"
	"testing"

	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/journal"
)

// A later version of the program has put on record what this one cannot judge.
// Every answer about the offer would be a guess, so there is none; other offers
// go on.
func TestAnOfferWithEntriesOfALaterVersionIsRefused(t *testing.T) {
	onEachStore(t, func(t *testing.T, fresh func(testing.TB) place) {
		for _, later := range []journal.Draft{
			{Kind: 200, Version: 1, Actor: "ann", Key: "later", Body: []byte("{}")},
			{Kind: journal.KindNote, Version: 9, Actor: "ann", Key: "later", Body: []byte("{}")},
			{Kind: journal.KindInstructions, Version: 9, Actor: "ann", Key: "later"},
		} {
			c := &clock{}
			at := fresh(t)
			store := at(t, c.Now)
			d := desk.Open(store)
			people(t, d, id, c)
			people(t, d, "OTHER", c)
			head, err := store.Append(t.Context(), id, later)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range []*desk.Desk{d, desk.Open(at(t, c.Now))} {
				err := d.View(t.Context(), id, func(*book.State) error { return nil })
				if !errors.Is(err, journal.ErrNewer) || !strings.Contains(err.Error(), id) {
					t.Errorf("kind %d, version %d: a view gives %v, want journal.ErrNewer and the offer's name", later.Kind, later.Version, err)
				}
				if err := d.ViewAt(t.Context(), id, head[0].Seq, func(*book.State) error { return nil }); !errors.Is(err, journal.ErrNewer) {
					t.Errorf("kind %d, version %d: a view of then gives %v, want journal.ErrNewer", later.Kind, later.Version, err)
				}
				if err := d.ViewAt(t.Context(), id, head[0].Seq-1, func(*book.State) error { return nil }); err != nil {
					t.Errorf("kind %d, version %d: a view of before gives %v", later.Kind, later.Version, err)
				}
				if _, err := d.Do(t.Context(), id, "ann", keys(), &book.Note{Text: "x"}); !errors.Is(err, journal.ErrNewer) || errors.Is(err, journal.ErrUnknown) {
					t.Errorf("kind %d, version %d: a command gives %v, want journal.ErrNewer and that nothing is on record", later.Kind, later.Version, err)
				}
				mustOn(t, d, "OTHER", "ann", &book.Note{Text: "x"})
			}
			if now, err := store.Head(t.Context(), id); err != nil || now.Seq != head[0].Seq {
				t.Errorf("the offer has %d entries (%v), had %d", now.Seq, err, head[0].Seq)
			}
		}
	})
}
