package bookfile

import (
	"math/bits"

	"tenderbook/allocation"
)

// A standing says whether a tender counts, and if not, why.
type standing uint8

const (
	counts          standing = iota
	afterExpiration          // received after expiration
	afterAsOf                // received after the time that the run looks at
	ofTerminated             // the offer for its series was terminated
	otherTiming              // early in a run of the late ones, or late in a run of the early ones
)

// A class is what tenders have in common that are treated alike, and how many
// there are.
type class struct {
	principal int64
	bid       int64
	count     int64
	batch     int32 // in the tally that decided it
	series    uint16
	timing    allocation.Timing
	standing  standing
	hasBid    bool
}

func (c *class) alike(d *class) bool {
	return c.principal == d.principal && c.bid == d.bid && c.series == d.series &&
		c.timing == d.timing && c.standing == d.standing && c.hasBid == d.hasBid
}

func (c *class) hash() uint64 {
	kind := uint64(c.series)<<16 | uint64(c.timing)<<8 | uint64(c.standing)<<1
	if c.hasBid {
		kind |= 1
	}
	h := (uint64(c.principal) ^ kind*0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd
	h ^= (h>>32 ^ uint64(c.bid)) * 0xc4ceb9fe1a85ec53
	return h ^ h>>29
}

// tender is one of the class as the allocation counts it.
func (c *class) tender() allocation.Tender {
	return allocation.Tender{Series: int(c.series), Timing: c.timing, Principal: c.principal, HasBid: c.hasBid, Bid: c.bid}
}

// A classTable numbers the classes that a [grid] has no place for, in the order
// in which they come. It is an open-addressing hash table of numbers into a list.
type classTable struct {
	list  []class
	slots []uint32 // number + 1; 0: free
}

func newClassTable() *classTable { return &classTable{slots: make([]uint32, 1024)} }

// number finds or adds the class of c and adds n to its count.
func (t *classTable) number(c *class, n int64) uint32 {
	mask := uint64(len(t.slots) - 1)
	for at := c.hash() & mask; ; at = (at + 1) & mask {
		slot := t.slots[at]
		if slot == 0 {
			return t.add(c, n, at)
		}
		if known := &t.list[slot-1]; known.alike(c) {
			known.count += n
			return slot - 1
		}
	}
}

func (t *classTable) add(c *class, n int64, at uint64) uint32 {
	t.list = append(t.list, *c)
	number := uint32(len(t.list))
	t.list[number-1].count = n
	t.slots[at] = number
	if 2*len(t.list) > len(t.slots) {
		t.grow()
	}
	return number - 1
}

func (t *classTable) grow() {
	t.slots = make([]uint32, 1<<bits.Len(uint(4*len(t.list))))
	mask := uint64(len(t.slots) - 1)
	for i := range t.list {
		at := t.list[i].hash() & mask
		for t.slots[at] != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = uint32(i + 1)
	}
}

// merge adds another table's counts and gives, for each of its numbers, the
// number here.
func (t *classTable) merge(o *classTable) []uint32 {
	numbers := make([]uint32, len(o.list))
	for i := range o.list {
		numbers[i] = t.number(&o.list[i], o.list[i].count)
	}
	return numbers
}
