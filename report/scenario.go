package report

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"tenderbook/money"
	"tenderbook/scenario"
)

// Scenarios makes the table of a what-if: a row for each variant, with what is
// accepted of each series, what it costs, where the cut falls and how many
// tenders it leaves with less than they asked for.
func Scenarios(results []scenario.Result) *Table {
	t := &Table{Name: "what-if", Title: "What-if: not a result of the offer", Columns: []Column{
		{Key: "variant", Name: "Variant", Kind: Text},
	}}
	if len(results) == 0 {
		return t
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
	cells := []Cell{textCell(r.Name())}
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

// A scenarioPanel is one figure of the variants, drawn over all of them.
type scenarioPanel struct {
	title string
	value func(scenario.Result) int64
	show  func(scenario.Result) string
}

// ScenarioChart draws what the variants of a what-if accept, cost and cut, one
// panel each, in the order of the variants.
func ScenarioChart(results []scenario.Result) (*Chart, error) {
	if len(results) < 2 {
		return nil, fmt.Errorf("%d variants: a chart needs at least two", len(results))
	}
	in := results[0].Accepted.Currency.Code
	panels := []scenarioPanel{
		{
			"Accepted in " + in, func(r scenario.Result) int64 { return r.Accepted.Minor },
			func(r scenario.Result) string { return principalText(r.Accepted.Minor, r.Accepted.Currency) },
		},
		{
			"Paid in " + in, func(r scenario.Result) int64 { return r.Paid.Minor },
			func(r scenario.Result) string { return cashText(r.Paid.Minor, r.Paid.Currency) },
		},
		{"Level at which the cut falls", cutLevel, cutText},
		{
			"Tenders accepted in part or not at all", func(r scenario.Result) int64 { return r.Tenders.Part + r.Tenders.None },
			func(r scenario.Result) string { return strconv.FormatInt(r.Tenders.Part+r.Tenders.None, 10) },
		},
	}
	c := newChart("what-if-chart", "What-if: not a result of the offer", chartWidth)
	top := 0
	for _, p := range panels {
		top = c.scenarioPanel(results, p, top)
	}
	c.scenarioAxis(results, top)
	c.height = top + 34
	return c, nil
}

func cutLevel(r scenario.Result) int64 {
	if r.Cut == nil {
		return 0
	}
	return int64(r.Cut.Level)
}

func cutText(r scenario.Result) string {
	switch {
	case r.Cut == nil:
		return "none"
	case r.Cut.Level == 0:
		return "at the clearing bid"
	}
	return fmt.Sprintf("level %d (%s)", r.Cut.Level, r.Cut.Series)
}

// scenarioPanel draws one figure as stairs from variant to variant and says its
// first and last value; it gives the place below it.
func (c *Chart) scenarioPanel(results []scenario.Result, p scenarioPanel, top int) int {
	first, last := results[0], results[len(results)-1]
	c.text(chartLeft, top+18, "b", p.title)
	c.text(chartRight, top+18, "e q", p.show(first)+" → "+p.show(last))
	c.Desc += p.title + ": from " + p.show(first) + " to " + p.show(last) + ". "
	base := top + 26 + panelHeight
	c.line("axis", chartLeft, base, chartRight, base)
	var most int64 = 1
	for _, r := range results {
		most = max(most, p.value(r))
	}
	var steps []step
	for i, r := range results {
		height := new(big.Int).Mul(big.NewInt(p.value(r)), big.NewInt(panelHeight))
		y := base - int(height.Quo(height, big.NewInt(most)).Int64())
		steps = append(steps, step{scenarioX(i, len(results)), y})
	}
	outline := stairs(steps, base)
	c.path("area", outline+fmt.Sprintf("V%dH%dZ", base, chartLeft))
	c.path("line", outline)
	return base + 12
}

// scenarioX is where the i-th of n variants begins.
func scenarioX(i, n int) int { return chartLeft + i*(chartRight-chartLeft)/n }

// scenarioAxis names the variants, as many as there is room for: all but the
// part of the name that they share.
func (c *Chart) scenarioAxis(results []scenario.Result, top int) {
	const most = 6
	every := (len(results) + most - 1) / most
	for i := 0; i < len(results); i += every {
		x := scenarioX(i, len(results))
		c.line("axis", x, top-6, x, top)
		c.text(x, top+14, "q", shorten(scenarioLabel(results[i]), 22))
	}
	c.text(chartRight, top+30, "e q", shorten("variants of "+scenarioPaths(results[0]), 100))
}

func scenarioLabel(r scenario.Result) string {
	if len(r.Changes) == 0 {
		return r.Name()
	}
	label := ""
	for i, change := range r.Changes {
		if i > 0 {
			label += ", "
		}
		label += shortValue(change.Value)
	}
	return label
}

func scenarioPaths(r scenario.Result) string {
	paths := make([]string, len(r.Changes))
	for i, change := range r.Changes {
		paths[i] = change.Path
	}
	return strings.Join(paths, ", ")
}

// shortValue groups the digits of an amount.
func shortValue(v string) string {
	code, amount, found := strings.Cut(v, " ")
	if d, err := money.ParseDecimal(amount); found && err == nil {
		return code + " " + money.Group(d.String())
	}
	return v
}
