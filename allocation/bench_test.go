package allocation_test

import (
	"fmt"
	"testing"

	"tenderbook/allocation"
)

// BenchmarkDecide serves an over-subscribed offer of four series with many
// different sizes and raises the factor at the cut level.
func BenchmarkDecide(b *testing.B) {
	for _, sizes := range []int64{1_000, 100_000} {
		b.Run(fmt.Sprintf("sizes=%d", sizes), func(b *testing.B) {
			t := terms(0, 4)
			t.Leftover = allocation.RaiseFactor
			tally := allocation.NewTally(t)
			var total int64
			for i := range sizes {
				for s := range t.Series {
					x := allocation.Tender{Series: s, Principal: (i + 1) * 1000_00}
					tally.AddCount(x, 3)
					total += 3 * x.Principal
				}
			}
			for s := range t.Series {
				t.Series[s].Increment, t.Series[s].Minimum = 1000_00, 2000_00
			}
			t.Caps[0].Amount = total * 7 / 10
			b.ReportAllocs()
			for b.Loop() {
				if _, err := allocation.Decide(t, tally); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
