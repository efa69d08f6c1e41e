package allocation

import (
	"cmp"
	"math/big"
	"slices"
)

// ranked is the bid that a lot counts with.
func (t *Terms) ranked(l *lot) int64 {
	switch {
	case l.hasBid:
		return l.bid
	case t.Auction.NoBid == NoBidLimit:
		return t.Auction.Worst
	}
	return t.Auction.Best
}

// paidBid is the bid whose price a lot is paid.
func (r *run) paidBid(l *lot) int64 {
	if r.terms.Auction.PaysBid && (l.hasBid || r.terms.Auction.NoBid != NoBidClearing) {
		return r.terms.ranked(l)
	}
	if clearing := r.clearing[l.series]; clearing != nil {
		return *clearing
	}
	return r.terms.Auction.Best // nothing clears: every tender of the series was dropped
}

// bidPhase is the place of a lot in an auction; ok is false if its bid is worse
// than the clearing bid.
func (r *run) bidPhase(l *lot) (phase int, ok bool) {
	bid, clearing := r.terms.ranked(l), r.clearing[l.series]
	switch {
	case clearing == nil || bid > *clearing:
		return 0, false
	case l.timing == Late && r.early[l.series]:
		return 2, true
	case bid < *clearing && !r.terms.Auction.ProrateAll:
		return 0, true
	}
	return 1, true
}

// together reports whether bids for two series compete.
func (t *Terms) together(a, b int) bool { return a == b || !t.Auction.BySeries }

// clear finds the clearing bids: one for all series, or, in auctions side by
// side, one for each.
func (r *run) clear() {
	r.clearing = make([]*int64, len(r.terms.Series))
	r.early = r.earlyBids()
	for s := range r.clearing {
		if s > 0 && r.terms.together(0, s) {
			r.clearing[s] = r.clearing[0]
			continue
		}
		r.clearSeries(s)
	}
}

// earlyBids says for each series whether any of the bids that compete with those
// for it came early.
func (r *run) earlyBids() []bool {
	early := make([]bool, len(r.terms.Series))
	for _, at := range r.bids(Early) {
		of := at.lot().series
		if early[of] {
			continue
		}
		for s := range early {
			early[s] = early[s] || r.terms.together(s, of)
		}
	}
	return early
}

// bids are all that is still in the auction of one timing.
func (r *run) bids(timing Timing) []seat {
	var all []seat
	for i := range r.bands {
		if b := &r.bands[i]; b.count > 0 && b.timing == timing {
			all = append(all, seat{band: b})
		}
	}
	for i := range r.units {
		if u := &r.units[i]; !u.dropped && u.timing == timing {
			all = append(all, seat{unit: u})
		}
	}
	return all
}

// clearSeries finds the clearing bid of the bids that compete with those for a
// series: the best one for the offeror at which some cap over several series,
// or the only one there is, is used up; the worst tendered if none ever is.
// Early tenders set it; late ones only where there are no early ones (section
// 8, G12).
func (r *run) clearSeries(series int) {
	timing := Late
	if r.early[series] {
		timing = Early
	}
	setting := slices.DeleteFunc(r.bids(timing), func(at seat) bool { return !r.terms.together(series, at.lot().series) })
	slices.SortStableFunc(setting, func(a, b seat) int { return cmp.Compare(r.terms.ranked(a.lot()), r.terms.ranked(b.lot())) })
	for i, at := range setting {
		bid := r.terms.ranked(at.lot())
		if i+1 < len(setting) && r.terms.ranked(setting[i+1].lot()) == bid {
			continue
		}
		for s := range r.clearing { // the price that is tried
			if r.terms.together(series, s) {
				r.clearing[s] = &bid
			}
		}
		if r.usedUp(setting[:i+1]) {
			return
		}
	}
}

// usedUp reports whether these bids, at the clearing bid now tried, use up some
// cap that is not a series maximum; in auctions side by side a maximum is the
// cap of its own.
func (r *run) usedUp(seats []seat) bool {
	st := r.stage(stepKey{}, seats)
	demand := st.demands(st.limits)
	for k, l := range st.limits {
		if l.own && !r.terms.Auction.BySeries {
			continue
		}
		sum := new(big.Rat)
		for s, d := range demand[k] {
			if l.own {
				sum.Add(sum, d)
				continue
			}
			sum.Add(sum, new(big.Rat).Mul(d, st.withinMaximum(s)))
		}
		if sum.Sign() > 0 && sum.Cmp(l.room) >= 0 {
			return true
		}
	}
	return false
}

// withinMaximum is the part of a series' demand that its own maximum has room
// for.
func (st *stage) withinMaximum(series int) *big.Rat {
	part := one
	for _, l := range st.limits {
		if !l.own || l.series != series {
			continue
		}
		if d := l.uses(st.demandByStrand(series)); d.Cmp(l.room) > 0 {
			part = new(big.Rat).Quo(l.room, d)
		}
	}
	return part
}
