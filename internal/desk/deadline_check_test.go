package desk_test

import (
	"cmp"
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/internal/journaltest"
)

var rush = flag.Int("rush", 2048/underRace, "how many commands TestDeadlineRaces sends around deadlines, on each store")

// TestDeadlineRaces is reliability goal H8: 64 clients tender, withdraw, change
// and look in the ten milliseconds around a deadline, while somebody extends the
// offer. What they are told is what one desk with one client would have said, in
// an order that agrees with theirs; receipt times never go back; and each is
// judged by its receipt time to the nanosecond, on both kinds of deadline.
func TestDeadlineRaces(t *testing.T) {
	onEachStore(t, func(t *testing.T, fresh func(testing.TB) place) {
		w := &window{random: rand.New(rand.NewPCG(8, 8))}
		at := fresh(t)
		desks := []*desk.Desk{desk.Open(at(t, w.Now)), desk.Open(at(t, w.Now))}
		var n tally
		for number := 0; n.commands < *rush && !t.Failed(); number++ {
			r := prepare(t, w, number, desks...)
			r.run(uint64(number))
			r.judge(&n)
			if got := r.check(time.Minute); got != porcupine.Ok {
				t.Errorf("%s: the answers are not those of one desk in one order (%s): %s", r.id, got, r.first())
			}
		}
		if n.late == 0 || n.late > n.commands*3/4 || n.at == 0 || n.extended == 0 && *rush > 1024 {
			t.Errorf("the races prove nothing: %+v", n)
		}
		t.Logf("H8: %d commands of %d clients within 5 ms of a deadline, %d at its very nanosecond, %d late, %d extensions, %d looks: linearizable, 0 misjudged, receipt times never back",
			n.commands, clients, n.at, n.late, n.extended, n.looks)
	})
}

// check holds the answers to the specification, in one order that agrees with
// who was answered before whom asked.
func (r *race) check(patience time.Duration) porcupine.CheckResult {
	return porcupine.CheckOperationsTimeout(model(r.start), r.history(), patience)
}

// history is what was done, told so that the search finds its way. An answer names
// its place in the journal, so nothing can have happened before what stands before
// it there was asked: each call is moved up to the latest of those, and the order
// of calls becomes that of the journal. This rules out no order that the
// specification allows, and a search that tries calls in turn need not guess where
// the looks belong.
func (r *race) history() []porcupine.Operation {
	all := r.inOrder()
	n, latest := int64(len(all)), int64(0)
	for i := range all {
		op := &all[i]
		latest = max(latest, op.Call)
		op.Call = min(latest, op.Return)*n + int64(i)
		op.Return = op.Return*n + n - 1
	}
	return all
}

// first names the first answer, in the order of the journal, that the
// specification does not give.
func (r *race) first() string {
	state := r.start
	for _, op := range r.inOrder() {
		ok, next := state.step(op.Input.(asking), op.Output.(answered))
		if !ok {
			return model(r.start).DescribeOperation(op.Input, op.Output)
		}
		state = next
	}
	return "each answer is right in the order of the journal, which is not that in which they were asked"
}

// inOrder is what was done, in the order of the journal.
func (r *race) inOrder() []porcupine.Operation {
	sorted := slices.Clone(r.did)
	slices.SortStableFunc(sorted, func(a, b porcupine.Operation) int {
		x, y := a.Output.(answered), b.Output.(answered)
		return cmp.Or(cmp.Compare(x.seq, y.seq), cmp.Compare(len(a.Input.(asking).looks), len(b.Input.(asking).looks)))
	})
	return sorted
}

// A tally counts what races came to.
type tally struct{ commands, looks, late, at, extended int }

// judge holds each answer to its own receipt time, and counts.
func (r *race) judge(n *tally) {
	r.Helper()
	last, expiration := r.start.at, r.start.expiration
	for _, op := range r.inOrder() {
		q, a := op.Input.(asking), op.Output.(answered)
		switch {
		case q.looks != "":
			n.looks++
			continue
		case a.at.Before(last):
			r.Errorf("%s: entry %d has receipt time %s, after one of %s", r.id, a.seq, a.at, last)
		case q.row == nil:
			expiration = r.start.extended
			n.extended++
		case q.row.Action == book.Tender && (a.code == book.Late) == expiration.met(a.at) && (a.code == book.Late || a.code == book.Taken):
			r.Errorf("%s: a tender received %s, %s the deadline of %s, is %s", r.id, a.at, sides[expiration.inclusive], expiration.at, a.code)
		case a.code == book.Late || a.code == book.WithdrawalLate:
			n.late++
		}
		if a.at.Equal(end) {
			n.at++
		}
		last = a.at
		n.commands++
	}
}

// TestDeadlineRacesFindMistakes plants mistakes and lets the same check look for
// them.
func TestDeadlineRacesFindMistakes(t *testing.T) {
	for _, c := range []struct {
		mistake string
		found   bool
		plant   func(*race, *journaltest.Memory)
	}{
		{"none", false, func(*race, *journaltest.Memory) {}},
		{"the instant of the deadline is on the other side", true, func(r *race, _ *journaltest.Memory) {
			r.start.expiration.inclusive = !r.start.expiration.inclusive
		}},
		{"receipts have the time of the call instead of the record's", true, func(r *race, m *journaltest.Memory) {
			r.desks = []*desk.Desk{desk.Open(stampsEarly{m, r.clock})}
		}},
		{"who looks is shown what a replica has that lags", true, func(r *race, m *journaltest.Memory) {
			r.reads = desk.Open(&lags{Memory: m, had: r.start.seq})
		}},
		{"two journals take commands, each for half of the clients", true, func(r *race, m *journaltest.Memory) {
			r.desks = append(r.desks, splitBrain(r.T, m, r.clock, r.id))
		}},
	} {
		t.Run(c.mistake, func(t *testing.T) {
			found := 0
			for number := range 8 {
				w := &window{random: rand.New(rand.NewPCG(8, uint64(number)))}
				m := journaltest.NewMemory(w.Now)
				r := prepare(t, w, number, desk.Open(m))
				c.plant(r, m)
				r.run(uint64(number))
				if r.check(time.Second) != porcupine.Ok {
					found++
					t.Log(r.first())
				}
			}
			if c.found && found == 0 || !c.found && found > 0 {
				t.Errorf("found in %d of 8 races", found)
			}
			t.Logf("found in %d of 8 races", found)
		})
	}
}
