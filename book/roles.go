package book

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// A Role is what an actor is to an offer. Rights are per offer.
type Role string

// The roles.
const (
	Administrator Role = "administrator" // gives roles, and has no right in the offer's business
	Offeror       Role = "offeror"
	DealerManager Role = "dealer-manager"
	Operator      Role = "operator" // of the tender agent
	Approver      Role = "approver" // of the tender agent: the second person
	Participant   Role = "participant"
	Holder        Role = "holder"
	PayingAgent   Role = "paying-agent"
	Auditor       Role = "auditor"
)

// A Right is what a command needs.
type Right uint8

// The rights.
const (
	MayGrant        Right = iota + 1
	MayDraft              // draft, amend, extend, price
	MayLaunch             // propose launch, termination, lapse
	MayWaive              // propose waivers
	MayAccept             // propose acceptance
	MaySettle             // propose settlement and release
	MayApprove            // decide on proposals
	MayRelease            // decide on the release of payments
	MaySubmit             // instruct for one's own accounts
	MaySubmitAny          // instruct for any participant, as the agent on paper
	MayReview             // examine instructions, bring positions
	MayNote               // remark
	MayReadTerms          // read what is public
	MayPrepare            // read terms that are not published yet
	MaySeeTotals          // read totals, and what would be accepted, at any time
	MaySee                // read instructions and positions of all participants
	MaySeeProposals       // read what waits for approval
	MaySeePeople          // read who has which role
	MayVerify             // export the journal with its proofs, sign checkpoints
	MayKeepKeys           // take signing keys into use, and out of it
	MaySeePayments        // read what a result pays to whom
)

var rightNames = [...]string{
	MayGrant: "give roles", MayDraft: "draft and amend terms", MayLaunch: "launch and terminate", MayWaive: "waive", MayAccept: "accept",
	MaySettle: "settle", MayApprove: "approve", MayRelease: "release payments", MaySubmit: "instruct for its account",
	MaySubmitAny: "instruct for any participant", MayReview: "examine instructions", MayNote: "remark",
	MayReadTerms: "read the terms", MayPrepare: "read drafts", MaySeeTotals: "see totals", MaySee: "see the book", MaySeeProposals: "see proposals",
	MaySeePeople: "see who has which role", MayVerify: "export and verify",
	MayKeepKeys: "keep signing keys", MaySeePayments: "see payments",
}

// String says what the right lets do: "launch and terminate".
func (r Right) String() string { return rightNames[r] }

// rights is who may do what. Proposals of a kind need the right of that kind;
// decisions need MayApprove or, for a release, MayRelease.
var rights = map[Role][]Right{
	Administrator: {MayGrant, MayKeepKeys, MaySeePeople, MayNote},
	Offeror:       {MayDraft, MayLaunch, MayAccept, MayReadTerms, MayPrepare, MaySeeTotals, MaySeeProposals, MayNote},
	DealerManager: {MayDraft, MayReadTerms, MayPrepare, MaySeeTotals, MaySee, MaySeeProposals, MayNote},
	Operator:      {MayDraft, MayLaunch, MayWaive, MayAccept, MaySettle, MaySubmitAny, MayReview, MayReadTerms, MayPrepare, MaySeeTotals, MaySee, MaySeeProposals, MaySeePeople, MaySeePayments, MayVerify, MayNote},
	Approver:      {MayApprove, MayRelease, MayReadTerms, MayPrepare, MaySeeTotals, MaySee, MaySeeProposals, MaySeePeople, MaySeePayments, MayVerify, MayNote},
	Participant:   {MaySubmit, MayReadTerms, MayNote},
	Holder:        {MaySubmit, MayReadTerms, MayNote},
	PayingAgent:   {MayRelease, MayReadTerms, MaySeePayments, MayNote},
	Auditor:       {MayReadTerms, MayPrepare, MaySeeTotals, MaySee, MaySeeProposals, MaySeePeople, MaySeePayments, MayVerify, MayNote},
}

// Roles lists the roles that there are, in the order of their names.
func Roles() []Role { return slices.Sorted(maps.Keys(rights)) }

// A Holding of a role: who has it, and for which account.
type Holding struct {
	Actor       string
	Person      string // who is behind the actor; the actor itself if nobody is named
	Role        Role
	Participant string // of a participant or holder
}

// Roles lists who has which role, in a fixed order.
func (s *State) Roles() []Holding {
	all := slices.Clone(s.roles)
	for i := range all {
		all[i].Person = s.Person(all[i].Actor)
	}
	return all
}

// compareHoldings orders by actor, role and participant.
func compareHoldings(a, b Holding) int {
	return cmp.Or(strings.Compare(a.Actor, b.Actor), cmp.Compare(a.Role, b.Role), strings.Compare(a.Participant, b.Participant))
}

// held is what an actor holds. Every row of a batch asks for it, so it must not
// look at everybody's.
func (s *State) held(actor string) []Holding {
	from, _ := slices.BinarySearchFunc(s.roles, actor, func(h Holding, actor string) int { return strings.Compare(h.Actor, actor) })
	to := from
	for to < len(s.roles) && s.roles[to].Actor == actor {
		to++
	}
	return s.roles[from:to]
}

// Person is who is behind an actor: the person that grants named for a key or
// delegate, or the actor itself.
func (s *State) Person(actor string) string {
	if p := s.persons[actor]; p != "" {
		return p
	}
	return actor
}

// May reports whether an actor has a right.
func (s *State) May(actor string, right Right) bool {
	for _, h := range s.held(actor) {
		if slices.Contains(rights[h.Role], right) {
			return true
		}
	}
	return false
}

// MayInstruct reports whether an actor may instruct for a participant.
func (s *State) MayInstruct(actor, participant string) bool {
	for _, h := range s.held(actor) {
		if slices.Contains(rights[h.Role], MaySubmitAny) || h.Participant == participant && slices.Contains(rights[h.Role], MaySubmit) {
			return true
		}
	}
	return false
}

// need refuses an actor without a right.
func (s *State) need(actor string, right Right) *Refusal {
	if s.May(actor, right) {
		return nil
	}
	return refuse(NotAllowed, "roles", "%q has no role on this offer that may %s: needs %s", actor, right, whoMay(right))
}

// whoMay names the roles that have a right: "offeror or operator".
func whoMay(right Right) string {
	var names []string
	for role, has := range rights {
		if slices.Contains(has, right) {
			names = append(names, string(role))
		}
	}
	slices.Sort(names)
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// found gives the actor of an offer's first entry the roles with which an offer
// begins. It can approve nothing of its own.
func (s *State) found(actor string) {
	s.roles = []Holding{{Actor: actor, Role: Administrator}, {Actor: actor, Role: Operator}}
}

// grant gives or takes a role.
func (s *State) grant(actor string, g *Grant) *Refusal {
	if r := s.need(actor, MayGrant); r != nil {
		return r
	}
	person := g.Person
	if person == g.Actor {
		person = ""
	}
	bound := g.Role == Participant || g.Role == Holder
	switch {
	case rights[g.Role] == nil:
		return refuse(BadGrant, "roles", "role %q is not known, needs one of %v", g.Role, Roles())
	case bound != (g.Participant != ""):
		return refuse(BadGrant, "roles", "role %q with participant %q: participants and holders need an account, others take none", g.Role, g.Participant)
	case !g.Take && s.sameperson(actor, g):
		return refuse(BadGrant, "roles", "%q cannot be given a role by itself", actor)
	case person != "" && s.persons[g.Actor] != "" && s.persons[g.Actor] != person:
		return refuse(BadGrant, "roles", "%q stands for %q already, not for %q", g.Actor, s.persons[g.Actor], person)
	case person != "" && s.persons[person] != "":
		return refuse(BadGrant, "roles", "%q stands for %q itself: name the person", person, s.persons[person])
	case person != "" && s.persons[g.Actor] == "" && s.known(g.Actor):
		return refuse(BadGrant, "roles", "%q acts for itself already, it cannot stand for %q", g.Actor, person)
	}
	h := Holding{Actor: g.Actor, Role: g.Role, Participant: g.Participant}
	at, has := slices.BinarySearchFunc(s.roles, h, compareHoldings)
	switch {
	case g.Take && !has:
		return refuse(AlreadyDone, "roles", "%q has no role %q to be taken", g.Actor, g.Role)
	case g.Take && g.Role == Administrator && s.administrators() == 1:
		return refuse(BadGrant, "roles", "%q is the only administrator: give the role to another person first", g.Actor)
	case g.Take:
		s.roles = slices.Delete(s.roles, at, at+1)
		return nil
	case has:
		return refuse(AlreadyDone, "roles", "%q has role %q already", g.Actor, g.Role)
	}
	if person != "" {
		s.persons[g.Actor] = person
	}
	s.roles = slices.Insert(s.roles, at, h)
	return nil
}

// administrators counts those who can give roles.
func (s *State) administrators() (n int) {
	for i := range s.roles {
		if s.roles[i].Role == Administrator {
			n++
		}
	}
	return n
}

// sameperson reports whether a grant is for the person who makes it.
func (s *State) sameperson(actor string, g *Grant) bool {
	to := s.Person(g.Actor)
	if g.Person != "" {
		to = g.Person
	}
	return s.Person(to) == s.Person(actor)
}

// known reports whether an actor has a role, or others stand for it.
func (s *State) known(actor string) bool {
	for _, person := range s.persons {
		if person == actor {
			return true
		}
	}
	return len(s.held(actor)) > 0
}
