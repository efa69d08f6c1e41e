package bookfile

import (
	"fmt"
	"strings"

	"tenderbook/money"
	"tenderbook/offer"
)

// readPrincipal reads what is tendered, or the part that a withdrawal or delivery
// speaks of.
func (r *reader) readPrincipal(v *view, f *facts) {
	raw := v.field(r.layout.at[colPrincipal])
	if len(raw) == 0 && (f.action == withdraws || f.action == delivers) {
		f.all = true
		return
	}
	amount, ok := r.readAmount(colPrincipal, raw, f)
	if !ok || f.series < 0 || f.action == withdraws || f.action == delivers {
		return
	}
	s := &r.series[f.series]
	if f.steps, ok = s.steps(amount); !ok {
		r.refuse(colPrincipal, raw, s.misfit(amount))
	}
	f.principal = amount
}

// readAmount reads an amount of the row's series, above zero.
func (r *reader) readAmount(column int, raw []byte, f *facts) (int64, bool) {
	currency := money.Currency{Code: "it", Digits: 3} // of an unknown series: the most that any has
	if f.series >= 0 {
		currency = r.series[f.series].currency
	}
	minor, ok := parseMinor(raw, currency.Digits)
	if !ok {
		amount, err := money.ParseAmount(string(raw), currency)
		if err != nil {
			r.refuse(column, raw, whyNotAmount(string(raw), err))
			return 0, false
		}
		minor = amount.Minor
	}
	f.principalIfUnset(column, minor)
	if minor <= 0 {
		r.refuse(column, raw, "is not above zero")
		return 0, false
	}
	return minor, true
}

// principalIfUnset keeps the part that a withdrawal or delivery speaks of.
func (f *facts) principalIfUnset(column int, minor int64) {
	if column == colPrincipal {
		f.principal = minor
	}
}

// parseMinor reads digits with at most one point, as most books have them,
// without separators.
func parseMinor(b []byte, digits int) (int64, bool) {
	if len(b) == 0 || len(b) > 15 {
		return 0, false
	}
	value, decimals := int64(0), -1
	for _, c := range b {
		if d := c - '0'; d <= 9 {
			value = value*10 + int64(d)
			if decimals >= 0 {
				decimals++
			}
		} else if c == '.' && decimals < 0 {
			decimals = 0
		} else {
			return 0, false
		}
	}
	if decimals == 0 || decimals > digits || b[0] == '.' {
		return 0, false
	}
	for i := max(decimals, 0); i < digits; i++ {
		value *= 10
	}
	return value, true
}

// whyNotAmount takes the value off the front of an error of package money.
func whyNotAmount(s string, err error) string {
	switch {
	case s == "":
		return "is empty: needs an amount such as 1,000,000"
	case strings.Trim(s, "0123456789.,_-") != "":
		return "is not a number: needs digits alone, such as 1,000,000"
	}
	for _, joint := range []string{" ", ": "} {
		if why, ok := strings.CutPrefix(err.Error(), fmt.Sprintf("%q%s", s, joint)); ok {
			return why
		}
	}
	return err.Error()
}

func (r *reader) readBid(v *view, f *facts) {
	raw := v.field(r.layout.at[colBid])
	if len(raw) == 0 || f.series < 0 {
		return
	}
	if f.action == withdraws || f.action == delivers {
		r.refuse(colBid, raw, "has no meaning here: only a tender bids")
		return
	}
	grid := r.series[f.series].bids
	if grid == nil {
		r.refuse(colBid, raw, "is not asked for: the offer is not an auction")
		return
	}
	key := append(append([]byte(nil), byte(f.series), byte(f.series>>8)), raw...)
	step, known := r.bidSteps[string(key)]
	if !known {
		var why string
		if step, why = bidSteps(grid, string(raw)); why != "" {
			r.refuse(colBid, raw, why)
			return
		}
		r.bidSteps[string(key)] = step
	}
	f.hasBid, f.bid = true, step
}

// bidSteps turns a bid into steps of the grid, or says why it cannot be made.
func bidSteps(grid *offer.Pricing, text string) (int64, string) {
	bid, err := money.ParseDecimal(text)
	if err != nil {
		return 0, whyNotAmount(text, err)
	}
	if bid.Cmp(grid.Minimum) < 0 || bid.Cmp(grid.Maximum) > 0 {
		return 0, fmt.Sprintf("is outside the range of bids, %s to %s", grid.Minimum, grid.Maximum)
	}
	steps, err := grid.Steps(bid)
	if err != nil {
		return 0, fmt.Sprintf("is not a whole number of steps of %s from %s", grid.Increment, grid.Base)
	}
	return steps, ""
}

func (r *reader) readAtLeast(v *view, f *facts) {
	raw := v.field(r.layout.at[colAtLeast])
	if len(raw) == 0 {
		return
	}
	if f.action == withdraws || f.action == delivers {
		r.refuse(colAtLeast, raw, "has no meaning here: only a tender is conditional")
		return
	}
	amount, ok := r.readAmount(colAtLeast, raw, f)
	if ok && f.principal > 0 && amount > f.principal {
		r.refuse(colAtLeast, raw, fmt.Sprintf("is more than the principal %s", v.field(r.layout.at[colPrincipal])))
	}
	f.atLeast = amount
}
