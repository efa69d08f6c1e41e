package reference

import (
	"regexp"
	"slices"
	"sync"
)

// A Failure is an offer on which the allocators differ, made small.
type Failure struct {
	Seed        uint64 // of the offer as it was generated
	Offer       *Offer // after shrinking
	Differences []string
}

// keepFailures is how many failures of a campaign are shrunk and kept.
const keepFailures = 5

// Campaign compares the allocators on so many offers, those of the seeds from
// first on, in parallel. It gives what was reached, the first failures, and how
// many there were. The same seeds give the same campaign.
func Campaign(first uint64, offers, workers int) (*Coverage, []Failure, int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	all, failed := NewCoverage(), []uint64{}
	for w := range workers {
		wg.Go(func() {
			reached := NewCoverage()
			for i := w; i < offers; i += workers {
				seed := first + uint64(i)
				o := Generate(NewDice(seed, nil))
				differences, results := Compare(o)
				reached.Add(o, results)
				if len(differences) > 0 {
					mu.Lock()
					failed = append(failed, seed)
					mu.Unlock()
				}
			}
			mu.Lock()
			all.Merge(reached)
			mu.Unlock()
		})
	}
	wg.Wait()
	slices.Sort(failed)
	var failures []Failure
	for _, seed := range failed[:min(len(failed), keepFailures)] {
		f := ShrinkFailure(Generate(NewDice(seed, nil)))
		f.Seed = seed
		failures = append(failures, f)
	}
	return all, failures, len(failed)
}

// ShrinkFailure makes an offer small on which the allocators differ, so that
// they still differ first on the same kind of thing.
func ShrinkFailure(o *Offer) Failure {
	of := kind(o)
	o = Shrink(o, func(o *Offer) bool { return kind(o) == of })
	d, _ := Compare(o)
	return Failure{Offer: o, Differences: d}
}

var particulars = regexp.MustCompile(`[0-9A-Z]+|:.*`)

// kind is the first thing that the allocators differ on, without its numbers
// and names; "" if they agree.
func kind(o *Offer) string {
	d, _ := Compare(o)
	if len(d) == 0 {
		return ""
	}
	return "first: " + particulars.ReplaceAllString(d[0], "")
}
