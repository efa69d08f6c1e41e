package bond

import (
	"fmt"
	"math/big"

	"tenderbook/calendar"
	"tenderbook/money"
)

// An Accrual is the interest of the current period up to a day, that day not
// included. From an ex-dividend date on, Days, Fraction and PerUnit are negative:
// the buyer is paid for the days to the interest date that he does not get.
type Accrual struct {
	From     calendar.Date // last interest date, or the day from which interest accrues
	To       calendar.Date // the day asked for
	Days     int           // as the day count counts them
	Fraction *big.Rat      // of a year
	PerUnit  *big.Rat      // interest per 1 of principal, exact
	Parts    []Part        // one for each coupon in force in the period; none if nothing accrued
}

// A Part of an accrual is the stretch in which one coupon is in force.
type Part struct {
	From, To calendar.Date
	Coupon   money.Decimal // percent a year
	Days     int
	Fraction *big.Rat // of a year
	PerUnit  *big.Rat
}

// Per gives the interest on so much principal, exactly.
func (a Accrual) Per(principal int64) *big.Rat {
	return new(big.Rat).Mul(a.PerUnit, new(big.Rat).SetInt64(principal))
}

// Round gives the interest on so much principal with the given decimals, half up.
func (a Accrual) Round(principal int64, decimals int) (money.Decimal, error) {
	return money.RoundDecimal(a.Per(principal), decimals, money.HalfUp)
}

// Accrued is the interest from the last interest date to settlement. It is zero
// on an interest date. It fails if the terms are not sound, before the day from
// which interest accrues, and after maturity.
func (i Interest) Accrued(settlement calendar.Date) (Accrual, error) {
	if !i.pays() {
		return nothingAccrued(settlement), nil
	}
	a, err := i.open()
	if err != nil {
		return Accrual{}, fmt.Errorf("interest: %w", err)
	}
	if err := a.check(settlement); err != nil {
		return Accrual{}, err
	}
	return a.accrued(settlement), nil
}

func nothingAccrued(on calendar.Date) Accrual {
	return Accrual{From: on, To: on, Fraction: new(big.Rat), PerUnit: new(big.Rat)}
}

func (a account) accrued(settlement calendar.Date) Accrual {
	from := a.start(settlement)
	if from == settlement {
		return nothingAccrued(settlement)
	}
	next := a.end(settlement)
	acc := a.between(from, settlement, next)
	if a.isEx(settlement, next) {
		acc.drop(a.between(from, next, next))
	}
	return acc
}

// isEx reports whether the interest of the next interest date is not bought.
func (a account) isEx(settlement, next calendar.Date) bool {
	return a.ExDate != nil && !settlement.Before(a.ExDate(next))
}

// drop takes the whole period's interest off.
func (a *Accrual) drop(whole Accrual) {
	a.Days -= whole.Days
	a.Fraction.Sub(a.Fraction, whole.Fraction)
	a.PerUnit.Sub(a.PerUnit, whole.PerUnit)
	a.Parts = append(a.Parts, whole.Parts...)
	for i := len(a.Parts) - len(whole.Parts); i < len(a.Parts); i++ {
		p := &a.Parts[i]
		p.Days = -p.Days
		p.Fraction.Neg(p.Fraction)
		p.PerUnit.Neg(p.PerUnit)
	}
}

// between accrues in the interest period from..end up to a day of it. Where the
// coupon steps up within, each part is counted from the start of the period and
// what was counted before is taken off, so that the parts add up to the whole:
// 30/360 days do not add up when counted from part to part.
func (a account) between(from, to, end calendar.Date) Accrual {
	acc := Accrual{From: from, To: to, Fraction: new(big.Rat), PerUnit: new(big.Rat)}
	for at := from; at.Before(to); {
		coupon, until := a.couponAt(at)
		if until.IsZero() || until.After(to) {
			until = to
		}
		part := Part{From: at, To: until, Coupon: coupon, Days: a.days(from, until) - acc.Days}
		upTo := a.fraction(from, until, end)
		part.Fraction = new(big.Rat).Sub(upTo, acc.Fraction)
		part.PerUnit = new(big.Rat).Mul(part.Fraction, percent(coupon))
		acc.Days += part.Days
		acc.Fraction.Set(upTo)
		acc.PerUnit.Add(acc.PerUnit, part.PerUnit)
		acc.Parts = append(acc.Parts, part)
		at = until
	}
	return acc
}

// couponAt is the coupon in force on a day and the day of the next step, zero if
// there is none.
func (a account) couponAt(d calendar.Date) (coupon money.Decimal, until calendar.Date) {
	coupon = a.Coupon
	for _, s := range a.Steps {
		if s.From.After(d) {
			return coupon, s.From
		}
		coupon = s.Coupon
	}
	return coupon, calendar.Date{}
}

func (a account) days(from, to calendar.Date) int {
	return a.DayCount.DaysIn(from, to, a.reference())
}

func (a account) reference() Reference {
	return Reference{EndOfMonth: a.schedule.keepsToMonthEnds(), Termination: a.Maturity}
}

// fraction is the part of a year from the start of the interest period from..end
// up to a day of it. A whole regular period of evenly spaced dates is one n-th
// of a year under 30/360, as notes pay equal instalments, whatever its days.
func (a account) fraction(from, to, end calendar.Date) *big.Rat {
	switch {
	case a.DayCount.thirty() && to == end && a.isRegular(from, end):
		return a.periodOfYear()
	case a.DayCount == ActActICMA:
		return icmaFraction(from, to, a.schedule)
	case a.DayCount == Act365Canadian:
		return canadianFraction(from, to, a.schedule)
	}
	f, err := a.DayCount.YearFraction(from, to, a.reference())
	if err != nil {
		panic("bond: " + err.Error()) // dates are in order and no coupon period is needed
	}
	return f
}

// isRegular reports whether from..end is one period between neighbouring
// regular dates.
func (a account) isRegular(from, end calendar.Date) bool {
	return a.schedule.even && a.schedule.has(from) && a.schedule.after(from) == end
}

// percent turns 9.125 percent into 0.09125.
func percent(d money.Decimal) *big.Rat {
	return new(big.Rat).Quo(d.Rat(), hundred)
}

var hundred = big.NewRat(100, 1)
