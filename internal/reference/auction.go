package reference

import (
	"math/big"
	"slices"

	"tenderbook/allocation"
)

// bids gives the bid a tender is ranked by and the one it is paid at. Outside
// an auction, and where all are paid the clearing bid, the second says nothing
// and is 0; clearingPays marks a tender that is paid the clearing bid among
// others that are paid their own (§8, G12).
func (r *run) bids(x allocation.Tender) (rank, pays int64) {
	a := r.t.Auction
	switch {
	case r.t.Order != allocation.Auction:
		return 0, 0
	case x.HasBid:
		rank = x.Bid
	case a.NoBid == allocation.NoBidLimit:
		rank = a.Worst
	default:
		rank = a.Best
	}
	if !a.PaysBid {
		return rank, 0
	}
	if !x.HasBid && a.NoBid == allocation.NoBidClearing {
		return rank, clearingPays
	}
	return rank, rank
}

const clearingPays = int64(-1) << 62

// paidBid is the bid whose price the unit is paid (G12).
func (r *run) paidBid(u *unit) int64 {
	if !r.t.Auction.PaysBid || u.pays == clearingPays {
		return *r.clearing[u.series]
	}
	return u.pays
}

// setClearingBids finds the clearing bid of all series together, or of each by
// itself where auctions stand side by side (G12).
func (r *run) setClearingBids() {
	every := make([]int, len(r.t.Series))
	for s := range every {
		every[s] = s
	}
	r.clearing = make([]*int64, len(every))
	if !r.t.Auction.BySeries {
		r.setClearingBid(every)
		return
	}
	for s := range every {
		r.setClearingBid(every[s : s+1])
	}
}

// setClearingBid sets the clearing bid of some series to the best one for the
// offeror at which a cap is fully used by the early tenders, else to the worst
// bid tendered early; without early tenders the late ones set it (§8, G12).
func (r *run) setClearingBid(series []int) {
	timing := r.setsBid(series[0])
	var in []*unit
	for _, u := range r.units {
		if u.timing == timing && slices.Contains(series, u.series) {
			in = append(in, u)
		}
	}
	slices.SortFunc(in, func(u, v *unit) int { return int(u.rank - v.rank) })
	for i, u := range in {
		if i+1 < len(in) && in[i+1].rank == u.rank {
			continue // the others at this bid belong to it
		}
		for _, s := range series {
			r.clearing[s] = &u.rank
		}
		if r.reachesSomeCap(in[:i+1]) {
			r.events["auction: a cap is reached"]++
			return
		}
	}
	r.events["auction: no cap is reached"]++
}

// setsBid is the timing of the tenders that set the clearing bid of a series:
// the late ones only where there are no early ones.
func (r *run) setsBid(series int) allocation.Timing {
	for _, u := range r.units {
		if u.timing == allocation.Early && (u.series == series || !r.t.Auction.BySeries) {
			return allocation.Early
		}
	}
	return allocation.Late
}

// reachesSomeCap says whether the units use some cap in full, each series'
// demand cut to the room of its own maximum. An own maximum sets a clearing bid
// only where each series has an auction of its own (G12).
func (r *run) reachesSomeCap(units []*unit) bool {
	for k, c := range r.t.Caps {
		if c.Own && !r.t.Auction.BySeries {
			continue
		}
		demand := new(big.Rat)
		for _, s := range c.Series {
			demand.Add(demand, r.cutDemand(k, s, units))
		}
		if demand.Sign() > 0 && demand.Cmp(r.room(k)) >= 0 {
			return true
		}
	}
	return false
}

// cutDemand is what the units of a series count under cap k, all cut alike if
// together they pass the series' own maximum, unless k is that maximum.
func (r *run) cutDemand(k, series int, units []*unit) *big.Rat {
	var principal int64
	demand := new(big.Rat)
	for _, u := range units {
		if u.series == series {
			principal += u.size
			w := r.weight(k, u)
			demand.Add(demand, w.Mul(w, big.NewRat(u.size, 1)))
		}
	}
	cut := big.NewRat(1, 1)
	for o, c := range r.t.Caps {
		if c.Own && c.Series[0] == series && o != k && principal > 0 {
			share := r.room(o)
			if share.Mul(share, big.NewRat(1, principal)); share.Cmp(cut) < 0 {
				cut = share
			}
		}
	}
	return demand.Mul(demand, cut)
}

// bidPosition finds the step of a unit by its bid; false if its bid is worse
// than clearing, so that it is in none. Late tenders are one step behind the
// early ones, but where they set the clearing bid themselves: then they are
// served in the steps of early ones (G12).
func (r *run) bidPosition(u *unit, p *position) bool {
	clearing := *r.clearing[u.series]
	if u.rank > clearing {
		r.events["auction: bid not accepted"]++
		return false
	}
	if u.timing != r.setsBid(u.series) {
		p.timing = allocation.Late
		return true
	}
	if u.rank == clearing && !r.t.Auction.ProrateAll {
		p.bid = 1
	}
	return true
}
