package bookfile

import (
	"fmt"

	"tenderbook/allocation"
)

// decide counts what is live into a tally and has the allocation decided. The
// classes of all workers become one list.
func (j *job) decide() (*allocation.Decision, *allocation.Tally, *classTable, [][]uint32, error) {
	classes := newClassTable()
	if len(j.workers) > 0 {
		classes = j.workers[0].classes
	}
	numbers := make([][]uint32, len(j.workers))
	for i, w := range j.workers {
		if i > 0 {
			numbers[i] = classes.merge(w.classes)
			w.classes = nil
		}
	}
	tally := allocation.NewTally(j.alloc)
	for i := range classes.list {
		if c := &classes.list[i]; c.standing == counts && c.count > 0 {
			c.number = int32(tally.AddCount(c.tender(), c.count))
		}
	}
	j.eachLoner(func(_ *block, x *loner, row int64) {
		if x.live() {
			tally.Add(x.tender(row))
		}
	})
	decision, err := allocation.Decide(j.alloc, tally)
	if err != nil {
		return nil, nil, nil, nil, fmt.Errorf("%s: %w", j.src.Name, err)
	}
	return decision, tally, classes, numbers, nil
}
