package allocation

import (
	"cmp"
	"math/big"
	"slices"
)

// ranked is the bid that a unit counts with.
func (t *Terms) ranked(u *unit) int64 {
	switch {
	case u.hasBid:
		return u.bid
	case t.Auction.NoBid == NoBidLimit:
		return t.Auction.Worst
	}
	return t.Auction.Best
}

// paidBid is the bid whose price a unit is paid.
func (r *run) paidBid(u *unit) int64 {
	if r.terms.Auction.PaysBid && (u.hasBid || r.terms.Auction.NoBid != NoBidClearing) {
		return r.terms.ranked(u)
	}
	if clearing := r.clearing[u.series]; clearing != nil {
		return *clearing
	}
	return r.terms.Auction.Best // nothing clears: every tender of the series was dropped
}

// bidPhase is the place of a unit in an auction; ok is false if its bid is worse
// than the clearing bid.
func (r *run) bidPhase(u *unit) (phase int, ok bool) {
	bid, clearing := r.terms.ranked(u), r.clearing[u.series]
	switch {
	case clearing == nil || bid > *clearing:
		return 0, false
	case u.timing == Late && r.early[u.series]:
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
	for i := range r.units {
		u := &r.units[i]
		if u.dropped || u.timing != Early || early[u.series] {
			continue
		}
		for s := range early {
			early[s] = early[s] || r.terms.together(s, u.series)
		}
	}
	return early
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
	var setting []*unit
	for i := range r.units {
		u := &r.units[i]
		if !u.dropped && u.timing == timing && r.terms.together(series, u.series) {
			setting = append(setting, u)
		}
	}
	slices.SortStableFunc(setting, func(a, b *unit) int { return cmp.Compare(r.terms.ranked(a), r.terms.ranked(b)) })
	for i, u := range setting {
		bid := r.terms.ranked(u)
		if i+1 < len(setting) && r.terms.ranked(setting[i+1]) == bid {
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

// usedUp reports whether the units, at the clearing bid now tried, use up some
// cap that is not a series maximum; in auctions side by side a maximum is the
// cap of its own.
func (r *run) usedUp(units []*unit) bool {
	seats := make([]seat, len(units))
	for i, u := range units {
		seats[i] = seat{unit: u}
	}
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
