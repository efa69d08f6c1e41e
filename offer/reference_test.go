package offer

import (
	"strings"
	"testing"

	"tenderbook/calendar"
)

// The yields of the two Treasuries are those that Lowe's term sheet of 7 October
// 2020 prints beside their bid prices.
func TestReferenceYieldsComeFromWhatTheReferenceSays(t *testing.T) {
	terms := readFile(t, "testdata/references.yaml").Terms
	for _, x := range []struct {
		claim, series, want string
		way                 YieldWay
	}{
		{"a shared bid price, printed 0.792", "T10", "0.792", YieldFromPrice},
		{"a series' own bid price, printed 0.560", "T7", "0.560", YieldFromPrice},
		{"to the par call between the terms around it, four decimals", "E8", "-0.3045", YieldInterpolated}, // worked out below
		{"a term that ends on the reset date is taken as it is", "E12", "-0.100", YieldInterpolated},
	} {
		s := terms.Series[indexOf(terms.Series, func(s *Series) bool { return s.ID == x.series })]
		got, err := terms.ReferenceYield(&s)
		if err != nil || got.Value.String() != x.want || got.Way != x.way {
			t.Errorf("%s: %s %v, %v, want %s", x.claim, got.Value, got.Way, err, x.want)
		}
		if in := s.Pricing.ReferenceYield; in == nil || in.Cmp(got.Value) != 0 {
			t.Errorf("%s: the reader filled in %v", x.claim, in)
		}
	}
}

func TestInterpolationIsByDays(t *testing.T) {
	terms := readFile(t, "testdata/references.yaml").Terms
	y, err := terms.ReferenceYield(&terms.Series[2])
	if err != nil {
		t.Fatal(err)
	}
	if y.Terms[0].Term != "5y" || y.Terms[1].Term != "10y" || y.From.String() != "2020-10-09" || y.Target.String() != "2028-07-09" {
		t.Errorf("between %v from %s to %s", y.Terms, y.From, y.Target)
	}
	// 9 Oct 2025 to 9 Jul 2028 is 1004 days, to 9 Oct 2030 1826:
	// -0.420 + 0.210 x 1004/1826 = -0.3045345
	if got := y.Exact.FloatString(6); got != "-0.304535" {
		t.Errorf("before rounding %s", got)
	}
}

// QuantLib's gilt, which its tests compare with Bloomberg (bonds.cpp,
// testExCouponGilt): 8% due 7 June 2021 at 103, before and after it goes
// ex-dividend.
func TestGiltsGoExDividend(t *testing.T) {
	for settles, want := range map[string]string{"2013-05-29": "7.49518", "2013-05-30": "7.49618", "2013-05-31": "7.49599"} {
		day, _ := calendar.ParseDate(settles)
		maturity, _ := calendar.ParseDate("2021-06-07")
		coupon, _ := parseDecimal("8")
		r := &Reference{BidPrice: "103", Coupon: coupon, Maturity: maturity, Market: "gilt", Settles: day, Decimals: 5}
		got, err := new(Terms).fromPrice(r)
		if err != nil || got.Value.String() != want {
			t.Errorf("settled %s: %s, %v, want %s", settles, got.Value, err, want)
		}
	}
}

func TestMarketsSettleOnTheirUsualDay(t *testing.T) {
	for _, x := range []struct{ claim, market, quoted, want string }{
		{"a Treasury on the next business day", "treasury", "2020-10-07 11:00", "2020-10-08"},
		{"Columbus Day is no settlement day of Treasuries", "treasury", "2020-10-09 11:00", "2020-10-13"},
		{"a Bund after two TARGET days", "bund", "2020-10-09 11:00", "2020-10-13"},
		{"a gilt on the next London day", "gilt", "2020-08-28 11:00", "2020-09-01"}, // the 31st is a bank holiday
	} {
		terms := readFile(t, "testdata/references.yaml").Terms
		at, err := calendar.ParseLocal(x.quoted, terms.Zone)
		if err != nil {
			t.Fatal(err)
		}
		r := Reference{BidPrice: "101", Maturity: calendar.NewDate(2030, 8, 15), Market: x.market, QuotedAt: LocalTime{x.quoted, at}}
		got, err := terms.fromPrice(&r)
		if err != nil || got.Settlement.String() != x.want {
			t.Errorf("%s: %s, %v, want %s", x.claim, got.Settlement, err, x.want)
		}
		price, err := got.Bond.Price(got.Solved.Low, got.Settlement)
		if err != nil {
			t.Fatal(err)
		}
		if s := price.Clean.FloatString(7); s != "101.0000000" {
			t.Errorf("%s: the price at the yield is %s, want the bid price 101", x.claim, s)
		}
	}
}

func TestReferencesAreSharedByName(t *testing.T) {
	f := readFile(t, "testdata/references.yaml")
	if got := f.Terms.Series[0].Pricing.ReferenceSecurity; got != "UST 0.625% due 2030-08-15" {
		t.Errorf("security %q", got)
	}
	if got := f.Terms.Series[4].Pricing.ReferencePrice; got == nil || got.String() != "1012.50" {
		t.Errorf("fixed price %v", got)
	}
	h, err := NewHistory(f)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := h.SetAll(Override{"references.UST10.bid_price", "98-00"}, Override{"references.UST10.yield", "none"}, Override{"references.mid-swaps.curve.5y", "-0.30"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range Diff(f.Terms, changed.Final()) {
		got = append(got, d.String())
	}
	want := "references.UST10.yield: 0.792 -> (none)\nreferences.UST10.bid_price: 98-13+ -> 98-00\nreferences.mid-swaps.curve.5y: -0.420 -> -0.30"
	if strings.Join(got, "\n") != want {
		t.Errorf("differences:\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	if y := changed.Final().Series[0].Pricing.ReferenceYield; y == nil || y.String() != "0.837" {
		t.Errorf("the yield at 98-00 is %v", y)
	}
}

func TestQuotesThatNobodyConfirmedAreDoubted(t *testing.T) {
	plain := strings.Replace(string(mustRead(t, "testdata/references.yaml")), "    confirmed_by: M. Osei\n", "", 1)
	plain = strings.Replace(plain, "quoted_at: 2020-10-07 11:00", "quoted_at: 2020-10-06 11:00", 1)
	plain = strings.Replace(plain, "    yield: 0.792 ", "    # yield: 0.792 ", 1)
	f, err := Read("r.yaml", []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"references.UST10.entered_by: the quote that A. Rossi entered is not confirmed", "references.UST10.quoted_at: 2020-10-06 11:00 is not on the day of price determination"} {
		if !strings.Contains(f.Warnings.Error(), want) {
			t.Errorf("warnings %v, want %q", f.Warnings, want)
		}
	}
}
