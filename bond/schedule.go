package bond

import (
	"fmt"
	"slices"
	"time"

	"tenderbook/calendar"
)

// A MonthDay is a regular interest date of every year: May 1.
type MonthDay struct {
	Month time.Month
	Day   int // 1 to the last of the month; February may be 28 or 29
}

// String gives "May 1".
func (m MonthDay) String() string { return fmt.Sprintf("%s %d", m.Month.String()[:3], m.Day) }

// longestMonth is the days of a month in a leap year.
func longestMonth(m time.Month) int { return calendar.Date{Year: 2000, Month: m, Day: 1}.DaysInMonth() }

// RegularDates gives the interest dates of notes that pay perYear times a year
// on the day of the month of their maturity. With endOfMonth set and a maturity
// at a month end, all dates are month ends, as those of US Treasury notes are.
// perYear must divide 12; otherwise there are no such dates.
func RegularDates(maturity calendar.Date, perYear int, endOfMonth bool) []MonthDay {
	if perYear < 1 || 12%perYear != 0 {
		return nil
	}
	day := maturity.Day
	if endOfMonth && maturity.IsMonthEnd() {
		day = 31
	}
	dates := make([]MonthDay, 0, perYear)
	for n := range perYear {
		month := (int(maturity.Month)-1+12/perYear*n)%12 + 1
		dates = append(dates, MonthDay{time.Month(month), min(day, longestMonth(time.Month(month)))})
	}
	slices.SortFunc(dates, MonthDay.compare)
	return dates
}

func (m MonthDay) compare(o MonthDay) int {
	if m.Month != o.Month {
		return int(m.Month - o.Month)
	}
	return m.Day - o.Day
}

// A schedule is the grid of regular interest dates that month-days make.
type schedule struct {
	days []MonthDay // ascending
	roll int        // day of the month that all dates follow; 0: each its own
	even bool       // the dates part the year into equal numbers of months
}

// newSchedule checks the month-days and finds the day they roll on. Dates such
// as Feb 28 and Aug 31 are all as near to the 31st as their months allow, so
// that the February date is the 29th in leap years; Feb 28 and Aug 28 are not.
func newSchedule(dates []MonthDay) (schedule, error) {
	if len(dates) == 0 {
		return schedule{}, fmt.Errorf("no interest dates, needs at least one such as May 1")
	}
	s := schedule{days: slices.SortedFunc(slices.Values(dates), MonthDay.compare), even: 12%len(dates) == 0}
	for i, m := range s.days {
		if m.Month < time.January || m.Month > time.December || m.Day < 1 || m.Day > longestMonth(m.Month) {
			return schedule{}, fmt.Errorf("interest date of month %d, day %d does not exist", m.Month, m.Day)
		}
		if i > 0 && m == s.days[i-1] {
			return schedule{}, fmt.Errorf("interest date %s is given twice", m)
		}
		s.roll = max(s.roll, m.Day)
	}
	if !s.rollsOn(s.roll) {
		s.roll, s.even = 0, false
	}
	for i := range s.days {
		gap := int(s.days[(i+1)%len(s.days)].Month-s.days[i].Month+12) % 12
		s.even = s.even && gap == 12/len(s.days)%12
	}
	return s, nil
}

// rollsOn reports whether every date is the given day of its month, or the last
// day where the month is shorter.
func (s schedule) rollsOn(day int) bool {
	for _, m := range s.days {
		isRoll := m.Day == min(day, longestMonth(m.Month))
		isFebruary28 := m.Month == time.February && m.Day == 28 && day >= 28
		if !isRoll && !isFebruary28 {
			return false
		}
	}
	return true
}

// keepsToMonthEnds reports whether every date is the last of its month in all years.
func (s schedule) keepsToMonthEnds() bool {
	for _, m := range s.days {
		if max(m.Day, s.roll) < longestMonth(m.Month) {
			return false
		}
	}
	return true
}

func (s schedule) perYear() int { return len(s.days) }

// date is the n-th date counted from the first of the year 0.
func (s schedule) date(n int) calendar.Date {
	year, m := n/len(s.days), s.days[n%len(s.days)]
	d := calendar.Date{Year: year, Month: m.Month, Day: max(m.Day, s.roll)}
	if d.Day > 28 {
		d.Day = min(d.Day, d.DaysInMonth())
	}
	return d
}

// index is the number of the last date that is not after d.
func (s schedule) index(d calendar.Date) int {
	n := (d.Year+1)*len(s.days) - 1
	for s.date(n).After(d) {
		n--
	}
	return n
}

func (s schedule) onOrBefore(d calendar.Date) calendar.Date { return s.date(s.index(d)) }

func (s schedule) after(d calendar.Date) calendar.Date { return s.date(s.index(d) + 1) }

func (s schedule) has(d calendar.Date) bool { return s.onOrBefore(d) == d }
