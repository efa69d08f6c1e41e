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
	pieces []*piece   // of the group, one for each size of its turns
	turns  []*turn    // of the group
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
		if g.factor.Sign() == 0 { // nothing to round, and nothing to raise
			st.apply(g, zero, settled)
			continue
		}
		h := st.holdOf(limits, demand, g, settled)
		from := h.lowered(h.truncated(g.factor))
		to := from
		if st.terms.Leftover == RaiseFactor {
			to = h.raised(from)
		}
		h.accept(from, to)
		st.apply(g, to, settled)
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

// apply records the factor of a group that is settled.
func (st *stage) apply(g group, factor *big.Rat, settled map[int]bool) {
	for _, s := range g.series {
		st.share[s].factor = factor
		settled[s] = true
	}
}

// acceptWhole gives the series at factor 1 everything.
func (st *stage) acceptWhole() {
	for i := range st.pieces {
		if p := &st.pieces[i]; st.share[p.series].full {
			p.floor, p.accept = p.offered, p.offered
		}
	}
	for i := range st.turns {
		if t := &st.turns[i]; st.share[t.slot.series].full {
			t.grant.how = servedWhole
		}
	}
	for i := range st.strands {
		if s := &st.strands[i]; st.share[s.series].full {
			s.accepted = s.demand
		}
	}
}

func (st *stage) holdOf(limits []*limit, demand []map[int]*big.Rat, g group, settled map[int]bool) *hold {
	h := &hold{st: st, totals: make([]int64, len(st.strands))}
	for i := range st.pieces {
		if p := &st.pieces[i]; slices.Contains(g.series, p.series) {
			h.pieces = append(h.pieces, p)
		}
	}
	for i := range st.turns {
		if t := &st.turns[i]; slices.Contains(g.series, t.slot.series) {
			h.turns = append(h.turns, t)
		}
	}
	h.addSizes()
	for k := range limits {
		if l := limits[k]; st.covers(l, g) {
			h.limits = append(h.limits, l)
			h.room = append(h.room, st.left(l, demand[k], g, settled))
		}
	}
	return h
}

// addSizes adds a piece for each size of the turns.
func (h *hold) addSizes() {
	n := 0
	for _, t := range h.turns {
		n += len(t.band.sizes)
	}
	made := make([]piece, 0, n)
	for _, t := range h.turns {
		for _, s := range t.band.sizes {
			p := t.slot.piece(s.principal, t.band.got(s.principal))
			p.count = s.count
			if p.offered > 0 {
				made = append(made, p)
			}
		}
	}
	h.pieces = slices.Grow(h.pieces, len(made))
	for i := range made {
		h.pieces = append(h.pieces, &made[i])
	}
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
		h.totals[p.strand] += amount(p) * p.count
	}
	for k := range h.limits {
		if h.limits[k].uses(h.totals).Cmp(h.room[k]) > 0 {
			return false
		}
	}
	return true
}

// accept gives each piece of the group what it gets between two factors.
func (h *hold) accept(from, to *big.Rat) {
	a, b, stub := factorOf(from), factorOf(to), h.st.terms.Stub
	for _, p := range h.pieces {
		p.settle(a, b, stub)
		h.st.strands[p.strand].accepted += p.accept * p.count
	}
	for _, t := range h.turns {
		t.grant.how, t.grant.from, t.grant.to, t.grant.stub = servedPart, a, b, stub
	}
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
