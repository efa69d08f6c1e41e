package bond_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenderbook/bond"
	"tenderbook/calendar"
)

func TestPayments(t *testing.T) {
	six := bond.Interest{Coupon: dec(t, "6"), Dates: on(t, "May 1, Nov 1"), Maturity: date(t, "2025-11-01")}
	for _, c := range []struct {
		claim  string
		change func(*bond.Interest)
		after  string
		want   string // date:per 1,000
	}{
		{"equal instalments", func(*bond.Interest) {}, "2024-06-03", "2024-11-01:30 2025-05-01:30 2025-11-01:30"},
		{"what falls due on the day itself is past", func(*bond.Interest) {}, "2025-05-01", "2025-11-01:30"},
		{"a short first period: 60 x 41/360", func(i *bond.Interest) { i.Accrues = date(t, "2025-03-20") }, "2025-03-20", "2025-05-01:41/6 2025-11-01:30"},
		{"a long first period: 60 x 221/360", func(i *bond.Interest) {
			i.Accrues, i.FirstDate = date(t, "2024-03-20"), date(t, "2024-11-01")
		}, "2024-03-20", "2024-11-01:221/6 2025-05-01:30 2025-11-01:30"},
		{"a long last period: 60 x 270/360", func(i *bond.Interest) {
			i.LastDate, i.Maturity = date(t, "2025-05-01"), date(t, "2026-02-01")
		}, "2024-06-03", "2024-11-01:30 2025-05-01:30 2026-02-01:45"},
		{"a step-up within a period: 30/2 + 40/2, then 40", func(i *bond.Interest) {
			i.Steps = []bond.Step{{From: date(t, "2025-02-01"), Coupon: dec(t, "8")}}
		}, "2024-06-03", "2024-11-01:30 2025-05-01:35 2025-11-01:40"},
		{"act/360 pays for the days: 60 x 184/360, x 181/360, x 184/360", func(i *bond.Interest) { i.DayCount = bond.Act360 }, "2024-06-03", "2024-11-01:92/3 2025-05-01:181/6 2025-11-01:92/3"},
		{"month ends under 30/360 pay equal instalments", func(i *bond.Interest) {
			i.Dates, i.Maturity = on(t, "Feb 28, Aug 31"), date(t, "2025-02-28")
		}, "2023-09-01", "2024-02-29:30 2024-08-31:30 2025-02-28:30"},
	} {
		i := six
		c.change(&i)
		paid, err := i.Payments(date(t, c.after))
		if got := paymentsText(paid); err != nil || got != c.want {
			t.Errorf("%s: got %s, %v, want %s", c.claim, got, err, c.want)
		}
	}
}

func paymentsText(paid []bond.Payment) string {
	var words []string
	for _, p := range paid {
		per1000 := new(big.Rat).Mul(p.PerUnit, big.NewRat(1000, 1))
		words = append(words, fmt.Sprintf("%s:%s", p.Date, per1000.RatString()))
	}
	return strings.Join(words, " ")
}

// A step-up to the same coupon changes nothing, but keeps the list from taking
// its short cut over equal payments.
func TestEqualPaymentsAreThoseFoundOneByOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		first := calendar.NewDate(2024, 1, 1).AddDays(rapid.IntRange(0, 365).Draw(rt, "maturity"))
		perYear := rapid.SampledFrom([]int{1, 2, 4, 12}).Draw(rt, "per year")
		i := bond.Interest{
			Coupon:   thousandths(rapid.Int64Range(1, 9999).Draw(rt, "coupon")),
			DayCount: bond.DayCount(rapid.IntRange(0, len(bond.Names())-1).Draw(rt, "count")),
			Dates:    bond.RegularDates(first, perYear, rapid.Bool().Draw(rt, "month ends")),
			Maturity: first.AddMonths(rapid.IntRange(25, 60).Draw(rt, "months")),
		}
		if rapid.Bool().Draw(rt, "long last period") {
			i.LastDate = first.AddMonths(12)
		}
		after := first.AddDays(rapid.IntRange(0, 300).Draw(rt, "after"))
		stepped := i
		stepped.Steps = []bond.Step{{From: i.Maturity, Coupon: i.Coupon}}
		quick, errQuick := i.Payments(after)
		slow, errSlow := stepped.Payments(after)
		if errQuick != nil || errSlow != nil || paymentsText(quick) != paymentsText(slow) {
			rt.Fatalf("%+v after %s:\n quick %s %v\n slow  %s %v", i, after, paymentsText(quick), errQuick, paymentsText(slow), errSlow)
		}
	})
}

func TestPaymentsRefuse(t *testing.T) {
	i := bond.Interest{Coupon: dec(t, "6"), Dates: on(t, "May 1, Nov 1")}
	if _, err := i.Payments(date(t, "2024-06-03")); err == nil || err.Error() != "payments: no maturity, needs the day on which interest ends" {
		t.Errorf("without maturity: %v", err)
	}
	i.Maturity = date(t, "2024-05-01")
	if _, err := i.Payments(date(t, "2024-06-03")); err == nil || err.Error() != "settlement 2024-06-03 is after maturity 2024-05-01" {
		t.Errorf("after maturity: %v", err)
	}
	if paid, err := (bond.Interest{Maturity: date(t, "2025-05-01")}).Payments(date(t, "2024-06-03")); len(paid) != 0 || err != nil {
		t.Errorf("notes without interest pay %v, %v", paid, err)
	}
}

func TestRegularDates(t *testing.T) {
	for _, c := range []struct {
		claim, maturity string
		perYear         int
		monthEnds       bool
		want            string
	}{
		{"the day of maturity and six months off", "2031-11-15", 2, false, "[May 15 Nov 15]"},
		{"four times a year", "2031-02-15", 4, false, "[Feb 15 May 15 Aug 15 Nov 15]"},
		{"treasuries keep to month ends", "2025-02-28", 2, true, "[Feb 29 Aug 31]"},
		{"others keep to the day", "2025-02-28", 2, false, "[Feb 28 Aug 28]"},
		{"a day that shorter months lack", "2031-08-31", 2, false, "[Feb 29 Aug 31]"},
		{"a number that does not divide the year has none", "2031-08-31", 5, false, "[]"},
	} {
		if got := fmt.Sprint(bond.RegularDates(date(t, c.maturity), c.perYear, c.monthEnds)); got != c.want {
			t.Errorf("%s: %s, want %s", c.claim, got, c.want)
		}
	}
}
