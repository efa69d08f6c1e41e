package bond

import (
	"math/big"

	"tenderbook/calendar"
)

// An axis measures distances from settlement in coupon periods: whole periods
// between regular interest dates, and for a date within a period the part of it
// that has passed.
type axis struct {
	schedule schedule
	count    DayCount
	ref      Reference
	origin   place // settlement
}

// A place is a date in coupon periods: n + days/length, counted from the year 0.
type place struct {
	n            int
	days, length int64 // 0 <= days <= length
}

func (a account) axis(count DayCount, settlement calendar.Date) axis {
	x := axis{schedule: a.schedule, count: count, ref: a.reference()}
	x.origin = x.at(settlement)
	return x
}

// at finds the place of a date. The part that has passed is days over the days
// of the period, or over 360 divided by the dates of a year under 30/360: what
// is left of the period is counted as the whole less what has passed, since
// 30/360 days do not add up, and is never less than nothing.
func (x axis) at(d calendar.Date) place {
	n := x.schedule.index(d)
	low := x.schedule.date(n)
	p := place{n, int64(d.DaysSince(low)), int64(x.schedule.date(n + 1).DaysSince(low))}
	if x.count.thirty() {
		p.length = int64(360 / x.schedule.perYear())
		p.days = min(int64(x.count.DaysIn(low, d, x.ref)), p.length)
	}
	return p
}

// periods is the distance from settlement to a place.
func (x axis) periods(p place) *big.Rat {
	distance := big.NewRat(int64(p.n-x.origin.n), 1)
	if p.days != 0 {
		distance.Add(distance, big.NewRat(p.days, p.length))
	}
	return distance.Sub(distance, big.NewRat(x.origin.days, x.origin.length))
}
