package bond

import (
	"errors"
	"fmt"
	"math/big"

	"tenderbook/calendar"
	"tenderbook/money"
)

// A Price is what notes are worth at a yield, in percent of principal.
type Price struct {
	Clean, Dirty *big.Rat      // without and with accrued interest
	Accrued      Accrual       // exact
	To           calendar.Date // the day the notes are taken to be repaid
	ErrorBound   *big.Rat      // proved: the true prices differ from these by no more
}

// startBits is how many binary places a price is worked out to at first, and
// mostBits where rounding gives up.
const (
	startBits = 128
	mostBits  = 4096
)

// ErrUndecided is returned where a figure lies so near to the middle between two
// roundings that its error bound does not tell on which side.
var ErrUndecided = errors.New("too near to a half to be rounded")

// Price gives the price at a yield in percent a year. At yields from -1 to 60
// percent the error bound is below 1e-30. It fails if the terms are not sound, if settlement is not before the
// day of repayment and if the yield is so negative that nothing is left.
func (b Bond) Price(yield money.Decimal, settlement calendar.Date) (Price, error) {
	v, r, err := b.at(yield, settlement)
	if err != nil {
		return Price{}, err
	}
	return v.price(v.present(r, startBits)), nil
}

func (b Bond) at(yield money.Decimal, settlement calendar.Date) (valuation, rate, error) {
	v, err := b.value(settlement)
	if err != nil {
		return valuation{}, rate{}, err
	}
	r, err := v.rate(yield)
	return v, r, err
}

func (v valuation) price(present *ball) Price {
	dirty := present.value()
	p := Price{Accrued: v.accrued, To: v.bond.workout(), Dirty: dirty.Mul(dirty, hundred)}
	p.Clean = new(big.Rat).Mul(v.accrued.PerUnit, hundred)
	p.Clean.Sub(dirty, p.Clean)
	p.ErrorBound = present.bound()
	p.ErrorBound.Mul(p.ErrorBound, hundred)
	return p
}

// A Quote is how a consideration is stated and rounded.
type Quote uint8

// The quotes, named in offer files as the comments say.
const (
	CentHalfUp    Quote = iota // cent-half-up: per 1,000 of principal, to the cent, halves up
	PercentHalfUp              // percent-0.001: percent of principal, to three decimals, halves up
)

// ParseQuote finds a quote by its name in an offer file.
func ParseQuote(name string) (Quote, error) {
	switch name {
	case "cent-half-up":
		return CentHalfUp, nil
	case "percent-0.001":
		return PercentHalfUp, nil
	}
	return 0, fmt.Errorf("rounding %q is not known, needs cent-half-up or percent-0.001", name)
}

// String gives the name that an offer file uses.
func (q Quote) String() string {
	if q == PercentHalfUp {
		return "percent-0.001"
	}
	return "cent-half-up"
}

// Per is the principal that the quote is for: 1,000 or 100.
func (q Quote) Per() int64 {
	if q == PercentHalfUp {
		return 100
	}
	return 1000
}

func (q Quote) decimals() int {
	if q == PercentHalfUp {
		return 3
	}
	return 2
}

// Round rounds the clean price as quoted. It fails with [ErrUndecided] where the
// error bound leaves two answers; [Bond.Consideration] then takes more digits.
func (p Price) Round(q Quote) (money.Decimal, error) {
	per := big.NewRat(q.Per(), 100)
	return roundWithin(new(big.Rat).Mul(p.Clean, per), new(big.Rat).Mul(p.ErrorBound, per), q.decimals())
}

// roundWithin rounds half up what lies within bound of x, if there is one answer.
func roundWithin(x, bound *big.Rat, decimals int) (money.Decimal, error) {
	low, errLow := money.RoundDecimal(new(big.Rat).Sub(x, bound), decimals, money.HalfUp)
	high, errHigh := money.RoundDecimal(new(big.Rat).Add(x, bound), decimals, money.HalfUp)
	switch {
	case errLow != nil:
		return money.Decimal{}, errLow
	case errHigh != nil:
		return money.Decimal{}, errHigh
	case low != high:
		return money.Decimal{}, ErrUndecided
	}
	return low, nil
}

// Consideration is what is paid for the notes at a yield, without accrued
// interest, per [Quote.Per] of principal. The rounding is that of the true
// price: where the error bound straddles a half, the price is worked out again
// with twice the digits, or exactly where it is a ratio. It fails as
// [Bond.Price] does, and with [ErrUndecided] if 1,200 digits do not tell.
func (b Bond) Consideration(yield money.Decimal, settlement calendar.Date, q Quote) (money.Decimal, error) {
	v, r, err := b.at(yield, settlement)
	if err != nil {
		return money.Decimal{}, err
	}
	var rounded money.Decimal
	err = v.decide(r, func(p Price) error {
		rounded, err = p.Round(q)
		return err
	})
	if err != nil {
		return money.Decimal{}, fmt.Errorf("consideration at %s%%: %w", yield, err)
	}
	return rounded, nil
}

// decide asks a question of the price, with more digits as long as the answer is
// ErrUndecided.
func (v valuation) decide(r rate, ask func(Price) error) error {
	err := ask(v.price(v.present(r, startBits)))
	if !errors.Is(err, ErrUndecided) {
		return err
	}
	if exact := v.exact(r, true); exact != nil {
		p := v.price(newBall(new(big.Rat), startBits))
		p.Dirty.Mul(exact, hundred)
		p.Clean.Add(p.Clean, p.Dirty)
		return ask(p)
	}
	for prec := uint(2 * startBits); prec <= mostBits && errors.Is(err, ErrUndecided); prec *= 2 {
		err = ask(v.price(v.present(r, prec)))
	}
	return err
}

// compareClean is the sign of clean price - target, given in percent.
func (v valuation) compareClean(r rate, target *big.Rat) (int, error) {
	sign := 0
	err := v.decide(r, func(p Price) error {
		over := new(big.Rat).Sub(p.Clean, target)
		if sign = over.Sign(); over.Abs(over).Cmp(p.ErrorBound) <= 0 && p.ErrorBound.Sign() != 0 {
			return ErrUndecided
		}
		return nil
	})
	return sign, err
}

// ToParCall gives the bond as offers price notes with a par call: to the par
// call date if their price at that date and yield is above par, else to
// maturity. Once the par call date has come, it is no longer looked at.
func (b Bond) ToParCall(parCall calendar.Date, yield money.Decimal, settlement calendar.Date) (Bond, error) {
	if !settlement.Before(parCall) {
		return b, nil
	}
	called := b.To(parCall, money.DecimalOf(100, 0))
	v, r, err := called.at(yield, settlement)
	if err != nil {
		return Bond{}, err
	}
	sign, err := v.compareClean(r, hundred)
	if err != nil {
		return Bond{}, fmt.Errorf("par call %s at %s%%: %w", parCall, yield, err)
	}
	if sign > 0 {
		return called, nil
	}
	return b, nil
}
