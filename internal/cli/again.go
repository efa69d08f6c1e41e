package cli

import (
	"math/big"
	"slices"

	"tenderbook/allocation"
	"tenderbook/money"
)

// again decides a book with another tender in the place of one.
func again(t *allocation.Terms, others *allocation.Tally, x allocation.Tender) (allocation.Outcome, *big.Rat, error) {
	tally := allocation.NewTally(t)
	tally.Merge(others)
	tally.Add(x)
	d, err := allocation.Decide(t, tally)
	if err != nil {
		return allocation.Outcome{}, nil, err
	}
	o := d.Outcome(x)
	if len(o.Shares) == 0 {
		return o, nil, nil
	}
	last := o.Shares[len(o.Shares)-1]
	return o, d.Steps[last.Step].Lines[last.Line].Factor, nil
}

// An otherCap is a cap at an amount that other versions of the offer give it.
type otherCap struct {
	name   string
	amount money.Amount
	terms  *allocation.Terms // as decided, but for this amount
}

// otherCaps lists the amounts that the offer's caps over a series had before,
// or were given later.
func (r *run) otherCaps(series int) []otherCap {
	var all []otherCap
	for k := range r.alloc.Caps {
		c := &r.alloc.Caps[k]
		if c.Own || !slices.Contains(c.Series, series) {
			continue
		}
		tried := []int64{c.Amount}
		for _, v := range r.history.Versions() {
			for _, was := range v.Terms.Caps {
				if was.Name != c.Name || was.Amount.Currency != r.terms.Caps[k].Amount.Currency || slices.Contains(tried, was.Amount.Minor) {
					continue
				}
				tried = append(tried, was.Amount.Minor)
				all = append(all, otherCap{c.Name, was.Amount, r.withCap(k, was.Amount.Minor)})
			}
		}
	}
	return all
}

// withCap gives the terms of the run with one cap at another amount.
func (r *run) withCap(k int, amount int64) *allocation.Terms {
	t := *r.alloc
	t.Caps = slices.Clone(t.Caps)
	t.Caps[k].Amount = amount
	return &t
}
