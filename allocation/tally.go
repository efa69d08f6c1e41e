package allocation

import (
	"cmp"
	"errors"
	"fmt"
	"sync"
)

// ErrTooLarge is returned when a sum does not fit 64 bits of minor units.
var ErrTooLarge = errors.New("principal of a series does not fit 64 bits")

// A classKey is what tenders have in common that are treated alike.
type classKey struct {
	series      int
	timing      Timing
	hasBid      bool
	bid         int64
	principal   int64
	undelivered int64
}

func keyOf(x Tender) classKey {
	return classKey{x.Series, x.Timing, x.HasBid, x.Bid, x.Principal, x.Undelivered}
}

// A Tally is a book as [Decide] needs it: how many tenders there are of each
// size, and the tenders themselves only where the terms tell them apart. It is
// filled by one goroutine; then any number may decide over it at once.
type Tally struct {
	terms   *Terms
	counted []class          // in the order they were added
	at      map[classKey]int // index into counted of those that Add counted
	single  []Tender

	mu     sync.Mutex
	sorted []class // made by the first run; nil again after a change
	place  []int   // index into sorted, by index into counted
	index  *index  // of sorted, made by the first who asks for a tender
}

// NewTally returns an empty tally for offers with these terms.
func NewTally(t *Terms) *Tally {
	return &Tally{terms: t, at: map[classKey]int{}}
}

// OneByOne reports whether the terms decide between single tenders, so that
// every one must be given to [Tally.Add]: proration by participant or holder,
// and leftovers by largest remainder.
func (t *Tally) OneByOne() bool {
	return t.terms.ProrateBy != ByInstruction || t.terms.Leftover == LargestRemainder
}

// Add counts one live tender.
func (t *Tally) Add(x Tender) {
	t.sorted = nil
	if t.OneByOne() || x.AtLeast > 0 {
		t.single = append(t.single, x)
		return
	}
	k := keyOf(x)
	i, known := t.at[k]
	if !known {
		i = t.AddCount(x, 0)
		t.at[k] = i
	}
	t.counted[i].count++
}

// AddCount counts n tenders that are alike in series, timing, bid, principal
// and delivery, unconditional, where the tally is not [Tally.OneByOne]. It
// returns their number, by which [Decision.BriefCount] finds what they got
// without looking for it.
func (t *Tally) AddCount(x Tender, n int64) int {
	if t.OneByOne() || x.AtLeast > 0 {
		panic("allocation: AddCount of tenders that are decided one by one")
	}
	t.sorted = nil
	t.counted = append(t.counted, class{
		series: x.Series, timing: x.Timing, hasBid: x.HasBid, bid: x.Bid,
		size: x.Principal, count: n, undelivered: x.Undelivered, wholes: x.Principal / t.increment(x.Series),
	})
	return len(t.counted) - 1
}

// Merge adds what another tally of the same terms has counted.
func (t *Tally) Merge(o *Tally) {
	t.sorted = nil
	t.counted = append(t.counted, o.counted...)
	t.single = append(t.single, o.single...)
}

// A class is what is prorated: count tenders of one size that are treated
// alike, or all tenders of one participant in one series at one price. It is the
// same for every run over a tally.
type class struct {
	series      int
	timing      Timing
	hasBid      bool
	bid         int64
	size        int64 // minor units
	count       int64
	undelivered int64 // of each tender
	tenders     []Tender
	wholes      int64   // whole increments of its tenders, together
	lead        *Tender // the earliest of tenders, if there are any: it speaks for the class in receipt order
}

// compareReceipts orders tenders by receipt, equal ones by id.
func compareReceipts(a, b *Tender) int {
	return cmp.Or(cmp.Compare(a.ReceivedAt, b.ReceivedAt), cmp.Compare(a.ID, b.ID))
}

// atLeast is the condition of a conditional tender, which is a unit of its own.
func (u *class) atLeast() int64 {
	if len(u.tenders) == 1 {
		return u.tenders[0].AtLeast
	}
	return 0
}

// classes turns the tally into what a run works on, the classes of one series
// and timing next to each other. Runs in several goroutines share the answer; no
// result depends on the order among the classes of a series.
func (t *Tally) classes() ([]class, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sorted != nil {
		return t.sorted, nil
	}
	all := t.singles()
	for i := range all { // the slices that they point into stay where they are from here on
		all[i].lead = lead(all[i].tenders)
	}
	all = append(t.counted[:len(t.counted):len(t.counted)], all...)
	if err := t.check(all); err != nil {
		return nil, err
	}
	t.sorted, t.place = grouped(all, len(t.terms.Series))
	t.index = nil
	return t.sorted, nil
}

// grouped puts the classes of one series and timing next to each other and says
// where each went.
func grouped(all []class, series int) (out []class, place []int) {
	next := make([]int, 2*series+1)
	group := func(u *class) int { return 2*u.series + int(u.timing) }
	for i := range all {
		next[group(&all[i])+1]++
	}
	for g := range next[1:] {
		next[g+1] += next[g]
	}
	out, place = make([]class, len(all)), make([]int, len(all))
	for i := range all {
		g := group(&all[i])
		place[i] = next[g]
		out[next[g]] = all[i]
		next[g]++
	}
	return out, place
}

func lead(tenders []Tender) *Tender {
	first := &tenders[0]
	for i := range tenders[1:] {
		if x := &tenders[i+1]; compareReceipts(x, first) < 0 {
			first = x
		}
	}
	return first
}

// An index finds the class of a tender.
type index struct {
	byKey map[classKey]int
	byRow map[int]int // of tenders that are decided one by one
}

// find gives the index of the tally's classes, made when it is first asked for.
func (t *Tally) find() *index {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.index == nil {
		t.index = indexOf(t.sorted)
	}
	return t.index
}

func indexOf(all []class) *index {
	in := &index{byKey: make(map[classKey]int, len(all)), byRow: map[int]int{}}
	for i := range all {
		u := &all[i]
		if len(u.tenders) == 0 {
			in.byKey[classKey{u.series, u.timing, u.hasBid, u.bid, u.size, u.undelivered}] = i
		}
		for _, x := range u.tenders {
			in.byRow[x.Row] = i
		}
	}
	return in
}

type unitKey struct {
	classKey
	unit string
	row  int
}

func (t *Tally) singles() []class {
	at := map[unitKey]int{}
	var all []class
	for _, x := range t.single {
		x := t.assumeBid(x)
		k := unitKey{classKey: classKey{x.Series, x.Timing, x.HasBid, x.Bid, 0, 0}, unit: x.Unit, row: -1}
		if t.terms.ProrateBy == ByInstruction || x.AtLeast > 0 {
			k.row = x.Row
		}
		i, known := at[k]
		if !known {
			i = len(all)
			at[k] = i
			all = append(all, class{series: x.Series, timing: x.Timing, hasBid: x.HasBid, bid: x.Bid, count: 1})
		}
		u := &all[i]
		u.size += x.Principal
		u.wholes += x.Principal / t.increment(x.Series)
		u.tenders = append(u.tenders, x)
	}
	return all
}

// increment is that of a series; 1 for a series that is found to be unknown
// later.
func (t *Tally) increment(series int) int64 {
	if series < 0 || series >= len(t.terms.Series) {
		return 1
	}
	return t.terms.Series[series].Increment
}

// assumeBid gives a tender without a bid the one it counts with, unless it is
// paid otherwise than that bid. Outside an auction a bid means nothing.
func (t *Tally) assumeBid(x Tender) Tender {
	a := &t.terms.Auction
	switch {
	case t.terms.Order != Auction:
		x.HasBid, x.Bid = false, 0
	case x.HasBid || a.PaysBid && a.NoBid == NoBidClearing:
	case a.NoBid == NoBidLimit:
		x.HasBid, x.Bid = true, a.Worst
	default:
		x.HasBid, x.Bid = true, a.Best
	}
	return x
}

// check refuses tenders that no reader should let through and sums beyond
// 64 bits.
func (t *Tally) check(all []class) error {
	sums := make([]int64, len(t.terms.Series))
	for i := range all {
		u := &all[i]
		if u.series < 0 || u.series >= len(t.terms.Series) {
			return fmt.Errorf("tender of series %d, the terms have %d", u.series, len(t.terms.Series))
		}
		if u.size <= 0 || u.count <= 0 {
			return fmt.Errorf("tender of %d in series %s: principal must be above zero", u.size, t.terms.Series[u.series].ID)
		}
		if u.size > (1<<62-sums[u.series])/u.count {
			return fmt.Errorf("series %s: %w", t.terms.Series[u.series].ID, ErrTooLarge)
		}
		sums[u.series] += u.size * u.count
	}
	return nil
}
