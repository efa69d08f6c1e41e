package book

import (
	"math/big"

	"pgregory.net/rapid"

	"tenderbook/allocation"
)

// close plays to the end: the plan, what consents and participants are paid, the
// acceptance.
func (x *modelEnd) close(t *rapid.T) {
	if end := newYork(x.p, "2004-12-02 09:00"); x.p.now.Before(end) {
		x.p.now = end
	}
	x.tick()
	if rapid.IntRange(0, 2).Draw(t, "all is waived") > 0 {
		for _, id := range []string{"least", "most", "both", "all"} {
			if status := x.conditions()[id]; status == "failed" {
				x.p.agree(&Proposal{What: WaiveCondition, Subject: id})
				x.waived[id] = true
			}
		}
	}
	x.standing(t)
	plan, err := x.p.s.Plan(Final)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range plan.Terms.Series {
		if fails, _ := x.fails(s.ID); fails != plan.ended(i) {
			t.Fatalf("series %s is ended: %q, want %t", s.ID, plan.Terminated[i], fails)
		}
		if s.Consent != nil {
			x.consented(t, plan, i, s.ID)
		}
	}
	x.paid(t, plan)
	x.accept(t, plan)
}

// consented compares what the consents of a series came to.
func (x *modelEnd) consented(t *rapid.T, plan *Plan, at int, series string) {
	want := Consented{Principal: x.consents(series), Reached: x.enough(series)}
	fails, _ := x.fails(series)
	early, _, _, _ := x.m.terms(x.p.now)
	for _, y := range x.m.tenders {
		if y.Series != series || y.Action != Consent || !x.m.counts(y) {
			continue
		}
		want.Alone += y.left
		want.Count++
		mills := map[string]int64{"11": 2505, "10.5": 1005}[series] // thousandths of a dollar for 1,000
		if series == "11" && early.Met(y.received) {
			mills += 1250
		}
		if want.Reached && !fails { // cents × mills ÷ (1,000 × 1,000), half up
			want.Paid += (2*y.left*mills + 1_000_000) / 2_000_000
			x.reached["a consent paid"]++
		}
	}
	if got := plan.Consents[at]; got != want {
		t.Fatalf("consents of %s are %+v, want %+v", series, got, want)
	}
	if want.Alone > 0 && want.Principal > want.Alone {
		x.reached["consents with tenders and without"]++
	}
	if !want.Reached && want.Count > 0 {
		x.reached["too few consents"]++
	}
}

// paid compares what participants are paid: the sum of their tenders of a series,
// rounded once. No cap binds, so all that counts is accepted.
func (x *modelEnd) paid(t *rapid.T, plan *Plan) {
	exact, got, tenders := map[string]*big.Rat{}, map[string]int64{}, map[string]int{}
	early, _, _, _ := x.m.terms(x.p.now)
	for _, y := range x.m.tenders {
		if fails, _ := x.fails(y.Series); fails || y.Action == Consent || !x.m.counts(y) {
			continue
		}
		price := map[string]int64{"11": 842_505, "10.5": 837_500}[y.Series] // mills for 1,000
		if early.Met(y.received) {
			price += 20_000
		}
		delivered := y.left
		if y.Action == Guarantee {
			delivered = y.delivered
		}
		k := y.Participant + "/" + y.Series
		if exact[k] == nil {
			exact[k] = new(big.Rat)
		}
		exact[k].Add(exact[k], big.NewRat(delivered*price, 1_000_000))
		tenders[k]++
	}
	plan.Each(func(y Instruction, _ allocation.Tender, o allocation.Outcome) bool {
		got[y.Participant+"/"+y.Series] += o.Consideration
		return true
	})
	for k, sum := range exact {
		half := new(big.Rat).Add(sum, big.NewRat(1, 2))
		want := new(big.Int).Quo(half.Num(), half.Denom()).Int64()
		if got[k] != want {
			t.Fatalf("%s is paid %d for %d tenders, the sum is %s", k, got[k], tenders[k], sum.RatString())
		}
		if tenders[k] > 1 {
			x.reached["a participant paid once for several"]++
		}
		delete(got, k)
	}
	if len(got) > 0 {
		t.Fatalf("%v is paid, and nothing was accepted of it", got)
	}
}

// accept proposes what the plan has, and compares what becomes of each
// instruction.
func (x *modelEnd) accept(t *rapid.T, plan *Plan) {
	o := x.p.tryAgree(&Proposal{What: Accept, Run: Final, Result: plan.Digest})
	if _, whole := x.fails("11"); whole {
		x.reached["a condition of the offer failed"]++
		if o.Code() != ConditionFailed {
			t.Fatalf("accepted under a condition that failed: %v", o.Refusal)
		}
		return
	}
	if o.Refusal != nil {
		t.Fatalf("not accepted: %v", o.Refusal)
	}
	x.reached["accepted"]++
	for _, y := range x.m.tenders {
		fails, _ := x.fails(y.Series)
		switch {
		case x.m.ended[y.Series] || y.life == "withdrawn":
		case x.m.counts(y) && !fails && (y.Action != Consent || x.enough(y.Series)):
			defer func(y *modelTender) { y.life = ending(y, "accepted") }(y)
		default:
			if fails && x.m.counts(y) {
				x.reached["a condition of one series failed"]++
			}
			defer func(y *modelTender) { y.stood, y.life = x.m.counts(y), ending(y, "returned") }(y)
		}
	}
}
