package book

import (
	"strings"
	"testing"
)

// payments are the lines of what a run pays.
func (p *play) payments(run Run) string {
	p.Helper()
	plan, err := p.s.Plan(run)
	if err != nil {
		p.Fatal(err)
	}
	var b strings.Builder
	if err := plan.WritePayments(&b); err != nil {
		p.Fatal(err)
	}
	return b.String()
}

const paymentHead = "payee,account,holder,instruction,series,for,currency,principal,consideration,interest,cash\n"

// TestPaymentsAreOfInstructions pays 1,000 at 887.50, 2,000 of which 1,000 came,
// and a tender with texts that a spreadsheet would run. Interest of 11 % from 15
// September to 2 December is 77 days of 360: 23.5277... for 1,000.
func TestPaymentsAreOfInstructions(t *testing.T) {
	p := open(t)
	p.satisfy()
	p.rows("tender T1 0443 in 11 1000", "guarantee G1 0161 in 11 2000", "deliver D1 0161 of G1 1000", "guarantee G2 0161 in 11 2000")
	p.must(ann, &Instructions{Rows: []Row{{Action: Tender, ID: "=1+1", Series: "11", Participant: "0443", Account: "-5", Holder: "Smith, \"John\"", Principal: 1000_00}}})
	p.tick("2004-12-05 09:00")
	p.agree(p.acceptance(Final))
	want := paymentHead +
		"0443,,,T1,11,notes,USD,1000.00,887.50,23.53,911.03\n" +
		"0161,,,G1,11,notes,USD,1000.00,887.50,23.53,911.03\n" +
		"0443,-5,\"Smith, \"\"John\"\"\",'=1+1,11,notes,USD,1000.00,887.50,23.53,911.03\n"
	if got := p.payments(Final); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestPaymentsAreOfParticipants has three tenders at 862.505: 3 × 862.505 is
// 2,587.515, paid as 2,587.52.
func TestPaymentsAreOfParticipants(t *testing.T) {
	p := openWith(t, changed(t, "pay_by: instruction", "pay_by: participant",
		"{per: 1000, tender_offer: 867.50, early_payment: 20.00, total: 887.50}", "{per: 1000, tender_offer: 842.505, early_payment: 20.00, total: 862.505}"))
	p.satisfy()
	p.rows("tender T1 0443 in 11 1000", "tender T2 0443 in 11 1000", "tender T3 0161 in 11 1000", "tender T4 0443 in 11 1000", "tender T5 0161 in 9.125 1000")
	p.tick("2004-12-02 09:00")
	p.agree(p.acceptance(Final))
	want := paymentHead +
		"0161,,,,9.125,notes,USD,1000.00,857.50,7.86,865.36\n" +
		"0161,,,,11,notes,USD,1000.00,862.51,23.53,886.04\n" +
		"0443,,,,11,notes,USD,3000.00,2587.52,70.58,2658.10\n"
	if got := p.payments(Final); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestOtherPaymentsAreNotReleased tries to release what does not follow from the
// result.
func TestOtherPaymentsAreNotReleased(t *testing.T) {
	p := twoRuns(t)
	p.satisfy()
	p.tick("2004-11-15 09:00")
	p.agree(p.acceptance(Early))
	right := *p.release(Early)
	for _, x := range []struct {
		claim string
		spoil func(*Proposal)
		want  Code
	}{
		{"other payments", func(x *Proposal) { x.Payments = hash }, WrongPayments},
		{"of another result", func(x *Proposal) { x.Result = hash }, WrongResult},
		{"of a run that is not accepted", func(x *Proposal) { x.Run = Final }, NoResult},
		{"the right ones", func(*Proposal) {}, Taken},
		{"twice", func(*Proposal) {}, AlreadyDone},
	} {
		y := right
		x.spoil(&y)
		if o := p.tryAgree(&y); o.Code() != x.want {
			t.Errorf("%s: %v, want %s", x.claim, o.Refusal, x.want)
		}
	}
	if _, _, _, err := Encode(&Proposal{What: Release, Run: Early, Result: hash, Basis: hash, Expires: p.now.UTC(), Name: "x.csv", File: "who,what\n"}); err == nil {
		t.Error("a release of a file is written")
	}
	restored(t, p.s)
}
