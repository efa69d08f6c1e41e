package offer

import (
	"fmt"
	"strings"

	"tenderbook/calendar"
	"tenderbook/money"
)

// Yields that are taken, in percent. Beyond them a price was typed, or a ratio.
var leastYield, mostYield = money.DecimalOf(-1, 0), money.DecimalOf(30, 0)

// checkReferences checks the shared references, and fills in what follows from
// each series' reference.
func (c *checker) checkReferences() {
	first := map[string]int{}
	for i := range c.terms.References {
		r := &c.terms.References[i]
		c.checkUnique(first, r.ID, "reference", "references", i, "id")
		c.checkReference(keys("references", i), r)
	}
	for i := range c.terms.Series {
		p := c.terms.Series[i].Pricing
		if p == nil || !c.has("series", i, "pricing", "reference") {
			continue
		}
		at := keys("series", i, "pricing", "reference")
		if p.Reference.ID == "" {
			c.checkReference(at, &p.Reference)
		}
		c.resolve(at, &c.terms.Series[i])
	}
}

// checkReference checks what one reference says for itself.
func (c *checker) checkReference(at []any, r *Reference) {
	in := func(key ...any) []any { return append(at[:len(at):len(at)], key...) }
	for _, y := range []struct {
		key   string
		value *money.Decimal
	}{{"yield", r.Yield}, {"hypothetical_yield", r.Hypothetical}} {
		if y.value != nil {
			c.checkYield(in(y.key), *y.value)
		}
	}
	for _, p := range r.Curve {
		c.checkYield(in("curve", p.Term), p.Rate)
	}
	if c.has(in("bid_price")...) {
		for _, need := range []struct{ key, what string }{
			{"coupon", "the coupon of the security, 0 if it pays none, as its yield follows from a bid price"},
			{"maturity", "the last day of the security, as its yield follows from a bid price"},
			{"market", "how the market counts: " + oneOf(sortedKeys(markets))},
		} {
			if !c.has(in(need.key)...) {
				c.missing(in(need.key), need.what, "")
			}
		}
	}
	for _, other := range []string{"yield", "bid_price"} {
		if c.has(in("curve")...) && c.has(in(other)...) {
			c.wrong(in(other), "stands beside curve", "one of the two", "")
		}
	}
	if r.Coupon.Sign() < 0 {
		c.wrong(in("coupon"), fmt.Sprintf("%s is below zero", r.Coupon), "percent a year", "")
	}
	c.checkQuote(in, r)
}

func (c *checker) checkYield(at []any, y money.Decimal) {
	if y.Cmp(leastYield) < 0 || y.Cmp(mostYield) > 0 {
		hint := ""
		if y.Cmp(mostYield) > 0 {
			hint = "a price of the security is its bid_price"
		}
		c.wrong(at, fmt.Sprintf("%s%% lies outside %s to %s%%", y, leastYield, mostYield), "a yield in percent, such as 4.996", hint)
	}
}

// checkQuote wants a quote that was there when the price was determined, and two
// people who saw it.
func (c *checker) checkQuote(in func(...any) []any, r *Reference) {
	determined := c.terms.Dates.PriceDetermination
	switch {
	case r.QuotedAt.IsZero():
	case !determined.IsZero() && r.QuotedAt.At.After(determined.At):
		c.wrong(in("quoted_at"), fmt.Sprintf("%s lies after price determination, %q", r.QuotedAt, determined), "a quote that was there then", "")
	case !c.terms.Commenced.IsZero() && calendar.DateOf(r.QuotedAt.At).Before(c.terms.Commenced):
		c.wrong(in("quoted_at"), fmt.Sprintf("%s lies before the offer commenced", r.QuotedAt), fmt.Sprintf("a time from %s on", c.terms.Commenced), "")
	}
	switch {
	case r.ConfirmedBy == "":
	case r.EnteredBy == "":
		c.missing(in("entered_by"), "who entered the quote that somebody else confirmed", "")
	case sameName(r.EnteredBy, r.ConfirmedBy):
		c.wrong(in("confirmed_by"), fmt.Sprintf("%q entered the quote too", r.ConfirmedBy), "somebody else: whoever enters a quote cannot confirm it", "")
	}
}

// resolve fills in what follows from the reference of a series.
func (c *checker) resolve(at []any, s *Series) {
	r := c.terms.Reference(s)
	if r == nil {
		known := make([]string, len(c.terms.References))
		for i, o := range c.terms.References {
			known[i] = o.ID
		}
		needed := "the keys of a reference, or references that several series share"
		if len(known) > 0 {
			needed = oneOf(known)
		}
		c.wrong(at, fmt.Sprintf("%s is not one of references", quote(s.Pricing.Reference.ID)), needed, didYouMean(s.Pricing.Reference.ID, known))
		return
	}
	s.Pricing.ReferenceSecurity, s.Pricing.ReferencePrice = r.Security, r.Price
	if r.Price != nil && s.Pricing.Kind != "reference-price" {
		c.wrong(at, fmt.Sprintf("a fixed price stands with kind: %s", s.Pricing.Kind), "a yield", "the bid price of the security is bid_price")
	}
	if !r.determined() || len(c.problems) > 0 {
		return
	}
	y, err := c.terms.ReferenceYield(s)
	if err != nil {
		c.wrong(at, strings.TrimPrefix(err.Error(), "series "+s.ID+": "), "a reference from which a yield follows", "")
		return
	}
	if y.Way == YieldFromPrice && r.Yield != nil && !agrees(*r.Yield, y) {
		c.wrong(at, fmt.Sprintf("yield %s is not that of the bid price %s, which is %s", r.Yield, r.BidPrice, y.Value), "the two to agree, or one of them left out", "")
		return
	}
	c.checkYield(at, y.Value)
	s.Pricing.ReferenceYield = &y.Value
}

// agrees reports whether a stated yield is that of a bid price, to the decimals
// that were stated.
func agrees(stated money.Decimal, y ReferenceYield) bool {
	rounded, err := y.Solved.Round(min(stated.Scale(), 9))
	return err == nil && rounded.Cmp(stated) == 0
}

// checkTenderYield checks reference and spread together.
func (c *checker) checkTenderYield(i int, s *Series) {
	if s.Pricing.Kind != "fixed-spread" || s.Pricing.ReferenceYield == nil {
		return
	}
	y, err := s.Pricing.Yield(s.Pricing.SpreadBP)
	switch {
	case err != nil:
		c.wrong(keys("series", i, "pricing", "spread_bp"), err.Error(), "basis points, such as 80", "")
	case y.Cmp(leastYield) < 0 || y.Cmp(mostYield) > 0:
		c.wrong(keys("series", i, "pricing", "spread_bp"), fmt.Sprintf("%s makes the yield %s%%, outside %s to %s%%", s.Pricing.SpreadBP, y, leastYield, mostYield), "basis points: 80 for 0.80%", "")
	}
}

// checkDetermination wants prices to be determined before they are paid.
func (c *checker) checkDetermination() {
	d := c.terms.Dates
	day := d.PriceDetermination
	c.dayNotBefore("early_settlement", d.EarlySettlement, "price_determination", day.Date(), day.IsZero())
	c.dayNotBefore("settlement", d.Settlement, "price_determination", day.Date(), day.IsZero())
}

// warnReferences doubts quotes that nobody confirmed and references that nobody
// uses.
func (c *checker) warnReferences() {
	used := map[string]bool{}
	for i, s := range c.terms.Series {
		if s.Pricing == nil {
			continue
		}
		used[s.Pricing.Reference.ID] = true
		if s.Pricing.Reference.ID == "" {
			c.warnQuote(keys("series", i, "pricing", "reference"), &s.Pricing.Reference)
		}
	}
	for i := range c.terms.References {
		r := &c.terms.References[i]
		if !used[r.ID] {
			c.doubt(keys("references", i), "no series refers to it", "", "")
		}
		c.warnQuote(keys("references", i), r)
	}
}

func (c *checker) warnQuote(at []any, r *Reference) {
	in := func(key string) []any { return append(at[:len(at):len(at)], key) }
	if r.EnteredBy != "" && r.ConfirmedBy == "" {
		c.doubt(in("entered_by"), fmt.Sprintf("the quote that %s entered is not confirmed", r.EnteredBy), "", "confirmed_by names somebody else who compared it with the source")
	}
	if day := c.terms.Dates.PriceDetermination; r.determined() && !r.QuotedAt.IsZero() && !day.IsZero() && calendar.DateOf(r.QuotedAt.At) != day.Date() {
		c.doubt(in("quoted_at"), fmt.Sprintf("%s is not on the day of price determination, %s", r.QuotedAt, day.Date()), "", "")
	}
}
