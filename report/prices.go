package report

import (
	"slices"
	"strings"

	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/pricing"
)

// pricesTable is the pricing table of a release made from determinations, which
// know more than the terms: what the notes are priced to, the tender yield, a
// yield that was worked out.
func (v *view) pricesTable() *Table {
	fields := []field{fieldSeries(), fieldTitle(), fieldCurrency()}
	if v.hasIdentifiers() {
		fields = append(fields, fieldIdentifiers())
	}
	if v.Vocabulary == EU {
		fields = append(fields, v.europeanPrices()...)
	} else {
		fields = append(fields, v.americanPrices()...)
	}
	fields = append(fields, v.priceData()...)
	t := v.bySeries("pricing", "Prices", fields, v.determinedNotes()...)
	if v.hypothetical() {
		t.Title = "Hypothetical prices"
	}
	return t
}

// americanPrices are the columns of a release in the United States.
func (v *view) americanPrices() []field {
	fields := []field{
		withoutTotal(v.fieldOutstanding()), fieldLevel(), v.fieldSecurity("Reference Security"), v.fieldRate("Reference Yield"),
		v.fieldSpreadOf("Fixed Spread"), v.fieldTenderYield("Tender Yield"),
	}
	if !v.hasEarlyPayment() {
		return append(fields, v.priceField("tender_offer_consideration", v.words.TenderOffer, totalOf))
	}
	return append(fields,
		v.priceField("tender_offer_consideration", v.words.TenderOffer, lateOf),
		v.priceField("early_tender_payment", v.words.EarlyPayment, earlyPaymentOf),
		v.priceField("total_consideration", v.words.Total, totalOf))
}

// europeanPrices are those of a European release, with what is accepted and the
// scaling factor once that is decided.
func (v *view) europeanPrices() []field {
	var fields []field
	if v.Decision != nil {
		fields = append(fields,
			withoutTotal(v.principalField("series_acceptance_amount", "Series Acceptance Amount", func(s seriesView) int64 { return s.sum.accepted })),
			v.fieldFactor())
	} else {
		fields = append(fields, withoutTotal(v.fieldOutstanding()))
	}
	fields = append(fields, v.fieldSecurity("Benchmark"), v.fieldRate(v.rateName()), v.fieldSpreadOf("Purchase Spread"), v.fieldTenderYield("Purchase Yield"))
	if !v.hasEarlyPayment() {
		return append(fields, v.priceField("purchase_price", "Purchase Price", totalOf))
	}
	return append(fields,
		v.priceField("purchase_price", v.words.TenderOffer, lateOf),
		v.priceField("early_tender_premium", v.words.EarlyPayment, earlyPaymentOf),
		v.priceField("early_purchase_price", v.words.Total, totalOf))
}

// rateName is what Europe calls the reference: an interpolated rate if all come
// from a curve.
func (v *view) rateName() string {
	curves := 0
	for i := range v.Prices {
		if d := &v.Prices[i]; d.Basis == pricing.FromYield {
			if d.Reference.Way != offer.YieldInterpolated {
				return "Benchmark Rate"
			}
			curves++
		}
	}
	if curves == 0 {
		return "Benchmark Rate"
	}
	return "Interpolated Mid-Swap Rate"
}

// priceData are columns for machines.
func (v *view) priceData() []field {
	yielded := func(key string, of func(d *pricing.Determination) string) field {
		return v.determinedField(Column{Key: key, Name: key, DataOnly: true}, func(d *pricing.Determination) Cell {
			if d.Basis != pricing.FromYield {
				return none
			}
			return textCell(of(d))
		})
	}
	return []field{
		yielded("priced_to", func(d *pricing.Determination) string { return d.Workout.Date.String() }),
		yielded("priced_at", func(d *pricing.Determination) string { return d.PricedAt.String() }),
		v.determinedField(Column{Key: "per", Name: "per", DataOnly: true}, func(d *pricing.Determination) Cell { return textCell(d.Per.String()) }),
		v.determinedField(Column{Key: "accrued_per_1000", Name: "accrued_per_1000", DataOnly: true}, func(d *pricing.Determination) Cell {
			if !d.HasInterest {
				return none
			}
			return textCell(d.Interest.String())
		}),
	}
}

// determined finds the price of early tenders of a series, or of all its
// tenders, or nil.
func (v *view) determined(i int, late bool) *pricing.Determination {
	at := slices.IndexFunc(v.Prices, func(d pricing.Determination) bool { return d.Series.ID == v.series[i].ID && d.Late == late })
	if at < 0 {
		return nil
	}
	return &v.Prices[at]
}

// determinedField shows something of each price that is determined.
func (v *view) determinedField(c Column, of func(d *pricing.Determination) Cell) field {
	return field{c, func(v *view, i int) Cell {
		if d := v.determined(i, false); d != nil {
			return of(d)
		}
		return none
	}, nil}
}

// yieldField shows something of each price that follows from a yield.
func (v *view) yieldField(c Column, of func(d *pricing.Determination) Cell) field {
	return v.determinedField(c, func(d *pricing.Determination) Cell {
		if d.Basis != pricing.FromYield {
			return none
		}
		return of(d)
	})
}

func (v *view) fieldSecurity(name string) field {
	return v.yieldField(Column{Key: "reference_security", Name: name}, func(d *pricing.Determination) Cell {
		return textCell(d.Reference.Security)
	})
}

func (v *view) fieldRate(name string) field {
	return v.yieldField(Column{Key: "reference_yield", Name: name, Kind: Percent}, func(d *pricing.Determination) Cell {
		return percentOf(d.Reference.Value)
	})
}

func (v *view) fieldSpreadOf(name string) field {
	return v.yieldField(Column{Key: "spread_bp", Name: name, Kind: Price}, func(d *pricing.Determination) Cell {
		return Cell{d.SpreadBP.String() + " bp", d.SpreadBP.String()}
	})
}

func (v *view) fieldTenderYield(name string) field {
	return v.yieldField(Column{Key: "tender_yield", Name: name, Kind: Percent}, func(d *pricing.Determination) Cell { return percentOf(d.Yield) })
}

func percentOf(d money.Decimal) Cell { return Cell{d.String() + "%", d.String()} }

func totalOf(d *pricing.Determination) money.Decimal        { return d.Total }
func earlyPaymentOf(d *pricing.Determination) money.Decimal { return d.EarlyPayment }
func lateOf(d *pricing.Determination) money.Decimal         { return d.TenderOffer }

// priceField shows one of the prices: a percentage where the market quotes one.
// The late price is that of late tenders, which may be worked out for them.
func (v *view) priceField(key, name string, of func(d *pricing.Determination) money.Decimal) field {
	return field{Column{Key: key, Name: name + "*", Kind: Price}, func(v *view, i int) Cell {
		d := v.determined(i, strings.HasSuffix(key, "tender_offer_consideration") || key == "purchase_price" && v.hasEarlyPayment())
		if d == nil {
			d = v.determined(i, false)
		}
		if d == nil {
			return none
		}
		if v.words.percentPrices && d.Per.Cmp(money.DecimalOf(100, 0)) == 0 {
			return percentOf(of(d))
		}
		return priceCell(of(d), v.series[i].Currency)
	}, nil}
}

// determinedNotes say what the prices are for.
func (v *view) determinedNotes() []string {
	var pers []string
	for i := range v.Prices {
		d := &v.Prices[i]
		per := mark(d.Series.Currency) + money.Group(d.Per.String())
		if v.words.percentPrices && d.Per.Cmp(money.DecimalOf(100, 0)) == 0 {
			per = "100%"
		}
		if !slices.Contains(pers, per) {
			pers = append(pers, per)
		}
	}
	slices.Sort(pers)
	notes := []string{"* Per " + joinOr(pers) + " of " + v.words.principal + " accepted, accrued interest not included."}
	if v.hypothetical() {
		notes = append(notes, "The prices are hypothetical: they show how the offer prices the securities, from yields that are not those of price determination.")
	}
	return notes
}

func joinOr(parts []string) string {
	if len(parts) < 2 {
		return list(parts)
	}
	return list(parts[:len(parts)-1]) + " or " + parts[len(parts)-1]
}
