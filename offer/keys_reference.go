package offer

import (
	"fmt"
	"slices"
	"time"

	"tenderbook/bond"
	"tenderbook/calendar"
	"tenderbook/money"
)

// referenceKeys are the keys of a reference, at a series or shared.
var referenceKeys = group[Reference]{
	{"security", text(func(r *Reference) *string { return &r.Security }), "its name", false},
	{"yield", optional(func(r *Reference) **money.Decimal { return &r.Yield }), "its yield in percent; filled in at price determination", false},
	{"price", optional(func(r *Reference) **money.Decimal { return &r.Price }), "with kind: reference-price, the price per 1,000 that was fixed; filled in at price determination", false},
	{"bid_price", bidPrice(func(r *Reference) *string { return &r.BidPrice }), "its bid price in percent of principal, decimal or in 32nds, from which its yield is worked out", false},
	{"coupon", decimal(func(r *Reference) *money.Decimal { return &r.Coupon }), "with bid_price: its coupon, percent a year", false},
	{"maturity", date(func(r *Reference) *calendar.Date { return &r.Maturity }), "with bid_price: its last day", false},
	{"market", word(func(r *Reference) *string { return &r.Market }, sortedKeys(markets)...), "with bid_price: how the market counts: act/act, twice a year and the next business day for treasury and gilt, once a year and two business days for bund", false},
	{"accrues", date(func(r *Reference) *calendar.Date { return &r.Accrues }), "its first day of accrual, where the first period is odd", false},
	{"first_date", date(func(r *Reference) *calendar.Date { return &r.FirstDate }), "its first interest date, where the first period is odd", false},
	{"settles", date(func(r *Reference) *calendar.Date { return &r.Settles }), "settlement day of a trade at the bid price; left out: the market's usual day after the quote", false},
	{"curve", curve(func(r *Reference) *[]CurvePoint { return &r.Curve }), "mid-swap rates by term, between which the rate at the day that the notes are priced to is interpolated by days", false},
	{"from", date(func(r *Reference) *calendar.Date { return &r.From }), "with curve: the day from which its terms run; left out: the first settlement day", false},
	{"decimals", whole(func(r *Reference) *int { return &r.Decimals }, 1, 9), "decimals of a percentage to which a yield that is worked out is rounded, half up; 3 if left out", false},
	{"hypothetical_yield", optional(func(r *Reference) **money.Decimal { return &r.Hypothetical }), "yield in percent for the hypothetical prices of the launch document", false},
	{"quoted_at", quoteTime(func(r *Reference) *LocalTime { return &r.QuotedAt }), "when the quote was taken, local time of the offer", false},
	{"source", text(func(r *Reference) *string { return &r.Source }), "the page that the quote was taken from", false},
	{"entered_by", text(func(r *Reference) *string { return &r.EnteredBy }), "who entered the quote", false},
	{"confirmed_by", text(func(r *Reference) *string { return &r.ConfirmedBy }), "who compared it with the source: somebody else", false},
}

// sharedReferenceKeys are the keys of an item of references.
var sharedReferenceKeys = append(group[Reference]{
	{"id", id(func(r *Reference) *string { return &r.ID }), "short id that the series name it by", true},
}, referenceKeys...)

// referenceOrID is the keys of a reference, or the id of a shared one.
func referenceOrID[T any](to func(*T) *Reference) value[T] {
	own, name := sub(to, referenceKeys), id(func(t *T) *string { return &to(t).ID })
	own.shape.orID = true
	return value[T]{
		shape: own.shape,
		read: func(r *reader, n *node, t *T) {
			if n.kind == scalar {
				name.read(r, n, t)
				return
			}
			own.read(r, n, t)
		},
		show: func(t *T) []line {
			if to(t).ID != "" {
				return name.show(t)
			}
			return own.show(t)
		},
	}
}

// bidPrice is a dealer's price, kept as it was written.
func bidPrice[T any](to func(*T) *string) value[T] {
	return scalarOf(shape{kind: "bid-price"}, to, func(r *reader, n *node) (string, error) {
		if _, err := bond.ParseBidPrice(n.text); err != nil {
			return "", wrong{err.Error(), "", ""}
		}
		return n.text, nil
	}, func(_ *T, s string) []line {
		d, err := bond.ParseBidPrice(s)
		if err != nil {
			return nil
		}
		return []line{{text: s, same: plainest(d)}}
	})
}

// quoteTime is a local time of the offer's zone. An amendment, which does not
// know the zone, is read again with its offer.
func quoteTime[T any](to func(*T) *LocalTime) value[T] {
	return scalarOf(shape{kind: "local-time"}, to, func(r *reader, n *node) (LocalTime, error) {
		zone := r.zone
		if zone == nil {
			zone = time.UTC
		}
		at, err := calendar.ParseLocal(n.text, zone)
		if err != nil {
			return LocalTime{}, wrong{err.Error(), "", dayEnds("", n.text)}
		}
		return LocalTime{n.text, at}, nil
	}, func(_ *T, t LocalTime) []line { return showText(t.Text) })
}

// curve is a map of terms to rates, kept in the order of the terms.
func curve[T any](to func(*T) *[]CurvePoint) value[T] {
	return value[T]{
		shape: shape{kind: "curve"},
		read: func(r *reader, n *node, t *T) {
			if n.kind != mapping {
				r.report(n, n.describe()+" stands where a curve belongs", "terms with their rates in percent, such as {5y: 2.310, 7y: 2.455}", "")
				return
			}
			for i, m := range n.keys {
				r.at(m.key, func() { readCurvePoint(r, n, i, to(t)) })
			}
			slices.SortStableFunc(*to(t), func(a, b CurvePoint) int { return a.months() - b.months() })
		},
		show: func(t *T) (lines []line) {
			for _, p := range *to(t) {
				lines = append(lines, under(p.Term, []line{{text: p.Rate.String(), same: plainest(p.Rate)}})...)
			}
			return lines
		},
	}
}

func readCurvePoint(r *reader, n *node, i int, into *[]CurvePoint) {
	m := n.keys[i]
	p := CurvePoint{Term: m.key}
	at := slices.IndexFunc(*into, func(o CurvePoint) bool { return o.months() == p.months() })
	switch {
	case p.months() == 0:
		r.reportAt(m.at, quote(m.key)+" is not a term", "months or years, such as 18m or 5y", "")
		return
	case at >= 0:
		r.reportAt(m.at, fmt.Sprintf("is as long as %s, which stands before it", (*into)[at].Term), "each term once", "")
		return
	case m.value.kind != scalar:
		r.report(m.value, m.value.describe()+" stands where a rate belongs", "a number", "")
		return
	}
	rate, err := parseDecimal(m.value.text)
	if err != nil {
		r.reportError(m.value, err)
		return
	}
	p.Rate = rate
	*into = append(*into, p)
}
