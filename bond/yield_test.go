package bond_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"tenderbook/bond"
	"tenderbook/calendar"
	"tenderbook/money"
)

func TestYield(t *testing.T) {
	european := bond.Bond{
		Interest:   bond.Interest{Coupon: dec(t, "2.125"), DayCount: bond.ActActICMA, Dates: on(t, "Dec 2"), Maturity: date(t, "2024-12-02")},
		Convention: bond.Convention{Method: bond.Compound, Frequency: 1, DayCount: bond.ActActICMA},
	}
	for _, c := range []struct {
		claim      string
		bond       bond.Bond
		settlement string
		price      string
		low, high  string
	}{
		{"par on an interest date is the coupon, exactly", halfYearly(t, "6", "2034-05-01"), "2024-05-01", "100", "6.0000000000", "6.0000000000"},
		{"all payments in full are no yield, exactly", halfYearly(t, "6", "2025-05-01"), "2024-05-01", "106", "0.0000000000", "0.0000000000"},
		{"last period: 103/(1+i/2) = 100 at 6, exactly", halfYearly(t, "6", "2024-11-01"), "2024-05-01", "100", "6.0000000000", "6.0000000000"},
		{"without interest 100/(1+i/2)^2 = 50: 200(sqrt 2 - 1)", bond.Bond{Interest: bond.Interest{Maturity: date(t, "2025-05-01")}, Convention: bond.Convention{Frequency: 2}}, "2024-05-01", "50", "82.8427124746", "82.8427124747"},
		{"distress: a hundredth of par is worth thousands of percent", halfYearly(t, "0", "2024-11-01"), "2024-05-01", "1", "19800.0000000000", "19800.0000000000"}, // 100/1 - 1 a half-year
		{"above all payments the yield is negative: 104.25/(1+i)^.5", european, "2023-12-02", "104.25", "-2.0383693046", "-2.0383693045"},                           // 102.125/104.25 - 1
	} {
		y, err := c.bond.Yield(dec(t, c.price), date(t, c.settlement))
		if err != nil || y.Low.String() != c.low || y.High.String() != c.high {
			t.Errorf("%s: %s to %s, %v, want %s to %s", c.claim, y.Low, y.High, err, c.low, c.high)
		}
	}
}

// Yield and price undo each other: the prices at both ends of the yield enclose
// the price it was found from.
func TestYieldEnclosesThePrice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := halfYearly(t, "0", "2024-05-01")
		b.Interest.Coupon = thousandths(rapid.Int64Range(0, 15000).Draw(rt, "coupon"))
		b.Interest.Maturity = calendar.Date{Year: 2024 + rapid.IntRange(1, 60).Draw(rt, "years"), Month: 5, Day: 1}
		b.Convention.Method = rapid.SampledFrom([]bond.Method{bond.Street, bond.Compound, bond.Treasury}).Draw(rt, "method")
		settlement := calendar.Date{Year: 2024, Month: 5, Day: 1}.AddDays(rapid.IntRange(0, 183).Draw(rt, "day"))
		price := thousandths(rapid.Int64Range(500, 250_000).Draw(rt, "price"))

		y, err := b.Yield(price, settlement)
		if err != nil {
			rt.Fatal(err)
		}
		over := func(yield money.Decimal) int {
			p, err := b.Price(yield, settlement)
			if err != nil {
				rt.Fatal(err)
			}
			d := new(big.Rat).Sub(p.Clean, price.Rat())
			if new(big.Rat).Abs(d).Cmp(p.ErrorBound) <= 0 {
				return 0
			}
			return d.Sign()
		}
		if over(y.Low) < 0 || over(y.High) > 0 {
			rt.Fatalf("prices at %s and %s do not enclose %s", y.Low, y.High, price)
		}
		if y.Low != y.High && y.High.Coef()-y.Low.Coef() != 1 {
			rt.Fatalf("%s and %s are not neighbours", y.Low, y.High)
		}
	})
}

func TestYieldRounds(t *testing.T) {
	y := func(low, high string) bond.Yield { return bond.Yield{Low: dec(t, low), High: dec(t, high)} }
	for _, c := range []struct {
		claim string
		yield bond.Yield
		want  string
	}{
		{"just above a half goes up", y("4.1235000000", "4.1235000001"), "4.124"},
		{"just below a half goes down", y("4.1234999999", "4.1235000000"), "4.123"},
		{"an exact half goes up", y("4.1235000000", "4.1235000000"), "4.124"},
	} {
		if got, err := c.yield.Round(3); err != nil || got.String() != c.want {
			t.Errorf("%s: %s, %v, want %s", c.claim, got, err, c.want)
		}
	}
	if _, err := y("4", "4").Round(10); err == nil || err.Error() != "yield rounded to 10 decimals, needs 0 to 9" {
		t.Errorf("Round(10) fails with %v", err)
	}
}

func TestYieldRefuses(t *testing.T) {
	b := halfYearly(t, "6", "2034-05-01")
	for _, c := range []struct{ claim, price, settlement, want string }{
		{"a price that with accrued interest is not above zero", "-1.5", "2024-08-01", "price -1.5 with accrued interest is not above zero"},
		{"a day after maturity", "90", "2034-08-01", "settlement 2034-08-01 must be before 2034-05-01, the day the notes are repaid"},
		{"a price so low that no yield up to the bound fits", "0.000000001", "2024-05-01", "yield at price 0.000000001: needs more than 41943040%"},
	} {
		if _, err := b.Yield(dec(t, c.price), date(t, c.settlement)); err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v, want %s", c.claim, err, c.want)
		}
	}
}
