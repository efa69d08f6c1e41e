package journaltest

import (
	"errors"
	"strings"
	"testing"

	"tenderbook/journal"
)

// Room holds a store to what it says when an offer has no room left. The store's
// offers may have three entries.
func Room(t *testing.T, s Store) {
	t.Helper()
	draft := func(key string) journal.Draft {
		return journal.Draft{Kind: journal.KindNote, Version: 1, Actor: "ann", Key: key, Body: []byte(key)}
	}
	for _, c := range []struct {
		claim string
		keys  []string
		taken bool
	}{
		{"four in an empty offer", []string{"1", "2", "3", "4"}, false},
		{"two", []string{"1", "2"}, true},
		{"two more, for which there is no room", []string{"3", "4"}, false},
		{"one more", []string{"3"}, true},
		{"and another", []string{"4"}, false},
		{"all that are there, sent again", []string{"1", "2", "3"}, true},
	} {
		var drafts []journal.Draft
		for _, key := range c.keys {
			drafts = append(drafts, draft(key))
		}
		receipts, err := s.Append(t.Context(), "o", drafts...)
		switch {
		case c.taken && (err != nil || len(receipts) != len(drafts)):
			t.Errorf("%s: %v, want receipts", c.claim, err)
		case !c.taken && (err == nil || errors.Is(err, journal.ErrUnknown) || !strings.Contains(err.Error(), "3 at most")):
			t.Errorf("%s: %v, want a refusal that says how many there can be", c.claim, err)
		}
	}
	if n := len(Check(t, s, "o")); n != 3 {
		t.Errorf("%d entries, want 3", n)
	}
}
