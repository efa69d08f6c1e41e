package offer_test

import (
	"fmt"

	"tenderbook/offer"
)

const terms = `tenderbook: 1
offer: NOTES-2025
title: Cash tender offer for one series
offeror: Example Holdings plc
kind: cash-tender
rules: none
time_zone: Europe/London
commenced: 2025-03-03
dates: {expiration: by 2025-03-28 17:00, settlement: 2025-04-01}
series:
  - id: "2030"
    title: 5% Notes due 2030
    currency: GBP
    outstanding: 500,000,000
    denomination: {minimum: 1000, multiple: 1000}
    consideration: {per: 100, total: 98.25}
    interest: {coupon: 5, day_count: act/act-icma, dates: [Jan 15]}
`

func ExampleRead() {
	file, err := offer.Read("offer.yaml", []byte(terms))
	if err != nil {
		fmt.Println(err)
		return
	}
	s := file.Terms.Series[0]
	fmt.Println(s.Title, "at", s.Price.Total, "per", s.Price.Per)
	fmt.Println("tenders count", file.Terms.Dates.Expiration)
	// Output:
	// 5% Notes due 2030 at 98.25 per 100
	// tenders count by 2025-03-28 17:00
}

func ExampleProblems() {
	_, err := offer.Read("offer.yaml", []byte("tenderbook: 1\namends: NOTES-2025\neffective: 2025-03-10 midnight\nseries: [{id: 2030, maximun: 1,000}]\n"))
	fmt.Println(err)
	// Output:
	// offer.yaml:3:12: effective: "2025-03-10 midnight" does not say which end of the day is meant: write 24:00 for the end of that day, or 24:00 of the day before for its start
	//     did you mean "2025-03-09 24:00" (the start of that day) or "2025-03-10 24:00" (its end)?
	// offer.yaml:4:21: series.2030: unknown key "maximun"
	//     did you mean "maximum"?
	// offer.yaml:4:30: series.2030: "1,000" inside { } is two values: YAML parts them at the comma: needs a number without commas
	//     did you mean 1000?
}

func ExampleHistory() {
	base, _ := offer.Read("offer.yaml", []byte(terms))
	raise, _ := offer.Read("raise.yaml", []byte(`tenderbook: 1
amends: NOTES-2025
effective: 2025-03-10 08:00
series: [{id: "2030", consideration: {total: 99.00}}]
`))
	history, err := offer.NewHistory(base, raise)
	if err != nil {
		fmt.Println(err)
		return
	}
	versions := history.Versions()
	for _, d := range offer.Diff(versions[0].Terms, versions[1].Terms) {
		fmt.Println(d)
	}
	// Output:
	// series.2030.consideration.tender_offer: 98.25 -> 99.00
	// series.2030.consideration.total: 98.25 -> 99.00
}
