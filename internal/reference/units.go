package reference

import (
	"cmp"
	"math/big"
	"slices"

	"tenderbook/allocation"
)

// A unit is what is prorated: one tender, or all tenders of one participant or
// holder in the same series and timing and, in an auction, at the same bid
// (G2). A conditional tender is always a unit of its own (G14).
type unit struct {
	series  int
	timing  allocation.Timing
	rank    int64 // auction: the bid it is ranked by
	pays    int64 // auction: the bid it is paid at
	atLeast int64

	tenders  []allocation.Tender // in order of receipt, then id
	size     int64               // minor units
	whole    int64               // whole increments of its tenders, the most it gets if not all (G2)
	accepted int64               // minor units, over all places served so far
	taken    int64               // p: increments of accepted
	lastStep int                 // the last step it took part in, -1 for none
}

func (u *unit) conditional() bool { return u.atLeast > 0 }

// left is what it still has to offer at the next place, minor units (G5).
func (u *unit) left() int64 { return u.size - u.accepted }

// leftExact is x: what it still has to offer in increments, exactly (G2, G5).
func (u *unit) leftExact(increment int64) *big.Rat { return big.NewRat(u.left(), increment) }

// unitKey is what the tenders of one unit have in common.
type unitKey struct {
	series     int
	timing     allocation.Timing
	rank, pays int64
	owner      string
	alone      int // row of a tender that is a unit of its own, else -1
}

// makeUnits gathers the tenders into units (G2) and gives for each tender, by
// position in the book, the unit it is in. bids gives the bid a tender is
// ranked by and the one it is paid at.
func makeUnits(t *allocation.Terms, book []allocation.Tender, bids func(allocation.Tender) (rank, pays int64)) (units, unitOf []*unit) {
	byKey := map[unitKey]*unit{}
	unitOf = make([]*unit, len(book))
	for i, x := range book {
		rank, pays := bids(x)
		k := unitKey{series: x.Series, timing: x.Timing, rank: rank, pays: pays, owner: x.Unit, alone: -1}
		if t.ProrateBy == allocation.ByInstruction || x.AtLeast > 0 {
			k.owner, k.alone = "", x.Row
		}
		u := byKey[k]
		if u == nil {
			u = &unit{series: x.Series, timing: x.Timing, rank: rank, pays: pays, atLeast: x.AtLeast, lastStep: -1}
			byKey[k] = u
			units = append(units, u)
		}
		u.tenders = append(u.tenders, x)
		u.size += x.Principal
		u.whole += x.Principal / t.Series[x.Series].Increment
		unitOf[i] = u
	}
	for _, u := range units {
		slices.SortFunc(u.tenders, byReceipt)
	}
	slices.SortFunc(units, func(u, v *unit) int { return byReceipt(u.tenders[0], v.tenders[0]) })
	return units, unitOf
}

// byReceipt orders tenders by receipt time, then id; the row stands in where
// two ids are equal.
func byReceipt(x, y allocation.Tender) int {
	return cmp.Or(cmp.Compare(x.ReceivedAt, y.ReceivedAt), cmp.Compare(x.ID, y.ID), cmp.Compare(x.Row, y.Row))
}

// share divides what the unit was accepted for among its tenders, by row (G2):
// floor(A x(i) / X) increments each, then one increment each by the size of the
// cut-off fraction, equal ones in order of receipt, passing over tenders that
// have no whole increment left, again until A is spent. A unit accepted whole
// gives each tender the whole of it.
func (u *unit) share(increment int64) map[int]int64 {
	got := map[int]int64{}
	if u.accepted == u.size {
		for _, x := range u.tenders {
			got[x.Row] = x.Principal
		}
		return got
	}
	fraction := map[int]*big.Rat{}
	rest := u.taken
	for _, x := range u.tenders {
		exact := big.NewRat(u.taken, 1)
		exact.Mul(exact, big.NewRat(x.Principal, u.size))
		n := min(floor(exact), x.Principal/increment)
		got[x.Row] = n * increment
		rest -= n
		fraction[x.Row] = exact.Sub(exact, big.NewRat(floor(exact), 1))
	}
	byFraction := slices.Clone(u.tenders)
	slices.SortStableFunc(byFraction, func(x, y allocation.Tender) int { return fraction[y.Row].Cmp(fraction[x.Row]) })
	for rest > 0 {
		for _, x := range byFraction {
			if rest > 0 && got[x.Row]+increment <= x.Principal {
				got[x.Row] += increment
				rest--
			}
		}
	}
	return got
}

// floor is the greatest whole number not above r, for r >= 0.
func floor(r *big.Rat) int64 {
	return new(big.Int).Quo(r.Num(), r.Denom()).Int64()
}

// halfUp rounds r >= 0 to the nearest whole number, a half up (G15).
func halfUp(r *big.Rat) int64 {
	return floor(new(big.Rat).Add(r, big.NewRat(1, 2)))
}
