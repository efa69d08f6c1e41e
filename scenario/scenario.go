// Package scenario decides one book under many variants of an offer's terms.
//
// It is the what-if: raise a cap, swap two levels, take another rounding, and
// see what would be accepted, what it would cost and whom it would cut. Nothing
// here is a result of the offer; every answer carries the change that made it.
//
// # Method
//
// A book is counted once into an [allocation.Tally]. A [Variant] is the offer's
// terms with some values changed and read again, so that a variant which could
// not be an offer is refused as a file would be. Variants share the tally and
// are decided side by side.
package scenario

import (
	"fmt"
	"math/big"
	"runtime"
	"sync"

	"tenderbook/allocation"
	"tenderbook/money"
	"tenderbook/offer"
)

// A Variant is an offer with some of its values changed.
type Variant struct {
	Changes []offer.Override // empty: the terms as they stand
	Terms   *offer.Terms
	Alloc   *allocation.Terms
	Settle  offer.Settlements // the days that prices are worked out to
}

// A Tallier gives the book counted for terms that decide as alloc does. Most
// variants share one tally; those that decide between single tenders need
// another (see [allocation.Tally.OneByOne]).
type Tallier func(alloc *allocation.Terms) (*allocation.Tally, error)

// A Result is what one variant would do. It does not hold the decision, which is
// as large as the book has sizes: a thousand of them would not fit.
type Result struct {
	Variant
	Series   []SeriesResult // as in Terms.Series
	Cost     []Cost         // by currency, in the order of the series
	Accepted money.Amount   // all series, in the currency of the first cap or series, at the offer's rates, rounded down
	Paid     money.Amount   // consideration, in the same currency, rounded half up
	Cut      *Cut           // the first step that is cut; nil if all is accepted
	Tenders  allocation.TenderCounts
}

// A SeriesResult is what a variant takes of one series, in minor units.
type SeriesResult struct{ Tendered, Accepted int64 }

// A Cost is what a variant pays in one currency.
type Cost struct{ Consideration, Interest money.Amount }

// A Cut is where the waterfall ends.
type Cut struct {
	Level  int      // 0 in an auction
	Series string   // id of the first series that is cut there
	Factor *big.Rat // what share of it is accepted, 0 to 1
	Cap    string   // what cut it
	// Marginal is the price per unit of principal of the last note accepted, in
	// words: "857.50 per 1,000"; "" where prices are not known.
	Marginal string
}

// Decide decides every variant over the book, several at a time, and gives the
// results in the order of the variants. It stops at the first failure.
func Decide(variants []Variant, book Tallier) ([]Result, error) {
	results := make([]Result, len(variants))
	errs := make([]error, len(variants))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(len(variants), runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				_, results[i], errs[i] = decide(variants[i], book)
			}
		})
	}
	for i := range variants {
		next <- i
	}
	close(next)
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", variants[i].Name(), err)
		}
	}
	return results, nil
}

func decide(v Variant, book Tallier) (*allocation.Decision, Result, error) {
	tally, err := book(v.Alloc)
	if err != nil {
		return nil, Result{}, err
	}
	d, err := allocation.Decide(v.Alloc, tally)
	if err != nil {
		return nil, Result{}, err
	}
	return d, resultOf(v, d), nil
}

// resultOf adds a decision up.
func resultOf(v Variant, d *allocation.Decision) Result {
	r := Result{Variant: v, Series: make([]SeriesResult, len(v.Alloc.Series)), Tenders: d.Counts()}
	at := map[money.Currency]int{}
	for i := range v.Terms.Series {
		c := v.Terms.Series[i].Currency
		if _, known := at[c]; !known {
			at[c] = len(r.Cost)
			r.Cost = append(r.Cost, Cost{money.New(0, c), money.New(0, c)})
		}
	}
	for _, step := range d.Steps {
		for _, line := range step.Lines {
			s := &r.Series[line.Series]
			if line.Place == 0 {
				s.Tendered += line.Tendered
			}
			s.Accepted += line.Accepted
			cost := &r.Cost[at[v.Terms.Series[line.Series].Currency]]
			cost.Consideration.Minor += line.Consideration
			cost.Interest.Minor += line.Interest
			if r.Cut == nil && line.Accepted < line.Tendered && line.Place == len(v.Alloc.Series[line.Series].Places)-1 {
				r.Cut = cutOf(v, d, step, line)
			}
		}
	}
	r.addUp()
	return r
}

// addUp adds all series in one currency. A series without a rate to it is left
// out: such an offer has no cap over both.
func (r *Result) addUp() {
	in := r.Terms.Series[0].Currency
	if len(r.Terms.Caps) > 0 && r.Terms.Caps[0].Amount.Currency != offer.Shares {
		in = r.Terms.Caps[0].Amount.Currency
	}
	accepted, paid := new(big.Rat), new(big.Rat)
	for i, s := range r.Series {
		addIn(accepted, r.Terms, in, money.New(s.Accepted, r.Terms.Series[i].Currency))
	}
	for _, c := range r.Cost {
		addIn(paid, r.Terms, in, c.Consideration)
	}
	down, errDown := money.RoundRat(accepted, money.Down)
	half, errHalf := money.RoundRat(paid, money.HalfUp)
	if errDown != nil || errHalf != nil {
		panic("scenario: sums of an offer do not fit 64 bits, which its decision has checked")
	}
	r.Accepted, r.Paid = money.New(down, in), money.New(half, in)
}

// In gives minor units of a series in the currency of r.Accepted at the offer's
// rate, rounded down; nothing where there is no rate.
func (r *Result) In(series int, minor int64) money.Amount {
	x := new(big.Rat)
	addIn(x, r.Terms, r.Accepted.Currency, money.New(minor, r.Terms.Series[series].Currency))
	down, err := money.RoundRat(x, money.Down)
	if err != nil {
		panic("scenario: an amount of an offer does not fit 64 bits, which its decision has checked")
	}
	return money.New(down, r.Accepted.Currency)
}

// Tendered is what is tendered of all series that the variant looks at, counted
// as r.Accepted is.
func (r *Result) Tendered() money.Amount {
	sum := new(big.Rat)
	for i, s := range r.Series {
		addIn(sum, r.Terms, r.Accepted.Currency, money.New(s.Tendered, r.Terms.Series[i].Currency))
	}
	down, err := money.RoundRat(sum, money.Down)
	if err != nil {
		panic("scenario: sums of an offer do not fit 64 bits, which its decision has checked")
	}
	return money.New(down, r.Accepted.Currency)
}

func addIn(sum *big.Rat, t *offer.Terms, in money.Currency, a money.Amount) {
	x := new(big.Rat).SetInt64(a.Minor)
	if a.Currency == in {
		sum.Add(sum, x)
		return
	}
	for _, rate := range t.Rates {
		if rate.From == a.Currency && rate.To == in {
			sum.Add(sum, x.Mul(x, rate.Minor()))
		}
	}
}

func cutOf(v Variant, d *allocation.Decision, step allocation.Step, line allocation.Line) *Cut {
	return &Cut{
		Level: step.Level, Series: v.Terms.Series[line.Series].ID, Factor: line.Factor,
		Cap: d.CapName(line), Marginal: v.marginal(d, line),
	}
}

// marginal is the price of the last note accepted of a line: in an auction that
// of the clearing bid.
func (v *Variant) marginal(d *allocation.Decision, line allocation.Line) string {
	s, late := &v.Terms.Series[line.Series], line.Timing == allocation.Late
	price := func() (offer.Priced, error) { return s.PriceAt(late, v.Settle) }
	if d.ClearingBids != nil && d.ClearingBids[line.Series] != nil {
		price = func() (offer.Priced, error) {
			bid, err := s.Pricing.Bid(*d.ClearingBids[line.Series])
			if err != nil {
				return offer.Priced{}, err
			}
			return s.PriceAtBid(bid, late, v.Settle)
		}
	}
	p, err := price()
	if err != nil {
		return "" // not determined yet
	}
	return p.Amount.String() + " per " + money.Group(p.Per.String())
}
