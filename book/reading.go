package book

import (
	"slices"
	"strconv"
	"time"

	"tenderbook/calendar"
)

// A Subject is what somebody asks to see of an offer.
type Subject string

// The subjects.
const (
	SeeTerms        Subject = "terms"        // terms in force, deadlines, where the offer stands
	SeeTotals       Subject = "totals"       // what stands tendered, by series
	SeePlan         Subject = "plan"         // what would be accepted as things stand
	SeeResult       Subject = "result"       // what was accepted, by series
	SeeInstructions Subject = "instructions" // who tendered what, what happened to it, what it got
	SeePositions    Subject = "positions"    // what participants hold
	SeePayments     Subject = "payments"     // what a result pays to whom
	SeeProposals    Subject = "proposals"    // what waits for a second person, and what became of it
	SeePeople       Subject = "people"       // who has which role
	SeeNotes        Subject = "notes"        // remarks for the record
	SeeJournal      Subject = "journal"      // entries as they are, in a bundle or with a proof; rows of a result
)

// A sight says who sees a subject.
type sight struct {
	right Right // shows it at any time, and all of it
	own   bool  // participants and holders see what is of their accounts
	from  string
	// public reports whether all who may read the terms see it at a time; nil:
	// never. from says when that is.
	public func(*State, time.Time) bool
}

// sights is who may see what. What is not listed is nobody's.
var sights = map[Subject]sight{
	SeeTerms:        {right: MayPrepare, public: (*State).commenced, from: "the offer has commenced"},
	SeeTotals:       {right: MaySeeTotals, public: (*State).pastEarly, from: "the early tender date has passed, or the expiration if there is none"},
	SeePlan:         {right: MaySeeTotals},
	SeeResult:       {right: MaySeeTotals, public: (*State).decidedAny, from: "a result is accepted"},
	SeeInstructions: {right: MaySee, own: true},
	SeePositions:    {right: MaySee, own: true},
	SeePayments:     {right: MaySeePayments},
	SeeProposals:    {right: MaySeeProposals},
	SeePeople:       {right: MaySeePeople},
	SeeNotes:        {right: MaySee},
	SeeJournal:      {right: MayVerify},
}

// MayRead refuses an actor what it may not see at a time. Of participants and
// holders it takes a question about instructions or positions as one about those
// of their accounts; what another account has is to them as if it were not
// there. Who may decide on a proposal sees that one.
func (s *State) MayRead(actor string, q *Inquiry, at time.Time) *Refusal {
	look, ok := sights[q.Subject]
	if !ok {
		return refuse(NotAllowed, "roles", "%q is nothing that can be seen", q.Subject)
	}
	switch {
	case s.May(actor, look.right):
		return nil
	case look.public != nil && look.public(s, at) && s.May(actor, MayReadTerms):
		return nil
	case look.own && len(s.Accounts(actor)) > 0:
		return s.mayReadOwn(actor, q)
	case q.Subject == SeeProposals && s.decides(actor, q.Of):
		return nil
	case look.public != nil && s.May(actor, MayReadTerms):
		return refuse(NotAllowed, "roles", "%q sees the %s of this offer only once %s", actor, q.Subject, look.from)
	case q.Subject == SeePlan && s.May(actor, MayReadTerms):
		return refuse(NotAllowed, "roles", "%q sees what was accepted once a result is; what would be accepted needs %s", actor, whoMay(look.right))
	}
	right := look.right
	if look.public != nil {
		right = MayReadTerms
	}
	return refuse(NotAllowed, "roles", "%q has no role on this offer that may see its %s: needs %s", actor, q.Subject, whoMay(right))
}

func (s *State) mayReadOwn(actor string, q *Inquiry) *Refusal {
	if q.Of == "" {
		return nil // of its own accounts
	}
	of := q.Of
	if q.Subject == SeeInstructions {
		x, _ := s.Instruction(q.Of)
		of = x.Participant
	}
	if !slices.Contains(s.Accounts(actor), of) {
		return refuse(NotYourAccount, "roles", "%q is not of an account that %q acts for", q.Of, actor)
	}
	return nil
}

// decides reports whether an actor has the right to decide on a proposal; of
// none that is named: on any that there is.
func (s *State) decides(actor, named string) bool {
	return slices.ContainsFunc(s.order, func(seq uint64) bool {
		return (named == "" || named == strconv.FormatUint(seq, 10)) && s.May(actor, proposals[s.proposals[seq].What].decide)
	})
}

// SeesProposal reports whether an actor sees a proposal.
func (s *State) SeesProposal(actor string, seq uint64) bool {
	return s.May(actor, MaySeeProposals) || s.decides(actor, strconv.FormatUint(seq, 10))
}

// Accounts lists the participants that an actor acts for, by role and then by
// name.
func (s *State) Accounts(actor string) (own []string) {
	for _, h := range s.held(actor) {
		if h.Participant != "" {
			own = append(own, h.Participant)
		}
	}
	return own
}

// Sees reports whether an actor sees what a participant tendered and holds.
func (s *State) Sees(actor, participant string) bool {
	return s.May(actor, MaySee) || slices.Contains(s.Accounts(actor), participant)
}

// commenced reports whether the terms were published: the launch is approved and
// the offer's first day has come.
func (s *State) commenced(at time.Time) bool {
	launched := slices.ContainsFunc(s.order, func(seq uint64) bool {
		p := s.proposals[seq]
		return p.What == Launch && p.state == ProposalTaken
	})
	return launched && !at.Before(s.clock.versions[0].Effective)
}

// pastEarly reports whether the early tender date has passed, after which the
// offeror says what came in.
func (s *State) pastEarly(at time.Time) bool {
	t := s.At(at).Terms
	if t == nil || !s.commenced(at) {
		return false
	}
	deadline := t.Dates.EarlyTender
	if deadline.IsZero() {
		deadline = t.Dates.Expiration
	}
	return past(deadline, at)
}

func past(d calendar.Deadline, at time.Time) bool { return at.UnixNano() > limit(d) }

func (s *State) decidedAny(time.Time) bool { return s.results[0] != nil || s.results[1] != nil }

// Roled reports whether an actor has any role on the offer.
func (s *State) Roled(actor string) bool {
	return len(s.held(actor)) > 0
}
