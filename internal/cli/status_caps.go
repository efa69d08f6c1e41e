package cli

import (
	"fmt"
	"io"
	"math/big"

	"tenderbook/allocation"
	"tenderbook/book"
	"tenderbook/offer"
)

// showCaps says of each cap what it is and, to those who see totals, how much of
// it stands tendered.
func (w *workspace) showCaps(out io.Writer, s *book.State, t *offer.Terms, done []*book.Plan) {
	alloc, err := t.Allocation(t.Settlements())
	told := err == nil && alloc.Order != allocation.Auction && w.sees(s, book.SeeTotals)
	for i, k := range t.Caps {
		fmt.Fprintf(out, "  %-20s %s %s %s", k.Name, k.Amount.Currency.Code, k.Amount.Grouped(), k.Counts)
		if told && alloc.Caps[i].Amount > 0 {
			fmt.Fprintf(out, "   %s tendered", percentOf(tenderedUnder(s, t, alloc, i, done), alloc.Caps[i].Amount))
		}
		fmt.Fprintln(out)
	}
}

// tenderedUnder is what stands tendered of the series of a cap, in minor units of
// its currency and in its measure. In an auction nobody knows the prices yet.
func tenderedUnder(s *book.State, t *offer.Terms, alloc *allocation.Terms, k int, done []*book.Plan) *big.Rat {
	c := &alloc.Caps[k]
	sum := new(big.Rat)
	for _, i := range c.Series {
		x := seriesStanding(s, &t.Series[i], nil, done)
		of := new(big.Rat)
		for timing, total := range [...]book.Total{allocation.Early: x.early, allocation.Late: x.late} {
			of.Add(of, new(big.Rat).Mul(new(big.Rat).SetInt64(total.Principal), measure(c, &alloc.Series[i], allocation.Timing(timing))))
		}
		if rate := c.Rate[i]; rate != nil {
			of.Mul(of, rate)
		}
		sum.Add(sum, of)
	}
	return sum
}

// measure is what a cap counts for one minor unit of principal of a series, in
// the currency of the series.
func measure(c *allocation.Cap, s *allocation.Series, timing allocation.Timing) *big.Rat {
	if c.Counts == allocation.CountsPrincipal {
		return big.NewRat(1, 1)
	}
	m := new(big.Rat)
	if p := s.Price[timing]; p != nil {
		m.Add(m, p)
	}
	if i := s.Interest[timing]; i != nil && c.Counts == allocation.CountsPriceAndInt {
		m.Add(m, i)
	}
	return m
}

// percentOf is a part of an amount that is not zero: "178.4%", rounded half up.
func percentOf(part *big.Rat, whole int64) string {
	return new(big.Rat).Mul(part, big.NewRat(100, whole)).FloatString(1) + "%"
}
