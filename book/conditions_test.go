package book

import (
	"fmt"
	"strings"
	"testing"
)

// withConditions is the offer with these conditions beside its own, which are
// satisfied.
func withConditions(t testing.TB, conditions ...string) *play {
	t.Helper()
	p := openWith(t, changed(t, "facts:", "  - "+strings.Join(conditions, "\n  - ")+"\n\nfacts:"))
	p.satisfy()
	return p
}

// standing shows how the conditions stand: "least open, other satisfied".
func (p *play) standing() string {
	var all []string
	for _, c := range p.s.At(p.now).Conditions {
		if c.ID != "financing" && c.ID != "general" {
			all = append(all, c.ID+" "+c.Status)
		}
	}
	return strings.Join(all, ", ")
}

const (
	leastAmount  = "{id: least, text: enough of 11 is tendered, kind: minimum-tender, amount: 5000, of: [\"11\"], waivable: true}"
	leastPercent = "{id: part, text: a part of all is tendered, kind: minimum-tender, percent: 0.001, waivable: true}"
	mostAmount   = "{id: most, text: not too much of 11, kind: maximum-tender, amount: 9000, of: [\"11\"], waivable: true}"
	onlyElevens  = "{id: elevens, text: enough of 11 for 11, kind: minimum-tender, amount: 5000, of: [\"11\"], series: [\"11\"], waivable: true}"
	fixed        = "{id: fixed, text: enough of 11 is tendered, kind: minimum-tender, amount: 5000, of: [\"11\"], waivable: false}"
	crossed      = "{id: both, text: the least and financing, kind: cross, needs: [least, financing], waivable: false}"
)

// TestAWaiverOfTheFirstMorningIsInForce is the history that the slow model of
// TestTheFoldAgreesWithASlowOneOnHowAnOfferEnds found: a waiver at nine waited for
// noon, and no amendment could be made before.
func TestAWaiverOfTheFirstMorningIsInForce(t *testing.T) {
	p := withConditions(t, leastAmount)
	p.at("2004-10-29 09:30").agree(&Proposal{What: WaiveCondition, Subject: "least"})
	if got := p.standing(); got != "least waived" {
		t.Errorf("waived at half past nine: %s", got)
	}
	p.tick("2004-10-29 10:00").amend(Amend, "caps: [{name: Tender Cap, amount: \"USD 460,000,000\"}]")
	if got := p.s.At(p.now).Terms.Caps[0].Amount.Grouped(); got != "460,000,000" {
		t.Errorf("amended at ten: the cap is %s", got)
	}
}

// What an earlier program put on record stays as it was: its waiver waits.
func TestAWaiverOfOlderRulesWaitsForNoon(t *testing.T) {
	p := withConditions(t, leastAmount)
	x := p.at("2004-10-29 09:30").proposal(&Proposal{What: WaiveCondition, Subject: "least"})
	o := p.s.Apply(p.entryOf(uint8(Rules2), ann, x))
	p.must(bob, &Decision{Proposal: o.Seq, Digest: fmt.Sprintf("%x", x.Digest()), Approve: true})
	for at, want := range map[string]string{"2004-10-29 11:59": "least open", "2004-10-29 12:00": "least waived"} {
		if got := p.at(at).standing(); got != want {
			t.Errorf("at %s: %s, want %s", at, got, want)
		}
	}
}

func TestConditionsFollowTheBook(t *testing.T) {
	p := withConditions(t, leastAmount, mostAmount, crossed)
	is := func(claim, want string) {
		t.Helper()
		if got := p.standing(); got != want {
			t.Errorf("%s: %s, want %s", claim, got, want)
		}
	}
	is("nothing is tendered", "least open, most open, both open")
	p.rows("tender T1 0443 in 11 4000", "tender T2 0161 in 9.125 9000")
	is("too little of 11", "least open, most open, both open")
	p.rows("guarantee G1 0161 in 11 3000")
	is("a guarantee counts as tendered", "least satisfied, most open, both satisfied")
	p.rows("withdraw W1 0443 of T1 3000")
	is("a withdrawal takes it below", "least open, most open, both open")
	p.rows("tender T3 0443 in 11 9000")
	p.must(ann, &Review{Action: "defect", Instruction: "T3", Why: "no signature"})
	is("what is defective does not count", "least open, most open, both open")
	p.must(ann, &Review{Action: "cure", Instruction: "T3"})
	is("what is cured does", "least satisfied, most open, both satisfied")
	p.tick("2004-11-30 09:00")
	is("at expiration 13,000 of 11 are tendered", "least satisfied, most failed, both satisfied")
	p.rows("deliver D1 0161 of G1")
	if o := p.tryAgree(p.acceptance(Final)); o.Code() != ConditionFailed {
		t.Errorf("accepted under a condition that failed: %v", o.Refusal)
	}
	restored(t, p.s)
	p.agree(&Proposal{What: WaiveCondition, Subject: "most"})
	is("waived by two people", "least satisfied, most waived, both satisfied")
	p.agree(p.acceptance(Final))
	if p.s.Life() != Accepted || p.life("T3") != "accepted" {
		t.Errorf("the offer is %s, T3 %s", p.s.Life(), p.life("T3"))
	}
	is("after acceptance they stand as they did", "least satisfied, most waived, both satisfied")
	if err := p.s.Verify(Final); err != nil {
		t.Error(err)
	}
	if again := restored(t, p.s); again.Verify(Final) != nil || p.replay().Digest() != p.s.Digest() {
		t.Error("restored or replayed it is another result")
	}
}

func TestAConditionThatFailedEndsTheOffer(t *testing.T) {
	for _, x := range []struct{ claim, condition, id, rows string }{
		{"an amount of one series", leastAmount, "least", "tender T1 0443 in 11 4000"},
		{"a part of all that is outstanding", leastPercent, "part", "tender T1 0443 in 11 9000"}, // of 2,295,976,000 it is 22,959.76
	} {
		p := withConditions(t, x.condition)
		p.rows(x.rows)
		if o := p.tryAgree(&Proposal{What: Lapse, Subject: x.id}); o.Code() != ConditionOpen {
			t.Errorf("%s: lapsed while it is open: %v", x.claim, o.Refusal)
		}
		p.tick("2004-12-02 09:00")
		if o := p.tryAgree(p.acceptance(Final)); o.Code() != ConditionFailed {
			t.Errorf("%s: accepted: %v", x.claim, o.Refusal)
		}
		p.agree(&Proposal{What: Lapse, Subject: x.id})
		if p.s.Life() != Lapsed || p.life("T1") != "returned" {
			t.Errorf("%s: the offer is %s, T1 %s", x.claim, p.s.Life(), p.life("T1"))
		}
	}
}

func TestAConditionThatCannotBeWaived(t *testing.T) {
	p := withConditions(t, fixed)
	p.tick("2004-12-02 09:00")
	if o := p.tryAgree(&Proposal{What: WaiveCondition, Subject: "fixed"}); o.Code() != NotWaivable {
		t.Errorf("waived: %v", o.Refusal)
	}
}

// TestAConditionOfOneSeriesEndsThatOne has 11 fail for itself: all others are
// accepted, and it is not the whole offer that lapses.
func TestAConditionOfOneSeriesEndsThatOne(t *testing.T) {
	p := withConditions(t, onlyElevens)
	p.rows("tender T1 0443 in 11 4000", "tender T2 0443 in 9.125 4000")
	p.tick("2004-12-02 09:00")
	if o := p.tryAgree(&Proposal{What: Lapse, Subject: "elevens"}); o.Code() != ConditionOpen {
		t.Errorf("the whole offer lapsed: %v", o.Refusal)
	}
	plan, err := p.s.Plan(Final)
	if err != nil || plan.Terminated[1] != "condition elevens failed: USD 4,000 tendered, needs at least USD 5,000" || plan.Terminated[0] != "" {
		t.Errorf("the plan: %v, %q", err, plan.Terminated)
	}
	p.agree(p.acceptance(Final))
	if p.life("T1") != "returned" || p.life("T2") != "accepted" {
		t.Errorf("T1 is %s, T2 %s", p.life("T1"), p.life("T2"))
	}
	again, err := p.s.Plan(Final)
	if err != nil || again.Digest != plan.Digest || again.Terminated[1] != plan.Terminated[1] {
		t.Errorf("worked out again: %v, %q", err, again.Terminated)
	}
	if err := restored(t, p.s).Verify(Final); err != nil {
		t.Error(err)
	}
}

// TestWhatWasAcceptedEarlyStillCounts has the early run's tenders meet a
// condition of the final one.
func TestWhatWasAcceptedEarlyStillCounts(t *testing.T) {
	p := withConditions(t, leastAmount)
	p.amend(Amend, "dates: {early_settlement: 2004-11-18}\nacceptance: {order: early-first}")
	p.rows("tender E1 0443 in 11 5000")
	p.tick("2004-11-15 09:00")
	p.agree(p.acceptance(Early))
	p.rows("tender L1 0443 in 11 1000")
	if got := p.standing(); got != "least satisfied" {
		t.Errorf("after the early run: %s", got)
	}
	p.tick("2004-12-02 09:00")
	if got := p.s.At(p.now).Conditions[2].Why; got != "USD 6,000 tendered, needs at least USD 5,000" {
		t.Errorf("it counts %q", got)
	}
	p.agree(p.acceptance(Final))
	if err := p.s.Verify(Early); err != nil {
		t.Error(err)
	}
}
