package bookfile

import (
	"fmt"

	"tenderbook/allocation"
)

// decide counts what is live into a tally and has the allocation decided. The
// classes of all workers become one set.
func (j *job) decide() (*settled, error) {
	s := &settled{classes: newClassSet(j.grid), numbers: make([][]uint32, len(j.workers))}
	for i, w := range j.workers {
		if i == 0 {
			s.classes = w.classes
			continue
		}
		s.numbers[i] = s.classes.merge(w.classes)
		w.classes = nil
	}
	s.tally = allocation.NewTally(j.alloc)
	s.classes.tally(s.tally)
	j.eachLoner(func(_ *block, x *loner, row int64) {
		if x.live() {
			s.tally.Add(x.tender(row))
		}
	})
	var err error
	if s.decision, err = allocation.Decide(j.alloc, s.tally); err != nil {
		return nil, fmt.Errorf("%s: %w", j.src.Name, err)
	}
	return s, nil
}

// A settled is a book read, decided and paid.
type settled struct {
	decision *allocation.Decision
	tally    *allocation.Tally
	classes  *classSet
	numbers  [][]uint32 // by worker: the numbers here of its rare classes; nil where they are the same
	total    []Total    // by series and timing
}

// number is that of a class here, from the one that a worker gave it.
func (s *settled) number(worker int, ref uint32) uint32 {
	grid := uint32(len(s.classes.cells))
	if ref < grid || s.numbers[worker] == nil {
		return ref
	}
	return grid + s.numbers[worker][ref-grid]
}
