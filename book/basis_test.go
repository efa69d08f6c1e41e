package book

import (
	"fmt"
	"testing"
	"time"
)

// TestWhatOutrunsAProposal has something happen between a proposal and its
// approval: what bears on it makes it stale, and nothing else does.
func TestWhatOutrunsAProposal(t *testing.T) {
	amend := func(yaml string) func(*play) { return func(p *play) { p.amend(Amend, yaml) } }
	review := func(action, id string) func(*play) {
		return func(p *play) { p.must(ann, &Review{Action: action, Instruction: id, Why: "w"}) }
	}
	agree := func(x Proposal) func(*play) { return func(p *play) { p.agree(&x) } }
	var (
		moreCap   = amend("caps: [{name: Tender Cap, amount: USD 500000000}]")
		extend    = amend("dates: {expiration: by 2004-11-30 24:00}")
		elevens   = amend("series: [{id: \"11\", maximum: 300000000}]")
		others    = amend("series: [{id: \"9.125\", maximum: 300000000}]")
		satisfied = amend("conditions: [{id: financing, status: satisfied}]")
		general   = amend("conditions: [{id: general, status: satisfied}]")
		withdraw  = func(p *play) { p.rows("withdraw W1 0443 of T1 1000") }
		another   = func(p *play) { p.rows("tender T9 0443 in 11 5000") }
		waive     = Proposal{What: WaiveDefect, Subject: "T1"}
		financing = Proposal{What: WaiveCondition, Subject: "financing"}
		end       = Proposal{What: Terminate}
		endSeries = Proposal{What: Terminate, Subject: "11"}
	)
	for _, x := range []struct {
		claim     string
		proposal  Proposal
		meanwhile func(*play)
		want      Code
		state     ProposalState
	}{
		{"a waiver of a defect outlives a raised cap", waive, moreCap, Taken, Pending},
		{"and what changes for another series", waive, others, Taken, Pending},
		{"and a waived condition", waive, agree(financing), Taken, Pending},
		{"not what changes for its own series", waive, elevens, Stale, Outrun},
		{"nor other deadlines", waive, extend, Stale, Outrun},
		{"nor a cure", waive, review("cure", "T1"), Stale, Outrun},
		{"nor a withdrawal in part", waive, withdraw, Stale, Outrun},
		{"nor a rejection", waive, review("reject", "T1"), Stale, Outrun},
		{"that the agent asks for it changes nothing", waive, review("ask-waiver", "T1"), Taken, Pending},
		{"another tender is another's business", waive, another, Taken, Pending},
		{"once the same waiver is approved it is stale", waive, agree(waive), Stale, Outrun},
		{"a waiver of a condition outlives a raised cap", financing, moreCap, Taken, Pending},
		{"and what changes for another condition", financing, general, Taken, Pending},
		{"not its own", financing, satisfied, Stale, Outrun},
		{"a termination outlives an amendment", end, extend, Taken, Pending},
		{"and a tender", end, another, Taken, Pending},
		{"not a termination", end, agree(end), WrongState, Superseded},
		{"of a series it outlives an amendment", endSeries, elevens, Taken, Pending},
		{"not its end", endSeries, agree(endSeries), AlreadyDone, Superseded},
		{"nor that of the offer", endSeries, agree(end), WrongState, Superseded},
		{"a waiver ends with the offer", financing, agree(end), WrongState, Superseded},
		{"an amendment is of the terms that its maker saw", Proposal{What: Amend, Name: "a", File: amendment(newYork(t, "2004-10-29 09:10"), "exchange_rates: {EUR/USD: 1.31}")}, moreCap, Stale, Outrun},
	} {
		p := open(t)
		p.rows("tender T1 0443 in 11 5000", "tender T2 0161 in 11 5000")
		p.must(ann, &Review{Action: "defect", Instruction: "T1", Why: "no signature"})
		made := p.proposal(&x.proposal)
		seq := p.must(ann, made).Seq
		p.now = p.now.Add(time.Minute)
		x.meanwhile(p)
		if got, _ := p.s.Proposal(seq, p.now); got.State != x.state || (got.Hinders != nil) != (x.want != Taken) {
			t.Errorf("%s: it is shown as %s (%v), want %s", x.claim, got.State, got.Hinders, x.state)
		}
		o := p.send(bob, &Decision{Proposal: seq, Digest: fmt.Sprintf("%x", made.Digest()), Approve: true})
		if o.Code() != x.want {
			t.Errorf("%s: %v, want %s", x.claim, o.Refusal, x.want)
		}
		restored(t, p.s)
		if p.replay().Digest() != p.s.Digest() {
			t.Errorf("%s: played again it is another state", x.claim)
		}
	}
}

// TestProposalsStandAsTheTimeHasThem looks at proposals after deadlines that no
// entry has noticed.
func TestProposalsStandAsTheTimeHasThem(t *testing.T) {
	p := open(t)
	week := p.now.Add(2000 * time.Hour).UTC()
	seq := func(x *Proposal) uint64 { x.Expires = week; return p.must(ann, p.proposal(x)).Seq }
	extension := seq(&Proposal{What: Extend, Name: "a", File: amendment(p.now, "dates: {expiration: by 2004-11-30 24:00}")})
	price := seq(&Proposal{What: Price, Name: "a", File: amendment(p.now, "exchange_rates: {EUR/USD: 1.31}")})
	before := p.s.Digest()
	for _, x := range []struct {
		claim, at       string
		extension, rate ProposalState
	}{
		{"while the offer is open", "2004-11-01 09:00", Pending, Pending},
		{"expired, it can be extended and priced", "2004-11-30 09:00", Pending, Pending},
		{"past the extended deadline it cannot be extended to it", "2004-12-02 09:00", Outrun, Pending},
		{"past their own expiry", "2005-02-02 09:00", PastExpiry, PastExpiry},
	} {
		all := p.s.Proposals(newYork(t, x.at), nil)
		for _, got := range all {
			if want := map[uint64]ProposalState{extension: x.extension, price: x.rate}[got.Seq]; want != 0 && got.State != want {
				t.Errorf("%s: %s is %s (%v), want %s", x.claim, got.What, got.State, got.Hinders, want)
			}
		}
	}
	if p.s.Digest() != before {
		t.Error("a look at proposals changes the state")
	}
}

// TestNothingIsAcceptedEarlyWhileLevelBeatsTime has an early date in terms under
// which a late tender of level 1 stands before an early one of level 2.
func TestNothingIsAcceptedEarlyWhileLevelBeatsTime(t *testing.T) {
	p := open(t)
	p.satisfy()
	p.rows("tender E1 0443 in 11 5000")
	for _, at := range []string{"2004-11-15 09:00", "2004-12-02 09:00"} {
		p.tick(at)
		if o := p.tryAgree(p.acceptance(Early)); o.Code() != LevelsFirst {
			t.Errorf("%s: accepted early: %v", at, o.Refusal)
		}
	}
	p.agree(p.acceptance(Final))
	if p.life("E1") != "accepted" {
		t.Errorf("in the final run E1 is %s", p.life("E1"))
	}
}

// TestATerminationOutlivesAnotherDraft has the draft replaced before the launch: what
// ends the offer is as good for the new one.
func TestATerminationOutlivesAnotherDraft(t *testing.T) {
	p := stage(t)
	made := p.proposal(&Proposal{What: Terminate})
	seq := p.must(ann, made).Seq
	p.must(ann, &Offer{Name: "offer.yaml", File: changed(t, "tender_offer: 867.50", "tender_offer: 857.50", "total: 887.50", "total: 877.50")})
	if got, _ := p.s.Proposal(seq, p.now); got.State != Pending {
		t.Errorf("over another draft it is %s: %v", got.State, got.Hinders)
	}
	if o := p.send(bob, &Decision{Proposal: seq, Digest: fmt.Sprintf("%x", made.Digest()), Approve: true}); o.Refusal != nil || p.s.Life() != Terminated {
		t.Errorf("approved, the offer is %s: %v", p.s.Life(), o.Refusal)
	}
}
