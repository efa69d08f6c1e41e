package bookfile

import (
	"maps"
	"math/rand/v2"
	"testing"
)

// Hashes that several workers saw come out if, and only if, they came twice,
// whatever the number of workers, zero among them.
func TestIdsThatComeTwice(t *testing.T) {
	dice := rand.New(rand.NewPCG(7, 7))
	for _, n := range []int{0, 1, 2, 100, idsAtOnce, 3*idsAtOnce + 5, 200_000} {
		sets := []*idSet{new(idSet), new(idSet), new(idSet)}
		times := map[uint64]int{}
		add := func(h uint64) {
			sets[dice.IntN(len(sets))].add(h)
			times[h]++
		}
		for i := range n {
			h := dice.Uint64()
			if i%1000 == 7 {
				h = 0
			}
			add(h)
			if i%500 == 3 {
				add(h)
			}
		}
		want := map[uint64]bool{}
		for h, k := range times {
			if k > 1 {
				want[h] = true
			}
		}
		for _, workers := range []int{1, 2, 3, 16} {
			if got := twice(sets, workers); !maps.Equal(got, want) {
				t.Errorf("%d hashes, %d workers: %d came twice, want %d", n, workers, len(got), len(want))
			}
		}
	}
}
