package report

import (
	"slices"
	"strconv"

	"tenderbook/money"
	"tenderbook/pricing"
)

// Determinations makes the table of prices as the desk looks at them: a row for
// early and one for late tenders of each series.
func Determinations(all []pricing.Determination) *Table {
	t := &Table{Name: "determinations", Title: "Prices", Columns: []Column{
		{Key: "series", Name: "Series", Kind: Word},
		{Key: "timing", Name: "Tenders", Kind: Word},
		{Key: "reference_yield", Name: "Reference Yield", Kind: Percent},
		{Key: "spread_bp", Name: "Spread", Kind: Price},
		{Key: "yield", Name: "Yield", Kind: Percent},
		{Key: "priced_to", Name: "Priced To", Kind: Word},
		{Key: "settlement", Name: "Paid On", Kind: Word},
		{Key: "currency", Name: "Currency", DataOnly: true},
		{Key: "per", Name: "Per", Kind: Count},
		{Key: "price", Name: "Price", Kind: Price},
		{Key: "accrued_per_1000", Name: "Accrued per 1,000", Kind: Price},
		{Key: "accrued_days", Name: "Days", Kind: Count},
	}}
	for i := range all {
		t.Rows = append(t.Rows, Row{Cells: determinationCells(&all[i])})
	}
	if slices.ContainsFunc(all, func(d pricing.Determination) bool { return d.Hypothetical }) {
		t.Title, t.Notes = "Hypothetical prices", []string{"A reference yield in parentheses is hypothetical."}
	}
	return t
}

func determinationCells(d *pricing.Determination) []Cell {
	timing := "all"
	switch {
	case d.Late:
		timing = "late"
	case d.Terms.HasEarly():
		timing = "early"
	}
	yield := [4]Cell{none, none, none, none}
	if d.Basis == pricing.FromYield {
		yield = [4]Cell{percentOf(d.Reference.Value), {d.SpreadBP.String() + " bp", d.SpreadBP.String()}, percentOf(d.Yield), textCell(d.Workout.Date.String())}
		if d.Hypothetical {
			yield[0].Show = "(" + yield[0].Show + ")"
		}
	}
	accrued, days := none, none
	if d.HasInterest {
		accrued, days = priceCell(d.Interest, d.Series.Currency), textCell(strconv.Itoa(d.Accrued.Days))
	}
	return []Cell{
		textCell(d.Series.ID), textCell(timing), yield[0], yield[1], yield[2], yield[3], textCell(d.Settles.String()),
		textCell(d.Series.Currency.Code),
		{money.Group(d.Per.String()), d.Per.String()},
		priceCell(d.Price(), d.Series.Currency), accrued, days,
	}
}
