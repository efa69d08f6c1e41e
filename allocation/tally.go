package allocation

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
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
	terms  *Terms
	counts map[classKey]int64
	single []Tender

	mu     sync.Mutex
	sorted []class // made by the first run; nil again after a change
	index  index   // of sorted
}

// NewTally returns an empty tally for offers with these terms.
func NewTally(t *Terms) *Tally {
	return &Tally{terms: t, counts: map[classKey]int64{}}
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
	t.counts[keyOf(x)]++
}

// AddCount counts n tenders that are alike in series, timing, bid, principal
// and delivery, unconditional, where the tally is not [Tally.OneByOne].
func (t *Tally) AddCount(x Tender, n int64) {
	if t.OneByOne() || x.AtLeast > 0 {
		panic("allocation: AddCount of tenders that are decided one by one")
	}
	t.sorted = nil
	t.counts[keyOf(x)] += n
}

// Merge adds what another tally of the same terms has counted.
func (t *Tally) Merge(o *Tally) {
	t.sorted = nil
	for k, n := range o.counts {
		t.counts[k] += n
	}
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
	wholes      int64  // whole increments of its tenders, together
	lead        Tender // the earliest of tenders: it speaks for the class in receipt order
}

// compareReceipts orders tenders by receipt, equal ones by id.
func compareReceipts(a, b Tender) int {
	return cmp.Or(cmp.Compare(a.ReceivedAt, b.ReceivedAt), cmp.Compare(a.ID, b.ID))
}

func receivedEarlier(a, b Tender) bool { return compareReceipts(a, b) < 0 }

// atLeast is the condition of a conditional tender, which is a unit of its own.
func (u *class) atLeast() int64 {
	if len(u.tenders) == 1 {
		return u.tenders[0].AtLeast
	}
	return 0
}

// classes turns the tally into what a run works on, in an order that does not
// depend on the order of the book. Runs in several goroutines share the answer.
func (t *Tally) classes() ([]class, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sorted != nil {
		return t.sorted, nil
	}
	all := make([]class, 0, len(t.counts)+len(t.single))
	for k, n := range t.counts {
		all = append(all, class{
			series: k.series, timing: k.timing, hasBid: k.hasBid, bid: k.bid,
			size: k.principal, count: n, undelivered: k.undelivered,
			wholes: k.principal / t.increment(k.series),
		})
	}
	all = append(all, t.singles()...)
	slices.SortFunc(all, compareClasses)
	if err := t.check(all); err != nil {
		return nil, err
	}
	t.sorted, t.index = all, indexOf(all)
	return all, nil
}

// An index finds the class of a tender.
type index struct {
	byKey map[classKey]int
	byRow map[int]int // of tenders that are decided one by one
}

func indexOf(all []class) index {
	in := index{byKey: make(map[classKey]int, len(all)), byRow: map[int]int{}}
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
			all = append(all, class{series: x.Series, timing: x.Timing, hasBid: x.HasBid, bid: x.Bid, count: 1, lead: x})
		}
		u := &all[i]
		if receivedEarlier(x, u.lead) {
			u.lead = x
		}
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

func compareClasses(a, b class) int {
	c := cmp.Or(
		cmp.Compare(a.series, b.series), cmp.Compare(a.timing, b.timing),
		cmp.Compare(btoi(a.hasBid), btoi(b.hasBid)), cmp.Compare(a.bid, b.bid),
		cmp.Compare(a.size, b.size), cmp.Compare(a.undelivered, b.undelivered),
		cmp.Compare(min(1, len(a.tenders)), min(1, len(b.tenders))),
	)
	if c != 0 || len(a.tenders) == 0 {
		return c
	}
	return compareReceipts(a.lead, b.lead)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
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
