package book

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A modelEnd is the model of how an offer ends: consents with and without
// tenders, conditions that the book decides, series that are terminated, and
// participants that are paid once for each series. All is counted again when asked.
type modelEnd struct {
	*modelPlay
	waived  map[string]bool
	reached map[string]int // what random histories came to
}

// Terms of the offer that the model plays, in minor units.
const (
	ofElevens      = 600_000_00 // outstanding of series 11: at least 1% must consent, tenders carry consents
	ofTens         = 400_000_00 // of series 10.5: more than 0.5%, by consents alone
	leastOfElevens = 3_000_00   // or nothing of the offer is accepted
	mostOfElevens  = 25_000_00  // likewise
	leastOfTens    = 6_000_00   // or nothing of series 10.5 is
)

func openEnd(t testing.TB) *play {
	t.Helper()
	p := openWith(t, changed(t,
		"pay_by: instruction", "pay_by: participant",
		"outstanding: 362,036,000", "outstanding: 600,000", "maximum: 362,036,000", "maximum: 600,000",
		"outstanding: 409,462,000", "outstanding: 400,000", "maximum: 409,462,000", "maximum: 400,000",
		"{per: 1000, tender_offer: 867.50, early_payment: 20.00, total: 887.50}", "{per: 1000, tender_offer: 842.505, early_payment: 20.00, total: 862.505}",
		"    maturity: 2008-03-15\n\n  - id: \"10.5\"", "    maturity: 2008-03-15\n    consent: {threshold: \"at least 1%\", carried: true, alone: true, payment: 2.505, early_payment: 1.25}\n\n  - id: \"10.5\"",
		"    maturity: 2008-12-01  ", "    consent: {threshold: \"more than 0.5%\", carried: false, alone: true, payment: 1.005}\n    maturity: 2008-12-01  ",
		"facts:", `  - {id: least, text: enough of 11, kind: minimum-tender, amount: 3000, of: ["11"], waivable: true}
  - {id: most, text: not too much of 11, kind: maximum-tender, amount: 25000, of: ["11"], waivable: true}
  - {id: tens, text: enough of 10.5, kind: minimum-tender, amount: 6000, of: ["10.5"], series: ["10.5"], waivable: true}
  - {id: both, text: both covenants go, kind: consent, of: ["11", "10.5"], waivable: true}
  - {id: all, text: least and both, kind: cross, needs: [least, both], waivable: true}

facts:`))
	p.satisfy()
	return p
}

// tendered and consents are the principal of a series that counts, or counted
// until its series was terminated.
func (x *modelEnd) tendered(series string) (sum int64) {
	for _, y := range x.m.tenders {
		if y.Series == series && y.Action != Consent && (x.m.counts(y) || y.stood) {
			sum += y.left
		}
	}
	return sum
}

func (x *modelEnd) consents(series string) (sum int64) {
	for _, y := range x.m.tenders {
		if y.Series == series && y.Action == Consent && (x.m.counts(y) || y.stood) {
			sum += y.left
		}
	}
	if series == "11" {
		sum += x.tendered(series)
	}
	return sum
}

// enough reports whether the threshold of a series is reached.
func (x *modelEnd) enough(series string) bool {
	if series == "11" {
		return 100*x.consents(series) >= ofElevens
	}
	return 200*x.consents(series) > ofTens
}

// conditions say how each stands.
func (x *modelEnd) conditions() map[string]string {
	_, _, _, expiration := x.m.terms(x.p.now)
	final := !expiration.Met(x.p.now)
	not := "open"
	if final {
		not = "failed"
	}
	all := map[string]string{"financing": "satisfied", "general": "satisfied"}
	when := func(id string, met bool) {
		switch {
		case x.waived[id]:
			all[id] = "waived"
		case met:
			all[id] = "satisfied"
		default:
			all[id] = not
		}
	}
	when("least", x.tendered("11") >= leastOfElevens)
	when("most", x.tendered("11") <= mostOfElevens)
	if all["most"] == "satisfied" && !final {
		all["most"] = "open" // more may come
	}
	when("tens", x.tendered("10.5") >= leastOfTens)
	when("both", x.enough("11") && x.enough("10.5"))
	switch {
	case x.waived["all"]:
		all["all"] = "waived"
	case all["least"] == "failed" || all["both"] == "failed":
		all["all"] = "failed"
	case all["least"] == "open" || all["both"] == "open":
		all["all"] = "open"
	default:
		all["all"] = "satisfied"
	}
	return all
}

// fails reports whether nothing of a series is accepted, and whether nothing of
// the offer is.
func (x *modelEnd) fails(series string) (one, whole bool) {
	for id, status := range x.conditions() {
		if status == "failed" {
			whole = whole || id != "tens"
			one = one || id != "tens" || series == "10.5"
		}
	}
	return one || x.m.ended[series], whole
}

// terminate ends a series: what counts, and what waits, goes back.
func (x *modelEnd) terminate(t *rapid.T) {
	series := modelSeries.Draw(t, "series")
	if rapid.IntRange(0, 9).Draw(t, "ends") < 9 {
		return
	}
	x.m.pass(x.p.now)
	_, _, _, expiration := x.m.terms(x.p.now)
	if rapid.Bool().Draw(t, "by a file") && expiration.Met(x.p.now) && !x.m.ended[series] {
		file := amendment(x.p.now.Add(-time.Minute), fmt.Sprintf("termination: {series: [%q], reason: \"not wanted\"}", series)) // midnight has no 00:00
		x.p.agree(&Proposal{What: Amend, Name: "amendment.yaml", File: file})
		x.reached["a series terminated by a file"]++
		x.end(series)
		return
	}
	o := x.p.tryAgree(&Proposal{What: Terminate, Subject: series, Why: "not wanted"})
	if (o.Refusal == nil) == x.m.ended[series] {
		t.Fatalf("series %s is terminated: %v", series, o.Refusal)
	}
	if o.Refusal != nil {
		x.reached["a series terminated twice"]++
		return
	}
	x.reached["a series terminated"]++
	x.end(series)
}

// end does what a termination of a series does.
func (x *modelEnd) end(series string) {
	x.m.ended[series] = true
	for _, y := range x.m.tenders {
		if y.Series == series && (x.m.holds(y) || y.life == "late") {
			y.stood = x.m.counts(y)
			y.life = ending(y, "returned")
		}
	}
}

// ending is what becomes of a tender that goes back, or of a consent likewise.
func ending(y *modelTender, life string) string {
	switch {
	case y.Action == Consent && life == "accepted":
		return "consented"
	case y.Action == Consent:
		return "without-effect"
	}
	return life
}

func (x *modelEnd) waive(t *rapid.T) {
	id := rapid.SampledFrom([]string{"least", "most", "tens", "both", "all"}).Draw(t, "condition")
	if rapid.IntRange(0, 2).Draw(t, "waives") > 0 || x.waived[id] {
		return
	}
	x.m.pass(x.p.now)
	x.p.agree(&Proposal{What: WaiveCondition, Subject: id})
	x.waived[id] = true
	x.reached["a condition waived"]++
}

// standing compares how the conditions stand.
func (x *modelEnd) standing(t *rapid.T) {
	x.m.compare(t, x.p)
	got := map[string]string{}
	for _, c := range x.p.s.At(x.p.now).Conditions {
		got[c.ID] = c.Status
	}
	if want := x.conditions(); !maps.Equal(got, want) {
		t.Fatalf("at %s conditions are %v, want %v", x.p.now, got, want)
	}
}

// TestTheFoldAgreesWithASlowOneOnHowAnOfferEnds plays random offers with
// consents, conditions of the book, terminated series and payments by participant
// to their ends. Beside what TestTheFoldAgreesWithASlowOne compares: how every
// condition stands at any time, what consents come to, what everybody is paid,
// and what becomes of every instruction.
func TestTheFoldAgreesWithASlowOneOnHowAnOfferEnds(t *testing.T) {
	reached := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		x := &modelEnd{newModelPlay(openEnd(t), Tender, Tender, Tender, Consent, Consent, Withdraw, Guarantee, Deliver), map[string]bool{}, reached}
		x.m.asks["11"], x.m.asks["10.5"] = true, true
		steps := x.steps()
		steps["a termination"], steps["a waiver"] = x.terminate, x.waive
		steps[""] = x.standing
		rt.Repeat(steps)
		x.close(rt)
		for id, y := range x.m.tenders {
			if got := x.p.life(id); got != y.life {
				rt.Fatalf("in the end %s is %s, want %s: %+v", id, got, y.life, y)
			}
		}
		x.again(t, rt)
	})
	for _, what := range slices.Sorted(maps.Keys(reached)) {
		t.Logf("%-40s %d", what, reached[what])
	}
	for _, what := range []string{
		"accepted", "a condition of the offer failed", "a condition of one series failed", "a condition waived", "a series terminated", "a series terminated by a file", "a series terminated twice",
		"a consent paid", "too few consents", "consents with tenders and without", "a participant paid once for several",
	} {
		if reached[what] == 0 && !t.Failed() {
			t.Errorf("no history came to %s: the generator has lost it", what)
		}
	}
}
