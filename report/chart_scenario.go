package report

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tenderbook/money"
	"tenderbook/scenario"
)

// mostBars is how many variants are drawn one under the other; more are drawn
// as a course.
const mostBars = 40

// ScenarioChart draws what the variants of a what-if accept, cost and cut:
// amounts of one path as a course over its values, others as a bar each, one
// under the other, so that their words can be read.
func ScenarioChart(results []scenario.Result) (*Chart, error) {
	if len(results) < 2 {
		return nil, fmt.Errorf("a drawing needs at least two variants, got %d", len(results))
	}
	c := newChart("what-if-chart", "What-if: not a result of the offer", chartWidth)
	if len(results) <= mostBars && !alongAmounts(results) {
		c.scenarioBars(results)
	} else {
		c.scenarioCourse(results)
	}
	return c, nil
}

// alongAmounts reports whether the variants are amounts of one path.
func alongAmounts(results []scenario.Result) bool {
	for _, r := range results {
		if len(r.Changes) != 1 {
			return false
		}
		_, amount, found := strings.Cut(r.Changes[0].Value, " ")
		if !found {
			amount = r.Changes[0].Value
		}
		if _, err := money.ParseDecimal(amount); err != nil {
			return false
		}
	}
	return true
}

// scenarioBars draws a bar for each variant: what is accepted, series by series,
// and what is returned, under the first cap where it is one of principal.
func (c *Chart) scenarioBars(results []scenario.Result) {
	most := big.NewRat(1, 1)
	for _, r := range results {
		if x := ratInt(r.Tendered().Minor); x.Cmp(most) > 0 {
			most = x
		}
	}
	s := scale{chartLeft, chartRight - chartLeft, most}
	y := 20
	c.text(chartLeft, y, "b", "Accepted in "+results[0].Accepted.Currency.Code+", by "+shorten(scenarioPaths(results[0]), 90))
	y -= rowHeight - 28
	limited := false
	for _, r := range results {
		y += rowHeight
		figures := scenarioFigures(r)
		c.text(chartLeft, y, "", shorten(scenarioLabel(r), 50))
		c.text(chartRight, y, "e q", figures)
		c.scenarioBar(s, r, y)
		if cap := r.Terms.Caps; len(cap) > 0 && cap[0].Counts == "principal" && cap[0].Series == nil {
			c.limit(s, ratInt(r.Alloc.Caps[0].Amount), y)
			limited = true
		}
		c.Desc += scenarioLabel(r) + ": " + figures + ". "
	}
	y += rowHeight + 4
	legend := []legendEntry{{words: "accepted, series by series"}, {words: "tendered, returned", fill: hatched}}
	if limited {
		legend = append(legend, legendEntry{words: results[0].Terms.Caps[0].Name, line: "limit"})
	}
	c.legend(y, legend...)
	c.height = y + 10
}

// scenarioBar draws one variant, a gap of a pixel between series.
func (c *Chart) scenarioBar(s scale, r scenario.Result, y int) {
	end := new(big.Rat)
	for _, i := range scenarioLadder(r) {
		from := end
		end = new(big.Rat).Add(from, ratInt(r.In(i, r.Series[i].Accepted).Minor))
		if from.Sign() > 0 && end.Cmp(from) > 0 {
			c.line("gap", s.at(from), y+8, s.at(from), y+8+barHeight)
		}
		c.bar(s, from, end, y+8, barHeight, solid)
	}
	c.bar(s, end, ratInt(r.Tendered().Minor), y+8, barHeight, hatched)
}

// scenarioFigures says what a variant takes and where it cuts.
func scenarioFigures(r scenario.Result) string {
	s := principalText(r.Accepted.Minor, r.Accepted.Currency) + " for " + cashText(r.Paid.Minor, r.Paid.Currency)
	if r.Cut != nil {
		s += ", " + cutText(r) + " " + percentText(r.Cut.Factor, 4)
	}
	return s + ", " + money.Group(strconv.FormatInt(tendersCut(r), 10)) + " tenders cut"
}

func tendersCut(r scenario.Result) int64 { return r.Tenders.Part + r.Tenders.None }

func cutText(r scenario.Result) string {
	switch {
	case r.Cut == nil:
		return "nothing is cut"
	case r.Cut.Level == 0:
		return r.Cut.Series + " at the clearing bid"
	}
	return fmt.Sprintf("level %d (%s)", r.Cut.Level, r.Cut.Series)
}

// scenarioLadder is the series of a variant in the order of their levels.
func scenarioLadder(r scenario.Result) []int {
	order := make([]int, len(r.Series))
	for i := range order {
		order[i] = i
	}
	level := func(i int) int {
		if of := r.Terms.Series[i].Levels; len(of) > 0 {
			return of[0].Level
		}
		return 0
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(level(a), level(b)) })
	return order
}

func scenarioLabel(r scenario.Result) string {
	if len(r.Changes) == 0 {
		return r.Name()
	}
	values := make([]string, len(r.Changes))
	for i, change := range r.Changes {
		values[i] = shortValue(change.Value)
	}
	return strings.Join(values, ", ")
}

func scenarioPaths(r scenario.Result) string {
	paths := make([]string, len(r.Changes))
	for i, change := range r.Changes {
		paths[i] = change.Path
	}
	return strings.Join(paths, ", ")
}

// wordsWidth is about how wide words are at full size.
func wordsWidth(s string) int { return 13 * utf8.RuneCountInString(s) / 2 }
