package offer

import (
	"fmt"
	"slices"

	"tenderbook/money"
)

// maxBids bounds the bid grid of an auction: real ones have some hundred steps.
const maxBids = 10_000

// yieldKinds are the kinds of pricing whose price follows from a yield.
var yieldKinds = []string{"fixed-spread", "auction-spread"}

// auctionKinds are the kinds of pricing by bids.
var auctionKinds = []string{"auction-price", "auction-spread"}

func (c *checker) checkPricing(i int, s *Series) {
	p := s.Pricing
	c.checkAuctionPricing(i, s)
	if p == nil || p.Kind == "" {
		return
	}
	at := func(key ...any) []any { return append(keys("series", i, "pricing"), key...) }
	needs := func(key, why string) {
		if !c.has(at(key)...) {
			c.missing(at(key), why, "")
		}
	}
	if slices.Contains(yieldKinds, p.Kind) {
		needs("reference", "the security that the spread is over")
		needs("convention", "how a price follows from a yield: frequency, day_count, round")
		c.checkPricedTo(i, s)
	}
	switch {
	case p.Kind == "fixed-spread":
		needs("spread_bp", "the spread in basis points")
	case c.has(at("spread_bp")...):
		c.wrong(at("spread_bp"), fmt.Sprintf("stands with kind: %s", p.Kind), "kind: fixed-spread", "")
	}
	if p.EarlyPayment.Sign() < 0 {
		c.wrong(at("early_payment"), fmt.Sprintf("%s is below zero", p.EarlyPayment), "a payment per 1,000", "")
	}
	if p.EarlyPayment.Sign() > 0 && !c.has("dates", "early_tender") {
		c.missing(keys("dates", "early_tender"), fmt.Sprintf("the early tender deadline: series %s has an early payment", s.ID), "")
	}
	c.checkRange(i, p)
	c.checkTenderYield(i, s)
	c.tryPrice(i, s)
}

// checkPricedTo wants the dates and the coupon that a yield needs.
func (c *checker) checkPricedTo(i int, s *Series) {
	if !c.has("series", i, "maturity") {
		c.missing(keys("series", i, "maturity"), "the last day of the notes, as their price comes from a yield", "")
	}
	if !c.has("series", i, "interest") {
		c.missing(keys("series", i, "interest"), "the coupon, as the price comes from a yield", "")
	}
	toCall := s.Pricing.To == "par-call" || s.Pricing.To == "earlier-of-par-call-and-maturity"
	if toCall && !c.has("series", i, "pricing", "par_call") {
		c.missing(keys("series", i, "pricing", "par_call"), fmt.Sprintf("the par call date, as the notes are priced to: %s", s.Pricing.To), "")
	}
	if call := s.Pricing.ParCall; !call.IsZero() && !s.Maturity.IsZero() && call.After(s.Maturity) {
		c.wrong(keys("series", i, "pricing", "par_call"), fmt.Sprintf("%s lies after maturity, %s", call, s.Maturity), "a day before it", "")
	}
}

// checkAuctionPricing keeps auctions and other orders apart.
func (c *checker) checkAuctionPricing(i int, s *Series) {
	order := c.terms.Acceptance.Order
	bids := s.Pricing != nil && slices.Contains(auctionKinds, s.Pricing.Kind)
	switch {
	case bids && order != "" && order != "auction":
		c.wrong(keys("series", i, "pricing", "kind"), fmt.Sprintf("%q stands with acceptance.order: %s", s.Pricing.Kind, order), "order: auction", "")
	case order != "auction":
	case !bids && (s.Pricing == nil || s.Pricing.Kind != ""):
		c.missing(keys("series", i, "pricing"), "kind: auction-price or auction-spread with its range of bids, as order is auction", "")
	case bids && c.terms.Series[0].Pricing != nil && c.terms.Series[0].Pricing.Kind != s.Pricing.Kind:
		c.wrong(keys("series", i, "pricing", "kind"), fmt.Sprintf("%q stands beside %q: bids of series compare with each other", s.Pricing.Kind, c.terms.Series[0].Pricing.Kind), "one kind for all series", "")
	}
	if bids && c.has("series", i, "consideration") {
		c.wrong(keys("series", i, "consideration"), fmt.Sprintf("stands beside kind: %s, in which bids make the price", s.Pricing.Kind), "one of the two", "")
	}
	if order == "auction" && len(s.Levels) > 1 {
		c.wrong(keys("series", i, "levels"), "stands with order: auction, in which levels do not matter", "to be left out", "")
	}
}

// checkRange checks the range and the grid of the bids.
func (c *checker) checkRange(i int, p *Pricing) {
	at := func(key string) []any { return keys("series", i, "pricing", key) }
	if !slices.Contains(auctionKinds, p.Kind) {
		for _, key := range []string{"base", "minimum", "maximum", "increment"} {
			if c.has(at(key)...) {
				c.wrong(at(key), fmt.Sprintf("stands with kind: %s", p.Kind), "kind: auction-price or auction-spread", "")
			}
		}
		return
	}
	c.fillBase(i, p)
	for _, key := range []string{"base", "minimum", "maximum", "increment"} {
		if !c.has(at(key)...) && (key != "base" || !c.sideBySide()) {
			c.missing(at(key), pricingKeys.doc(key), "")
			return
		}
	}
	switch {
	case p.Increment.Sign() <= 0:
		c.wrong(at("increment"), fmt.Sprintf("%s is not a step", p.Increment), "a number above zero", "")
	case p.Minimum.Cmp(p.Maximum) > 0:
		c.wrong(at("maximum"), fmt.Sprintf("%s is below the minimum %s", p.Maximum, p.Minimum), "a number not below it", "")
	case !c.onGrid(at("minimum"), p, p.Minimum) || !c.onGrid(at("maximum"), p, p.Maximum):
	default:
		low, _ := p.Steps(p.Minimum)
		high, _ := p.Steps(p.Maximum)
		if n := max(high-low, low-high); n >= maxBids {
			c.wrong(at("increment"), fmt.Sprintf("%s makes %d bids from %s to %s", p.Increment, n+1, p.Minimum, p.Maximum), fmt.Sprintf("at most %d", maxBids), "")
		}
		c.checkSameRange(i, p)
	}
}

func (c *checker) onGrid(at []any, p *Pricing, bid money.Decimal) bool {
	if _, err := p.Steps(bid); err != nil {
		c.wrong(at, err.Error(), fmt.Sprintf("a whole number of steps of %s from the base %s", p.Increment, p.Base), "")
		return false
	}
	return true
}

// sideBySide reports whether each series is an auction of its own.
func (c *checker) sideBySide() bool {
	a := c.terms.Acceptance.Auction
	return a != nil && a.By == "series"
}

// fillBase takes the end of the range that is best for the offeror as base, where
// bids do not compare across series.
func (c *checker) fillBase(i int, p *Pricing) {
	if !c.sideBySide() {
		return
	}
	if c.has("series", i, "pricing", "base") {
		c.wrong(keys("series", i, "pricing", "base"), "stands with acceptance.auction.by: series, where bids do not compare across series", "to be left out", "")
		return
	}
	p.Base = p.Minimum
	if p.Kind == "auction-spread" {
		p.Base = p.Maximum
	}
}

// checkSideBySide wants caps over one series each.
func (c *checker) checkSideBySide() {
	if !c.sideBySide() {
		return
	}
	for i, k := range c.terms.Caps {
		covered := 0
		for _, s := range c.terms.Series {
			if k.Covers(s.ID) {
				covered++
			}
		}
		if covered > 1 {
			c.wrong(keys("caps", i, "series"), fmt.Sprintf("covers %d series, and acceptance.auction.by is series", covered), "one series", "a maximum of the series does the same; a cap over several makes them one auction")
		}
	}
}

// checkSameRange wants all ranges to reach equally far from their bases: a
// tender without a bid ranks at an end of the range, across all series.
func (c *checker) checkSameRange(i int, p *Pricing) {
	first := c.terms.Series[0].Pricing
	if c.sideBySide() && c.terms.Acceptance.Auction.NoBid != "range-limit" {
		return
	}
	if i == 0 || first == nil || first.Kind != p.Kind || first.Increment.Sign() <= 0 {
		return
	}
	for _, end := range []struct {
		key      string
		of, with money.Decimal
	}{{"minimum", p.Minimum, first.Minimum}, {"maximum", p.Maximum, first.Maximum}} {
		own, _ := p.Steps(end.of)
		other, err := first.Steps(end.with)
		if err == nil && own != other {
			c.wrong(keys("series", i, "pricing", end.key), fmt.Sprintf("lies %d steps from the base, that of series %s lies %d", max(own, -own), c.terms.Series[0].ID, max(other, -other)),
				"ranges that reach equally far from their bases, in the same steps", "bids of several series compare as premium over the base")
			return
		}
	}
}

// tryPrice prices the series once, if its price is determined, so that terms
// from which no price follows are refused here.
func (c *checker) tryPrice(i int, s *Series) {
	if len(c.problems) > 0 || !s.Determined() || c.has("series", i, "consideration") || slices.Contains(auctionKinds, s.Pricing.Kind) {
		return
	}
	for _, late := range []bool{false, true} {
		price, err := s.PriceAt(late, c.terms.Settlements())
		switch {
		case err != nil:
			c.wrong(keys("series", i, "pricing"), err.Error(), "terms from which a price follows", "")
			return
		case price.Amount.Sign() < 0:
			c.wrong(keys("series", i, "pricing", "early_payment"), fmt.Sprintf("leaves a price of %s", price.Amount), "a part of the price", "")
			return
		}
	}
}
