package desk_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"tenderbook/allocation"
	"tenderbook/book"
	"tenderbook/internal/desk"
)

const (
	clients = 64
	each    = 4  // commands of a client in one race
	pool    = 24 // tenders that all race for
)

// end is the expiration of the offers of the races, 24:00 in New York.
var end = time.Date(2004, 11, 30, 5, 0, 0, 0, time.UTC)

// A race is one offer with what its clients do at its deadlines.
type race struct {
	*testing.T
	id      string
	desks   []*desk.Desk // that take commands, each of its share of the clients
	reads   *desk.Desk   // that is looked at
	clock   *window
	start   spec
	approve *book.Decision // of the extension; nil: none is proposed

	order atomic.Int64 // of calls and answers
	mu    sync.Mutex
	did   []porcupine.Operation
}

// do has a client do something and notes when it was asked and answered.
func (r *race) do(client int, q asking, act func() (answered, error)) {
	q.called = r.clock.peek()
	call := r.order.Add(1)
	a, err := act()
	returned := r.order.Add(1)
	a.returned = r.clock.peek()
	if err != nil {
		r.Error(err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.did = append(r.did, porcupine.Operation{ClientId: client, Input: q, Call: call, Output: a, Return: returned})
}

// send sends a command; the last of a client is sent to another desk again.
func (r *race) send(client, number int, actor string, c book.Command) func() (answered, error) {
	return func() (answered, error) {
		key := fmt.Sprintf("%d-%d", client, number)
		a, err := r.desks[client%len(r.desks)].Do(r.Context(), r.id, actor, key, c)
		if err != nil {
			return answered{}, err
		}
		first := answered{seq: a.Receipt.Seq, at: a.Receipt.At, code: codeOf(a)}
		if number == each-1 {
			again, err := r.desks[(client+1)%len(r.desks)].Do(r.Context(), r.id, actor, key, c)
			first.differs = first != answered{seq: again.Receipt.Seq, at: again.Receipt.At, code: codeOf(again)}
			return first, err
		}
		return first, nil
	}
}

// codeOf is the code of the one row of a batch, or of what is not a batch.
func codeOf(a desk.Answer) book.Code {
	if len(a.Outcome.Rows) > 0 {
		return a.Outcome.Rows[0].Code
	}
	return a.Outcome.Code()
}

func (r *race) look(id string) (a answered, err error) {
	err = r.reads.View(r.Context(), r.id, func(s *book.State) error {
		a.seq = s.Head().Seq
		if x, ok := s.Instruction(id); ok {
			a.left, a.life = x.Left, x.Life
		}
		a.total = s.Total("11", allocation.Early).Principal + s.Total("11", allocation.Late).Principal
		return nil
	})
	return a, err
}

// run has all clients at work at the same time.
func (r *race) run(seed uint64) {
	r.Helper()
	r.clock.set(end.Add(-half))
	var all sync.WaitGroup
	for client := range clients {
		random := rand.New(rand.NewPCG(seed, uint64(client)))
		all.Go(func() {
			for n := range each {
				if r.approve != nil && client == 0 && n == int(seed)%each {
					r.do(client, asking{}, r.send(client, n, "bob", r.approve))
					continue
				}
				row := instruction(random, client, n)
				r.do(client, asking{row: &row}, r.send(client, n, "acme", &book.Instructions{Rows: []book.Row{row}}))
				if random.IntN(4) == 0 {
					id := fmt.Sprint("T", random.IntN(pool))
					r.do(client, asking{looks: id}, func() (answered, error) { return r.look(id) })
				}
			}
		})
	}
	all.Wait()
}

// instruction makes a tender, a changed tender, a withdrawal in part or whole,
// or a tender under an id that others use too.
func instruction(random *rand.Rand, client, number int) book.Row {
	row := book.Row{ID: fmt.Sprintf("N-%d-%d", client, number), Action: book.Tender, Series: "11", Participant: "0443", Principal: 1000_00 * (1 + random.Int64N(12))}
	switch random.IntN(8) {
	case 0:
		row.ID = fmt.Sprint("D", random.IntN(8))
		row.Account = row.ID + fmt.Sprint(client, "-", number) // no two are the same
	case 1, 2:
		row.RefersTo = fmt.Sprint("T", random.IntN(pool))
	case 3, 4, 5:
		row.Action, row.RefersTo = book.Withdraw, fmt.Sprint("T", random.IntN(pool))
		if row.Principal = 1000_00 * random.Int64N(3); random.IntN(4) == 0 {
			row.RefersTo = fmt.Sprintf("N-%d-%d", client, max(0, number-1))
		}
	}
	return row
}

// offerOf is the offer file of a race: Level 3's, with an id and deadlines of its
// own, and without conditions.
func offerOf(t testing.TB, id, expiration, withdrawal string) string {
	t.Helper()
	file, err := os.ReadFile("../../examples/level3-2004/offer.yaml")
	if err != nil {
		t.Fatal(err)
	}
	terms, _, _ := strings.Cut(string(file), "\nconditions:")
	text := strings.NewReplacer("offer: LVLT-2004", "offer: "+id,
		"withdrawal: before 2004-11-12 17:00", "withdrawal: "+withdrawal+" 2004-11-29 24:00",
		"expiration: by 2004-11-29 24:00", "expiration: "+expiration+" 2004-11-29 24:00").Replace(terms)
	if !strings.Contains(text, id) || !strings.Contains(text, "withdrawal: "+withdrawal+" 2004-11-29") || !strings.Contains(text, "expiration: "+expiration+" 2004-11-29") {
		t.Fatal("the example offer is not what the races replace")
	}
	return text
}

// sides are the words of an offer file by whether the instant is in time.
var sides = map[bool]string{true: "by", false: "before"}

// prepare opens an offer, with tenders of a pool that all race for, and stops its
// clock before the deadline. Which sides the deadlines have, whether an
// extension waits for its approval and whether the clock is steady goes round with
// the number.
func prepare(t *testing.T, w *window, number int, desks ...*desk.Desk) *race {
	t.Helper()
	r := &race{T: t, id: fmt.Sprint("RACE-", number), desks: desks, reads: desks[0], clock: w}
	w.jumps = number&8 > 0
	r.start = spec{steady: !w.jumps, expiration: deadline{end, number&1 > 0}, withdrawal: deadline{end, number&3 == 3}, tenders: map[string]specTender{}}
	w.stopAt(time.Date(2004, 10, 28, 20, 0, 0, 0, time.UTC))
	r.must("ann", &book.Offer{Name: "offer.yaml", File: offerOf(t, r.id, sides[r.start.expiration.inclusive], sides[r.start.withdrawal.inclusive])})
	r.must("ann", &book.Grant{Actor: "bob", Role: book.Approver})
	r.must("ann", &book.Grant{Actor: "acme", Role: book.Participant, Participant: "0443"})
	launch := r.proposal(book.Proposal{What: book.Launch})
	r.must("bob", approval(r.must("ann", launch).Receipt.Seq, launch))
	w.stopAt(end.Add(-time.Hour / 2)) // proposals expire after an hour
	tenders := &book.Instructions{}
	for i := range pool {
		row := book.Row{Action: book.Tender, ID: fmt.Sprint("T", i), Series: "11", Participant: "0443", Principal: 10_000_00}
		tenders.Rows = append(tenders.Rows, row)
		r.start.tenders[row.ID] = specTender{left: row.Principal, life: book.Received, received: w.peek()}
	}
	last := r.must("acme", tenders)
	if number&4 > 0 {
		r.start.extended = deadline{end.AddDate(0, 0, 1), true}
		extend := r.proposal(book.Proposal{What: book.Extend, Name: "amendment.yaml", File: "tenderbook: 1\namends: " + r.id +
			"\neffective: 2004-11-29 22:00\ndates: {expiration: by 2004-11-30 24:00}\n"})
		last = r.must("ann", extend)
		r.approve = approval(last.Receipt.Seq, extend)
	}
	r.start.seq, r.start.at = last.Receipt.Seq, last.Receipt.At
	return r
}

func (r *race) must(actor string, c book.Command) desk.Answer {
	r.Helper()
	return mustOn(r.T, r.desks[0], r.id, actor, c)
}

func (r *race) proposal(x book.Proposal) *book.Proposal {
	r.Helper()
	return proposalOn(r.T, r.desks[0], r.id, x)
}
