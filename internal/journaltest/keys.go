package journaltest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"tenderbook/internal/groupcommit"
	"tenderbook/journal"
)

func repeated(t *testing.T, place Place) {
	s := open(t, place)
	first := mustAppend(t, s, "o", draft("ann", "1", "a"))[0]
	mustAppend(t, s, "o", draft("ann", "2", "b"))
	for range 3 {
		again := mustAppend(t, s, "o", draft("ann", "1", "a"))[0]
		if want := first; !again.Existing {
			t.Errorf("repeated: receipt %v does not say that it existed", again)
		} else if want.Existing = true; !sameReceipt(again, want) {
			t.Errorf("repeated: receipt %v, want the first one %v", again, want)
		}
	}
	if n := len(Check(t, s, "o")); n != 2 {
		t.Errorf("%d entries, want 2", n)
	}
}

func otherBody(t *testing.T, place Place) {
	s := open(t, place)
	d := draft("ann", "1", "tender 5,000")
	first := mustAppend(t, s, "o", d)[0]
	other := draft("ann", "1", "tender 9,000")
	got := mustAppend(t, s, "o", other)[0]
	if !got.Existing || got.Seq != first.Seq || got.Hash != first.Hash {
		t.Errorf("another command under the same key: receipt %v, want the first one %v", got, first)
	}
	if got.Body != d.BodyHash() || got.Body == other.BodyHash() {
		t.Errorf("receipt has body %x, want that of what is on record, %x", got.Body, d.BodyHash())
	}
	if n := len(Check(t, s, "o")); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
}

func keyScope(t *testing.T, place Place) {
	s := open(t, place)
	for _, c := range []struct{ offer, actor, key string }{
		{"o", "ann", "1"}, {"o", "bob", "1"}, {"p", "ann", "1"}, {"o", "ann", "1 "}, {"o", "an", "n1"}, {"o", "Ann", "1"}, {"O", "ann", "1"},
	} {
		if r := mustAppend(t, s, c.offer, draft(c.actor, c.key, ""))[0]; r.Existing {
			t.Errorf("offer %q, actor %q, key %q: taken for another command", c.offer, c.actor, c.key)
		}
	}
}

func largeBodies(t *testing.T, place Place) {
	s := open(t, place)
	for i, size := range []int{0, 1, 4095, 4096, 65536, 1 << 20, 9 << 20} {
		body := make([]byte, size)
		for j := range body {
			body[j] = byte(j*7 + j>>8 + i)
		}
		d := draft("ann", fmt.Sprint(size), "")
		d.Body = body
		r := mustAppend(t, s, "o", d)[0]
		got := read(t, s, "o", r.Seq)
		if len(got) != 1 || string(got[0].Body) != string(body) || got[0].Hash() != r.Hash {
			t.Errorf("body of %d bytes did not come back as it was", size)
		}
	}
	Check(t, s, "o")
}

func longNames(t *testing.T, place Place) {
	s := open(t, place)
	half := strings.Repeat("Ж", groupcommit.MaxNames/8) // two bytes each
	for _, c := range []struct{ offer, actor, key string }{
		{half, half, half + half},
		{"'; DROP TABLE entries; --", `"quoted"`, "%_\\"},
		{" ", "  ", "   "},
		{"日本語", "Ünal", "🔑"},
	} {
		r := mustAppend(t, s, c.offer, draft(c.actor, c.key, "x"))[0]
		e := Check(t, s, c.offer)[0]
		if e.Actor != c.actor || e.Key != c.key || e.Hash() != r.Hash {
			t.Errorf("offer %q, actor %q, key %q came back as %q, %q", c.offer, c.actor, c.key, e.Actor, e.Key)
		}
		if again := mustAppend(t, s, c.offer, draft(c.actor, c.key, "x"))[0]; !again.Existing {
			t.Errorf("offer %q, actor %q, key %q was not found again", c.offer, c.actor, c.key)
		}
	}
}

func refused(t *testing.T, place Place) {
	s := open(t, place)
	noKind := draft("ann", "1", "")
	noKind.Kind = 0
	for _, c := range []struct {
		what, offer string
		drafts      []journal.Draft
	}{
		{"no drafts", "o", nil},
		{"no offer", "", []journal.Draft{draft("ann", "1", "")}},
		{"a long offer", strings.Repeat("o", journal.MaxText+1), []journal.Draft{draft("ann", "1", "")}},
		{"no kind", "o", []journal.Draft{noKind}},
		{"no actor", "o", []journal.Draft{draft("", "1", "")}},
		{"no key", "o", []journal.Draft{draft("ann", "", "")}},
		{"a line end in the actor", "o", []journal.Draft{draft("ann\n", "1", "")}},
		{"a key that is not UTF-8", "o", []journal.Draft{draft("ann", "\xff", "")}},
		{"a long key", "o", []journal.Draft{draft("ann", strings.Repeat("k", journal.MaxText+1), "")}},
	} {
		if r, err := s.Append(t.Context(), c.offer, c.drafts...); err == nil || errors.Is(err, journal.ErrUnknown) {
			t.Errorf("%s: receipts %v, error %v; want a refusal", c.what, r, err)
		}
	}
	offers, err := s.Offers(t.Context())
	if err != nil || len(offers) != 0 {
		t.Errorf("after refusals only: offers %q, %v; want none", offers, err)
	}
}
