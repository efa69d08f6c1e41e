package rulebook_test

import (
	"fmt"
	"time"

	"tenderbook/calendar"
	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/rulebook"
)

// Level 3 launched on 29 October 2004 for up to $450 million and raised the
// cap on 17 November.
func ExampleCheck() {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	at := func(s string) calendar.Deadline {
		d, err := calendar.ParseDeadline(s, newYork)
		if err != nil {
			panic(err)
		}
		return d
	}
	launch := offer.Terms{
		Kind: "cash-tender", Rules: "us-14e", Zone: newYork, ZoneName: "America/New_York",
		Commenced: calendar.NewDate(2004, time.October, 29),
		Dates:     offer.Dates{Expiration: at("by 2004-11-29 24:00"), Settlement: calendar.NewDate(2004, time.December, 2)},
		Caps:      []offer.Cap{{Name: "Tender Cap", Counts: "principal", Amount: money.New(450_000_000_00, money.USD)}},
		Series:    []offer.Series{{ID: "9.125", Outstanding: money.New(1_203_652_000_00, money.USD)}},
		Facts:     map[string]string{"convertible": "no", "amount_disclosed": "yes"},
	}
	raised := launch
	raised.Caps = []offer.Cap{{Name: "Tender Cap", Counts: "principal", Amount: money.New(1_105_000_000_00, money.USD)}}
	raised.Dates.Expiration = at("by 2004-12-01 24:00")

	for _, f := range rulebook.Check([]rulebook.Version{
		{Terms: &launch},
		{Terms: &raised, Effective: time.Date(2004, time.November, 17, 8, 30, 0, 0, newYork)},
	}) {
		fmt.Printf("%s %s: %s\n", f.Rule, f.Verdict, f.Why)
	}
	// Output:
	// R1 pass: expires by 2004-12-01 24:00; business day 20 counting commenced is Mon 29 Nov 2004
	// R2 pass: expires by 2004-12-01 24:00; business day 10 counting notice is Wed 1 Dec 2004
	// R4 pass: settles Thu 2 Dec 2004, within 3 settlement days after expiration (Mon 6 Dec 2004)
	// R5 pass: announced Wed 17 Nov 2004 08:30, in time until 9:00 a.m. Eastern on Tue 30 Nov 2004, with the amount tendered
	// R7 pass: none of the securities can be converted
}
