package allocation

import (
	"math/big"
	"math/bits"
	"slices"
)

// lowered gives the factor itself if the caps hold with it, else the largest
// breakpoint below it at which they do (G10). A stub rule that accepts more than
// the floor can break a cap, and totals then rise and fall with the factor, so
// this is a branch-and-bound search from above: an interval is left out as soon
// as even the least that its tenders could get is too much.
func (h *hold) lowered(f *big.Rat) *big.Rat {
	at, stub := factorOf(f), h.st.terms.Stub
	if h.fits(func(p *piece) int64 { return p.stubbed(p.at(at), stub) }) {
		return f
	}
	for _, p := range h.pieces {
		p.top = p.at(at)
	}
	end := gridBelow(f, h.grid())
	if !h.decimal() {
		end++
	}
	if found := h.largest(0, end); found != nil {
		return found
	}
	return zero
}

// largest finds the largest factor in [lo, hi) of the grid, no piece above its
// top, at which the caps hold; nil if there is none.
func (h *hold) largest(lo, hi uint64) *big.Rat {
	if lo >= hi {
		return nil
	}
	den, stub := h.grid(), h.st.terms.Stub
	low := factor{num: lo, den: den}
	constant := true
	last := func(p *piece) int64 {
		if h.decimal() {
			return min(p.top, p.at(factor{num: hi - 1, den: den}))
		}
		return min(p.top, p.stepsBefore(hi, den))
	}
	least := h.fits(func(p *piece) int64 {
		from, to := p.at(low), last(p)
		if to > from {
			constant = false
		}
		a, _ := p.bounds(from, max(from, to), stub)
		return a
	})
	switch {
	case !least:
		return nil
	case constant && h.decimal():
		return gridPoint(hi-1, den)
	case constant:
		return h.breakpointAt(low)
	case hi-lo == 1:
		return h.largestOf(low, last)
	}
	mid := lo + (hi-lo)/2
	if found := h.largest(mid, hi); found != nil {
		return found
	}
	return h.largest(lo, mid)
}

// largestOf looks at the breakpoints above low one by one, from the last, and
// then at low itself.
func (h *hold) largestOf(low factor, last func(*piece) int64) *big.Rat {
	var points []*big.Rat
	for _, p := range h.pieces {
		for n := p.at(low) + 1; n <= last(p); n++ {
			points = append(points, p.breakpoint(n))
		}
	}
	points = append(points, h.breakpointAt(low))
	slices.SortFunc(points, func(a, b *big.Rat) int { return b.Cmp(a) })
	points = slices.CompactFunc(points, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
	for _, f := range points {
		at := factorOf(f)
		if h.fits(func(p *piece) int64 { return p.stubbed(p.at(at), h.st.terms.Stub) }) {
			return f
		}
	}
	return nil
}

// breakpointAt is the largest breakpoint at or below a factor, 0 if none.
func (h *hold) breakpointAt(f factor) *big.Rat {
	var num, den uint64 = 0, 1
	for _, p := range h.pieces {
		n, d := uint64(p.at(f)*p.inc), uint64(p.offered)
		hi, lo := bits.Mul64(n, den)
		bestHi, bestLo := bits.Mul64(num, d)
		if hi > bestHi || hi == bestHi && lo > bestLo {
			num, den = n, d
		}
	}
	return gridPoint(num, den)
}

// raised gives the largest breakpoint below 1 up to which the caps hold all the
// way from a factor at which they do, or that factor if there is none (G11).
// Raising takes nothing away, so totals only rise and halving finds the place.
func (h *hold) raised(f *big.Rat) *big.Rat {
	start, den := factorOf(f), h.grid()
	for _, p := range h.pieces {
		p.from = p.at(start)
	}
	before := func(p *piece) int64 { return p.stepsBefore(den, den) }
	if h.decimal() {
		before = func(p *piece) int64 { return p.at(factor{num: den - 1, den: den}) }
	}
	lo, hi := gridBelow(f, den), den
	if h.holdsUpTo(before) {
		lo = den - 1
	}
	for hi-lo > 1 {
		mid := lo + (hi-lo)/2
		at := factor{num: mid, den: den}
		if h.holdsUpTo(func(p *piece) int64 { return p.at(at) }) {
			lo = mid
		} else {
			hi = mid
		}
	}
	best := gridPoint(lo, den)
	if !h.decimal() {
		best = h.lastHeld(factor{num: lo, den: den}, hi, before)
	}
	if best.Cmp(f) > 0 {
		return best
	}
	return f
}

// holdsUpTo reports whether the caps hold when every piece gets the most on the
// way from where it started to n increments.
func (h *hold) holdsUpTo(n func(*piece) int64) bool {
	return h.fits(func(p *piece) int64 {
		_, most := p.bounds(p.from, max(p.from, n(p)), h.st.terms.Stub)
		return most
	})
}

// lastHeld is the last breakpoint at or below lo, or one of the few between lo
// and the next grid point, if the caps still hold there.
func (h *hold) lastHeld(lo factor, hi uint64, before func(*piece) int64) *big.Rat {
	next := factor{num: hi, den: lo.den}
	var points []*big.Rat
	for _, p := range h.pieces {
		to := min(before(p), p.at(next))
		for n := p.at(lo) + 1; n <= to; n++ {
			points = append(points, p.breakpoint(n))
		}
	}
	slices.SortFunc(points, (*big.Rat).Cmp)
	best := h.breakpointAt(lo)
	for _, f := range points {
		at := factorOf(f)
		if !h.holdsUpTo(func(p *piece) int64 { return p.at(at) }) {
			break
		}
		best = f
	}
	return best
}

// largestRemainder gives one increment each to the largest cut-off fractions
// while the caps hold (G11).
func (st *stage) largestRemainder(limits []*limit) {
	var cut []*piece
	fraction := map[*piece]*big.Rat{}
	for i := range st.pieces {
		p := &st.pieces[i]
		f := st.share[p.series].factor
		if f.Sign() == 0 || st.share[p.series].full || p.accept != p.floor {
			continue
		}
		rest := new(big.Rat).SetInt64(p.offered)
		rest.Mul(rest, f).Sub(rest, new(big.Rat).SetInt64(p.floor))
		if rest.Sign() > 0 {
			fraction[p] = rest.Quo(rest, new(big.Rat).SetInt64(p.inc))
			cut = append(cut, p)
		}
	}
	slices.SortFunc(cut, func(a, b *piece) int {
		if c := fraction[b].Cmp(fraction[a]); c != 0 {
			return c
		}
		return compareReceipts(a.unit.lead, b.unit.lead)
	})
	st.addIncrements(limits, cut)
}

// addIncrements passes over pieces that a stub rule or a cap forbids.
func (st *stage) addIncrements(limits []*limit, cut []*piece) {
	accepted := make([]int64, len(st.strands))
	for i := range st.strands {
		accepted[i] = st.strands[i].accepted
	}
	left := make([]*big.Rat, len(limits))
	for k := range limits {
		left[k] = new(big.Rat).Sub(limits[k].room, limits[k].uses(accepted))
	}
	for _, p := range cut {
		more := p.floor + p.inc
		if more > p.limit*p.inc || st.terms.Stub != StubIgnore && p.stub(more) {
			continue
		}
		if take(limits, left, p) {
			p.accept += p.inc
			p.rule = RuleRemainder
			st.strands[p.strand].accepted += p.inc
		}
	}
}

// take books one increment of a piece if every limit has the room.
func take(limits []*limit, left []*big.Rat, p *piece) bool {
	cost := make([]*big.Rat, len(limits))
	for k := range limits {
		if w := limits[k].weight[p.strand]; w != nil {
			cost[k] = new(big.Rat).Mul(w, new(big.Rat).SetInt64(p.inc))
			if cost[k].Cmp(left[k]) > 0 {
				return false
			}
		}
	}
	for k, c := range cost {
		if c != nil {
			left[k].Sub(left[k], c)
		}
	}
	return true
}
