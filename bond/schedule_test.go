package bond

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"tenderbook/calendar"
)

// The slow way to a last and next interest date: every day is asked whether it
// is one.
func TestScheduleFindsTheDatesThatADayByDaySearchFinds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		maturity := calendar.NewDate(2023, time.January, 1).AddDays(rapid.IntRange(0, 800).Draw(rt, "maturity"))
		perYear := rapid.SampledFrom([]int{1, 2, 3, 4, 6, 12}).Draw(rt, "per year")
		s, err := newSchedule(RegularDates(maturity, perYear, rapid.Bool().Draw(rt, "month ends")))
		if err != nil || !s.even {
			rt.Fatalf("schedule of %s: even %t, %v", maturity, s.even, err)
		}
		d := calendar.NewDate(2023, time.January, 1).AddDays(rapid.IntRange(0, 1500).Draw(rt, "day"))
		last, next := d, d.AddDays(1)
		for !isOne(s, last) {
			last = last.AddDays(-1)
		}
		for !isOne(s, next) {
			next = next.AddDays(1)
		}
		if got := s.onOrBefore(d); got != last {
			rt.Fatalf("%v: last date up to %s is %s, want %s", s.days, d, got, last)
		}
		if got := s.after(d); got != next {
			rt.Fatalf("%v: next date after %s is %s, want %s", s.days, d, got, next)
		}
		if got := s.has(d); got != isOne(s, d) {
			rt.Fatalf("%v: has %s is %t", s.days, d, got)
		}
	})
}

// isOne reads the month-days as a person does: the day of the month that most of
// them name, or the last day where a month is shorter.
func isOne(s schedule, d calendar.Date) bool {
	roll := 0
	for _, m := range s.days {
		roll = max(roll, m.Day)
	}
	for _, m := range s.days {
		if m.Month == d.Month && d.Day == min(roll, d.DaysInMonth()) {
			return true
		}
	}
	return false
}

func TestScheduleThatKeepsToMonthEnds(t *testing.T) {
	for _, c := range []struct {
		claim string
		dates []MonthDay
		want  bool
	}{
		{"end of June and of December", []MonthDay{{time.June, 30}, {time.December, 31}}, true},
		{"the thirtieth of both", []MonthDay{{time.June, 30}, {time.December, 30}}, false},
		{"28 February beside 31 August", []MonthDay{{time.February, 28}, {time.August, 31}}, true},
		{"28 February alone", []MonthDay{{time.February, 28}}, false},
	} {
		s, err := newSchedule(c.dates)
		if err != nil || s.keepsToMonthEnds() != c.want {
			t.Errorf("%s: %t, %v, want %t", c.claim, s.keepsToMonthEnds(), err, c.want)
		}
	}
}
