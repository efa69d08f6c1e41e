package reference

import (
	"fmt"
	"math/big"
	"slices"

	"tenderbook/allocation"
)

// Check gives what of the engine's results breaks a rule that holds whatever
// the terms say (the end of §7, and sums that must agree), a line for each.
func Check(t *allocation.Terms, book []allocation.Tender, d *allocation.Decision, got []allocation.Outcome) []string {
	c := &differ{}
	for i, x := range book {
		c.outcome(t, x, got[i])
	}
	c.noCapExceeded(t, book, got)
	c.sums(book, d, got)
	c.oneFactor(d)
	return c.lines
}

// outcome: 0 <= accepted <= tendered, and whole increments or the whole tender.
func (c *differ) outcome(t *allocation.Terms, x allocation.Tender, o allocation.Outcome) {
	what := fmt.Sprintf("tender %d", x.Row)
	if o.Accepted < 0 || o.Accepted > x.Principal {
		c.addf("%s: %d accepted of %d tendered", what, o.Accepted, x.Principal)
	}
	if o.Accepted+o.Returned != x.Principal {
		c.addf("%s: %d accepted and %d returned of %d", what, o.Accepted, o.Returned, x.Principal)
	}
	if o.Accepted%t.Series[x.Series].Increment != 0 && o.Accepted != x.Principal {
		c.addf("%s: %d accepted is neither whole increments nor the whole tender", what, o.Accepted)
	}
	if o.Accepted < x.AtLeast && o.Accepted != 0 {
		c.addf("%s: %d accepted of a tender on the condition of %d", what, o.Accepted, x.AtLeast)
	}
	whole := o.UnitAccepted == o.UnitTendered
	if t.Stub != allocation.StubIgnore && o.UnitAccepted > 0 && !whole && o.UnitAccepted < t.Series[x.Series].Minimum {
		c.addf("%s: its unit has %d accepted, below the minimum denomination", what, o.UnitAccepted)
	}
}

// noCapExceeded counts what each cap has accepted under it, exactly, from the
// outcomes alone. A cap that is net of other series must hold with those too,
// unless they alone are more than it.
func (c *differ) noCapExceeded(t *allocation.Terms, book []allocation.Tender, got []allocation.Outcome) {
	for k, limit := range t.Caps {
		under, net := new(big.Rat), new(big.Rat)
		if t.Settled != nil {
			net.Set(t.Settled.Used[k])
		}
		for i, x := range book {
			w := worth(t, k, x, got[i])
			if slices.Contains(limit.Series, x.Series) {
				under.Add(under, w)
			}
			if slices.Contains(limit.Less, x.Series) {
				net.Add(net, w)
			}
		}
		total := new(big.Rat).Add(under, net)
		if under.Sign() > 0 && total.Cmp(big.NewRat(limit.Amount, 1)) > 0 {
			c.addf("cap %s of %d is exceeded: %s", limit.Name, limit.Amount, total.FloatString(6))
		}
	}
}

// worth is what an outcome counts under a cap, by the price it names itself.
func worth(t *allocation.Terms, k int, x allocation.Tender, o allocation.Outcome) *big.Rat {
	w := big.NewRat(o.Accepted, 1)
	if o.Accepted == 0 {
		return w
	}
	switch t.Caps[k].Counts {
	case allocation.CountsPrice:
		w.Mul(w, orZero(o.Price))
	case allocation.CountsPriceAndInt:
		w.Mul(w, new(big.Rat).Add(orZero(o.Price), orZero(t.Series[x.Series].Interest[x.Timing])))
	}
	if rate := t.Caps[k].Rate[x.Series]; rate != nil {
		w.Mul(w, rate)
	}
	return w
}

// sums: what the lines say was accepted and paid is what the tenders got.
func (c *differ) sums(book []allocation.Tender, d *allocation.Decision, got []allocation.Outcome) {
	type key struct {
		series int
		timing allocation.Timing
	}
	type sum struct{ accepted, consideration, interest int64 }
	lines, tenders := map[key]sum{}, map[key]sum{}
	several := false // a tender may be paid once for two places, and rounded once
	for _, s := range d.Steps {
		for _, l := range s.Lines {
			k := key{l.Series, l.Timing}
			v := lines[k]
			lines[k] = sum{v.accepted + l.Accepted, v.consideration + l.Consideration, v.interest + l.Interest}
			several = several || l.Place > 0
		}
	}
	for i, x := range book {
		k := key{x.Series, x.Timing}
		v, o := tenders[k], got[i]
		tenders[k] = sum{v.accepted + o.Accepted, v.consideration + o.Consideration, v.interest + o.Interest}
	}
	for k, want := range tenders {
		what := fmt.Sprintf("series %s %s, sum of lines against sum of tenders: ", seriesName(k.series), k.timing)
		c.numbers(what+"accepted", lines[k].accepted, want.accepted)
		if !several {
			c.numbers(what+"consideration", lines[k].consideration, want.consideration)
			c.numbers(what+"interest", lines[k].interest, want.interest)
		}
	}
}

// oneFactor: all tenders of a series in a step have one factor.
func (c *differ) oneFactor(d *allocation.Decision) {
	for i, s := range d.Steps {
		factors := map[int]*big.Rat{}
		for _, l := range s.Lines {
			if f := factors[l.Series]; f != nil && f.Cmp(l.Factor) != 0 {
				c.addf("step %d: series %s has the factors %s and %s", i, seriesName(l.Series), f.RatString(), l.Factor.RatString())
			}
			factors[l.Series] = l.Factor
		}
	}
}
