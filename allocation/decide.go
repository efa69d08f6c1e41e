package allocation

import (
	"cmp"
	"math/big"
)

// A unit is a bundle as one run treats it.
type unit struct {
	*bundle
	dropped bool
	got     int64 // accepted so far, minor units
	ended   int   // the last step it took part in; -1: none
	last    int   // its last entry in the run's log; -1: none
	quote   quote
}

// An entry is what a unit got in one step.
type entry struct {
	Share
	before int // the unit's entry before this one; -1: none
}

// A run is one pass over the steps.
type run struct {
	terms *Terms
	bands []band
	units []unit
	depth []int
	log   []entry

	used        []*big.Rat // by cap: what it has counted, series in `less` included
	closed      []bool     // by cap
	taken       [][]int64  // by series and place: principal accepted
	placeClosed [][]bool
	early       []bool   // by series: some bid that competes came early
	clearing    []*int64 // by series; one for all, unless auctions stand side by side
	steps       []Step
}

// Decide serves the book of a tally in the order of the terms, which may differ
// from the tally's own in anything but what [Tally.OneByOne] and the bids that
// count depend on: one tally serves many variants of an offer, also at the same
// time. It fails only on terms that contradict themselves and on sums beyond 64
// bits.
func Decide(t *Terms, tally *Tally) (*Decision, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	ledger, err := tally.ledger()
	if err != nil {
		return nil, err
	}
	depth, err := t.depths()
	if err != nil {
		return nil, err
	}
	dropped := map[*bundle]bool{}
	var order []Tender
	for {
		r := newRun(t, ledger, depth, dropped)
		r.serve()
		u := r.fallsShort()
		if u == nil {
			d := r.decision(order)
			d.ledger = ledger
			if d.tooLarge {
				return nil, ErrPaymentsTooLarge
			}
			return d, nil
		}
		dropped[u.bundle] = true
		order = append(order, u.tenders[0])
	}
}

// Allocate decides a book that is at hand as a list. Outcomes are in the order
// of the tenders, whose rows must be unique.
func Allocate(t *Terms, tenders []Tender) (*Decision, []Outcome, error) {
	tally := NewTally(t)
	for _, x := range tenders {
		tally.Add(x)
	}
	d, err := Decide(t, tally)
	if err != nil {
		return nil, nil, err
	}
	outcomes := make([]Outcome, len(tenders))
	for i, x := range tenders {
		outcomes[i] = d.Outcome(x)
	}
	return d, outcomes, nil
}

func newRun(t *Terms, l *ledger, depth []int, dropped map[*bundle]bool) *run {
	r := &run{
		terms: t, depth: depth, bands: bandsOf(l.batches, t.SmallUpTo),
		units: make([]unit, len(l.bundles)), log: make([]entry, 0, len(l.bundles)),
	}
	for i := range l.bundles {
		b := &l.bundles[i]
		r.units[i] = unit{bundle: b, ended: -1, last: -1, dropped: dropped[b]}
	}
	for k := range t.Caps {
		used, closed := new(big.Rat), false
		if s := t.Settled; s != nil {
			used.Set(s.Used[k])
			closed = s.ClosedAt[k] == t.Caps[k].Amount
		}
		r.used, r.closed = append(r.used, used), append(r.closed, closed)
	}
	for i, s := range t.Series {
		taken := make([]int64, len(s.Places))
		if t.Settled != nil {
			copy(taken, t.Settled.Taken[i])
		}
		r.taken = append(r.taken, taken)
		r.placeClosed = append(r.placeClosed, make([]bool, len(s.Places)))
	}
	return r
}

// serve works through the steps.
func (r *run) serve() {
	if r.terms.Order == Auction {
		r.clear()
	}
	keys, seats := r.plan()
	for _, key := range keys {
		st := r.stage(key, seats[key])
		if st.empty() {
			continue
		}
		if r.terms.IfExceeded == Prorate || r.terms.Order == Auction {
			r.fillUnder(st, st.limits)
		} else {
			r.allOrNone(st)
		}
		r.book(st)
	}
}

// fillUnder serves a step by progressive filling under some of its limits. A series above a maximum that rejects it takes no part.
func (r *run) fillUnder(st *stage, limits []*limit) {
	var rising []int
	for _, s := range st.series {
		if k := r.exceededMaximum(st, s); k >= 0 {
			st.share[s].refuse(k)
		} else {
			rising = append(rising, s)
		}
	}
	st.settle(limits, st.fill(limits, rising))
}

// exceededMaximum finds the series' own maximum if its terms reject a series
// that tenders more; -1 if it does not.
func (r *run) exceededMaximum(st *stage, series int) int {
	if !r.terms.MaximumRejects {
		return -1
	}
	for _, l := range st.limits {
		if l.bound >= len(r.terms.Caps) || !r.terms.Caps[l.bound].Own || l.series != series {
			continue
		}
		if l.uses(st.demandByStrand(series)).Cmp(l.room) > 0 {
			return l.bound
		}
	}
	return -1
}

func (st *stage) demandByStrand(series int) []int64 {
	demand := make([]int64, len(st.strands))
	for i := range st.strands {
		if st.strands[i].series == series {
			demand[i] = st.strands[i].demand
		}
	}
	return demand
}

func (s *seriesRun) refuse(bound int) {
	s.plain, s.factor, s.boundBy, s.refused, s.full = zero, zero, bound, true, false
}

// allOrNone serves a step whose series are taken as far as their own maximums
// go, or not at all (G8).
func (r *run) allOrNone(st *stage) {
	var own, common []*limit
	for _, l := range st.limits {
		if l.own {
			own = append(own, l)
		} else {
			common = append(common, l)
		}
	}
	r.fillUnder(st, own)
	for _, l := range r.exceeded(st, common) {
		st.reject(l)
		if r.terms.IfExceeded == RejectAndStop {
			r.closed[l.bound] = true
		}
	}
}

// exceeded lists the caps that the rounded amounts of a step do not fit.
func (r *run) exceeded(st *stage, limits []*limit) []*limit {
	accepted := make([]int64, len(st.strands))
	for i := range st.strands {
		accepted[i] = st.strands[i].accepted
	}
	var over []*limit
	for _, l := range limits {
		if l.uses(accepted).Cmp(l.room) > 0 {
			over = append(over, l)
		}
	}
	return over
}

// reject takes back what the series under a cap got.
func (st *stage) reject(l *limit) {
	for i := range st.pieces {
		p := &st.pieces[i]
		if l.weight[p.strand] != nil {
			p.accept, p.rule = 0, RuleNone
		}
	}
	for i := range st.turns {
		if t := &st.turns[i]; l.weight[t.slot.strand] != nil {
			t.grant.rejected = true
		}
	}
	for i := range st.strands {
		if l.weight[i] == nil {
			continue
		}
		st.strands[i].accepted = 0
		if share := st.share[st.strands[i].series]; !share.refused {
			share.refuse(l.bound)
		}
	}
}

// room is what a cap has left for a step (G6).
func (r *run) room(k int) *big.Rat {
	if r.closed[k] {
		return new(big.Rat)
	}
	left := new(big.Rat).SetInt64(r.terms.Caps[k].Amount)
	left.Sub(left, r.used[k])
	if left.Sign() < 0 {
		left.SetInt64(0)
	}
	return left
}

// price is the consideration and the interest of a lot, per minor unit.
func (r *run) price(l *lot) (price, interest *big.Rat) {
	s := &r.terms.Series[l.series]
	price, interest = s.Price[l.timing], s.Interest[l.timing]
	if r.terms.Order == Auction {
		price = r.terms.Auction.Price(l.series, l.timing, r.paidBid(l))
	}
	if price == nil {
		price = zero
	}
	if interest == nil {
		interest = zero
	}
	return price, interest
}

// fallsShort finds the conditional tender to drop: in the first step in which
// one ended below its condition, the one with the largest shortfall (G14).
func (r *run) fallsShort() *unit {
	var worst *unit
	for i := range r.units {
		u := &r.units[i]
		if u.dropped || u.got >= u.atLeast() || u.ended < 0 {
			continue
		}
		if worst == nil || dropsBefore(u, worst) {
			worst = u
		}
	}
	return worst
}

func dropsBefore(a, b *unit) bool {
	c := cmp.Or(
		cmp.Compare(a.ended, b.ended),
		cmp.Compare(b.atLeast()-b.got, a.atLeast()-a.got),
	)
	if c != 0 {
		return c < 0
	}
	return compareReceipts(b.lead, a.lead) < 0
}
