package book

import (
	"fmt"
	"strings"
	"testing"

	"tenderbook/allocation"
)

// solicitation is an offer for consents alone: 2.50 for 1,000 of series 11, of
// which 362,036,000 is outstanding.
func solicitation(t testing.TB) *play {
	t.Helper()
	p := openWith(t, `tenderbook: 1
offer: LVLT-2004
title: Consent solicitation
offeror: Level 3 Communications, Inc.
kind: consent
rules: us-14e
time_zone: America/New_York
commenced: 2004-10-29
dates:
  withdrawal: before 2004-11-12 17:00
  expiration: by 2004-11-29 24:00
  settlement: 2004-12-02
acceptance: {order: priority, if_exceeded: prorate, prorate_by: instruction, leftover: unused, remainder: lost, stub: ignore}
payment: {pay_by: instruction}
series:
  - id: "11"
    title: 11% Senior Notes due 2008
    level: 1
    currency: USD
    outstanding: 10000
    denomination: {minimum: 1000, multiple: 1000}
    consent: {threshold: "more than 50%", carried: false, alone: true, payment: 2.505}
conditions:
  - {id: consents, text: the consents are enough, kind: consent, of: ["11"], waivable: true}
facts: {convertible: "no"}
`)
	return p
}

// tenderAndConsent asks for consents with tenders of series 11, and without.
func tenderAndConsent(t testing.TB) *play {
	t.Helper()
	p := openWith(t, changed(t, "    maturity: 2008-03-15\n\n  - id: \"10.5\"", "    maturity: 2008-03-15\n    consent: {threshold: \"at least 66 2/3%\", carried: true, alone: true, payment: 2.50}\n\n  - id: \"10.5\"",
		"outstanding: 362,036,000", "outstanding: 9000", "maximum: 362,036,000", "maximum: 9000"))
	p.satisfy()
	return p
}

// consents is how the first series asked stands: "5000 reached".
func (p *play) consents() string {
	p.Helper()
	c := p.s.At(p.now).Consents
	if len(c) == 0 {
		return "none"
	}
	if c[0].Reached {
		return fmt.Sprint(c[0].Consents/100, " reached")
	}
	return fmt.Sprint(c[0].Consents / 100)
}

func TestAConsentSolicitation(t *testing.T) {
	p := solicitation(t)
	if got := p.rows("consent C1 0443 in 11 5000", "consent C2 0161 in 11 2000", "tender T1 0443 in 11 1000", "consent C3 0443 in 12 1000", "consent C1 0443 in 11 5000", "consent C1 0443 in 11 4000", "consent C4 0443 in 11 1500"); got != "taken taken only-consents unknown-series duplicate-same duplicate-other wrong-multiple" {
		t.Fatal(got)
	}
	if got := p.consents(); got != "7000 reached" {
		t.Errorf("consents are %s", got)
	}
	if got := p.rows("withdraw W1 0443 of C1 2000", "withdraw W2 0161 of C2", "withdraw W3 0161 of C1", "tender T2 0443 in 11 1000 of C1", "deliver D1 0443 of C1"); got != "taken taken unknown-instruction only-consents wrong-target" {
		t.Fatal(got)
	}
	if got := p.consents(); got != "3000" {
		t.Errorf("after withdrawals consents are %s", got)
	}
	if got := p.s.Participation("11"); len(got) != 0 {
		t.Errorf("consents are shown as tenders: %+v", got)
	}
	p.rows("consent C5 0161 in 11 3000", "consent C6 0161 in 11 1000")
	p.must(ann, &Review{Action: "defect", Instruction: "C6", Why: "no signature"})
	if got := p.consents(); got != "6000 reached" {
		t.Errorf("a defective consent counts: %s", got)
	}
	p.at("2004-11-15 09:00")
	if got := p.rows("withdraw W4 0443 of C1"); got != "withdrawal-late" {
		t.Error(got)
	}
	p.tick("2004-12-02 09:00")
	if got := p.rows("consent C7 0161 in 11 1000"); got != "late" {
		t.Error(got)
	}
	plan, err := p.s.Plan(Final)
	if err != nil || plan.Consents[0] != (Consented{Principal: 6000_00, Alone: 6000_00, Count: 2, Paid: 15_04, Reached: true}) { // each is 7.515: 7.52
		t.Fatalf("%v, %+v", err, plan.Consents)
	}
	p.agree(p.acceptance(Final))
	for id, want := range map[string]string{"C1": "consented", "C2": "withdrawn", "C5": "consented", "C6": "without-effect", "C7": "without-effect"} {
		if got := p.life(id); got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
	if got := p.consents(); got != "6000 reached" {
		t.Errorf("after acceptance consents are %s", got)
	}
	if got := strings.Count(p.payments(Final), ",11,consent,USD,3000.00,7.52,0.00,7.52\n"); got != 2 {
		t.Errorf("two consents are paid:\n%s", p.payments(Final))
	}
	p.settle(Final)
	if got := p.life("C1"); got != "settled" {
		t.Errorf("C1 is %s", got)
	}
	if again := restored(t, p.s); again.Verify(Final) != nil || p.s.Verify(Final) != nil || p.replay().Digest() != p.s.Digest() {
		t.Error("worked out again it is another result")
	}
}

func TestTooFewConsents(t *testing.T) {
	p := solicitation(t)
	p.rows("consent C1 0443 in 11 5000") // half is not more than half
	if o := p.tryAgree(p.acceptance(Final)); o.Code() != WrongState {
		t.Errorf("accepted before expiration: %v", o.Refusal)
	}
	p.tick("2004-12-02 09:00")
	if o := p.tryAgree(p.acceptance(Final)); o.Code() != ConditionFailed {
		t.Errorf("accepted: %v", o.Refusal)
	}
	before := p.replay()
	p.agree(&Proposal{What: Lapse, Subject: "consents"})
	if got := p.life("C1"); p.s.Life() != Lapsed || got != "without-effect" {
		t.Errorf("the offer is %s, C1 %s", p.s.Life(), got)
	}
	p.s = before // the same record, but for the lapse
	p.entries, p.last = p.entries[:len(p.entries)-2], before.Head()
	p.agree(&Proposal{What: WaiveCondition, Subject: "consents"})
	p.agree(p.acceptance(Final))
	if got := p.life("C1"); got != "without-effect" {
		t.Errorf("waived, and too few: C1 is %s", got)
	}
}

func TestATenderCarriesItsConsent(t *testing.T) {
	p := tenderAndConsent(t)
	is := func(claim, want string) {
		t.Helper()
		if got := p.consents(); got != want {
			t.Errorf("%s: %s, want %s", claim, got, want)
		}
	}
	p.rows("tender T1 0443 in 11 4000", "consent C1 0161 in 11 2000")
	is("a tender and a consent", "6000 reached") // 66 2/3% of 9,000
	p.rows("withdraw W1 0443 of T1 1000")
	is("a part of the tender withdrawn", "5000")
	p.rows("withdraw W2 0443 of T1")
	is("all of it withdrawn", "2000")
	if got := p.rows("consent C2 0443 in 9.125 1000"); got != "no-consents" {
		t.Errorf("a consent that is not asked for: %s", got)
	}
	p.rows("tender T2 0443 in 11 4000", "tender T3 0443 in 11 1000 of T2")
	is("a changed tender", "3000")
	p.rows("tender T4 0443 in 11 3000")
	is("another tender", "6000 reached")
	p.must(ann, &Positions{List: []Position{{"0161", "11", 2500_00}}})
	if got := p.rows("tender T5 0161 in 11 1000"); got != "over-tendered" {
		t.Errorf("notes that are consented for and tendered: %s", got)
	}
	p.tick("2004-12-02 09:00")
	plan, err := p.s.Plan(Final)
	if err != nil || plan.Consents[1] != (Consented{Principal: 6000_00, Alone: 2000_00, Count: 1, Paid: 5_00, Reached: true}) {
		t.Fatalf("%v, %+v", err, plan.Consents)
	}
	var seen []string
	plan.EachConsent(func(x Instruction, paid int64) bool { seen = append(seen, fmt.Sprint(x.ID, " ", paid)); return true })
	if fmt.Sprint(seen) != "[C1 500]" {
		t.Errorf("consents are paid %v", seen)
	}
	p.agree(p.acceptance(Final))
	is("after acceptance", "6000 reached")
	if err := restored(t, p.s).Verify(Final); err != nil {
		t.Error(err)
	}
}

// TestABatchOfConsentsIsTakenBackWhole is all or nothing.
func TestABatchOfConsentsIsTakenBackWhole(t *testing.T) {
	p := tenderAndConsent(t)
	p.rows("consent C1 0161 in 11 2000")
	before := p.s.Total("11", allocation.Early)
	b := batch(t, "consent C2 0161 in 11 2000", "withdraw W1 0161 of C1 1000", "consent C3 0161 in 11 1")
	b.AllOrNothing = true
	if got := codesOf(p.send(acme, b), 3); got != "taken taken below-minimum" {
		t.Fatal(got)
	}
	if p.consents() != "2000" || p.life("C2") != "none" || p.s.Total("11", allocation.Early) != before {
		t.Errorf("consents are %s, C2 is %s", p.consents(), p.life("C2"))
	}
	restored(t, p.s)
}
