package book

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"tenderbook/allocation"
	"tenderbook/money"
)

// twoRuns is an offer whose early tenders are settled early.
func twoRuns(t testing.TB) *play {
	p := open(t)
	p.amend(Amend, "dates: {early_settlement: 2004-11-18}\nacceptance: {order: early-first}\ncaps: [{name: Tender Cap, amount: USD 10000}]")
	p.rows("tender E1 0443 in 11 5000", "tender E2 0161 in 11 3000", "tender E3 0161 in 11 1000", "withdraw W1 0443 of E1 1000")
	return p
}

func TestEarlyResultsFeedTheFinalRun(t *testing.T) {
	p := twoRuns(t)
	p.satisfy()
	if o := p.tryAgree(p.acceptance(Early)); o.Code() != TooEarly {
		t.Errorf("before the early date: %v", o.Refusal)
	}
	p.at("2004-11-15 09:00")
	p.agree(p.acceptance(Early))
	if p.s.Life() != EarlyResults || p.life("E1") != "accepted" {
		t.Fatalf("the offer is %s, E1 %s", p.s.Life(), p.life("E1"))
	}
	p.rows("tender L1 0443 in 11 9000", "tender L2 0161 in 11 1000")
	if got := p.rows("withdraw W2 0443 of E1"); got != "wrong-move" {
		t.Errorf("a withdrawal of what is accepted: %s", got)
	}
	if o := p.tryAgree(p.acceptance(Early)); o.Code() != WrongState {
		t.Errorf("early results twice: %v", o.Refusal)
	}
	if o := p.tryAgree(&Proposal{What: Settle, Run: Early, Result: hash}); o.Code() != WrongResult {
		t.Errorf("settled on another result: %v", o.Refusal)
	}
	if o := p.tryAgree(&Proposal{What: Settle, Run: Final, Result: hash}); o.Code() != WrongState {
		t.Errorf("settled before it is accepted: %v", o.Refusal)
	}
	if o := p.tryAgree(&Proposal{What: Terminate}); o.Code() != WrongState {
		t.Errorf("terminated between acceptance and settlement: %v", o.Refusal)
	}
	early := p.s.Results()[0].Digest
	if o := p.tryAgree(&Proposal{What: Settle, Run: Early, Result: early}); o.Code() != NotReleased {
		t.Errorf("settled before its payments are released: %v", o.Refusal)
	}
	pay := p.release(Early)
	p.agree(pay)
	if o := p.tryAgree(pay); o.Code() != AlreadyDone {
		t.Errorf("released twice: %v", o.Refusal)
	}
	p.agree(&Proposal{What: Settle, Run: Early, Result: early})
	if p.s.Life() != EarlySettled || p.life("E1") != "settled" {
		t.Fatalf("the offer is %s, E1 %s", p.s.Life(), p.life("E1"))
	}
	restored(t, p.s)
	p.at("2004-12-02 09:00")
	if got := p.rows("tender L3 0443 in 11 1000"); got != "late" {
		t.Fatal(got)
	}
	p.agree(p.acceptance(Final))
	// 4,000 + 3,000 + 1,000 early leave 2,000 of 10,000 for late 9,000 and 1,000: one in five.
	for id, want := range map[string]int64{"E1": 4000_00, "E2": 3000_00, "E3": 1000_00, "L1": 1000_00, "L2": 0, "L3": 0} {
		if x, _ := p.s.Instruction(id); x.Accepted != want {
			t.Errorf("%s: accepted %d, want %d", id, x.Accepted, want)
		}
	}
	if p.life("L3") != "returned" || p.life("L2") != "returned" || p.life("L1") != "prorated" {
		t.Errorf("L1 is %s, L2 %s, L3 %s", p.life("L1"), p.life("L2"), p.life("L3"))
	}
	again := restored(t, p.s)
	for _, run := range []Run{Early, Final} {
		if err := p.s.Verify(run); err != nil {
			t.Error(err)
		}
		if err := again.Verify(run); err != nil {
			t.Errorf("restored: %v", err)
		}
	}
	if p.replay().Digest() != p.s.Digest() {
		t.Error("the journal played again gives another state")
	}
}

// TestAnAcceptanceOfAnotherBookIsRefused has the book change between proposal
// and approval.
func TestAnAcceptanceOfAnotherBookIsRefused(t *testing.T) {
	p := open(t)
	p.rows("tender T1 0443 in 11 5000", "tender T2 0161 in 11 5000")
	p.satisfy()
	p.at("2004-12-02 09:00")
	x := p.proposal(p.acceptance(Final))
	seq := p.must(ann, x).Seq
	p.must(ann, &Review{Action: "defect", Instruction: "T2", Why: "no signature"})
	yes := &Decision{Proposal: seq, Digest: fmt.Sprintf("%x", x.Digest()), Approve: true}
	if o := p.send(bob, yes); o.Code() != WrongResult || p.s.Life() != Expired {
		t.Errorf("approved over another book: %v", o.Refusal)
	}
	p.must(ann, &Review{Action: "cure", Instruction: "T2"})
	if o := p.send(bob, yes); o.Refusal != nil {
		t.Errorf("approved over the book it was made of: %v", o.Refusal)
	}
	p.s.records[0].left -= 1000_00
	if err := p.s.Verify(Final); err == nil || !strings.Contains(err.Error(), "the book gives") {
		t.Errorf("a book that was tampered with verifies: %v", err)
	}
}

func TestAnAuctionTakesBidsOnItsGrid(t *testing.T) {
	yaml, err := os.ReadFile("testdata/auction.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p := &play{TB: t, s: New("LVLT-2004"), now: newYork(t, "2025-06-02 09:00")}
	p.must(ann, &Offer{Name: "auction.yaml", File: string(yaml)})
	p.must(ann, &Grant{Actor: bob, Role: Approver})
	p.agree(&Proposal{What: Launch})
	for i, x := range []struct{ claim, bid, want string }{
		{"the best of the range", "960", "taken"},
		{"on the grid", "962.50", "taken"},
		{"written otherwise", "962.5", "taken"},
		{"off the grid", "961", "wrong-bid"},
		{"below the range", "957.50", "wrong-bid"},
		{"above it", "987.50", "wrong-bid"},
		{"none", "", "taken"},
	} {
		r := Row{Action: Tender, ID: fmt.Sprint("T", i), Series: "2028", Participant: "0443", Principal: 5000_00}
		if x.bid != "" {
			r.HasBid = true
			if r.Bid, err = money.ParseDecimal(x.bid); err != nil {
				t.Fatal(err)
			}
		}
		b := &Instructions{Rows: []Row{r}}
		for range 2 { // the second time out of what is remembered
			if got := codesOf(p.send(ann, b), 1); got != x.want && got != "duplicate-same" {
				t.Errorf("%s: bid %s is %s, want %s", x.claim, x.bid, got, x.want)
			}
		}
	}
	written := &Instructions{Rows: []Row{{Action: Tender, ID: "T1", Series: "2028", Participant: "0443", Principal: 5000_00, HasBid: true, Bid: money.DecimalOf(9625, 1)}}}
	if got := codesOf(p.send(ann, written), 1); got != "duplicate-same" {
		t.Errorf("962.5 is another bid than 962.50: %s", got)
	}
	p.now = newYork(t, "2025-07-02 09:00")
	p.must(ann, &Note{Text: "after expiration"})
	plan, err := p.s.Plan(Final)
	if err != nil {
		t.Fatal(err)
	}
	var bids []int64
	plan.Each(func(_ Instruction, x allocation.Tender, o allocation.Outcome) bool {
		bids = append(bids, x.Bid)
		if o.Accepted != 5000_00 {
			t.Errorf("%s: accepted %d", x.ID, o.Accepted)
		}
		return true
	})
	if fmt.Sprint(bids) != "[0 1 1 0]" {
		t.Errorf("bids in steps are %v", bids)
	}
	restored(t, p.s)
}

// TestOneEntryOfManyRowsIsManyEntriesOfOne sends the same rows in batches of
// 1,000, 7 and 1: the instructions, totals and results are the same.
func TestOneEntryOfManyRowsIsManyEntriesOfOne(t *testing.T) {
	var rows []string
	for i := range 1000 {
		switch i % 5 {
		case 3:
			rows = append(rows, fmt.Sprintf("withdraw I%d 0443 of I%d 1000", i, i-3))
		case 4:
			rows = append(rows, fmt.Sprintf("tender I%d 0161 in 11 999", i))
		default:
			rows = append(rows, fmt.Sprintf("tender I%d 0443 in %s %d", i, []string{"11", "9.125", "10.5"}[i%3], (i%7+2)*1000))
		}
	}
	var want string
	for _, size := range []int{1000, 7, 1} {
		p := open(t)
		var all []string
		for from := 0; from < len(rows); from += size {
			all = append(all, p.rows(rows[from:min(from+size, len(rows))]...))
		}
		p.satisfy()
		p.at("2004-12-02 09:00")
		plan, err := p.s.Plan(Final)
		if err != nil {
			p.must(ann, &Note{Text: "after"})
			plan, err = p.s.Plan(Final)
		}
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		b.WriteString(strings.Join(all, " ") + "\n")
		for x := range p.s.Instructions() {
			x.Seq, x.Row = 0, 0
			fmt.Fprintf(&b, "%+v\n", x)
		}
		for _, id := range []string{"11", "9.125", "10.5"} {
			fmt.Fprintln(&b, p.s.Total(id, allocation.Early), p.s.Participation(id))
		}
		b.WriteString(plan.Digest)
		if want == "" {
			want = b.String()
		}
		if b.String() != want {
			t.Errorf("in batches of %d the book is another", size)
		}
	}
}

// TestTheSameJournalGivesTheSameBytes folds a journal with any number of
// processors, whole and from snapshots on the way.
func TestTheSameJournalGivesTheSameBytes(t *testing.T) {
	p := twoRuns(t)
	p.satisfy()
	p.at("2004-11-15 09:00")
	p.now = p.now.Add(time.Second)
	p.must(ann, &Note{Text: "the early date has passed"})
	p.agree(p.acceptance(Early))
	p.rows("tender L1 0443 in 11 9000", "tender L2 0161 in 11 1000", "guarantee G1 0161 in 11 1000")
	want := p.s.Digest()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(procs)
		s := New("LVLT-2004")
		for _, e := range p.entries {
			s.Apply(e)
			s = restored(t, s)
		}
		if s.Digest() != want || p.replay().Digest() != want {
			t.Errorf("with %d processors the state is another", procs)
		}
	}
}
