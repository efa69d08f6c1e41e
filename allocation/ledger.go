package allocation

import (
	"cmp"
	"fmt"
	"maps"
	"math/bits"
	"slices"
)

// A ledger is a tally made ready: what every run over it has in common. Runs in
// several goroutines share it, so nothing in it changes.
type ledger struct {
	batches []batch // the sizes of each ascending
	number  map[batchKey]int
	bundles []bundle
	byRow   map[int]int // index into bundles, by Tender.Row
}

// A bundle is the tenders that are prorated together: all those of one
// participant in one series at one price, or a single one that stands by itself.
type bundle struct {
	lot
	size    int64 // minor units
	wholes  int64 // whole increments of its tenders, each counted for itself
	tenders []Tender
	lead    *Tender // the earliest of tenders: it speaks for the bundle in receipt order
}

// atLeast is the condition of a conditional tender, which is a bundle of its own.
func (b *bundle) atLeast() int64 {
	if len(b.tenders) == 1 {
		return b.tenders[0].AtLeast
	}
	return 0
}

// compareReceipts orders tenders by receipt, equal ones by id.
func compareReceipts(a, b *Tender) int {
	return cmp.Or(cmp.Compare(a.ReceivedAt, b.ReceivedAt), cmp.Compare(a.ID, b.ID))
}

// ledger makes the tally ready, once for all runs. No result depends on the
// order in which tenders were added.
func (t *Tally) ledger() (*ledger, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ready != nil {
		return t.ready, nil
	}
	l := &ledger{batches: make([]batch, len(t.batches)), number: maps.Clone(t.number), bundles: t.bundles(), byRow: map[int]int{}}
	for i := range t.batches {
		l.batches[i] = batch{t.batches[i].batchKey, ascending(t.batches[i].sizes)}
	}
	for i := range l.bundles { // their slices stay where they are from here on
		b := &l.bundles[i]
		b.lead = lead(b.tenders)
		for k := range b.tenders {
			l.byRow[b.tenders[k].Row] = i
		}
	}
	if err := l.check(t.terms); err != nil {
		return nil, err
	}
	t.ready = l
	return l, nil
}

// ascending gives the sizes by principal: themselves, if they were added so.
func ascending(sizes []size) []size {
	byPrincipal := func(a, b size) int { return cmp.Compare(a.principal, b.principal) }
	if slices.IsSortedFunc(sizes, byPrincipal) {
		return sizes[:len(sizes):len(sizes)]
	}
	sizes = slices.Clone(sizes)
	slices.SortFunc(sizes, byPrincipal)
	return sizes
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

// has reports whether the batch counts a tender of this principal.
func (g *batch) has(principal int64) bool {
	_, found := slices.BinarySearchFunc(g.sizes, principal, func(s size, p int64) int { return cmp.Compare(s.principal, p) })
	return found
}

type bundleKey struct {
	lot
	unit string
	row  int
}

// bundles puts the tenders that are decided one by one together as the terms
// prorate them.
func (t *Tally) bundles() []bundle {
	at := map[bundleKey]int{}
	var all []bundle
	for _, x := range t.single {
		x := t.assumeBid(x)
		k := bundleKey{lot: lotOf(&x), unit: x.Unit, row: -1}
		if t.terms.ProrateBy == ByInstruction || x.AtLeast > 0 {
			k.row = x.Row
		}
		i, known := at[k]
		if !known {
			i = len(all)
			at[k] = i
			all = append(all, bundle{lot: k.lot})
		}
		b := &all[i]
		b.size += x.Principal
		b.wholes += x.Principal / t.increment(x.Series)
		b.tenders = append(b.tenders, x)
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
func (l *ledger) check(t *Terms) error {
	sums := make([]int64, len(t.Series))
	add := func(series int, principal, count int64) error {
		if series < 0 || series >= len(t.Series) {
			return fmt.Errorf("tender of series %d, the terms have %d", series, len(t.Series))
		}
		if principal <= 0 || count <= 0 {
			return fmt.Errorf("tender of %d in series %s: principal must be above zero", principal, t.Series[series].ID)
		}
		hi, lo := bits.Mul64(uint64(principal), uint64(count))
		if hi != 0 || lo > uint64(1<<62-sums[series]) {
			return fmt.Errorf("series %s: %w", t.Series[series].ID, ErrTooLarge)
		}
		sums[series] += int64(lo)
		return nil
	}
	for i := range l.batches {
		for _, s := range l.batches[i].sizes {
			if err := add(l.batches[i].series, s.principal, s.count); err != nil {
				return err
			}
		}
	}
	for i := range l.bundles {
		b := &l.bundles[i] // its own sum may have wrapped
		for k := range b.tenders {
			if err := add(b.series, b.tenders[k].Principal, 1); err != nil {
				return err
			}
		}
	}
	return nil
}
