package report

import (
	"math/big"
	"strings"
)

// CapsChart draws how far each cap is used, each against its own limit, with
// what was tendered under it. It needs a decision.
func CapsChart(in Input) (*Chart, error) {
	v, err := lookDecided(in, "caps")
	if err != nil {
		return nil, err
	}
	return v.capsChart(), nil
}

func (v *view) capsChart() *Chart {
	c := newChart("caps-chart", "Use of the caps", chartWidth)
	s := scale{chartLeft, chartRight - chartLeft, v.capsMost()}
	y := 4
	var said []string
	for k, limit := range v.caps {
		use := v.Decision.Caps[k]
		share := new(big.Rat)
		if use.Amount > 0 {
			share.Quo(use.Used, ratInt(use.Amount))
		}
		figures := percentText(share, 2) + " used, " + ratText(use.Used, limit.currency) + " of " + principalText(use.Amount, limit.currency)
		y += 20
		c.text(chartLeft, y, "", shorten(limit.name, 66))
		c.text(chartRight, y, "e q", figures)
		c.bar(s, new(big.Rat), share, y+8, barHeight, solid)
		if offered := v.offeredShare(k); offered != nil {
			c.bar(s, share, offered, y+8, barHeight, hatched)
		}
		c.line("axis", s.x, y+8+barHeight, s.x+s.width, y+8+barHeight)
		c.limit(s, ratInt(1), y)
		y += rowHeight - 16
		said = append(said, limit.name+": "+figures)
	}
	y += 22
	c.legend(y, legendEntry{words: "used"}, legendEntry{words: "tendered beyond, returned", fill: hatched},
		legendEntry{words: "100%: the limit", line: "limit"})
	c.height = y + 10
	c.Desc = strings.Join(said, "; ") + "."
	return c
}

// offeredShare is what was tendered under a cap as a share of it; nil where
// series stand at several levels and would count twice, or the cap is zero.
func (v *view) offeredShare(k int) *big.Rat {
	if v.caps[k].Amount <= 0 {
		return nil
	}
	for _, s := range v.caps[k].Cap.Series {
		if len(v.series[s].terms.Places) > 1 {
			return nil
		}
	}
	sum := new(big.Rat)
	for _, step := range v.Decision.Steps {
		for _, c := range step.Caps {
			if c.Cap == k {
				sum.Add(sum, c.Demand)
			}
		}
	}
	return sum.Quo(sum, ratInt(v.caps[k].Amount))
}

// capsMost is the end of the scale: somewhat beyond the limit, and at most
// twice of it.
func (v *view) capsMost() *big.Rat {
	most := big.NewRat(11, 10)
	for k := range v.caps {
		if x := v.offeredShare(k); x != nil && x.Cmp(most) > 0 {
			most = x
		}
	}
	if two := ratInt(2); most.Cmp(two) > 0 {
		return two
	}
	return most
}
