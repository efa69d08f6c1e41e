package bond

import (
	"fmt"
	"math/big"
	"time"

	"tenderbook/calendar"
)

// A grid is an endless row of regular coupon dates: the interest dates of the
// notes, whether or not interest is paid on each of them.
type grid interface {
	perYear() int
	// onOrBefore is the last date of the grid that is not after d.
	onOrBefore(d calendar.Date) calendar.Date
	// after is the first date of the grid that is after d.
	after(d calendar.Date) calendar.Date
}

// icmaFraction sums, over the coupon periods that the interval touches, its
// days in the period over the days of the period times the periods of a year
// (ICMA rule 251.1; ISDA 1998 memorandum "EMU and market conventions").
func icmaFraction(start, end calendar.Date, g grid) *big.Rat {
	sum := new(big.Rat)
	for from := start; from.Before(end); {
		low, high := g.onOrBefore(from), g.after(from)
		to := high
		if end.Before(high) {
			to = end
		}
		length := int64(high.DaysSince(low)) * int64(g.perYear())
		sum.Add(sum, big.NewRat(int64(to.DaysSince(from)), length))
		from = to
	}
	return sum
}

// canadianFraction counts days over 365 from the start of the coupon period,
// and in its last days backwards from its end, so that a whole period is
// exactly its part of a year (IIAC, "Canadian conventions in fixed income
// markets").
func canadianFraction(start, end calendar.Date, g grid) *big.Rat {
	at := func(d calendar.Date, whole *big.Rat) *big.Rat {
		low := g.onOrBefore(d)
		days := int64(d.DaysSince(low))
		if days*int64(g.perYear()) < 365 {
			return new(big.Rat).Add(whole, big.NewRat(days, 365))
		}
		left := big.NewRat(int64(g.after(d).DaysSince(d)), 365)
		sum := new(big.Rat).Add(whole, big.NewRat(1, int64(g.perYear())))
		return sum.Sub(sum, left)
	}
	periods := int64(0)
	for d := g.after(start); !d.After(end); d = g.after(d) {
		periods++
	}
	to := at(end, big.NewRat(periods, int64(g.perYear())))
	return to.Sub(to, at(start, new(big.Rat)))
}

// isdaFraction takes the days of each calendar year over 365 or 366.
func isdaFraction(start, end calendar.Date) *big.Rat {
	sum := new(big.Rat)
	for from := start; from.Before(end); {
		to := calendar.Date{Year: from.Year + 1, Month: time.January, Day: 1}
		length := int64(to.DaysSince(calendar.Date{Year: from.Year, Month: time.January, Day: 1}))
		if end.Before(to) {
			to = end
		}
		sum.Add(sum, big.NewRat(int64(to.DaysSince(from)), length))
		from = to
	}
	return sum
}

// afbFraction counts whole years back from the end; the days that remain are
// taken over 366 if they hold a 29 February, else over 365.
func afbFraction(start, end calendar.Date) *big.Rat {
	years := 0
	at := end
	for {
		back := end.AddMonths(-12 * (years + 1))
		if isFebruaryEnd(end) {
			back.Day = back.DaysInMonth()
		}
		if back.Before(start) {
			break
		}
		years, at = years+1, back
	}
	length := int64(365)
	if leapDays(start.AddDays(-1), at.AddDays(-1)) > 0 {
		length = 366
	}
	sum := big.NewRat(int64(at.DaysSince(start)), length)
	return sum.Add(sum, big.NewRat(int64(years), 1))
}

// leapDays is how many 29 Februaries lie after start and not after end.
func leapDays(start, end calendar.Date) int { return leapDaysUpTo(end) - leapDaysUpTo(start) }

// leapDaysUpTo is how many 29 Februaries there are from year 1 up to d.
func leapDaysUpTo(d calendar.Date) int {
	years := d.Year
	if d.Month == time.January || d.Month == time.February && d.Day < 29 {
		years--
	}
	return years/4 - years/100 + years/400
}

// A repeated grid repeats one coupon period forwards and backwards.
type repeated struct {
	start      calendar.Date
	months     int
	endOfMonth bool
}

// grid repeats the coupon period of a reference.
func (r Reference) grid() (grid, error) {
	if r.Start.IsZero() || !r.Start.Before(r.End) {
		return nil, fmt.Errorf("reference period %q to %q, needs a coupon period", r.Start, r.End)
	}
	months := 12*(r.End.Year-r.Start.Year) + int(r.End.Month-r.Start.Month)
	if months < 1 || 12%months != 0 {
		return nil, fmt.Errorf("reference period %s to %s has %d months, needs 1, 2, 3, 4, 6 or 12", r.Start, r.End, months)
	}
	return repeated{r.Start, months, r.EndOfMonth}, nil
}

func (r repeated) perYear() int { return 12 / r.months }

func (r repeated) date(n int) calendar.Date {
	d := r.start.AddMonths(n * r.months)
	if r.endOfMonth {
		d.Day = d.DaysInMonth()
	}
	return d
}

func (r repeated) index(d calendar.Date) int {
	n := (12*(d.Year-r.start.Year) + int(d.Month-r.start.Month)) / r.months
	for !r.date(n).After(d) {
		n++
	}
	for r.date(n).After(d) {
		n--
	}
	return n
}

func (r repeated) onOrBefore(d calendar.Date) calendar.Date { return r.date(r.index(d)) }

func (r repeated) after(d calendar.Date) calendar.Date { return r.date(r.index(d) + 1) }
