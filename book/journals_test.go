package book

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tenderbook/allocation"
	"tenderbook/journal"
)

// TestOldJournalsFoldAsTheyDid folds journals that earlier versions wrote. What
// they decided stands: the lines beside each journal are never written again, but
// for states and codes that are new.
func TestOldJournalsFoldAsTheyDid(t *testing.T) {
	names, err := filepath.Glob("testdata/journals/*.journal")
	if err != nil || len(names) == 0 {
		t.Fatalf("no journals: %v", err)
	}
	for _, name := range names {
		s := New("LVLT-2004")
		var b strings.Builder
		for _, e := range oldEntries(t, name) {
			o := s.Apply(e)
			fmt.Fprintf(&b, "%d %s by %s: %s", e.Seq, e.Kind, e.Actor, o.Code())
			for _, r := range o.Rows {
				fmt.Fprintf(&b, ", row %d %s", r.Row, r.Code)
			}
			fmt.Fprintf(&b, "; %s\n", s.Life())
		}
		describe(&b, s)
		want, err := os.ReadFile(strings.TrimSuffix(name, ".journal") + ".want")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), b.String()); d != "" {
			t.Errorf("%s folds to another state:\n%s", name, d)
		}
	}
}

// oldEntries reads entries in their encoding, one a line.
func oldEntries(t *testing.T, name string) (all []*journal.Entry) {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
		if err != nil {
			t.Fatal(err)
		}
		e, err := journal.ParseEntry(raw)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// describe writes all that people ask of a state.
func describe(b *strings.Builder, s *State) {
	for x := range s.Instructions() {
		fmt.Fprintf(b, "%s %s of %s: %s, %d left, %d delivered, %d accepted, %s\n", x.ID, x.Action, x.Participant, x.Life, x.Left, x.Delivered, x.Accepted, x.Received.Format("2006-01-02 15:04"))
		for _, h := range s.Events(x.ID) {
			fmt.Fprintf(b, "    %d %s: %s %d\n", h.Seq, h.Event, h.Life, h.Amount)
		}
	}
	for _, x := range s.Terms().Series {
		fmt.Fprintf(b, "series %s: %s, early %v, late %v\n", x.ID, s.At(s.Time()).Series[x.ID], s.Total(x.ID, allocation.Early), s.Total(x.ID, allocation.Late))
	}
	for _, r := range s.Results() {
		fmt.Fprintf(b, "%s result of entry %d: %s, settled %t, released %d; verifies: %v\n", r.Run, r.Seq, r.Digest, r.Settled, r.Released, s.Verify(r.Run))
	}
}
