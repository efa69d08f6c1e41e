package calendar

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

//go:embed testdata/holidays.csv
var publishedCSV string

// published are the holidays of testdata/holidays.csv by calendar and year.
func published(t *testing.T) map[string]map[int][]Date {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(publishedCSV)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[int][]Date{}
	for _, row := range rows[1:] {
		d := mustDate(t, row[1])
		if found[row[0]] == nil {
			found[row[0]] = map[int][]Date{}
		}
		found[row[0]][d.Year] = append(found[row[0]][d.Year], d)
	}
	return found
}

func mustDate(t interface{ Fatal(...any) }, s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEveryPublishedHolidayIsOne(t *testing.T) {
	n := 0
	for name, years := range published(t) {
		c, err := ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, days := range years {
			for _, d := range days {
				n++
				if h, err := c.Holiday(d); err != nil || h == "" {
					t.Errorf("%s: %s is %q (%v), want a holiday", name, d, h, err)
				}
				if b, err := c.Business(d); err != nil || b {
					t.Errorf("%s: %s is a business day (%v)", name, d, err)
				}
			}
		}
	}
	if n != 712 {
		t.Errorf("read %d published holidays, want 712", n)
	}
}

// closedYetUnpublished are weekdays that a calendar has beyond the published
// rows, each for a reason.
var closedYetUnpublished = map[string]string{
	"nyse 2012-10-29": "Sandy closed the exchange for two days; the published rows have the second only",
}

func TestNoWeekdayIsAHolidayThatWasNotPublished(t *testing.T) {
	for name, years := range published(t) {
		c, _ := ByName(name)
		for year, want := range years {
			got, err := c.Holidays(year)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range got {
				if !weekend(d) && !slices.Contains(want, d) && closedYetUnpublished[name+" "+d.String()] == "" {
					h, _ := c.Holiday(d)
					t.Errorf("%s: %s is a holiday (%s), not among those published for the year", name, d.Text(), h)
				}
			}
		}
	}
}

func TestHolidaysOfAYear(t *testing.T) {
	for _, tc := range []struct {
		claim, calendar string
		year            int
		want            string
	}{
		{
			"2004 as Level 3 counted: Christmas on a Saturday is observed on Friday, and so is New Year's Day of 2005", "us-federal", 2004,
			"2004-01-01 2004-01-19 2004-02-16 2004-05-31 2004-07-05 2004-09-06 2004-10-11 2004-11-11 2004-11-25 2004-12-24 2004-12-31",
		},
		{
			"2021 was the first year of Juneteenth, signed on the day before it was observed", "us-federal", 2021,
			"2021-01-01 2021-01-18 2021-02-15 2021-05-31 2021-06-18 2021-07-05 2021-09-06 2021-10-11 2021-11-11 2021-11-25 2021-12-24 2021-12-31",
		},
		{
			"Veterans Day was the fourth Monday of October until 1977, and New Year was observed on Friday, 31 December 1976", "us-federal", 1977,
			"1977-02-21 1977-05-30 1977-07-04 1977-09-05 1977-10-10 1977-10-24 1977-11-24 1977-12-26",
		},
		{
			"2026: Independence Day is a Saturday, observed on Friday 3 July", "us-federal", 2026,
			"2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25",
		},
		{
			"2026 for the Fed: a Saturday stays one", "ny-fed", 2026,
			"2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-04 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25",
		},
		{
			"2011 had a royal wedding, and Christmas on a Sunday makes room behind Boxing Day", "london", 2011,
			"2011-01-03 2011-04-22 2011-04-25 2011-04-29 2011-05-02 2011-05-30 2011-08-29 2011-12-26 2011-12-27",
		},
		{
			"2002 had a Golden Jubilee", "london", 2002,
			"2002-01-01 2002-03-29 2002-04-01 2002-05-06 2002-06-03 2002-06-04 2002-08-26 2002-12-25 2002-12-26",
		},
	} {
		c, err := ByName(tc.calendar)
		if err != nil {
			t.Fatal(err)
		}
		days, err := c.Holidays(tc.year)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range days {
			got = append(got, d.String())
		}
		if diff := cmp.Diff(strings.Fields(tc.want), got); diff != "" {
			t.Errorf("%s (%s %d): -want +got\n%s", tc.claim, tc.calendar, tc.year, diff)
		}
	}
}

func TestLawDaysAndSettlementDaysDiffer(t *testing.T) {
	for _, tc := range []struct {
		claim, date string
		law, settle bool
	}{
		{"Good Friday counts for an offer, not for its settlement", "2025-04-18", true, false},
		{"New Year's Eve of 2021 was a federal holiday, and the market was open", "2021-12-31", false, true},
		{"Veterans Day closes both", "2004-11-11", false, false},
		{"Sandy closed the market, not the calendar of the law", "2012-10-30", true, false},
		{"an ordinary Monday is open in both", "2004-11-29", true, true},
	} {
		d := mustDate(t, tc.date)
		law, err1 := USFederal.Business(d)
		settle, err2 := SIFMA.Business(d)
		if err1 != nil || err2 != nil || law != tc.law || settle != tc.settle {
			t.Errorf("%s: %s is a law day %t, settlement day %t; want %t, %t (%v, %v)", tc.claim, tc.date, law, settle, tc.law, tc.settle, err1, err2)
		}
	}
}

func TestNthBusinessDayCountsAsTenderOffersDo(t *testing.T) {
	for _, tc := range []struct {
		claim, from string
		n           int
		want        string
	}{
		{"Level 3: commenced 29 October 2004 (day 1), 11 and 25 November do not count", "2004-10-29", 20, "2004-11-29"},
		{"Level 3: cap raised 17 November (day 1), Thanksgiving does not count", "2004-11-17", 10, "2004-12-01"},
		{"Good Friday counts", "2025-04-07", 20, "2025-05-02"},
		{"launch of 7 July 2025", "2025-07-07", 20, "2025-08-01"},
		{"five days from 7 July 2025", "2025-07-07", 5, "2025-07-11"},
		{"a Saturday is not day 1: Monday is", "2025-07-05", 1, "2025-07-07"},
		{"a business day is its own day 1", "2025-07-07", 1, "2025-07-07"},
	} {
		got, err := USFederal.NthBusinessDay(mustDate(t, tc.from), tc.n)
		if err != nil || got.String() != tc.want {
			t.Errorf("%s: day %d from %s is %s (%v), want %s", tc.claim, tc.n, tc.from, got, err, tc.want)
		}
	}
}

func TestAddBusinessDaysCountsAsSettlementDoes(t *testing.T) {
	for _, tc := range []struct {
		claim, calendar, from string
		n                     int
		want                  string
	}{
		{"Lowe's 2020: two days after the price determination of 21 October", "sifma", "2020-10-21", 2, "2020-10-23"},
		{"Lowe's 2020: two days after the expiration of 4 November", "sifma", "2020-11-04", 2, "2020-11-06"},
		{"over Good Friday and the weekend", "sifma", "2025-04-17", 1, "2025-04-21"},
		{"over Easter Monday too, for euros", "target", "2025-04-17", 1, "2025-04-22"},
		{"backwards over a weekend", "sifma", "2025-07-07", -1, "2025-07-03"},
		{"nothing added to a holiday is that holiday", "sifma", "2025-07-04", 0, "2025-07-04"},
	} {
		c, err := ByName(tc.calendar)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.AddBusinessDays(mustDate(t, tc.from), tc.n)
		if err != nil || got.String() != tc.want {
			t.Errorf("%s: %s %+d is %s (%v), want %s", tc.claim, tc.from, tc.n, got, err, tc.want)
		}
	}
}

func TestYearsThatACalendarDoesNotKnowAreRefused(t *testing.T) {
	for _, c := range all {
		first, last := c.Years()
		for _, d := range []Date{{first - 1, time.December, 31}, {last + 1, time.January, 1}} {
			_, errHoliday := c.Holiday(d)
			_, errBusiness := c.Business(d)
			_, errYear := c.Holidays(d.Year)
			for _, err := range []error{errHoliday, errBusiness, errYear} {
				var outside *OutsideError
				if !errors.As(err, &outside) || outside.Calendar != c.Name() {
					t.Errorf("%s: %s gives %v, want a refusal", c.Name(), d, err)
				}
			}
		}
		if _, err := c.NthBusinessDay(Date{last, time.December, 20}, 20); err == nil {
			t.Errorf("%s: counts out of its last year", c.Name())
		}
		if _, err := c.AddBusinessDays(Date{first, time.January, 10}, -20); err == nil {
			t.Errorf("%s: counts out of its first year", c.Name())
		}
		if _, err := c.BusinessDaysBetween(Date{last, time.December, 20}, Date{last + 1, time.January, 10}); err == nil {
			t.Errorf("%s: counts between its last year and the next", c.Name())
		}
	}
	err := &OutsideError{"sifma", Date{1990, 1, 2}, 1996, 2050}
	if want := "calendar sifma is known for 1996 to 2050, not for 1990-01-02"; err.Error() != want {
		t.Errorf("refusal reads %q, want %q", err, want)
	}
}

func TestCalendarsAreFoundByName(t *testing.T) {
	want := []string{"london", "ny-bank", "ny-fed", "nyse", "sifma", "target", "us-federal"}
	if diff := cmp.Diff(want, Names()); diff != "" {
		t.Errorf("names: -want +got\n%s", diff)
	}
	for _, name := range want {
		if c, err := ByName(name); err != nil || c.Name() != name || c.Title() == "" {
			t.Errorf("%q finds %v (%v)", name, c, err)
		}
	}
	if _, err := ByName("tokyo"); err == nil || !strings.Contains(err.Error(), "us-federal") {
		t.Errorf("an unknown name gives %v, want the names there are", err)
	}
}

// anonymousEaster is the other usual method for Easter Sunday (Nature, 1876).
func anonymousEaster(y int) Date {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	return Date{y, time.Month(month), (h + l - 7*m + 33*month + 19) % 32}
}

func TestEasterAgreesWithAnotherMethod(t *testing.T) {
	for y := 1583; y < 4100; y++ {
		if got, want := easterSunday(y), anonymousEaster(y); got != want {
			t.Fatalf("Easter of %d is %s, the other method says %s", y, got, want)
		}
	}
	if got := easterSunday(2025).String(); got != "2025-04-20" {
		t.Errorf("Easter of 2025 is %s, want 2025-04-20", got)
	}
}

// anyDate draws dates that every calendar knows, a year away from the ends.
func anyDate(t *rapid.T, label string) Date {
	return NewDate(1999, 1, 1).AddDays(rapid.IntRange(0, 365*50).Draw(t, label))
}

func TestCountingThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(all).Draw(t, "calendar")
		d := anyDate(t, "date")
		n := rapid.IntRange(-60, 60).Draw(t, "days")
		e, err := c.AddBusinessDays(d, n)
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := c.Business(e); n != 0 && !b {
			t.Fatalf("%s: %s %+d is %s, no business day", c.Name(), d, n, e)
		}
		if back, _ := c.BusinessDaysBetween(d, e); back != n {
			t.Fatalf("%s: from %s to %s are %d business days, want %d", c.Name(), d, e, back, n)
		}
	})
}

func TestTheNthDayLeavesExactlyNBusinessDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(all).Draw(t, "calendar")
		from := anyDate(t, "from")
		n := rapid.IntRange(1, 60).Draw(t, "n")
		end, err := c.NthBusinessDay(from, n)
		if err != nil {
			t.Fatal(err)
		}
		count := 0 // the obvious way: every day from the first to the last, both counted
		for d := from; !d.After(end); d = d.AddDays(1) {
			if b, _ := c.Business(d); b {
				count++
			}
		}
		if b, _ := c.Business(end); count != n || !b {
			t.Fatalf("%s: day %d from %s is %s, which has %d business days", c.Name(), n, from, end, count)
		}
	})
}

func TestEveryYearHasItsHandfulOfHolidays(t *testing.T) {
	for _, c := range all {
		first, last := c.Years()
		for y := first; y <= last; y++ {
			days, err := c.Holidays(y)
			if err != nil || len(days) < 2 || len(days) > 13 {
				t.Errorf("%s: %s has %d holidays (%v)", c.Name(), strconv.Itoa(y), len(days), err)
			}
			if !slices.IsSortedFunc(days, Date.Compare) {
				t.Errorf("%s: holidays of %d are not in order", c.Name(), y)
			}
		}
	}
}
