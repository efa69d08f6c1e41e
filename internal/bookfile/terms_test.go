package bookfile

import (
	"math/big"
	"testing"
	"time"

	"tenderbook/allocation"
	"tenderbook/calendar"
	"tenderbook/money"
	"tenderbook/offer"
)

var newYork = func() *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return zone
}()

func deadline(s string) calendar.Deadline {
	d, err := calendar.ParseDeadline(s, newYork)
	if err != nil {
		panic(err)
	}
	return d
}

func decimal(s string) money.Decimal {
	d, err := money.ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return d
}

func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// level3 is the offer of Level 3 as launched in 2004, with identifiers and a
// guaranteed delivery that it did not have. Interest per 1,000 is made up:
// 3.95, 14.11, 15.31 and 9.01.
func level3() (*offer.Terms, *allocation.Terms) {
	t := &offer.Terms{
		ID: "LVLT-2004", ZoneName: "America/New_York", Zone: newYork, Commenced: date("2004-10-29"),
		Dates: offer.Dates{
			EarlyTender: deadline("before 2004-11-12 17:00"), Withdrawal: deadline("before 2004-11-12 17:00"),
			Expiration: deadline("by 2004-11-29 24:00"), GuaranteedDelivery: deadline("by 2004-12-01 17:00"),
		},
		Acceptance: offer.Acceptance{Order: "priority"},
		Payment:    offer.Payment{PayBy: "instruction"},
	}
	a := &allocation.Terms{Caps: []allocation.Cap{{Name: "Tender Cap", Amount: 450_000_000_00, Series: []int{0, 1, 2, 3}}}}
	for i, s := range []struct {
		id, cusip, late, early, interest string
		currency                         money.Currency
	}{
		{"9.125", "52729NAA3", "837.50", "857.50", "3.95", money.USD},
		{"11", "037833100", "867.50", "887.50", "14.11", money.USD},
		{"10.5", "26138E109", "837.50", "857.50", "15.31", money.USD},
		{"10.75", "52729NAX4", "830.00", "850.00", "9.01", money.EUR},
	} {
		t.Series = append(t.Series, offer.Series{
			ID: s.id, Currency: s.currency, CUSIPs: []string{s.cusip}, Levels: []offer.Level{{Level: i + 1}},
			Minimum: money.New(1000_00, s.currency), Multiple: money.New(1000_00, s.currency),
			Price: offer.Consideration{Per: decimal("1000"), TenderOffer: decimal(s.late), EarlyPayment: decimal("20.00"), Total: decimal(s.early)},
		})
		per1000 := func(s string) *big.Rat { return new(big.Rat).Quo(decimal(s).Rat(), big.NewRat(1000, 1)) }
		a.Series = append(a.Series, allocation.Series{
			ID: s.id, Places: []allocation.Place{{Level: i + 1}}, Increment: 1000_00, Minimum: 1000_00,
			Price:    [2]*big.Rat{per1000(s.early), per1000(s.late)},
			Interest: [2]*big.Rat{per1000(s.interest), per1000(s.interest)},
		})
	}
	a.Caps[0].Rate = map[int]*big.Rat{3: decimal("1.2950").Rat()}
	return t, a
}

func level3Options(t testing.TB) Options {
	t.Helper()
	terms, alloc := level3()
	return Options{Terms: terms, Alloc: alloc}
}
