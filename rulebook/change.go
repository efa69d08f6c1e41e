package rulebook

import (
	"fmt"
	"slices"
	"strings"

	"tenderbook/calendar"
	"tenderbook/money"
	"tenderbook/offer"
)

// ChangeKind says what the law looks at in a change of terms.
type ChangeKind uint8

// The kinds of change.
const (
	Consideration ChangeKind = iota // what is paid, or the dealer's soliciting fee
	AmountSought                    // the percentage of a class that is sought: caps, maximums, series
	OtherMaterial                   // deadlines, conditions, order of acceptance, denominations
	Extension                       // a later expiration
)

// String gives the kind in words.
func (k ChangeKind) String() string {
	return [...]string{"consideration", "amount sought", "other terms", "extension"}[k]
}

// A Change is one difference between two versions of the terms that the law
// may look at.
type Change struct {
	Kind   ChangeKind
	What   string   // "Tender Cap from USD 450,000,000 to USD 1,105,000,000"
	Series []string // the series it touches; nil: all
	raise  *raise   // set where an amount was raised and nothing else of it changed
}

// Changes finds what changed from one version to the next, in the order of the
// terms. A price that is filled in at price determination, an exchange rate, a
// satisfied condition, a settlement date and a title are not changes.
func Changes(before, after *offer.Terms) []Change {
	var d diff
	d.offerTerms(before, after)
	d.dates(before, after)
	d.caps(before, after)
	d.series(before, after)
	d.conditions(before, after)
	return d.found
}

type diff struct{ found []Change }

func (d *diff) add(k ChangeKind, series []string, format string, args ...any) {
	d.found = append(d.found, Change{Kind: k, What: fmt.Sprintf(format, args...), Series: series})
}

// moved adds a change where two printed values differ.
func (d *diff) moved(k ChangeKind, series []string, name, from, to string) {
	if from == to {
		return
	}
	d.add(k, series, "%s from %s to %s", name, orNone(from), orNone(to))
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func (d *diff) offerTerms(b, a *offer.Terms) {
	d.moved(Consideration, nil, "kind of offer", b.Kind, a.Kind)
	d.moved(Consideration, nil, "dealer's soliciting fee", b.Facts["dealer_fee"], a.Facts["dealer_fee"])
	x, y := b.Acceptance, a.Acceptance
	for _, f := range []struct{ name, from, to string }{
		{"order of acceptance", x.Order, y.Order},
		{"if_exceeded", x.IfExceeded, y.IfExceeded},
		{"maximum_exceeded", x.MaximumExceeded, y.MaximumExceeded},
		{"prorate_by", x.ProrateBy, y.ProrateBy},
		{"leftover", x.Leftover, y.Leftover},
		{"remainder", x.Remainder, y.Remainder},
		{"stub", x.Stub, y.Stub},
		{"factor_decimals", fmt.Sprint(x.FactorDecimals), fmt.Sprint(y.FactorDecimals)},
		{"small tenders up to", x.SmallUpTo, y.SmallUpTo},
		{"small tenders are accepted", x.SmallAccept, y.SmallAccept},
		{"receipt time of a changed instruction", x.Changed, y.Changed},
		{"auction", auctionText(x.Auction), auctionText(y.Auction)},
		{"pay_by", b.Payment.PayBy, a.Payment.PayBy},
		{"round_interest", b.Payment.RoundInterest, a.Payment.RoundInterest},
	} {
		d.moved(OtherMaterial, nil, f.name, f.from, f.to)
	}
}

func auctionText(a *offer.Auction) string {
	if a == nil {
		return ""
	}
	return strings.Join([]string{a.NoBid, a.Pays, a.Prorate}, " ")
}

func (d *diff) dates(b, a *offer.Terms) {
	for _, f := range []struct {
		name     string
		from, to calendar.Deadline
	}{
		{"early tender deadline", b.Dates.EarlyTender, a.Dates.EarlyTender},
		{"withdrawal deadline", b.Dates.Withdrawal, a.Dates.Withdrawal},
		{"guaranteed delivery deadline", b.Dates.GuaranteedDelivery, a.Dates.GuaranteedDelivery},
	} {
		if !sameDeadline(f.from, f.to) {
			d.add(OtherMaterial, nil, "%s from %s to %s", f.name, orNone(f.from.String()), orNone(f.to.String()))
		}
	}
	d.expiration(nil, "expiration", b.Dates.Expiration, a.Dates.Expiration)
}

// expiration files a later deadline as an extension, an earlier one as a
// change of other terms.
func (d *diff) expiration(series []string, name string, from, to calendar.Deadline) {
	if sameDeadline(from, to) {
		return
	}
	kind := Extension
	if to.At.Before(from.At) {
		kind = OtherMaterial
	}
	d.add(kind, series, "%s from %s to %s", name, from, to)
}

func sameDeadline(x, y calendar.Deadline) bool { return x.At.Equal(y.At) && x.Side == y.Side }

func (d *diff) caps(b, a *offer.Terms) {
	for _, x := range b.Caps {
		y, ok := capNamed(a, x.Name)
		if !ok {
			d.add(AmountSought, x.Series, "%s of %s dropped", x.Name, amountText(x.Amount))
			continue
		}
		d.cap(b, x, y)
	}
	for _, y := range a.Caps {
		if _, ok := capNamed(b, y.Name); !ok {
			d.add(AmountSought, y.Series, "%s of %s added", y.Name, amountText(y.Amount))
		}
	}
}

func (d *diff) cap(b *offer.Terms, x, y offer.Cap) {
	series := union(x.Series, y.Series)
	d.moved(AmountSought, series, x.Name+" counts", x.Counts, y.Counts)
	d.moved(AmountSought, series, x.Name+" covers", seriesText(x.Series), seriesText(y.Series))
	d.moved(AmountSought, series, x.Name+" is less", strings.Join(x.Less, ", "), strings.Join(y.Less, ", "))
	if x.Amount == y.Amount {
		return
	}
	d.add(AmountSought, series, "%s from %s to %s", x.Name, amountText(x.Amount), amountText(y.Amount))
	if x.Amount.Currency == y.Amount.Currency && y.Amount.Minor > x.Amount.Minor {
		d.found[len(d.found)-1].raise = &raise{terms: b, from: x.Amount, to: y.Amount, counts: x.Counts, series: x.Series}
	}
}

func capNamed(t *offer.Terms, name string) (offer.Cap, bool) {
	i := slices.IndexFunc(t.Caps, func(c offer.Cap) bool { return c.Name == name })
	if i < 0 {
		return offer.Cap{}, false
	}
	return t.Caps[i], true
}

// union of two lists of series, in which nil means all.
func union(x, y []string) []string {
	if x == nil || y == nil {
		return nil
	}
	all := slices.Clone(x)
	for _, id := range y {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

func seriesText(ids []string) string {
	if ids == nil {
		return "all series"
	}
	return strings.Join(ids, ", ")
}

func amountText(a money.Amount) string { return a.Currency.Code + " " + a.Grouped() }

func (d *diff) conditions(b, a *offer.Terms) {
	for _, x := range b.Conditions {
		i := slices.IndexFunc(a.Conditions, func(c offer.Condition) bool { return c.ID == x.ID })
		if i < 0 {
			d.add(OtherMaterial, nil, "condition %s dropped", x.ID)
			continue
		}
		y := a.Conditions[i]
		if x.Text != y.Text || x.Kind != y.Kind || x.Waivable != y.Waivable {
			d.add(OtherMaterial, nil, "condition %s changed", x.ID)
		}
		if x.Status != "waived" && y.Status == "waived" {
			d.add(OtherMaterial, nil, "condition %s waived", x.ID)
		}
	}
	for _, y := range a.Conditions {
		if !slices.ContainsFunc(b.Conditions, func(c offer.Condition) bool { return c.ID == y.ID }) {
			d.add(OtherMaterial, nil, "condition %s added", y.ID)
		}
	}
}
