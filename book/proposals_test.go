package book

import (
	"fmt"
	"testing"
	"time"

	"tenderbook/allocation"
)

func TestNothingHappensOnOnePersonsWord(t *testing.T) {
	p := stage(t)
	p.must(ann, &Grant{Actor: "key-of-bob", Person: bob, Role: Operator})
	p.must(ann, &Grant{Actor: "key-of-ann", Person: "carol", Role: Approver})
	launch := p.proposal(&Proposal{What: Launch})
	digest := fmt.Sprintf("%x", launch.Digest())
	seq := p.must(ann, launch).Seq
	yes := &Decision{Proposal: seq, Digest: digest, Approve: true}
	for _, x := range []struct {
		claim, actor string
		c            Command
		want         Code
	}{
		{"the maker has no right to approve", ann, yes, NotAllowed},
		{"nor has a stranger", "eve", yes, NotAllowed},
		{"no proposal", bob, &Decision{Proposal: seq + 9, Digest: digest, Approve: true}, UnknownProposal},
		{"an entry that is no proposal", bob, &Decision{Proposal: 1, Digest: digest, Approve: true}, UnknownProposal},
		{"other bytes", bob, &Decision{Proposal: seq, Digest: hash, Approve: true}, WrongDigest},
		{"one cannot give oneself the right", ann, &Grant{Actor: ann, Role: Approver}, BadGrant},
		{"nor a key of one's own", ann, &Grant{Actor: "key-2", Person: ann, Role: Approver}, BadGrant},
		{"nor a role through another's hands that is not known", ann, &Grant{Actor: "eve", Role: "king"}, BadGrant},
		{"a participant needs an account", ann, &Grant{Actor: "eve", Role: Participant}, BadGrant},
		{"a key stands for one person", ann, &Grant{Actor: "key-of-bob", Person: "dave", Role: Auditor}, BadGrant},
		{"a key stands for a person, not a key", ann, &Grant{Actor: "key-3", Person: "key-of-bob", Role: Auditor}, BadGrant},
		{"who acts for itself cannot become a key", ann, &Grant{Actor: bob, Person: "dave", Role: Auditor}, BadGrant},
		{"who others stand for cannot become a key", ann, &Grant{Actor: "carol", Person: "dave", Role: Auditor}, BadGrant},
		{"only an administrator gives roles", bob, &Grant{Actor: "eve", Role: Auditor}, NotAllowed},
		{"a role is given once", ann, &Grant{Actor: bob, Role: Approver}, AlreadyDone},
		{"what is not there cannot be taken", ann, &Grant{Actor: "eve", Role: Approver, Take: true}, AlreadyDone},
		{"the second person approves", bob, yes, Taken},
		{"once", bob, yes, AlreadyDecided},
		{"whoever it is", "key-of-ann", yes, AlreadyDecided},
	} {
		if o := p.send(x.actor, x.c); o.Code() != x.want {
			t.Errorf("%s: %s (%v), want %s", x.claim, o.Code(), o.Refusal, x.want)
		}
	}
	p.at("2004-10-29 09:00")
	p.now = p.now.Add(1)
	byKey := p.proposal(&Proposal{What: Terminate, Subject: "11"})
	seq = p.must("key-of-bob", byKey).Seq
	yes = &Decision{Proposal: seq, Digest: fmt.Sprintf("%x", byKey.Digest()), Approve: true}
	if o := p.send(bob, yes); o.Code() != SelfApproval {
		t.Errorf("what Bob's key proposed, Bob approves: %v", o.Refusal)
	}
	if o := p.send("key-of-bob", &Decision{Proposal: seq, Digest: yes.Digest}); o.Refusal != nil {
		t.Errorf("the maker takes it back: %v", o.Refusal)
	}
	restored(t, p.s)
}

func TestAProposalIsOfTheTermsItWasMadeOn(t *testing.T) {
	p := open(t)
	extend := p.proposal(&Proposal{What: Extend, Name: "a.yaml", File: amendment(p.now, "dates: {expiration: by 2004-11-30 24:00}")})
	seq := p.must(ann, extend).Seq
	p.now = p.now.Add(time.Minute)
	p.amend(Amend, "caps: [{name: Tender Cap, amount: USD 500000000}]")
	o := p.send(bob, &Decision{Proposal: seq, Digest: fmt.Sprintf("%x", extend.Digest()), Approve: true})
	if o.Code() != Stale {
		t.Errorf("approved on other terms: %v", o.Refusal)
	}
	o = p.send(ann, extend)
	if o.Code() != Stale {
		t.Errorf("proposed on other terms: %v", o.Refusal)
	}
	late := p.proposal(&Proposal{What: Terminate, Expires: p.now.Add(time.Second).UTC()})
	seq = p.must(ann, late).Seq
	if got, _ := p.s.Proposal(seq, p.now); got.State != Pending || got.Maker != ann {
		t.Errorf("the proposal: %+v", got)
	}
	p.now = p.now.Add(time.Second)
	if got, _ := p.s.Proposal(seq, p.now); got.State != PastExpiry {
		t.Errorf("at its expiry it is %s", got.State)
	}
	yes := &Decision{Proposal: seq, Digest: fmt.Sprintf("%x", late.Digest()), Approve: true}
	if o := p.send(bob, yes); o.Code() != ProposalExpired {
		t.Errorf("approved at its expiry: %v", o.Refusal)
	}
	if o := p.send(ann, late); o.Code() != ProposalExpired {
		t.Errorf("made after its expiry: %v", o.Refusal)
	}
}

func TestEachKindOfAmendmentChangesItsOwn(t *testing.T) {
	for _, x := range []struct {
		claim string
		what  What
		yaml  string
		want  Code
	}{
		{"an extension moves deadlines", Extend, "dates: {expiration: by 2004-11-30 24:00}", Taken},
		{"and not caps", Extend, "dates: {expiration: by 2004-11-30 24:00}\ncaps: [{name: Tender Cap, amount: USD 1}]", BadTerms},
		{"to a later time", Extend, "dates: {expiration: by 2004-11-26 24:00}", BadTerms},
		{"a price changes rates", Price, "exchange_rates: {EUR/USD: 1.31}", Taken},
		{"and not deadlines", Price, "dates: {expiration: by 2004-11-30 24:00}", BadTerms},
		{"an amendment may change all", Amend, "dates: {expiration: by 2004-11-30 24:00}\ncaps: [{name: Tender Cap, amount: USD 1}]", Taken},
		{"and must change something", Amend, "acceptance: {order: priority}", BadTerms},
		{"what cannot be read is refused", Amend, "dates: tomorrow", BadTerms},
		{"as is a deadline that has passed", Amend, "dates: {expiration: by 2004-10-28 24:00}", BadTerms},
	} {
		p := open(t)
		o := p.tryAmend(x.what, x.yaml)
		if o.Code() != x.want {
			t.Errorf("%s: %v, want %s", x.claim, o.Refusal, x.want)
		}
	}
	p := open(t)
	p.amend(Price, "exchange_rates: {EUR/USD: 1.31}")
	if p.s.Life() != Priced {
		t.Errorf("after pricing the offer is %s", p.s.Life())
	}
}

func TestAnAmendmentTakesEffectAtItsTime(t *testing.T) {
	p := open(t)
	tomorrow := p.now.Add(24 * time.Hour)
	p.agree(&Proposal{What: Amend, Name: "a.yaml", File: amendment(tomorrow, "caps: [{name: Tender Cap, amount: USD 500000000}]")})
	for _, x := range []struct {
		at   time.Time
		want string
	}{{p.now, "450,000,000"}, {tomorrow.Add(-1), "450,000,000"}, {tomorrow, "500,000,000"}} {
		if got := p.s.At(x.at).Terms.Caps[0].Amount.Grouped(); got != x.want {
			t.Errorf("at %s the cap is %s, want %s", x.at, got, x.want)
		}
	}
	before := p.s.Digest()
	p.s.At(tomorrow.Add(1000 * time.Hour))
	if p.s.Digest() != before {
		t.Error("asking about a later time changed the state")
	}
	if o := p.tryAmend(Amend, "caps: [{name: Tender Cap, amount: USD 400000000}]"); o.Code() != BadTerms {
		t.Errorf("an amendment before one that was made earlier: %v", o.Refusal)
	}
	restored(t, p.s)
	p.now = tomorrow
	p.must(ann, &Note{Text: "a day later"})
	if got := p.s.Terms().Caps[0].Amount.Grouped(); got != "500,000,000" {
		t.Errorf("the cap in force is %s", got)
	}
}

func TestAnExtensionAfterExpirationTakesLateTendersIn(t *testing.T) {
	p := open(t)
	p.must(ann, &Positions{List: []Position{{"0161", "11", 0}}})
	p.at("2004-11-30 08:00")
	if got := p.rows("tender T1 0443 in 11 5000", "tender T2 0161 in 11 5000"); got != "late late" || p.s.Life() != Expired {
		t.Fatal(got, p.s.Life())
	}
	if got := p.s.Total("11", allocation.Late); got != (Total{}) {
		t.Errorf("late tenders count %+v", got)
	}
	p.amend(Extend, "dates: {expiration: by 2004-11-30 24:00}")
	if p.life("T1") != "received" || p.life("T2") != "late" || p.s.Life() != Commenced {
		t.Errorf("T1 is %s, T2, which holds nothing, %s, the offer %s", p.life("T1"), p.life("T2"), p.s.Life())
	}
	if got := p.s.At(p.now).Series["11"]; got != SeriesExtended {
		t.Errorf("series 11 is %s", got)
	}
	if got := p.s.Total("11", allocation.Late); got != (Total{1, 5000_00}) {
		t.Errorf("late tenders count %+v", got)
	}
	restored(t, p.s)
}

func TestAMovedEarlyDateCountsTheTotalsAgain(t *testing.T) {
	p := open(t)
	p.at("2004-11-13 09:00").rows("tender T1 0443 in 11 5000")
	if p.s.Total("11", allocation.Late).Tenders != 1 {
		t.Fatal("it is not late")
	}
	p.amend(Extend, "dates: {early_tender: before 2004-11-15 17:00, withdrawal: before 2004-11-15 17:00}")
	if p.s.Total("11", allocation.Early).Tenders != 1 || p.s.Total("11", allocation.Late) != (Total{}) {
		t.Errorf("early %+v, late %+v", p.s.Total("11", allocation.Early), p.s.Total("11", allocation.Late))
	}
}

func TestDefectsAreCuredWaivedOrRejected(t *testing.T) {
	p := open(t)
	p.rows("tender T1 0443 in 11 5000", "tender T2 0443 in 11 5000", "tender T3 0443 in 11 5000", "tender T4 0443 in 11 5000")
	for _, id := range []string{"T1", "T2", "T3"} {
		p.must(ann, &Review{Action: "defect", Instruction: id, Why: "no signature"})
	}
	if got := p.s.Total("11", allocation.Early); got != (Total{1, 5000_00}) {
		t.Errorf("defective tenders count: %+v", got)
	}
	p.must(ann, &Review{Action: "cure", Instruction: "T1"})
	p.must(ann, &Review{Action: "ask-waiver", Instruction: "T2"})
	p.agree(&Proposal{What: WaiveDefect, Subject: "T2"})
	p.must(ann, &Review{Action: "reject", Instruction: "T3", Why: "never signed"})
	p.must(ann, &Review{Action: "block", Instruction: "T4"})
	for id, want := range map[string]string{"T1": "cured", "T2": "waived", "T3": "returned", "T4": "blocked"} {
		if p.life(id) != want {
			t.Errorf("%s is %s, want %s", id, p.life(id), want)
		}
	}
	for _, x := range []struct {
		r    *Review
		want Code
	}{
		{&Review{Action: "cure", Instruction: "T4"}, WrongMove},
		{&Review{Action: "reject", Instruction: "T4", Why: "x"}, WrongMove},
		{&Review{Action: "cure", Instruction: "T9"}, UnknownInstruction},
	} {
		if o := p.send(ann, x.r); o.Code() != x.want {
			t.Errorf("%s of %s: %v", x.r.Action, x.r.Instruction, o.Refusal)
		}
	}
	if o := p.send(bob, &Review{Action: "cure", Instruction: "T4"}); o.Code() != NotAllowed {
		t.Errorf("the approver examines: %v", o.Refusal)
	}
	if o := p.tryAgree(&Proposal{What: WaiveDefect, Subject: "T4"}); o.Code() != NotWaivable {
		t.Errorf("a waiver of nothing: %v", o.Refusal)
	}
	if o := p.tryAgree(&Proposal{What: WaiveCondition, Subject: "weather"}); o.Code() != NotWaivable {
		t.Errorf("a waiver of no condition: %v", o.Refusal)
	}
	if n := len(p.s.Events("T2")); n != 3 {
		t.Errorf("T2 has %d events, want defect, ask waiver and waive", n)
	}
}

func TestASeriesIsTerminatedAlone(t *testing.T) {
	p := open(t)
	p.rows("tender T1 0443 in 11 5000", "tender T2 0443 in 9.125 5000")
	p.agree(&Proposal{What: Terminate, Subject: "11"})
	if p.life("T1") != "returned" || p.life("T2") != "received" || p.s.Life() != Commenced {
		t.Errorf("T1 is %s, T2 %s, the offer %s", p.life("T1"), p.life("T2"), p.s.Life())
	}
	if got := p.rows("tender T3 0443 in 11 5000"); got != "series-closed" {
		t.Errorf("a tender of it: %s", got)
	}
	if o := p.tryAgree(&Proposal{What: Terminate, Subject: "11"}); o.Code() != AlreadyDone {
		t.Errorf("again: %v", o.Refusal)
	}
	if o := p.tryAgree(&Proposal{What: Terminate, Subject: "12"}); o.Code() != UnknownSeries {
		t.Errorf("of another: %v", o.Refusal)
	}
	p.agree(&Proposal{What: Terminate})
	if p.life("T2") != "returned" || p.s.Life() != Terminated {
		t.Errorf("T2 is %s, the offer %s", p.life("T2"), p.s.Life())
	}
	if got := p.rows("tender T4 0443 in 9.125 5000"); got != "not-open" {
		t.Errorf("after all: %s", got)
	}
}

func TestAFailedConditionLetsTheOfferLapse(t *testing.T) {
	p := open(t)
	p.rows("tender T1 0443 in 11 5000")
	if o := p.tryAgree(&Proposal{What: Lapse, Subject: "financing"}); o.Code() != ConditionOpen {
		t.Errorf("before it failed: %v", o.Refusal)
	}
	p.amend(Amend, "conditions: [{id: financing, status: failed}]")
	p.agree(&Proposal{What: Lapse, Subject: "financing"})
	if p.s.Life() != Lapsed || p.life("T1") != "returned" {
		t.Errorf("the offer is %s, T1 %s", p.s.Life(), p.life("T1"))
	}
}

func TestGuaranteedNotesThatDoNotComeAreNotPaid(t *testing.T) {
	p := open(t)
	p.rows("guarantee G1 0443 in 11 5000", "guarantee G2 0443 in 11 5000", "deliver D1 0443 of G2", "guarantee G3 0443 in 11 5000", "deliver D2 0443 of G3 2000", "withdraw W1 0443 of G3 3000")
	if p.life("G2") != "delivered" || p.life("G3") != "delivered" {
		t.Errorf("G2 is %s, G3 %s", p.life("G2"), p.life("G3"))
	}
	p.at("2004-12-01 17:01")
	if got := p.rows("deliver D3 0443 of G1"); got != "delivery-late" {
		t.Errorf("a delivery too late: %s", got)
	}
	if p.life("G1") != "failed-to-deliver" {
		t.Errorf("G1 is %s", p.life("G1"))
	}
	p.satisfy()
	plan, err := p.s.Plan(Final)
	if err != nil {
		t.Fatal(err)
	}
	plan.Each(func(x Instruction, _ allocation.Tender, o allocation.Outcome) bool {
		if paid := o.Consideration > 0; paid == (x.ID == "G1") || o.Accepted != x.Left {
			t.Errorf("%s: accepted %d, paid %d", x.ID, o.Accepted, o.Consideration)
		}
		return true
	})
	p.agree(p.acceptance(Final))
	restored(t, p.s)
}

func TestASeriesHasADeadlineOfItsOwn(t *testing.T) {
	p := open(t)
	p.amend(Extend, "series: [{id: \"11\", expiration: by 2004-11-30 17:00}]")
	p.at("2004-11-30 09:00")
	if got := p.rows("tender T1 0443 in 9.125 5000", "tender T2 0443 in 11 5000"); got != "late taken" || p.s.Life() != Commenced {
		t.Errorf("after the one deadline, before the other: %s, the offer is %s", got, p.s.Life())
	}
	now := p.s.At(p.now)
	if now.Series["9.125"] != SeriesExpired || now.Series["11"] != SeriesExtended {
		t.Errorf("the series are %v", now.Series)
	}
	at := p.now.Add(8 * time.Hour) // 17:00
	if p.s.At(at).Life != Commenced || p.s.At(at.Add(1)).Life != Expired {
		t.Errorf("at 17:00 it is %s, then %s", p.s.At(at).Life, p.s.At(at.Add(1)).Life)
	}
	p.amend(Price, "series: [{id: \"11\", consideration: {per: 1000, tender_offer: 868.50, early_payment: 20.00, total: 888.50}}]")
	if p.s.Life() != Priced {
		t.Errorf("after pricing the offer is %s", p.s.Life())
	}
	p.agree(&Proposal{What: WaiveDefect, Subject: "T1"})
	if p.life("T1") != "waived" || p.s.Total("9.125", allocation.Late).Tenders != 1 {
		t.Errorf("T1, whose lateness is waived, is %s", p.life("T1"))
	}
	restored(t, p.s)
}

func TestASeriesIsAddedByAnAmendment(t *testing.T) {
	p := open(t)
	next := p.now.Add(24 * time.Hour)
	p.agree(&Proposal{What: Amend, Name: "a.yaml", File: amendment(next, `series:
  - {id: "12", title: 12% Notes, level: 5, currency: USD, outstanding: 1000000, denomination: {minimum: 1000, multiple: 1000}, consideration: {per: 1000, tender_offer: 900, early_payment: 20, total: 920}, interest: {coupon: 12, day_count: 30/360, dates: [May 1, Nov 1]}, maturity: 2010-05-01}`)})
	restored(t, p.s)
	p.now = next.Add(-1)
	if got := p.rows("tender T1 0443 in 12 5000"); got != "unknown-series" {
		t.Errorf("before it is offered: %s", got)
	}
	p.now = next
	if got := p.rows("tender T1 0443 in 12 5000"); got != "taken" {
		t.Errorf("when it is: %s", got)
	}
	if got := p.s.At(p.now).Series["12"]; got != SeriesOpen {
		t.Errorf("it is %s", got)
	}
	restored(t, p.s)
}

func TestTheStateAnswersForPeople(t *testing.T) {
	p := open(t)
	p.must(ann, &Grant{Actor: "key-1", Person: "dave", Role: Auditor})
	roles := fmt.Sprint(p.s.Roles())
	want := "[{acme-api acme-api participant 0161} {acme-api acme-api participant 0443} {ann ann administrator } {ann ann operator } {bob bob approver } {key-1 dave auditor }]"
	if roles != want {
		t.Errorf("roles\ngot  %s\nwant %s", roles, want)
	}
	p.must(ann, &Grant{Actor: "key-1", Role: Auditor, Take: true})
	if p.s.May("key-1", MaySee) || !p.s.May(ann, MayReview) || p.s.May(bob, MayDraft) {
		t.Error("rights are not what the roles say")
	}
	p.rows("tender T1 0443 in 11 5000", "tender T2 0443 in 11 5000")
	p.must(ann, &Review{Action: "defect", Instruction: "T2", Why: "x"})
	if all := p.s.Problems(); len(all) != 1 || all[0].ID != "T2" {
		t.Errorf("problems: %+v", all)
	}
	if p.s.Pending(p.now) {
		t.Error("something is pending")
	}
	p.must(ann, p.proposal(&Proposal{What: Terminate}))
	if !p.s.Pending(p.now) || p.s.Pending(p.now.Add(24*time.Hour)) {
		t.Error("a proposal is pending until its expiry")
	}
	if len(p.s.History().Versions()) != 1 || p.s.Offer() != "LVLT-2004" {
		t.Error("the history is not that of the draft")
	}
	hours := p.s.Participation("11")
	if len(hours) != 1 || hours[0].Flow != (Flow{Tenders: 2, Tendered: 10000_00}) || !hours[0].Start.Equal(newYork(t, "2004-10-29 09:00")) {
		t.Errorf("hours: %+v", hours)
	}
	if len(Codes()) != len(codes) {
		t.Error("codes are missing")
	}
}
