package bond_test

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tenderbook/bond"
	"tenderbook/calendar"
)

// on reads "May 1, Nov 1".
func on(t testing.TB, s string) []bond.MonthDay {
	t.Helper()
	var dates []bond.MonthDay
	for _, word := range strings.Split(s, ", ") {
		d, err := time.Parse("Jan 2 2006", word+" 2000")
		if err != nil {
			t.Fatal(err)
		}
		dates = append(dates, bond.MonthDay{Month: d.Month(), Day: d.Day()})
	}
	return dates
}

func TestAccruedInterest(t *testing.T) {
	half := func(coupon, dates string) bond.Interest {
		return bond.Interest{Coupon: dec(t, coupon), Dates: on(t, dates)}
	}
	with := func(i bond.Interest, change func(*bond.Interest)) bond.Interest {
		change(&i)
		return i
	}
	icma := func(i *bond.Interest) { i.DayCount = bond.ActActICMA }
	for _, c := range []struct {
		claim      string
		interest   bond.Interest
		settlement string
		from       string
		days       int
		per1000    string // half up, with as many decimals
	}{
		{"Level 3 9 1/8%: 9.125% x 31/360", half("9.125", "May 1, Nov 1"), "2004-12-02", "2004-11-01", 31, "7.857639"},
		{"Level 3 11%: 11% x 77/360", half("11", "Mar 15, Sep 15"), "2004-12-02", "2004-09-15", 77, "23.527778"},
		{"Level 3 10 1/2%: 10.5% x 1/360", half("10.5", "Jun 1, Dec 1"), "2004-12-02", "2004-12-01", 1, "0.291667"},
		{"dates may come in any order", half("9.125", "Nov 1, May 1"), "2004-12-02", "2004-11-01", 31, "7.857639"},
		{"nothing on an interest date", half("9.125", "May 1, Nov 1"), "2004-11-01", "2004-11-01", 0, "0.000000"},
		{"the day before an interest date, over New Year: 6% x 179/360", half("6", "Jan 15, Jul 15"), "2024-01-14", "2023-07-15", 179, "29.833333"},
		{"month ends: 31 August to 29 February", with(half("6", "Feb 28, Aug 31"), icma), "2024-02-28", "2023-08-31", 181, "29.835165"}, // 60 x 181/364
		{"month ends: nothing on 29 February", half("6", "Feb 28, Aug 31"), "2024-02-29", "2024-02-29", 0, "0.000000"},
		{"the 28th stays the 28th", half("6", "Feb 28, Aug 28"), "2024-02-29", "2024-02-28", 1, "0.166667"},
		{"quarterly: 8% x 45/360", half("8", "Mar 1, Jun 1, Sep 1, Dec 1"), "2024-04-16", "2024-03-01", 45, "10.000000"},
		{"dates that are not evenly spaced: 6% x 30/360", half("6", "Jan 15, Aug 15"), "2024-09-15", "2024-08-15", 30, "5.000000"},
		{"short first period: 6% x 9/360 from the first day", with(half("6", "May 1, Nov 1"), func(i *bond.Interest) { i.Accrues = date(t, "2024-10-10") }), "2024-10-19", "2024-10-10", 9, "1.500000"},
		{"long first period, 30/360 in one count: 6% x 220/360", with(half("6", "May 1, Nov 1"), func(i *bond.Interest) {
			i.Accrues, i.FirstDate = date(t, "2024-03-21"), date(t, "2024-11-01")
		}), "2024-10-31", "2024-03-21", 220, "36.666667"},
		{"long first period, act/act-icma in two: 30 x 41/182 + 30 x 61/184", with(with(half("6", "May 1, Nov 1"), icma), func(i *bond.Interest) {
			i.Accrues, i.FirstDate = date(t, "2024-03-21"), date(t, "2024-11-01")
		}), "2024-07-01", "2024-03-21", 102, "16.703894"},
		{"after an odd first period the regular dates count", with(half("6", "May 1, Nov 1"), func(i *bond.Interest) {
			i.Accrues, i.FirstDate = date(t, "2024-03-21"), date(t, "2024-11-01")
		}), "2024-11-02", "2024-11-01", 1, "0.166667"},
		{"a first interest date off the regular ones starts a short period", with(half("6", "May 1, Nov 1"), func(i *bond.Interest) {
			i.Accrues, i.FirstDate = date(t, "2024-03-21"), date(t, "2024-09-01")
		}), "2024-10-01", "2024-09-01", 30, "5.000000"},
		{"long last period: 6% x 210/360", with(half("6", "May 1, Nov 1"), func(i *bond.Interest) {
			i.LastDate, i.Maturity = date(t, "2024-05-01"), date(t, "2025-02-01")
		}), "2024-12-01", "2024-05-01", 210, "35.000000"},
		{"step-up within the period: 5% x 30/360 + 7% x 15/360", with(half("5", "May 1, Nov 1"), func(i *bond.Interest) {
			i.Steps = []bond.Step{{From: date(t, "2024-06-01"), Coupon: dec(t, "7")}}
		}), "2024-06-16", "2024-05-01", 45, "7.083333"},
		{"step-up before the period: 7% x 10/360", with(half("5", "May 1, Nov 1"), func(i *bond.Interest) {
			i.Steps = []bond.Step{{From: date(t, "2023-06-01"), Coupon: dec(t, "7")}}
		}), "2024-05-11", "2024-05-01", 10, "1.944444"},
		{"step-up on a 31st adds up: 30/360 has 30 days, 16 + 14", with(half("5", "Jan 15, Jul 15"), func(i *bond.Interest) {
			i.Steps = []bond.Step{{From: date(t, "2024-01-31"), Coupon: dec(t, "7")}}
		}), "2024-02-15", "2024-01-15", 30, "4.944444"}, // 50 x 16/360 + 70 x 14/360
		{"discount notes pay from their first step on: 10.5% x 1/360", with(half("0", "Jun 1, Dec 1"), func(i *bond.Interest) {
			i.Steps = []bond.Step{{From: date(t, "2003-12-01"), Coupon: dec(t, "10.5")}}
		}), "2004-12-02", "2004-12-01", 1, "0.291667"},
		{"act/360: 6% x 62/360", with(half("6", "May 1, Nov 1"), func(i *bond.Interest) { i.DayCount = bond.Act360 }), "2024-07-02", "2024-05-01", 62, "10.333333"},
		{"act/act-isda over New Year: 60 x (61/365 + 31/366)", with(half("6", "May 1, Nov 1"), func(i *bond.Interest) { i.DayCount = bond.ActActISDA }), "2024-02-01", "2023-11-01", 92, "15.109364"},
		{"act/365-canadian in the last days: 60 x (1/2 - 1/365)", with(half("6", "Jan 1, Jul 1"), func(i *bond.Interest) { i.DayCount = bond.Act365Canadian }), "2023-12-31", "2023-07-01", 183, "29.835616"},
		{"ex-dividend: the last 8 days are paid back, 8% x 8/364", with(half("8", "Jun 7, Dec 7"), func(i *bond.Interest) {
			i.DayCount, i.ExDate = bond.ActActICMA, bond.DaysBefore(8)
		}), "2013-05-30", "2012-12-07", -8, "-1.758242"},
		{"no coupon and no dates: none", bond.Interest{}, "2004-12-02", "2004-12-02", 0, "0.000000"},
		{"nothing at maturity", with(half("6", "May 1, Nov 1"), func(i *bond.Interest) { i.Maturity = date(t, "2024-07-01") }), "2024-07-01", "2024-07-01", 0, "0.000000"},
	} {
		got, err := c.interest.Accrued(date(t, c.settlement))
		if err != nil {
			t.Errorf("%s: %v", c.claim, err)
			continue
		}
		per1000, err := got.Round(1000, 6)
		if err != nil {
			t.Fatal(err)
		}
		if got.From != date(t, c.from) || got.Days != c.days || per1000.String() != c.per1000 {
			t.Errorf("%s: got %s per 1,000 for %d days from %s, want %s for %d from %s", c.claim, per1000, got.Days, got.From, c.per1000, c.days, c.from)
		}
		checkParts(t, c.claim, got)
	}
}

// checkParts holds every accrual to a conservation law: its parts follow one
// another and add up to it.
func checkParts(t *testing.T, claim string, a bond.Accrual) {
	t.Helper()
	days, fraction, perUnit := 0, rat(t, "0"), rat(t, "0")
	for _, p := range a.Parts {
		days += p.Days
		fraction.Add(fraction, p.Fraction)
		perUnit.Add(perUnit, p.PerUnit)
	}
	if days != a.Days || fraction.Cmp(a.Fraction) != 0 || perUnit.Cmp(a.PerUnit) != 0 {
		t.Errorf("%s: parts add up to %d days, %s of a year, %s per unit; the accrual has %d, %s, %s", claim, days, fraction, perUnit, a.Days, a.Fraction, a.PerUnit)
	}
}

func TestAccruedInterestRefuses(t *testing.T) {
	sound := bond.Interest{Coupon: dec(t, "6"), Dates: on(t, "May 1, Nov 1"), Accrues: date(t, "2024-03-21"), Maturity: date(t, "2034-05-01")}
	for _, c := range []struct {
		claim      string
		change     func(*bond.Interest)
		settlement string
		want       string
	}{
		{"a day before interest accrues", func(*bond.Interest) {}, "2024-03-20", "settlement 2024-03-20 is before 2024-03-21, from which interest accrues"},
		{"a day after maturity", func(*bond.Interest) {}, "2034-05-02", "settlement 2034-05-02 is after maturity 2034-05-01"},
		{"a coupon without dates", func(i *bond.Interest) { i.Dates = nil }, "2024-05-01", "interest: no interest dates, needs at least one such as May 1"},
		{"a date that does not exist", func(i *bond.Interest) { i.Dates = []bond.MonthDay{{Month: 4, Day: 31}} }, "2024-05-01", "interest: interest date of month 4, day 31 does not exist"},
		{"a date given twice", func(i *bond.Interest) { i.Dates = on(t, "May 1, May 1") }, "2024-05-01", "interest: interest date May 1 is given twice"},
		{"a first date without the start", func(i *bond.Interest) { i.Accrues, i.FirstDate = calendar.Date{}, date(t, "2024-11-01") }, "2024-05-01", "interest: first interest date 2024-11-01 needs the date from which interest accrues"},
		{"a first date before the start", func(i *bond.Interest) { i.FirstDate = date(t, "2024-03-01") }, "2024-05-01", "interest: first interest date 2024-03-01 must be after 2024-03-21, from which interest accrues"},
		{"a maturity before the start", func(i *bond.Interest) { i.Maturity = date(t, "2024-03-01") }, "2024-05-01", "interest: maturity 2024-03-01 must be after 2024-03-21, from which interest accrues"},
		{"a last date after maturity", func(i *bond.Interest) { i.LastDate = date(t, "2034-11-01") }, "2024-05-01", `interest: last interest date 2034-11-01 must lie between the first one and maturity "2034-05-01"`},
		{"steps out of order", func(i *bond.Interest) {
			i.Steps = []bond.Step{{From: date(t, "2025-01-01")}, {From: date(t, "2024-01-01")}}
		}, "2024-05-01", "interest: coupon steps must be in the order of their dates"},
	} {
		i := sound
		c.change(&i)
		if _, err := i.Accrued(date(t, c.settlement)); err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v, want %s", c.claim, err, c.want)
		}
	}
}

// The fraction that each row of accrued.csv names is told in interest terms:
// the file gives dates and result, not the interest dates of the notes.
func TestAccruedInterestGivesThePublishedFigures(t *testing.T) {
	terms := map[string]struct {
		count            bond.DayCount
		dates            string
		accrues, first   string
		wholePeriod      bool // the figure is the first payment, not accrued interest
		decimals         int  // of the published figure per 1,000
		scalesAndRoundAt bool // the total is made from the rounded figure per 1,000
	}{
		"tsy-acc-1": {bond.ActActICMA, "May 15, Nov 15", "", "", false, 5, true},
		"tsy-acc-2": {bond.ActActICMA, "Feb 15, Aug 15", "1985-07-02", "1986-02-15", false, 5, true},
		"tsy-short": {bond.ActActICMA, "Jun 30, Dec 31", "1990-07-02", "", true, 9, false},
		"tsy-long":  {bond.ActActICMA, "Feb 15, Aug 15", "1990-12-03", "1991-08-15", true, 9, false},
		"tips-calc": {bond.ActActICMA, "Jan 15, Jul 15", "", "", false, 5, true},
		"ctas-2034": {bond.Thirty360, "May 1, Nov 1", "2024-03-07", "2024-11-01", false, 5, true}, // principal of this row is inferred
	}
	for _, r := range readRows(t, "accrued.csv") {
		c, ok := terms[r["id"]]
		if !ok {
			t.Fatalf("accrued.csv has row %q, which has no terms here", r["id"])
		}
		i := bond.Interest{Coupon: percentOf(t, r["coupon"]), DayCount: c.count, Dates: on(t, c.dates), Accrues: date(t, c.accrues), FirstDate: date(t, c.first)}
		perUnit := payment(t, i, date(t, r["from"]), date(t, r["to"]), c.wholePeriod)
		per1000 := perUnit.Mul(perUnit, rat(t, "1000"))
		tolerance := new(big.Rat)
		if c.decimals == 9 { // the Treasury multiplies a daily rate of 9 decimals by 182 and 74 days
			tolerance = rat(t, "182/2000000000")
		}
		if got := rat(t, per1000.FloatString(c.decimals)); !near(got, rat(t, r["accrued_per_1000"]), tolerance) {
			t.Errorf("%s: got %s per 1,000, want %s (%s)", r["id"], got.FloatString(c.decimals), r["accrued_per_1000"], r["source"])
		}
		if c.scalesAndRoundAt {
			per1000 = rat(t, per1000.FloatString(c.decimals))
		}
		total := per1000.Mul(per1000, rat(t, r["principal"]))
		total.Quo(total, rat(t, "1000"))
		if got := total.FloatString(2); got != r["accrued_total"] {
			t.Errorf("%s: got %s on %s, want %s (%s)", r["id"], got, r["principal"], r["accrued_total"], r["source"])
		}
	}
}

// payment is the interest accrued from the given day, which the terms must find
// themselves, or, for the whole period, what is paid at its end.
func payment(t *testing.T, i bond.Interest, from, to calendar.Date, whole bool) *big.Rat {
	t.Helper()
	if whole {
		i.Maturity = to
		paid, err := i.Payments(from)
		if err != nil {
			t.Fatal(err)
		}
		return paid[0].PerUnit
	}
	a, err := i.Accrued(to)
	if err != nil {
		t.Fatal(err)
	}
	if a.From != from {
		t.Errorf("interest runs from %s, want %s", a.From, from)
	}
	return a.PerUnit
}

// Under counts of actual days interest grows every day and is paid in full: the
// day before an interest date a little less has accrued than is then paid.
func TestInterestGrowsDayByDayUpToThePayment(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		first := calendar.NewDate(2024, 1, 1).AddDays(rapid.IntRange(0, 365).Draw(rt, "first"))
		i := bond.Interest{
			Coupon:   thousandths(rapid.Int64Range(1, 9999).Draw(rt, "coupon")),
			DayCount: rapid.SampledFrom([]bond.DayCount{bond.Act360, bond.Act365F, bond.ActActICMA, bond.ActActISDA}).Draw(rt, "count"),
			Dates:    bond.RegularDates(first, rapid.SampledFrom([]int{1, 2, 4}).Draw(rt, "per year"), false),
			Accrues:  first.AddDays(-rapid.IntRange(1, 300).Draw(rt, "before")),
			Maturity: first.AddMonths(24),
			Steps:    []bond.Step{{From: first.AddDays(rapid.IntRange(-200, 500).Draw(rt, "step")), Coupon: dec(t, "9.999")}},
		}
		i.FirstDate = first
		paid, err := i.Payments(i.Accrues)
		if err != nil {
			rt.Fatal(err)
		}
		from := i.Accrues
		for _, p := range paid {
			before := new(big.Rat)
			for d := from.AddDays(1); d.Before(p.Date); d = d.AddDays(7) {
				a, err := i.Accrued(d)
				if err != nil || a.From != from || a.PerUnit.Cmp(before) <= 0 || a.PerUnit.Cmp(p.PerUnit) >= 0 {
					rt.Fatalf("on %s accrued %v from %s, %v; was %s, pays %s on %s", d, a.PerUnit, a.From, err, before, p.PerUnit, p.Date)
				}
				checkParts(t, d.String(), a)
				before = a.PerUnit
			}
			from = p.Date
		}
	})
}
