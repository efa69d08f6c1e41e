package book

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"

	"tenderbook/allocation"
	"tenderbook/offer"
)

// result is what was accepted in one run.
type result struct {
	seq      uint64 // of the approval
	terms    int    // version of the terms it was decided on
	digest   string
	used     *allocation.Settled // what a later run must know of it
	settled  bool
	released uint64 // sequence number of the approval; 0: not yet
	payments string // SHA-256 of what was released, hexadecimal
}

// A Result is what became of one run.
type Result struct {
	Run      Run
	Seq      uint64 // entry of the approval
	Digest   string // see [Plan.Digest]
	Settled  bool
	Released uint64 // entry of the approved release; 0: not yet
	Payments string // SHA-256 of the released file, hexadecimal
}

// place is a run's place in the lists of results.
func (r Run) place() int {
	if r == Early {
		return 0
	}
	return 1
}

// Results lists what was accepted, early results first.
func (s *State) Results() (all []Result) {
	for i, run := range []Run{Early, Final} {
		if r := s.results[i]; r != nil {
			all = append(all, Result{run, r.seq, r.digest, r.settled, r.released, r.payments})
		}
	}
	return all
}

// A Plan is what a run accepts: what would be accepted now, or what was.
type Plan struct {
	Run      Run
	Seq      uint64       // position of the journal that it follows from
	Terms    *offer.Terms // that it is decided on
	Alloc    *allocation.Terms
	Tally    *allocation.Tally
	Decision *allocation.Decision
	Digest   string // SHA-256 over the terms' digest and what each tender gets, hexadecimal

	tenderer *tenderer
	records  []uint32 // numbers of the tenders it is about
}

// Len is how many tenders a plan is about.
func (p *Plan) Len() int { return len(p.records) }

// Each calls f for the tenders of a plan in the order of the journal, with
// what they get, until f returns false. It reads the state: call it before the
// state takes another entry.
func (p *Plan) Each(f func(Instruction, allocation.Tender, allocation.Outcome) bool) {
	for _, i := range p.records {
		x := p.tenderer.tender(int(i))
		if !f(p.tenderer.view(int(i)), x, p.Decision.Outcome(x)) {
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
	version := s.clock.current
	done := s.results[run.place()]
	p := &Plan{Run: run, Seq: s.seq}
	if done != nil {
		version, p.Seq = done.terms, done.seq
	}
	p.Terms = s.clock.versions[version].Terms
	var err error
	if p.Alloc, err = p.Terms.Allocation(p.Terms.Settlements()); err != nil {
		return nil, fmt.Errorf("offer %q cannot be decided: %w", s.offer, err)
	}
	if early := s.results[0]; early != nil && run == Final {
		p.Alloc.Settled = early.usedBy(s.clock.versions[early.terms].Terms, p.Terms, p.Alloc)
	}
	s.gather(p, done != nil)
	if p.Decision, err = allocation.Decide(p.Alloc, p.Tally); err != nil {
		return nil, fmt.Errorf("offer %q cannot be decided: %w", s.offer, err)
	}
	p.Digest = s.digestOf(p)
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
func (s *State) gather(p *Plan, done bool) {
	p.Tally = allocation.NewTally(p.Alloc)
	p.tenderer = s.tenderer(p.Terms)
	for i := range s.records {
		r := &s.records[i]
		switch {
		case done && r.run != uint8(p.Run.place()+1):
			continue
		case !done && (!r.isTender() || !r.life.Live() || r.left == 0 || s.clock.series[r.series] == SeriesTerminated):
			continue
		case !done && p.Run == Early && r.at > p.tenderer.early:
			continue
		}
		p.records = append(p.records, uint32(i))
		p.Tally.Add(p.tenderer.tender(i))
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
	x.Undelivered = b.missing(i)
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

// digestOf is the digest of a plan: its run, its terms, and for each tender in
// the order of the journal its id and what it gets.
func (s *State) digestOf(p *Plan) string {
	h := sha256.New()
	fmt.Fprintf(h, "tenderbook result 1\n%q\n%s\n%s\n%d\n", s.offer, p.Run, p.Terms.Digest(), len(p.records))
	buf := make([]byte, 0, 1<<16)
	outcomes := newOutcomes(p.Decision, p.Tally.OneByOne())
	for _, i := range p.records {
		x := p.tenderer.tender(int(i))
		o := outcomes.of(&x)
		buf = appendText(buf, x.ID)
		for _, n := range [...]int64{o.accepted, x.Principal - o.accepted, o.consideration, o.interest} {
			buf = binary.BigEndian.AppendUint64(buf, uint64(n))
		}
		if len(buf) > 1<<15 {
			h.Write(buf)
			buf = buf[:0]
		}
	}
	h.Write(buf)
	return hex.EncodeToString(h.Sum(nil))
}

// outcomes looks up what tenders get, each class once where tenders that are
// alike get the same.
type outcomes struct {
	decision *allocation.Decision
	single   bool
	known    map[class]got
}

// class is what tenders have in common that get the same.
type class struct {
	series                      int
	timing                      allocation.Timing
	hasBid                      bool
	bid, principal, undelivered int64
}

type got struct{ accepted, consideration, interest int64 }

func newOutcomes(d *allocation.Decision, single bool) *outcomes {
	return &outcomes{d, single, map[class]got{}}
}

func (o *outcomes) of(x *allocation.Tender) got {
	alike := !o.single && x.AtLeast == 0
	k := class{x.Series, x.Timing, x.HasBid, x.Bid, x.Principal, x.Undelivered}
	if g, ok := o.known[k]; ok && alike {
		return g
	}
	out := o.decision.Outcome(*x)
	g := got{out.Accepted, out.Consideration, out.Interest}
	if alike {
		o.known[k] = g
	}
	return g
}

// planAccept accepts what follows from the book, if it is what the proposal
// names.
func (s *State) planAccept(p *Proposal) (func(), *Refusal) {
	event := DoAccept
	if p.Run == Early {
		event = DoAcceptEarly
	}
	if r := s.moves(event); r != nil {
		return nil, r
	}
	if r := s.mayAccept(p.Run); r != nil {
		return nil, r
	}
	plan, err := s.Plan(p.Run)
	if err != nil {
		return nil, &Refusal{NoResult, "acceptance", err.Error()}
	}
	if plan.Digest != p.Result {
		return nil, refuse(WrongResult, "acceptance", "the proposal names result %.12s, the book gives %.12s", p.Result, plan.Digest)
	}
	return func() { s.accept(plan, event) }, nil
}

// mayAccept refuses an acceptance before its time, twice, or under conditions
// that are open.
func (s *State) mayAccept(run Run) *Refusal {
	t := s.clock.terms()
	switch {
	case s.results[run.place()] != nil:
		return refuse(AlreadyDone, "life", "the %s result was accepted in entry %d", run, s.results[run.place()].seq)
	case run == Early && !t.HasEarly():
		return refuse(NoResult, "dates.early_tender", "the offer has no early tender date")
	case run == Early && s.at <= s.clock.limits.early:
		return refuse(TooEarly, "dates.early_tender", "early tenders are taken %s", t.Dates.EarlyTender)
	case run == Final && !s.clock.missed && s.undelivered():
		return refuse(TooEarly, "dates.guaranteed_delivery", "guaranteed notes are taken %s", t.Dates.GuaranteedDelivery)
	}
	for i := range t.Conditions {
		if c := &t.Conditions[i]; c.Status != "satisfied" && c.Status != "waived" {
			return refuse(ConditionOpen, "conditions", "condition %q is neither satisfied nor waived", c.ID)
		}
	}
	return nil
}

// undelivered reports whether guaranteed notes are still to come.
func (s *State) undelivered() bool {
	for i := range s.records {
		if s.records[i].life.Live() && s.missing(i) > 0 {
			return true
		}
	}
	return false
}

// accept gives each tender of a plan what it gets. A final result returns all
// that it does not accept, also what was defective or late.
func (s *State) accept(p *Plan, event OfferEvent) {
	if s.accepted == nil {
		s.accepted = make([]int64, len(s.records))
	}
	outcomes := newOutcomes(p.Decision, p.Tally.OneByOne())
	for _, i := range p.records {
		x := p.tenderer.tender(int(i))
		s.records[i].run = uint8(p.Run.place() + 1)
		s.decided(int(i), outcomes.of(&x).accepted, x.Principal)
	}
	if p.Run == Final {
		s.returnAll(func(*record) bool { return true })
	}
	s.results[p.Run.place()] = &result{seq: s.seq, terms: s.clock.current, digest: p.Digest, used: p.Decision.Settled()}
	s.move(event)
}

// decided moves a tender by what it gets.
func (s *State) decided(i int, accepted, of int64) {
	event := OnReturn
	switch {
	case accepted == of:
		event = OnAccept
	case accepted > 0:
		event = OnProrate
	}
	s.accepted[i] = accepted
	s.happen(i, event, s.at, wholeEntry, accepted)
}

// named finds the result that a proposal names.
func (s *State) named(p *Proposal) (*result, *Refusal) {
	r := s.results[p.Run.place()]
	switch {
	case r == nil:
		return nil, refuse(NoResult, "life", "there is no %s result", p.Run)
	case r.digest != p.Result:
		return nil, refuse(WrongResult, "life", "the %s result is %.12s, the proposal names %.12s", p.Run, r.digest, p.Result)
	}
	return r, nil
}

// planSettle records that a result is paid.
func (s *State) planSettle(p *Proposal) (func(), *Refusal) {
	event := DoSettle
	if p.Run == Early {
		event = DoSettleEarly
	}
	if r := s.moves(event); r != nil {
		return nil, r
	}
	done, r := s.named(p)
	switch early := s.results[0]; {
	case r != nil:
		return nil, r
	case done.settled:
		return nil, refuse(AlreadyDone, "life", "the %s result is settled", p.Run)
	case p.Run == Final && early != nil && !early.settled:
		return nil, refuse(WrongState, "life", "the early result is not settled yet")
	}
	return func() {
		done.settled = true
		for i := range s.records {
			if s.records[i].run == uint8(p.Run.place()+1) {
				s.happen(i, OnSettle, s.at, wholeEntry, s.accepted[i])
			}
		}
		s.move(event)
	}, nil
}

// planRelease releases payments, once for each result.
func (s *State) planRelease(p *Proposal) (func(), *Refusal) {
	if r := s.moves(DoRelease); r != nil {
		return nil, r
	}
	done, r := s.named(p)
	if r != nil {
		return nil, r
	}
	if done.released > 0 {
		return nil, refuse(AlreadyDone, "life", "payments of the %s result were released in entry %d", p.Run, done.released)
	}
	return func() {
		sum := sha256.Sum256([]byte(p.File))
		done.released, done.payments = s.seq, hex.EncodeToString(sum[:])
		s.move(DoRelease)
	}, nil
}
