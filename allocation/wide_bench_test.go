package allocation_test

import (
	"testing"

	"tenderbook/allocation"
)

// BenchmarkDecideWide serves an offer of 152 series with 1,300 sizes each,
// from counting to the outcome of every size.
func BenchmarkDecideWide(b *testing.B) {
	t := terms(0, 152)
	for s := range t.Series {
		t.Series[s].Increment, t.Series[s].Minimum = 1000_00, 1000_00
	}
	var total int64
	var xs []allocation.Tender
	for s := range t.Series {
		for i := range int64(1300) {
			x := allocation.Tender{Series: s, Principal: (i + 1) * 1000_00, Timing: allocation.Timing(i % 2)}
			xs = append(xs, x)
			total += 7 * x.Principal
		}
	}
	t.Caps[0].Amount = total * 6 / 10
	b.ReportAllocs()
	for b.Loop() {
		tally := allocation.NewTally(t)
		batch := make([]int, len(xs))
		for i, x := range xs {
			batch[i] = tally.AddCount(x, 7)
		}
		d, err := allocation.Decide(t, tally)
		if err != nil {
			b.Fatal(err)
		}
		var counted []allocation.Counted
		for n := range 2 * len(t.Series) {
			counted = append(counted, d.Counted(n))
		}
		var a allocation.Amounts
		for i, x := range xs {
			counted[batch[i]].Amounts(x.Principal, &a)
		}
	}
}
