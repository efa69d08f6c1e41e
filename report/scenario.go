package report

import (
	"strconv"
	"strings"

	"tenderbook/money"
	"tenderbook/scenario"
)

// Scenarios makes the table of a what-if: a row for each variant, with the values
// that it changes, what is accepted of each series, what it costs, where the cut
// falls and how many tenders it leaves with less than they asked for. All
// variants change the same paths.
func Scenarios(results []scenario.Result) *Table {
	t := &Table{Name: "what-if", Title: "What-if: not a result of the offer"}
	if len(results) == 0 {
		return t
	}
	for _, change := range results[0].Changes {
		t.Columns = append(t.Columns, Column{Key: change.Path, Name: change.Path, Kind: Word})
	}
	terms := results[0].Terms
	for i := range terms.Series {
		s := &terms.Series[i]
		t.Columns = append(t.Columns, Column{Key: "accepted_" + s.ID, Name: s.ID + " Accepted", Kind: Principal})
	}
	in := results[0].Accepted.Currency.Code
	t.Columns = append(
		t.Columns,
		Column{Key: "accepted", Name: "Accepted in " + in, Kind: Principal},
		Column{Key: "paid", Name: "Paid in " + in, Kind: Cash},
		Column{Key: "cut_level", Name: "Cut at Level", Kind: Word},
		Column{Key: "cut_series", Name: "Series", Kind: Word},
		Column{Key: "factor", Name: "Factor", Kind: Percent},
		Column{Key: "marginal_price", Name: "Marginal Price", Kind: Word},
		Column{Key: "tenders_cut", Name: "Tenders Cut", Kind: Count},
	)
	for _, r := range results {
		t.Rows = append(t.Rows, scenarioRow(r))
	}
	t.Notes = append(t.Notes, "Accepted amounts in other currencies count at the offer's exchange rates. The marginal price is that of the first series that is cut.")
	return t
}

func scenarioRow(r scenario.Result) Row {
	var cells []Cell
	for _, change := range r.Changes {
		cells = append(cells, Cell{shortValue(change.Value), change.Value})
	}
	for i, s := range r.Series {
		c := r.Terms.Series[i].Currency
		cells = append(cells, principalCell(s.Accepted, c))
	}
	cells = append(cells, principalCell(r.Accepted.Minor, r.Accepted.Currency), cashCell(r.Paid.Minor, r.Paid.Currency))
	count := countCell(r.Tenders.Part + r.Tenders.None)
	if r.Cut == nil {
		return Row{Cells: append(cells, none, none, none, none, count)}
	}
	level := textCell(strconv.Itoa(r.Cut.Level))
	if r.Cut.Level == 0 { // an auction has bids, not levels
		level = none
	}
	return Row{Cells: append(cells, level, textCell(r.Cut.Series), factorCell(r.Cut.Factor), textCell(r.Cut.Marginal), count)}
}

// shortValue groups the digits of an amount.
func shortValue(v string) string {
	code, amount, found := strings.Cut(v, " ")
	if d, err := money.ParseDecimal(amount); found && err == nil {
		return code + " " + money.Group(d.String())
	}
	return v
}
