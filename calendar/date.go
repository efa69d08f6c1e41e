// Package calendar counts days as offers count them: civil dates, deadlines
// with a side ("before" or "by"), and the holiday calendars that decide what a
// business day is.
//
// It is a calculator: no clock is read, and every zone comes from the tz
// database built into the program. Law days (US federal holidays) and
// settlement days (SIFMA, TARGET, London) are different calendars and are never
// mixed: Good Friday counts for an offer's twenty business days, and does not
// for its settlement.
package calendar

import (
	"fmt"
	"time"
)

// A Date is a civil date without a zone. The zero value is no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads 2004-10-29 and refuses dates that do not exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date such as 2004-10-29", s)
	}
	return DateOf(t), nil
}

// DateOf is the date of an instant in its own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// NewDate normalises as time.Date does: 31 April is 1 May.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String gives 2004-10-29, or "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// AddDays moves by calendar days.
func (d Date) AddDays(n int) Date { return DateOf(d.utc().AddDate(0, 0, n)) }

// AddMonths moves by months and keeps the day, or takes the last day of a
// shorter month: 31 August and one month back is 31 July, six back 28 February.
func (d Date) AddMonths(n int) Date {
	first := NewDate(d.Year, d.Month+time.Month(n), 1)
	return Date{first.Year, first.Month, min(d.Day, first.DaysInMonth())}
}

// DaysInMonth is 28 to 31.
func (d Date) DaysInMonth() int { return NewDate(d.Year, d.Month+1, 0).Day }

// IsMonthEnd reports whether d is the last day of its month.
func (d Date) IsMonthEnd() bool { return d.Day == d.DaysInMonth() }

// DaysSince is the number of calendar days from e to d, negative if d is the
// earlier.
func (d Date) DaysSince(e Date) int { return int((d.utc().Unix() - e.utc().Unix()) / (24 * 60 * 60)) }

// Compare is -1 if d is before e, 0 if they are the same and +1 if after.
func (d Date) Compare(e Date) int { return d.utc().Compare(e.utc()) }

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Text gives the date as announcements print it: "Fri 29 Oct 2004".
func (d Date) Text() string { return d.utc().Format("Mon 2 Jan 2006") }
