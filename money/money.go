// Package money holds exact amounts, prices and exchange rates.
//
// It is arithmetic without surprises: an [Amount] is a whole number of the
// smallest unit of its currency, a [Decimal] is what a person typed, and a
// division names the [Rounding] it uses. Nothing here is a float, nothing
// overflows silently and nothing is rounded without being asked.
//
// # Units
//
// Amounts count minor units (cents for USD). Principal is an amount too: the
// engine does not tell a thousand dollars of notes from a thousand dollars of
// cash; the name of the field does. Prices are decimals per 1,000 of principal
// or whatever "per" the terms name.
package money

import (
	"errors"
	"fmt"
	"math/big"
	"math/bits"
)

// ErrOverflow is returned when a result does not fit 64 bits.
var ErrOverflow = errors.New("amount does not fit 64 bits")

// A Rounding says what a division does with what is left over.
type Rounding uint8

// The roundings. Each place that rounds names one of them.
const (
	Exact    Rounding = iota // refuse a remainder
	Down                     // towards zero
	HalfUp                   // to the nearest, halves away from zero
	HalfEven                 // to the nearest, halves to the even neighbour
)

// ErrInexact is returned by an [Exact] division that leaves a remainder.
var ErrInexact = errors.New("division leaves a remainder")

// MulDiv returns a × b ÷ d, rounded as named, with the product held in 128
// bits. It fails with [ErrOverflow] if the quotient does not fit an int64 and
// with [ErrInexact] if an Exact division leaves a remainder. The divisor must
// be positive; a zero or negative one is a bug and panics.
func MulDiv(a, b, d int64, r Rounding) (int64, error) {
	if d <= 0 {
		panic("money: MulDiv by a divisor that is not positive")
	}
	negative := (a < 0) != (b < 0)
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi >= uint64(d) {
		return 0, ErrOverflow
	}
	q, rem := bits.Div64(hi, lo, uint64(d))
	up, err := roundsUp(q, rem, uint64(d), r)
	if err != nil {
		return 0, err
	}
	if up {
		q++
		if q == 0 {
			return 0, ErrOverflow
		}
	}
	return signed(q, negative)
}

// RoundRat rounds an exact ratio to a whole number as named. It fails as
// [MulDiv] does.
func RoundRat(x *big.Rat, r Rounding) (int64, error) {
	abs := new(big.Int).Abs(x.Num())
	q, rem := new(big.Int).QuoRem(abs, x.Denom(), new(big.Int))
	up := false
	if rem.Sign() != 0 {
		twice := rem.Lsh(rem, 1).Cmp(x.Denom())
		switch r {
		case Exact:
			return 0, ErrInexact
		case HalfUp:
			up = twice >= 0
		case HalfEven:
			up = twice > 0 || twice == 0 && q.Bit(0) == 1
		}
	}
	if up {
		q.Add(q, big.NewInt(1))
	}
	if x.Sign() < 0 {
		q.Neg(q)
	}
	if !q.IsInt64() {
		return 0, ErrOverflow
	}
	return q.Int64(), nil
}

func roundsUp(q, rem, d uint64, r Rounding) (bool, error) {
	if rem == 0 {
		return false, nil
	}
	half := d - rem // compared with rem, so that 2*rem cannot overflow
	switch r {
	case Exact:
		return false, ErrInexact
	case HalfUp:
		return rem >= half, nil
	case HalfEven:
		return rem > half || rem == half && q&1 == 1, nil
	default:
		return false, nil
	}
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v) // two's complement: right for the least int64 too
	}
	return uint64(v)
}

func signed(q uint64, negative bool) (int64, error) {
	switch {
	case negative && q <= 1<<63:
		return int64(-q), nil
	case !negative && q < 1<<63:
		return int64(q), nil
	}
	return 0, ErrOverflow
}

// An Amount is a whole number of minor units of one currency.
type Amount struct {
	Minor    int64 // minor units: cents for USD, yen for JPY
	Currency Currency
}

// New returns an amount of minor units.
func New(minor int64, c Currency) Amount { return Amount{minor, c} }

// ParseAmount reads what a person writes for an amount in a known currency:
// 1203652000, 1_203_652_000, 1,203,652,000 or 12.50. More decimals than the
// currency has are refused, even zeros that would not change the value of a
// yen amount, and so are groups that are not of three digits.
func ParseAmount(s string, c Currency) (Amount, error) {
	d, err := ParseDecimal(s)
	if err != nil {
		return Amount{}, err
	}
	if d.scale > c.Digits {
		return Amount{}, fmt.Errorf("%q has %d decimals, %s has %d", s, d.scale, c.Code, c.Digits)
	}
	m, err := MulDiv(d.coef, pow10[c.Digits-d.scale], 1, Exact)
	if err != nil {
		return Amount{}, fmt.Errorf("%q: %w", s, err)
	}
	return Amount{m, c}, nil
}

// Add returns a + b. It fails if the currencies differ or the sum overflows.
func (a Amount) Add(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("cannot add %s to %s", b.Currency.Code, a.Currency.Code)
	}
	sum := a.Minor + b.Minor
	if (sum > a.Minor) != (b.Minor > 0) {
		return Amount{}, ErrOverflow
	}
	return Amount{sum, a.Currency}, nil
}

// Sub returns a - b. It fails if the currencies differ or the difference
// overflows.
func (a Amount) Sub(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("cannot subtract %s from %s", b.Currency.Code, a.Currency.Code)
	}
	diff := a.Minor - b.Minor
	if (diff < a.Minor) != (b.Minor > 0) {
		return Amount{}, ErrOverflow
	}
	return Amount{diff, a.Currency}, nil
}

// String gives the plain decimal with all digits of the currency:
// "1104727255.00". It is what goes into CSV and JSON.
func (a Amount) String() string {
	return Decimal{a.Minor, a.Currency.Digits}.String()
}

// Grouped gives the decimal with thousands separated and no decimals where
// they are all zero: "1,104,727,255" or "213,909,377.50". It is for people.
func (a Amount) Grouped() string { return Group(trimZeroDecimals(a.String())) }

// GroupedFull is [Amount.Grouped] with all decimals of the currency, as money
// columns have them: "116,100,000.00".
func (a Amount) GroupedFull() string { return Group(a.String()) }
