package bond

import (
	"fmt"
	"math/big"

	"tenderbook/calendar"
)

// A Payment is interest that falls due.
type Payment struct {
	Date    calendar.Date
	PerUnit *big.Rat // interest per 1 of principal, exact; equal payments may share it
}

// Payments lists the interest that falls due after a day, up to and with
// maturity, which must be set. What changes hands without the next interest (see
// Interest.ExDate) still pays it to someone: it is in the list.
func (i Interest) Payments(after calendar.Date) ([]Payment, error) {
	if i.Maturity.IsZero() {
		return nil, fmt.Errorf("payments: no maturity, needs the day on which interest ends")
	}
	if !i.pays() {
		return nil, nil
	}
	a, err := i.open()
	if err != nil {
		return nil, fmt.Errorf("interest: %w", err)
	}
	if err := a.check(after); err != nil {
		return nil, err
	}
	return a.payments(after, a.Maturity), nil
}

// payments lists the interest after a day up to an end; where that lies within a
// period, what has accrued by then is paid.
func (a account) payments(after, end calendar.Date) []Payment {
	var paid []Payment
	for from := a.start(after); from.Before(end); {
		next := a.end(from)
		to := next
		if to.After(end) {
			to = end
		}
		paid = append(paid, Payment{to, a.between(from, to, next).PerUnit})
		paid = a.equalPayments(paid, to, end)
		from = paid[len(paid)-1].Date
	}
	return paid
}

// equalPayments adds the regular payments between a day and an end if they are
// all the same: no step-up to come and whole periods that count as equal parts
// of a year. It is a short cut through what payments would find one by one.
func (a account) equalPayments(paid []Payment, from, end calendar.Date) []Payment {
	coupon, step := a.couponAt(from)
	if !a.paysEqualParts() || !step.IsZero() || !a.schedule.has(from) {
		return paid
	}
	if !a.LastDate.IsZero() && a.LastDate.Before(end) {
		end = a.LastDate
	}
	perUnit := percent(coupon)
	perUnit.Mul(perUnit, a.periodOfYear())
	for n := a.schedule.index(from) + 1; ; n++ {
		d := a.schedule.date(n)
		if d.After(end) {
			return paid
		}
		paid = append(paid, Payment{d, perUnit})
	}
}

// paysEqualParts reports whether a whole regular period is one n-th of a year.
func (a account) paysEqualParts() bool {
	return a.DayCount == ActActICMA || a.schedule.even && (a.DayCount.thirty() || a.DayCount == Act365Canadian)
}

// periodOfYear is that n-th.
func (a account) periodOfYear() *big.Rat { return big.NewRat(1, int64(a.schedule.perYear())) }
