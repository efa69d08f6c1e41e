package rulebook

import (
	"fmt"
	"slices"
	"strings"

	"tenderbook/money"
	"tenderbook/offer"
)

func (d *diff) series(b, a *offer.Terms) {
	for _, x := range b.Series {
		i := slices.IndexFunc(a.Series, func(s offer.Series) bool { return s.ID == x.ID })
		if i < 0 {
			d.add(AmountSought, []string{x.ID}, "series %s taken out", x.ID)
			continue
		}
		d.oneSeries(b, a, x, a.Series[i])
	}
	for _, y := range a.Series {
		if !slices.ContainsFunc(b.Series, func(s offer.Series) bool { return s.ID == y.ID }) {
			d.add(AmountSought, []string{y.ID}, "series %s taken in", y.ID)
		}
	}
}

func (d *diff) oneSeries(b, a *offer.Terms, x, y offer.Series) {
	id := []string{x.ID}
	name := "series " + x.ID + " "
	if x.Price.Per.Sign() != 0 && y.Price.Per.Sign() != 0 {
		d.moved(Consideration, id, name+"consideration", priceText(x.Price), priceText(y.Price))
	} else if y.Price.Per.Sign() == 0 && x.Price.Per.Sign() != 0 {
		d.add(Consideration, id, "%sconsideration of %s taken away", name, priceText(x.Price))
	}
	d.moved(Consideration, id, name+"pricing", pricingText(x.Pricing), pricingText(y.Pricing))
	d.moved(Consideration, id, name+"new notes", newNotesText(x.NewNotes), newNotesText(y.NewNotes))
	d.moved(Consideration, id, name+"currency", x.Currency.Code, y.Currency.Code)
	d.maximum(b, x, y)
	d.moved(OtherMaterial, id, name+"level", levelsText(x.Levels), levelsText(y.Levels))
	d.moved(OtherMaterial, id, name+"denomination", denominationText(x), denominationText(y))
	if !x.Expiration.IsZero() || !y.Expiration.IsZero() {
		d.expiration(id, name+"expiration", expirationOf(b, x), expirationOf(a, y))
	}
}

func (d *diff) maximum(b *offer.Terms, x, y offer.Series) {
	from, to := maximumText(x), maximumText(y)
	if from == to {
		return
	}
	d.moved(AmountSought, []string{x.ID}, "maximum of series "+x.ID, from, to)
	if x.Maximum != nil && y.Maximum != nil && y.Maximum.Minor > x.Maximum.Minor {
		d.found[len(d.found)-1].raise = &raise{terms: b, from: *x.Maximum, to: *y.Maximum, counts: "principal", series: []string{x.ID}}
	}
}

func maximumText(x offer.Series) string {
	if x.Maximum == nil {
		return ""
	}
	return amountText(*x.Maximum)
}

// priceText prints a consideration by value, so that 20.0 and 20.00 are one.
func priceText(p offer.Consideration) string {
	return fmt.Sprintf("%s late and %s early per %s", plain(p.TenderOffer), plain(p.Total), plain(p.Per))
}

// pricingText prints what decides a price, without the reference yield that is
// filled in at price determination.
func pricingText(p *offer.Pricing) string {
	if p == nil {
		return ""
	}
	parts := []string{p.Kind, "spread " + plain(p.SpreadBP), "over " + p.ReferenceSecurity, "early payment " + plain(p.EarlyPayment), "to " + p.To}
	for _, convention := range []string{p.At, p.Method, p.DayCount, p.Round} {
		if convention != "" {
			parts = append(parts, convention)
		}
	}
	if !p.ParCall.IsZero() {
		parts = append(parts, "par call "+p.ParCall.String())
	}
	if p.Kind == "auction-price" || p.Kind == "auction-spread" {
		parts = append(parts, fmt.Sprintf("base %s, bids %s to %s by %s", plain(p.Base), plain(p.Minimum), plain(p.Maximum), plain(p.Increment)))
	}
	return strings.Join(parts, ", ")
}

func newNotesText(n *offer.NewNotes) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf("%s with %s in cash, minimum %s and multiples of %s", n.Title, plain(n.Cash), plain(n.Minimum), plain(n.Multiple))
}

func plain(d money.Decimal) string { return trimZeros(d.String()) }

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func levelsText(ls []offer.Level) string {
	var parts []string
	for _, l := range ls {
		part := fmt.Sprint(l.Level)
		if l.UpTo != nil {
			part += " up to " + l.UpTo.Grouped()
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func denominationText(x offer.Series) string {
	return x.Minimum.Grouped() + " and multiples of " + x.Multiple.Grouped()
}
