package report

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"tenderbook/allocation"
	"tenderbook/pricing"
)

// The columns that tables of a release are put together from.

func fieldTitle() field {
	return field{
		Column{Key: "title", Name: "Title of Security"},
		func(v *view, i int) Cell { return textCell(v.series[i].Title) }, nil,
	}
}

func fieldSeries() field {
	return field{
		Column{Key: "series", Name: "Series", DataOnly: true},
		func(v *view, i int) Cell { return textCell(v.series[i].ID) }, nil,
	}
}

func fieldCurrency() field {
	return field{
		Column{Key: "currency", Name: "Currency", DataOnly: true},
		func(v *view, i int) Cell { return textCell(v.series[i].Currency.Code) }, nil,
	}
}

func fieldIdentifiers() field {
	return field{
		Column{Key: "identifiers", Name: "CUSIP / ISIN"},
		func(v *view, i int) Cell {
			s := v.series[i]
			return textCell(strings.Join(append(slices.Clone(s.CUSIPs), s.ISINs...), " / "))
		}, nil,
	}
}

func fieldLevel() field {
	return field{
		Column{Key: "level", Name: "Acceptance Priority Level", Kind: Count},
		func(v *view, i int) Cell { return textCell(v.series[i].levelText()) }, nil,
	}
}

func (v *view) fieldOutstanding() field {
	return v.principalField("outstanding", v.words.Principal+" Outstanding",
		func(s seriesView) int64 { return s.Outstanding.Minor })
}

func (v *view) fieldMaximum() field {
	return field{
		Column{Key: "maximum", Name: v.words.Maximum, Kind: Principal},
		func(v *view, i int) Cell {
			if m := v.series[i].Maximum; m != nil {
				return principalCell(m.Minor, v.notes(m.Currency))
			}
			return none
		}, nil,
	}
}

// principalField shows an amount of notes of each series and adds it up.
func (v *view) principalField(key, name string, get func(s seriesView) int64) field {
	return field{
		Column{Key: key, Name: name, Kind: Principal},
		func(v *view, i int) Cell { return principalCell(get(v.series[i]), v.notes(v.series[i].Currency)) },
		func(t total) Cell { return ratCell(t.add(get), v.notes(t.currency)) },
	}
}

// withoutTotal drops the sums of a field.
func withoutTotal(f field) field { f.total = nil; return f }

// shareField shows one amount as a percentage of another, to two decimals.
func shareField(key, name string, part, whole func(s seriesView) int64) field {
	return field{
		Column{Key: key, Name: name, Kind: Percent},
		func(v *view, i int) Cell {
			s := v.series[i]
			return percentCell(ratInt(part(s)), ratInt(whole(s)), 2)
		},
		func(t total) Cell { return percentCell(t.add(part), t.add(whole), 2) },
	}
}

// fieldsPrice are the columns of prices known at this stage: the three prices of
// an offer with an early payment, else one. A launch in which some series have a
// price and others a spread shows both.
func (v *view) fieldsPrice() []field {
	priced := slices.ContainsFunc(v.series, func(s seriesView) bool { return s.Price.Per.Sign() > 0 })
	decided := v.Decision != nil && !(v.Alloc.Order == allocation.Auction && v.Alloc.Auction.PaysBid)
	spreads := slices.ContainsFunc(v.series, func(s seriesView) bool { return s.Pricing != nil && s.Price.Per.Sign() == 0 })
	fields := v.fieldsConsideration()
	switch {
	case !priced && !decided:
		return v.fieldsSpread()
	case priced && spreads && v.Stage == AtLaunch:
		return append([]field{fieldReference(), v.fieldPricing()}, append(fields, v.fieldsHypothetical()...)...)
	}
	return fields
}

// fieldsConsideration are the prices that are fixed.
func (v *view) fieldsConsideration() []field {
	late := field{
		Column{Key: "tender_offer_consideration", Name: v.words.TenderOffer + "*", Kind: Price},
		func(v *view, i int) Cell { return v.price(i, allocation.Late) }, nil,
	}
	if !v.hasEarlyPayment() {
		late.of = func(v *view, i int) Cell { return v.price(i, allocation.Early) }
		return []field{late}
	}
	total := field{
		Column{Key: "total_consideration", Name: v.words.Total + "*", Kind: Price},
		func(v *view, i int) Cell { return v.price(i, allocation.Early) }, nil,
	}
	return []field{late, v.fieldEarlyPayment(), total}
}

// fieldsHypothetical are the prices that a launch document shows beside its
// spreads, where the terms have a yield for them.
func (v *view) fieldsHypothetical() []field {
	if v.Stage != AtLaunch || !v.hypothetical() {
		return nil
	}
	fields := []field{
		v.fieldRate("Hypothetical Reference Yield"),
		v.priceField("hypothetical_total_consideration", "Hypothetical "+v.words.Total, totalOf),
	}
	if v.hasEarlyPayment() {
		late := v.priceField("hypothetical_tender_offer_consideration", "Hypothetical "+v.words.TenderOffer, lateOf)
		fields = []field{fields[0], late, fields[1]}
	}
	return fields
}

// hypothetical reports whether the input has prices from hypothetical yields.
func (v *view) hypothetical() bool {
	return slices.ContainsFunc(v.Prices, func(d pricing.Determination) bool { return d.Hypothetical })
}

func (v *view) fieldEarlyPayment() field {
	return field{
		Column{Key: "early_tender_payment", Name: v.words.EarlyPayment + "*", Kind: Price},
		func(v *view, i int) Cell {
			s := v.series[i]
			if s.Price.Per.Sign() > 0 || s.Pricing == nil {
				return v.quoted(s, priceCell(s.Price.EarlyPayment, s.Currency))
			}
			return v.quoted(s, priceCell(s.Pricing.EarlyPayment, s.Currency))
		}, nil,
	}
}

// fieldsSpread are the columns of an offer whose prices are not fixed yet.
func (v *view) fieldsSpread() []field {
	fields := []field{fieldReference()}
	fields = append(fields, v.fieldPricing())
	if v.hasEarlyPayment() {
		fields = append(fields, v.fieldEarlyPayment())
	}
	return append(fields, v.fieldsHypothetical()...)
}

func fieldReference() field {
	return field{
		Column{Key: "reference_security", Name: "Reference Security"},
		func(v *view, i int) Cell {
			if p := v.series[i].Pricing; p != nil && p.ReferenceSecurity != "" {
				return textCell(p.ReferenceSecurity)
			}
			return none
		}, nil,
	}
}

func fieldYield() field {
	return field{
		Column{Key: "reference_yield", Name: "Reference Yield", Kind: Percent},
		func(v *view, i int) Cell {
			if p := v.series[i].Pricing; p != nil && p.ReferenceYield != nil {
				return Cell{p.ReferenceYield.String() + "%", p.ReferenceYield.String()}
			}
			return none
		}, nil,
	}
}

// fieldPricing says how prices are made: by fixed spreads, by bids or by both.
func (v *view) fieldPricing() field {
	spreads, bids := false, false
	for _, s := range v.series {
		if s.Pricing != nil {
			spreads = spreads || s.Pricing.Kind == "fixed-spread"
			bids = bids || strings.HasPrefix(s.Pricing.Kind, "auction")
		}
	}
	name := "Fixed Spread"
	switch {
	case bids && spreads:
		name = "Fixed Spread or Bids"
	case bids:
		name = "Acceptable Bids"
	}
	return field{
		Column{Key: "pricing_terms", Name: name, Kind: Price},
		func(v *view, i int) Cell { return v.series[i].pricingCell() }, nil,
	}
}

// pricingCell says how the price will be made: a spread or a range of bids.
func (s seriesView) pricingCell() Cell {
	p := s.Pricing
	switch {
	case p == nil:
		return none
	case p.Kind == "auction-price":
		return textCell(mark(s.Currency) + padDecimals(p.Minimum, 2) + " to " + mark(s.Currency) + padDecimals(p.Maximum, 2))
	case p.Kind == "auction-spread":
		return textCell(p.Minimum.String() + " to " + p.Maximum.String() + " bp")
	case p.Kind == "fixed-spread":
		return Cell{p.SpreadBP.String() + " bp", p.SpreadBP.String()}
	}
	return none
}

func (v *view) fieldFactor() field {
	return field{
		Column{Key: "factor", Name: v.words.Factor, Kind: Percent},
		func(v *view, i int) Cell { return v.factorOf(i) }, nil,
	}
}

// factorOf shows the factor of a series, or, where its tenders had several,
// each with the tenders it was for.
func (v *view) factorOf(i int) Cell {
	type use struct{ factor, whose string }
	var uses []use
	first := true
	var same *big.Rat
	for _, step := range v.Decision.Steps {
		for _, l := range step.Lines {
			if l.Series != i || l.Factor == nil || l.Tendered == 0 {
				continue
			}
			if first {
				same, first = l.Factor, false
			} else if same != nil && same.Cmp(l.Factor) != 0 {
				same = nil
			}
			uses = append(uses, use{percentText(l.Factor, 4), v.lineWords(step, l)})
		}
	}
	if same != nil {
		return factorCell(same)
	}
	if len(uses) == 0 {
		return none
	}
	var parts []string
	for _, u := range uses {
		parts = append(parts, fmt.Sprintf("%s (%s)", u.factor, u.whose))
	}
	return textCell(strings.Join(parts, ", "))
}

// lineWords tells the lines of one series apart: "late", "small", "level 4".
func (v *view) lineWords(step allocation.Step, l allocation.Line) string {
	var parts []string
	if len(v.series[l.Series].terms.Places) > 1 {
		parts = append(parts, fmt.Sprintf("level %d", step.Level))
	}
	if step.Small {
		parts = append(parts, "small")
	}
	return strings.Join(append(parts, l.Timing.String()), " ")
}
