package journal

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

func FuzzParseEntry(f *testing.F) {
	for _, b := range aJournal("LVLT-2004", 3, 5) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := ParseEntry(b)
		if err != nil {
			return
		}
		if !bytes.Equal(e.AppendBinary(nil), b) {
			t.Errorf("%x is read, and written as %x", b, e.AppendBinary(nil))
		}
	})
}

func FuzzBundle(f *testing.F) {
	signer, _ := keys(f, "agent.example", 1)
	good := aBundle(f, "A", aJournal("A", 3, 5), signer)
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := VerifyBundle(bytes.NewReader(b), BundleOptions{
			File:       "f",
			Entry:      func(*Entry, Place) error { return nil },
			Attachment: func(_ string, r io.Reader) error { _, err := io.Copy(io.Discard, r); return err },
		})
		var d *Damage
		if err != nil && !errors.As(err, &d) {
			t.Errorf("%v is not damage", err)
		}
	})
}

func FuzzKeptFiles(f *testing.F) {
	l := aLog(f, 5)
	ev, err := Prove(&l.tree, l.receipt(f, 2), l.journal[1], l.signed[5])
	check(f, err)
	g, err := Extend(&l.tree, l.signed[2], l.signed[5])
	check(f, err)
	a, _ := ev.MarshalText()
	b, _ := g.MarshalText()
	f.Add(a)
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var ev Evidence
		if ev.UnmarshalText(b) == nil {
			again, _ := ev.MarshalText()
			if !bytes.Equal(again, b) {
				t.Errorf("%q is read, and written as %q", b, again)
			}
			ev.Check(nil)
		}
		var g Growth
		if g.UnmarshalText(b) == nil {
			g.Check(nil)
		}
	})
}
