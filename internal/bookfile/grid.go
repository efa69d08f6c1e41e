package bookfile

import (
	"math/bits"

	"tenderbook/allocation"
)

// maxGrid is the most places of a grid: 4 MiB of counts for each worker, of
// which only the pages that are counted in are ever there.
const maxGrid = 1 << 20

// A grid gives the common classes, tenders that count and do not bid, a number
// that needs no looking up: series, timing, and how many denominations the
// principal is above the minimum. Counting into a table of hundreds of
// thousands of classes would otherwise wait for memory on nearly every row.
type grid struct {
	series []series
	shift  int // bits for the denominations
}

// newGrid lays out a grid for a book of so many bytes.
func newGrid(series []series, size int64) *grid {
	places := min(maxGrid, size/16) // a row takes more than 16 bytes
	if size > 1<<36 {
		places = 0 // a count of 32 bits might not hold its rows
	}
	return &grid{series: series, shift: bits.Len64(uint64(places)/uint64(2*max(len(series), 1))) - 1}
}

// places is how many numbers the grid gives out.
func (g *grid) places() uint32 {
	if g.shift < 0 {
		return 0
	}
	return uint32(2*len(g.series)) << g.shift
}

// number is the place of a class; ok is false if it has none.
func (g *grid) number(c *class, steps int64) (number uint32, ok bool) {
	if c.standing != counts || c.hasBid || g.shift < 0 || uint64(steps)>>g.shift != 0 {
		return 0, false
	}
	return (uint32(c.series)*2+uint32(c.timing))<<g.shift | uint32(steps), true
}

// class is what a number stands for.
func (g *grid) class(number uint32) class {
	kind, steps := number>>g.shift, number&(1<<g.shift-1)
	s := &g.series[kind/2]
	return class{series: uint16(kind / 2), timing: allocation.Timing(kind % 2), principal: s.minimum + int64(steps)*s.multiple}
}

// A classSet counts classes: the common ones in the cells of a grid, the others
// in a table whose numbers come after those of the grid.
type classSet struct {
	grid  *grid
	cells []uint32
	rare  *classTable
	batch []int32 // by series and timing: the batch of the tally that the cells went to
}

func newClassSet(g *grid) *classSet {
	return &classSet{grid: g, cells: make([]uint32, g.places()), rare: newClassTable()}
}

// number gives the number of a row's class, and counts the row if the class is a
// rare one.
func (s *classSet) number(c *class, steps int64) uint32 {
	if number, ok := s.grid.number(c, steps); ok {
		return number
	}
	return uint32(len(s.cells)) + s.rare.number(c, 1)
}

// count counts rows of common classes. It is given many at once because a
// processor waits for many cells of a large grid in the time it waits for one.
func (s *classSet) count(refs []uint32) {
	for _, ref := range refs {
		if uint64(ref) < uint64(len(s.cells)) {
			s.cells[ref]++
		}
	}
}

// uncount takes one row out of its class.
func (s *classSet) uncount(number uint32) {
	if int(number) < len(s.cells) {
		s.cells[number]--
		return
	}
	s.rare.list[number-uint32(len(s.cells))].count--
}

// merge adds another set's counts and gives the rare numbers there the number
// that they have here.
func (s *classSet) merge(o *classSet) []uint32 {
	for i, n := range o.cells {
		if n != 0 {
			s.cells[i] += n
		}
	}
	return s.rare.merge(o.rare)
}

// size is one more than the highest number.
func (s *classSet) size() int { return len(s.cells) + len(s.rare.list) }

// class is what a number stands for, without its count.
func (s *classSet) class(number uint32) class {
	if int(number) >= len(s.cells) {
		return s.rare.list[number-uint32(len(s.cells))]
	}
	c := s.grid.class(number)
	if s.batch != nil {
		c.batch = s.batch[number>>s.grid.shift]
	}
	return c
}

// counted gives the batch of a class and the principal of its tenders; the batch
// is -1 if they do not count.
func (s *classSet) counted(number uint32) (batch int, principal int64) {
	if int(number) < len(s.cells) {
		g := s.grid
		kind, steps := number>>g.shift, number&(1<<g.shift-1)
		series := &g.series[kind/2]
		return int(s.batch[kind]), series.minimum + int64(steps)*series.multiple
	}
	c := &s.rare.list[number-uint32(len(s.cells))]
	if c.standing != counts {
		return -1, c.principal
	}
	return int(c.batch), c.principal
}

// each calls f for the classes with numbers in a range that have tenders.
func (s *classSet) each(from, to int, f func(c *class)) {
	var c class // one for all: f may let it escape
	for n := from; n < to; n++ {
		if n < len(s.cells) && s.cells[n] == 0 {
			continue
		}
		c = s.class(uint32(n))
		if n < len(s.cells) {
			c.count = int64(s.cells[n])
		}
		if c.count > 0 {
			f(&c)
		}
	}
}

// eachOften calls f for the classes that have at least so many tenders, by number.
func (s *classSet) eachOften(often int64, f func(number uint32, tenders int64)) {
	for n, count := range s.cells {
		if int64(count) >= often {
			f(uint32(n), int64(count))
		}
	}
	for i := range s.rare.list {
		if n := s.rare.list[i].count; n >= often {
			f(uint32(len(s.cells)+i), n)
		}
	}
}

// tally counts the classes that count. They are remembered by their batch.
func (s *classSet) tally(t *allocation.Tally) {
	s.batch = make([]int32, 2*len(s.grid.series))
	for n, count := range s.cells {
		if count > 0 {
			c := s.grid.class(uint32(n))
			s.batch[n>>s.grid.shift] = int32(t.AddCount(c.tender(), int64(count)))
		}
	}
	for i := range s.rare.list {
		if c := &s.rare.list[i]; c.standing == counts && c.count > 0 {
			c.batch = int32(t.AddCount(c.tender(), c.count))
		}
	}
}
