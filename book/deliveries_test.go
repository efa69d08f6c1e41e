package book

import (
	"strings"
	"testing"
)

// TestAGuaranteeAcceptedEarlyIsDeliveredLater has the early run accept a guarantee
// of 4,000, 1,000 of which had come: that is paid early, what comes by the deadline
// is paid with the final result at the early price, and what never comes is not.
// 1,000 of series 11 is 887.50 early; interest to 18 November is 63 days, 19.25.
func TestAGuaranteeAcceptedEarlyIsDeliveredLater(t *testing.T) {
	p := twoRuns(t)
	p.satisfy()
	p.rows("guarantee G1 0161 in 11 4000", "deliver D1 0161 of G1 1000", "guarantee G2 0443 in 11 1000")
	p.amend(Amend, "caps: [{name: Tender Cap, amount: USD 20000}]")
	p.tick("2004-11-15 09:00")
	p.agree(p.acceptance(Early))
	const g1 = "0161,,,G1,11,notes,USD,1000.00,887.50,19.25,906.75\n"
	if got := p.payments(Early); p.life("G1") != "accepted" || strings.Count(got, g1) != 1 || strings.Contains(got, "G2") {
		t.Errorf("G1 is %s, the early result pays\n%s", p.life("G1"), got)
	}
	p.settle(Early)
	if p.life("E1") != "settled" || p.life("G1") != "accepted" {
		t.Errorf("once that is settled E1 is %s, G1 %s", p.life("E1"), p.life("G1"))
	}
	want := p.payments(Early)
	for _, x := range []struct{ claim, row, want string }{
		{"a part", "deliver D2 0161 of G1 2000", "taken"},
		{"more than is missing", "deliver D3 0161 of G1 2000", "more-than-left"},
		{"the rest", "deliver D4 0161 of G1", "taken"},
		{"nothing is missing any more", "deliver D5 0161 of G1", "nothing-left"},
		{"what was tendered outright", "deliver D6 0443 of E1", "wrong-target"},
		{"a withdrawal", "withdraw W9 0161 of G1", "wrong-move"},
	} {
		if got := p.rows(x.row); got != x.want {
			t.Errorf("%s: %s, want %s", x.claim, got, x.want)
		}
	}
	if got := p.payments(Early); got != want || p.s.Verify(Early) != nil {
		t.Errorf("the early result is another one now: %v\n%s", p.s.Verify(Early), got)
	}
	p.tick("2004-11-30 09:00")
	if o := p.tryAgree(p.acceptance(Final)); o.Code() != TooEarly {
		t.Errorf("accepted while G2 may come: %v", o.Refusal)
	}
	p.tick("2004-12-05 09:00")
	if got := p.rows("deliver D7 0443 of G2"); got != "delivery-late" {
		t.Errorf("G2 comes after the deadline: %s", got)
	}
	p.agree(p.acceptance(Final))
	if got := p.payments(Final); got != paymentHead+"0161,,,G1,11,later,USD,3000.00,2662.50,57.75,2720.25\n" {
		t.Errorf("the final result pays\n%s", got)
	}
	if o := p.tryAgree(&Proposal{What: Settle, Run: Final, Result: p.s.Results()[1].Digest}); o.Code() != NotReleased {
		t.Errorf("settled without a release: %v", o.Refusal)
	}
	p.settle(Final)
	if p.life("G1") != "settled" {
		t.Errorf("G1 is %s", p.life("G1"))
	}
	again := restored(t, p.s)
	for _, run := range []Run{Early, Final} {
		if a, b := p.s.Verify(run), again.Verify(run); a != nil || b != nil {
			t.Errorf("%s: %v, %v", run, a, b)
		}
	}
	if p.replay().Digest() != p.s.Digest() {
		t.Error("the journal played again gives another state")
	}
}

// TestAGuaranteeCutEarlyOwesWhatWasAccepted has half of it accepted: half is due.
func TestAGuaranteeCutEarlyOwesWhatWasAccepted(t *testing.T) {
	p := openWith(t, changed(t, "order: priority", "order: early-first"))
	p.amend(Amend, "caps: [{name: Tender Cap, amount: USD 4000}]")
	p.satisfy()
	p.rows("guarantee G1 0161 in 11 4000", "tender T1 0443 in 11 4000")
	p.tick("2004-11-15 09:00")
	p.agree(p.acceptance(Early))
	if p.life("G1") != "prorated" {
		t.Fatalf("G1 is %s", p.life("G1"))
	}
	p.settle(Early)
	if got := p.rows("deliver D1 0161 of G1 3000", "deliver D2 0161 of G1"); got != "more-than-left taken" {
		t.Errorf("of 2,000 accepted: %s", got)
	}
	p.tick("2004-12-05 09:00")
	p.agree(p.acceptance(Final))
	if got := p.payments(Final); !strings.Contains(got, "0161,,,G1,11,later,USD,2000.00,1775.00,") {
		t.Errorf("the final result pays\n%s", got)
	}
}
