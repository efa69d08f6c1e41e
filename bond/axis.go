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
	origin   *big.Rat // settlement
}

func (a account) axis(count DayCount, settlement calendar.Date) axis {
	x := axis{a.schedule, count, a.reference(), new(big.Rat)}
	x.origin = x.at(settlement)
	return x
}

// periods is the distance from settlement to d.
func (x axis) periods(d calendar.Date) *big.Rat {
	at := x.at(d)
	return at.Sub(at, x.origin)
}

// at counts periods from the year 0. The part that has passed is days over the
// days of the period, or over 360 divided by the dates of a year under 30/360:
// what is left of the period is counted as the whole less what has passed, since
// 30/360 days do not add up, and is never less than nothing.
func (x axis) at(d calendar.Date) *big.Rat {
	n := x.schedule.index(d)
	low := x.schedule.date(n)
	whole := new(big.Rat).SetInt64(int64(n))
	if low == d {
		return whole
	}
	days, length := int64(d.DaysSince(low)), int64(x.schedule.date(n+1).DaysSince(low))
	if x.count.thirty() {
		length = int64(360 / x.schedule.perYear())
		days = min(int64(x.count.DaysIn(low, d, x.ref)), length)
	}
	return whole.Add(whole, big.NewRat(days, length))
}
