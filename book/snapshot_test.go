package book

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tenderbook/journal"
)

func snapshot(t testing.TB, s *State) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := s.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestASnapshotIsOfItsJournalAlone(t *testing.T) {
	p := open(t)
	p.rows("tender T1 0443 in 11 5000", "tender T2 0443 in 12 5000")
	image, head := snapshot(t, p.s), p.s.Head()
	if seq, err := SnapshotSeq(image); err != nil || seq != head.Seq {
		t.Errorf("it stands at entry %d (%v), want %d", seq, err, head.Seq)
	}
	if again, err := Restore(image, head); err != nil || len(again.Refusals()) != 1 || again.Refusals()[0] != (RefusedAt{head.Seq, 1, UnknownSeries, "T2"}) {
		t.Errorf("restored: %v, %+v", err, again.Refusals())
	}
	for claim, change := range map[string]func(*journal.Receipt){
		"another offer": func(r *journal.Receipt) { r.Offer = "OTHER" },
		"another entry": func(r *journal.Receipt) { r.Seq++ },
		"another hash":  func(r *journal.Receipt) { r.Hash[0] ^= 1 },
		"another time":  func(r *journal.Receipt) { r.At = r.At.Add(1) },
	} {
		other := head
		change(&other)
		if _, err := Restore(image, other); !errors.Is(err, ErrSnapshot) {
			t.Errorf("%s: %v", claim, err)
		}
	}
}

// A program that does not know a kind of entry, or its version, does not go on from
// a state that holds what these said.
func TestASnapshotOfALaterVersionIsRefused(t *testing.T) {
	for _, c := range []struct {
		kind    journal.Kind
		version uint8
	}{{200, 1}, {journal.KindNote, 9}, {journal.KindInstructions, 3}} {
		p := open(t)
		p.rows("tender T1 0443 in 11 5000")
		p.s.folded[c.kind] = c.version
		_, err := Restore(snapshot(t, p.s), p.s.Head())
		if !errors.Is(err, ErrSnapshot) || !errors.Is(err, journal.ErrNewer) || !strings.Contains(err.Error(), fmt.Sprint("kind ", uint8(c.kind))) {
			t.Errorf("%s, version %d: %v", c.kind, c.version, err)
		}
	}
}

// What a snapshot says of the entries before it holds for those behind it too.
func TestARestoredStateKnowsWhatItWasFoldedFrom(t *testing.T) {
	p := open(t)
	p.rows("tender T1 0443 in 11 5000")
	again, err := Restore(snapshot(t, p.s), p.s.Head())
	if err != nil || again.folded != p.s.folded || again.folded[journal.KindInstructions] != 1 {
		t.Errorf("%v: it knows of %v, want %v", err, again.folded, p.s.folded)
	}
}

// TestADamagedSnapshotIsRefused flips every bit and cuts at every byte.
func TestADamagedSnapshotIsRefused(t *testing.T) {
	p := open(t)
	p.rows("tender T1 0443 in 11 5000 least 1000", "withdraw W1 0443 of T1 1000")
	image, head := snapshot(t, p.s), p.s.Head()
	for i := range image {
		if _, err := Restore(image[:i], head); !errors.Is(err, ErrSnapshot) {
			t.Fatalf("cut at byte %d: %v", i, err)
		}
		for bit := range 8 {
			image[i] ^= 1 << bit
			if _, err := Restore(image, head); !errors.Is(err, ErrSnapshot) {
				t.Fatalf("bit %d of byte %d flipped: %v", bit, i, err)
			}
			image[i] ^= 1 << bit
		}
	}
}

func TestAStateOfNothingHasASnapshot(t *testing.T) {
	s := New("LVLT-2004")
	if again, err := Restore(snapshot(t, s), journal.Receipt{Offer: "LVLT-2004"}); err != nil || again.Digest() != s.Digest() {
		t.Errorf("%v", err)
	}
	if s.Life() != NoTerms || s.Terms() != nil || s.TermsDigest() != "" || s.Len() != 0 || !s.Time().IsZero() || s.At(time.Now()).Life != NoTerms {
		t.Error("a state of nothing says something")
	}
	if _, err := s.Plan(Final); err == nil {
		t.Error("a plan of nothing")
	}
}

func TestTheDigestIsThatOfTheSnapshot(t *testing.T) {
	p := open(t)
	image := snapshot(t, p.s)
	n := len(image) - sha256.Size
	if sum := sha256.Sum256(image[:n]); sum != p.s.Digest() || !bytes.Equal(sum[:], image[n:]) {
		t.Error("digest and snapshot differ")
	}
}

func TestOnlyTheNextEntryIsTaken(t *testing.T) {
	p := open(t)
	before := p.s.Digest()
	for _, x := range []struct {
		claim  string
		change func(*journal.Entry)
	}{
		{"another offer", func(e *journal.Entry) { e.Offer = "OTHER" }},
		{"a gap", func(e *journal.Entry) { e.Seq++ }},
		{"the entry before", func(e *journal.Entry) { e.Seq-- }},
		{"another hash before", func(e *journal.Entry) { e.Prev[31] ^= 1 }},
		{"an earlier time", func(e *journal.Entry) { e.At = e.At.Add(-24 * time.Hour) }},
	} {
		d, err := Draft(ann, "k", &Note{Text: "x"})
		if err != nil {
			t.Fatal(err)
		}
		e := journal.Next("LVLT-2004", p.last, p.now, d)
		x.change(&e)
		if o := p.s.Apply(&e); o.Code() != BrokenChain || p.s.Digest() != before {
			t.Errorf("%s: %v", x.claim, o.Refusal)
		}
	}
}

func TestWhatCannotBeReadIsRefusedAndOnRecord(t *testing.T) {
	p := open(t)
	for _, x := range []struct {
		claim string
		d     journal.Draft
		want  Code
	}{
		{"a kind of later versions", journal.Draft{Kind: 99, Version: 1, Body: []byte("{}")}, NotUnderstood},
		{"a version of later versions", journal.Draft{Kind: journal.KindNote, Version: 2, Body: []byte("{}")}, NotUnderstood},
		{"a version that never was", journal.Draft{Kind: journal.KindNote, Version: 0, Body: []byte("{}")}, NotUnderstood},
		{"a later version of batches", journal.Draft{Kind: journal.KindInstructions, Version: 3}, NotUnderstood},
		{"a batch with a flag of later versions", journal.Draft{Kind: journal.KindInstructions, Version: 1, Body: []byte{0x80}}, NotUnderstood},
		{"a batch that breaks off", journal.Draft{Kind: journal.KindInstructions, Version: 1, Body: []byte{0}}, Unreadable},
		{"a note that is none", journal.Draft{Kind: journal.KindNote, Version: 1, Body: []byte("{")}, Unreadable},
	} {
		x.d.Actor, x.d.Key = ann, x.claim
		e := journal.Next("LVLT-2004", p.last, p.now, x.d)
		p.last = journal.ReceiptOf(&e)
		if o := p.s.Apply(&e); o.Code() != x.want || p.s.Head().Seq != e.Seq {
			t.Errorf("%s: %v, at %d", x.claim, o.Refusal, p.s.Head().Seq)
		}
	}
	if n := len(p.s.Refusals()); n != 7 {
		t.Errorf("%d refusals are on record, want 7", n)
	}
}
