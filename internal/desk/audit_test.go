package desk_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tenderbook/allocation"
	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/internal/journaltest"
)

// An audit is an offer at work, with what is noted of its instructions after each
// entry, as somebody would who looks over the agent's shoulder.
type audit struct {
	*testing.T
	store  journaltest.Store
	desk   *desk.Desk
	clock  *clock
	offer  string
	random *rand.Rand
	ids    int
	said   map[uint64]string    // the reason that was given with an entry
	stood  map[string][]version // of each instruction, by id
}

// A version is an instruction as an entry left it.
type version struct {
	seq uint64
	is  string
}

// TestEveryVersionOfARecordIsRebuilt is reliability goal G22: from the journal
// alone, each instruction is rebuilt as it stood after each entry that touched it,
// those and no others, with the person or key, the time and the reason.
func TestEveryVersionOfARecordIsRebuilt(t *testing.T) {
	c := &clock{}
	store := onFile(t)(t, c.Now)
	records, versions, entries, events := 0, 0, 0, map[book.Event]int{}
	for number := 0; records < 1000; number++ {
		a := &audit{
			T: t, store: store, desk: desk.Open(store), clock: c, offer: fmt.Sprint("AUDIT-", number), random: rand.New(rand.NewPCG(22, uint64(number))),
			said: map[uint64]string{}, stood: map[string][]version{},
		}
		a.play()
		entries += len(a.rebuild(events))
		records += len(a.stood)
		for _, of := range a.stood {
			versions += len(of)
		}
	}
	for _, e := range []book.Event{
		book.OnDefect, book.OnCure, book.OnWaive, book.OnBlock, book.OnWithdraw, book.OnPart, book.OnReplace, book.OnDeliver, book.OnMiss,
		book.OnAskWaiver, book.OnReject, book.OnAccept, book.OnReturn, book.OnSettle,
	} {
		if events[e] == 0 {
			t.Errorf("no instruction met the event %s", e)
		}
	}
	t.Logf("G22: %d records with %d versions from %d entries, each rebuilt with actor, time and reason; no entry more or less touched one", records, versions, entries)
}

// play is an offer from its launch to its settlement.
func (a *audit) play() {
	a.Helper()
	a.open()
	for _, hour := range []time.Time{
		time.Date(2004, 11, 1, 15, 0, 0, 0, time.UTC),
		time.Date(2004, 11, 12, 21, 30, 0, 0, time.UTC), // early tender date
		time.Date(2004, 11, 12, 22, 30, 0, 0, time.UTC),
		end.Add(-10 * time.Hour),
		end.Add(time.Minute), // late, from here on
	} {
		a.clock.set(hour)
		for range 3 {
			a.batch()
		}
		a.examine()
		a.amend(hour)
	}
	a.clock.set(time.Date(2004, 12, 1, 23, 0, 0, 0, time.UTC)) // guarantees that have not come have failed
	a.do("ann", &book.Note{Text: "the time for delivery is over"})
	a.settle()
}

func (a *audit) open() {
	a.Helper()
	a.clock.set(time.Date(2004, 10, 28, 20, 0, 0, 0, time.UTC))
	file := strings.Replace(offerOf(a, a.offer, "by", "before"), "\n  settlement:", "\n  guaranteed_delivery: by 2004-12-01 17:00\n  settlement:", 1)
	a.do("ann", &book.Offer{Name: "offer.yaml", File: file})
	for _, g := range []book.Grant{
		{Actor: "bob", Role: book.Approver},
		{Actor: "acme", Role: book.Participant, Participant: "0443"},
		{Actor: "acme", Role: book.Participant, Participant: "0161"},
	} {
		a.do("ann", &g)
	}
	a.agree(book.Proposal{What: book.Launch})
}

// do has a command done and notes what it changed; names are the instructions
// that it is about.
func (a *audit) do(actor string, c book.Command, names ...string) desk.Answer {
	a.Helper()
	answer, err := a.desk.Do(a.Context(), a.offer, actor, keys(), c)
	if err != nil {
		a.Fatal(err)
	}
	if answer.Outcome.Refusal != nil {
		names = nil
	}
	if b, is := c.(*book.Instructions); is {
		names = taken(b, answer.Outcome)
	}
	err = a.desk.View(a.Context(), a.offer, func(s *book.State) error {
		for x := range s.Instructions() {
			before, now := a.stood[x.ID], standing(x)
			if len(before) == 0 || before[len(before)-1].is != now || slices.Contains(names, x.ID) {
				a.stood[x.ID] = append(before, version{answer.Receipt.Seq, now})
			}
		}
		return nil
	})
	if err != nil {
		a.Fatal(err)
	}
	return answer
}

// taken lists what the rows that were taken are about.
func taken(b *book.Instructions, o book.Outcome) (names []string) {
	for i, row := range b.Rows {
		if !slices.ContainsFunc(o.Rows, func(r book.RowRefusal) bool { return r.Row == i }) {
			names = append(names, row.ID, row.RefersTo)
		}
	}
	return names
}

// standing is all that a state says of an instruction, but for what follows from
// the deadlines of the moment: those have versions of their own.
func standing(x book.Instruction) string {
	x.Timing = allocation.Timing(0)
	return fmt.Sprintf("%+v", x)
}

// agree has ann propose and bob approve, and gives a reason for both.
func (a *audit) agree(x book.Proposal, names ...string) desk.Answer {
	a.Helper()
	p := proposalOn(a.T, a.desk, a.offer, x)
	p.Why = fmt.Sprintf("%s %s, as was asked on call %d", p.What, p.Subject, a.random.IntN(1000))
	o := a.do("ann", p)
	if o.Outcome.Refusal != nil {
		return o
	}
	o = a.do("bob", approval(o.Receipt.Seq, p), names...)
	a.said[o.Receipt.Seq] = p.Why
	return o
}

func (a *audit) known() string { return fmt.Sprint("I", 1+a.random.IntN(max(1, a.ids))) }

// batch sends rows, some of which are refused.
func (a *audit) batch() {
	a.Helper()
	b := &book.Instructions{Channel: "api"}
	for range 30 + a.random.IntN(30) {
		a.ids++
		row := book.Row{
			ID: fmt.Sprint("I", a.ids), Action: book.Tender, Series: []string{"9.125", "11", "10.5"}[a.random.IntN(3)],
			Participant: []string{"0443", "0161"}[a.random.IntN(2)], Principal: (2 + a.random.Int64N(3_000)) * 1000_00,
		}
		switch a.random.IntN(10) {
		case 0:
			row.RefersTo = a.known()
		case 1, 2, 3:
			row = book.Row{ID: row.ID, Action: book.Withdraw, Participant: row.Participant, RefersTo: a.known(), Principal: 1000_00 * a.random.Int64N(3)}
		case 4, 5:
			row.Action = book.Guarantee
		case 6:
			row = book.Row{ID: row.ID, Action: book.Deliver, Participant: row.Participant, RefersTo: a.known(), Principal: 1000_00 * a.random.Int64N(3)}
		}
		b.Rows = append(b.Rows, row)
	}
	a.do("acme", b)
}

// examine finds defects and what becomes of them.
func (a *audit) examine() {
	a.Helper()
	for i, action := range []string{"defect", "defect", "defect", "defect", "defect", "block", "cure", "ask-waiver", "reject"} {
		x := &book.Review{Action: action, Instruction: a.known()}
		if i > 5 {
			x.Instruction = a.troubled()
		}
		x.Why = fmt.Sprintf("%s, letter %d", x.Action, a.random.IntN(1000))
		seq := a.do("ann", x, x.Instruction).Receipt.Seq
		a.said[seq] = x.Why
	}
	id := a.troubled()
	a.agree(book.Proposal{What: book.WaiveDefect, Subject: id}, id)
}

// troubled is an instruction that is defective or late, if there is one.
func (a *audit) troubled() (id string) {
	a.Helper()
	id = a.known()
	err := a.desk.View(a.Context(), a.offer, func(s *book.State) error {
		if all := s.Problems(); len(all) > 0 {
			id = all[a.random.IntN(len(all))].ID
		}
		return nil
	})
	if err != nil {
		a.Fatal(err)
	}
	return id
}

func (a *audit) amend(at time.Time) {
	a.Helper()
	if at.Before(end) {
		a.agree(book.Proposal{What: book.Amend, Name: "amendment.yaml", File: raised(a.offer, at, 450_000_000+int64(a.ids)*1000)})
	}
}

// settle accepts what follows, releases what that pays, and settles it.
func (a *audit) settle() {
	a.Helper()
	result, payments := follows(a, a.desk, a.offer)
	for _, x := range []book.Proposal{{What: book.Accept}, {What: book.Release, Payments: payments}, {What: book.Settle}} {
		x.Run, x.Result = book.Final, result
		if o := a.agree(x); o.Outcome.Refusal != nil {
			a.Fatalf("%s: %v", x.What, o.Outcome.Refusal)
		}
	}
}
