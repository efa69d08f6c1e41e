// Package journaltest is the contract of desk.Journal as tests: what a store of
// journals promises, tried on the store.
package journaltest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"tenderbook/internal/desk"
	"tenderbook/journal"
)

// A Store is what a place for journals is expected to do in all.
type Store interface {
	desk.Journal
	desk.Follower
	desk.Importer
}

// A Place opens the same journals each time it is called. A store that is an
// io.Closer is closed by the tests, also before the place is opened again.
type Place func(t *testing.T, clock func() time.Time) Store

// Run tries the contract. Each test asks fresh for a new place without entries.
func Run(t *testing.T, fresh func(t *testing.T) Place) {
	for _, c := range []struct {
		claim string
		try   func(t *testing.T, place Place)
	}{
		{"entries have one order without a gap", order},
		{"receipts name what is on record", receipts},
		{"the same commands give the same bytes as the plainest journal", sameBytes},
		{"a command repeated is answered with its first receipt", repeated},
		{"another command under the same key is told apart by its body", otherBody},
		{"keys are the actor's and the offer's", keyScope},
		{"a group is on record whole or not at all", groups},
		{"64 callers at once lose nothing and double nothing", concurrent},
		{"callers who repeat each other's commands get the same receipt", racingRepeats},
		{"all is there when opened again", reopened},
		{"time never goes back", timeNeverBack},
		{"time never goes back across a reopening", timeNeverBackReopened},
		{"large bodies come back as they were", largeBodies},
		{"names may be long and in any script", longNames},
		{"what no store can hold is refused", refused},
		{"offers do not mix", manyOffers},
		{"reading starts anywhere and stops when told", reading},
		{"reading goes on while others append", readingWhileAppending},
		{"a cancelled append is never a false receipt nor a false refusal", cancelled},
		{"a follower sees every entry once, in order", following},
		{"a copy up to an entry has the same bytes, and goes on", copying},
		{"an import that does not continue the chain is refused", importing},
	} {
		t.Run(c.claim, func(t *testing.T) { c.try(t, fresh(t)) })
	}
}

// open opens a place and closes it at the end of the test.
func open(t *testing.T, place Place) Store {
	t.Helper()
	return openAt(t, place, time.Now)
}

func openAt(t *testing.T, place Place, clock func() time.Time) Store {
	t.Helper()
	s := place(t, clock)
	t.Cleanup(func() { shut(t, s) })
	return s
}

// shut closes what can be closed; closing twice must do no harm.
func shut(t *testing.T, s Store) {
	t.Helper()
	if c, ok := s.(io.Closer); ok {
		if err := c.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	}
}

func draft(actor, key, body string) journal.Draft {
	return journal.Draft{Kind: journal.KindNote, Version: 1, Actor: actor, Key: key, Body: []byte(body)}
}

func mustAppend(t *testing.T, s desk.Journal, offer string, drafts ...journal.Draft) []journal.Receipt {
	t.Helper()
	receipts, err := s.Append(t.Context(), offer, drafts...)
	if err != nil {
		t.Fatalf("appending to %q: %v", offer, err)
	}
	if len(receipts) != len(drafts) {
		t.Fatalf("appending to %q: %d receipts for %d drafts", offer, len(receipts), len(drafts))
	}
	return receipts
}

func read(t *testing.T, s desk.Journal, offer string, from uint64) []*journal.Entry {
	t.Helper()
	var entries []*journal.Entry
	err := s.Read(context.WithoutCancel(t.Context()), offer, from, func(e *journal.Entry) error {
		entries = append(entries, e)
		return nil
	})
	if err != nil {
		t.Fatalf("reading %q from %d: %v", offer, from, err)
	}
	return entries
}

// Check reads an offer and holds it to what must always be true: sequence
// numbers 1, 2, 3 ..., each entry naming the one before, no time before the one
// before, no key twice, and the head the receipt of the last one. It returns the
// entries.
func Check(t *testing.T, s desk.Journal, offer string) []*journal.Entry {
	t.Helper()
	entries := read(t, s, offer, 1)
	last, keys := journal.Receipt{}, map[string]uint64{}
	for _, e := range entries {
		want := journal.Next(offer, last, e.At, e.Draft)
		if e.Hash() != want.Hash() {
			t.Fatalf("offer %q: entry %d at %s does not continue the chain: want entry %d at %s", offer, e.Seq, e.At, want.Seq, want.At)
		}
		name := e.Actor + "\x00" + e.Key
		if first, twice := keys[name]; twice {
			t.Fatalf("offer %q: key %q of %q is on record twice, in entries %d and %d", offer, e.Key, e.Actor, first, e.Seq)
		}
		keys[name], last = e.Seq, journal.ReceiptOf(e)
	}
	head, err := s.Head(context.WithoutCancel(t.Context()), offer)
	if err != nil || !sameReceipt(head, last) {
		t.Fatalf("offer %q: head is %v (%v), the last entry %v", offer, head, err, last)
	}
	return entries
}

// CheckReceipt holds an answer to what is on record.
func CheckReceipt(t *testing.T, entries []*journal.Entry, r journal.Receipt) {
	t.Helper()
	if r.Seq == 0 || r.Seq > uint64(len(entries)) {
		t.Fatalf("offer %q: a receipt for entry %d, but %d entries are on record", r.Offer, r.Seq, len(entries))
	}
	on := journal.ReceiptOf(entries[r.Seq-1])
	on.Existing = r.Existing
	if !sameReceipt(r, on) {
		t.Fatalf("offer %q: receipt %v, on record is %v", r.Offer, r, on)
	}
}

// sameReceipt compares times as instants.
func sameReceipt(a, b journal.Receipt) bool {
	same := a.At.Equal(b.At)
	a.At, b.At = time.Time{}, time.Time{}
	return same && a == b
}

func encodings(entries []*journal.Entry) []string {
	var all []string
	for _, e := range entries {
		all = append(all, string(e.AppendBinary(nil)))
	}
	return all
}

func order(t *testing.T, place Place) {
	s := open(t, place)
	if head, err := s.Head(t.Context(), "o"); err != nil || head != (journal.Receipt{}) {
		t.Errorf("head of an offer without entries: %v, %v; want a zero receipt", head, err)
	}
	for i := range 40 {
		r := mustAppend(t, s, "o", draft("ann", fmt.Sprint(i), "x"))[0]
		if want := uint64(i + 1); r.Seq != want {
			t.Fatalf("append %d got sequence %d, want %d", i, r.Seq, want)
		}
	}
	if n := len(Check(t, s, "o")); n != 40 {
		t.Errorf("%d entries on record, 40 were appended", n)
	}
}

func receipts(t *testing.T, place Place) {
	s := open(t, place)
	var all []journal.Receipt
	for i := range 10 {
		all = append(all, mustAppend(t, s, "o", draft("ann", fmt.Sprint(i), strings.Repeat("b", i)))...)
	}
	entries := Check(t, s, "o")
	for _, r := range all {
		if r.Existing {
			t.Errorf("receipt %v says that a new command was there already", r)
		}
		CheckReceipt(t, entries, r)
	}
}

func sameBytes(t *testing.T, place Place) {
	start, ticks := time.Date(2026, 3, 2, 9, 0, 0, 123456789, time.UTC), 0
	clock := func() time.Time { return start.Add(time.Duration(ticks) * time.Millisecond) }
	s, plain := openAt(t, place, clock), NewMemory(clock)
	for ticks = range 60 {
		offer := fmt.Sprintf("offer-%d", ticks%3)
		var group []journal.Draft
		for j := range ticks%4 + 1 {
			d := draft(fmt.Sprintf("actor-%d", j%2), fmt.Sprintf("key-%d", (ticks*7+j)%50), strings.Repeat("é", ticks*j))
			d.Kind, d.Version = journal.Kind(1+ticks%7), uint8(ticks)
			group = append(group, d)
		}
		got, want := mustAppend(t, s, offer, group...), mustAppend(t, plain, offer, group...)
		if !slices.EqualFunc(got, want, sameReceipt) {
			t.Fatalf("append %d: receipts %v, the plain journal's %v", ticks, got, want)
		}
	}
	offers, err := s.Offers(t.Context())
	if want := []string{"offer-0", "offer-1", "offer-2"}; err != nil || !slices.Equal(offers, want) {
		t.Fatalf("offers %q, %v; want %q", offers, err, want)
	}
	for _, offer := range offers {
		if !slices.Equal(encodings(Check(t, s, offer)), encodings(read(t, plain, offer, 1))) {
			t.Errorf("offer %q has other bytes than the plain journal", offer)
		}
	}
}

func groups(t *testing.T, place Place) {
	s := open(t, place)
	got := mustAppend(t, s, "o", draft("ann", "1", "a"), draft("ann", "2", "b"), draft("bob", "1", "c"), draft("ann", "1", "a"))
	for i, want := range []uint64{1, 2, 3, 1} {
		if got[i].Seq != want || got[i].Existing != (i == 3) {
			t.Errorf("draft %d: entry %d, existing %t; want entry %d, existing %t", i, got[i].Seq, got[i].Existing, want, i == 3)
		}
	}
	// The second draft has no actor, so the first must not be on record either.
	if _, err := s.Append(t.Context(), "o", draft("ann", "3", "d"), draft("", "4", "e")); err == nil || errors.Is(err, journal.ErrUnknown) {
		t.Errorf("a group with a draft without an actor: error %v, want a refusal", err)
	}
	if n := len(Check(t, s, "o")); n != 3 {
		t.Errorf("%d entries, want 3: no part of the refused group", n)
	}
}

func reopened(t *testing.T, place Place) {
	s := place(t, time.Now)
	first := mustAppend(t, s, "o", draft("ann", "1", "a"), draft("ann", "2", "b"))
	shut(t, s)
	s = place(t, time.Now)
	before := encodings(Check(t, s, "o"))
	again := mustAppend(t, s, "o", draft("ann", "2", "b"), draft("ann", "3", "c"))
	if !again[0].Existing || again[0].Seq != first[1].Seq || again[0].Hash != first[1].Hash || again[1].Seq != 3 {
		t.Errorf("after reopening: receipts %v, want entry 2 again and entry 3", again)
	}
	shut(t, s)
	s = open(t, place)
	if after := encodings(Check(t, s, "o")); len(after) != 3 || !slices.Equal(after[:2], before) {
		t.Errorf("after two reopenings: %d entries, want the 2 of before and a third", len(after))
	}
}

func timeNeverBack(t *testing.T, place Place) {
	now := time.Date(2026, 3, 8, 6, 59, 59, 0, time.UTC)
	s := openAt(t, place, func() time.Time { return now })
	jumps := []time.Duration{0, time.Second, -time.Hour, time.Nanosecond, 24 * time.Hour, -48 * time.Hour, time.Hour}
	latest := now
	for i, jump := range jumps {
		if now = now.Add(jump); now.After(latest) {
			latest = now
		}
		if r := mustAppend(t, s, "o", draft("ann", fmt.Sprint(i), ""))[0]; !r.At.Equal(latest) {
			t.Errorf("after the clock jumped by %s: record time %s, want %s", jump, r.At, latest)
		}
	}
	Check(t, s, "o")
}

func timeNeverBackReopened(t *testing.T, place Place) {
	now := time.Date(2026, 3, 8, 7, 0, 0, 999, time.UTC)
	s := place(t, func() time.Time { return now })
	mustAppend(t, s, "o", draft("ann", "1", ""))
	shut(t, s)
	s = openAt(t, place, func() time.Time { return now.Add(-time.Hour) })
	if r := mustAppend(t, s, "o", draft("ann", "2", ""))[0]; !r.At.Equal(now) {
		t.Errorf("record time %s after reopening with a clock an hour back, want %s", r.At, now)
	}
	Check(t, s, "o")
}

func manyOffers(t *testing.T, place Place) {
	s := open(t, place)
	for i := range 120 {
		for j := range i%3 + 1 {
			mustAppend(t, s, fmt.Sprintf("offer-%03d", 119-i), draft("ann", fmt.Sprint(j), fmt.Sprint(i)))
		}
	}
	offers, err := s.Offers(t.Context())
	if err != nil || len(offers) != 120 || !slices.IsSorted(offers) {
		t.Fatalf("%d offers, sorted %t, %v; want 120 in order", len(offers), slices.IsSorted(offers), err)
	}
	for i := range 120 {
		offer := fmt.Sprintf("offer-%03d", 119-i)
		entries := Check(t, s, offer)
		if len(entries) != i%3+1 || string(entries[0].Body) != fmt.Sprint(i) {
			t.Errorf("offer %q: %d entries with body %q, want %d with %d", offer, len(entries), entries[0].Body, i%3+1, i)
		}
	}
}

func reading(t *testing.T, place Place) {
	s := open(t, place)
	var group []journal.Draft
	for i := range 1500 { // more than a store reads in one go
		group = append(group, draft("ann", fmt.Sprint(i), fmt.Sprint(i)))
	}
	mustAppend(t, s, "o", group...)
	for _, from := range []uint64{0, 1, 2, 512, 513, 1024, 1500, 1501, 5000} {
		entries := read(t, s, "o", from)
		want := 1500 - int(min(max(from, 1)-1, 1500))
		if len(entries) != want || want > 0 && entries[0].Seq != max(from, 1) {
			t.Errorf("from %d: %d entries, want %d", from, len(entries), want)
		}
	}
	if entries := read(t, s, "nothing", 1); len(entries) != 0 {
		t.Errorf("an unknown offer has %d entries", len(entries))
	}
	stop, seen := errors.New("enough"), 0
	err := s.Read(t.Context(), "o", 1, func(*journal.Entry) error {
		if seen++; seen == 700 {
			return stop
		}
		return nil
	})
	if err != stop || seen != 700 {
		t.Errorf("told to stop at 700: %d entries, error %v; want the same error", seen, err)
	}
}
