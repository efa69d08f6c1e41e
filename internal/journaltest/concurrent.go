package journaltest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"tenderbook/internal/desk"
	"tenderbook/journal"
)

// callers runs do in n goroutines and waits.
func callers(n int, do func(caller int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

func concurrent(t *testing.T, place Place) {
	s := open(t, place)
	const each = 20
	got := make([][]journal.Receipt, 64)
	callers(64, func(c int) {
		for i := range each {
			offer := fmt.Sprintf("o%d", (c+i)%2)
			r, err := s.Append(t.Context(), offer, draft(fmt.Sprintf("caller-%d", c), fmt.Sprint(i), fmt.Sprint(c)), draft(fmt.Sprintf("caller-%d", c), fmt.Sprintf("%d+", i), fmt.Sprint(c)))
			if err != nil {
				t.Errorf("caller %d: %v", c, err)
				return
			}
			if r[1].Seq != r[0].Seq+1 {
				t.Errorf("caller %d: entries %d and %d of one group are not next to each other", c, r[0].Seq, r[1].Seq)
			}
			got[c] = append(got[c], r...)
		}
	})
	entries := map[string][]*journal.Entry{"o0": Check(t, s, "o0"), "o1": Check(t, s, "o1")}
	if n := len(entries["o0"]) + len(entries["o1"]); n != 64*each*2 {
		t.Fatalf("%d entries on record, %d were acknowledged", n, 64*each*2)
	}
	for _, receipts := range got {
		last := map[string]uint64{}
		for _, r := range receipts {
			CheckReceipt(t, entries[r.Offer], r)
			if r.Seq <= last[r.Offer] {
				t.Fatalf("a caller's later append got entry %d, an earlier one %d", r.Seq, last[r.Offer])
			}
			last[r.Offer] = r.Seq
		}
	}
}

func racingRepeats(t *testing.T, place Place) {
	s := open(t, place)
	const commands = 25
	var mu sync.Mutex
	first := map[string]journal.Receipt{}
	fresh := 0
	callers(16, func(int) {
		for i := range commands {
			r, err := s.Append(t.Context(), "o", draft("ann", fmt.Sprint(i), "same"))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			if !r[0].Existing {
				fresh++
			}
			r[0].Existing = false
			if known, ok := first[fmt.Sprint(i)]; ok && !sameReceipt(known, r[0]) {
				t.Errorf("command %d has receipts %v and %v", i, known, r[0])
			}
			first[fmt.Sprint(i)] = r[0]
			mu.Unlock()
		}
	})
	if n := len(Check(t, s, "o")); n != commands || fresh != commands {
		t.Errorf("%d entries, %d receipts of new ones; want %d of each", n, fresh, commands)
	}
}

func readingWhileAppending(t *testing.T, place Place) {
	s := open(t, place)
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for c := range 4 {
		writers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if _, err := s.Append(t.Context(), "o", draft(fmt.Sprint(c), fmt.Sprint(i), "x")); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 20 {
		head, err := s.Head(t.Context(), "o")
		if err != nil {
			t.Fatal(err)
		}
		from := max(1, head.Seq/2)
		entries := read(t, s, "o", from)
		if n := uint64(len(entries)); head.Seq > 0 && from+n-1 < head.Seq {
			t.Errorf("head was entry %d, reading from %d ended at %d", head.Seq, from, from+n-1)
		}
		for i, e := range entries {
			if e.Seq != from+uint64(i) {
				t.Fatalf("entry %d where %d should be", e.Seq, from+uint64(i))
			}
		}
	}
	stop()
	writers.Wait()
	Check(t, s, "o")
}

// cancelled gives callers little time. Whatever they are told must be true: a
// receipt is on record, a plain error is not, an unknown outcome may be either
// and a repeat settles it.
func cancelled(t *testing.T, place Place) {
	s := open(t, place)
	const attempts = 40
	type told struct {
		key     string
		receipt journal.Receipt
		err     error
	}
	all := make([][]told, 16)
	callers(16, func(c int) {
		random := rand.New(rand.NewPCG(1, uint64(c)))
		for i := range attempts {
			key := fmt.Sprintf("%d-%d", c, i)
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(2000))*time.Microsecond)
			r, err := s.Append(ctx, "o", draft("ann", key, "x"))
			cancel()
			if err == nil {
				all[c] = append(all[c], told{key, r[0], nil})
			} else {
				all[c] = append(all[c], told{key, journal.Receipt{}, err})
			}
		}
	})
	// An append behind all others: what was being committed is settled.
	mustAppend(t, s, "o", draft("ann", "last", ""))
	entries := Check(t, s, "o")
	onRecord := map[string]bool{}
	for _, e := range entries {
		onRecord[e.Key] = true
	}
	counts := map[string]int{}
	for _, c := range all {
		for _, a := range c {
			switch {
			case a.err == nil:
				counts["receipts"]++
				CheckReceipt(t, entries, a.receipt)
			case errors.Is(a.err, journal.ErrUnknown):
				counts["unknown"]++
				again := mustAppend(t, s, "o", draft("ann", a.key, "x"))[0]
				if again.Existing != onRecord[a.key] {
					t.Errorf("key %q: on record %t, but asking again says existing %t", a.key, onRecord[a.key], again.Existing)
				}
			default:
				counts["not written"]++
				if !errors.Is(a.err, context.DeadlineExceeded) {
					t.Errorf("key %q: error %v, want the context's", a.key, a.err)
				}
				if onRecord[a.key] {
					t.Errorf("key %q: told %q, but it is on record", a.key, a.err)
				}
			}
		}
	}
	t.Logf("answers: %v", counts)
}

func following(t *testing.T, place Place) {
	s := open(t, place)
	mustAppend(t, s, "o", draft("ann", "before", ""))
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	done := errors.New("seen all")
	ended := make(chan error, 3)
	for from := range uint64(3) {
		go func() {
			next := max(from, 1)
			ended <- s.Follow(ctx, "o", from, func(e *journal.Entry) error {
				if e.Seq != next {
					return fmt.Errorf("following from %d: entry %d where %d should be", from, e.Seq, next)
				}
				if next++; next > 201 {
					return done
				}
				return nil
			})
		}()
	}
	callers(4, func(c int) {
		for i := range 50 {
			if _, err := s.Append(ctx, "o", draft(fmt.Sprint(c), fmt.Sprint(i), "")); err != nil {
				t.Error(err)
			}
		}
	})
	for range 3 {
		if err := <-ended; err != done {
			t.Error(err)
		}
	}
	stop()
	if err := s.Follow(ctx, "o", 1, func(*journal.Entry) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("following with a context that is over: %v, want its error", err)
	}
}

func copying(t *testing.T, place Place) {
	src := NewMemory(time.Now)
	for i := range 300 {
		mustAppend(t, src, "o", draft("ann", fmt.Sprint(i), fmt.Sprint(i)))
	}
	s := open(t, place)
	for _, upTo := range []uint64{1, 2, 150, 150, 299, 0} {
		last, err := desk.Copy(t.Context(), s, src, "o", upTo)
		want := upTo
		if upTo == 0 {
			want = 300
		}
		if err != nil || last != want {
			t.Fatalf("copy up to %d ended at %d: %v", upTo, last, err)
		}
		got, all := encodings(Check(t, s, "o")), encodings(read(t, src, "o", 1))
		if len(got) != int(want) || got[want-1] != all[want-1] {
			t.Errorf("copy up to %d has other bytes", upTo)
		}
	}
	if _, err := desk.Copy(t.Context(), s, src, "o", 20); err == nil {
		t.Error("a copy of 300 entries was taken for one of 20")
	}
	if _, err := desk.Copy(t.Context(), s, NewMemory(time.Now), "o", 0); err == nil {
		t.Error("a copy was taken for that of an empty journal")
	}
	if r := mustAppend(t, s, "o", draft("ann", "7", "7"), draft("ann", "new", "")); !r[0].Existing || r[0].Seq != 8 || r[1].Seq != 301 {
		t.Errorf("the copy does not go on: receipts %v", r)
	}
	back := NewMemory(time.Now)
	if last, err := desk.Copy(t.Context(), back, s, "o", 300); err != nil || last != 300 {
		t.Errorf("the copy of the copy ended at %d: %v", last, err)
	}
}

func importing(t *testing.T, place Place) {
	src := NewMemory(time.Now)
	for i := range 4 {
		mustAppend(t, src, "o", draft("ann", fmt.Sprint(i), ""))
	}
	good := read(t, src, "o", 1)
	other := *good[1]
	other.Body = []byte("changed")
	again := journal.Next("o", journal.ReceiptOf(good[0]), good[1].At, good[0].Draft) // chained well, key used twice
	early := journal.Next("o", journal.ReceiptOf(good[0]), good[1].At, draft("ann", "early", ""))
	early.At = good[0].At.Add(-time.Nanosecond)
	for _, c := range []struct {
		what    string
		entries []*journal.Entry
	}{
		{"entry 2 first", good[1:2]},
		{"entry 2 left out", []*journal.Entry{good[0], good[2]}},
		{"entry 1 twice", []*journal.Entry{good[0], good[0]}},
		{"entry 2 changed, entry 3 after it", []*journal.Entry{good[0], &other, good[2]}},
		{"a key used twice", []*journal.Entry{good[0], &again}},
		{"time going back", []*journal.Entry{good[0], &early}},
	} {
		s := open(t, place)
		if err := s.Import(t.Context(), c.entries...); err == nil {
			t.Fatalf("%s: taken", c.what)
		}
		if n := len(read(t, s, "o", 1)); n != 0 {
			t.Fatalf("%s: refused, but %d entries are on record", c.what, n)
		}
		shut(t, s)
	}
	s := open(t, place)
	if err := s.Import(t.Context(), good...); err != nil {
		t.Errorf("the chain as it is, after refusals: %v", err)
	}
	Check(t, s, "o")
}
