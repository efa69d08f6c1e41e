package report

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenderbook/allocation"
	"tenderbook/money"
	"tenderbook/offer"
)

// drawTerms changes the terms of Level 3 at random, within what allocation
// takes.
func drawTerms(t *rapid.T, terms *offer.Terms, a *allocation.Terms) {
	a.Order = allocation.Order(rapid.IntRange(0, 2).Draw(t, "order"))
	a.IfExceeded = allocation.IfExceeded(rapid.IntRange(0, 2).Draw(t, "if exceeded"))
	a.MaximumRejects = rapid.Bool().Draw(t, "maximum rejects")
	a.ProrateBy = allocation.ProrateBy(rapid.IntRange(0, 2).Draw(t, "prorate by"))
	a.Leftover = allocation.Leftover(rapid.IntRange(0, 2).Draw(t, "leftover"))
	a.Remainder = allocation.Remainder(rapid.IntRange(0, 1).Draw(t, "remainder"))
	a.Stub = allocation.Stub(rapid.IntRange(0, 3).Draw(t, "stub"))
	a.FactorDecimals = rapid.SampledFrom([]int{0, 0, 4}).Draw(t, "factor decimals")
	a.SmallUpTo = rapid.SampledFrom([]int64{0, 50_000_00}).Draw(t, "small up to")
	for i := range a.Caps {
		a.Caps[i].Amount = rapid.Int64Range(0, 3_000_000_00).Draw(t, "cap")
	}
	a.Caps[0].Counts = allocation.Counts(rapid.IntRange(0, 2).Draw(t, "counts"))
	for i := range a.Series {
		a.Series[i].Minimum = rapid.SampledFrom([]int64{1000_00, 20_000_00}).Draw(t, "minimum")
		a.Series[i].Places[0].Level = rapid.IntRange(1, 3).Draw(t, "level")
		if a.Order != allocation.Auction && rapid.IntRange(0, 3).Draw(t, "two places") == 0 {
			a.Series[i].Places = []allocation.Place{{Level: 1, UpTo: 200_000_00}, {Level: 4}}
		}
	}
	if a.Order != allocation.Auction && rapid.IntRange(0, 3).Draw(t, "net") == 0 {
		a.Caps[0].Series, a.Caps[0].Less = []int{1, 2, 3}, []int{0}
	}
	if a.Order == allocation.Auction {
		a.Auction = allocation.AuctionTerms{
			Worst: 5, PaysBid: rapid.Bool().Draw(t, "pays bid"), ProrateAll: rapid.Bool().Draw(t, "prorate all"),
			Price: func(_ int, _ allocation.Timing, bid int64) *big.Rat { return big.NewRat(840+5*bid, 1000) },
		}
	}
	if rapid.Bool().Draw(t, "one currency") {
		terms.Series[3].Currency, a.Caps[0].Rate = money.USD, nil
	}
}

func drawTenders(t *rapid.T, a *allocation.Terms) []allocation.Tender {
	var all []allocation.Tender
	for i := range rapid.IntRange(0, 25).Draw(t, "tenders") {
		x := allocation.Tender{
			Row: i, ID: fmt.Sprint(i), ReceivedAt: int64(i),
			Series:    rapid.IntRange(0, 3).Draw(t, "series"),
			Timing:    allocation.Timing(rapid.IntRange(0, 1).Draw(t, "timing")),
			Principal: rapid.Int64Range(1, 500).Draw(t, "principal") * 1000_00,
			Unit:      rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "unit"),
		}
		if rapid.IntRange(0, 9).Draw(t, "conditional") == 0 {
			x.AtLeast = x.Principal / 2
		}
		if rapid.IntRange(0, 9).Draw(t, "guaranteed") == 0 {
			x.Undelivered = x.Principal / 2
		}
		if a.Order == allocation.Auction {
			x.HasBid, x.Bid = true, rapid.Int64Range(0, 5).Draw(t, "bid")
		}
		all = append(all, x)
	}
	return all
}

// TestEveryReportOfAnyDecision writes all that the package has of random
// decisions. Nothing may fail, no placeholder may be left in a text, and the
// totals must be those of the single outcomes.
func TestEveryReportOfAnyDecision(t *testing.T) {
	base, _ := level3Terms(t)
	rapid.Check(t, func(t *rapid.T) {
		terms := *base
		terms.Series = append([]offer.Series(nil), base.Series...)
		a, err := base.Allocation(base.Settlements())
		if err != nil {
			t.Fatal(err)
		}
		drawTerms(t, &terms, a)
		tenders := drawTenders(t, a)
		d, outcomes, err := allocation.Allocate(a, tenders)
		if err != nil {
			t.Fatal(err)
		}
		in := Input{
			Terms: &terms, Alloc: a, Decision: d, AsOf: terms.Dates.Expiration.At,
			Stage: AtFinal, Vocabulary: Vocabulary(rapid.IntRange(0, 1).Draw(t, "vocabulary")),
			Participation: level3Points(terms.Zone),
		}
		checkTotals(t, in, tenders, outcomes)
		checkWaterfall(t, in, tenders)
		var b bytes.Buffer
		if err := Page(in, &b); err != nil {
			t.Fatal(err)
		}
		for i, x := range tenders {
			e, err := Explain(in, Subject{Instruction: x.ID, Series: x.Series, Asked: x.Principal, Received: terms.Dates.EarlyTender.At, Tender: x, Outcome: outcomes[i]})
			if err != nil {
				t.Fatal(err)
			}
			if err := e.WriteText(&b, 100); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Summary(in); err != nil {
			t.Fatal(err)
		}
		if text := b.String(); strings.Contains(text, "%!") || strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "<nil>") {
			t.Fatalf("a placeholder is left in\n%s", text)
		}
	})
}

// checkTotals adds the outcomes up and compares them with the totals, which
// come from the steps.
func checkTotals(t *rapid.T, in Input, tenders []allocation.Tender, outcomes []allocation.Outcome) {
	v, err := look(in)
	if err != nil {
		t.Fatal(err)
	}
	inAuction := in.Alloc.Order == allocation.Auction
	want := map[string]currencySum{}
	for _, c := range v.currencies() {
		want[c.Code] = currencySum{currency: c}
	}
	for i, x := range tenders {
		sum := want[v.series[x.Series].Currency.Code]
		if !inAuction || outcomes[i].Reason != allocation.BidNotAccepted {
			sum.tendered += x.Principal
		}
		sum.accepted += outcomes[i].Accepted
		sum.consideration += outcomes[i].Consideration
		sum.interest += outcomes[i].Interest
		sum.cash += outcomes[i].Consideration + outcomes[i].Interest
		want[sum.currency.Code] = sum
	}
	for _, got := range v.byCurrency() {
		if got != want[got.currency.Code] {
			t.Fatalf("totals %+v, the outcomes come to %+v", got, want[got.currency.Code])
		}
	}
}

// checkWaterfall adds up what the lines of the waterfall have as tendered, and
// compares it with the tenders: also those that took part at no step, which the
// totals of an auction know from the book.
func checkWaterfall(t *rapid.T, in Input, tenders []allocation.Tender) {
	in.Tendered = make([]Tendered, len(in.Alloc.Series))
	want := make([]int64, len(in.Alloc.Series))
	for _, x := range tenders {
		want[x.Series] += x.Principal
		sum := &in.Tendered[x.Series]
		sum.Count++
		if x.Timing == allocation.Early {
			sum.Early += x.Principal
		} else {
			sum.Late += x.Principal
		}
	}
	table, err := Waterfall(in)
	if err != nil {
		t.Fatal(err)
	}
	column := func(r Row, key string) string {
		return r.Cells[slices.IndexFunc(table.Columns, func(c Column) bool { return c.Key == key })].Plain
	}
	var again []bool // by line of the decision: it takes up what an earlier level left
	for _, step := range in.Decision.Steps {
		for _, l := range step.Lines {
			again = append(again, l.Place > 0)
		}
	}
	for n, r := range table.Rows {
		if r.Total || n < len(again) && again[n] {
			continue
		}
		i := slices.IndexFunc(in.Alloc.Series, func(s allocation.Series) bool { return s.ID == column(r, "series") })
		a, err := money.ParseAmount(column(r, "tendered"), in.Terms.Series[i].Currency)
		if err != nil {
			t.Fatal(err)
		}
		want[i] -= a.Minor
	}
	for i, missing := range want {
		if missing != 0 {
			t.Fatalf("series %s: the lines lack %d of what was tendered\n%+v", in.Alloc.Series[i].ID, missing, table.Rows)
		}
	}
}
