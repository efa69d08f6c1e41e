package reference

import (
	"math/big"
	"slices"

	"tenderbook/allocation"
)

var one = big.NewRat(1, 1)

// A bound is something that limits a step: a cap of the terms, or the up_to of
// a place, which is a cap over one series in principal (G5).
type bound struct {
	index int // of the cap, or len(Caps)+place
	own   bool
	place bool
	of    int // the series of a place
	room  *big.Rat
	r     *run

	weights map[*unit]*big.Rat
}

// covers says whether the series counts under the bound.
func (b *bound) covers(series int) bool {
	if b.place {
		return b.of == series
	}
	return slices.Contains(b.r.t.Caps[b.index].Series, series)
}

// alone says whether the bound is over one series only and so always prorates
// (§6.2, G5).
func (b *bound) alone() bool { return b.own || b.place }

// count is what an amount of the unit counts under the bound, which covers it.
func (b *bound) count(u *unit, amount int64) *big.Rat {
	n := big.NewRat(amount, 1)
	if b.place || amount == 0 {
		return n
	}
	if b.weights[u] == nil {
		b.weights[u] = b.r.weight(b.index, u)
	}
	return n.Mul(n, b.weights[u])
}

// countAll is what the given amounts of a part count under the bound.
func (b *bound) countAll(p *part, amounts []int64) *big.Rat {
	sum := new(big.Rat)
	if b.covers(p.series) {
		for i, u := range p.units {
			sum.Add(sum, b.count(u, amounts[i]))
		}
	}
	return sum
}

// bounds are the caps in the order of the terms, then the places of the step's
// series, each with its room (§6, G6).
func (r *run) bounds(s *step) []*bound {
	var bs []*bound
	for k, c := range r.t.Caps {
		bs = append(bs, &bound{index: k, own: c.Own, room: r.room(k), r: r, weights: map[*unit]*big.Rat{}})
	}
	if r.t.Order == allocation.Auction {
		return bs
	}
	for _, p := range s.parts {
		upTo := r.t.Series[p.series].Places[p.place].UpTo
		if upTo == 0 {
			continue
		}
		left := max(0, upTo-r.placeUsed[p.series][p.place])
		if r.placeClosed[p.series][p.place] {
			left = 0
		}
		bs = append(bs, &bound{index: len(r.t.Caps) + p.place, place: true, of: p.series, room: big.NewRat(left, 1), r: r})
	}
	return bs
}

// filled is what a step makes of a part.
type filled struct {
	sizes   []int64  // by unit: what takes part, minor units
	plain   *big.Rat // the factor of the filling
	factor  *big.Rat // the factor in the end
	boundBy int
	given   []int64 // by unit: what is accepted here, minor units
}

// serveStep decides one step and takes what it accepts off the caps (§6).
func (r *run) serveStep(s *step) {
	s.leaveOutFinished(r.steps)
	if len(s.parts) == 0 {
		return
	}
	bs := r.bounds(s)
	use := r.openStep(s, bs)
	if r.t.IfExceeded == allocation.Prorate || r.t.Order == allocation.Auction {
		r.prorate(s, bs)
	} else {
		r.allOrNone(s, bs)
	}
	for _, p := range s.parts {
		for i, u := range p.units {
			r.charge(u, p.place, p.given[i])
			u.accepted += p.given[i]
			u.taken += p.given[i] / r.t.Series[u.series].Increment
		}
		r.write(s, p)
	}
	for k := range r.t.Caps {
		after := new(big.Rat).Set(use.Before[k])
		for _, p := range s.parts {
			after.Sub(after, bs[k].countAll(p, p.given))
		}
		use.After = append(use.After, after)
	}
	r.stepUses = append(r.stepUses, use)
	r.steps++
}

// leaveOutFinished keeps the units that still have something to offer (G5);
// this is now the last step they took part in.
func (s *step) leaveOutFinished(n int) {
	var parts []*part
	for _, p := range s.parts {
		p.units = slices.DeleteFunc(p.units, func(u *unit) bool { return u.left() == 0 })
		p.plain, p.factor, p.boundBy = one, one, -1
		for _, u := range p.units {
			u.lastStep = n
			p.sizes = append(p.sizes, u.left())
		}
		p.given = slices.Clone(p.sizes)
		if len(p.units) > 0 {
			parts = append(parts, p)
		}
	}
	s.parts = parts
}

func (r *run) openStep(s *step, bs []*bound) StepUse {
	var use StepUse
	for k := range r.t.Caps {
		demand := new(big.Rat)
		for _, p := range s.parts {
			demand.Add(demand, bs[k].countAll(p, p.sizes))
		}
		use.Before = append(use.Before, bs[k].room)
		use.Demand = append(use.Demand, demand)
	}
	r.noteStep(s)
	return use
}

// write adds the step's lines of a part, one for each timing in it.
func (r *run) write(s *step, p *part) {
	for _, timing := range []allocation.Timing{allocation.Early, allocation.Late} {
		l := Line{
			Step: r.steps, Level: s.pos.level, Small: s.pos.small == 0, Series: p.series, Place: p.place, Timing: timing,
			Plain: p.plain, Factor: p.factor, BoundBy: p.boundBy,
		}
		for i, u := range p.units {
			if u.timing == timing {
				l.Units++
				l.Tendered += p.sizes[i]
				l.Accepted += p.given[i]
			}
		}
		if l.Units > 0 {
			r.lines = append(r.lines, l)
		}
	}
}

// noteStep counts what kinds of step there were.
func (r *run) noteStep(s *step) {
	if s.pos.small == 0 {
		r.events["small step"]++
	}
	if len(s.parts) > 1 {
		r.events["several series in a step"]++
	}
	if s.pos.depth > 0 {
		r.events["step after the series a cap is net of"]++
	}
	for _, p := range s.parts {
		if p.place > 0 {
			r.events["second place reached"]++
		}
		for _, u := range p.units {
			if len(u.tenders) > 1 {
				r.events["unit of several tenders"]++
			}
			if p.place > 0 && u.taken > 0 {
				r.events["unit accepted in part at an earlier place"]++
			}
		}
	}
}
