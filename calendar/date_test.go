package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAddMonthsKeepsTheDayOrTakesTheLast(t *testing.T) {
	for _, tc := range []struct {
		from string
		n    int
		want string
	}{
		{"2025-08-31", -1, "2025-07-31"},
		{"2025-08-31", -6, "2025-02-28"},
		{"2024-08-31", -6, "2024-02-29"},
		{"2025-01-30", 1, "2025-02-28"},
		{"2025-11-30", 3, "2026-02-28"},
		{"2025-03-15", -15, "2023-12-15"},
		{"2024-02-29", 12, "2025-02-28"},
	} {
		if got := mustDate(t, tc.from).AddMonths(tc.n).String(); got != tc.want {
			t.Errorf("%s %+d months is %s, want %s", tc.from, tc.n, got, tc.want)
		}
	}
}

func TestDatesThatDoNotExistAreRefused(t *testing.T) {
	for _, s := range []string{"", "2025-02-29", "2025-13-01", "2025-00-10", "2025-1-2", "29.10.2004", "2004-10-29 ", "20041029", "2004-11-31"} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("%q is taken for %s", s, d)
		}
	}
}

func TestDaysSinceIsRightOverCenturies(t *testing.T) {
	for _, tc := range []struct {
		from, to string
		want     int
	}{
		{"2025-04-18", "2025-04-21", 3},
		{"2025-04-21", "2025-04-18", -3},
		{"2024-02-28", "2024-03-01", 2}, // leap year
		{"1900-02-28", "1900-03-01", 1}, // not one
		{"1600-01-01", "2000-01-01", 146097},
	} {
		if got := mustDate(t, tc.to).DaysSince(mustDate(t, tc.from)); got != tc.want {
			t.Errorf("%s is %d days since %s, want %d", tc.to, got, tc.from, tc.want)
		}
	}
}

func TestDateInWords(t *testing.T) {
	d := Date{2004, time.October, 29}
	if got := d.Text(); got != "Fri 29 Oct 2004" {
		t.Errorf("%s reads %q", d, got)
	}
	if got := (Date{}).String(); got != "" {
		t.Errorf("no date prints as %q", got)
	}
	if !(Date{}).IsZero() || d.IsZero() {
		t.Error("IsZero does not tell no date from a date")
	}
}

func TestDatesThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := NewDate(rapid.IntRange(1, 9000).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t, "day"))
		n := rapid.IntRange(-400000, 400000).Draw(t, "days")
		e := d.AddDays(n)
		if e.Year < 1 || e.Year > 9999 {
			t.Skip("four digits hold no such year")
		}
		if e.DaysSince(d) != n || e.AddDays(-n) != d {
			t.Fatalf("%s %+d days is %s, which is %d days away", d, n, e, e.DaysSince(d))
		}
		if again, err := ParseDate(e.String()); err != nil || again != e {
			t.Fatalf("%s is read as %s (%v)", e, again, err)
		}
		if e.Before(d) != (n < 0) || e.After(d) != (n > 0) {
			t.Fatalf("%s and %s are not in order", d, e)
		}
		if e.IsMonthEnd() != (e.AddDays(1).Day == 1) {
			t.Fatalf("%s: month end is %t", e, e.IsMonthEnd())
		}
	})
}
