package offer

import (
	"fmt"
	"math/big"

	"tenderbook/allocation"
	"tenderbook/money"
)

// auction fills in the terms of a modified Dutch auction. Every price of the
// grid is worked out at once, so that a range of bids from which no price
// follows is refused before a tender is looked at.
func (t *Terms) auction(out *allocation.Terms, settle Settlements) error {
	a := t.Acceptance.Auction
	if a == nil {
		return fmt.Errorf("acceptance.auction is missing")
	}
	var errs []error
	choose(&errs, "auction.no_bid", a.NoBid, noBids, &out.Auction.NoBid)
	if len(errs) > 0 {
		return errs[0]
	}
	out.Auction.PaysBid, out.Auction.BySeries = a.Pays == "bid", a.By == "series"
	out.Auction.ProrateAll = a.Prorate == "all"
	var grids []bidPrices
	for i := range t.Series {
		s := &t.Series[i]
		if s.Pricing == nil {
			return fmt.Errorf("series %s has no range of bids", s.ID)
		}
		g, err := s.bidPrices(settle)
		if err != nil {
			return fmt.Errorf("series %s: %w", s.ID, err)
		}
		if i == 0 {
			out.Auction.Best, out.Auction.Worst = g.best, g.worst
		}
		out.Auction.Worst = max(out.Auction.Worst, g.worst) // ranges differ only side by side, where no tender ranks with the worst
		grids = append(grids, g)
	}
	out.Auction.Price = func(series int, timing allocation.Timing, bid int64) *big.Rat {
		return grids[series].at(timing, bid)
	}
	return nil
}

// bidPrices are the prices per unit of principal at each bid of a range.
type bidPrices struct {
	best, worst int64 // in steps
	prices      [2][]*big.Rat
}

// at is the price at a bid. Bids outside the range are refused at intake; here
// they count as its nearer end.
func (g bidPrices) at(timing allocation.Timing, bid int64) *big.Rat {
	return g.prices[timing][min(max(bid, g.best), g.worst)-g.best]
}

func (s *Series) bidPrices(settle Settlements) (g bidPrices, err error) {
	if g.best, err = s.Pricing.best(); err != nil {
		return g, err
	}
	if g.worst, err = s.Pricing.worst(); err != nil {
		return g, err
	}
	if g.worst < g.best || g.worst-g.best >= maxBids {
		return g, fmt.Errorf("bids from %s to %s in steps of %s: needs 1 to %d", s.Pricing.Minimum, s.Pricing.Maximum, s.Pricing.Increment, maxBids)
	}
	for _, timing := range []allocation.Timing{allocation.Early, allocation.Late} {
		for steps := g.best; steps <= g.worst; steps++ {
			price, err := s.priceAtBid(steps, timing == allocation.Late, settle)
			if err != nil {
				return g, err
			}
			g.prices[timing] = append(g.prices[timing], price.PerUnit())
		}
	}
	return g, nil
}

// PriceAtBid is the price at a bid, a price per 1,000 or a spread in basis
// points. It fails with [ErrUndetermined] for a spread over a yield that is not
// known yet.
func (s *Series) PriceAtBid(bid money.Decimal, late bool, settle Settlements) (Priced, error) {
	if err := s.Pricing.CheckBid(bid); err != nil {
		return Priced{}, err
	}
	if s.Pricing.Kind == "auction-spread" && s.Pricing.ReferenceYield == nil {
		return Priced{}, fmt.Errorf("series %s: %w", s.ID, ErrUndetermined)
	}
	steps, err := s.Pricing.Steps(bid)
	if err != nil {
		return Priced{}, err
	}
	return s.priceAtBid(steps, late, settle)
}

func (s *Series) priceAtBid(steps int64, late bool, settle Settlements) (Priced, error) {
	bid, err := s.Pricing.Bid(steps)
	if err != nil {
		return Priced{}, err
	}
	if s.Pricing.Kind == "auction-price" {
		return s.Pricing.lessEarly(Priced{Amount: bid, Per: s.QuotedFor(), Late: late})
	}
	if s.Pricing.ReferenceYield == nil {
		return Priced{Per: money.DecimalOf(1000, 0), Late: late}, nil // only where no cap counts money: see Allocation
	}
	yield, err := s.Pricing.Yield(bid)
	if err != nil {
		return Priced{}, err
	}
	return s.priceAtYield(yield, late, s.Pricing.PricedAt(late, settle))
}
