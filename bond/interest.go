package bond

import (
	"fmt"
	"slices"

	"tenderbook/calendar"
	"tenderbook/money"
)

// Interest is how notes pay interest. The last interest date is never given: it
// is found from the dates.
//
// Notes without a coupon and without dates pay none. Interest that is paid on
// other than the regular dates is at the ends only: a short or long first period
// (Accrues, FirstDate) and a short or long last one (LastDate, Maturity).
type Interest struct {
	Coupon    money.Decimal // percent a year, from the start or up to the first step
	DayCount  DayCount
	Dates     []MonthDay    // regular interest dates of a year, in any order
	Accrues   calendar.Date // first day of the first period, where that is odd; zero: regular
	FirstDate calendar.Date // first interest date; zero: the first regular date after Accrues
	LastDate  calendar.Date // last interest date before Maturity, where the last period is long; zero: the last regular one
	Steps     []Step        // step-up coupons, ascending
	Maturity  calendar.Date // zero: not needed for accrued interest

	// ExDate gives the day from which notes change hands without the interest
	// of the given interest date; nil: never. See [DaysBefore].
	ExDate func(interest calendar.Date) calendar.Date
}

// A Step is a coupon from a date on, that day included.
type Step struct {
	From   calendar.Date
	Coupon money.Decimal // percent a year
}

// DaysBefore is an ExDate of so many calendar days before the interest date.
func DaysBefore(days int) func(calendar.Date) calendar.Date {
	return func(d calendar.Date) calendar.Date { return d.AddDays(-days) }
}

// pays reports whether the notes pay any interest.
func (i Interest) pays() bool { return i.Coupon.Sign() != 0 || len(i.Steps) > 0 || len(i.Dates) > 0 }

// An account is Interest that has been checked, ready for counting.
type account struct {
	Interest
	schedule schedule
	first    calendar.Date // first interest date; zero where the first period is regular
}

// open checks the terms. Errors name the field in the words of the offer file.
func (i Interest) open() (account, error) {
	s, err := newSchedule(i.Dates)
	if err != nil {
		return account{}, err
	}
	if i.DayCount >= dayCounts {
		return account{}, fmt.Errorf("%s is not a day count", i.DayCount)
	}
	for _, step := range append([]Step{{Coupon: i.Coupon}}, i.Steps...) {
		if step.Coupon.Sign() < 0 {
			return account{}, fmt.Errorf("coupon %s%% is below zero", step.Coupon)
		}
	}
	a := account{i, s, i.FirstDate}
	switch {
	case i.Accrues.IsZero() && !i.FirstDate.IsZero():
		return account{}, fmt.Errorf("first interest date %s needs the date from which interest accrues", i.FirstDate)
	case !i.FirstDate.IsZero() && !i.Accrues.Before(i.FirstDate):
		return account{}, fmt.Errorf("first interest date %s must be after %s, from which interest accrues", i.FirstDate, i.Accrues)
	case !i.Maturity.IsZero() && !i.Accrues.Before(i.Maturity):
		return account{}, fmt.Errorf("maturity %s must be after %s, from which interest accrues", i.Maturity, i.Accrues)
	case !i.LastDate.IsZero() && (!i.LastDate.Before(i.Maturity) || i.LastDate.Before(i.FirstDate)):
		return account{}, fmt.Errorf("last interest date %s must lie between the first one and maturity %q", i.LastDate, i.Maturity)
	case !slices.IsSortedFunc(i.Steps, func(x, y Step) int { return x.From.Compare(y.From) }):
		return account{}, fmt.Errorf("coupon steps must be in the order of their dates")
	}
	if !i.Accrues.IsZero() && a.first.IsZero() {
		a.first = s.after(i.Accrues)
	}
	return a, nil
}

// start is the last interest date that is not after d, or the day on which
// interest begins to accrue.
func (a account) start(d calendar.Date) calendar.Date {
	switch {
	case !a.Maturity.IsZero() && d == a.Maturity:
		return d
	case !a.first.IsZero() && d.Before(a.first):
		return a.Accrues
	case !a.LastDate.IsZero() && !d.Before(a.LastDate):
		return a.LastDate
	}
	if on := a.schedule.onOrBefore(d); a.first.IsZero() || on.After(a.first) {
		return on
	}
	return a.first
}

// end is the first interest date after d, maturity included.
func (a account) end(d calendar.Date) calendar.Date {
	next := a.schedule.after(d)
	switch {
	case !a.first.IsZero() && d.Before(a.first):
		next = a.first
	case !a.LastDate.IsZero() && !d.Before(a.LastDate):
		next = a.Maturity
	case !a.LastDate.IsZero() && next.After(a.LastDate):
		next = a.LastDate
	}
	if !a.Maturity.IsZero() && next.After(a.Maturity) {
		return a.Maturity
	}
	return next
}

// check refuses days on which no interest runs.
func (a account) check(settlement calendar.Date) error {
	if !a.Accrues.IsZero() && settlement.Before(a.Accrues) {
		return fmt.Errorf("settlement %s is before %s, from which interest accrues", settlement, a.Accrues)
	}
	if !a.Maturity.IsZero() && settlement.After(a.Maturity) {
		return fmt.Errorf("settlement %s is after maturity %s", settlement, a.Maturity)
	}
	return nil
}
