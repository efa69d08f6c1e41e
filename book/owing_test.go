package book

import (
	"fmt"
	"strings"
	"testing"
)

// outstanding is an offer whose early result accepted a guarantee of 4,000, 1,000
// of which had come, and is settled.
func outstanding(t *testing.T) *play {
	t.Helper()
	p := twoRuns(t)
	p.satisfy()
	p.rows("guarantee G1 0161 in 11 4000", "deliver D1 0161 of G1 1000")
	p.amend(Amend, "caps: [{name: Tender Cap, amount: USD 20000}]")
	p.tick("2004-11-15 09:00")
	p.agree(p.acceptance(Early))
	p.settle(Early)
	return p
}

// leftOver is the same with 3,000 that came since.
func leftOver(t *testing.T) *play {
	t.Helper()
	p := outstanding(t)
	if got := p.rows("tender T1 0443 in 11 1000", "tender T2 0443 in 9.125 1000", "deliver D2 0161 of G1 3000"); got != "taken taken taken" {
		t.Fatal(got)
	}
	return p
}

// paysWhatIsLeft has the final run pay G1 and nothing else, and the offer settled.
func (p *play) paysWhatIsLeft(claim string) {
	p.Helper()
	restored(p, p.s)
	p.tick("2004-12-05 09:00")
	if o := p.tryAgree(p.acceptance(Final)); o.Refusal != nil {
		p.Fatalf("%s: the final run is refused: %v", claim, o.Refusal)
	}
	if got, want := p.payments(Final), paymentHead+"0161,,,G1,11,later,USD,3000.00,2662.50,57.75,2720.25\n"; got != want {
		p.Errorf("%s: the final result pays\n%swant\n%s", claim, got, want)
	}
	p.settle(Final)
	if got := fmt.Sprint(p.s.Life(), p.life("G1"), p.life("T1"), p.life("T2")); got != "settledsettledreturnedreturned" {
		p.Errorf("%s: the offer, G1, T1 and T2 are %s", claim, got)
	}
	if restored(p, p.s).Verify(Final) != nil || p.replay().Digest() != p.s.Digest() {
		p.Errorf("%s: the journal played again gives another state", claim)
	}
}

// TestNothingEndsBeforeAGuaranteeAcceptedEarlyIsPaid tries to end the offer in every
// way: its series end, it does not before G1 is paid.
func TestNothingEndsBeforeAGuaranteeAcceptedEarlyIsPaid(t *testing.T) {
	p := leftOver(t)
	o := p.tryAgree(&Proposal{What: Terminate})
	if o.Code() != WrongState || !strings.Contains(o.Refusal.Why, `"G1" was accepted early: 3,000 of it was delivered since, 0 is missing (taken by 2004-12-01 17:00)`) {
		t.Errorf("terminated: %v", o.Refusal)
	}
	if o := p.tryAmend(Amend, "termination: {series: all, reason: \"x\"}"); o.Code() != WrongState {
		t.Errorf("terminated by a file: %v", o.Refusal)
	}
	for _, id := range []string{"10.75", "11", "10.5", "9.125"} {
		p.agree(&Proposal{What: Terminate, Subject: id})
	}
	if p.s.Life() != EarlySettled || p.life("T1") != "returned" || p.life("G1") != "accepted" {
		t.Errorf("with no series left the offer is %s, T1 %s, G1 %s", p.s.Life(), p.life("T1"), p.life("G1"))
	}
	p.paysWhatIsLeft("each series is terminated")

	p = leftOver(t)
	p.amend(Amend, "termination: {series: [\"10.75\", \"11\", \"10.5\", \"9.125\"], reason: \"x\"}")
	if p.s.Life() != EarlySettled || p.life("T1") != "returned" {
		t.Errorf("a file terminates each series: the offer is %s, T1 %s", p.s.Life(), p.life("T1"))
	}
	p.paysWhatIsLeft("a file terminates each series")

	p = leftOver(t)
	p.amend(Amend, "conditions: [{id: financing, status: failed}]")
	if o := p.tryAgree(&Proposal{What: Lapse, Subject: "financing"}); o.Code() != WrongState {
		t.Errorf("lapsed: %v", o.Refusal)
	}
	p.paysWhatIsLeft("a condition failed")
}

// TestAGuaranteeThatNeverComesHoldsNothingUp has 3,000 of G1 outstanding: until its
// deadline nothing ends, after it everything does.
func TestAGuaranteeThatNeverComesHoldsNothingUp(t *testing.T) {
	for claim, x := range map[string]struct {
		before, after func(*play)
		want          OfferLife
	}{
		"terminated": {want: Terminated, after: func(p *play) { p.agree(&Proposal{What: Terminate}) }},
		"lapsed": {want: Lapsed, after: func(p *play) {
			p.amend(Amend, "conditions: [{id: financing, status: failed}]")
			p.agree(&Proposal{What: Lapse, Subject: "financing"})
		}},
		"by a file": {want: Terminated, after: func(p *play) { p.amend(Amend, "termination: {series: all, reason: \"x\"}") }},
		"by the clock, once each series is terminated": {want: Terminated, before: func(p *play) {
			p.amend(Amend, "termination: {series: [\"10.75\", \"11\", \"10.5\", \"9.125\"], reason: \"x\"}")
		}},
		"by its last series": {want: Terminated, after: func(p *play) {
			for _, id := range []string{"10.75", "11", "10.5", "9.125"} {
				p.agree(&Proposal{What: Terminate, Subject: id})
			}
		}},
	} {
		p := outstanding(t)
		if x.before != nil {
			x.before(p)
		}
		p.tick("2004-11-30 09:00")
		if o := p.tryAgree(&Proposal{What: Terminate}); o.Code() != WrongState {
			t.Errorf("%s: terminated while it may come: %v", claim, o.Refusal)
		}
		p.s = restored(t, p.s)
		p.tick("2004-12-05 09:00")
		if x.after != nil {
			x.after(p)
		}
		if p.s.Life() != x.want || p.life("G1") != "settled" {
			t.Errorf("%s: the offer is %s, G1 %s", claim, p.s.Life(), p.life("G1"))
		}
		restored(t, p.s)
		if p.replay().Digest() != p.s.Digest() {
			t.Errorf("%s: played again it is another state", claim)
		}
	}
}

// TestAFileApprovedBeforeTheEarlyResultEndsNoGuarantee takes effect after it.
func TestAFileApprovedBeforeTheEarlyResultEndsNoGuarantee(t *testing.T) {
	p := twoRuns(t)
	p.satisfy()
	p.rows("guarantee G1 0161 in 11 4000", "deliver D1 0161 of G1 1000", "tender T2 0443 in 9.125 1000", "withdraw W2 0443 of T2")
	p.amend(Amend, "caps: [{name: Tender Cap, amount: USD 20000}]")
	p.agree(&Proposal{What: Amend, Name: "amendment.yaml", File: amendment(newYork(t, "2004-11-20 09:00"), "termination: {series: all, reason: \"x\"}")})
	p.tick("2004-11-15 09:00")
	p.agree(p.acceptance(Early))
	p.settle(Early)
	p.tick("2004-11-22 09:00")
	if got := p.rows("deliver D2 0161 of G1", "tender T1 0443 in 11 1000"); got != "taken series-closed" || p.s.Life() != EarlySettled {
		t.Errorf("in effect the offer is %s, rows are %s", p.s.Life(), got)
	}
	p.tick("2004-12-05 09:00")
	p.agree(p.acceptance(Final))
	p.settle(Final)
	if p.life("G1") != "settled" {
		t.Errorf("G1 is %s", p.life("G1"))
	}
}

// TestAGuaranteeThatComesBeforeEarlySettlementIsNotSettledByIt completes G1 between
// early acceptance and early settlement, which pays 1,000 of its 4,000.
func TestAGuaranteeThatComesBeforeEarlySettlementIsNotSettledByIt(t *testing.T) {
	p := twoRuns(t)
	p.satisfy()
	p.rows("guarantee G1 0161 in 11 4000", "deliver D1 0161 of G1 1000")
	p.amend(Amend, "caps: [{name: Tender Cap, amount: USD 20000}]")
	p.tick("2004-11-15 09:00")
	p.agree(p.acceptance(Early))
	if got := p.rows("deliver D2 0161 of G1"); got != "taken" {
		t.Fatal(got)
	}
	p.settle(Early)
	if p.life("E1") != "settled" || p.life("G1") != "accepted" {
		t.Errorf("with 3,000 unpaid G1 is %s, E1 %s", p.life("G1"), p.life("E1"))
	}
	p.rows("tender T1 0443 in 11 9000", "tender T2 0443 in 9.125 1000")
	p.tick("2004-12-05 09:00")
	p.agree(p.acceptance(Final))
	if got := p.payments(Final); !strings.Contains(got, "0161,,,G1,11,later,USD,3000.00,2662.50,57.75,2720.25\n") {
		t.Errorf("the final result pays\n%s", got)
	}
	p.settle(Final)
	if p.life("G1") != "settled" {
		t.Errorf("paid, G1 is %s", p.life("G1"))
	}
}

// agreeBy is agree with a proposal of earlier rules.
func (p *play) agreeBy(rules Rules, x *Proposal) {
	p.Helper()
	p.proposal(x)
	o := p.s.Apply(p.entryOf(uint8(rules), ann, x))
	if o.Refusal != nil {
		p.Fatalf("%s is refused: %v", x.What, o.Refusal)
	}
	p.must(bob, &Decision{Proposal: o.Seq, Digest: fmt.Sprintf("%x", x.Digest()), Approve: true})
}

// TestNothingIsAwaitedOfWhatOlderRulesDecided has an early result of rules 2 accept
// G1: nothing of it can be delivered any more, so the final run does not wait, and
// nothing is left to it.
func TestNothingIsAwaitedOfWhatOlderRulesDecided(t *testing.T) {
	p := twoRuns(t)
	p.satisfy()
	p.rows("guarantee G1 0161 in 11 4000", "deliver D1 0161 of G1 1000")
	p.amend(Amend, "caps: [{name: Tender Cap, amount: USD 20000}]")
	p.tick("2004-11-15 09:00")
	plan, err := p.s.planBy(Early, Rules2, &p.s.clock)
	if err != nil {
		t.Fatal(err)
	}
	p.agreeBy(Rules2, &Proposal{What: Accept, Run: Early, Result: plan.Digest})
	if got := p.rows("deliver D2 0161 of G1"); got != "wrong-move" {
		t.Errorf("delivered after a result of rules 2: %s", got)
	}
	p.settle(Early)
	if p.life("G1") != "settled" {
		t.Errorf("G1 is %s", p.life("G1"))
	}
	p.tick("2004-11-30 09:00")
	p.agree(p.acceptance(Final))
	if p.s.Life() != Accepted || p.replay().Digest() != p.s.Digest() {
		t.Errorf("before the deadline of guaranteed delivery the offer is %s", p.s.Life())
	}
}

// TestWhatComesLaterIsPaidOncePerParticipant delivers two guarantees of 1,000 at
// 862.505 after the early result: 1,725.01 together, not twice 862.51.
func TestWhatComesLaterIsPaidOncePerParticipant(t *testing.T) {
	p := openWith(t, changed(t, "pay_by: instruction", "pay_by: participant", "order: priority", "order: early-first",
		"{per: 1000, tender_offer: 867.50, early_payment: 20.00, total: 887.50}", "{per: 1000, tender_offer: 842.505, early_payment: 20.00, total: 862.505}"))
	p.satisfy()
	p.rows("guarantee G1 0161 in 11 1000", "guarantee G2 0161 in 11 1000", "guarantee G3 0443 in 11 1000")
	p.tick("2004-11-15 09:00")
	p.agree(p.acceptance(Early))
	if got := p.rows("deliver D1 0161 of G1", "deliver D2 0161 of G2", "deliver D3 0443 of G3"); got != "taken taken taken" {
		t.Fatal(got)
	}
	p.settle(Early)
	p.tick("2004-12-05 09:00")
	p.agree(p.acceptance(Final))
	want := paymentHead +
		"0161,,,,11,later,USD,2000.00,1725.01,47.06,1772.07\n" + // two payments of 862.505 and 23.527...
		"0443,,,,11,later,USD,1000.00,862.51,23.53,886.04\n"
	if got := p.payments(Final); got != want {
		t.Errorf("the final result pays\n%swant\n%s", got, want)
	}
}
