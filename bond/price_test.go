package bond_test

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenderbook/bond"
	"tenderbook/calendar"
)

// halfYearly gives 30/360 notes with two interest dates a year.
func halfYearly(t testing.TB, coupon, maturity string) bond.Bond {
	t.Helper()
	m := date(t, maturity)
	return bond.Bond{
		Interest:   bond.Interest{Coupon: dec(t, coupon), Dates: bond.RegularDates(m, 2, false), Maturity: m},
		Convention: bond.Convention{Frequency: 2},
	}
}

func TestPriceByHand(t *testing.T) {
	change := func(b bond.Bond, f func(*bond.Bond)) bond.Bond {
		f(&b)
		return b
	}
	for _, c := range []struct {
		claim      string
		bond       bond.Bond
		settlement string
		yield      string
		clean      string // worked out as a ratio: "a b /" is a / b
	}{
		{"on an interest date at its coupon a note is at par", halfYearly(t, "6", "2034-05-01"), "2024-05-01", "6", "100 1 /"},
		{"two periods: 3/1.02 + 103/1.02^2", halfYearly(t, "6", "2025-05-01"), "2024-05-01", "4", "10606 104.04 /"}, // (3 x 102 + 10300) / 104.04
		{"in the last period simple interest: 103/(1 + .02/2) - 1.5", halfYearly(t, "6", "2024-05-01"), "2024-02-01", "4", "101.485 1.01 /"},
		{"at no yield all payments count in full: 4 x 3 + 100 - 1.5", halfYearly(t, "6", "2025-11-01"), "2024-02-01", "0", "110.5 1 /"},
		{"redemption above par: 3/1.02 + 108/1.02^2", change(halfYearly(t, "6", "2025-05-01"), func(b *bond.Bond) { b.Redemption = dec(t, "105") }), "2024-05-01", "4", "11106 104.04 /"},
		{"a call on an interest date: 3/1.02 + 103/1.02^2", halfYearly(t, "6", "2034-05-01").To(date(t, "2025-05-01"), dec(t, "100")), "2024-05-01", "4", "10606 104.04 /"},
		{"a call within the period pays par and what accrued: 101/(1 + .02 x 2/6)", halfYearly(t, "6", "2034-05-01").To(date(t, "2024-07-01"), dec(t, "100")), "2024-05-01", "4", "303 3.02 /"},
		{"short last period: 101/(1 + .02 x 2/6)", change(halfYearly(t, "6", "2034-05-01"), func(b *bond.Bond) { b.Interest.Maturity = date(t, "2024-07-01") }), "2024-05-01", "4", "303 3.02 /"},
		{"long last period of nine months at no yield: 104.5", change(halfYearly(t, "6", "2034-05-01"), func(b *bond.Bond) {
			b.Interest.LastDate, b.Interest.Maturity = date(t, "2024-05-01"), date(t, "2025-02-01")
		}), "2024-05-01", "0", "104.5 1 /"},
		{"30/360 counts 182 days from 28 February to 30 August: nothing is left to discount, 103 - 6 x 182/360", change(halfYearly(t, "6", "2023-08-31"), func(b *bond.Bond) {
			b.Interest.Dates = on(t, "Feb 28, Aug 31")
		}), "2023-08-30", "4", "35988 360 /"},
		{"a step-up after the first of two periods: 3/1.02 + 104/1.02^2", change(halfYearly(t, "6", "2025-05-01"), func(b *bond.Bond) {
			b.Interest.Steps = []bond.Step{{From: date(t, "2024-11-01"), Coupon: dec(t, "8")}}
		}), "2024-05-01", "4", "10706 104.04 /"},
		{"a step-up in the middle of the first: 3.5/1.02 + 104/1.02^2", change(halfYearly(t, "6", "2025-05-01"), func(b *bond.Bond) {
			b.Interest.Steps = []bond.Step{{From: date(t, "2024-08-01"), Coupon: dec(t, "8")}}
		}), "2024-05-01", "4", "10757 104.04 /"},
		{"without interest: 100/1.02^2", bond.Bond{Interest: bond.Interest{Maturity: date(t, "2025-05-01")}, Convention: bond.Convention{Frequency: 2}}, "2024-05-01", "4", "10000 104.04 /"},
		{"a yearly note priced by half-yearly compounding: 106/1.02^2", change(halfYearly(t, "6", "2025-05-01"), func(b *bond.Bond) {
			b.Interest.Dates, b.Convention.Method = on(t, "May 1"), bond.Compound
		}), "2024-05-01", "4", "10600 104.04 /"},
		{"a quarterly note at no yield, half-yearly compounding: 4 x 1.5 + 100", change(halfYearly(t, "6", "2025-05-01"), func(b *bond.Bond) {
			b.Interest.Dates = bond.RegularDates(date(t, "2025-05-01"), 4, false)
		}), "2024-05-01", "0", "106 1 /"},
		{"ex-dividend the next interest is not bought: 103/1.02 at w = 1 - 180/180", change(halfYearly(t, "6", "2025-05-01"), func(b *bond.Bond) {
			b.Interest.ExDate = func(calendar.Date) calendar.Date { return date(t, "2024-05-01") }
			b.Convention.Method = bond.Compound
		}), "2024-05-01", "4", "10300 104.04 /"},
		{"treasury: simple interest in the first part, 3 and 103/1.02 over 1 + .02/2, less 1.5", change(halfYearly(t, "6", "2024-11-01"), func(b *bond.Bond) {
			b.Convention.Method = bond.Treasury
		}), "2024-02-01", "4", "104.5147 1.0302 /"}, // (3 x 1.02 + 103)/(1.02 x 1.01) - 1.5
		{"canadian last period: 103/(1 + .04 x 91/365) less 6 x 92/365", change(halfYearly(t, "6", "2024-12-01"), func(b *bond.Bond) {
			b.Interest.DayCount, b.Convention.DayCount, b.Convention.Method = bond.Act365Canadian, bond.Act365Canadian, bond.Canadian
		}), "2024-09-01", "4", "13518685.72 134553.6 /"}, // 103 x 365/368.64 - 552/365
	} {
		got, err := c.bond.Price(dec(t, c.yield), date(t, c.settlement))
		if err != nil {
			t.Errorf("%s: %v", c.claim, err)
			continue
		}
		f := strings.Fields(c.clean)
		want := new(big.Rat).Quo(rat(t, f[0]), rat(t, f[1]))
		if !near(got.Clean, want, got.ErrorBound) {
			t.Errorf("%s: %s, want %s within %s", c.claim, got.Clean.FloatString(12), want.FloatString(12), got.ErrorBound.FloatString(45))
		}
		if got.ErrorBound.Cmp(rat(t, "1e-30")) > 0 {
			t.Errorf("%s: error bound %s, want at most 1e-30", c.claim, got.ErrorBound.FloatString(45))
		}
	}
}

// The plain way: floats, one payment after the other.
func TestPricesAgreeWithThePlainFormula(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		years := rapid.IntRange(1, 100).Draw(rt, "years")
		coupon := rapid.Int64Range(0, 15000).Draw(rt, "coupon")
		yield := rapid.Int64Range(-1000, 60000).Draw(rt, "yield")
		day := rapid.IntRange(0, 179).Draw(rt, "day")

		settlement := calendar.Date{Year: 2024, Month: 5, Day: 1}.AddMonths(day / 30).AddDays(day % 30)
		if settlement.Day == 31 {
			settlement = settlement.AddDays(-1)
		}
		passed := bond.Thirty360.Days(calendar.Date{Year: 2024, Month: 5, Day: 1}, settlement)
		b := halfYearly(t, "0", "2024-05-01")
		b.Interest.Maturity = calendar.Date{Year: 2024 + years, Month: 5, Day: 1}
		b.Interest.Coupon = thousandths(coupon)
		p, err := b.Price(thousandths(yield), settlement)
		if err != nil {
			rt.Fatal(err)
		}
		want, c, v := 0.0, float64(coupon)/2000, 1/(1+float64(yield)/200000)
		for k := range 2 * years {
			want += c * math.Pow(v, float64(k)+1-float64(passed)/180)
		}
		want += 100*math.Pow(v, float64(2*years)-float64(passed)/180) - c*float64(passed)/180
		if got, _ := p.Clean.Float64(); math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
			rt.Fatalf("price %.12f at %d/1000%%, want %.12f", got, yield, want)
		}
		if p.ErrorBound.Cmp(rat(t, "1e-30")) > 0 {
			rt.Fatalf("error bound %s, want at most 1e-30", p.ErrorBound.FloatString(45))
		}
	})
}

// Where the error bound straddles a half, more digits or exact ratios decide.
func TestConsiderationDecidesWhatTheBoundLeavesOpen(t *testing.T) {
	atPar := halfYearly(t, "0.0005", "2024-11-01")
	between := halfYearly(t, "0.0005", "2025-05-01")
	power := bond.Bond{ // (1.5625)^-1/2 is 0.8: an exact half that no number of digits shows
		Interest:   bond.Interest{Dates: on(t, "Nov 1"), Maturity: date(t, "2025-11-01")},
		Redemption: dec(t, "100.000625"),
		Convention: bond.Convention{Method: bond.Compound, Frequency: 1},
	}
	for _, c := range []struct {
		claim      string
		bond       bond.Bond
		settlement string
		yield      string
		quote      bond.Quote
		want       string
		err        error
	}{
		{"no half: nothing to decide", halfYearly(t, "6", "2025-05-01"), "2024-05-01", "4", bond.CentHalfUp, "1019.42", nil},
		{"the last period is a ratio: 100.00025 per 100 is 1,000.0025", atPar, "2024-05-01", "0", bond.CentHalfUp, "1000.00", nil},
		{"an exact half of compounded periods goes up: 100.0005", between, "2024-05-01", "0", bond.CentHalfUp, "1000.01", nil},
		{"and to 0.001 percent", between, "2024-05-01", "0", bond.PercentHalfUp, "100.001", nil},
		{"an exact half at no yield within a period: 2 x 0.001 - 0.0005", halfYearly(t, "0.002", "2025-05-01"), "2024-08-01", "0", bond.PercentHalfUp, "100.002", nil},
		{"an exact half of an irrational-looking power is refused", power, "2025-05-01", "56.25", bond.PercentHalfUp, "", bond.ErrUndecided},
	} {
		got, err := c.bond.Consideration(dec(t, c.yield), date(t, c.settlement), c.quote)
		if !errors.Is(err, c.err) || err == nil && got.String() != c.want {
			t.Errorf("%s: %s, %v, want %s, %v", c.claim, got, err, c.want, c.err)
		}
	}
}

func TestToParCall(t *testing.T) {
	b := halfYearly(t, "5", "2034-05-01")
	for _, c := range []struct {
		claim, call, yield, settlement string
		want                           string // priced to
	}{
		{"above par to the par call", "2034-02-01", "4", "2024-06-03", "2034-02-01"},
		{"below par to maturity", "2034-02-01", "6", "2024-06-03", "2034-05-01"},
		{"exactly at par to maturity", "2033-11-01", "5", "2024-05-01", "2034-05-01"},
		{"once the call date has come, to maturity", "2034-02-01", "4", "2034-02-01", "2034-05-01"},
	} {
		to, err := b.ToParCall(date(t, c.call), dec(t, c.yield), date(t, c.settlement))
		if err != nil {
			t.Errorf("%s: %v", c.claim, err)
			continue
		}
		p, err := to.Price(dec(t, c.yield), date(t, c.settlement))
		if err != nil || p.To.String() != c.want {
			t.Errorf("%s: priced to %s, %v, want %s", c.claim, p.To, err, c.want)
		}
	}
}

func TestPriceRefuses(t *testing.T) {
	for _, c := range []struct {
		claim      string
		change     func(*bond.Bond)
		settlement string
		yield      string
		want       string
	}{
		{"no maturity", func(b *bond.Bond) { b.Interest.Maturity = calendar.Date{} }, "2024-06-03", "5", "bond has no maturity"},
		{"no frequency", func(b *bond.Bond) { b.Convention.Frequency = 0 }, "2024-06-03", "5", "yield compounds 0 times a year, needs 1, 2, 3, 4, 6 or 12"},
		{"an unknown method", func(b *bond.Bond) { b.Convention.Method = 9 }, "2024-06-03", "5", "method Method(9) with day count 30/360 is not a convention"},
		{"settlement at maturity", func(*bond.Bond) {}, "2034-05-01", "5", "settlement 2034-05-01 must be before 2034-05-01, the day the notes are repaid"},
		{"a call after maturity", func(b *bond.Bond) { b.Workout = date(t, "2035-05-01") }, "2024-06-03", "5", "notes are priced to 2035-05-01, after their maturity 2034-05-01"},
		{"dates that are not evenly spaced", func(b *bond.Bond) { b.Interest.Dates = on(t, "Feb 1, May 1") }, "2024-06-03", "5", "interest dates [Feb 1 May 1] do not part the year evenly, which a yield needs"},
		{"interest terms that are not sound", func(b *bond.Bond) { b.Interest.FirstDate = date(t, "2024-11-01") }, "2024-06-03", "5", "interest: first interest date 2024-11-01 needs the date from which interest accrues"},
		{"a negative coupon", func(b *bond.Bond) { b.Interest.Coupon = dec(t, "-1") }, "2024-06-03", "5", "interest: coupon -1% is below zero"},
		{"a yield that loses everything", func(*bond.Bond) {}, "2024-06-03", "-200", "yield -200% compounded 2 times a year loses everything"},
	} {
		b := halfYearly(t, "5", "2034-05-01")
		c.change(&b)
		if _, err := b.Price(dec(t, c.yield), date(t, c.settlement)); err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v, want %s", c.claim, err, c.want)
		}
	}
}

func TestQuotesAndMethodsByName(t *testing.T) {
	for name, per := range map[string]int64{"cent-half-up": 1000, "percent-0.001": 100} {
		q, err := bond.ParseQuote(name)
		if err != nil || q.String() != name || q.Per() != per {
			t.Errorf("ParseQuote(%q) = %s per %d, %v", name, q, q.Per(), err)
		}
	}
	if _, err := bond.ParseQuote("cent"); err == nil || err.Error() != `rounding "cent" is not known, needs cent-half-up or percent-0.001` {
		t.Errorf("ParseQuote(cent) fails with %v", err)
	}
	for _, c := range []struct {
		count     bond.DayCount
		frequency int
		want      string
	}{
		{bond.Thirty360, 2, "street"}, {bond.ActActICMA, 2, "street"}, {bond.ActActICMA, 1, "compound"}, {bond.Act365Canadian, 2, "canadian"},
	} {
		if got := bond.MethodFor(c.count, c.frequency).String(); got != c.want {
			t.Errorf("MethodFor(%s, %d) = %s, want %s", c.count, c.frequency, got, c.want)
		}
	}
}
