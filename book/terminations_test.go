package book

import "testing"

// ended describes what matters of a termination: the offer, series 11, its
// tender and one of another series, what a new tender of 11 gets.
func (p *play) ended() [5]string {
	p.Helper()
	next := p.rows("tender N1 0443 in 11 1000")
	return [5]string{p.s.Life().String(), p.s.At(p.now).Series["11"].String(), p.life("T1"), p.life("T2"), next}
}

// TestAFileAndAProposalTerminateAlike ends one series by each, and the offer.
func TestAFileAndAProposalTerminateAlike(t *testing.T) {
	begun := func() *play {
		p := open(t)
		p.rows("tender T1 0443 in 11 5000", "tender T2 0443 in 9.125 5000")
		p.tick("2004-11-01 09:00")
		return p
	}
	file := begun()
	file.amend(Amend, "termination: {series: [\"11\"], reason: \"not wanted\"}")
	proposal := begun()
	proposal.agree(&Proposal{What: Terminate, Subject: "11", Why: "not wanted"})
	want := [5]string{"commenced", "terminated", "returned", "received", "series-closed"}
	for claim, p := range map[string]*play{"a file": file, "a proposal": proposal} {
		if got := p.ended(); got != want {
			t.Errorf("%s ends series 11: %v, want %v", claim, got, want)
		}
		if why := p.s.At(p.now).Terminated; why[1] != "not wanted" || why[0] != "" {
			t.Errorf("%s: terminated is %q", claim, why)
		}
		p.satisfy()
		p.tick("2004-12-02 09:00")
		p.agree(p.acceptance(Final))
		if p.life("T1") != "returned" || p.life("T2") != "accepted" {
			t.Errorf("%s: T1 is %s, T2 %s", claim, p.life("T1"), p.life("T2"))
		}
		restored(t, p.s)
	}

	file, proposal = begun(), begun()
	file.amend(Amend, "termination: {series: all, reason: \"the market moved\"}")
	proposal.agree(&Proposal{What: Terminate, Why: "the market moved"})
	for claim, p := range map[string]*play{"a file": file, "a proposal": proposal} {
		if p.s.Life() != Terminated || p.life("T1") != "returned" || p.life("T2") != "returned" {
			t.Errorf("%s ends the offer: it is %s, T1 %s", claim, p.s.Life(), p.life("T1"))
		}
		if o := p.tryAgree(&Proposal{What: Accept, Run: Final, Result: hash}); o.Code() != WrongState {
			t.Errorf("%s: accepted afterwards: %v", claim, o.Refusal)
		}
		restored(t, p.s)
	}
}

// TestTheLastSeriesEndsTheOffer ends the series one after the other.
func TestTheLastSeriesEndsTheOffer(t *testing.T) {
	p := open(t)
	p.rows("tender T1 0443 in 10.75 1000")
	p.agree(&Proposal{What: Terminate, Subject: "11"})
	p.amend(Amend, "termination: {series: [\"11\", \"10.5\", \"9.125\"], reason: \"x\"}")
	if p.s.Life() != Commenced || p.life("T1") != "received" {
		t.Errorf("with one series left the offer is %s, T1 %s", p.s.Life(), p.life("T1"))
	}
	p.agree(&Proposal{What: Terminate, Subject: "10.75"})
	if p.s.Life() != Terminated || p.life("T1") != "returned" {
		t.Errorf("with none left the offer is %s, T1 %s", p.s.Life(), p.life("T1"))
	}
}

// TestATerminationWaitsForItsTime is announced before it takes effect.
func TestATerminationWaitsForItsTime(t *testing.T) {
	p := open(t)
	p.rows("tender T1 0443 in 11 5000")
	p.agree(&Proposal{What: Amend, Name: "amendment.yaml", File: amendment(newYork(t, "2004-11-03 12:00"), "termination: {series: [\"11\"], reason: \"x\"}")})
	if p.life("T1") != "received" {
		t.Errorf("before it takes effect T1 is %s", p.life("T1"))
	}
	if at := p.s.At(newYork(t, "2004-11-03 12:00")); at.Series["11"] != SeriesTerminated {
		t.Errorf("looked ahead, series 11 is %s", at.Series["11"])
	}
	p.tick("2004-11-03 12:00")
	if p.life("T1") != "returned" {
		t.Errorf("once it is in effect T1 is %s", p.life("T1"))
	}
}

// TestNothingEndsWhileEarlyTendersAreUnpaid tries both ways.
func TestNothingEndsWhileEarlyTendersAreUnpaid(t *testing.T) {
	p := twoRuns(t)
	p.satisfy()
	p.tick("2004-11-15 09:00")
	p.agree(p.acceptance(Early))
	if o := p.tryAmend(Amend, "termination: {series: all, reason: \"x\"}"); o.Code() != WrongState {
		t.Errorf("by a file: %v", o.Refusal)
	}
	if o := p.tryAgree(&Proposal{What: Terminate}); o.Code() != WrongState {
		t.Errorf("by a proposal: %v", o.Refusal)
	}
	p.settle(Early)
	p.amend(Amend, "termination: {series: all, reason: \"x\"}")
	if p.s.Life() != Terminated || p.life("E1") != "settled" {
		t.Errorf("once paid: the offer is %s, E1 %s", p.s.Life(), p.life("E1"))
	}
}

func TestAnOfferThatIsTerminatedIsNotLaunched(t *testing.T) {
	p := &play{TB: t, s: New("LVLT-2004"), now: newYork(t, "2004-10-28 18:00")}
	p.must(ann, &Offer{Name: "offer.yaml", File: changed(t, "facts:", "termination: {series: all, reason: \"x\"}\n\nfacts:")})
	p.must(ann, &Grant{Actor: bob, Role: Approver})
	if o := p.tryAgree(&Proposal{What: Launch}); o.Code() != BadTerms {
		t.Errorf("launched: %v", o.Refusal)
	}
}
