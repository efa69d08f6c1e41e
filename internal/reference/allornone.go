package reference

import (
	"math/big"
	"slices"

	"tenderbook/allocation"
)

// allOrNone decides a step whose series are taken as they are or not at all
// (§6.2, G8): each series alone is fitted to its own maximum and places and
// rounded; then each aggregate cap is tested once, and what it has no room for
// gets nothing.
func (r *run) allOrNone(s *step, bs []*bound) {
	rejected := r.rejectOverMaximum(s, bs)
	stoppedBy := map[*part][]*bound{}
	for _, p := range s.parts {
		if !slices.Contains(rejected, p) {
			stoppedBy[p] = r.fitAlone(p, bs)
		}
	}
	over := r.exceeded(s, bs)
	for _, p := range s.parts {
		if by := firstOver(over, p.series); by != nil && !slices.Contains(rejected, p) {
			p.stop(new(big.Rat), by.index)
			delete(stoppedBy, p)
			r.events["series rejected: cap would be exceeded"]++
		}
	}
	if r.t.IfExceeded == allocation.RejectAndContinue {
		for _, b := range over {
			r.wasFull[b.index] = "accepted after a rejection that was skipped"
		}
		return // nothing closes (G13)
	}
	for _, b := range over {
		r.closed[b.index] = true
		r.events["cap closed by a rejection"]++
	}
	for _, full := range stoppedBy {
		for _, b := range full {
			r.close(b)
		}
	}
}

// fitAlone prorates one series by its own maximum and places alone and rounds
// it, as a group of its own. It gives the bounds that stopped it.
func (r *run) fitAlone(p *part, bs []*bound) []*bound {
	s := &step{parts: []*part{p}}
	own := slices.DeleteFunc(slices.Clone(bs), func(b *bound) bool { return !b.alone() || !b.covers(p.series) })
	groups, full := r.fill(s, own, nil)
	r.noteFilling(groups, full)
	r.settleGroups(s, own, groups)
	return full
}

// exceeded gives the aggregate caps that the step's rounded amounts pass.
func (r *run) exceeded(s *step, bs []*bound) []*bound {
	var over []*bound
	for _, b := range bs {
		if b.alone() {
			continue
		}
		sum := new(big.Rat)
		for _, p := range s.parts {
			sum.Add(sum, b.countAll(p, p.given))
		}
		if sum.Cmp(b.room) > 0 {
			over = append(over, b)
		}
	}
	return over
}
