package desk

import (
	"fmt"
	"testing"
	"time"

	"tenderbook/journal"
)

func told(from, to uint64) (entries []journal.Entry) {
	for seq := from; seq <= to; seq++ {
		entries = append(entries, journal.Entry{Seq: seq, Draft: journal.Draft{Body: make([]byte, 1<<20)}})
	}
	return entries
}

// An inbox gives entries in order, and nothing rather than one that is not next.
func TestInbox(t *testing.T) {
	for _, c := range []struct {
		claim string
		put   [][]journal.Entry
		ask   []uint64
		want  []uint64 // 0: nothing
	}{
		{"nothing was told", nil, []uint64{1}, []uint64{0}},
		{"one after the other", [][]journal.Entry{told(1, 2), told(3, 3)}, []uint64{1, 2, 3, 4}, []uint64{1, 2, 3, 0}},
		{"what is folded already is forgotten", [][]journal.Entry{told(1, 5)}, []uint64{4, 5}, []uint64{4, 5}},
		{"what comes too early stays", [][]journal.Entry{told(3, 4)}, []uint64{1, 2, 3, 4}, []uint64{0, 0, 3, 4}},
		{"behind a gap it begins anew", [][]journal.Entry{told(1, 2), told(5, 6)}, []uint64{1, 5, 6}, []uint64{0, 5, 6}},
		{"too much is forgotten", [][]journal.Entry{told(1, 70), told(71, 72)}, []uint64{1, 71}, []uint64{0, 71}},
	} {
		var b inbox
		for _, entries := range c.put {
			b.put(entries)
		}
		for i, seq := range c.ask {
			got := uint64(0)
			if e := b.next(seq); e != nil {
				got = e.Seq
			}
			if got != c.want[i] {
				t.Errorf("%s: asked for entry %d and got %d, want %d", c.claim, seq, got, c.want[i])
			}
		}
		if len(b.entries) == 0 && b.bytes != 0 {
			t.Errorf("%s: empty, with %d bytes", c.claim, b.bytes)
		}
	}
}

// chained are entries that follow each other. What they say is refused, which the
// fold takes down.
func chained(n int) (entries []journal.Entry, last [32]byte) {
	var head journal.Receipt
	for i := range n {
		e := journal.Next("o", head, time.Unix(int64(i), 0), journal.Draft{Kind: journal.KindNote, Version: 1, Actor: "ann", Key: fmt.Sprint(i)})
		head = journal.ReceiptOf(&e)
		entries = append(entries, e)
	}
	return entries, head.Hash
}

// Entries that come while somebody looks are kept until they can be folded: in
// order, and without one of them being read back.
func TestWhatAReaderHoldsUpStaysTold(t *testing.T) {
	r := newRoom("o")
	entries, last := chained(5)
	r.hear(entries[:1], entries[1].Prev)
	r.mu.RLock()
	r.hear(entries[1:3], entries[3].Prev)
	r.hear(entries[3:4], entries[4].Prev)
	if at := r.at.Load(); at != 1 {
		t.Errorf("while somebody looks the state goes to entry %d", at)
	}
	r.mu.RUnlock()
	r.hear(entries[4:], last)
	if at, head := r.at.Load(), r.state.Head(); at != 5 || head.Hash != last {
		t.Errorf("the state stands at entry %d, %x, want 5, %x", at, head.Hash[:4], last[:4])
	}
}

// Entries that were read from the journal before it told of them are passed over.
func TestWhatIsReadAlreadyIsNotFoldedAgain(t *testing.T) {
	r := newRoom("o")
	entries, last := chained(4)
	for i := range entries[:2] {
		if err := r.fold(&entries[i]); err != nil {
			t.Fatal(err)
		}
	}
	r.hear(entries, last)
	if at, head := r.at.Load(), r.state.Head(); at != 4 || head.Hash != last {
		t.Errorf("the state stands at entry %d, want 4", at)
	}
}
