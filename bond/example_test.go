package bond_test

import (
	"fmt"
	"time"

	"tenderbook/bond"
	"tenderbook/calendar"
	"tenderbook/money"
)

func decimal(s string) money.Decimal {
	d, err := money.ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return d
}

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// Level 3's 9 1/8% notes were bought on 2 December 2004, 31 days after their
// last interest date.
func ExampleInterest_Accrued() {
	notes := bond.Interest{
		Coupon:   decimal("9.125"),
		DayCount: bond.Thirty360,
		Dates:    []bond.MonthDay{{Month: time.May, Day: 1}, {Month: time.November, Day: 1}},
	}
	accrued, err := notes.Accrued(day("2004-12-02"))
	if err != nil {
		panic(err)
	}
	per1000, err := accrued.Round(1000, 6)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%d days from %s: %s per 1,000\n", accrued.Days, accrued.From, per1000)
	// Output: 31 days from 2004-11-01: 7.857639 per 1,000
}

// Kraft Heinz paid 1,161.34 for its 4.625% notes due 2029 in December 2021: a
// premium bond, priced to its par call on 30 October 2028.
func ExampleBond_Consideration() {
	maturity := day("2029-01-30")
	notes := bond.Bond{
		Interest: bond.Interest{
			Coupon:   decimal("4.625"),
			DayCount: bond.Thirty360,
			Dates:    bond.RegularDates(maturity, 2, false),
			Maturity: maturity,
		},
		Convention: bond.Convention{Method: bond.Street, Frequency: 2, DayCount: bond.Thirty360},
	}
	yield, settlement := decimal("2.101"), day("2021-12-06") // 1.451 and a spread of 65 basis points
	notes, err := notes.ToParCall(day("2028-10-30"), yield, settlement)
	if err != nil {
		panic(err)
	}
	total, err := notes.Consideration(yield, settlement, bond.CentHalfUp)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s per 1,000, priced to %s\n", total, notes.Workout)
	// Output: 1161.34 per 1,000, priced to 2028-10-30
}

// The reference yield of an offer comes from the bid price of a treasury: here
// 98 23/32 and a half for the 0.375% notes due 30 September 2027.
func ExampleBond_Yield() {
	maturity := day("2027-09-30")
	treasury := bond.Bond{
		Interest: bond.Interest{
			Coupon:   decimal("0.375"),
			DayCount: bond.ActActICMA,
			Dates:    bond.RegularDates(maturity, 2, true),
			Maturity: maturity,
		},
		Convention: bond.Convention{Method: bond.Street, Frequency: 2, DayCount: bond.ActActICMA},
	}
	yield, err := treasury.Yield(decimal("98.734375"), day("2020-10-08"))
	if err != nil {
		panic(err)
	}
	reference, err := yield.Round(3)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s%%, between %s and %s\n", reference, yield.Low, yield.High)
	// Output: 0.560%, between 0.5601933476 and 0.5601933477
}

// Discount notes issued at 61.39 percent of their principal grow by ten percent a
// year until they are worth all of it.
func ExampleAccretion_Value() {
	notes := bond.Accretion{
		Issued:     day("2024-05-01"),
		IssuePrice: decimal("61.391325"),
		Yield:      decimal("10"),
		Dates:      []bond.MonthDay{{Month: time.May, Day: 1}, {Month: time.November, Day: 1}},
		DayCount:   bond.Thirty360,
		Until:      day("2029-05-01"),
	}
	value, err := notes.Value(day("2026-08-01"))
	if err != nil {
		panic(err)
	}
	percent, err := value.Round(3)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s percent of principal at maturity\n", percent)
	// Output: 76.464 percent of principal at maturity
}
