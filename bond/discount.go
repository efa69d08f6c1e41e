package bond

import (
	"math/big"

	"tenderbook/calendar"
	"tenderbook/money"
)

// A Flow is one payment that is still to come, with what it is worth today.
type Flow struct {
	Date      calendar.Date
	Interest  *big.Rat // per 1 of principal, exact
	Principal *big.Rat // repaid per 1 of principal; zero but for the last
	Periods   *big.Rat // of the yield, from settlement
	Factor    Bounded  // what 1 paid on Date is worth at settlement
}

// A Discounting is a price from a yield with all that it was made of, so that it
// can be worked out again by hand.
type Discounting struct {
	Price  Price
	Growth *big.Rat // 1 + yield ÷ frequency
	Simple bool     // one payment is left and simple interest discounts it

	// At settlement Gone of the Length days of the coupon period had passed, as
	// the convention's day count counts them.
	Gone, Length int64

	Flows []Flow
}

// Discount gives the price at a yield payment by payment. The amounts times
// their factors add up to Price.Dirty, within the error bounds. It fails as
// [Bond.Price] does.
func (b Bond) Discount(yield money.Decimal, settlement calendar.Date) (Discounting, error) {
	v, r, err := b.at(yield, settlement)
	if err != nil {
		return Discounting{}, err
	}
	a, err := b.open(settlement)
	if err != nil {
		return Discounting{}, err
	}
	x := a.axis(b.Convention.DayCount, settlement)
	d := Discounting{
		Price: v.price(v.present(r, startBits)), Growth: r.growth(), Simple: v.simple != nil,
		Gone: x.origin.days, Length: x.origin.length,
	}
	perYear := big.NewRat(int64(b.Convention.Frequency), int64(a.schedule.perYear()))
	paid := a.payments(settlement, b.workout())
	for n, p := range paid {
		f := Flow{Date: p.Date, Interest: p.PerUnit, Principal: new(big.Rat), Periods: x.periods(x.at(p.Date))}
		f.Periods.Mul(f.Periods, perYear)
		if n == 0 && a.isEx(settlement, a.end(settlement)) {
			f.Interest = new(big.Rat)
		}
		if n == len(paid)-1 {
			f.Principal = b.redemption()
		}
		if d.Simple {
			f.Periods = v.simple
		}
		f.Factor = v.factor(f.Periods, r)
		d.Flows = append(d.Flows, f)
	}
	return d, nil
}

// factor is what 1 is worth so many periods before it is paid.
func (v valuation) factor(periods *big.Rat, r rate) Bounded {
	if v.simple != nil {
		return Bounded{new(big.Rat).Inv(r.simple(periods)), new(big.Rat)}
	}
	whole, part := wholeAndPart(periods)
	f := newBall(big.NewRat(1, 1), startBits)
	if part.Sign() != 0 {
		f = v.partial(part, r, startBits)
	}
	for range whole {
		f.scale(r.den, r.num)
	}
	return Bounded{f.value(), f.bound()}
}
