package book

import (
	"fmt"
	"testing"
	"time"

	"tenderbook/journal"
)

// crowd makes the entries of n tenders in batches, as they would be read from a
// journal, behind the entries that open the offer.
func crowd(t testing.TB, n, size int) *play {
	p := open(t)
	b := &Instructions{Channel: "api", Rows: make([]Row, 0, size)}
	series := []string{"9.125", "11", "10.5", "10.75"}
	for i := range n {
		b.Rows = append(b.Rows, Row{
			Action: Tender, ID: fmt.Sprintf("I-%08d", i), Series: series[i%4], Participant: []string{"0443", "0161"}[i%2],
			Account: fmt.Sprintf("A%06d", i%50000), Holder: fmt.Sprintf("holder %d", i), Principal: int64(i%250+1) * 1000_00,
		})
		if len(b.Rows) == size || i == n-1 {
			p.now = p.now.Add(time.Duration(size) * time.Microsecond)
			p.entry(acme, b)
			b.Rows = b.Rows[:0]
		}
	}
	return p
}

func fold(t testing.TB, entries []*journal.Entry) *State {
	s := New("LVLT-2004")
	for _, e := range entries {
		if o := s.Apply(e); o.Refusal != nil || len(o.Rows) > 0 {
			t.Fatalf("entry %d: %v %v", e.Seq, o.Refusal, o.Rows)
		}
	}
	return s
}

// BenchmarkRebuild folds offers of 1,000,000 tenders, each entry's hash and
// chain checked. The aim is five seconds.
func BenchmarkRebuild(b *testing.B) {
	const n = 1_000_000
	for _, size := range []int{1000, 1} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			entries := crowd(b, n, size).entries
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				fold(b, entries)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/instruction")
		})
	}
}

// BenchmarkSnapshot takes and restores a snapshot of 1,000,000 tenders.
func BenchmarkSnapshot(b *testing.B) {
	s := fold(b, crowd(b, 1_000_000, 1000).entries)
	var image []byte
	b.Run("write", func(b *testing.B) {
		for range b.N {
			image = snapshot(b, s)
		}
		b.SetBytes(int64(len(image)))
	})
	b.Run("restore", func(b *testing.B) {
		for range b.N {
			if _, err := Restore(image, s.Head()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("plan", func(b *testing.B) {
		for range b.N {
			if _, err := s.Plan(Final); err != nil {
				b.Fatal(err)
			}
		}
	})
}
