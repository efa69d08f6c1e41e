package book

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"time"

	"tenderbook/allocation"
	"tenderbook/offer"
	"tenderbook/settlement"
)

// A Plan is what a run accepts: what would be accepted now, or what was.
type Plan struct {
	Run      Run
	Seq      uint64       // position of the journal that it follows from
	Rules    Rules        // by which it is decided
	Terms    *offer.Terms // that it is decided on
	Alloc    *allocation.Terms
	Tally    *allocation.Tally
	Decision *allocation.Decision // its lines add up what is paid
	Digest   string               // SHA-256 of what [Plan.WriteTo] writes, hexadecimal

	// Of rules 2 on; empty before.
	Conditions []offer.ConditionState // as the book had them
	Terminated []string               // by index of Terms.Series: why nothing of it is accepted, "" where it may be
	Consents   []Consented            // by index of Terms.Series; nil where none are asked for

	// Tendered is what counted for the run, by index of Terms.Series, also of
	// series of which nothing is accepted.
	Tendered []Tendered

	tenderer *tenderer
	records  []uint32             // numbers of the tenders it is about
	paid     []settlement.Payment // of each of them, where payees are paid a sum; nil: as the decision says
	consents []consented          // without a tender that it is about
	later    []delivery           // of what an early result accepted
}

// Tendered is what counted of one series, in minor units.
type Tendered struct {
	Early, Late int64
	Count       int64 // tenders
}

// Len is how many tenders a plan is about.
func (p *Plan) Len() int { return len(p.records) }

// Each calls f for the tenders of a plan in the order of the journal, with
// what they get, until f returns false. It reads the state: call it before the
// state takes another entry.
func (p *Plan) Each(f func(Instruction, allocation.Tender, allocation.Outcome) bool) {
	for k, i := range p.records {
		x := p.tenderer.tender(int(i))
		o := p.Decision.Outcome(x)
		if p.paid != nil {
			o.Consideration, o.Interest = p.paid[k].Consideration, p.paid[k].Interest
		}
		if !f(p.tenderer.view(int(i)), x, o) {
			return
		}
	}
}

// Plan decides a run over the book as it stands, and changes nothing. Of a run
// that was accepted it gives what was decided then, worked out again from the
// book: so [State.Verify] checks it.
//
// An early run takes the tenders in time for the early deadline. A final run
// takes all that no early run decided, and what an early run used of the caps.
func (s *State) Plan(run Run) (*Plan, error) {
	if s.history == nil {
		return nil, fmt.Errorf("offer %q has no terms yet", s.offer)
	}
	return s.planBy(run, s.rulesOf(run), &s.clock)
}

// PlanAt is Plan as of a time after the last entry: deadlines may have passed
// since, so that a condition that was open has failed. It fails where the terms
// changed since, which only an entry can see to.
func (s *State) PlanAt(run Run, t time.Time) (*Plan, error) {
	c := s.clock.until(t.UnixNano())
	if c.current != s.clock.current {
		return nil, fmt.Errorf("offer %q has other terms at %s than at its last entry", s.offer, t.UTC().Format(time.RFC3339))
	}
	return s.planBy(run, s.rulesOf(run), c)
}

// rulesOf are those that a run was accepted by, or those of now.
func (s *State) rulesOf(run Run) Rules {
	if done := s.results[run.place()]; done != nil {
		return done.rules
	}
	return RulesNow
}

// planBy is Plan under rules, by a clock.
func (s *State) planBy(run Run, rules Rules, c *clockwork) (*Plan, error) {
	version := c.current
	done := s.results[run.place()]
	p := &Plan{Run: run, Seq: s.seq, Rules: rules}
	if done != nil {
		version, p.Seq = done.terms, done.seq
	}
	return s.planOn(p, s.clock.versions[version].Terms, c)
}

// WhatIf decides a run over the same tenders as [State.Plan] on other terms: those
// of the offer with some values changed. What comes out is not a result.
func (s *State) WhatIf(run Run, terms *offer.Terms) (*Plan, error) {
	if s.history == nil {
		return nil, fmt.Errorf("offer %q has no terms yet", s.offer)
	}
	return s.planOn(&Plan{Run: run, Seq: s.seq, Rules: RulesNow}, terms, &s.clock)
}

// planOn decides a run on terms, by a clock.
func (s *State) planOn(p *Plan, terms *offer.Terms, c *clockwork) (*Plan, error) {
	run, rules, done := p.Run, p.Rules, s.results[p.Run.place()]
	p.Terms = terms
	if rules >= Rules2 {
		s.judge(p, done, c)
	}
	var err error
	if p.Alloc, err = p.Terms.Allocation(p.Terms.Settlements()); err != nil {
		return nil, fmt.Errorf("offer %q cannot be decided: %w", s.offer, err)
	}
	if early := s.results[0]; early != nil && run == Final {
		p.Alloc.Settled = early.usedBy(s.clock.versions[early.terms].Terms, p.Terms, p.Alloc)
	}
	s.gather(p, done != nil, c)
	if p.Decision, err = allocation.Decide(p.Alloc, p.Tally); err != nil {
		return nil, fmt.Errorf("offer %q cannot be decided: %w", s.offer, err)
	}
	if rules >= Rules2 {
		if err := s.pay(p); err != nil {
			return nil, fmt.Errorf("offer %q cannot be paid: %w", s.offer, err)
		}
	}
	if rules >= Rules3 && run == Final {
		if err := s.payLater(p, c); err != nil {
			return nil, fmt.Errorf("offer %q cannot be paid: %w", s.offer, err)
		}
	}
	h := sha256.New()
	if _, err := p.WriteTo(h); err != nil {
		return nil, err
	}
	p.Digest = hex.EncodeToString(h.Sum(nil))
	return p, nil
}

// Verify works an accepted run out again from the book and compares.
func (s *State) Verify(run Run) error {
	done := s.results[run.place()]
	if done == nil {
		return fmt.Errorf("offer %q has no %s result", s.offer, run)
	}
	p, err := s.Plan(run)
	if err != nil {
		return err
	}
	if p.Digest != done.digest {
		return fmt.Errorf("the %s result of offer %q is %s, the book gives %s", run, s.offer, done.digest, p.Digest)
	}
	return nil
}

// gather collects the tenders of a plan: those that the run decided, or those
// that it would.
func (s *State) gather(p *Plan, done bool, c *clockwork) {
	p.Tally = allocation.NewTally(p.Alloc)
	p.tenderer = s.tenderer(p.Terms)
	p.Tendered = make([]Tendered, len(p.Terms.Series))
	for i := range s.records {
		r := &s.records[i]
		at := p.tenderer.at[r.series]
		switch {
		case r.action == Consent:
			s.gatherConsent(p, i, done)
		case !r.isTender():
		case p.ended(at):
			if p.countsFor(r) {
				p.count(i)
			}
		case done && r.run == uint8(p.Run.place()+1), !done && r.life.Live() && r.left > 0 && c.series[r.series] != SeriesTerminated && p.inTime(r):
			p.count(i)
			p.records = append(p.records, uint32(i))
			p.Tally.Add(p.tenderer.tender(i))
		}
	}
}

// inTime reports whether a run is about tenders received then.
func (p *Plan) inTime(r *record) bool { return p.Run == Final || r.at <= p.tenderer.early }

// countsFor reports whether a tender of a series that ended had counted for the
// run until then.
func (p *Plan) countsFor(r *record) bool {
	return (r.life.Live() || r.stood) && r.left > 0 && p.inTime(r) && r.run != uint8(Early.place()+1)
}

// count adds a tender to what is tendered.
func (p *Plan) count(i int) {
	x := p.tenderer.tender(i)
	t := &p.Tendered[x.Series]
	t.Count++
	if x.Timing == allocation.Early {
		t.Early += x.Principal
	} else {
		t.Late += x.Principal
	}
}

// A tenderer turns records into tenders as package allocation takes them.
type tenderer struct {
	*State
	at    []int // place in the terms, by number of the series
	unit  string
	steps map[bidOf]int64
	terms *offer.Terms
	early int64 // the last instant of an early tender
}

func (s *State) tenderer(t *offer.Terms) *tenderer {
	b := &tenderer{State: s, unit: t.Acceptance.ProrateBy, steps: map[bidOf]int64{}, terms: t, early: limit(t.Dates.EarlyTender)}
	for _, id := range s.series.names {
		b.at = append(b.at, slices.IndexFunc(t.Series, func(x offer.Series) bool { return x.ID == id }))
	}
	return b
}

func (b *tenderer) tender(i int) allocation.Tender {
	r := &b.records[i]
	x := allocation.Tender{
		Row: i, Series: b.at[r.series], Timing: timingOf(r.at <= b.early), Principal: r.left, ReceivedAt: r.at,
		ID: string(b.texts.id(r.text)),
	}
	if len(b.rare) > 0 {
		x.AtLeast = b.rare[uint32(i)].atLeast
	}
	x.Undelivered = b.undelivered(i)
	if r.bid > 0 {
		x.HasBid, x.Bid = b.bid(r)
	}
	switch b.unit {
	case "participant":
		x.Unit = b.participants.names[r.participant]
	case "holder":
		_, holder := b.texts.rest(r.text)
		x.Unit = string(holder)
	}
	return x
}

// bid is the bid of a tender in steps of the grid. A bid that an amendment left
// off the grid counts as none.
func (b *tenderer) bid(r *record) (has bool, steps int64) {
	k := bidOf{uint32(r.series), b.bids[r.bid-1]}
	if n, ok := b.steps[k]; ok {
		return true, n
	}
	pricing := b.terms.Series[b.at[r.series]].Pricing
	if pricing == nil || pricing.CheckBid(k.bid) != nil {
		return false, 0
	}
	n, err := pricing.Steps(k.bid)
	if err != nil {
		return false, 0
	}
	b.steps[k] = n
	return true, n
}

// usedBy gives what an earlier run used of the caps for terms that may have
// other caps and series since, by name.
func (r *result) usedBy(then, now *offer.Terms, alloc *allocation.Terms) *allocation.Settled {
	before, err := then.Allocation(then.Settlements())
	if err != nil {
		return r.used // it was decided on these terms
	}
	out := &allocation.Settled{}
	for _, k := range alloc.Caps {
		i := slices.IndexFunc(before.Caps, func(o allocation.Cap) bool { return o.Name == k.Name })
		if i < 0 {
			out.Used, out.ClosedAt = append(out.Used, new(big.Rat)), append(out.ClosedAt, -1)
			continue
		}
		out.Used, out.ClosedAt = append(out.Used, r.used.Used[i]), append(out.ClosedAt, r.used.ClosedAt[i])
	}
	for _, x := range alloc.Series {
		taken := make([]int64, len(x.Places))
		if i := slices.IndexFunc(before.Series, func(o allocation.Series) bool { return o.ID == x.ID }); i >= 0 {
			copy(taken, r.used.Taken[i])
		}
		out.Taken = append(out.Taken, taken)
	}
	return out
}
