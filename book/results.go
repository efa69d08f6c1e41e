package book

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"tenderbook/allocation"
	"tenderbook/offer"
)

// result is what was accepted in one run.
type result struct {
	seq        uint64 // of the approval
	hash       [32]byte
	rules      Rules
	terms      int           // version of the terms it was decided on
	counted    offer.Counted // when it was accepted; empty under rules 1
	terminated []string      // by index of the series: why nothing of it was; nil: nothing was
	digest     string
	used       *allocation.Settled // what a later run must know of it
	settled    bool
	released   uint64 // sequence number of the approval; 0: not yet
	payments   string // SHA-256 of what was released, hexadecimal
}

// A Result is what became of one run.
type Result struct {
	Run      Run
	Seq      uint64   // entry of the approval: the book as it stood then
	Hash     [32]byte // of that entry, and so of the journal up to it
	Rules    Rules    // by which it was decided
	Terms    string   // digest of the terms that it was decided on, hexadecimal
	Digest   string   // see [Plan.Digest]
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
			all = append(all, Result{run, r.seq, r.hash, r.rules, s.clock.versions[r.terms].Terms.Digest(), r.digest, r.settled, r.released, r.payments})
		}
	}
	return all
}

// planAccept accepts what follows from the book, if it is what the proposal
// names.
func (s *State) planAccept(p *Proposal, rules Rules) (func(), *Refusal) {
	event := p.event()
	if r := s.moves(event); r != nil {
		return nil, r
	}
	if r := s.mayAccept(p.Run, rules); r != nil {
		return nil, r
	}
	plan, err := s.planBy(p.Run, rules, &s.clock)
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
func (s *State) mayAccept(run Run, rules Rules) *Refusal {
	t := s.clock.terms()
	switch {
	case s.results[run.place()] != nil:
		return refuse(AlreadyDone, "life", "the %s result was accepted in entry %d", run, s.results[run.place()].seq)
	case run == Early && rules >= Rules3 && t.Acceptance.Order == "priority":
		return refuse(LevelsFirst, "acceptance.order", "under order: priority a late tender of a better level comes before an early one: nothing is accepted before expiration, %s, when the final run takes both", t.Dates.Expiration)
	case run == Early && !t.HasEarly():
		return refuse(NoResult, "dates.early_tender", "the offer has no early tender date")
	case run == Early && s.at <= s.clock.limits.early:
		return refuse(TooEarly, "dates.early_tender", "early tenders are taken %s", t.Dates.EarlyTender)
	case run == Final && !s.clock.missed && s.awaits(rules):
		return refuse(TooEarly, "dates.guaranteed_delivery", "guaranteed notes are taken %s", t.Dates.GuaranteedDelivery)
	}
	if run == Final && rules >= Rules3 && s.onlyPays() {
		return nil
	}
	return s.underConditions(rules)
}

// awaits reports whether guaranteed notes are still to come: from rules 3 on also
// those of tenders that were accepted early, if they can still be delivered.
func (s *State) awaits(rules Rules) bool {
	for i := range s.records {
		if counts := s.records[i].life.Live() || rules >= Rules3 && s.leftToFinal(i); counts && s.missing(i) > 0 {
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
	done := &result{seq: s.seq, hash: s.hash, rules: p.Rules, terms: s.clock.current, digest: p.Digest, used: p.Decision.Settled()}
	done.counted, done.terminated = p.kept(s)
	outcomes := newOutcomes(p.Decision, p.Tally.OneByOne())
	for _, i := range p.records {
		x := p.tenderer.tender(int(i))
		s.setRun(int(i), p.Run)
		s.decided(int(i), outcomes.of(&x).accepted, x.Principal)
	}
	s.acceptConsents(p)
	if p.Run == Final {
		s.returnAll(func(*record) bool { return true })
	}
	s.results[p.Run.place()] = done
	s.clock.owed = s.owes()
	s.move(event)
}

func (s *State) setRun(i int, run Run) { s.records[i].run = uint8(run.place() + 1) }

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
	if extra := s.rare[uint32(i)]; extra.delivered > 0 {
		extra.counted = extra.delivered
		s.rare[uint32(i)] = extra
	}
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
func (s *State) planSettle(p *Proposal, rules Rules) (func(), *Refusal) {
	event := p.event()
	if r := s.moves(event); r != nil {
		return nil, r
	}
	done, r := s.named(p)
	switch early := s.results[0]; {
	case r != nil:
		return nil, r
	case done.settled:
		return nil, refuse(AlreadyDone, "life", "the %s result is settled", p.Run)
	case rules >= Rules3 && done.released == 0 && s.tookSome(p.Run):
		return nil, s.notReleased(p.Run)
	case p.Run == Final && early != nil && !early.settled:
		return nil, refuse(WrongState, "life", "the early result is not settled yet")
	}
	return func() {
		done.settled = true
		for i := range s.records {
			if s.settles(i, p.Run, rules) {
				s.happen(i, OnSettle, s.at, wholeEntry, s.accepted[i])
			}
		}
		s.move(event)
		s.clock.owed = s.owes()
		if rules >= Rules2 {
			s.clock.endIfEmpty()
		}
	}, nil
}

// settles reports whether a tender is settled with a run: that which decided it. A
// guarantee that was accepted early, and not delivered by then, is settled with the
// final run, which pays what came since.
func (s *State) settles(i int, run Run, rules Rules) bool {
	switch decided := s.records[i].run; {
	case rules >= Rules3 && run == Final:
		return decided != 0
	case rules >= Rules3 && s.leftToFinal(i):
		return false
	default:
		return decided == uint8(run.place()+1)
	}
}

// tookSome reports whether a result accepted anything, so that there may be
// payments.
func (s *State) tookSome(run Run) bool {
	if run == Final && len(s.laterDeliveries()) > 0 {
		return true
	}
	return slices.ContainsFunc(s.records, func(r record) bool {
		return r.run == uint8(run.place()+1) && (r.life == InFull || r.life == Prorated || r.life == ConsentStands)
	})
}

// notReleased refuses to settle a result whose payments are not released, with the
// proposal that would release them if there is one.
func (s *State) notReleased(run Run) *Refusal {
	for _, seq := range slices.Backward(s.order) {
		if p := s.proposals[seq]; p.What == Release && p.Run == run && p.state == Pending && s.at < p.Expires.UnixNano() {
			return refuse(NotReleased, "life", "payments of the %s result are not released: proposal %d waits for approval", run, seq)
		}
	}
	return refuse(NotReleased, "life", "payments of the %s result are not released: nothing that would release them waits for approval", run)
}

// planRelease releases payments, once for each result: those that follow from it.
// Before rules 3 it released any file.
func (s *State) planRelease(p *Proposal, rules Rules) (func(), *Refusal) {
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
	payments := p.Payments
	if rules < Rules3 {
		sum := sha256.Sum256([]byte(p.File))
		payments = hex.EncodeToString(sum[:])
	} else if r := s.followsFrom(done, p); r != nil {
		return nil, r
	}
	return func() {
		done.released, done.payments = s.seq, payments
		s.move(DoRelease)
	}, nil
}
