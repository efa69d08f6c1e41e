package desk

import (
	"testing"

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
