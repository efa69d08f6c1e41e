package offer

import (
	"fmt"
	"time"

	"tenderbook/calendar"
)

// checkDates checks that the dates of an offer follow each other.
func (c *checker) checkDates() {
	d := c.terms.Dates
	if isBefore(d.Expiration, d.EarlyTender) {
		c.wrong(keys("dates", "early_tender"), fmt.Sprintf("%q lies after expiration, %q", d.EarlyTender, d.Expiration), "a time not after it", "")
	}
	if isBefore(d.Expiration, d.Withdrawal) {
		c.wrong(keys("dates", "withdrawal"), fmt.Sprintf("%q lies after expiration, %q", d.Withdrawal, d.Expiration), "a time not after it", "")
	}
	if isBefore(d.GuaranteedDelivery, d.Expiration) {
		c.wrong(keys("dates", "guaranteed_delivery"), fmt.Sprintf("%q lies before expiration, %q", d.GuaranteedDelivery, d.Expiration), "a time not before it", "")
	}
	for _, day := range []struct {
		key string
		at  calendar.Deadline
	}{{"early_tender", d.EarlyTender}, {"withdrawal", d.Withdrawal}, {"price_determination", d.PriceDetermination}, {"expiration", d.Expiration}} {
		if !day.at.IsZero() && !c.terms.Commenced.IsZero() && day.at.Date().Before(c.terms.Commenced) {
			c.wrong(keys("dates", day.key), fmt.Sprintf("%q lies before the offer commenced", day.at), fmt.Sprintf("a time from %s on", c.terms.Commenced), "")
		}
	}
	c.checkSettlement()
	c.checkDetermination()
	for i, s := range c.terms.Series {
		if !s.Expiration.IsZero() && !d.EarlyTender.IsZero() && s.Expiration.At.Before(d.EarlyTender.At) {
			c.wrong(keys("series", i, "expiration"), fmt.Sprintf("%q lies before the early tender deadline, %s", s.Expiration, d.EarlyTender), "a time after it", "")
		}
	}
}

// isBefore reports whether a deadline lies before another. At the same instant
// "before" comes first.
func isBefore(d, other calendar.Deadline) bool {
	if d.IsZero() || other.IsZero() {
		return false
	}
	return d.At.Before(other.At) || d.At.Equal(other.At) && d.Side == calendar.Before && other.Side == calendar.By
}

// words turns a key into words: early_tender into early tender.
func words(key string) string {
	b := []byte(key)
	for i := range b {
		if b[i] == '_' {
			b[i] = ' '
		}
	}
	return string(b)
}

func (c *checker) checkSettlement() {
	d := c.terms.Dates
	if !d.EarlySettlement.IsZero() && !c.has("dates", "early_tender") {
		c.wrong(keys("dates", "early_settlement"), "there is no early tender deadline that it could settle", "dates.early_tender", "")
	}
	c.dayNotBefore("early_settlement", d.EarlySettlement, "early_tender", d.EarlyTender.Date(), d.EarlyTender.IsZero())
	c.dayNotBefore("settlement", d.Settlement, "expiration", d.Expiration.Date(), d.Expiration.IsZero())
	c.dayNotBefore("settlement", d.Settlement, "early_settlement", d.EarlySettlement, d.EarlySettlement.IsZero())
	c.weekday("early_settlement", d.EarlySettlement)
	c.weekday("settlement", d.Settlement)
}

func (c *checker) dayNotBefore(key string, d calendar.Date, otherKey string, other calendar.Date, unset bool) {
	if unset || d.IsZero() || !d.Before(other) {
		return
	}
	c.wrong(keys("dates", key), fmt.Sprintf("%s lies before %s, %s", d, words(otherKey), other), fmt.Sprintf("a day from %s on", other), "")
}

// weekday refuses settlement on a day on which no market settles.
func (c *checker) weekday(key string, d calendar.Date) {
	if d.IsZero() || d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
		return
	}
	monday := d.AddDays((8 - int(d.Weekday())) % 7)
	c.wrong(keys("dates", key), fmt.Sprintf("%s is a %s", d, d.Weekday()), "a business day", fmt.Sprintf("the Monday after is %s", monday))
}
