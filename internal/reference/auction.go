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
		return *r.clearing
	}
	return u.pays
}

// clearingBid is the best bid for the offeror at which some cap that is not an
// own maximum is fully used by the early tenders, else the worst bid tendered
// early; without early tenders the late ones set it (§8, G12).
func (r *run) clearingBid() *int64 {
	var in []*unit
	for _, u := range r.units {
		if u.timing == r.setsBid() {
			in = append(in, u)
		}
	}
	if len(in) == 0 {
		return nil
	}
	slices.SortFunc(in, func(u, v *unit) int { return int(u.rank - v.rank) })
	for i, u := range in {
		if i+1 < len(in) && in[i+1].rank == u.rank {
			continue // the others at this bid belong to it
		}
		r.clearing = &u.rank
		if r.reachesSomeCap(in[:i+1]) {
			r.events["auction: a cap is reached"]++
			return &u.rank
		}
	}
	r.events["auction: no cap is reached"]++
	return &in[len(in)-1].rank
}

// setsBid is the timing of the tenders that set the clearing bid: the late ones
// only where there are no early ones.
func (r *run) setsBid() allocation.Timing {
	if slices.ContainsFunc(r.units, func(u *unit) bool { return u.timing == allocation.Early }) {
		return allocation.Early
	}
	return allocation.Late
}

// reachesSomeCap says whether the units use some cap in full that is not an own
// maximum, each series' demand cut to the room of its own maximum.
func (r *run) reachesSomeCap(units []*unit) bool {
	for k, c := range r.t.Caps {
		if c.Own {
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
// together they pass the series' own maximum.
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
		if c.Own && c.Series[0] == series && principal > 0 {
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
// early ones, but where they set the clearing bid themselves (G12).
func (r *run) bidPosition(u *unit, p *position) bool {
	p.timing = u.timing
	if u.rank > *r.clearing {
		r.events["auction: bid not accepted"]++
		return false
	}
	if u.timing == r.setsBid() && !r.t.Auction.ProrateAll && u.rank == *r.clearing {
		p.bid = 1
	}
	return true
}
