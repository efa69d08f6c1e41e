package book

import (
	"testing"

	"tenderbook/allocation"
)

func TestAnOfferFromDraftToSettlement(t *testing.T) {
	p := stage(t)
	is := func(want OfferLife) {
		t.Helper()
		if got := p.s.Life(); got != want {
			t.Fatalf("the offer is %s, want %s", got, want)
		}
	}
	is(Drafted)
	p.agree(&Proposal{What: Launch})
	is(Approved)
	if got := p.rows("tender T0 0443 in 11 5000"); got != "not-open" {
		t.Errorf("a tender before the offer commences: %s", got)
	}
	p.at("2004-10-29 09:00")
	if got := p.rows("tender T1 0443 in 9.125 300000000", "tender T2 0161 in 9.125 300000000", "tender T3 0161 in 11 2000"); got != "taken taken taken" {
		t.Fatal(got)
	}
	is(Commenced)
	p.at("2004-11-15 09:00")
	if got := p.rows("tender T4 0443 in 11 2000", "guarantee G1 0443 in 11 3000"); got != "taken taken" {
		t.Fatal(got)
	}
	if got := p.s.Total("11", allocation.Early).Principal; got != 2000_00 {
		t.Errorf("early in 11: %d", got)
	}
	if got := p.s.Total("11", allocation.Late); got != (Total{2, 5000_00}) {
		t.Errorf("late in 11: %+v", got)
	}
	p.amend(Amend, "caps: [{name: Tender Cap, amount: USD 450002000}]")
	p.at("2004-11-30 09:00")
	if o := p.tryAgree(p.acceptance(Final)); o.Code() != TooEarly {
		t.Errorf("acceptance while guaranteed notes are to come: %v", o.Refusal)
	}
	is(Expired)
	if got := p.rows("deliver D1 0443 of G1"); got != "taken" {
		t.Fatal(got)
	}
	if o := p.tryAgree(p.acceptance(Final)); o.Code() != ConditionOpen {
		t.Errorf("acceptance under open conditions: %v", o.Refusal)
	}
	p.agree(&Proposal{What: WaiveCondition, Subject: "financing"})
	p.amend(Amend, "conditions: [{id: general, status: satisfied}]")
	p.agree(p.acceptance(Final))
	is(Accepted)
	// 450,000,000 of series 9.125 at its maximum, of 600,000,000: 3/4 of each; 2,000 of 7,000 are left for level 2.
	for id, want := range map[string]int64{"T1": 225_000_000_00, "T2": 225_000_000_00, "T3": 0, "T4": 0, "G1": 0} {
		if x, _ := p.s.Instruction(id); x.Accepted != want {
			t.Errorf("%s: accepted %d, want %d", id, x.Accepted, want)
		}
	}
	if p.life("T1") != "prorated" || p.life("T3") != "returned" {
		t.Errorf("T1 is %s, T3 %s", p.life("T1"), p.life("T3"))
	}
	if err := p.s.Verify(Final); err != nil {
		t.Error(err)
	}
	p.settle(Final)
	is(Settled)
	if p.life("T1") != "settled" || p.life("T3") != "returned" {
		t.Errorf("T1 is %s, T3 %s", p.life("T1"), p.life("T3"))
	}
	if p.replay().Digest() != p.s.Digest() {
		t.Error("the journal played twice gives two states")
	}
}
