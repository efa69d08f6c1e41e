package book

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"tenderbook/journal"
)

// A ProposalState is where a proposal stands. Codes never change their meaning.
type ProposalState uint8

// The states of a proposal. The last three are of proposals on which nobody
// decided; they follow from the record and the time that is asked about.
const (
	Pending       ProposalState = 1 // waits for a decision
	ProposalTaken ProposalState = 2 // approved, and done
	Rejected      ProposalState = 3
	PastExpiry    ProposalState = 4 // nobody decided in time
	Outrun        ProposalState = 5 // what it depends on has changed: it has to be proposed again
	Superseded    ProposalState = 6 // what it asks for has happened, or cannot happen any more
)

// proposalStates are the states in words.
var proposalStates = [...]struct{ name, means string }{
	Pending:       {"pending", "it waits for a decision"},
	ProposalTaken: {"approved", "another person approved it, and it is done"},
	Rejected:      {"rejected", "somebody rejected it, or its maker took it back"},
	PastExpiry:    {"expired", "nobody decided in time"},
	Outrun:        {"stale", "what bears on it has changed, or the time for it has passed: it has to be made again"},
	Superseded:    {"superseded", "what it asks for has happened already, or cannot happen any more"},
}

// String is the name of the state: "pending".
func (p ProposalState) String() string { return proposalStates[p].name }

// proposed is a proposal on record.
type proposed struct {
	Proposal
	rules   Rules
	maker   string
	at      int64
	digest  [32]byte
	state   ProposalState
	decider string
	decided uint64
}

// A Proposed is a proposal as it stands.
type Proposed struct {
	Seq uint64
	At  time.Time
	Proposal
	Rules   Rules  // by which it is judged
	Maker   string // actor
	Digest  string // what a decision has to name, hexadecimal
	State   ProposalState
	Hinders *Refusal // of one that nobody decided: why it would be refused if it were approved now; nil: it would not
	Decider string   // actor; empty while nobody decided
	Decided uint64   // sequence number of the decision; 0: none
}

// Proposals lists proposals in order, as they stand at a time: those that are
// asked for, by what is on record of them; nil asks for all. Each of these on
// which nobody decided is judged as an approval at that time would be, which for
// an acceptance is to decide the book.
func (s *State) Proposals(at time.Time, asked func(*Proposed) bool) (all []Proposed) {
	seen := s.seenAt(at)
	for _, seq := range s.order {
		x := seen.onRecord(seq)
		if asked != nil && !asked(&x) {
			continue
		}
		seen.stands(&x)
		all = append(all, x)
	}
	return all
}

// Proposal gives one proposal, as it stands at a time.
func (s *State) Proposal(seq uint64, at time.Time) (Proposed, bool) {
	if s.proposals[seq] == nil {
		return Proposed{}, false
	}
	seen := s.seenAt(at)
	x := seen.onRecord(seq)
	seen.stands(&x)
	return x, true
}

// onRecord is what the entries say of a proposal.
func (s *State) onRecord(seq uint64) Proposed {
	p := s.proposals[seq]
	return Proposed{
		Seq: seq, At: time.Unix(0, p.at).UTC(), Proposal: p.Proposal, Rules: p.rules, Maker: p.maker, Digest: hex.EncodeToString(p.digest[:]),
		State: p.state, Decider: p.decider, Decided: p.decided,
	}
}

// stands says how a proposal stands on which nobody decided.
func (s *State) stands(x *Proposed) {
	if x.State == Pending {
		x.State, x.Hinders = s.undecided(x.Seq, s.proposals[x.Seq])
	}
}

// A use says what a kind of proposal needs, and what it does.
type use struct {
	file, subject, result bool
	make, decide          Right
	bears                 bearing
	// plan gives what an approval does, or refuses it as things stand.
	plan func(*State, *Proposal, Rules) (do func(), refusal *Refusal)
}

// The bearings of proposals.
var (
	onTerms       = bearing{on: "the terms", terms: allTerms}
	onCondition   = bearing{on: "that condition in the terms", terms: ofCondition}
	onInstruction = bearing{on: "that instruction; in the terms its series and the dates", terms: ofInstruction, instruction: true}
	onBook        = bearing{on: "the terms; what is accepted of any tender", terms: allTerms}
	onResult      = bearing{on: "nothing does: the result stands"}
	onLife        = bearing{on: "nothing does; where the offer or series cannot be ended any more it is superseded"}
)

// proposals is all that needs a second person.
var proposals = map[What]use{
	Launch:         {make: MayLaunch, decide: MayApprove, bears: onTerms, plan: (*State).planLaunch},
	Amend:          {make: MayDraft, decide: MayApprove, bears: onTerms, file: true, plan: (*State).planAmendment},
	Extend:         {make: MayDraft, decide: MayApprove, bears: onTerms, file: true, plan: (*State).planAmendment},
	Price:          {make: MayDraft, decide: MayApprove, bears: onTerms, file: true, plan: (*State).planAmendment},
	WaiveCondition: {make: MayWaive, decide: MayApprove, bears: onCondition, subject: true, plan: (*State).planWaiveCondition},
	WaiveDefect:    {make: MayWaive, decide: MayApprove, bears: onInstruction, subject: true, plan: (*State).planWaiveDefect},
	Accept:         {make: MayAccept, decide: MayApprove, bears: onBook, result: true, plan: (*State).planAccept},
	Settle:         {make: MaySettle, decide: MayApprove, bears: onResult, result: true, plan: (*State).planSettle},
	Release:        {make: MaySettle, decide: MayRelease, bears: onResult, file: true, result: true, plan: (*State).planRelease},
	Terminate:      {make: MayLaunch, decide: MayApprove, bears: onLife, subject: true, plan: (*State).planTerminate},
	Lapse:          {make: MayLaunch, decide: MayApprove, bears: onCondition, subject: true, plan: (*State).planLapse},
}

// propose puts a proposal on record, if it could be approved as things stand.
func (s *State) propose(e *journal.Entry, p *Proposal) *Refusal {
	if r := s.need(e.Actor, proposals[p.What].make); r != nil {
		return r
	}
	if !e.At.Before(p.Expires) {
		return refuse(ProposalExpired, "proposals", "expires %s, recorded %s", p.Expires.Format(time.RFC3339Nano), e.At.Format(time.RFC3339Nano))
	}
	if _, r := s.plan(p, Rules(e.Version), e.Seq); r != nil {
		return r
	}
	s.proposals[e.Seq] = &proposed{Proposal: *p, rules: Rules(e.Version), maker: e.Actor, at: s.at, digest: sha256.Sum256(e.Body), state: Pending}
	s.order = append(s.order, e.Seq)
	return nil
}

// plan gives what a proposal that was made in an entry would do, or refuses it.
func (s *State) plan(p *Proposal, rules Rules, made uint64) (do func(), refusal *Refusal) {
	if s.history == nil {
		return nil, refuse(NoOffer, "life", "offer %q has no terms yet", s.offer)
	}
	if r := s.outrun(p, rules, made); r != nil {
		return nil, r
	}
	return proposals[p.What].plan(s, p, rules)
}

// decide approves or rejects a proposal. An approval does at once what was
// proposed, or is refused and leaves the proposal as it is.
func (s *State) decide(e *journal.Entry, d *Decision) *Refusal {
	p := s.proposals[d.Proposal]
	if p == nil {
		if r := s.need(e.Actor, MayApprove); r != nil {
			return r
		}
		return refuse(UnknownProposal, "proposals", "entry %d is no proposal", d.Proposal)
	}
	if r := s.mayDecide(e, d, p); r != nil {
		return r
	}
	if !d.Approve {
		p.state, p.decider, p.decided = Rejected, e.Actor, e.Seq
		return nil
	}
	do, r := s.plan(&p.Proposal, p.rules, d.Proposal)
	if r != nil {
		return r
	}
	p.state, p.decider, p.decided = ProposalTaken, e.Actor, e.Seq
	do()
	return nil
}

// mayDecide refuses decisions by the wrong person, twice, too late or on other
// bytes. A maker may reject, which is to take back, but never approve.
func (s *State) mayDecide(e *journal.Entry, d *Decision, p *proposed) *Refusal {
	own := s.Person(p.maker) == s.Person(e.Actor)
	if r := s.need(e.Actor, proposals[p.What].decide); r != nil && (d.Approve || !own) {
		return r
	}
	switch {
	case p.state != Pending:
		return refuse(AlreadyDecided, "proposals", "proposal %d was %s by %q in entry %d", d.Proposal, p.state, p.decider, p.decided)
	case !e.At.Before(p.Expires):
		return refuse(ProposalExpired, "proposals", "proposal %d expired %s, decided %s", d.Proposal, p.Expires.Format(time.RFC3339Nano), e.At.Format(time.RFC3339Nano))
	case own && d.Approve:
		return refuse(SelfApproval, "proposals", "proposal %d was made by %q, the same person as %q", d.Proposal, p.maker, e.Actor)
	case d.Digest != hex.EncodeToString(p.digest[:]):
		return refuse(WrongDigest, "proposals", "proposal %d is %x, the decision names %s", d.Proposal, p.digest, d.Digest)
	}
	return nil
}

// planLaunch approves the draft. The offer commences by itself on its day.
func (s *State) planLaunch(_ *Proposal, rules Rules) (func(), *Refusal) {
	if r := s.moves(DoApprove); r != nil {
		return nil, r
	}
	t := s.clock.terms()
	if s.at > limit(t.Dates.Expiration) {
		return nil, refuse(BadTerms, "dates.expiration", "%s has passed", t.Dates.Expiration)
	}
	if end := t.Termination; rules >= Rules2 && end != nil && end.Series == nil {
		return nil, refuse(BadTerms, "termination", "the terms end the offer that is launched: %s", end.Reason)
	}
	return func() {
		s.clock.rules[0] = rules
		s.move(DoApprove)
		s.clock.wind()
		s.advance(s.at)
	}, nil
}

// planAmendment puts an amendment in force, at its time or at once.
func (s *State) planAmendment(p *Proposal, rules Rules) (func(), *Refusal) {
	event := p.event()
	if r := s.moves(event); r != nil {
		return nil, r
	}
	h, r := s.amended(p.Name, p.File, s.at)
	if r != nil {
		return nil, r
	}
	if r := keepsTo(p.What, s.final(), h.Final()); r != nil {
		return nil, r
	}
	if p.What == Extend && !later(h) {
		return nil, refuse(BadTerms, "dates", "no deadline is moved to a later time: the offer expires %s", s.final().Dates.Expiration)
	}
	if end := h.Final().Termination; rules >= Rules2 && end != nil && end.Series == nil && s.final().Termination == nil {
		if r := s.mayEnd(DoTerminate); r != nil {
			return nil, r
		}
	}
	return func() { s.enact(h, enacted{p.Name, p.File, s.at, s.seq, event, rules}) }, nil
}

// mayEnd refuses to end an offer that may not end this way now.
func (s *State) mayEnd(event OfferEvent) *Refusal {
	if r := s.moves(event); r != nil {
		return r
	}
	if s.owes() {
		return s.whatIsOwed()
	}
	return nil
}

// planTerminate ends the offer, or one series of it.
func (s *State) planTerminate(p *Proposal, rules Rules) (func(), *Refusal) {
	if p.Subject != "" {
		return s.planTerminateSeries(p.Subject, rules)
	}
	if r := s.mayEnd(DoTerminate); r != nil {
		return nil, r
	}
	return func() {
		s.move(DoTerminate)
		s.returnAll(func(*record) bool { return true })
		s.endLeft()
	}, nil
}

func (s *State) planTerminateSeries(id string, rules Rules) (func(), *Refusal) {
	if !s.clock.running() {
		return nil, refuse(WrongState, "life", "cannot terminate a series of an offer that is %s", s.clock.life)
	}
	n, ok := s.series.number[id]
	if !ok || s.clock.by[n].at < 0 {
		return nil, refuse(UnknownSeries, "series", "series %q is not in the terms", id)
	}
	if _, ok := seriesMoves[s.clock.series[n]][SeriesTerminate]; !ok {
		return nil, refuse(AlreadyDone, "life", "series %q is %s", id, s.clock.series[n])
	}
	return func() {
		s.clock.endSeries(int(n))
		s.returnAll(func(r *record) bool { return uint32(r.series) == n })
		if rules >= Rules2 {
			s.clock.endIfEmpty()
			s.endLeft()
		}
	}, nil
}

// planLapse ends an offer whose condition has failed.
func (s *State) planLapse(p *Proposal, rules Rules) (func(), *Refusal) {
	if r := s.mayEnd(DoLapse); r != nil {
		return nil, r
	}
	if r := s.hasFailed(p.Subject, rules); r != nil {
		return nil, r
	}
	return func() {
		s.move(DoLapse)
		s.returnAll(func(*record) bool { return true })
		s.endLeft()
	}, nil
}

// returnAll gives tenders back that nothing was decided on, and ends consents.
func (s *State) returnAll(which func(*record) bool) {
	for i := range s.records {
		r := &s.records[i]
		switch {
		case !r.counts() || !which(r):
		case r.action == Consent:
			s.happen(i, OnLose, s.at, wholeEntry, r.left)
		default:
			s.happen(i, OnReturn, s.at, wholeEntry, r.left)
		}
	}
}

// Pending reports whether a proposal still waits for a decision at a time.
func (s *State) Pending(at time.Time) bool {
	open := s.Proposals(at, func(p *Proposed) bool { return p.State == Pending })
	return slices.ContainsFunc(open, func(p Proposed) bool { return p.State == Pending })
}
