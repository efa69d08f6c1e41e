package offer

import (
	"fmt"
	"math/big"

	"tenderbook/money"
)

// Steps turns a bid, a price per 1,000 or a spread in basis points, into the
// steps from the base that package allocation compares: a lower number is
// better for the offeror, so that a spread above the base gives a negative one.
// It fails for a bid that is not on the grid.
func (p *Pricing) Steps(bid money.Decimal) (int64, error) {
	x := new(big.Rat).Sub(bid.Rat(), p.Base.Rat())
	x.Quo(x, p.Increment.Rat())
	if !x.IsInt() || !x.Num().IsInt64() {
		return 0, fmt.Errorf("bid %s is not on the grid", bid)
	}
	if p.Kind == "auction-spread" {
		x.Neg(x)
	}
	return x.Num().Int64(), nil
}

// Bid turns steps from the base back into the bid.
func (p *Pricing) Bid(steps int64) (money.Decimal, error) {
	if p.Kind == "auction-spread" {
		steps = -steps
	}
	x := new(big.Rat).Mul(p.Increment.Rat(), new(big.Rat).SetInt64(steps))
	x.Add(x, p.Base.Rat())
	return money.RoundDecimal(x, max(p.Increment.Scale(), p.Base.Scale()), money.Exact)
}

// CheckBid says what is wrong with a bid, or nil.
func (p *Pricing) CheckBid(bid money.Decimal) error {
	if bid.Cmp(p.Minimum) < 0 || bid.Cmp(p.Maximum) > 0 {
		return fmt.Errorf("bid %s lies outside the range: needs %s to %s", bid, p.Minimum, p.Maximum)
	}
	if _, err := p.Steps(bid); err != nil {
		return fmt.Errorf("%w: needs a whole number of steps of %s from %s", err, p.Increment, p.Base)
	}
	return nil
}

// best and worst are the ends of the range, for the offeror, in steps.
func (p *Pricing) best() (int64, error) {
	if p.Kind == "auction-spread" {
		return p.Steps(p.Maximum)
	}
	return p.Steps(p.Minimum)
}

func (p *Pricing) worst() (int64, error) {
	if p.Kind == "auction-spread" {
		return p.Steps(p.Minimum)
	}
	return p.Steps(p.Maximum)
}
