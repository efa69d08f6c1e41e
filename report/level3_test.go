package report

import (
	"bytes"
	"flag"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tenderbook/allocation"
	level3 "tenderbook/examples/level3-2004"
	"tenderbook/money"
	"tenderbook/offer"
)

var update = flag.Bool("update", false, "write what the tests get to testdata")

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (write it with -update)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// A book is a series' tenders, in thousands.
type book struct {
	series int
	sizes  []int64
}

// level3Books add up to 249,457,000 / 62,118,000 / 335,600,000 / EUR 120,000,000
// in 131, 58, 203 and 60 tenders. The third series holds a tender of 1,000,000;
// rounding its 203 tenders down to thousands loses 97,000 of 138,425,000.
var level3Books = []book{
	{0, spread(249_457, 131, 61, 300)},
	{1, spread(62_118, 58, 31, 200)},
	{2, append(spread(334_600, 202, 93, 115), 1000)},
	{3, spread(120_000, 60, 17, 150)},
}

// spread cuts a sum into n uneven tenders.
func spread(sum int64, n, step, modulus int) []int64 {
	sizes := make([]int64, n)
	var uneven int64
	for i := range n - 1 {
		sizes[i] = int64(i * step % modulus)
		uneven += sizes[i]
	}
	base, total := (sum-uneven)/int64(n), int64(0)
	for i := range n - 1 {
		sizes[i] += base
		total += sizes[i]
	}
	sizes[n-1] = sum - total
	return sizes
}

// level3Terms reads the offer of 29 October 2004.
func level3Terms(t testing.TB) (*offer.Terms, *allocation.Terms) {
	t.Helper()
	file, err := offer.Read("offer.yaml", level3.Offer)
	if err != nil {
		t.Fatal(err)
	}
	alloc, err := file.Terms.Allocation(file.Terms.Settlements())
	if err != nil {
		t.Fatal(err)
	}
	return file.Terms, alloc
}

// level3Tenders are the books as tenders received by the early date.
func level3Tenders() []allocation.Tender {
	var all []allocation.Tender
	for _, b := range level3Books {
		for _, size := range b.sizes {
			n := len(all)
			all = append(all, allocation.Tender{
				Row: n, Series: b.series, Timing: allocation.Early, Principal: size * 1000 * 100,
				ReceivedAt: int64(n), ID: fmt.Sprintf("I-%06d", n),
				Unit: fmt.Sprintf("P-%02d", n%14),
			})
		}
	}
	return all
}

// level3Input decides the books under the terms as change leaves them.
func level3Input(t testing.TB, stage Stage, change func(*offer.Terms, *allocation.Terms, []allocation.Tender)) Input {
	t.Helper()
	terms, alloc := level3Terms(t)
	tenders := level3Tenders()
	if change != nil {
		change(terms, alloc, tenders)
	}
	d, _, err := allocation.Allocate(alloc, tenders)
	if err != nil {
		t.Fatal(err)
	}
	asOf := map[Stage]time.Time{
		AtLaunch: time.Date(2004, 10, 29, 8, 0, 0, 0, terms.Zone),
		AtEarly:  terms.Dates.EarlyTender.At,
		AtFinal:  terms.Dates.Expiration.At,
	}[stage]
	return Input{
		Terms: terms, Alloc: alloc, Decision: d, AsOf: asOf, Stage: stage,
		TermsDigest: "sha256:1f0a5c7de1b5a8c2b6a1f3e4d5c6b7a8091a2b3c4d5e6f708192a3b4c5d6e7f8",
		BookDigest:  "sha256:9c8b7a6958473625142f3e4d5c6b7a8091a2b3c4d5e6f708192a3b4c5d6e7f80",
		Command:     "tender allocate offer.yaml book.csv --as-of " + stage.String(),
		Rows: []RowsByFate{
			{"counted", 452}, {"received after the expiration", 3}, {"withdrawn", 11},
		},
	}
}

// withoutInterest leaves the interest out, as the published example has it.
func withoutInterest(_ *offer.Terms, a *allocation.Terms, _ []allocation.Tender) {
	for i := range a.Series {
		a.Series[i].Interest = [2]*big.Rat{}
	}
}

func TestLevel3BooksAddUp(t *testing.T) {
	want := []int64{249_457, 62_118, 335_600, 120_000}
	for i, b := range level3Books {
		var sum int64
		for _, s := range b.sizes {
			if s <= 0 {
				t.Errorf("series %d has a tender of %d", i, s)
			}
			sum += s
		}
		if sum != want[i] {
			t.Errorf("series %d: %d, want %d", i, sum, want[i])
		}
	}
}

// text writes a table for comparison.
func text(t *testing.T, table *Table, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := table.WriteText(&b, 120); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var dollars = func(n int64) money.Amount { return money.New(n*100, money.USD) }
