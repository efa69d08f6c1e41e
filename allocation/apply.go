package allocation

import (
	"math/big"
	"math/bits"
	"slices"
)

// A hold is the question that a group's factor must answer: do all caps hold
// with what the rest of the step takes or claims, and what this group gets?
type hold struct {
	st     *stage
	pieces []*piece   // of the group
	limits []*limit   // those over the group
	room   []*big.Rat // by limit: what the rest of the step leaves the group
	totals []int64    // by strand, reused
}

// settle turns the groups' factors into notes, in the order they stopped (G9 to
// G11).
func (st *stage) settle(limits []*limit, groups []group) {
	demand := st.demands(limits)
	settled := map[int]bool{}
	st.acceptWhole()
	for _, g := range groups {
		h := st.holdOf(limits, demand, g, settled)
		from := h.lowered(h.truncated(g.factor))
		to := from
		if st.terms.Leftover == RaiseFactor && g.factor.Sign() > 0 {
			to = h.raised(from)
		}
		h.accept(from, to)
		for _, s := range g.series {
			st.share[s].factor = to
			settled[s] = true
		}
	}
	for _, s := range st.series {
		if st.share[s].factor == nil {
			st.share[s].factor = st.share[s].plain
		}
	}
	if st.terms.Leftover == LargestRemainder {
		st.largestRemainder(limits)
	}
}

// acceptWhole gives the series at factor 1 everything.
func (st *stage) acceptWhole() {
	for i := range st.pieces {
		p := &st.pieces[i]
		if st.share[p.unit.series].full {
			p.floor, p.accept = p.offered, p.offered
			st.strands[p.strand].accepted += p.offered * p.unit.count
		}
	}
}

func (st *stage) holdOf(limits []*limit, demand []map[int]*big.Rat, g group, settled map[int]bool) *hold {
	h := &hold{st: st, totals: make([]int64, len(st.strands))}
	for i := range st.pieces {
		if slices.Contains(g.series, st.pieces[i].unit.series) {
			h.pieces = append(h.pieces, &st.pieces[i])
		}
	}
	for k := range limits {
		if l := limits[k]; st.covers(l, g) {
			h.limits = append(h.limits, l)
			h.room = append(h.room, st.left(l, demand[k], g, settled))
		}
	}
	return h
}

func (st *stage) covers(l *limit, g group) bool {
	for i, w := range l.weight {
		if w != nil && slices.Contains(g.series, st.strands[i].series) {
			return true
		}
	}
	return false
}

// left is the room of a limit less what the other series of the step have got,
// if they are settled, or claim.
func (st *stage) left(l *limit, demand map[int]*big.Rat, g group, settled map[int]bool) *big.Rat {
	room := new(big.Rat).Set(l.room)
	for s, d := range demand {
		if share := st.share[s]; !slices.Contains(g.series, s) && !settled[s] && share.plain != nil {
			room.Sub(room, new(big.Rat).Mul(d, share.plain))
		}
	}
	got := make([]int64, len(st.strands))
	for i := range st.strands {
		if settled[st.strands[i].series] {
			got[i] = st.strands[i].accepted
		}
	}
	return room.Sub(room, l.uses(got))
}

// fits reports whether the caps hold when every piece gets what amount says.
func (h *hold) fits(amount func(*piece) int64) bool {
	clear(h.totals)
	for _, p := range h.pieces {
		h.totals[p.strand] += amount(p) * p.unit.count
	}
	for k := range h.limits {
		if h.limits[k].uses(h.totals).Cmp(h.room[k]) > 0 {
			return false
		}
	}
	return true
}

// accept gives each piece of the group what it gets: the stub rule's answer at
// the factor, or, where the factor was raised, the most on the way up.
func (h *hold) accept(from, to *big.Rat) {
	a, b := factorOf(from), factorOf(to)
	for _, p := range h.pieces {
		lo, hi := p.at(a), p.at(b)
		_, p.accept = p.bounds(lo, hi, h.st.terms.Stub)
		p.floor = hi * p.inc
		p.rule = ruleOf(p)
		h.st.strands[p.strand].accepted += p.accept * p.unit.count
	}
}

func ruleOf(p *piece) ShareRule {
	switch {
	case p.accept == p.floor:
		return RuleNone
	case p.accept == 0:
		return RuleStubReject
	case p.accept == p.offered:
		return RuleStubAccept
	}
	return RuleStubMinimum
}

// The search for a factor goes over a grid: all multiples of 2^-62, narrow
// enough to part any two factors of interest but a few, which are then looked
// at one by one, or the decimals that the terms allow.
const finest = 1 << 62

func (h *hold) grid() uint64 {
	if n := h.st.terms.FactorDecimals; n > 0 {
		den := uint64(1)
		for range n {
			den *= 10
		}
		return den
	}
	return finest
}

func (h *hold) decimal() bool { return h.st.terms.FactorDecimals > 0 }

// truncated cuts a factor to the decimals of the terms.
func (h *hold) truncated(f *big.Rat) *big.Rat {
	if !h.decimal() {
		return f
	}
	return gridPoint(gridBelow(f, h.grid()), h.grid())
}

// gridBelow is the last grid point at or below f.
func gridBelow(f *big.Rat, den uint64) uint64 {
	n := new(big.Int).SetUint64(den)
	n.Mul(n, f.Num())
	return n.Quo(n, f.Denom()).Uint64()
}

func gridPoint(p, den uint64) *big.Rat {
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(p), new(big.Int).SetUint64(den))
}

// stepsBefore is the number of increments at factors just below p/den: the last
// n with n × inc ÷ offered < p ÷ den.
func (p *piece) stepsBefore(point, den uint64) int64 {
	hi, lo := bits.Mul64(point, uint64(p.offered))
	q, rem := bits.Div64(hi, lo, den)
	// the product is q + rem/den minor units; the last multiple strictly below it
	if rem == 0 {
		q--
	}
	if int64(q) < 0 {
		return -1
	}
	return min(p.limit, int64(q)/p.inc)
}
