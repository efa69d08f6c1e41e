package allocation

import (
	"cmp"
	"math/big"
	"slices"
)

// A Decision says what is accepted and why.
type Decision struct {
	Terms       *Terms
	Steps       []Step   // in the order they were served
	Caps        []CapUse // as in Terms.Caps
	ClearingBid *int64   // in an auction with bids that clear together
	// ClearingBids are, in an auction, those by series: all the same, unless
	// auctions stand side by side; nil for a series without tenders.
	ClearingBids []*int64
	Dropped      []Tender // conditional tenders whose condition was not met, in the order they were dropped

	ledger   *ledger
	taken    [][]int64
	bands    []band // two for each batch of the ledger
	units    []unit // one for each bundle
	log      []entry
	accepted map[int]int64 // by row: the part of a unit of several tenders
	tooLarge bool          // some payment does not fit 64 bits
}

// A Step is one position in the order of the terms.
type Step struct {
	Level  int     // 0 in an auction
	Timing *Timing // nil where early and late tenders are served together
	Phase  string  // in an auction: "better", "clearing", "late"
	Small  bool    // the small tenders of the position
	Lines  []Line
	Caps   []StepCap // the caps over its series
}

// A Line is one series at one timing in a step.
type Line struct {
	Series        int
	Place         int // index into the series' places
	Timing        Timing
	Bid           int64 // where an auction pays each its bid
	Count         int64 // tenders
	Tendered      int64 // minor units taking part
	Accepted      int64
	Returned      int64    // not accepted here; a later place may still take of it
	Plain         *big.Rat // factor before any leftover or stub rule moved it
	Factor        *big.Rat // factor that was applied, 0 to 1
	BoundBy       int      // the cap that cut it; len(Terms.Caps)+Place for the place's own UpTo; -1: none
	Rejected      bool     // nothing accepted because it is all or none
	Consideration int64    // minor units, each payment rounded half up
	Interest      int64
}

// A StepCap is a cap as a step found and left it, in the cap's own measure.
type StepCap struct {
	Cap    int
	Before *big.Rat // room
	Demand *big.Rat // what the step's tenders count in full
	After  *big.Rat
	Full   bool // it stopped a series
	Closed bool // later steps get nothing of it
}

// A CapUse is a cap after all steps.
type CapUse struct {
	Amount int64
	Used   *big.Rat // minor units of the cap's currency, series it is net of included
	Left   *big.Rat
	Closed bool
}

// A ShareRule names what moved an accepted amount off the rounded-down product.
type ShareRule uint8

// The rules that move an accepted amount.
const (
	RuleNone        ShareRule = iota
	RuleStubReject            // the piece would have been a stub: none accepted
	RuleStubAccept            // the piece would have been a stub: all accepted
	RuleStubMinimum           // the minimum accepted, or left
	RuleRemainder             // one increment more, by largest remainder
)

// A Share is what a tender, or the unit it was prorated in, got in one step.
type Share struct {
	Step, Line int      // index into Decision.Steps and their Lines
	Offered    int64    // minor units that took part
	Product    *big.Rat // factor × offered, before rounding
	Floor      int64    // rounded down to the increment
	Accepted   int64
	Rule       ShareRule
}

// book enters a served step: what the caps have left, what each unit got, and
// the record of both.
func (r *run) book(st *stage) {
	step := r.describe(st)
	n := len(r.steps)
	line := r.lines(st, &step)
	for i := range st.pieces {
		p := &st.pieces[i]
		p.unit.got += p.accept
		p.unit.ended = n
		r.log = append(r.log, entry{before: p.unit.last, Share: Share{
			Step: n, Line: line[p.strand], Offered: p.offered, Floor: p.floor, Accepted: p.accept, Rule: p.rule,
		}})
		p.unit.last = len(r.log) - 1
	}
	for i := range st.turns {
		t := &st.turns[i]
		t.grant.step, t.grant.line, t.grant.slot = n, line[t.slot.strand], t.slot
		t.band.grants = append(t.band.grants, t.grant)
	}
	r.charge(st, &step)
	r.steps = append(r.steps, step)
}

func (r *run) describe(st *stage) Step {
	step := Step{Level: st.key.level, Small: r.terms.SmallUpTo > 0 && st.key.small == 0}
	switch r.terms.Order {
	case EarlyFirst:
		timing := Timing(st.key.phase)
		step.Timing = &timing
	case Auction:
		step.Phase = [...]string{"better", "clearing", "late"}[st.key.phase]
	}
	return step
}

// lines writes a line for each strand, in order of series, place and timing, and
// says which line each strand became.
func (r *run) lines(st *stage, step *Step) []int {
	order := make([]int, len(st.strands))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := &st.strands[i], &st.strands[j]
		return cmp.Or(
			cmp.Compare(a.series, b.series), cmp.Compare(a.place, b.place),
			cmp.Compare(a.timing, b.timing), cmp.Compare(a.bid, b.bid),
		)
	})
	line := make([]int, len(order))
	for at, i := range order {
		s, share := &st.strands[i], st.share[st.strands[i].series]
		line[i] = at
		step.Lines = append(step.Lines, Line{
			Series: s.series, Place: s.place, Timing: s.timing, Bid: s.bid, Count: s.count,
			Tendered: s.demand, Accepted: s.accepted, Returned: s.demand - s.accepted,
			Plain: share.plain, Factor: share.factor, BoundBy: share.boundBy, Rejected: share.refused,
		})
	}
	return line
}

// charge takes what a step accepted off the caps and closes those that were
// full (G13).
func (r *run) charge(st *stage, step *Step) {
	accepted, demand := make([]int64, len(st.strands)), make([]int64, len(st.strands))
	for i := range st.strands {
		s := &st.strands[i]
		accepted[i], demand[i] = s.accepted, s.demand
		r.taken[s.series][s.place] += s.accepted
	}
	for _, l := range st.limits {
		full := l.full && !st.rejected(l)
		closes := full && r.closes()
		if l.bound >= len(r.terms.Caps) {
			if closes {
				r.placeClosed[l.series][l.bound-len(r.terms.Caps)] = true
			}
			continue
		}
		r.used[l.bound].Add(r.used[l.bound], l.uses(accepted))
		if closes {
			r.closed[l.bound] = true
		}
		step.Caps = append(step.Caps, StepCap{
			Cap: l.bound, Before: l.room, Demand: l.uses(demand), Full: full, Closed: r.closed[l.bound],
			After: new(big.Rat).Sub(l.room, l.uses(accepted)),
		})
	}
	r.chargeNet(st)
}

// closes reports whether the terms close what was full.
func (r *run) closes() bool {
	skips := r.terms.IfExceeded == RejectAndContinue && r.terms.Order != Auction
	return r.terms.Remainder == Lost && !skips
}

// rejected reports whether the series of a maximum or place was refused whole,
// so that the limit stopped nothing after all.
func (st *stage) rejected(l *limit) bool { return l.own && st.share[l.series].refused }

// chargeNet takes what a step accepted off the caps that are net of its series.
func (r *run) chargeNet(st *stage) {
	for k := range r.terms.Caps {
		c := &r.terms.Caps[k]
		for i := range st.strands {
			s := &st.strands[i]
			for _, net := range c.Less {
				if net == s.series {
					x := new(big.Rat).SetInt64(s.accepted)
					r.used[k].Add(r.used[k], x.Mul(x, c.weight(s)))
				}
			}
		}
	}
}

// TenderCounts says how many tenders got all, a part, or nothing of what they asked.
type TenderCounts struct{ Full, Part, None int64 }

// Counts counts the tenders by what they got.
func (d *Decision) Counts() TenderCounts {
	var c TenderCounts
	add := func(got, size, n int64) {
		switch {
		case got == size:
			c.Full += n
		case got > 0:
			c.Part += n
		default:
			c.None += n
		}
	}
	for i := range d.bands {
		b := &d.bands[i]
		for _, s := range b.sizes {
			add(b.got(s.principal), s.principal, s.count)
		}
	}
	for i := range d.units {
		u := &d.units[i]
		if len(u.tenders) < 2 {
			add(u.got, u.size, 1)
			continue
		}
		for _, x := range u.tenders {
			add(d.accepted[x.Row], x.Principal, 1)
		}
	}
	return c
}
