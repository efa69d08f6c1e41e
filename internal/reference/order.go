package reference

import (
	"cmp"
	"slices"

	"tenderbook/allocation"
)

// A step is what is served together: some units of some series (§4).
type step struct {
	pos   position
	parts []*part // by series
}

// A part is one series in a step: its units at one place.
type part struct {
	series, place int
	last          bool // the place is the last of its series
	units         []*unit
	filled
}

// A position says when a step is served; the fields stand in the order they
// are compared in (G3, G4).
type position struct {
	depth  int
	timing allocation.Timing // always Early under order: priority
	level  int               // 0 in an auction
	bid    int               // auction: 0 better than clearing, 1 at clearing
	small  int               // 0 for the small units, 1 for the others
}

func (p position) compare(q position) int {
	return cmp.Or(cmp.Compare(p.depth, q.depth), cmp.Compare(p.timing, q.timing), cmp.Compare(p.level, q.level),
		cmp.Compare(p.bid, q.bid), cmp.Compare(p.small, q.small))
}

// order cuts the book into steps and puts them in the order they are served in
// (§4, G3). What a unit still has when a step's turn comes is found then.
func (r *run) order() []*step {
	var steps []*step
	for _, u := range r.units {
		for place, p := range r.positions(u) {
			i := slices.IndexFunc(steps, func(s *step) bool { return s.pos == p })
			if i < 0 {
				i = len(steps)
				steps = append(steps, &step{pos: p})
			}
			steps[i].add(u, place, r.isLast(u.series, place))
		}
	}
	slices.SortFunc(steps, func(a, b *step) int { return a.pos.compare(b.pos) })
	return steps
}

// positions is where the unit stands, by place of its series.
func (r *run) positions(u *unit) map[int]position {
	small := 1
	if u.size <= r.t.SmallUpTo {
		small = 0
	}
	p := position{depth: r.depth(u.series), small: small}
	if r.t.Order == allocation.Auction {
		if !r.bidPosition(u, &p) {
			return nil
		}
		return map[int]position{0: p}
	}
	if r.t.Order == allocation.EarlyFirst {
		p.timing = u.timing
	}
	at := map[int]position{}
	for i, place := range r.t.Series[u.series].Places {
		p.level = place.Level
		at[i] = p
	}
	return at
}

// depth is 0, or one more than the greatest depth of a series that a cap over s
// is net of (G3).
func (r *run) depth(s int) int {
	d := 0
	for _, c := range r.t.Caps {
		if !slices.Contains(c.Series, s) {
			continue
		}
		for _, l := range c.Less {
			d = max(d, 1+r.depth(l))
		}
	}
	return d
}

// isLast says whether the place is the last of its series: there what is
// returned is final (G5). An auction knows no places.
func (r *run) isLast(series, place int) bool {
	return r.t.Order == allocation.Auction || place == len(r.t.Series[series].Places)-1
}

func (s *step) add(u *unit, place int, last bool) {
	for _, p := range s.parts {
		if p.series == u.series && p.place == place {
			p.units = append(p.units, u)
			return
		}
	}
	s.parts = append(s.parts, &part{series: u.series, place: place, last: last, units: []*unit{u}})
	slices.SortFunc(s.parts, func(a, b *part) int { return cmp.Compare(a.series, b.series) })
}
