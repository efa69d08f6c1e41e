package bond

import (
	"fmt"
	"math/big"

	"tenderbook/calendar"
)

// A Payment is interest that falls due.
type Payment struct {
	Date    calendar.Date
	PerUnit *big.Rat // interest per 1 of principal, exact
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
	return a.payments(after), nil
}

func (a account) payments(after calendar.Date) []Payment {
	var paid []Payment
	for from := a.start(after); from.Before(a.Maturity); {
		to := a.end(from)
		paid = append(paid, Payment{to, a.between(from, to, to).PerUnit})
		from = to
	}
	return paid
}
