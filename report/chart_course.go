package report

import (
	"math/big"
	"strconv"

	"tenderbook/money"
	"tenderbook/scenario"
)

// A coursePanel is one figure of the variants, drawn over all of them.
type coursePanel struct {
	title  string
	height int
	most   *big.Rat // the top of the panel; nil: the highest value
	value  func(scenario.Result) *big.Rat
	show   func(scenario.Result) string
}

// scenarioCourse draws what the variants do as stairs from one to the next, in
// panels over one axis.
func (c *Chart) scenarioCourse(results []scenario.Result) {
	in := results[0].Accepted.Currency.Code
	top := c.courseOf(results, 0, coursePanel{
		"Accepted in " + in + ", by series", 168, nil,
		func(r scenario.Result) *big.Rat { return ratInt(r.Accepted.Minor) },
		func(r scenario.Result) string { return principalText(r.Accepted.Minor, r.Accepted.Currency) },
	}, c.courseBands)
	top = c.courseOf(results, top, coursePanel{
		"Paid in " + in, panelHeight, nil,
		func(r scenario.Result) *big.Rat { return ratInt(r.Paid.Minor) },
		func(r scenario.Result) string { return cashText(r.Paid.Minor, r.Paid.Currency) },
	}, nil)
	top = c.courseOf(results, top, coursePanel{
		"Where the cut falls, and the part that is accepted there", panelHeight + 18, ratInt(1), cutFactor,
		func(r scenario.Result) string { return percentText(cutFactor(r), 4) },
	}, c.courseCuts)
	top = c.courseOf(results, top, coursePanel{
		"Tenders accepted in part or not at all", panelHeight, nil,
		func(r scenario.Result) *big.Rat { return ratInt(tendersCut(r)) },
		func(r scenario.Result) string { return money.Group(strconv.FormatInt(tendersCut(r), 10)) },
	}, nil)
	c.courseAxis(results, top)
	c.height = top + 30
}

func cutFactor(r scenario.Result) *big.Rat {
	if r.Cut == nil {
		return ratInt(1)
	}
	return r.Cut.Factor
}

// courseOf draws a panel, what more it shows, and its first and last value; it
// gives the place below it.
func (c *Chart) courseOf(results []scenario.Result, top int, p coursePanel, more func([]scenario.Result, scale)) int {
	first, last := results[0], results[len(results)-1]
	c.text(chartLeft, top+18, "b", p.title)
	c.text(chartRight, top+18, "e q", p.show(first)+" → "+p.show(last))
	c.Desc += p.title + ": from " + p.show(first) + " to " + p.show(last) + ". "
	base := top + 26 + p.height
	up := scale{base, -p.height, p.most}
	if up.most == nil {
		up.most = ratInt(1)
		for _, r := range results {
			if x := p.value(r); x.Cmp(up.most) > 0 {
				up.most = x
			}
		}
	}
	c.line("axis", chartLeft, base, chartRight, base)
	outline := c.courseLine(results, up, p.value)
	c.path("area", outline+"V"+strconv.Itoa(base)+"H"+strconv.Itoa(chartLeft)+"Z")
	c.path("line", outline)
	if more != nil {
		more(results, up)
	}
	return base + 20
}

// courseLine is a path over all variants.
func (c *Chart) courseLine(results []scenario.Result, up scale, value func(scenario.Result) *big.Rat) string {
	steps := make([]step, len(results))
	for i, r := range results {
		steps[i] = step{courseX(i, len(results)), up.at(value(r))}
	}
	return stairs(steps, up.x)
}

// courseX is where the i-th of n variants begins.
func courseX(i, n int) int { return chartLeft + i*(chartRight-chartLeft)/n }

// courseBands parts what is accepted by series, and names each where its band is
// high enough for words.
func (c *Chart) courseBands(results []scenario.Result, up scale) {
	last := results[len(results)-1]
	upTo := func(n int, r scenario.Result) *big.Rat {
		sum := new(big.Rat)
		for _, i := range scenarioLadder(r)[:n] {
			sum.Add(sum, ratInt(r.In(i, r.Series[i].Accepted).Minor))
		}
		return sum
	}
	for n, i := range scenarioLadder(last) {
		if n > 0 {
			c.path("line", c.courseLine(results, up, func(r scenario.Result) *big.Rat { return upTo(n, r) }))
		}
		low, high := up.at(upTo(n, last)), up.at(upTo(n+1, last))
		if low-high < 15 {
			continue
		}
		amount := principalText(last.Series[i].Accepted, last.Terms.Series[i].Currency)
		c.text(chartRight-6, (low+high)/2+5, "e", last.Terms.Series[i].ID+": "+amount)
	}
}

// courseCuts names where the cut falls, once for as long as it falls there.
func (c *Chart) courseCuts(results []scenario.Result, up scale) {
	for i := 0; i < len(results); {
		from, words := i, cutText(results[i])
		for i < len(results) && cutText(results[i]) == words {
			i++
		}
		x, end := courseX(from, len(results)), courseX(i, len(results))
		if from > 0 {
			c.line("axis", x, up.x+up.width, x, up.x+4)
		}
		if wordsWidth(words) <= end-x {
			c.text(x, up.x+14, "q", words)
		}
	}
}

// courseAxis names as many variants as there is room for.
func (c *Chart) courseAxis(results []scenario.Result, top int) {
	const most = 6
	every := (len(results) + most - 1) / most
	for i := 0; i < len(results); i += every {
		x, label := courseX(i, len(results)), shorten(scenarioLabel(results[i]), 22)
		c.line("axis", x, top-12, x, top-6)
		if x+wordsWidth(label) > chartRight {
			c.text(chartRight, top+8, "e q", label)
		} else {
			c.text(x, top+8, "q", label)
		}
	}
	c.text(chartRight, top+24, "e q", shorten("variants of "+scenarioPaths(results[0]), 100))
}
