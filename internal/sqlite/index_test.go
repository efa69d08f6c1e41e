package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"tenderbook/internal/sqlite"
)

// The index against a map, with hashes that are alike in all bits or in those
// that choose the slot.
func TestIndexFindsWhatAMapFinds(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var x sqlite.Index
	known := map[uint64][]uint64{}
	for seq := uint64(1); seq <= 4_000; seq++ {
		hash := random.Uint64N(1_000) << (seq % 3 * 20)
		if err := x.Add(hash); err != nil {
			t.Fatal(err)
		}
		known[hash] = append(known[hash], seq)
	}
	for hash, want := range known {
		if got := x.Find(hash); !slices.Equal(got, want) {
			t.Errorf("hash %x: entries %d, want %d", hash, got, want)
		}
	}
	for range 10_000 {
		if hash := random.Uint64(); len(known[hash]) == 0 && len(x.Find(hash)) > 0 {
			t.Errorf("hash %x was never entered and is found at %d", hash, x.Find(hash))
		}
	}
}

// The memory that the decision 0009 names.
func TestIndexTakesLittleMemory(t *testing.T) {
	var x sqlite.Index
	most := 0.0
	for n := 1; n <= 3_000_000; n++ {
		if err := x.Add(uint64(n) * 0x9e3779b97f4a7c15); err != nil {
			t.Fatal(err)
		}
		if n >= 1000 {
			most = max(most, float64(x.Bytes())/float64(n))
		}
	}
	t.Logf("up to %.1f bytes a command", most)
	if most > 24 {
		t.Errorf("%.1f bytes a command, at most 24 are promised", most)
	}
}

func TestCommandHashTellsActorFromKey(t *testing.T) {
	seen := map[uint64]string{}
	for _, c := range [][2]string{{"ann", "1"}, {"an", "n1"}, {"ann1", ""}, {"", "ann1"}, {"bob", "1"}, {"ann", "2"}} {
		hash := sqlite.CommandHash(c[0], c[1])
		if other, twice := seen[hash]; twice {
			t.Errorf("%q and %q have one hash", c, other)
		}
		seen[hash] = fmt.Sprint(c)
	}
}
