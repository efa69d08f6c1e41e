package pricing_test

import (
	"encoding/csv"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"

	"tenderbook/bond"
	"tenderbook/calendar"
	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/pricing"
)

type row map[string]string

// tenderPricing reads the published prices of package bond, whose source column
// names the release.
func tenderPricing(t *testing.T) []row {
	t.Helper()
	f, err := os.Open("../bond/testdata/tender_pricing.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for _, record := range records[1:] {
		r := row{}
		for i, column := range records[0] {
			r[column] = record[i]
		}
		rows = append(rows, r)
	}
	return rows
}

// offerOf writes a row as an offer file, with the reference yield under a key.
func offerOf(t *testing.T, r row, key string) *offer.Terms {
	t.Helper()
	maturity, err := calendar.ParseDate(r["maturity"])
	if err != nil {
		t.Fatal(err)
	}
	perYear, count := 2, "30/360"
	if r["frequency"] == "1" {
		perYear, count = 1, "act/act-icma"
	}
	var dates []string
	for _, d := range bond.RegularDates(maturity, perYear, false) {
		dates = append(dates, d.String())
	}
	percent, err := money.RoundDecimal(new(big.Rat).Mul(dec(t, r["coupon"]).Rat(), big.NewRat(100, 1)), 6, money.Exact)
	if err != nil {
		t.Fatal(err)
	}
	early, to := r["early_premium_per_1000"], ""
	if early == "" {
		early = "0"
	}
	if r["par_call"] != "" && strings.Contains(r["notes"], "par call") {
		to = "\n      to: earlier-of-par-call-and-maturity\n      par_call: " + r["par_call"]
	}
	settlement, err := calendar.ParseDate(r["settlement"])
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`tenderbook: 1
offer: PUBLISHED
title: Cash tender offer
offeror: %q
kind: cash-tender
rules: none
time_zone: UTC
commenced: %s
dates: {early_tender: by %[3]s 17:00, expiration: by %[3]s 17:00, settlement: %[4]s}
series:
  - id: A
    title: %[5]q
    currency: USD
    outstanding: 1000000
    denomination: {minimum: 1000, multiple: 1000}
    pricing:
      kind: fixed-spread
      reference: {security: the reference, %[6]s: %[7]s}
      spread_bp: %[8]s
      early_payment: %[9]s%[10]s
      convention: {frequency: %[11]d, day_count: %[12]s, round: cent-half-up}
    interest: {coupon: %[13]s, day_count: %[12]s, dates: [%[14]s]}
    maturity: %[15]s
`, r["offer"], settlement.AddDays(-30), settlement.AddDays(-5), settlement, r["title"], key, r["reference_yield_pct"], r["fixed_spread_bp"], early, to,
		perYear, count, percent, strings.Join(dates, ", "), maturity)
	f, err := offer.Read(r["id"], []byte(text))
	if err != nil {
		t.Fatalf("%s: %v\n%s", r["id"], err, text)
	}
	return f.Terms
}

// Norfolk Southern's launch release of 26 August 2011 shows hypothetical prices;
// so does the launch of ISS in 2021, which states its yield.
func TestPublishedConsiderationsEarlyAndLate(t *testing.T) {
	rows := tenderPricing(t)
	if len(rows) != 6 {
		t.Fatalf("%d rows, want 6", len(rows))
	}
	for _, r := range rows {
		key, given := "yield", pricing.Given{}
		if strings.HasPrefix(r["id"], "ns-2011") {
			key, given.Hypothetical = "hypothetical_yield", true
		}
		all, err := pricing.DetermineWith(offerOf(t, r, key), offer.Settlements{}, given)
		if err != nil || len(all) != 2 {
			t.Errorf("%s: %d prices, %v", r["id"], len(all), err)
			continue
		}
		if got, want := all[0].Price(), dec(t, r["total_consideration_per_1000"]); got.Cmp(want) != 0 || all[0].Hypothetical != given.Hypothetical {
			t.Errorf("%s: early %s, published %s", r["id"], got, want)
		}
		if late := r["late_consideration_per_1000"]; late != "" && all[1].Price().Cmp(dec(t, late)) != 0 {
			t.Errorf("%s: late %s, published %s", r["id"], all[1].Price(), late)
		}
	}
}

// With at: own-settlement late tenders are priced to their own day.
func TestLateTendersMayBePricedToTheirOwnSettlement(t *testing.T) {
	all, err := pricing.Determine(with(t, "      spread_bp: 80\n", "      spread_bp: 80\n      at: own-settlement\n"), offer.Settlements{})
	if err != nil {
		t.Fatal(err)
	}
	early, late := all[0], all[1]
	if early.PricedAt.String() != "2020-10-09" || late.PricedAt.String() != "2020-10-23" || early.Total == late.Total {
		t.Errorf("priced at %s and %s: %s and %s", early.PricedAt, late.PricedAt, early.Total, late.Total)
	}
	if sum, _ := late.Price().Add(late.EarlyPayment); sum.Cmp(late.Total) != 0 || late.Prove().Price == early.Prove().Price {
		t.Errorf("late %s of %s", late.Price(), late.Total)
	}
}
