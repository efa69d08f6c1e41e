package calendar

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// A Calendar says which days are business days for one purpose: the law, a
// market, a payment system. Saturday and Sunday never are.
//
// A calendar answers only for the years it is known for and refuses others
// with an [*OutsideError]: a wrong business day is worse than none. Get one by
// name with [ByName] or use the variables such as [USFederal].
type Calendar struct {
	name, title string
	first, last int // years it is valid for
	rules       []rule
	closings    []closing
	days        func() map[Date]string // every holiday of the valid years, made once
}

func newCalendar(c Calendar) *Calendar {
	c.days = sync.OnceValue(c.observed)
	return &c
}

// An OutsideError refuses a date that a calendar is not known for.
type OutsideError struct {
	Calendar    string
	Date        Date
	First, Last int // the years the calendar is known for
}

// Error names the calendar, the date and the years it needed.
func (e *OutsideError) Error() string {
	return fmt.Sprintf("calendar %s is known for %d to %d, not for %s", e.Calendar, e.First, e.Last, e.Date)
}

// ByName finds a calendar by its name in the offer file, such as "us-federal".
func ByName(name string) (*Calendar, error) {
	for _, c := range all {
		if c.name == name {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%q is not a calendar: there are %s", name, strings.Join(Names(), ", "))
}

// Names lists the calendars that [ByName] knows, in alphabetical order.
func Names() []string {
	var names []string
	for _, c := range all {
		names = append(names, c.name)
	}
	slices.Sort(names)
	return names
}

// Name is the calendar's name in the offer file.
func (c *Calendar) Name() string { return c.name }

// Title says what the calendar is, for people.
func (c *Calendar) Title() string { return c.title }

// Years are the first and the last year that the calendar is known for. From
// 2028 on, days are those of the rules in force in 2026: closings that have
// not been announced yet are not in them.
func (c *Calendar) Years() (first, last int) { return c.first, c.last }

// Holiday gives the name of the holiday that falls on, or is observed on, a
// date, and "" for every other day, weekends included. It fails with an
// [*OutsideError].
func (c *Calendar) Holiday(d Date) (name string, err error) {
	if d.Year < c.first || d.Year > c.last {
		return "", &OutsideError{c.name, d, c.first, c.last}
	}
	return c.days()[d], nil
}

// Business reports whether a date is a business day: no weekend and no
// holiday. It fails with an [*OutsideError].
func (c *Calendar) Business(d Date) (bool, error) {
	name, err := c.Holiday(d)
	return err == nil && name == "" && !weekend(d), err
}

// Holidays lists the holidays of a year in order. One that falls on a weekend
// and is not moved is listed on its own date. It fails with an
// [*OutsideError].
func (c *Calendar) Holidays(year int) ([]Date, error) {
	if _, err := c.Holiday(Date{year, 1, 1}); err != nil {
		return nil, err
	}
	var found []Date
	for d := range maps.Keys(c.days()) {
		if d.Year == year {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, Date.Compare)
	return found, nil
}

// AddBusinessDays is the nth business day after d, or before it if n is
// negative; d itself counts for nothing, and 0 gives d, whatever day it is.
// This is how settlement is counted: two business days after a Friday is
// Tuesday. It fails with an [*OutsideError].
func (c *Calendar) AddBusinessDays(d Date, n int) (Date, error) {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d = d.AddDays(step)
		business, err := c.Business(d)
		if err != nil {
			return Date{}, err
		}
		if business {
			n--
		}
	}
	return d, nil
}

// NthBusinessDay is the nth business day from a date, which is itself day 1 if
// it is a business day. This is how the days of a tender offer are counted:
// one that begins on a Friday has its second day on Monday. n is 1 or more;
// less is a bug and panics. It fails with an [*OutsideError].
func (c *Calendar) NthBusinessDay(from Date, n int) (Date, error) {
	if n < 1 {
		panic("calendar: NthBusinessDay counts from 1")
	}
	return c.AddBusinessDays(from.AddDays(-1), n)
}

// BusinessDaysBetween counts the business days after one date, up to and
// including another: what [Calendar.AddBusinessDays] would have to add to come
// from the one to the other. It is negative if to is earlier than from, and
// then counts to but not from. It fails with an [*OutsideError].
func (c *Calendar) BusinessDaysBetween(from, to Date) (int, error) {
	if to.Before(from) {
		n, err := c.BusinessDaysBetween(to.AddDays(-1), from.AddDays(-1))
		return -n, err
	}
	n := 0
	for d := from; d.Before(to); {
		d = d.AddDays(1)
		business, err := c.Business(d)
		if err != nil {
			return 0, err
		}
		if business {
			n++
		}
	}
	return n, nil
}

func weekend(d Date) bool { return d.Weekday() == 0 || d.Weekday() == 6 }
