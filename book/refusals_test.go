package book

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestRowsAreRefusedByTheFirstCodeThatApplies(t *testing.T) {
	for _, x := range []struct{ claim, at, rows, want string }{
		{"a tender in time is taken", "", "tender T1 0443 in 11 5000", "taken"},
		{"not your account stands before all else", "", "tender T1 0999 in none 1", "not-your-account"},
		{"the same again is a duplicate of the same", "", "tender T1 0443 in 11 5000; tender T1 0443 in 11 5000", "taken duplicate-same"},
		{"another amount under the id is a duplicate of another", "", "tender T1 0443 in 11 5000; tender T1 0443 in 11 6000", "taken duplicate-other"},
		{"so is another participant", "", "tender T1 0443 in 11 5000; tender T1 0161 in 11 5000", "taken duplicate-other"},
		{"a duplicate is one even if it is late or wrong", "", "tender T1 0443 in 11 5000; tender T1 0443 in 11 1", "taken duplicate-other"},
		{"a refused id can be used again", "", "tender T1 0443 in 11 1; tender T1 0443 in 11 5000", "below-minimum taken"},
		{"a withdrawal's id counts too", "", "tender T1 0443 in 11 5000; withdraw W1 0443 of T1 1000; withdraw W1 0443 of T1 1000", "taken taken duplicate-same"},
		{"all of it is another content than as much", "", "tender T1 0443 in 11 5000; withdraw W1 0443 of T1; withdraw W1 0443 of T1 5000", "taken taken duplicate-other"},
		{"a series that is not offered", "", "tender T1 0443 in 12 5000", "unknown-series"},
		{"below the minimum of 1,000", "", "tender T1 0443 in 11 999", "below-minimum"},
		{"not a multiple of 1,000", "", "tender T1 0443 in 11 1500", "wrong-multiple"},
		{"a condition above the principal", "", "tender T1 0443 in 11 5000 least 6000", "wrong-condition"},
		{"a condition that cannot be accepted", "", "tender T1 0443 in 11 5000 least 2500", "wrong-condition"},
		{"a condition of the whole", "", "tender T1 0443 in 11 5000 least 5000", "taken"},
		{"a late tender", "2004-11-30 00:01", "tender T1 0443 in 11 5000", "late"},
		{"a late tender is first what else is wrong with it", "2004-11-30 00:01", "tender T1 0443 in 11 1500", "wrong-multiple"},
		{"a late tender is on record: the same again is a duplicate", "2004-11-30 00:01", "tender T1 0443 in 11 5000; tender T1 0443 in 11 5000", "late duplicate-same"},
		{"a withdrawal in part, twice, to nothing", "", "tender T1 0443 in 11 5000; withdraw W1 0443 of T1 2000; withdraw W2 0443 of T1; withdraw W3 0443 of T1", "taken taken taken wrong-move"},
		{"more than is left", "", "tender T1 0443 in 11 5000; withdraw W1 0443 of T1 2000; withdraw W2 0443 of T1 4000", "taken taken more-than-left"},
		{"a rest that cannot be tendered", "", "tender T1 0443 in 11 5000; withdraw W1 0443 of T1 4500", "taken leaves-too-little"},
		{"of nothing", "", "withdraw W1 0443 of T1", "unknown-instruction"},
		{"of another participant: as if it were not there", "", "tender T1 0443 in 11 5000; withdraw W1 0161 of T1", "taken unknown-instruction"},
		{"of another series", "", "tender T1 0443 in 11 5000; withdraw W1 0443 of T1 in 9.125", "taken wrong-target"},
		{"of a withdrawal", "", "tender T1 0443 in 11 5000; withdraw W1 0443 of T1 1000; withdraw W2 0443 of W1", "taken taken wrong-target"},
		{"of a late tender", "2004-11-30 00:01", "tender T1 0443 in 11 5000; withdraw W1 0443 of T1", "late wrong-move"},
		{"a delivery of a plain tender", "", "tender T1 0443 in 11 5000; deliver D1 0443 of T1", "taken wrong-target"},
		{"a delivery in two parts", "", "guarantee G1 0443 in 11 5000; deliver D1 0443 of G1 2000; deliver D2 0443 of G1; deliver D3 0443 of G1", "taken taken taken wrong-move"},
		{"more than was guaranteed", "", "guarantee G1 0443 in 11 5000; deliver D1 0443 of G1 6000", "taken more-than-left"},
		{"what was delivered stays", "", "guarantee G1 0443 in 11 5000; deliver D1 0443 of G1 2000; withdraw W1 0443 of G1 4000", "taken taken leaves-too-little"},
		{"a changed tender of another's", "", "tender T1 0443 in 11 5000; tender T2 0161 in 11 6000 of T1", "taken unknown-instruction"},
		{"a changed tender, and then the old one is gone", "", "tender T1 0443 in 11 5000; tender T2 0443 in 11 6000 of T1; withdraw W1 0443 of T1", "taken taken wrong-move"},
		{"more than 64 bits hold", "", "tender T1 0443 in 11 40000000000000000; tender T2 0443 in 11 40000000000000000", "taken too-large"},
	} {
		p := open(t)
		if x.at != "" {
			p.at(x.at)
		}
		if got := p.rows(strings.Split(x.rows, "; ")...); got != x.want {
			t.Errorf("%s: %s\ngot  %s\nwant %s", x.claim, x.rows, got, x.want)
		}
	}
}

func TestAnAllOrNothingBatchLeavesNoTrace(t *testing.T) {
	p := open(t)
	if got := p.rows("tender T1 0443 in 11 5000", "guarantee G1 0443 in 11 5000"); got != "taken taken" {
		t.Fatal(got)
	}
	before := p.s.view(0)
	total, hours := p.s.Total("11", 0), fmt.Sprint(p.s.Participation("11"))
	b := batch(t, "tender T2 0161 in 11 5000 least 1000", "withdraw W1 0443 of T1 1000", "deliver D1 0443 of G1 1000", "tender T3 0443 in 11 9000 of T1", "withdraw W2 0161 of T2 2000", "tender T4 0443 in 11 1")
	b.AllOrNothing = true
	b.Rows[0].Participant = "0161"
	o := p.send(acme, b)
	if o.Code() != OtherRows || o.Taken != 0 || codesOf(o, 6) != "taken taken taken taken taken below-minimum" {
		t.Fatalf("%s: %s", o.Code(), codesOf(o, 6))
	}
	if after := p.s.view(0); after != before || p.s.Len() != 2 || p.s.Total("11", 0) != total || fmt.Sprint(p.s.Participation("11")) != hours || p.s.Events("T1") != nil {
		t.Errorf("something stayed: %+v, %d instructions, %+v", after, p.s.Len(), p.s.Total("11", 0))
	}
	for _, id := range []string{"T2", "W1", "D1", "T3", "W2", "T4"} {
		if _, ok := p.s.Instruction(id); ok {
			t.Errorf("%s is on record", id)
		}
	}
	b.Rows = b.Rows[:5]
	if o := p.send(acme, b); o.Refusal != nil || o.Taken != 5 {
		t.Errorf("without the wrong row: %v, %d taken: %v", o.Refusal, o.Taken, o.Rows)
	}
	restored(t, p.s)
}

// restored checks that a snapshot gives the same state.
func restored(t testing.TB, s *State) *State {
	t.Helper()
	again, err := Restore(snapshot(t, s), s.Head())
	if err != nil {
		t.Fatal(err)
	}
	if again.Digest() != s.Digest() {
		t.Fatal("the restored state has another digest")
	}
	for id := range s.series.number {
		for timing := range s.tallied[0].total {
			if a, b := again.tallied[s.series.number[id]].total[timing], s.tallied[s.series.number[id]].total[timing]; a != b {
				t.Fatalf("restored total of %s is %+v, want %+v", id, a, b)
			}
		}
	}
	return again
}

func TestAPartialWithdrawalKeepsTheReceipt(t *testing.T) {
	p := open(t)
	p.rows("tender T1 0443 in 11 5000")
	received := p.now
	p.at("2004-11-01 10:00").rows("withdraw W1 0443 of T1 2000")
	x, _ := p.s.Instruction("T1")
	if !x.Received.Equal(received) || x.Left != 3000_00 || x.Life != Received {
		t.Errorf("after the withdrawal: %+v", x)
	}
	events := p.s.Events("T1")
	if len(events) != 1 || events[0].Event != OnPart || events[0].Amount != 2000_00 || events[0].Seq != p.s.Head().Seq {
		t.Errorf("its events: %+v", events)
	}
}

func TestChangedTendersKeepTheirTimeAsTheTermsSay(t *testing.T) {
	for _, x := range []struct {
		claim, changed, rows string
		keeps                bool
	}{
		{"an increase has a new time", "new-time", "tender T2 0443 in 11 6000 of T1", false},
		{"or the old one, if the terms say so", "keeps-time", "tender T2 0443 in 11 6000 of T1", true},
		{"a decrease keeps it", "new-time", "tender T2 0443 in 11 4000 of T1", true},
		{"as much keeps it", "new-time", "tender T2 0443 in 11 5000 of T1", true},
	} {
		p := open(t)
		if x.changed == "keeps-time" {
			p.amend(Amend, "acceptance: {changed: keeps-time}")
		}
		p.rows("tender T1 0443 in 11 5000")
		first := p.now
		p.at("2004-11-01 10:00")
		if got := p.rows(x.rows); got != "taken" {
			t.Fatalf("%s: %s", x.claim, got)
		}
		y, _ := p.s.Instruction("T2")
		if y.Received.Equal(first) != x.keeps || p.life("T1") != "withdrawn" || y.RefersTo != "T1" {
			t.Errorf("%s: received %s, first %s; T1 is %s", x.claim, y.Received, first, p.life("T1"))
		}
		if got := p.s.Total("11", 0); got != (Total{1, y.Left}) {
			t.Errorf("%s: total %+v", x.claim, got)
		}
	}
}

func TestAfterTheWithdrawalDeadlineATenderCanOnlyGrow(t *testing.T) {
	p := open(t)
	p.rows("tender T1 0443 in 11 5000", "tender T2 0443 in 11 5000")
	p.at("2004-11-12 17:00") // before 17:00: this is too late
	if got := p.rows("withdraw W1 0443 of T1", "tender T3 0443 in 11 4000 of T1", "tender T4 0443 in 11 6000 of T1"); got != "withdrawal-late withdrawal-late taken" {
		t.Errorf("got %s", got)
	}
	p.at("2004-11-15 09:00").amend(Extend, "dates: {withdrawal: before 2004-11-20 17:00}")
	if got := p.rows("withdraw W1 0443 of T2"); got != "taken" {
		t.Errorf("with withdrawal rights opened again: %s", got)
	}
	p.at("2004-11-20 17:00")
	if got := p.rows("withdraw W2 0443 of T4"); got != "withdrawal-late" {
		t.Errorf("after they closed again: %s", got)
	}
}

func TestOverTenderingIsJudgedByThePositionOnRecord(t *testing.T) {
	p := open(t)
	if got := p.rows("tender T0 0443 in 11 50000"); got != "taken" {
		t.Errorf("without a position: %s", got)
	}
	p.must(ann, &Positions{Source: "depository", List: []Position{{"0443", "11", 60000_00}}})
	if got := p.rows("tender T1 0443 in 11 11000", "tender T2 0443 in 11 10000", "tender T3 0443 in 9.125 99000", "tender T4 0161 in 11 99000"); got != "over-tendered taken taken taken" {
		t.Errorf("60,000 held, 50,000 tendered: %s", got)
	}
	if got := p.rows("withdraw W1 0443 of T0 5000", "tender T5 0443 in 11 6000", "tender T6 0443 in 11 50000 of T0"); got != "taken over-tendered taken" {
		t.Errorf("5,000 withdrawn: %s", got)
	}
	if holds, tendered, known := p.s.Position("0443", "11"); !known || holds != 60000_00 || tendered != 60000_00 {
		t.Errorf("position %d, tendered %d, %v", holds, tendered, known)
	}
	p.must(ann, &Review{Action: "defect", Instruction: "T6", Why: "no signature"})
	if got := p.rows("tender T7 0443 in 11 1000"); got != "over-tendered" {
		t.Errorf("a defective tender holds its notes: %s", got)
	}
	p.must(ann, &Review{Action: "reject", Instruction: "T6", Why: "no signature"})
	if got := p.rows("tender T7 0443 in 11 1000"); got != "taken" {
		t.Errorf("a rejected one does not: %s", got)
	}
	restored(t, p.s)
}

func TestBidsAreHeldToTheGrid(t *testing.T) {
	p := open(t)
	b := batch(t, "tender T1 0443 in 11 5000")
	b.Rows[0].HasBid = true
	if got := codesOf(p.send(acme, b), 1); got != "wrong-bid" {
		t.Errorf("a bid where none is taken: %s", got)
	}
}

func TestADeadlineIsExactToTheNanosecond(t *testing.T) {
	at := newYork(t, "2004-11-30 00:00") // by 2004-11-29 24:00
	early := newYork(t, "2004-11-12 17:00")
	for _, x := range []struct {
		claim string
		now   time.Time
		want  string
		early bool
	}{
		{"before 17:00, a nanosecond before: early", early.Add(-1), "taken", true},
		{"before 17:00, at it: late for the early date", early, "taken", false},
		{"by 24:00, a nanosecond before", at.Add(-1), "taken", false},
		{"by 24:00, at it", at, "taken", false},
		{"by 24:00, a nanosecond after", at.Add(1), "late", false},
	} {
		p := open(t)
		p.now = x.now
		got := p.rows("tender T1 0443 in 11 5000")
		y, _ := p.s.Instruction("T1")
		if got != x.want || (y.Timing == 0) != x.early {
			t.Errorf("%s: %s, %s", x.claim, got, y.Timing)
		}
		if want := map[bool]OfferLife{false: Commenced, true: Expired}[x.want == "late"]; p.s.Life() != want {
			t.Errorf("%s: the offer is %s", x.claim, p.s.Life())
		}
	}
}
