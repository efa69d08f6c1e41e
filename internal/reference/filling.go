package reference

import (
	"math/big"
	"slices"

	"tenderbook/allocation"
)

// A group is the parts that stopped together and share a factor (G7).
type group struct {
	parts  []*part
	factor *big.Rat // where they stopped, below 1
}

// prorate decides a step in which factors are shared (§6.2, G7): fill, round
// each group in the order in which they stopped, use what rounding left, close
// what was full.
func (r *run) prorate(s *step, bs []*bound) {
	rejected := r.rejectOverMaximum(s, bs)
	groups, full := r.fill(s, bs, rejected)
	r.noteFilling(groups, full)
	r.settleGroups(s, bs, groups)
	for _, b := range full {
		r.close(b)
	}
}

// rejectOverMaximum gives nothing to the series whose demand exceeds the room
// of its own maximum, where the terms say so (§6.2, G7 and G8).
func (r *run) rejectOverMaximum(s *step, bs []*bound) []*part {
	var rejected []*part
	if !r.t.MaximumRejects {
		return nil
	}
	for _, p := range s.parts {
		for _, b := range bs {
			if b.own && b.covers(p.series) && b.countAll(p, p.sizes).Cmp(b.room) > 0 {
				p.stop(new(big.Rat), b.index)
				rejected = append(rejected, p)
				r.events["maximum rejects a series"]++
				break
			}
		}
	}
	return rejected
}

// stop gives a part a factor below 1; what its units get is not known yet.
func (p *part) stop(factor *big.Rat, boundBy int) {
	p.plain, p.factor, p.boundBy = factor, factor, boundBy
	p.given = make([]int64, len(p.units))
}

// fill raises one factor from 0 for all parts together. When a bound becomes
// full the parts under it stop (G7). It gives the groups in the order in which
// they stopped and the bounds that became full below 1.
func (r *run) fill(s *step, bs []*bound, rejected []*part) (groups []*group, full []*bound) {
	rising := slices.DeleteFunc(slices.Clone(s.parts), func(p *part) bool { return slices.Contains(rejected, p) })
	for len(rising) > 0 {
		lambda, now := r.nextFull(s, bs, rising)
		if len(now) == 0 {
			break
		}
		var stopped []*part
		for _, p := range slices.Clone(rising) {
			if by := firstOver(now, p.series); by != nil {
				p.stop(lambda, by.index)
				stopped = append(stopped, p)
				rising = slices.DeleteFunc(rising, func(q *part) bool { return q == p })
			}
		}
		groups = append(groups, connected(stopped, now, lambda)...)
		full = append(full, now...)
	}
	return groups, full
}

// nextFull finds the smallest factor below 1 at which some bound over a rising
// part becomes full, and all bounds that do so there.
func (r *run) nextFull(s *step, bs []*bound, rising []*part) (lambda *big.Rat, full []*bound) {
	for _, b := range bs {
		fixed, slope := new(big.Rat), new(big.Rat)
		for _, p := range s.parts {
			demand := b.countAll(p, p.sizes)
			if slices.Contains(rising, p) {
				slope.Add(slope, demand)
			} else {
				fixed.Add(fixed, demand.Mul(demand, p.plain))
			}
		}
		if slope.Sign() == 0 {
			continue // nothing rises under it: it never becomes full
		}
		at := new(big.Rat).Sub(b.room, fixed)
		at.Quo(at, slope)
		switch {
		case at.Cmp(one) >= 0:
		case lambda == nil || at.Cmp(lambda) < 0:
			lambda, full = at, []*bound{b}
		case at.Cmp(lambda) == 0:
			full = append(full, b)
		}
	}
	return lambda, full
}

// firstOver is the bound that is said to bind a series: the first in the order
// of the caps that is not its own maximum, else its own, else its place (G7).
func firstOver(full []*bound, series int) *bound {
	for _, b := range full {
		if !b.alone() && b.covers(series) {
			return b
		}
	}
	for _, b := range full {
		if b.covers(series) {
			return b
		}
	}
	return nil
}

// connected gathers the parts that stopped at one factor into groups: two parts
// under one bound that became full there are in one group (G7).
func connected(stopped []*part, full []*bound, factor *big.Rat) []*group {
	var groups []*group
	for _, p := range stopped {
		g := &group{parts: []*part{p}, factor: factor}
		for again := true; again; {
			again = false
			for _, b := range full {
				for _, q := range stopped {
					if !slices.Contains(g.parts, q) && b.covers(q.series) && slices.ContainsFunc(g.parts, func(m *part) bool { return b.covers(m.series) }) {
						g.parts = append(g.parts, q)
						again = true
					}
				}
			}
		}
		if !slices.ContainsFunc(groups, func(h *group) bool { return slices.Contains(h.parts, p) }) {
			groups = append(groups, g)
		}
	}
	return groups
}

// close shuts a bound that was full, unless what rounding left is passed on
// (§6.3, G13).
func (r *run) close(b *bound) {
	if r.t.Remainder == allocation.Next {
		if !b.place {
			r.wasFull[b.index] = "remainder passed on to a later step"
		}
		return
	}
	if b.place {
		r.placeClosed[b.of][b.index-len(r.t.Caps)] = true
		r.events["place closed"]++
		return
	}
	r.closed[b.index] = true
	r.events["cap closed"]++
}

func (r *run) noteFilling(groups []*group, full []*bound) {
	if len(groups) > 1 {
		r.events["several groups in a step"]++
	}
	for _, g := range groups {
		if len(g.parts) > 1 {
			r.events["several series in a group"]++
		}
		if g.factor.Sign() == 0 {
			r.events["group stopped at 0"]++
		}
	}
	for _, b := range full {
		switch {
		case b.place:
			r.events["place bound"]++
		case b.own:
			r.events["maximum bound"]++
		default:
			r.events["cap bound"]++
		}
	}
}
