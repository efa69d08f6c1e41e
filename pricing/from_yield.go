package pricing

import (
	"errors"
	"fmt"
	"math/big"

	"tenderbook/bond"
	"tenderbook/money"
	"tenderbook/offer"
)

// errProof is a price that its proof does not bear out: a bug.
var errProof = errors.New("the proof does not give the price")

// fromYield prices from the reference yield and the spread. Early and late
// tenders are priced to the same day unless the terms say otherwise.
func (p *pricer) fromYield(d *Determination) error {
	s, err := p.reference(d)
	if err != nil {
		return err
	}
	d.SpreadBP = s.Pricing.SpreadBP
	if s.Pricing.Kind == "auction-spread" {
		d.SpreadBP = p.given.Bids[s.ID]
	}
	if d.Yield, err = s.Pricing.Yield(d.SpreadBP); err != nil {
		return err
	}
	d.PricedAt = s.Pricing.PricedAt(d.Late, p.settle)
	on := offer.Settlements{Early: d.PricedAt, Late: d.PricedAt}
	if s.Pricing.Kind == "auction-spread" {
		err = d.take(s.PriceAtBid(d.SpreadBP, false, on))
	} else {
		err = d.take(s.PriceAt(false, on))
	}
	if err != nil {
		return err
	}
	return d.workOut()
}

// reference finds the yield, and gives the series as it is priced with it.
func (p *pricer) reference(d *Determination) (*offer.Series, error) {
	var err error
	s := p.series
	if d.Hypothetical = p.given.Hypothetical && p.hypothetical() != nil; !d.Hypothetical {
		if d.Reference, err = p.terms.ReferenceYield(s); err != nil {
			return nil, err
		}
		d.NeedsHuman = unseen(d.Reference.Reference)
		return s, nil
	}
	supposed, pricing := *s, *s.Pricing
	d.Reference = offer.ReferenceYield{Reference: p.terms.Reference(s), Value: *p.hypothetical()}
	pricing.ReferenceYield = &d.Reference.Value
	supposed.Pricing = &pricing
	return &supposed, nil
}

func (p *pricer) hypothetical() *money.Decimal {
	if r := p.terms.Reference(p.series); r != nil {
		return r.Hypothetical
	}
	return nil
}

// workOut works the price out payment by payment, and holds it against the one
// that the terms gave.
func (d *Determination) workOut() error {
	var err error
	if d.Bond, d.Quote, err = d.Series.Bond(d.Yield, d.PricedAt); err != nil {
		return err
	}
	if d.Exact, err = d.Bond.Discount(d.Yield, d.PricedAt); err != nil {
		return err
	}
	if d.Workout, err = workoutOf(d.Series, d.Yield, d.PricedAt, d.Exact.Price.To); err != nil {
		return err
	}
	byFlows, err := sum(d.Exact).Round(d.Quote)
	if errors.Is(err, bond.ErrUndecided) {
		return nil // nearer to a half than the proof can tell: the price took more digits
	}
	if err == nil && byFlows.Cmp(d.Total) != 0 {
		err = fmt.Errorf("%w: payments add up to %s, the price is %s", errProof, byFlows, d.Total)
	}
	return err
}

// sum adds the discounted payments up.
func sum(x bond.Discounting) bond.Price {
	p := bond.Price{Accrued: x.Price.Accrued, To: x.Price.To, Dirty: new(big.Rat), ErrorBound: new(big.Rat)}
	hundred := big.NewRat(100, 1)
	for _, f := range x.Flows {
		amount := new(big.Rat).Add(f.Interest, f.Principal)
		amount.Mul(amount, hundred)
		p.Dirty.Add(p.Dirty, new(big.Rat).Mul(amount, f.Factor.Value))
		p.ErrorBound.Add(p.ErrorBound, amount.Mul(amount, f.Factor.ErrorBound))
	}
	p.Clean = new(big.Rat).Mul(p.Accrued.PerUnit, hundred)
	p.Clean.Sub(p.Dirty, p.Clean)
	return p
}
