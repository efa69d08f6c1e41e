package book

import (
	"strings"
	"time"

	"tenderbook/offer"
)

// A bearing says which changes outrun a proposal: after one of them it says no
// longer what its maker and its approver looked at, and cannot be approved.
type bearing struct {
	on string // in words, for docs/lifecycle.md

	// terms says by its path whether a value of the terms bears on a proposal;
	// nil: none does.
	terms func(s *State, p *Proposal, path string) bool

	instruction bool // what happens to the instruction that it is about does
}

// allTerms bears on what shows a difference of terms, or a result under them.
func allTerms(*State, *Proposal, string) bool { return true }

// ofCondition bears on what is about one condition.
func ofCondition(_ *State, p *Proposal, path string) bool {
	return strings.HasPrefix(path, "conditions."+p.Subject+".")
}

// ofInstruction bears on what is wrong with one instruction: its series says what
// can be tendered, the dates whether it came in time.
func ofInstruction(s *State, p *Proposal, path string) bool {
	if strings.HasPrefix(path, "dates.") || path == "time_zone" {
		return true
	}
	i := s.find(p.Subject)
	return i < 0 || strings.HasPrefix(path, "series."+s.series.names[s.records[i].series]+".")
}

// outrun refuses a proposal made in an entry if what it depends on has changed
// since. Before rules 3 every change of the terms outran every proposal.
func (s *State) outrun(p *Proposal, rules Rules, made uint64) *Refusal {
	bears := proposals[p.What].bears
	if rules >= Rules3 && bears.instruction {
		if r := s.happenedSince(p.Subject, made); r != nil {
			return r
		}
	}
	now := s.TermsDigest()
	if p.Basis == now {
		return nil
	}
	if rules >= Rules3 && bears.terms == nil {
		return nil
	}
	seen := s.termsOf(p.Basis)
	if rules < Rules3 || seen == nil {
		return refuse(Stale, "proposals", "made on terms %.12s, in force are %.12s", p.Basis, now)
	}
	for _, d := range offer.Diff(seen, s.final()) {
		if bears.terms(s, p, d.Path) {
			return refuse(Stale, d.Path, "made on terms %.12s, in force are %.12s: %s", p.Basis, now, d)
		}
	}
	return nil
}

// termsOf finds the terms of a digest among those that were final at some time;
// nil if there are none.
func (s *State) termsOf(digest string) *offer.Terms {
	for _, v := range s.clock.versions {
		if v.Terms.Digest() == digest {
			return v.Terms
		}
	}
	return nil
}

// happenedSince refuses what is about an instruction to which something happened
// after an entry. To ask for a waiver changes nothing.
func (s *State) happenedSince(id string, made uint64) *Refusal {
	i := s.find(id)
	if i < 0 {
		return nil
	}
	for n := s.records[i].last; n > 0; n = s.happened[n-1].before {
		if h := &s.happened[n-1]; uint64(h.seq) > made && h.event != OnAskWaiver {
			return refuse(Stale, "life", "%q has changed since the proposal was made: it is %s by entry %d", id, s.records[i].life, h.seq)
		}
	}
	return nil
}

// seenAt is the state as it is looked at at a time: what the clock alone changes
// until then is taken in. It shares what it holds with the state and must not be
// changed.
func (s *State) seenAt(t time.Time) *State {
	v := *s
	v.clock = *s.clock.until(t.UnixNano())
	v.at = max(s.at, t.UnixNano())
	return &v
}

// undecided says how a proposal stands on which nobody decided: whether it can
// still be approved, and if not as things stand, why.
func (s *State) undecided(seq uint64, p *proposed) (ProposalState, *Refusal) {
	if s.at >= p.Expires.UnixNano() {
		return PastExpiry, nil
	}
	_, r := s.plan(&p.Proposal, p.rules, seq)
	switch {
	case r == nil:
		return Pending, nil
	case r.Code == AlreadyDone || !s.clock.life.leadsTo(p.event()):
		return Superseded, r
	case r.Code == Stale || r.Code == WrongResult || r.Code == WrongPayments || r.Code == BadTerms:
		return Outrun, r
	}
	return Pending, r
}

// eventOf is what an approval does to the life of the offer, by kind; those of an
// early run are others.
var eventOf = map[What]OfferEvent{
	Launch: DoApprove, Amend: DoAmend, Extend: DoExtend, Price: DoPrice, WaiveCondition: DoWaive, WaiveDefect: DoWaive,
	Accept: DoAccept, Settle: DoSettle, Release: DoRelease, Terminate: DoTerminate, Lapse: DoLapse,
}

// event is what an approval of the proposal does to the life of the offer.
func (p *Proposal) event() OfferEvent {
	switch {
	case p.What == Accept && p.Run == Early:
		return DoAcceptEarly
	case p.What == Settle && p.Run == Early:
		return DoSettleEarly
	}
	return eventOf[p.What]
}

// leadsTo reports whether an event can still befall an offer in this state.
func (l OfferLife) leadsTo(event OfferEvent) bool {
	seen := map[OfferLife]bool{}
	var from func(OfferLife) bool
	from = func(l OfferLife) bool {
		if _, ok := offerMoves[l][event]; ok {
			return true
		}
		seen[l] = true
		for _, to := range offerMoves[l] {
			if !seen[to] && from(to) {
				return true
			}
		}
		return false
	}
	return from(l)
}
