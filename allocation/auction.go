package allocation

import (
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
	return r.clearing
}

// bidPhase is the place of a unit in an auction; ok is false if its bid is worse
// than the clearing bid.
func (r *run) bidPhase(u *unit) (phase int, ok bool) {
	bid := r.terms.ranked(u)
	switch {
	case !r.hasClearing || bid > r.clearing:
		return 0, false
	case u.timing == Late && r.earlyBids():
		return 2, true
	case bid < r.clearing && !r.terms.Auction.ProrateAll:
		return 0, true
	}
	return 1, true
}

func (r *run) earlyBids() bool {
	return slices.ContainsFunc(r.units, func(u unit) bool { return !u.dropped && u.timing == Early })
}

// clear finds the clearing bid: the best one for the offeror at which some cap
// over several series, or the only one there is, is used up; the worst tendered
// if none ever is. Early tenders set it; late ones only where there are no early
// ones (section 8, G12).
func (r *run) clear() {
	timing := Late
	if r.earlyBids() {
		timing = Early
	}
	var setting []*unit
	for i := range r.units {
		u := &r.units[i]
		if !u.dropped && u.timing == timing {
			setting = append(setting, u)
		}
	}
	slices.SortStableFunc(setting, func(a, b *unit) int {
		return int(min(1, max(-1, r.terms.ranked(a)-r.terms.ranked(b))))
	})
	for i, u := range setting {
		bid := r.terms.ranked(u)
		if i+1 < len(setting) && r.terms.ranked(setting[i+1]) == bid {
			continue
		}
		r.clearing, r.hasClearing = bid, true
		if r.usedUp(setting[:i+1]) {
			return
		}
	}
}

// usedUp reports whether the units, at the clearing bid now tried, use up some
// cap that is not a series maximum.
func (r *run) usedUp(units []*unit) bool {
	seats := make([]seat, len(units))
	for i, u := range units {
		seats[i] = seat{unit: u}
	}
	st := r.stage(stepKey{}, seats)
	demand := st.demands(st.limits)
	for k, l := range st.limits {
		if l.own {
			continue
		}
		sum := new(big.Rat)
		for s, d := range demand[k] {
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
