package reference

import (
	"math"
	"math/big"
	"slices"

	"tenderbook/allocation"
)

// settleGroups turns factors into notes, group by group in the order in which
// they stopped (§7, G10, G11).
func (r *run) settleGroups(s *step, bs []*bound, groups []*group) {
	for i, g := range groups {
		waiting := groups[i+1:]
		r.settleGroup(s, bs, g, waiting)
	}
	if r.t.Leftover == allocation.LargestRemainder {
		r.largestRemainder(s, bs, groups)
	}
}

// settleGroup rounds one group: the factor cut to its decimals, lowered where a
// stub rule would break a bound, raised where the terms say so.
func (r *run) settleGroup(s *step, bs []*bound, g *group, waiting []*group) {
	fits := func(amounts [][]int64) bool { return r.fits(s, bs, g, waiting, amounts) }
	f := r.truncate(g.factor)
	amounts := r.giveGroup(g, f)
	if !fits(amounts) {
		f, amounts = r.lower(g, f, fits)
		r.events["factor lowered by a stub"]++
	}
	if r.t.Leftover == allocation.RaiseFactor && g.factor.Sign() > 0 {
		raised, more := r.raise(g, f, amounts, fits)
		if raised.Cmp(f) > 0 {
			r.events["factor raised"]++
		}
		f, amounts = raised, more
	}
	for i, p := range g.parts {
		p.factor, p.given = f, amounts[i]
	}
}

// truncate cuts a factor to the decimals of the terms (§7.2).
func (r *run) truncate(f *big.Rat) *big.Rat {
	if r.t.FactorDecimals == 0 {
		return f
	}
	grid := r.grid()
	n := new(big.Rat).Quo(f, grid)
	whole := new(big.Int).Quo(n.Num(), n.Denom())
	return new(big.Rat).Mul(new(big.Rat).SetInt(whole), grid)
}

// grid is 10^-n, the distance between two factors of n decimals.
func (r *run) grid() *big.Rat {
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(r.t.FactorDecimals)), nil)
	return new(big.Rat).SetFrac(big.NewInt(1), ten)
}

// giveGroup is what each unit of each part of the group gets at a factor.
func (r *run) giveGroup(g *group, f *big.Rat) [][]int64 {
	amounts := make([][]int64, len(g.parts))
	for i, p := range g.parts {
		for _, u := range p.units {
			amounts[i] = append(amounts[i], r.give(u, f, p.last))
		}
	}
	return amounts
}

// fits says whether every bound holds with the given amounts for the group, the
// rounded amounts of the groups before it, the exact demand of what is accepted
// in full and the exact claims of the groups still waiting (G10).
func (r *run) fits(s *step, bs []*bound, g *group, waiting []*group, amounts [][]int64) bool {
	for _, b := range bs {
		sum := new(big.Rat)
		for _, p := range s.parts {
			in := slices.Index(g.parts, p)
			switch {
			case in >= 0:
				sum.Add(sum, b.countAll(p, amounts[in]))
			case slices.ContainsFunc(waiting, func(w *group) bool { return slices.Contains(w.parts, p) }):
				claim := b.countAll(p, p.sizes)
				sum.Add(sum, claim.Mul(claim, p.plain))
			default:
				sum.Add(sum, b.countAll(p, p.given))
			}
		}
		if sum.Cmp(b.room) > 0 {
			return false
		}
	}
	return true
}

// breakpoints lists every factor in (0, 1) at which some unit of the group gets
// another increment: m/x for its x increments (§7.4, G10). With factor_decimals
// they are moved up to the next factor that has so few decimals, the first at
// which the increment is there; the least factor above 0 is one of them.
func (r *run) breakpoints(g *group) []*big.Rat {
	var points []*big.Rat
	for _, p := range g.parts {
		listed := map[int64]bool{} // sizes of this series
		for _, u := range p.units {
			if !listed[u.left()] {
				listed[u.left()] = true
				points = append(points, r.ownBreakpoints(u)...)
			}
		}
	}
	if r.t.FactorDecimals > 0 {
		points = r.ontoGrid(points)
	}
	slices.SortFunc(points, (*big.Rat).Cmp)
	return slices.CompactFunc(points, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
}

// ownBreakpoints lists the factors in (0, 1) at which the unit gets another
// increment, from the least.
func (r *run) ownBreakpoints(u *unit) []*big.Rat {
	var points []*big.Rat
	increment := r.t.Series[u.series].Increment
	for m := increment; m < u.left() && m <= (u.whole-u.taken)*increment; m += increment {
		points = append(points, big.NewRat(m, u.left()))
	}
	return points
}

func (r *run) ontoGrid(points []*big.Rat) []*big.Rat {
	grid := r.grid()
	moved := []*big.Rat{grid}
	for _, b := range points {
		up := r.truncate(b)
		if up.Cmp(b) < 0 {
			up = new(big.Rat).Add(up, grid)
		}
		if up.Cmp(one) < 0 {
			moved = append(moved, up)
		}
	}
	return moved
}

// lower finds the largest breakpoint below the factor at which the bounds hold,
// or 0 (G10). With factor_decimals every multiple up to the next breakpoint
// gives the same amounts, so the largest of those is meant.
func (r *run) lower(g *group, f *big.Rat, fits func([][]int64) bool) (*big.Rat, [][]int64) {
	points := r.breakpoints(g)
	for i := len(points) - 1; i >= 0; i-- {
		if points[i].Cmp(f) >= 0 {
			continue
		}
		amounts := r.giveGroup(g, points[i])
		if !fits(amounts) {
			continue
		}
		if r.t.FactorDecimals > 0 && i+1 < len(points) && points[i+1].Cmp(f) <= 0 {
			return new(big.Rat).Sub(points[i+1], r.grid()), amounts
		}
		return points[i], amounts
	}
	return new(big.Rat), r.giveGroup(g, new(big.Rat))
}

// raise walks up the breakpoints above the factor as long as the bounds hold;
// a unit gets the most that any ratio on the way gives it (G11).
func (r *run) raise(g *group, f *big.Rat, amounts [][]int64, fits func([][]int64) bool) (*big.Rat, [][]int64) {
	for {
		b := r.nextBreakpoint(g, f)
		if b == nil {
			break
		}
		more := r.giveMost(g, f, b, amounts)
		if !fits(more) {
			if r.t.FactorDecimals > 0 {
				f = new(big.Rat).Sub(b, r.grid())
			}
			return f, amounts
		}
		f, amounts = b, more
	}
	if r.t.FactorDecimals > 0 {
		f = new(big.Rat).Sub(one, r.grid())
	}
	return f, amounts
}

// nextBreakpoint is the least of the group's breakpoints above the factor, nil
// if there is none below 1. It is found without listing them all, so that
// tenders of very many increments can be raised too.
func (r *run) nextBreakpoint(g *group, f *big.Rat) *big.Rat {
	var next *big.Rat
	for _, p := range g.parts {
		for _, u := range p.units {
			points := r.breakpointsBetween(u, f, one, 1)
			if len(points) > 0 && (next == nil || points[0].Cmp(next) < 0) {
				next = points[0]
			}
		}
	}
	if next != nil && r.t.FactorDecimals > 0 {
		if up := r.truncate(next); up.Cmp(next) == 0 {
			next = up
		} else {
			next = up.Add(up, r.grid())
		}
	}
	if next == nil || next.Cmp(one) >= 0 {
		return nil
	}
	return next
}

// breakpointsBetween lists the first few of a unit's own breakpoints above from
// and not above to.
func (r *run) breakpointsBetween(u *unit, from, to *big.Rat, few int) []*big.Rat {
	var points []*big.Rat
	x := u.leftExact(r.t.Series[u.series].Increment)
	for m := floor(new(big.Rat).Mul(from, x)) + 1; m <= u.whole-u.taken && len(points) < few; m++ {
		b := new(big.Rat).Quo(big.NewRat(m, 1), x)
		if b.Cmp(to) > 0 || b.Cmp(one) >= 0 {
			break
		}
		points = append(points, b)
	}
	return points
}

// giveMost is the most that each unit gets at any ratio above from and not
// above to, and not less than it had.
func (r *run) giveMost(g *group, from, to *big.Rat, had [][]int64) [][]int64 {
	most := r.giveGroup(g, to)
	for i, p := range g.parts {
		for j, u := range p.units {
			most[i][j] = max(most[i][j], had[i][j])
			for _, b := range r.breakpointsBetween(u, from, to, math.MaxInt) {
				most[i][j] = max(most[i][j], r.give(u, b, p.last))
			}
		}
	}
	return most
}

// largestRemainder gives one increment more to the units with the largest
// fraction cut off, equal ones in order of receipt, as far as the bounds hold
// (§7.4, G11).
func (r *run) largestRemainder(s *step, bs []*bound, groups []*group) {
	type claim struct {
		p        *part
		i        int
		fraction *big.Rat
	}
	var claims []claim
	for _, g := range groups {
		for _, p := range g.parts {
			for i, u := range p.units {
				exact := u.leftExact(r.t.Series[p.series].Increment)
				exact.Mul(exact, p.factor)
				exact.Sub(exact, big.NewRat(floor(exact), 1))
				if exact.Sign() > 0 {
					claims = append(claims, claim{p, i, exact})
				}
			}
		}
	}
	slices.SortFunc(claims, func(a, b claim) int {
		if c := b.fraction.Cmp(a.fraction); c != 0 {
			return c
		}
		return byReceipt(a.p.units[a.i].tenders[0], b.p.units[b.i].tenders[0])
	})
	for _, c := range claims {
		r.oneMore(s, bs, c.p, c.i)
	}
}

// oneMore gives a unit one increment more if no stub rule changed what it got,
// if the result is no stub, and if every bound still holds (G11).
func (r *run) oneMore(s *step, bs []*bound, p *part, i int) {
	u, before := p.units[i], p.given[i]
	increment := r.t.Series[u.series].Increment
	more := r.roundDown(u, p.factor) + increment
	if more > (u.whole-u.taken)*increment {
		return // not a whole increment is left
	}
	if r.t.Stub != allocation.StubIgnore && (before != more-increment || r.isStub(u, more, p.last)) {
		return
	}
	p.given[i] = more
	for _, b := range bs {
		sum := new(big.Rat)
		for _, q := range s.parts {
			sum.Add(sum, b.countAll(q, q.given))
		}
		if sum.Cmp(b.room) > 0 {
			p.given[i] = before
			r.events["largest remainder: passed over"]++
			return
		}
	}
	r.events["largest remainder: one more"]++
}
