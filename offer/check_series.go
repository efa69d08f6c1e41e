package offer

import (
	"fmt"
	"slices"
	"strings"

	"tenderbook/money"
)

func (c *checker) checkSeries() {
	firstID, firstCode := map[string]int{}, map[string]string{}
	for i := range c.terms.Series {
		s := &c.terms.Series[i]
		c.checkUnique(firstID, s.ID, "series", "series", i, "id")
		c.checkCodes(firstCode, i, s)
		c.checkAmounts(i, s)
		c.checkDenomination(i, s)
		c.checkLevels(i, s)
		c.checkPrice(i, s)
		c.checkInterest(i, s)
		c.checkPricing(i, s)
		c.checkExchange(i, s)
	}
	c.checkLadder()
}

// checkCodes finds identifiers that stand at two series, or twice at one.
func (c *checker) checkCodes(first map[string]string, i int, s *Series) {
	for _, codes := range []struct {
		key string
		all []string
	}{{"cusip", s.CUSIPs}, {"isin", s.ISINs}} {
		for j, code := range codes.all {
			if at, seen := first[code]; seen {
				c.wrong(keys("series", i, "identifiers", codes.key, j), fmt.Sprintf("%q is given already, for series %s", code, at), "each identifier at one series, once", "")
				continue
			}
			first[code] = s.ID
		}
	}
}

func (c *checker) checkAmounts(i int, s *Series) {
	if s.Currency.Code != "" && c.has("series", i, "outstanding") && s.Outstanding.Currency.Code != "" && s.Outstanding.Minor == 0 {
		c.wrong(keys("series", i, "outstanding"), "is zero", "the principal outstanding before the offer", "")
	}
}

func (c *checker) checkDenomination(i int, s *Series) {
	if s.Multiple.Currency.Code == "" || s.Minimum.Currency.Code == "" {
		return
	}
	switch {
	case s.Multiple.Minor == 0:
		c.wrong(keys("series", i, "denomination", "multiple"), "is zero", "an amount above zero", "")
	case s.Minimum.Minor == 0:
		c.wrong(keys("series", i, "denomination", "minimum"), "is zero", fmt.Sprintf("at least the multiple, %s", s.Multiple.Grouped()), "")
	case s.Minimum.Minor%s.Multiple.Minor != 0:
		c.wrong(keys("series", i, "denomination", "minimum"), fmt.Sprintf("%s is not a whole number of multiples of %s", s.Minimum.Grouped(), s.Multiple.Grouped()),
			"a whole number of multiples", c.swapHint(s))
	}
}

func (c *checker) swapHint(s *Series) string {
	if s.Multiple.Minor%s.Minimum.Minor == 0 {
		return "did you exchange minimum and multiple?"
	}
	return ""
}

// checkLevels checks the places of one series in the ladder.
func (c *checker) checkLevels(i int, s *Series) {
	if c.has("series", i, "level") && c.has("series", i, "levels") {
		c.wrong(keys("series", i, "levels"), "stands beside level", "one of the two", "")
		return
	}
	if !c.has("series", i, "levels") {
		return
	}
	if len(s.Levels) == 0 {
		c.wrong(keys("series", i, "levels"), "has no items", "at least one level", "")
	}
	last := len(s.Levels) - 1
	for j, l := range s.Levels {
		bounded := c.has("series", i, "levels", j, "up_to")
		switch {
		case j < last && !bounded:
			c.missing(keys("series", i, "levels", j, "up_to"), "the most that is accepted at this level, as at all levels but the last", "")
		case j == last && bounded:
			c.wrong(keys("series", i, "levels", j, "up_to"), "bounds the last level", "to be left out: what the last level may take is the series' maximum", "write maximum: for the series")
		case l.UpTo != nil && l.UpTo.Currency.Code != "" && l.UpTo.Minor == 0:
			c.wrong(keys("series", i, "levels", j, "up_to"), "is zero", "an amount above zero", "")
		}
		if j > 0 && l.Level != 0 && l.Level <= s.Levels[j-1].Level {
			c.wrong(keys("series", i, "levels", j, "level"), fmt.Sprintf("%d does not come after %d", l.Level, s.Levels[j-1].Level), "levels from the best to the last, each once", "")
		}
	}
}

// checkLadder wants either all series in the ladder or none, and no rung left
// out but in a what-if, where nobody can have mistyped it.
func (c *checker) checkLadder() {
	with, taken, top := 0, map[int]bool{}, 0
	for _, s := range c.terms.Series {
		if len(s.Levels) > 0 {
			with++
		}
		for _, l := range s.Levels {
			taken[l.Level], top = true, max(top, l.Level)
		}
	}
	if with == 0 || len(c.problems) > 0 || c.terms.Acceptance.Order == "auction" {
		return
	}
	for i, s := range c.terms.Series {
		if len(s.Levels) == 0 && c.capsOver(i) > 0 {
			c.missing(keys("series", i, "level"), "its acceptance priority level, as the other series have one", "")
		}
	}
	for l := 1; l <= top && !c.whatIf; l++ {
		if !taken[l] {
			c.wrong(keys("series"), fmt.Sprintf("no series stands at level %d, but one stands at %d", l, top), "levels without a gap", "")
			return
		}
	}
}

// capsOver counts the aggregate caps over a series.
func (c *checker) capsOver(i int) int {
	n := 0
	for _, k := range c.terms.Caps {
		if k.Covers(c.terms.Series[i].ID) {
			n++
		}
	}
	return n
}

// checkPrice checks that the price is there and adds up.
func (c *checker) checkPrice(i int, s *Series) {
	if !c.has("series", i, "consideration") {
		onlyConsent := c.terms.Kind == "consent" && s.Consent != nil
		if !c.has("series", i, "pricing") && !onlyConsent {
			c.missing(keys("series", i, "consideration"), "its price, or pricing: how the price comes about", "")
		}
		return
	}
	p := &s.Price
	at := func(key string) []any { return keys("series", i, "consideration", key) }
	if c.has(at("per")...) && p.Per.Sign() <= 0 {
		c.wrong(at("per"), "is not above zero", "the principal that the prices are for, usually 1000", "")
	}
	for _, price := range []struct {
		key string
		d   money.Decimal
	}{{"tender_offer", p.TenderOffer}, {"early_payment", p.EarlyPayment}, {"total", p.Total}} {
		if price.d.Sign() < 0 {
			c.wrong(at(price.key), fmt.Sprintf("%s is below zero", price.d), "a price", "")
			return
		}
	}
	if p.EarlyPayment.Sign() > 0 && !c.has("dates", "early_tender") {
		c.missing(keys("dates", "early_tender"), fmt.Sprintf("the early tender deadline: series %s has an early payment", s.ID), "")
	}
	c.checkSum(i, p)
}

// checkSum fills in the one price that is left out of the three, and checks
// them if none is.
func (c *checker) checkSum(i int, p *Consideration) {
	late, total := c.has("series", i, "consideration", "tender_offer"), c.has("series", i, "consideration", "total")
	switch {
	case late && !total:
		p.Total, _ = p.TenderOffer.Add(p.EarlyPayment)
	case total && !late:
		p.TenderOffer, _ = p.Total.Add(negative(p.EarlyPayment))
	case !late && !total:
		c.missing(keys("series", i, "consideration", "total"), "at least one of tender_offer and total", "")
		return
	}
	sum, err := p.TenderOffer.Add(p.EarlyPayment)
	if err != nil {
		c.wrong(keys("series", i, "consideration", "total"), err.Error(), "prices with fewer digits", "")
		return
	}
	if sum.Cmp(p.Total) != 0 && len(c.problems) == 0 {
		c.wrong(keys("series", i, "consideration", "total"), fmt.Sprintf("%s is not tender_offer %s + early_payment %s", p.Total, p.TenderOffer, p.EarlyPayment), sum.String(), "")
	}
	if p.TenderOffer.Sign() < 0 {
		c.wrong(keys("series", i, "consideration", "early_payment"), fmt.Sprintf("%s is more than the total %s", p.EarlyPayment, p.Total), "a part of it", "")
	}
}

func negative(d money.Decimal) money.Decimal { return money.DecimalOf(-d.Coef(), d.Scale()) }

func (c *checker) checkInterest(i int, s *Series) {
	if !c.has("series", i, "interest") {
		return
	}
	in := &s.Interest
	if in.Coupon.Sign() < 0 {
		c.wrong(keys("series", i, "interest", "coupon"), fmt.Sprintf("%s is below zero", in.Coupon), "percent a year", "")
	}
	seen := map[MonthDay]bool{}
	for j, d := range in.Dates {
		if seen[d] {
			c.wrong(keys("series", i, "interest", "dates", j), fmt.Sprintf("%s is given twice", d), "each interest date once", "")
		}
		seen[d] = true
	}
	dates := c.node("series", i, "interest", "dates")
	if n := len(in.Dates); dates != nil && dates.kind == list && len(dates.items) == n && !slices.Contains([]int{0, 1, 2, 4, 12}, n) {
		c.wrong(keys("series", i, "interest", "dates"), fmt.Sprintf("has %d dates", n), "1, 2, 4 or 12 a year", "")
	}
	if !in.Accrues.IsZero() && !in.FirstDate.IsZero() && !in.Accrues.Before(in.FirstDate) {
		c.wrong(keys("series", i, "interest", "first_date"), fmt.Sprintf("%s does not come after %s, from when interest accrues", in.FirstDate, in.Accrues), "a later date", "")
	}
	for j := 1; j < len(in.Steps); j++ {
		if a, b := in.Steps[j-1].From, in.Steps[j].From; !a.IsZero() && !b.IsZero() && !a.Before(b) {
			c.wrong(keys("series", i, "interest", "steps", j, "from"), fmt.Sprintf("%s does not come after %s", b, a), "steps in the order of their dates", "")
		}
	}
	c.tryInterest(i, s)
	if !s.Maturity.IsZero() && !c.terms.Dates.Settlement.IsZero() && !s.Maturity.After(c.terms.Dates.Settlement) {
		c.wrong(keys("series", i, "maturity"), fmt.Sprintf("%s is not after the settlement date, %s", s.Maturity, c.terms.Dates.Settlement), "notes that are outstanding then", "")
	}
}

// tryInterest accrues once, so that dates between which no interest runs are
// refused here.
func (c *checker) tryInterest(i int, s *Series) {
	days := c.terms.Settlements()
	if len(c.problems) > 0 || days.Late.IsZero() || !s.Maturity.IsZero() && !s.Maturity.After(days.Late) {
		return
	}
	for _, late := range []bool{false, true} {
		if _, err := s.Accrued(days.of(late)); err != nil {
			found := strings.TrimPrefix(err.Error(), "series "+s.ID+": ")
			c.wrong(keys("series", i, "interest"), strings.TrimPrefix(found, "interest: "), "terms by which interest accrues up to settlement", "")
			return
		}
	}
}
