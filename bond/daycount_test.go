package bond_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"tenderbook/bond"
)

// published maps the names of daycount.csv to ours. EOM rows belong to schedules
// that keep to month ends.
var published = map[string]struct {
	count      string
	endOfMonth bool
}{
	"30/360 BondBasis (ISDA 4.16(f), A001-style)": {"30/360", false},
	"30/360 ISDA":                           {"30/360", false},
	"30/360 US (30U/360 with Feb-EOM rule)": {"30/360-us", false},
	"30/360 PSA":                            {"30/360-psa", false},
	"30E/360":                               {"30e/360", false},
	"30E/360 ISDA":                          {"30e/360-isda", false},
	"30U/360 non-EOM schedule (= 30/360 ISDA)": {"30u/360", false},
	"30U/360 EOM schedule":                     {"30u/360", true},
	"ACT/ACT ICMA":                             {"act/act-icma", false},
	"ACT/ACT ISDA":                             {"act/act-isda", false},
	"ACT/ACT AFB":                              {"act/act-afb", false},
	"ACT/360":                                  {"act/360", false},
	"ACT/365F":                                 {"act/365f", false},
	"NL/365":                                   {"nl/365", false},
}

func TestDayCountsGiveThePublishedFigures(t *testing.T) {
	rows := readRows(t, "daycount.csv")
	if len(rows) != 279 {
		t.Fatalf("daycount.csv has %d rows, want 279", len(rows))
	}
	for _, r := range rows {
		name, ok := published[r["convention"]]
		if !ok {
			t.Fatalf("convention %q of daycount.csv is not mapped", r["convention"])
		}
		c, err := bond.ParseDayCount(name.count)
		if err != nil {
			t.Fatal(err)
		}
		start, end := date(t, r["start"]), date(t, r["end"])
		ref := bond.Reference{Start: date(t, r["ref_start"]), End: date(t, r["ref_end"]), EndOfMonth: name.endOfMonth, Termination: date(t, r["ref_end"])}
		got, tolerance := new(big.Rat), new(big.Rat)
		if r["unit"] == "days" {
			got.SetInt64(int64(c.DaysIn(start, end, ref)))
		} else {
			if got, err = c.YearFraction(start, end, ref); err != nil {
				t.Fatal(err)
			}
			tolerance = publishedTo(t, r["expected"])
		}
		if !near(got, rat(t, r["expected"]), tolerance) {
			t.Errorf("%s from %s to %s: got %s, want %s (%s)", name.count, start, end, got.FloatString(15), r["expected"], r["source"])
		}
	}
}

// publishedTo is how far a printed fraction may lie from the exact one: half of
// the 15th decimal, or 1e-11 for those of the ISDA memorandum, whose last digits
// are cut off or padded (1.001377348600 for 1.0013773486039).
func publishedTo(t *testing.T, printed string) *big.Rat {
	if _, decimals, _ := strings.Cut(printed, "."); len(decimals) == 15 {
		return rat(t, "5/10000000000000000")
	}
	return rat(t, "1/100000000000")
}

func TestDayCountRules(t *testing.T) {
	for _, c := range []struct {
		claim      string
		count      string
		start, end string
		ref        bond.Reference
		want       string
	}{
		{"30/360 takes a 31st as it is after a start before the 30th", "30/360", "2024-03-07", "2024-07-31", bond.Reference{}, "144/360"},
		{"30e/360 takes every 31st for a 30th", "30e/360", "2024-03-07", "2024-07-31", bond.Reference{}, "143/360"},
		{"29 February to 28 February is a day short of a year in bond basis", "30/360", "2008-02-29", "2009-02-28", bond.Reference{}, "359/360"},
		{"and a year in the US rule", "30/360-us", "2008-02-29", "2009-02-28", bond.Reference{}, "360/360"},
		{"nl/365 drops a 29 February at the end, not at the start", "nl/365", "2012-02-29", "2016-02-29", bond.Reference{}, "4"},
		{"act/act-afb counts whole years from the end back, at month ends of February", "act/act-afb", "2011-02-28", "2016-02-29", bond.Reference{}, "5"},
		{"act/act-afb takes 366 where the rest holds 29 February", "act/act-afb", "2012-02-29", "2013-02-01", bond.Reference{}, "338/366"},
		{"act/act-isda parts at New Year", "act/act-isda", "2023-12-30", "2024-01-03", bond.Reference{}, "2/365 + 2/366"},
		{"act/act-icma takes quasi coupon periods back from the reference", "act/act-icma", "2002-08-15", "2003-07-15", // 2003-01-15 is 153 days of 184
			bond.Reference{Start: date(t, "2003-01-15"), End: date(t, "2003-07-15")}, "153/368 + 1/2"},
		{
			"act/act-icma keeps to month ends if the schedule does", "act/act-icma", "2023-12-31", "2024-02-29",
			bond.Reference{Start: date(t, "2024-02-29"), End: date(t, "2024-08-31"), EndOfMonth: true},
			"60/364",
		}, // 2023-08-31 to 2024-02-29 is 182 days
		{"act/365-canadian counts from the start in the first half of the days", "act/365-canadian", "2024-01-01", "2024-06-01", // 152 days
			bond.Reference{Start: date(t, "2024-01-01"), End: date(t, "2024-07-01")}, "152/365"},
		{"act/365-canadian counts back from the end above 182 days", "act/365-canadian", "2023-07-01", "2023-12-31", // 183 days, 1 left
			bond.Reference{Start: date(t, "2023-07-01"), End: date(t, "2024-01-01")}, "1/2 - 1/365"},
		{
			"act/365-canadian gives half a year for a whole period", "act/365-canadian", "2023-07-01", "2024-01-01",
			bond.Reference{Start: date(t, "2023-07-01"), End: date(t, "2024-01-01")},
			"1/2",
		},
	} {
		count, err := bond.ParseDayCount(c.count)
		if err != nil {
			t.Fatal(err)
		}
		got, err := count.YearFraction(date(t, c.start), date(t, c.end), c.ref)
		if err != nil {
			t.Errorf("%s: %v", c.claim, err)
		} else if want := sum(t, c.want); got.Cmp(want) != 0 {
			t.Errorf("%s: %s from %s to %s is %s, want %s", c.claim, c.count, c.start, c.end, got, c.want)
		}
	}
}

// sum works out "2/365 + 2/366" or "1/2 - 1/365".
func sum(t *testing.T, s string) *big.Rat {
	t.Helper()
	total, sign := new(big.Rat), "+"
	for _, word := range strings.Fields(s) {
		switch {
		case word == "+" || word == "-":
			sign = word
		case sign == "-":
			total.Sub(total, rat(t, word))
		default:
			total.Add(total, rat(t, word))
		}
	}
	return total
}

func TestDayCountNamesAreReadBack(t *testing.T) {
	for _, name := range bond.Names() {
		c, err := bond.ParseDayCount(name)
		if err != nil || c.String() != name {
			t.Errorf("ParseDayCount(%q) = %s, %v", name, c, err)
		}
	}
	if !slices.Contains(bond.Names(), "act/act-icma") {
		t.Errorf("Names() = %q lacks act/act-icma", bond.Names())
	}
	_, err := bond.ParseDayCount("30/365")
	if err == nil || !strings.HasPrefix(err.Error(), `day count "30/365" is not known, needs one of 30/360, `) {
		t.Errorf("ParseDayCount(30/365) fails with %v", err)
	}
}

func TestYearFractionRefuses(t *testing.T) {
	for _, c := range []struct {
		claim      string
		count      bond.DayCount
		start, end string
		ref        bond.Reference
		want       string
	}{
		{
			"an end before the start", bond.Act360, "2024-02-01", "2024-01-01",
			bond.Reference{},
			"year fraction from 2024-02-01 to 2024-01-01: the end is before the start",
		},
		{
			"act/act-icma without a coupon period", bond.ActActICMA, "2024-01-01", "2024-02-01",
			bond.Reference{},
			`day count act/act-icma: reference period "" to "", needs a coupon period`,
		},
		{
			"a coupon period that does not divide a year", bond.ActActICMA, "2024-01-01", "2024-02-01",
			bond.Reference{Start: date(t, "2024-01-01"), End: date(t, "2024-06-01")},
			"day count act/act-icma: reference period 2024-01-01 to 2024-06-01 has 5 months, needs 1, 2, 3, 4, 6 or 12",
		},
	} {
		if _, err := c.count.YearFraction(date(t, c.start), date(t, c.end), c.ref); err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v, want %s", c.claim, err, c.want)
		}
	}
}
