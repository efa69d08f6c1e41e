package report

import (
	"fmt"

	"tenderbook/allocation"
	"tenderbook/money"
)

// A SummaryClearing is where the auction cleared for one series: the bid, and
// what it pays.
type SummaryClearing struct {
	Series    string `json:"series"`
	Bid       string `json:"bid"`  // as holders bid: a price, or a spread in basis points
	Kind      string `json:"kind"` // price | spread
	Price     string `json:"price,omitempty"`
	LatePrice string `json:"late_price,omitempty"` // where late tenders are paid less
	Per       string `json:"per"`                  // principal, or shares, that prices are for
}

// clearingSteps is the clearing bid of a series, in steps from its base; nil
// outside an auction and where nothing was tendered.
func (v *view) clearingSteps(i int) *int64 {
	if v.Decision == nil || v.Alloc.Order != allocation.Auction {
		return nil
	}
	return v.Decision.ClearingBids[i]
}

// bidText gives a bid, in steps, as holders bid it: "$1,030.00", "125 bp".
func (v *view) bidText(i int, steps int64) string {
	s := v.series[i]
	if s.Pricing == nil {
		return ""
	}
	bid, err := s.Pricing.Bid(steps)
	switch {
	case err != nil:
		return ""
	case s.Pricing.Kind == "auction-spread":
		return bid.String() + " bp"
	}
	return priceCell(bid, s.Currency).Show
}

// clearings are the clearing bids by series, with what they pay.
func (v *view) clearings() (all []SummaryClearing) {
	for i, s := range v.series {
		steps := v.clearingSteps(i)
		if steps == nil || s.Pricing == nil {
			continue
		}
		bid, err := s.Pricing.Bid(*steps)
		if err != nil {
			continue // no bid of a checked grid
		}
		c := SummaryClearing{Series: s.ID, Bid: bid.String(), Kind: "price", Per: s.per().String()}
		if s.Pricing.Kind == "auction-spread" {
			c.Kind = "spread"
		}
		if !v.Alloc.Auction.PaysBid {
			c.Price = v.clearingPrice(i, allocation.Early)
			if late := v.clearingPrice(i, allocation.Late); v.hasEarlyPayment() && late != c.Price {
				c.LatePrice = late
			}
		}
		all = append(all, c)
	}
	return all
}

// clearingPrice is what the clearing bid pays, per so much principal; "" while
// no price follows from it.
func (v *view) clearingPrice(i int, t allocation.Timing) string {
	price := v.Alloc.Auction.Price(i, t, *v.clearingSteps(i))
	if price == nil || price.Sign() == 0 {
		return ""
	}
	return v.series[i].ratPrice(price).Plain
}

// clearingSentences say at which bid the auction cleared.
func (v *view) clearingSentences() (notes []string) {
	for i, s := range v.series {
		steps := v.clearingSteps(i)
		if steps == nil || s.Pricing == nil {
			continue
		}
		note := fmt.Sprintf("%s: cleared at %s", s.Title, v.bidText(i, *steps))
		if s.Pricing.Kind == "auction-price" {
			note += " per " + v.perWords(s)
		}
		if v.Alloc.Auction.PaysBid {
			notes = append(notes, note+"; each accepted tender is paid its own bid.")
			continue
		}
		early, late := v.clearingPrice(i, allocation.Early), v.clearingPrice(i, allocation.Late)
		pays := func(price string) string { return mark(s.Currency) + money.Group(price) + " per " + v.perWords(s) }
		switch {
		case early == "":
			note += "; the price follows when the reference yield is known"
		case v.hasEarlyPayment() && early != late:
			note += fmt.Sprintf(", which pays %s, and %s to late tenders", pays(early), mark(s.Currency)+money.Group(late))
		case s.Pricing.Kind == "auction-spread":
			note += ", which pays " + pays(early)
		}
		notes = append(notes, note+".")
	}
	return notes
}
