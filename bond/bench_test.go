package bond_test

import (
	"testing"

	"tenderbook/bond"
)

// thirtyYears is a 30-year note with 60 coupons to come and a part of a period.
func thirtyYears(t testing.TB) bond.Bond {
	maturity := date(t, "2054-05-15")
	return bond.Bond{
		Interest:   bond.Interest{Coupon: dec(t, "5.375"), Dates: bond.RegularDates(maturity, 2, false), Maturity: maturity},
		Convention: bond.Convention{Frequency: 2},
	}
}

func BenchmarkPriceOfThirtyYears(b *testing.B) {
	notes, yield, settlement := thirtyYears(b), dec(b, "6.123"), date(b, "2024-06-03")
	for b.Loop() {
		if _, err := notes.Price(yield, settlement); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkConsiderationOfThirtyYears(b *testing.B) {
	notes, yield, settlement := thirtyYears(b), dec(b, "6.123"), date(b, "2024-06-03")
	for b.Loop() {
		if _, err := notes.Consideration(yield, settlement, bond.CentHalfUp); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkYieldOfThirtyYears(b *testing.B) {
	notes, price, settlement := thirtyYears(b), dec(b, "89.75"), date(b, "2024-06-03")
	for b.Loop() {
		if _, err := notes.Yield(price, settlement); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAccrued(b *testing.B) {
	i := bond.Interest{Coupon: dec(b, "9.125"), Dates: on(b, "May 1, Nov 1")}
	settlement := date(b, "2004-12-02")
	for b.Loop() {
		if _, err := i.Accrued(settlement); err != nil {
			b.Fatal(err)
		}
	}
}
