package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tenderbook/allocation"
	"tenderbook/offer"
)

func summary(t *testing.T, in Input) []byte {
	t.Helper()
	b, err := Summary(in)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSummaryOfLevel3(t *testing.T) {
	in := level3Input(t, AtEarly, nil)
	got := summary(t, in)
	golden(t, "summary.json", got)
	if again := summary(t, level3Input(t, AtEarly, nil)); !bytes.Equal(got, again) {
		t.Error("the same input gave other bytes")
	}
	dec := json.NewDecoder(bytes.NewReader(got))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&SummaryFile{}); err != nil {
		t.Error(err)
	}
}

// earlyFirst is the offer with an early settlement: early tenders first.
func earlyFirst(_ *offer.Terms, a *allocation.Terms, x []allocation.Tender) {
	a.Order = allocation.EarlyFirst
	for i := range x {
		if i%3 == 0 {
			x[i].Timing = allocation.Late
		}
	}
}

// settledRun decides only the early tenders and reads the settlement back from
// the summary.
func settledRun(t *testing.T) (*offer.Terms, *allocation.Terms, []allocation.Tender, *SummaryFile) {
	t.Helper()
	terms, alloc := level3Terms(t)
	tenders := level3Tenders()
	earlyFirst(terms, alloc, tenders)
	var early, late []allocation.Tender
	for _, x := range tenders {
		if x.Timing == allocation.Early {
			early = append(early, x)
		} else {
			late = append(late, x)
		}
	}
	d, _, err := allocation.Allocate(alloc, early)
	if err != nil {
		t.Fatal(err)
	}
	file, err := ParseSummary(summary(t, Input{Terms: terms, Alloc: alloc, Decision: d, AsOf: terms.Dates.EarlyTender.At, Stage: AtEarly}))
	if err != nil {
		t.Fatal(err)
	}
	return terms, alloc, late, file
}

var sameRat = cmp.Comparer(func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })

func TestSummaryIsReadBackForTheRunAfterAnEarlySettlement(t *testing.T) {
	terms, alloc, late, file := settledRun(t)
	settled, err := file.Settled.For(alloc)
	if err != nil {
		t.Fatal(err)
	}
	whole, _, err := allocation.Allocate(alloc, append(earlyOf(alloc, t), late...))
	if err != nil {
		t.Fatal(err)
	}
	alloc.Settled = settled
	rest, _, err := allocation.Allocate(alloc, late)
	if err != nil {
		t.Fatal(err)
	}
	// Two runs, the second from the summary of the first, take what one run takes.
	if diff := cmp.Diff(whole.Settled(), rest.Settled(), sameRat); diff != "" {
		t.Errorf("(-one run +two runs):\n%s", diff)
	}
	final, err := Final(Input{Terms: terms, Alloc: alloc, Decision: rest, AsOf: terms.Dates.Expiration.At, Stage: AtFinal})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(final.Notes, " "), "early settlement") {
		t.Errorf("notes %q do not mention the early settlement", final.Notes)
	}
	// With the summary at hand the final table is that of the whole offer.
	final, err = Final(Input{Terms: terms, Alloc: alloc, Decision: rest, Earlier: file, AsOf: terms.Dates.Expiration.At, Stage: AtFinal})
	golden(t, "final-settled.txt", text(t, final, err))
	for i, want := range []string{"$249,457,000", "$62,118,000", "$335,600,000", "€120,000,000"} {
		if got := final.Rows[i].Cells[3].Show; got != want {
			t.Errorf("series %d: tendered %s, want %s", i, got, want)
		}
	}
}

func earlyOf(alloc *allocation.Terms, t *testing.T) []allocation.Tender {
	t.Helper()
	tenders := level3Tenders()
	earlyFirst(nil, alloc, tenders)
	var early []allocation.Tender
	for _, x := range tenders {
		if x.Timing == allocation.Early {
			early = append(early, x)
		}
	}
	return early
}

func TestSettlementOutlivesAnAmendment(t *testing.T) {
	cases := []struct {
		name  string
		amend func(*allocation.Terms)
		want  string // used of the first cap, minor units; or the error
	}{
		{"unchanged", func(*allocation.Terms) {}, ""},
		{"raised cap keeps what was used and is open again", func(a *allocation.Terms) { a.Caps[0].Amount *= 2 }, ""},
		{"a cap over fewer series counts their principal", func(a *allocation.Terms) { a.Caps[0].Series = []int{0, 1} }, "sum of 0 and 1"},
		{"a new cap counts the principal of its series", func(a *allocation.Terms) { a.Caps[0].Name, a.Caps[0].Series = "Pool", []int{0, 1} }, "sum of 0 and 1"},
		{
			"a new cap on money is refused", func(a *allocation.Terms) { a.Caps[0].Counts = allocation.CountsPrice },
			`cap "Tender Cap" counts money and is new or changed since the settled run`,
		},
		{
			"a settled series that is gone is refused", func(a *allocation.Terms) { a.Series[0].ID = "9.250" },
			`summary has series "9.125" settled, the terms do not have it`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, alloc, _, file := settledRun(t)
			before, err := file.Settled.For(alloc)
			if err != nil {
				t.Fatal(err)
			}
			c.amend(alloc)
			got, err := file.Settled.For(alloc)
			want := before.Used[0]
			switch {
			case c.want == "sum of 0 and 1":
				want = ratInt(before.Taken[0][0] + before.Taken[1][0])
			case c.want != "":
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want %s", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.Used[0].Cmp(want) != 0 {
				t.Errorf("used %s, want %s", got.Used[0], want)
			}
		})
	}
	if _, err := (Settlement{}).For(&allocation.Terms{Caps: []allocation.Cap{{Name: "x", Counts: allocation.CountsPrice}}}); !errors.Is(err, ErrSettledCap) {
		t.Errorf("error %v is not ErrSettledCap", err)
	}
}

func TestParseSummaryRefuses(t *testing.T) {
	for give, want := range map[string]string{
		`{`:                                 "summary is not JSON of a summary: unexpected end of JSON input",
		`{"kind":"plan","tenderbook":1}`:    `summary is "plan" of version 1, needs "summary" of version 1`,
		`{"kind":"summary","tenderbook":9}`: `summary is "summary" of version 9, needs "summary" of version 1`,
	} {
		if _, err := ParseSummary([]byte(give)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", give, err, want)
		}
	}
}
