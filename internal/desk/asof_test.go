package desk_test

import (
	"errors"
	"testing"

	"tenderbook/book"
	"tenderbook/internal/desk"
)

func head(t *testing.T, d *desk.Desk) (seq uint64) {
	t.Helper()
	if err := d.View(t.Context(), id, func(s *book.State) error { seq = s.Head().Seq; return nil }); err != nil {
		t.Fatal(err)
	}
	return seq
}

// A state of the past is the one that stood then, whatever came after.
func TestViewAtIsTheStateOfThen(t *testing.T) {
	d, _ := staff(t)
	digest := func(seq uint64) (sum [32]byte) {
		t.Helper()
		err := d.ViewAt(t.Context(), id, seq, func(s *book.State) error { sum = s.Digest(); return nil })
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	last := head(t, d)
	then, now := digest(3), digest(0)
	if then == now || digest(last) != now {
		t.Errorf("states %x of entry 3, %x of the last, %x now: want the last two alike", then, digest(last), now)
	}
	must(t, d, "ann", &book.Note{Text: "later"})
	if digest(3) != then {
		t.Error("a later entry changed what stood at entry 3")
	}
	if err := d.ViewAt(t.Context(), id, last+2, func(*book.State) error { return nil }); !errors.Is(err, desk.ErrNoEntry) {
		t.Errorf("an entry to come: got %v", err)
	}
}

func TestReceiptOfAnEntry(t *testing.T) {
	d, _ := staff(t)
	last := head(t, d)
	r, err := d.Receipt(t.Context(), id, last)
	if err != nil {
		t.Fatal(err)
	}
	err = d.View(t.Context(), id, func(s *book.State) error {
		if s.Head().Hash != r.Hash || r.Seq != last {
			t.Errorf("got entry %d, %x; want %d, %x", r.Seq, r.Hash, last, s.Head().Hash)
		}
		return nil
	})
	if _, none := d.Receipt(t.Context(), id, last+1); err != nil || !errors.Is(none, desk.ErrNoEntry) {
		t.Errorf("got %v and, for an entry to come, %v", err, none)
	}
}
