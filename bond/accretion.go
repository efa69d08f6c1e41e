package bond

import (
	"fmt"
	"math/big"

	"tenderbook/calendar"
	"tenderbook/money"
)

// A Bounded is a number with a proved bound on its error.
type Bounded struct {
	Value      *big.Rat
	ErrorBound *big.Rat // the true number differs from Value by no more
}

// Round rounds half up. It fails with [ErrUndecided] where the error bound
// leaves two answers.
func (b Bounded) Round(decimals int) (money.Decimal, error) {
	return roundWithin(b.Value, b.ErrorBound, decimals)
}

// An Accretion is how discount notes grow from their issue price to their
// principal at maturity by a constant yield.
type Accretion struct {
	Issued     calendar.Date
	IssuePrice money.Decimal // percent of principal at maturity
	Yield      money.Decimal // percent a year
	Dates      []MonthDay    // on which the yield compounds, evenly spaced
	DayCount   DayCount      // of parts of a period
	Until      calendar.Date // from then on the value is the principal at maturity

	// StraightLine makes the value grow by the same amount each day between two
	// compounding dates, as indentures that define an accreted value usually have
	// it. Otherwise it compounds within the period too.
	StraightLine bool
}

// Value is the accreted value on a day in percent of principal at maturity. It
// fails if the terms are not sound and before the day of issue.
//
// The value grows from the issue price. If that was rounded, what is reached the
// day before Until differs from 100 by as much as the rounding has grown.
func (a Accretion) Value(on calendar.Date) (Bounded, error) {
	s, err := newSchedule(a.Dates)
	switch {
	case err != nil:
		return Bounded{}, fmt.Errorf("accretion: %w", err)
	case !s.even:
		return Bounded{}, fmt.Errorf("accretion: dates %v do not part the year evenly", a.Dates)
	case a.DayCount >= dayCounts:
		return Bounded{}, fmt.Errorf("accretion: %s is not a day count", a.DayCount)
	case on.Before(a.Issued):
		return Bounded{}, fmt.Errorf("accreted value on %s is asked for before the notes were issued on %s", on, a.Issued)
	case !on.Before(a.Until):
		return Bounded{big.NewRat(100, 1), new(big.Rat)}, nil
	}
	growth := percent(a.Yield)
	growth.Quo(growth, big.NewRat(int64(s.perYear()), 1))
	if growth.Add(growth, big.NewRat(1, 1)).Sign() <= 0 {
		return Bounded{}, fmt.Errorf("accretion: yield %s%% loses everything", a.Yield)
	}
	x := account{schedule: s}.axis(a.DayCount, a.Issued)
	if a.StraightLine {
		return a.straight(x, growth, on), nil
	}
	return a.compound(x, growth, on), nil
}

// compound is the issue price times growth to the power of the periods gone by.
func (a Accretion) compound(x axis, growth *big.Rat, on calendar.Date) Bounded {
	b := power(growth, x.periods(x.at(on)), startBits)
	price := a.IssuePrice.Rat()
	value, bound := b.value(), b.bound()
	return Bounded{value.Mul(value, price), bound.Mul(bound, price)}
}

// straight draws a line between the values at the compounding dates around a day,
// the first of which may be the day of issue and the last is Until.
func (a Accretion) straight(x axis, growth *big.Rat, on calendar.Date) Bounded {
	low, high := x.schedule.onOrBefore(on), x.schedule.after(on)
	if low.Before(a.Issued) {
		low = a.Issued
	}
	from, to := a.compound(x, growth, low), Bounded{big.NewRat(100, 1), new(big.Rat)}
	if high.Before(a.Until) {
		to = a.compound(x, growth, high)
	} else {
		high = a.Until
	}
	start := x.periods(x.at(low))
	part, whole := x.periods(x.at(on)), x.periods(x.at(high))
	part.Quo(part.Sub(part, start), whole.Sub(whole, start))
	rise := new(big.Rat).Sub(to.Value, from.Value)
	rise.Mul(rise, part)
	return Bounded{rise.Add(rise, from.Value), from.ErrorBound.Add(from.ErrorBound, to.ErrorBound)}
}
