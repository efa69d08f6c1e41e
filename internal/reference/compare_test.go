package reference

import (
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

var (
	offersFlag = flag.Int("offers", defaultOffers, "how many generated offers TestAgree compares")
	seedFlag   = flag.Uint64("seed", 1, "seed of the first offer of TestAgree; the next has the next number")
	pairsFlag  = flag.Bool("pairs", false, "print the count of every pair of settings")
)

// enoughOffers is from how many offers on everything listed must be reached.
const enoughOffers = 5_000

func TestAgree(t *testing.T) {
	offers := *offersFlag
	if testing.Short() {
		offers = min(offers, 2_000)
	}
	reached, failures, n := Campaign(*seedFlag, offers, runtime.GOMAXPROCS(0))
	for _, f := range failures {
		t.Errorf("offer of seed %d, shrunk:\n%s", f.Seed, Explain(f.Offer, f.Differences))
	}
	if n > 0 {
		t.Errorf("%d of %d offers from seed %d differ", n, offers, *seedFlag)
	}
	t.Logf("from seed %d: %s", *seedFlag, reached.Table())
	if *pairsFlag {
		t.Log(reached.PairTable())
	}
	if offers >= enoughOffers {
		for _, m := range reached.Missing() {
			t.Errorf("never reached: %s", m)
		}
	}
}

// Offers on which the two once differed stay here, each with what it was.
func TestAgreeOnOldDifferences(t *testing.T) {
	files, err := filepath.Glob("testdata/differences/*.offer")
	if err != nil || len(files) == 0 {
		t.Fatalf("no old differences found: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".offer"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			o, err := Parse(string(text))
			if err != nil {
				t.Fatal(err)
			}
			if d, _ := Compare(o); len(d) > 0 {
				t.Error(Explain(o, d))
			}
		})
	}
}

func FuzzAgree(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, []byte{})
		f.Add(seed, []byte{byte(seed), byte(seed >> 1), 2, 1, 0, 3, 7})
	}
	f.Fuzz(func(t *testing.T, seed uint64, choices []byte) {
		o := Generate(NewDice(seed, choices))
		if d, _ := Compare(o); len(d) > 0 {
			failure := ShrinkFailure(o)
			t.Error(Explain(failure.Offer, failure.Differences))
		}
	})
}
