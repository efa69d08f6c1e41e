package bond

import (
	"fmt"
	"math/big"

	"tenderbook/calendar"
	"tenderbook/money"
)

// yieldDecimals is the grid on which yields are found: 10 decimals of a percent.
const yieldDecimals = 10

// A Yield is a yield in percent a year, caught between two neighbours with ten
// decimals. The prices at both ends have been shown to lie on either side of the
// price asked for; where Low and High are the same, that price is hit exactly.
type Yield struct {
	Low, High money.Decimal
}

// Round rounds the yield half up to at most nine decimals. It is the rounding of
// the true yield: no half lies between two neighbours of the grid.
func (y Yield) Round(decimals int) (money.Decimal, error) {
	if decimals < 0 || decimals >= yieldDecimals {
		return money.Decimal{}, fmt.Errorf("yield rounded to %d decimals, needs 0 to %d", decimals, yieldDecimals-1)
	}
	middle := y.Low.Rat()
	middle.Add(middle, y.High.Rat())
	return money.RoundDecimal(middle.Quo(middle, big.NewRat(2, 1)), decimals, money.HalfUp)
}

// Yield finds the yield at which the notes have a clean price, given in percent
// of principal. It fails if the terms are not sound, if the price with accrued
// interest is not positive, and if no yield up to a hundred million percent fits.
func (b Bond) Yield(clean money.Decimal, settlement calendar.Date) (Yield, error) {
	v, err := b.value(settlement)
	if err != nil {
		return Yield{}, err
	}
	dirty := new(big.Rat).Add(percent(clean), v.accrued.PerUnit)
	if dirty.Sign() <= 0 {
		return Yield{}, fmt.Errorf("price %s with accrued interest is not above zero", clean)
	}
	s := search{v: v, clean: clean.Rat(), dirty: &newBall(dirty, startBits).mid}
	low, high, err := s.bracket()
	if err != nil {
		return Yield{}, fmt.Errorf("yield at price %s: %w", clean, err)
	}
	low, high, err = s.narrow(low, high)
	return Yield{money.DecimalOf(low.yield, yieldDecimals), money.DecimalOf(high.yield, yieldDecimals)}, err
}

// A search looks for the yield of one price.
type search struct {
	v     valuation
	clean *big.Rat // percent
	dirty *big.Int // per 1, in units of 2^-startBits: for guesses only
}

// A trial is a yield on the grid with what its price is over the one asked for.
type trial struct {
	yield int64
	over  *big.Int // guess at the size, in units of 2^-startBits
	sign  int      // proved
}

func (s search) try(yield int64) (trial, error) {
	r, err := s.v.rate(money.DecimalOf(yield, yieldDecimals))
	if err != nil {
		return trial{}, err
	}
	present := s.v.present(r, startBits)
	t := trial{yield: yield, over: new(big.Int).Sub(&present.mid, s.dirty)}
	if t.sign = t.over.Sign(); t.over.CmpAbs(new(big.Int).Add(&present.rad, two)) <= 0 {
		t.sign, err = s.v.compareClean(r, s.clean)
	}
	return t, err
}

// bracket finds a yield that is too low and one that is too high, from zero out.
// A price falls as the yield rises.
func (s search) bracket() (low, high trial, err error) {
	const unit = 1e10 // a percent on the grid
	zero, err := s.try(0)
	if err != nil || zero.sign == 0 {
		return zero, zero, err
	}
	bottom := -100 * unit * int64(s.v.bond.Convention.Frequency)
	for low, high = zero, zero; ; {
		if zero.sign > 0 { // out to 10, 40, 160, ... percent
			low = high
			if high, err = s.try(max(10*unit, 4*high.yield)); err != nil || high.sign <= 0 {
				return low, high, err
			}
			if high.yield > 1e8*unit/4 {
				return low, high, fmt.Errorf("needs more than %s%%", money.DecimalOf(high.yield/unit, 0))
			}
		} else { // down halfway to the loss of everything, and halfway again
			high = low
			if low, err = s.try(low.yield + (bottom-low.yield)/2); err != nil || low.sign >= 0 {
				return low, high, err
			}
			if bottom-low.yield > -100 {
				return low, high, fmt.Errorf("needs less than %s%%", money.DecimalOf(low.yield, yieldDecimals))
			}
		}
	}
}

// narrow closes in until the two yields are neighbours, by false position with
// the Illinois rule: an end that stays twice counts half.
func (s search) narrow(low, high trial) (trial, trial, error) {
	for stayed := 0; ; {
		switch {
		case low.sign == 0:
			return low, low, nil
		case high.sign == 0:
			return high, high, nil
		case high.yield-low.yield == 1:
			return low, high, nil
		}
		mid, err := s.try(between(low, high))
		if err != nil {
			return low, high, err
		}
		if mid.sign >= 0 {
			if low = mid; stayed > 0 {
				high.over = new(big.Int).Quo(high.over, two)
			}
			stayed = 1
		}
		if mid.sign <= 0 {
			if high = mid; stayed < 0 {
				low.over = new(big.Int).Quo(low.over, two)
			}
			stayed = -1
		}
	}
}

// between is where the line through two trials meets zero, kept off both ends.
func between(low, high trial) int64 {
	width := big.NewInt(high.yield - low.yield)
	drop := new(big.Int).Sub(low.over, high.over)
	if drop.Sign() <= 0 {
		return low.yield + (high.yield-low.yield)/2
	}
	step := width.Mul(width, low.over)
	step.Quo(step, drop)
	return min(max(low.yield+step.Int64(), low.yield+1), high.yield-1)
}
