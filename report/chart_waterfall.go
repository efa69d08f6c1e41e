package report

import (
	"fmt"
	"math/big"
	"strings"

	"tenderbook/allocation"
)

// WaterfallChart draws how the steps of an offer fill one of its caps, which is
// named by its index in the decision's terms: each step's accepted part starts
// where the one before ended, and what was tendered beyond is hatched. It needs
// a decision.
func WaterfallChart(in Input, limit int) (*Chart, error) {
	v, err := lookDecided(in, "waterfall")
	if err != nil {
		return nil, err
	}
	if limit < 0 || limit >= len(v.caps) {
		return nil, fmt.Errorf("waterfall of cap %d: the terms have %d caps", limit, len(v.caps))
	}
	return v.waterfallChart(limit), nil
}

// A fallStep is one bar of the waterfall, in the measure of the cap.
type fallStep struct {
	label, figures    string
	start             *big.Rat // where it begins
	accepted, offered *big.Rat
}

func (v *view) waterfallChart(k int) *Chart {
	steps := v.fall(k)
	amount := ratInt(v.caps[k].Amount)
	c := newChart(fmt.Sprintf("waterfall-%d", k+1), "Waterfall of the "+v.caps[k].name, chartWidth)
	s := scale{chartLeft, chartRight - chartLeft, fallMost(steps, amount)}
	y := 20
	c.text(chartLeft, y, "b", v.caps[k].name+" "+principalText(v.caps[k].Amount, v.caps[k].currency))
	c.bar(s, new(big.Rat), amount, y+8, barHeight, dotted)
	c.limit(s, amount, y)
	for _, step := range steps {
		y += rowHeight
		c.text(chartLeft, y, "", shorten(step.label, 66))
		c.text(chartRight, y, "e q", step.figures)
		end := new(big.Rat).Add(step.start, step.accepted)
		c.bar(s, end, new(big.Rat).Add(step.start, step.offered), y+8, barHeight, hatched)
		c.bar(s, step.start, end, y+8, barHeight, solid)
		c.limit(s, amount, y)
	}
	y = v.fallLeft(c, s, k, y)
	y += rowHeight + 4
	c.legend(y, legendEntry{words: "accepted"}, legendEntry{words: "tendered, returned", fill: hatched},
		legendEntry{words: "the cap and what is left of it", fill: dotted}, legendEntry{words: "limit", line: "limit"})
	c.height = y + 10
	c.Desc = v.fallDesc(k, steps)
	return c
}

// fallLeft draws what is left of the cap in the end.
func (v *view) fallLeft(c *Chart, s scale, k, y int) int {
	use := v.Decision.Caps[k]
	if use.Left.Sign() <= 0 {
		return y
	}
	y += rowHeight
	why := "Left"
	if v.wasFull(k) {
		why = "Left over by rounding down"
	}
	c.text(chartLeft, y, "", why)
	c.text(chartRight, y, "e q", ratText(use.Left, v.caps[k].currency))
	c.bar(s, use.Used, ratInt(use.Amount), y+8, barHeight, dotted)
	c.limit(s, ratInt(use.Amount), y)
	return y
}

// fall works out where each step begins and ends under a cap.
func (v *view) fall(k int) []fallStep {
	var steps []fallStep
	amount, end := ratInt(v.caps[k].Amount), v.settledUse(k)
	if end.Sign() > 0 {
		steps = append(steps, fallStep{
			label: "Accepted at the early settlement", figures: ratText(end, v.caps[k].currency),
			start: new(big.Rat), accepted: end, offered: end,
		})
	}
	for n := range v.Decision.Steps {
		step := &v.Decision.Steps[n]
		for _, at := range step.Caps {
			if at.Cap != k {
				continue
			}
			start := end
			if at.Before.Sign() > 0 { // a closed cap has no room although rounding left some
				start = new(big.Rat).Sub(amount, at.Before)
			}
			if start.Cmp(end) > 0 {
				steps = append(steps, fallStep{
					label: "Taken before", figures: ratText(new(big.Rat).Sub(start, end), v.caps[k].currency),
					start: end, accepted: new(big.Rat).Sub(start, end), offered: new(big.Rat).Sub(start, end),
				})
			}
			accepted := new(big.Rat).Sub(at.Before, at.After)
			steps = append(steps, fallStep{
				label: upperFirst(v.stepTitle(step, k)), start: start, accepted: accepted, offered: at.Demand,
				figures: v.fallFigures(step, k, accepted, at.Demand),
			})
			end = new(big.Rat).Add(start, accepted)
		}
	}
	return steps
}

// fallFigures says what a step got, with the factor where its series share one.
func (v *view) fallFigures(step *allocation.Step, k int, accepted, offered *big.Rat) string {
	c := v.caps[k].currency
	switch {
	case accepted.Sign() == 0:
		return "none of " + ratText(offered, c)
	case accepted.Cmp(offered) == 0:
		return "all of " + ratText(offered, c)
	}
	s := fmt.Sprintf("%s of %s", ratText(accepted, c), ratText(offered, c))
	if f := v.stepFactor(step, k); f != nil {
		s += ", " + v.words.factor + " " + percentText(f, 4)
	}
	return s
}

// stepFactor is the factor of the series that a cap covers in a step; nil where
// they have several.
func (v *view) stepFactor(step *allocation.Step, k int) *big.Rat {
	var factor *big.Rat
	for _, l := range step.Lines {
		if !v.covers(k, l.Series) {
			continue
		}
		if factor != nil && factor.Cmp(l.Factor) != 0 {
			return nil
		}
		factor = l.Factor
	}
	return factor
}

// stepTitle names a step with the series in it that a cap covers.
func (v *view) stepTitle(s *allocation.Step, k int) string {
	var titles []string
	seen := map[int]bool{}
	for _, l := range s.Lines {
		if v.covers(k, l.Series) && !seen[l.Series] {
			seen[l.Series] = true
			titles = append(titles, v.series[l.Series].Title)
		}
	}
	if len(titles) == 1 {
		return stepWords(s) + ", " + titles[0]
	}
	return fmt.Sprintf("%s, %d series", stepWords(s), len(titles))
}

// fallMost is the end of the scale: the furthest bar, or twice the cap where
// bars go on beyond.
func fallMost(steps []fallStep, amount *big.Rat) *big.Rat {
	most := amount
	for _, s := range steps {
		if end := new(big.Rat).Add(s.start, s.offered); end.Cmp(most) > 0 {
			most = end
		}
	}
	if twice := new(big.Rat).Mul(amount, ratInt(2)); amount.Sign() > 0 && most.Cmp(twice) > 0 {
		most = twice
	}
	if most.Sign() <= 0 {
		return ratInt(1)
	}
	return most
}

func (v *view) fallDesc(k int, steps []fallStep) string {
	var parts []string
	for _, s := range steps {
		parts = append(parts, s.label+": accepted "+s.figures)
	}
	return v.capSentence(k) + " " + strings.Join(parts, "; ") + "."
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
