package desk_test

import (
	"flag"
	"fmt"
	"sync"
	"testing"
	"time"

	"tenderbook/book"
	"tenderbook/internal/desk"
)

var races = flag.Int("races", 40/underRace, "how many proposals several people decide on at once, on each store")

// An approver is somebody who decides, in one of his sessions.
type approver struct {
	actor   string
	session int
	edited  bool // names other bytes than those proposed
}

// approvers are who races: the maker in two sessions, by key and by delegate, two
// others in two sessions each, and those who saw other bytes.
var approvers = []approver{
	{actor: "ann"},
	{actor: "ann", session: 1},
	{actor: "ann-key"},
	{actor: "ann-delegate", session: 1},
	{actor: "bob"},
	{actor: "bob", session: 1},
	{actor: "cat"},
	{actor: "cat", session: 1},
	{actor: "bob", edited: true},
	{actor: "cat", session: 1, edited: true},
}

// A vote is what an approver was answered.
type vote struct {
	approver
	code book.Code
	seq  uint64
}

// decideAtOnce has every approver approve a proposal, or the bytes edited, at the
// same time.
func decideAtOnce(t *testing.T, sessions []*desk.Desk, offer string, seq uint64, x, edited *book.Proposal) (votes []vote) {
	t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, by := range approvers {
		all.Go(func() {
			saw := x
			if by.edited {
				saw = edited
			}
			a, err := sessions[by.session].Do(t.Context(), offer, by.actor, keys(), approval(seq, saw))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			votes = append(votes, vote{by, a.Outcome.Code(), a.Receipt.Seq})
		})
	}
	all.Wait()
	return votes
}

// A count is what H9 counts.
type count struct{ once, never, twice, byMaker, edited int }

func (c *count) add(votes []vote) {
	taken := 0
	for _, v := range votes {
		switch {
		case v.code != book.Taken:
			continue
		case v.edited:
			c.edited++
		case v.actor != "bob" && v.actor != "cat":
			c.byMaker++
		}
		taken++
	}
	switch taken {
	case 0:
		c.never++
	case 1:
		c.once++
	default:
		c.twice++
	}
}

// hold fails where anything was approved other than once, by a second person, on
// the bytes proposed.
func (c *count) hold(t *testing.T, races, once int) {
	t.Helper()
	if c.once != once || c.twice > 0 || c.byMaker > 0 || c.edited > 0 {
		t.Errorf("%+v, want %d decided once, none twice, none by its maker, none on other bytes", *c, once)
	}
	t.Logf("H9: %d races of %d sessions: %d decided once, %d twice, %d by the maker, %d on other bytes", races, len(approvers), c.once, c.twice, c.byMaker, c.edited)
}

// sessionsOf opens two desks on one place, as two processes would.
func sessionsOf(t *testing.T, at place, c *clock) []*desk.Desk {
	t.Helper()
	return []*desk.Desk{desk.Open(at(t, c.Now)), desk.Open(at(t, c.Now))}
}

// TestApproversRace is reliability goal H9: two approvers, and the maker by two
// sessions, by API key and by delegate, decide at the same time on each proposal,
// and others approve bytes that were edited. Exactly one approval is taken, never
// the maker's, and what is in force is what was proposed.
func TestApproversRace(t *testing.T) {
	onEachStore(t, func(t *testing.T, fresh func(testing.TB) place) {
		c := &clock{}
		sessions := sessionsOf(t, fresh(t), c)
		var n count
		for i := range *races {
			id := fmt.Sprint("AMEND-", i/20)
			if i%20 == 0 {
				people(t, sessions[0], id, c)
			}
			n.add(amendAtOnce(t, sessions, id, c, i%20))
		}
		n.hold(t, *races, *races)
	})
}

// amendAtOnce has all decide on an amendment at once.
func amendAtOnce(t *testing.T, sessions []*desk.Desk, id string, c *clock, i int) []vote {
	t.Helper()
	d, now := sessions[i%2], time.Date(2004, 11, 1, 15, i, 0, 0, time.UTC)
	c.set(now)
	mustOn(t, d, id, "ann", &book.Note{Text: fmt.Sprint("race ", i)}) // the record moves on to this time
	dollars := 451_000_000 + int64(i)*1000
	x := proposalOn(t, d, id, book.Proposal{What: book.Amend, Name: "amendment.yaml", File: raised(id, now, dollars)})
	edited := *x
	edited.File = raised(id, now, dollars+1_000_000)
	votes := decideAtOnce(t, sessions, id, mustOn(t, d, id, "ann", x).Receipt.Seq, x, &edited)
	err := d.View(t.Context(), id, func(s *book.State) error {
		if got := s.History().Final().Caps[0].Amount.Minor; got != dollars*100 {
			t.Errorf("race %d: the cap is %d, proposed was %d", i, got, dollars*100)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return votes
}

// raised is an amendment that raises the cap.
func raised(id string, at time.Time, dollars int64) string {
	return fmt.Sprintf("tenderbook: 1\namends: %s\neffective: %s\ncaps: [{name: Tender Cap, amount: USD %d}]\n",
		id, at.Add(-5*time.Hour).Format("2006-01-02 15:04"), dollars)
}

// people opens and launches an offer: ann is operator, her key and her delegate
// have the role of approvers, bob and cat are approvers.
func people(t *testing.T, d *desk.Desk, id string, c *clock) {
	t.Helper()
	c.set(time.Date(2004, 10, 28, 20, 0, 0, 0, time.UTC))
	do := func(actor string, c book.Command) desk.Answer { t.Helper(); return mustOn(t, d, id, actor, c) }
	do("ann", &book.Offer{Name: "offer.yaml", File: offerOf(t, id, "by", "before")})
	do("ann", &book.Grant{Actor: "bob", Role: book.Approver})
	do("ann", &book.Grant{Actor: "cat", Role: book.Approver})
	do("ann", &book.Grant{Actor: "dan", Role: book.Administrator})
	do("dan", &book.Grant{Actor: "ann-key", Person: "ann", Role: book.Approver})
	do("dan", &book.Grant{Actor: "ann-delegate", Person: "ann", Role: book.Approver})
	launch := proposalOn(t, d, id, book.Proposal{What: book.Launch})
	do("bob", approval(do("ann", launch).Receipt.Seq, launch))
}

// TestReleaseRace is the same for money: a proposal to release other payments than
// those of the result is refused, two of the right ones stand, and all decide on
// both at once. Payments go out once, on the word of a second person.
func TestReleaseRace(t *testing.T) {
	onEachStore(t, func(t *testing.T, fresh func(testing.TB) place) {
		c := &clock{}
		sessions := sessionsOf(t, fresh(t), c)
		var n count
		all := max(1, *races/5)
		for i := range all {
			id := fmt.Sprint("PAY-", i)
			result, payments := acceptedOffer(t, sessions[0], c, id)
			release := book.Proposal{What: book.Release, Run: book.Final, Result: result, Payments: payments}
			edited := release
			edited.Payments = result
			a, err := sessions[0].Do(t.Context(), id, "ann", keys(), proposalOn(t, sessions[0], id, edited))
			if err != nil || a.Outcome.Code() != book.WrongPayments {
				t.Errorf("%s: other payments than those of the result: %v, %v", id, a.Outcome.Refusal, err)
			}
			var pay [2]*book.Proposal
			var seqs [2]uint64
			for k := range pay {
				release.Why = fmt.Sprint("proposal ", k)
				pay[k] = proposalOn(t, sessions[k], id, release)
				seqs[k] = mustOn(t, sessions[k], id, "ann", pay[k]).Receipt.Seq
			}
			var votes [2][]vote
			var both sync.WaitGroup
			for k := range pay {
				both.Go(func() { votes[k] = decideAtOnce(t, sessions, id, seqs[k], pay[k], pay[1-k]) })
			}
			both.Wait()
			n.add(append(votes[0], votes[1]...))
			released(t, sessions[1], id, payments, votes)
		}
		n.hold(t, all, all)
	})
}

// follows gives the digests of the final result that follows from the book, and of
// what that pays.
func follows(t testing.TB, d *desk.Desk, id string) (result, payments string) {
	t.Helper()
	err := d.View(t.Context(), id, func(s *book.State) error {
		plan, err := s.Plan(book.Final)
		if err == nil {
			result = plan.Digest
			payments, err = plan.Payments()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return result, payments
}

// acceptedOffer takes an offer to where payments can be released.
func acceptedOffer(t *testing.T, d *desk.Desk, c *clock, id string) (result, payments string) {
	t.Helper()
	people(t, d, id, c)
	c.set(end.Add(-time.Hour))
	tender := &book.Instructions{Rows: []book.Row{{Action: book.Tender, ID: "T1", Series: "11", Participant: "0443", Principal: 10_000_00}}}
	mustOn(t, d, id, "ann", tender)
	c.set(end.Add(time.Hour))
	mustOn(t, d, id, "ann", &book.Note{Text: "the offer has expired"})
	result, payments = follows(t, d, id)
	accept := proposalOn(t, d, id, book.Proposal{What: book.Accept, Run: book.Final, Result: result})
	mustOn(t, d, id, "bob", approval(mustOn(t, d, id, "ann", accept).Receipt.Seq, accept))
	return result, payments
}

// released holds what is on record as released to the payments and to the vote
// that approved them.
func released(t *testing.T, d *desk.Desk, id, payments string, votes [2][]vote) {
	t.Helper()
	err := d.View(t.Context(), id, func(s *book.State) error {
		result := s.Results()[0]
		for k := range votes {
			for _, v := range votes[k] {
				if v.code == book.Taken && (result.Payments != payments || result.Released != v.seq) {
					t.Errorf("%s: approved was %s in entry %d, released is %s in entry %d", id, payments, v.seq, result.Payments, result.Released)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
