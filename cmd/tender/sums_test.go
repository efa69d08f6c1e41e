package main

import (
	"encoding/csv"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenderbook/report"
)

// sumsOffer is an offer that leaves open whom a payment is rounded for, and whom
// tenders are prorated for. Its first series stands at two
// levels, so that a tender takes part in two steps; odd lots take part before
// both. Its notes are of one unit each, so that payments have parts of a cent.
const sumsOffer = `tenderbook: 1
offer: SUMS
title: Cash tender offers
offeror: Example Corp.
kind: cash-tender
rules: none
time_zone: America/New_York
commenced: 2025-03-03
dates:
  early_tender: by 2025-03-14 17:00
  withdrawal: by 2025-03-14 17:00
  expiration: by 2025-03-28 17:00
  guaranteed_delivery: by 2025-04-01 17:00
  settlement: 2025-04-02
caps:
  - {name: Tender Cap, amount: "USD 600,000", counts: purchase-price, series: all}
exchange_rates: {EUR/USD: 1.0815}
acceptance:
  order: priority
  if_exceeded: prorate
  prorate_by: %[2]s
  leftover: unused
  remainder: lost
  stub: ignore
  small: {up_to: 2000, accept: whole}
payment: {pay_by: %[1]s}
series:
  - id: A
    title: 4.870%% Notes due 2031
    levels: [{level: 1, up_to: 200000}, {level: 3}]
    currency: USD
    outstanding: 500,000,000
    denomination: {minimum: 1, multiple: 1}
    consideration: {per: 1000, tender_offer: 951.37, early_payment: 30.00, total: 981.37}
    interest: {coupon: 4.870, day_count: 30/360, dates: [Jan 17, Jul 17]}
  - id: B
    title: 3.125%% Notes due 2033
    level: 2
    currency: EUR
    outstanding: 500,000,000
    denomination: {minimum: 1, multiple: 1}
    consideration: {per: 1000, tender_offer: 902.11, early_payment: 30.00, total: 932.11}
    interest: {coupon: 3.125, day_count: 30/360, dates: [Feb 9, Aug 9]}
`

// sumsBook has tenders of five participants on both sides of the early date,
// and notices of guaranteed delivery that were delivered in full, in part and
// not at all.
func sumsBook() string {
	var b strings.Builder
	b.WriteString("instruction,received_at,series,principal,action,participant,account,holder,refers_to\n")
	for i := range 120 {
		day, series, action := 4+i%22, "AB"[i%2:i%2+1], "tender"
		if i%10 == 7 {
			action = "guarantee"
		}
		fmt.Fprintf(&b, "I-%03d,2025-03-%02d 10:00:%02d,%s,%d,%s,P%d,A%d,H%d,\n", i, day, i%60, series, 1000*(1+i*i%13)+i, action, i%5, i, i%7)
		switch i % 30 {
		case 7: // in full
			fmt.Fprintf(&b, "D-%03d,2025-04-01 09:00:00,%s,%d,deliver,P%d,,H%d,I-%03d\n", i, series, 1000*(1+i*i%13)+i, i%5, i%7, i)
		case 17: // in part
			fmt.Fprintf(&b, "D-%03d,2025-04-01 09:00:00,%s,%d,deliver,P%d,,H%d,I-%03d\n", i, series, 1000, i%5, i%7, i)
		}
	}
	return b.String()
}

// What the summary says is paid is what the rows of the allocation add up to, to
// the cent: by line of the waterfall and by currency, and whoever a payment is
// rounded for. A summary once added up payments rounded for each instruction
// where the rows were rounded for each participant.
func TestTheSummaryIsWhatTheRowsAddUpTo(t *testing.T) {
	for _, payBy := range []string{"instruction", "participant"} {
		for _, prorateBy := range []string{"instruction", "participant", "holder"} {
			t.Run("paid by "+payBy+", prorated by "+prorateBy, func(t *testing.T) {
				dir := t.TempDir()
				in := func(name string) string { return filepath.Join(dir, name) }
				write(t, in("offer.yaml"), fmt.Sprintf(sumsOffer, payBy, prorateBy))
				write(t, in("book.csv"), sumsBook())
				_, stderr, code := run(t, "allocate -o "+in("allocation.csv")+" --summary "+in("summary.json")+" "+in("offer.yaml")+" "+in("book.csv"))
				if code != 0 {
					t.Fatal(stderr)
				}
				data, err := os.ReadFile(in("summary.json"))
				if err != nil {
					t.Fatal(err)
				}
				f, err := report.ParseSummary(data)
				if err != nil {
					t.Fatal(err)
				}
				rows := rowSums(t, in("allocation.csv"))
				lines := sums{}
				for _, step := range f.Steps {
					for _, l := range step.Lines {
						lines.add(l.Series+" "+l.Timing, "accepted", l.Accepted)
						lines.add(l.Series+" "+l.Timing, "consideration", l.Consideration)
						lines.add(l.Series+" "+l.Timing, "interest", l.Interest)
						lines.add(l.Series+" "+l.Timing, "cash", l.Cash)
					}
				}
				for _, total := range f.Totals {
					lines.add(total.Currency, "accepted", total.Accepted)
					lines.add(total.Currency, "consideration", total.Consideration)
					lines.add(total.Currency, "interest", total.Interest)
					lines.add(total.Currency, "cash", total.Cash)
				}
				if got, want := len(rows), 6; got != want { // two series, two timings; two currencies
					t.Fatalf("the rows have %d sums, want %d", got, want)
				}
				for key, want := range rows {
					for column, amount := range want {
						if got := lines[key][column]; got == nil || got.Cmp(amount) != 0 {
							t.Errorf("%s: %s is %s in the summary, the rows add up to %s", key, column, got.FloatString(2), amount.FloatString(2))
						}
					}
				}
			})
		}
	}
}

// sums are amounts by key and column.
type sums map[string]map[string]*big.Rat

func (s sums) add(key, column, amount string) {
	x, ok := new(big.Rat).SetString(amount)
	if !ok {
		panic(amount)
	}
	if s[key] == nil {
		s[key] = map[string]*big.Rat{}
	}
	if s[key][column] == nil {
		s[key][column] = new(big.Rat)
	}
	s[key][column].Add(s[key][column], x)
}

// rowSums adds the rows of an allocation up by series and timing, and by
// currency.
func rowSums(t *testing.T, name string) sums {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, column := range rows[0] {
		at[column] = i
	}
	all := sums{}
	for _, row := range rows[1:] {
		if row[at["timing"]] == "" { // a delivery
			continue
		}
		for _, column := range []string{"accepted", "consideration", "interest", "cash"} {
			all.add(row[at["series"]]+" "+row[at["timing"]], column, row[at[column]])
			all.add(row[at["currency"]], column, row[at[column]])
		}
	}
	return all
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
