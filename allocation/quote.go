package allocation

import (
	"math"
	"math/big"
	"math/bits"
)

// A quote is what is paid for one minor unit of principal.
type quote struct {
	price                   *big.Rat
	consideration, interest rate
}

func quoteOf(price, interest *big.Rat) quote {
	return quote{price, rateOf(price), rateOf(interest)}
}

// money is the consideration and the interest for principal accepted and
// delivered, each rounded half up to the minor unit (section 9).
func (q *quote) money(principal int64) (consideration, interest int64) {
	return q.consideration.halfUp(principal), q.interest.halfUp(principal)
}

// A rate is minor units for one minor unit of principal, in a form that is quick
// to apply: num ÷ den where both are below 2^63, or the exact ratio.
type rate struct {
	num, den uint64
	exact    *big.Rat
}

func rateOf(r *big.Rat) rate {
	q := rate{exact: r}
	if r.Num().IsInt64() && r.Denom().IsInt64() {
		q.num, q.den = r.Num().Uint64(), r.Denom().Uint64()
	}
	return q
}

// tooMuch stands for money that does not fit 64 bits: a decision that pays so much
// is refused.
const tooMuch = math.MaxInt64

// halfUp is the money for principal, rounded half up, or tooMuch.
func (r *rate) halfUp(principal int64) int64 {
	if principal == 0 {
		return 0
	}
	if hi, lo := bits.Mul64(r.num, uint64(principal)); hi < r.den {
		q, rem := bits.Div64(hi, lo, r.den)
		if rem >= r.den-rem {
			q++
		}
		return int64(min(q, tooMuch))
	}
	x := new(big.Rat).SetInt64(principal)
	x.Mul(x, r.exact)
	twice := new(big.Int).Lsh(x.Num(), 1)
	twice.Add(twice, x.Denom())
	if twice.Quo(twice, new(big.Int).Lsh(x.Denom(), 1)); !twice.IsInt64() {
		return tooMuch
	}
	return twice.Int64()
}
