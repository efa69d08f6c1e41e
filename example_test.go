package tenderbook_test

import (
	"fmt"
	"log"
	"os"

	"tenderbook/allocation"
	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/rulebook"
)

// One offer from its file to a payment. Two holders tender more of the 2033
// notes than the cap has left for them.
func Example() {
	text, err := os.ReadFile("examples/two-series/offer.yaml")
	if err != nil {
		log.Fatal(err)
	}
	file, err := offer.Read("offer.yaml", text)
	if err != nil {
		log.Fatal(err) // every problem, each with its place
	}
	terms := file.Terms

	for _, f := range rulebook.Check([]rulebook.Version{{Effective: terms.Dates.Expiration.At, Terms: terms}}) {
		if f.Rule == "R1" {
			fmt.Println(f.Verdict, "-", f.Why)
		}
	}

	alloc, err := terms.Allocation(terms.Settlements())
	if err != nil {
		log.Fatal(err)
	}
	decision, outcomes, err := allocation.Allocate(alloc, []allocation.Tender{
		{Row: 0, Series: 0, Timing: allocation.Early, Principal: 400_000_00},
		{Row: 1, Series: 1, Timing: allocation.Early, Principal: 700_000_00},
		{Row: 2, Series: 1, Timing: allocation.Late, Principal: 500_000_00},
	})
	if err != nil {
		log.Fatal(err)
	}
	for i, o := range outcomes {
		fmt.Printf("%d: %s accepted, %s and %s of interest paid; %s\n", i,
			money.New(o.Accepted, money.USD).Grouped(), money.New(o.Consideration, money.USD).GroupedFull(),
			money.New(o.Interest, money.USD).GroupedFull(), decision.Reason(o))
	}
	// Output:
	// pass - expires by 2026-03-27 24:00; business day 20 counting commenced is Fri 27 Mar 2026
	// 0: 400,000 accepted, 400,000.00 and 4,222.22 of interest paid; accepted in full
	// 1: 350,000 accepted, 357,000.00 and 8,750.00 of interest paid; prorated at 0.500000 (Tender Cap)
	// 2: 250,000 accepted, 247,500.00 and 6,250.00 of interest paid; prorated at 0.500000 (Tender Cap)
}
