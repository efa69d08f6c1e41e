package calendar

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func mustZone(t interface{ Fatal(...any) }, name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestDeadlineIsOneInstant(t *testing.T) {
	for _, tc := range []struct {
		claim, text, zone string
		wantUTC, wantDay  string
	}{
		{"winter in New York is five hours behind UTC", "before 2004-11-12 17:00", "America/New_York", "2004-11-12T22:00:00Z", "2004-11-12"},
		{"summer is four", "before 2025-07-11 17:00", "America/New_York", "2025-07-11T21:00:00Z", "2025-07-11"},
		{"24:00 is the end of that day, and belongs to it", "by 2004-11-29 24:00", "America/New_York", "2004-11-30T05:00:00Z", "2004-11-29"},
		{"24:00 of the last day of a year", "by 2025-12-31 24:00", "Europe/London", "2026-01-01T00:00:00Z", "2025-12-31"},
		{"24:00 of 28 February in a leap year", "by 2024-02-28 24:00", "Europe/London", "2024-02-29T00:00:00Z", "2024-02-28"},
		{"one minute after 11:59 p.m. is not needed: seconds may be given", "by 2025-05-02 23:59:59", "America/New_York", "2025-05-03T03:59:59Z", "2025-05-02"},
		{"London in the week in which only New York has changed its clocks", "by 2025-03-12 16:00", "Europe/London", "2025-03-12T16:00:00Z", "2025-03-12"},
		{"New York in that week", "by 2025-03-12 12:00", "America/New_York", "2025-03-12T16:00:00Z", "2025-03-12"},
		{"a zone with half an hour", "by 2025-03-12 17:30", "Asia/Kolkata", "2025-03-12T12:00:00Z", "2025-03-12"},
		{"24:00 of the day before clocks go forward", "by 2025-03-08 24:00", "America/New_York", "2025-03-09T05:00:00Z", "2025-03-08"},
		{"24:00 of the day on which they do", "by 2025-03-09 24:00", "America/New_York", "2025-03-10T04:00:00Z", "2025-03-09"},
		{"24:00 of the day on which they go back, 25 hours after it began", "by 2025-11-02 24:00", "America/New_York", "2025-11-03T05:00:00Z", "2025-11-02"},
		{"the minute before the hour that is skipped", "by 2025-03-09 01:59", "America/New_York", "2025-03-09T06:59:00Z", "2025-03-09"},
		{"the first minute after it", "by 2025-03-09 03:00", "America/New_York", "2025-03-09T07:00:00Z", "2025-03-09"},
		{"the first minute after the hour that comes twice", "by 2025-11-02 02:00", "America/New_York", "2025-11-02T07:00:00Z", "2025-11-02"},
		{"the day after Samoa left out a day", "by 2011-12-31 09:00", "Pacific/Apia", "2011-12-30T19:00:00Z", "2011-12-31"},
	} {
		d, err := ParseDeadline(tc.text, mustZone(t, tc.zone))
		if err != nil {
			t.Errorf("%s: %v", tc.claim, err)
			continue
		}
		if got := d.At.UTC().Format(time.RFC3339); got != tc.wantUTC {
			t.Errorf("%s: %q in %s is %s, want %s", tc.claim, tc.text, tc.zone, got, tc.wantUTC)
		}
		if got := d.Date().String(); got != tc.wantDay {
			t.Errorf("%s: %q ends %s, want %s", tc.claim, tc.text, got, tc.wantDay)
		}
		if d.String() != tc.text {
			t.Errorf("%s: %q prints as %q", tc.claim, tc.text, d)
		}
	}
}

func TestBeforeAndByDifferByTheInstantAlone(t *testing.T) {
	zone := mustZone(t, "America/New_York")
	for _, tc := range []struct {
		text, received string
		want           bool
	}{
		{"before 2004-11-12 17:00", "2004-11-12 16:59:59", true},
		{"before 2004-11-12 17:00", "2004-11-12 17:00:00", false},
		{"by 2004-11-12 17:00", "2004-11-12 17:00:00", true},
		{"by 2004-11-12 17:00", "2004-11-12 17:00:01", false},
		{"by 2004-11-29 24:00", "2004-11-29 23:59:59", true},
		{"by 2004-11-29 24:00", "2004-11-29 24:00", true},
		{"by 2004-11-29 24:00", "2004-11-30 00:00:01", false},
		{"before 2004-11-29 24:00", "2004-11-29 24:00", false},
	} {
		d, err := ParseDeadline(tc.text, zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := ParseLocal(tc.received, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Met(at); got != tc.want {
			t.Errorf("%q is met at %s: %t, want %t", tc.text, tc.received, got, tc.want)
		}
	}
}

func TestDeadlinesThatAreRefused(t *testing.T) {
	const (
		noSide = "has no side"
		ends   = "does not say which end of the day"
		skips  = "clocks skip it"
		twice  = "comes twice"
		form   = "is not a local time"
	)
	for _, tc := range []struct{ claim, text, zone, want string }{
		{"no side", "2004-11-12 17:00", "America/New_York", noSide},
		{"a side that is none", "until 2004-11-12 17:00", "America/New_York", noSide},
		{"nothing", "", "America/New_York", noSide},
		{"midnight", "by midnight 2004-11-29", "America/New_York", ends},
		{"Midnight, in any spelling", "by 2004-11-29 12:00 Midnight", "America/New_York", ends},
		{"00:00", "by 2004-11-29 00:00", "America/New_York", ends},
		{"00:00:00", "by 2004-11-29 00:00:00", "America/New_York", ends},
		{"an hour of one digit", "by 2004-11-29 0:00", "America/New_York", form},
		{"a fraction of a second", "by 2004-11-29 17:00:00.5", "America/New_York", form},
		{"5 p.m.", "by 2004-11-29 5:00 p.m.", "America/New_York", form},
		{"a date alone", "by 2004-11-29", "America/New_York", form},
		{"24:01", "by 2004-11-29 24:01", "America/New_York", form},
		{"a day that does not exist", "by 2025-02-29 24:00", "America/New_York", "is not a date"},
		{"the hour that New York skips", "by 2025-03-09 02:30", "America/New_York", skips},
		{"its first minute", "by 2025-03-09 02:00", "America/New_York", skips},
		{"the hour that New York has twice", "by 2025-11-02 01:30", "America/New_York", twice},
		{"its first minute", "by 2025-11-02 01:00", "America/New_York", twice},
		{"the hour that London skips", "by 2025-03-30 01:30", "Europe/London", skips},
		{"the hour that London has twice", "by 2025-10-26 01:30", "Europe/London", twice},
		{"the half hour that Lord Howe Island skips", "by 2025-10-05 02:15", "Australia/Lord_Howe", skips},
		{"the half hour that it has twice", "by 2025-04-06 01:45", "Australia/Lord_Howe", twice},
		{"the end of a day that Brazil skipped", "by 2018-11-03 24:00", "America/Sao_Paulo", "2018-11-03 24:00 does not exist in America/Sao_Paulo"},
		{"the end of a day that Brazil had twice", "by 2019-02-16 23:30", "America/Sao_Paulo", twice},
		{"a day that Samoa left out", "by 2011-12-30 12:00", "Pacific/Apia", skips},
		{"the end of the day before it", "by 2011-12-29 24:00", "Pacific/Apia", skips},
	} {
		d, err := ParseDeadline(tc.text, mustZone(t, tc.zone))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %q in %s gives %v, %v; want an error with %q", tc.claim, tc.text, tc.zone, d.At, err, tc.want)
		}
	}
}

// awkward are zones that change clocks at odd times, by odd amounts or twice a
// year around a fast.
var awkward = []string{
	"America/New_York", "Europe/London", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia",
	"Asia/Kathmandu", "Africa/Casablanca", "Africa/Cairo", "Asia/Gaza", "America/Caracas", "Asia/Pyongyang", "Europe/Istanbul", "Antarctica/Troll", "UTC",
}

// A wall time is accepted exactly if one instant shows it, which is found here
// by trying every quarter of an hour of three days.
func TestAWallTimeIsTakenOnlyIfOneInstantShowsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := mustZone(t, rapid.SampledFrom(awkward).Draw(t, "zone"))
		wall := time.Date(2005, 1, 1, 0, 15*rapid.IntRange(1, 4*24*365*20).Draw(t, "quarters"), 0, 0, time.UTC)
		if wall.Hour() == 0 && wall.Minute() == 0 {
			t.Skip("refused for another reason")
		}
		text := wall.Format("2006-01-02 15:04")
		var shown []time.Time
		for at := wall.Add(-36 * time.Hour); at.Before(wall.Add(36 * time.Hour)); at = at.Add(15 * time.Minute) {
			if at.In(zone).Format("2006-01-02 15:04") == text {
				shown = append(shown, at)
			}
		}
		got, err := ParseLocal(text, zone)
		if (err == nil) != (len(shown) == 1) || err == nil && !got.Equal(shown[0]) {
			t.Fatalf("%s in %s is %v (%v), shown at %v", text, zone, got, err, shown)
		}
	})
}

func FuzzParseDeadline(f *testing.F) {
	for _, s := range []string{
		"by 2004-11-29 24:00", "before 2004-11-12 17:00", "by 2025-03-09 02:30", "by 2025-11-02 01:30", "by 2025-05-02 23:59:59",
		"by midnight", "by 2004-11-29 00:00", "before", "by  2004-11-29 24:00", "by 9999-12-31 24:00", "by 0000-01-01 12:00",
	} {
		f.Add(s, "America/New_York")
		f.Add(s, "Europe/London")
	}
	f.Fuzz(func(t *testing.T, s, name string) {
		zone, err := time.LoadLocation(name)
		if err != nil || name == "Local" || name == "" {
			t.Skip()
		}
		d, err := ParseDeadline(s, zone)
		if err != nil {
			return
		}
		if d.String() != s {
			t.Fatalf("%q prints as %q", s, d)
		}
		again, err := ParseDeadline(d.String(), zone)
		if err != nil || !again.At.Equal(d.At) || again.Date() != d.Date() {
			t.Fatalf("%q is %v, read again %v (%v)", s, d.At, again.At, err)
		}
		if end := d.Date(); !strings.Contains(s, end.String()) {
			t.Fatalf("%q ends %s", s, end)
		}
	})
}
