package allocation

import (
	"errors"
	"fmt"
	"math/big"
	"sort"
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
// size, and the tenders themselves only where the terms tell them apart.
type Tally struct {
	terms  *Terms
	counts map[classKey]int64
	single []Tender
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
	t.counts[keyOf(x)] += n
}

// Merge adds what another tally of the same terms has counted.
func (t *Tally) Merge(o *Tally) {
	for k, n := range o.counts {
		t.counts[k] += n
	}
	t.single = append(t.single, o.single...)
}

// A unit is what is prorated: count tenders of one size that are treated
// alike, or all tenders of one participant in one series at one price.
type unit struct {
	series      int
	timing      Timing
	hasBid      bool
	bid         int64 // ranked bid, in an auction
	size        int64 // minor units
	count       int64
	undelivered int64 // of each tender
	tenders     []Tender
	lead        Tender // the earliest of tenders: it speaks for the unit in receipt order
	dropped     bool

	// What a run decides:
	got             int64 // accepted so far, minor units, of each of count
	shares          []Share
	ended           int      // the last step it took part in; -1: none
	price, interest *big.Rat // per minor unit of principal
}

func receivedEarlier(a, b Tender) bool {
	if a.ReceivedAt != b.ReceivedAt {
		return a.ReceivedAt < b.ReceivedAt
	}
	return a.ID < b.ID
}

// atLeast is the condition of a conditional tender, which is a unit of its own.
func (u *unit) atLeast() int64 {
	if len(u.tenders) == 1 {
		return u.tenders[0].AtLeast
	}
	return 0
}

// units turns the tally into the units of a run, in an order that does not
// depend on the order of the book.
func (t *Tally) units() ([]*unit, error) {
	var all []*unit
	for k, n := range t.counts {
		all = append(all, &unit{
			series: k.series, timing: k.timing, hasBid: k.hasBid, bid: k.bid,
			size: k.principal, count: n, undelivered: k.undelivered,
		})
	}
	all = append(all, t.singleUnits()...)
	sort.Slice(all, func(i, j int) bool { return unitLess(all[i], all[j]) })
	return all, t.checkUnits(all)
}

type unitKey struct {
	classKey
	unit string
	row  int
}

func (t *Tally) singleUnits() []*unit {
	byKey := map[unitKey]*unit{}
	var all []*unit
	for _, x := range t.single {
		x := t.assumeBid(x)
		k := unitKey{classKey: classKey{x.Series, x.Timing, x.HasBid, x.Bid, 0, 0}, unit: x.Unit, row: -1}
		if t.terms.ProrateBy == ByInstruction || x.AtLeast > 0 {
			k.row = x.Row
		}
		u := byKey[k]
		if u == nil {
			u = &unit{series: x.Series, timing: x.Timing, hasBid: x.HasBid, bid: x.Bid, count: 1, lead: x}
			byKey[k] = u
			all = append(all, u)
		}
		if receivedEarlier(x, u.lead) {
			u.lead = x
		}
		u.size += x.Principal
		u.tenders = append(u.tenders, x)
	}
	return all
}

// assumeBid gives a tender without a bid the one it counts with, unless it is
// paid otherwise than that bid.
func (t *Tally) assumeBid(x Tender) Tender {
	a := &t.terms.Auction
	if t.terms.Order != Auction || x.HasBid || a.PaysBid && a.NoBid == NoBidClearing {
		return x
	}
	x.HasBid, x.Bid = true, a.Best
	if a.NoBid == NoBidLimit {
		x.Bid = a.Worst
	}
	return x
}

func unitLess(a, b *unit) bool {
	switch {
	case a.series != b.series:
		return a.series < b.series
	case a.timing != b.timing:
		return a.timing < b.timing
	case a.hasBid != b.hasBid:
		return b.hasBid
	case a.bid != b.bid:
		return a.bid < b.bid
	case a.size != b.size:
		return a.size < b.size
	case a.undelivered != b.undelivered:
		return a.undelivered < b.undelivered
	case len(a.tenders) == 0 || len(b.tenders) == 0:
		return len(a.tenders) < len(b.tenders)
	}
	return receivedEarlier(a.lead, b.lead)
}

// checkUnits refuses tenders that no reader should let through and sums beyond
// 64 bits.
func (t *Tally) checkUnits(all []*unit) error {
	sums := make([]int64, len(t.terms.Series))
	for _, u := range all {
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
