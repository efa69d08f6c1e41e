package bookfile

import (
	"math/big"

	"tenderbook/allocation"
	"tenderbook/money"
	"tenderbook/offer"
)

// An entry is what the columns of the allocation after the names are made from.
type entry struct {
	series                       int
	timing                       string // "" on rows that are not tenders
	tendered, accepted, returned int64
	price                        string
	consideration, interest      int64
	exchanged                    offer.Exchanged // of the consideration; in an exchange only
	reason                       string
}

// cash is what is paid in money, interest included.
func (j *job) cash(e *entry) int64 {
	if j.exchanges {
		return e.exchanged.Cash + e.interest
	}
	return e.consideration + e.interest
}

// appendEntry writes the columns from the series on.
func (j *job) appendEntry(out []byte, e *entry) []byte {
	digits := j.series[e.series].currency.Digits
	out = j.appendHead(out, e.series, e.timing)
	out = appendPrincipals(out, e, digits)
	out = j.appendMiddle(out, e.series, e.price)
	out = appendPayments(out, e, j.cash(e), digits)
	out = appendField(append(out, ','), []byte(e.reason))
	return j.appendExchanged(out, e)
}

// appendHead writes the columns series and timing.
func (j *job) appendHead(out []byte, series int, timing string) []byte {
	out = append(append(out, j.series[series].printedID...), ',')
	return append(append(out, timing...), ',')
}

// appendPrincipals writes the columns tendered, accepted and returned.
func appendPrincipals(out []byte, e *entry, digits int) []byte {
	out = appendPrincipal(out, e.tendered, digits)
	out = appendPrincipal(append(out, ','), e.accepted, digits)
	return appendPrincipal(append(out, ','), e.returned, digits)
}

// appendMiddle writes the columns currency and price, with the commas around
// them.
func (j *job) appendMiddle(out []byte, series int, price string) []byte {
	out = append(append(out, ','), j.series[series].currency.Code...)
	return append(append(append(out, ','), price...), ',')
}

// appendPayments writes the columns consideration, interest and cash.
func appendPayments(out []byte, e *entry, cash int64, digits int) []byte {
	out = appendMinor(out, e.consideration, digits)
	out = appendMinor(append(out, ','), e.interest, digits)
	return appendMinor(append(out, ','), cash, digits)
}

// appendExchanged writes the columns after the reason that only an exchange has.
func (j *job) appendExchanged(out []byte, e *entry) []byte {
	if j.exchanges {
		digits := j.series[e.series].currency.Digits
		out = appendPrincipal(append(out, ','), e.exchanged.NewNotes, digits)
		out = appendMinor(append(out, ','), e.exchanged.Fraction, digits)
	}
	return out
}

// priceText is the price per so much principal as the terms have it, such as
// 857.50 per 1,000.
func (j *job) priceText(series int, timing allocation.Timing, price *big.Rat) string {
	s := &j.series[series]
	if fixed := s.fixed[timing]; fixed != "" {
		return fixed
	}
	if price == nil || price.Sign() == 0 { // not determined yet
		return ""
	}
	per := new(big.Rat).Mul(price, s.per)
	for decimals := s.decimals; decimals < 10; decimals++ {
		if d, err := money.RoundDecimal(per, decimals, money.Exact); err == nil {
			return d.String()
		}
	}
	d, err := money.RoundDecimal(per, 10, money.HalfUp)
	if err != nil {
		return ""
	}
	return d.String()
}

// notCounted is the reason of a tender that does not count.
func (j *job) notCounted(series int, s standing) string {
	switch s {
	case ofTerminated:
		return "returned: terminated, " + j.terminated(series)
	case afterExpiration:
		return "received after expiration"
	case afterAsOf:
		return j.afterAsOfText()
	case otherTiming:
		if j.only == OnlyEarly {
			return "received after the early tender deadline"
		}
		return "decided at the early tender deadline"
	}
	return ""
}

// returns is what of a tender that does not count goes back: nothing if another
// run decides or has decided it.
func (s standing) returns(tendered int64) int64 {
	if s == otherTiming || s == afterAsOf {
		return 0
	}
	return tendered
}

// uncountedEntry is what becomes of each tender of a class that does not count.
func (j *job) uncountedEntry(c *class) entry {
	return entry{
		series: int(c.series), timing: c.timing.String(), tendered: c.principal, returned: c.standing.returns(c.principal),
		reason: j.notCounted(int(c.series), c.standing),
	}
}

// lonerEntry is what becomes of a row that stands by itself.
func (j *job) lonerEntry(d *allocation.Decision, x *loner, row int64) entry {
	e := entry{series: x.series}
	if x.action == consents {
		return j.consentEntry(x)
	}
	if !x.isTender() {
		e.reason = nounOf[x.action] + " of " + x.refersTo
		if x.void != "" {
			e.reason += ": " + x.void
		}
		return e
	}
	e.timing, e.tendered, e.returned = x.timing.String(), x.left, x.left
	switch {
	case x.left == 0:
		e.reason = "withdrawn"
		return e
	case x.standing != counts:
		e.reason = j.notCounted(x.series, x.standing)
		e.returned = x.standing.returns(x.left)
	default:
		o := d.Brief(x.tender(row))
		e.accepted, e.returned = o.Accepted, o.Returned
		e.consideration, e.interest = x.consideration, x.interest
		e.exchanged = j.exchange(x.series, x.paid(o.Accepted), x.consideration)
		e.price = j.priceText(e.series, x.timing, o.Price)
		e.reason = d.Reason(o)
	}
	e.reason += j.remarks(x)
	return e
}

// remarks says what else happened to a tender.
func (j *job) remarks(x *loner) string {
	digits, text := j.series[x.series].currency.Digits, ""
	amount := func(minor int64) string { return string(appendPrincipal(nil, minor, digits)) }
	if x.left < x.principal {
		text += "; " + amount(x.principal-x.left) + " withdrawn"
	}
	switch {
	case x.action != guarantees || x.standing != counts:
	case x.undelivered == 0:
		text += "; guaranteed, delivered"
	case x.delivered == 0:
		text += "; guaranteed, not delivered: not paid"
	default:
		text += "; guaranteed, " + amount(x.delivered) + " delivered: only that is paid"
	}
	return text
}
