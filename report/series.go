package report

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"tenderbook/allocation"
	"tenderbook/money"
)

// A field is a column of a table of series: its head, the figure of each
// series and the figure of a sum over several.
type field struct {
	Column
	of    func(v *view, i int) Cell
	total func(t total) Cell // nil: a sum has none
}

// A total is a sum over the series of one currency, or over all of them in the
// currency of a cap.
type total struct {
	v         *view
	members   []int
	currency  money.Currency
	converted bool // from other currencies
}

// add sums minor units over the members, in the currency of the total.
func (t total) add(get func(s seriesView) int64) *big.Rat {
	sum := new(big.Rat)
	for _, i := range t.members {
		x := ratInt(get(t.v.series[i]))
		if rate := t.v.rate(t.v.series[i].Currency, t.currency); rate != nil {
			x.Mul(x, rate)
		}
		sum.Add(sum, x)
	}
	return sum
}

// rate turns minor units of one currency into another's by the offer's rates;
// nil where they do not say.
func (v *view) rate(from, to money.Currency) *big.Rat {
	if from == to {
		return big.NewRat(1, 1)
	}
	if r, ok := v.Terms.Rate(from, to); ok {
		return r.Minor()
	}
	return nil
}

// bySeries makes a table with a row for each series and, where a field has
// sums, a row for each currency and one in the currency of the first cap.
func (v *view) bySeries(name, title string, fields []field, notes ...string) *Table {
	t := &Table{Name: name, Title: title, Notes: notes}
	summed := false
	for _, f := range fields {
		t.Columns = append(t.Columns, f.Column)
		summed = summed || f.total != nil
	}
	for _, i := range v.ladder() {
		var row Row
		for _, f := range fields {
			row.Cells = append(row.Cells, f.of(v, i))
		}
		t.Rows = append(t.Rows, row)
	}
	if summed {
		v.addTotals(t, fields)
	}
	return t
}

func (v *view) addTotals(t *Table, fields []field) {
	currencies := v.currencies()
	for _, c := range currencies {
		var members []int
		for i, s := range v.series {
			if s.Currency == c {
				members = append(members, i)
			}
		}
		t.Rows = append(t.Rows, totalRow("Total "+c.Code, total{v, members, c, false}, fields))
	}
	if to, ok := v.commonCurrency(); ok {
		all := make([]int, len(v.series))
		for i := range all {
			all[i] = i
		}
		t.Rows = append(t.Rows, totalRow("Total in "+to.Code, total{v, all, to, true}, fields))
		t.Notes = append(t.Notes, v.rateNote(to))
	}
}

func totalRow(label string, t total, fields []field) Row {
	row := Row{Total: true}
	for _, f := range fields {
		switch {
		case f.Key == "title":
			row.Cells = append(row.Cells, textCell(label))
		case f.Key == "currency":
			row.Cells = append(row.Cells, textCell(t.currency.Code))
		case f.total != nil:
			row.Cells = append(row.Cells, f.total(t))
		default:
			row.Cells = append(row.Cells, Cell{})
		}
	}
	return row
}

// commonCurrency is the currency of the first aggregate cap, where there are
// several currencies and the offer has a rate for each.
func (v *view) commonCurrency() (money.Currency, bool) {
	if len(v.currencies()) < 2 || len(v.Terms.Caps) == 0 {
		return money.Currency{}, false
	}
	to := v.Terms.Caps[0].Amount.Currency
	for _, from := range v.currencies() {
		if v.rate(from, to) == nil {
			return money.Currency{}, false
		}
	}
	return to, true
}

func (v *view) rateNote(to money.Currency) string {
	var rates []string
	for _, r := range v.Terms.Rates {
		rates = append(rates, fmt.Sprintf("%s (%s for one %s)", r, r.To.Code, r.From.Code))
	}
	return fmt.Sprintf("Amounts in other currencies count in %s at the offer's rate: %s.", to.Code, list(rates))
}

// ladder gives the series in order of acceptance priority, as tables print
// them; series of one level stay in the order of the terms.
func (v *view) ladder() []int {
	order := make([]int, len(v.series))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return v.series[a].firstLevel() - v.series[b].firstLevel()
	})
	return order
}

func (s seriesView) firstLevel() int {
	if len(s.Levels) == 0 {
		return 0
	}
	return s.Levels[0].Level
}

// levelText gives the levels of a series: "3", or "1 and 4".
func (s seriesView) levelText() string {
	var levels []string
	for _, l := range s.Levels {
		levels = append(levels, fmt.Sprint(l.Level))
	}
	return list(levels)
}

// per is the principal that prices are quoted for.
func (s seriesView) per() money.Decimal {
	if s.Price.Per.Sign() > 0 {
		return s.Price.Per
	}
	return s.QuotedFor()
}

// perWords says what a price is for: "$1,000", "share".
func (v *view) perWords(s seriesView) string {
	if v.words.inShares && s.per().Cmp(money.DecimalOf(1, 0)) == 0 {
		return "share"
	}
	return mark(v.notes(s.Currency)) + money.Group(s.per().String())
}

// price shows what is paid per so much principal: the terms' price, or the one
// that the decision was made with, or nothing yet.
func (v *view) price(i int, t allocation.Timing) Cell {
	s := v.series[i]
	if s.Price.Per.Sign() > 0 {
		if t == allocation.Late {
			return v.quoted(s, priceCell(s.Price.TenderOffer, s.Currency))
		}
		return v.quoted(s, priceCell(s.Price.Total, s.Currency))
	}
	return v.quoted(s, s.ratPrice(v.decidedPrice(i, t)))
}

// quoted turns a price per 100 into the percentage that European offers print.
func (v *view) quoted(s seriesView, c Cell) Cell {
	if !v.words.percentPrices || c == none || s.per().Cmp(money.DecimalOf(100, 0)) != 0 {
		return c
	}
	return Cell{c.Plain + "%", c.Plain}
}

// decidedPrice is the price of one minor unit of principal in the decision.
func (v *view) decidedPrice(i int, t allocation.Timing) *big.Rat {
	if v.Decision == nil {
		return nil
	}
	if v.Alloc.Order == allocation.Auction {
		if bid := v.clearingSteps(i); bid != nil && !v.Alloc.Auction.PaysBid {
			return v.Alloc.Auction.Price(i, t, *bid)
		}
		return nil
	}
	return v.series[i].terms.Price[t]
}

// ratPrice shows the price of one minor unit as a price per so much principal.
func (s seriesView) ratPrice(perMinor *big.Rat) Cell {
	if perMinor == nil {
		return none
	}
	d, _ := exactDecimal(new(big.Rat).Mul(perMinor, s.per().Rat()), s.Currency.Digits, 8)
	return Cell{mark(s.Currency) + money.Group(d), d}
}

// hasEarlyPayment reports whether any series pays more for early tenders.
func (v *view) hasEarlyPayment() bool {
	return slices.ContainsFunc(v.series, func(s seriesView) bool {
		return s.Price.EarlyPayment.Sign() > 0 || s.Pricing != nil && s.Pricing.EarlyPayment.Sign() > 0
	})
}

// perNote is the footnote of prices: "* Per $1,000 principal amount accepted."
func (v *view) perNote() string {
	var pers []string
	for _, s := range v.series {
		p := v.perWords(s)
		if !slices.Contains(pers, p) {
			pers = append(pers, p)
		}
	}
	if v.words.inShares {
		return "* Per " + strings.Join(pers, " or ") + "."
	}
	return "* Per " + strings.Join(pers, " or ") + " " + v.words.principal + " accepted, accrued interest not included."
}
