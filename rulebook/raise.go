package rulebook

import (
	"math/big"

	"tenderbook/money"
	"tenderbook/offer"
)

// A raise is an amount sought that became larger, all else being the same.
type raise struct {
	terms    *offer.Terms // before
	from, to money.Amount
	counts   string   // principal | purchase-price | purchase-price-and-interest
	series   []string // covered; nil: all
}

// shares is what part of a class the raise could buy more of: of the smallest
// series it covers, where all of it may go, and of all of them together.
//
// Units: principal ÷ principal outstanding. ok is false where an outstanding
// amount, a price or an exchange rate is missing. A raise in money is turned
// into principal at the lowest late price, which buys most; an early or an
// interest part would only make it less.
func (r *raise) shares() (ofSmallest, ofAll *big.Rat, ok bool) {
	var smallest *big.Rat
	all := new(big.Rat)
	more := new(big.Rat).SetInt64(r.to.Minor - r.from.Minor)
	lowest := big.NewRat(1, 1) // price of one unit of principal
	for i, x := range r.covered() {
		outstanding, okAmount := r.inCapCurrency(x.Outstanding)
		price, okPrice := r.price(x)
		if !okAmount || !okPrice || outstanding.Sign() <= 0 {
			return nil, nil, false
		}
		if smallest == nil || outstanding.Cmp(smallest) < 0 {
			smallest = outstanding
		}
		if i == 0 || price.Cmp(lowest) < 0 {
			lowest = price
		}
		all.Add(all, outstanding)
	}
	if smallest == nil {
		return nil, nil, false
	}
	more.Quo(more, lowest)
	return new(big.Rat).Quo(more, smallest), new(big.Rat).Quo(more, all), true
}

func (r *raise) covered() []offer.Series {
	var found []offer.Series
	for _, x := range r.terms.Series {
		if r.series == nil || contains(r.series, x.ID) {
			found = append(found, x)
		}
	}
	return found
}

// price is what one unit of principal takes of the cap.
func (r *raise) price(x offer.Series) (*big.Rat, bool) {
	if r.counts == "principal" || r.counts == "" {
		return big.NewRat(1, 1), true
	}
	if x.Price.Per.Sign() <= 0 || x.Price.TenderOffer.Sign() <= 0 {
		return nil, false
	}
	return new(big.Rat).Quo(x.Price.TenderOffer.Rat(), x.Price.Per.Rat()), true
}

func (r *raise) inCapCurrency(a money.Amount) (*big.Rat, bool) {
	v := new(big.Rat).SetInt64(a.Minor)
	if a.Currency == r.to.Currency {
		return v, true
	}
	for _, rate := range r.terms.Rates {
		if rate.From == a.Currency && rate.To == r.to.Currency {
			return v.Mul(v, rate.Minor()), true
		}
		if rate.To == a.Currency && rate.From == r.to.Currency {
			return v.Quo(v, rate.Minor()), true
		}
	}
	return nil, false
}

// ratio is an exact fraction.
type ratio = big.Rat

var (
	hundred       = big.NewRat(100, 1)
	twoHundredths = big.NewRat(2, 100)
)

// small reports whether a raise is at most two percent of every class it may
// go to. A change that is no raise is not small.
func (r *raise) small() (of *ratio, small bool) {
	if r == nil {
		return nil, false
	}
	of, _, ok := r.shares()
	return of, ok && of.Cmp(twoHundredths) <= 0
}
