package reference

import (
	"math/big"
	"slices"

	"tenderbook/allocation"
)

// A run serves one book once, step by step.
type run struct {
	t        *allocation.Terms
	units    []*unit
	unitOf   []*unit  // by position in the book
	clearing []*int64 // auction: by series, nil where nothing was tendered

	used        []*big.Rat // by cap: what its amount has lost, in its own measure (G6)
	closed      []bool     // by cap
	placeUsed   [][]int64  // by series and place: principal accepted there
	placeClosed [][]bool
	wasFull     []string // by cap: why a later acceptance under it is worth a note

	steps    int
	lines    []Line
	stepUses []StepUse
	events   map[string]int
}

func newRun(t *allocation.Terms, book []allocation.Tender) *run {
	r := &run{t: t, events: map[string]int{}}
	for range t.Caps {
		r.used = append(r.used, new(big.Rat))
		r.closed = append(r.closed, false)
		r.wasFull = append(r.wasFull, "")
	}
	for _, s := range t.Series {
		r.placeUsed = append(r.placeUsed, make([]int64, len(s.Places)))
		r.placeClosed = append(r.placeClosed, make([]bool, len(s.Places)))
	}
	if t.Settled != nil {
		r.takeOver(t.Settled)
	}
	r.units, r.unitOf = makeUnits(t, book, r.bids)
	return r
}

// takeOver starts from what an earlier, final run left (§4, G6). A cap that it
// closed stays closed unless its amount has changed since.
func (r *run) takeOver(s *allocation.Settled) {
	for k, c := range r.t.Caps {
		r.used[k].Set(s.Used[k])
		r.closed[k] = s.ClosedAt[k] == c.Amount
		if s.ClosedAt[k] >= 0 && !r.closed[k] {
			r.events["settled: closed cap open again"]++
		}
		if r.closed[k] {
			r.events["settled: cap still closed"]++
		}
	}
	for i, places := range s.Taken {
		copy(r.placeUsed[i], places)
	}
}

// serve runs all steps in order (§4).
func (r *run) serve() {
	if r.t.Order == allocation.Auction {
		r.setClearingBids()
	}
	for _, s := range r.order() {
		r.serveStep(s)
	}
}

// price is the consideration for one minor unit of the unit's principal, in
// minor units of the series' currency (G1, G12).
func (r *run) price(u *unit) *big.Rat {
	if r.t.Order != allocation.Auction {
		return orZero(r.t.Series[u.series].Price[u.timing])
	}
	return orZero(r.t.Auction.Price(u.series, u.timing, r.paidBid(u)))
}

func (r *run) interest(u *unit) *big.Rat {
	return orZero(r.t.Series[u.series].Interest[u.timing])
}

// weight is what one minor unit of the unit's principal counts under the cap,
// were it under it (G1).
func (r *run) weight(k int, u *unit) *big.Rat {
	w := big.NewRat(1, 1)
	switch r.t.Caps[k].Counts {
	case allocation.CountsPrice:
		w.Set(r.price(u))
	case allocation.CountsPriceAndInt:
		w.Add(r.price(u), r.interest(u))
	}
	if rate := r.t.Caps[k].Rate[u.series]; rate != nil {
		w.Mul(w, rate)
	}
	return w
}

// room is what a cap still has for its series (G6): nothing once it is closed.
func (r *run) room(k int) *big.Rat {
	if r.closed[k] {
		return new(big.Rat)
	}
	return r.left(k)
}

// left is what is left of a cap's amount, closed or not.
func (r *run) left(k int) *big.Rat {
	left := new(big.Rat).Sub(big.NewRat(r.t.Caps[k].Amount, 1), r.used[k])
	if left.Sign() < 0 {
		return new(big.Rat)
	}
	return left
}

// charge takes an accepted amount off the caps over the unit's series and off
// those that are net of it (G6).
func (r *run) charge(u *unit, place int, amount int64) {
	for k, c := range r.t.Caps {
		if slices.Contains(c.Series, u.series) || slices.Contains(c.Less, u.series) {
			v := r.weight(k, u)
			r.used[k].Add(r.used[k], v.Mul(v, big.NewRat(amount, 1)))
		}
		if amount > 0 && slices.Contains(c.Less, u.series) {
			r.events["cap net of a series"]++
		}
		if amount > 0 && slices.Contains(c.Series, u.series) && r.wasFull[k] != "" {
			r.events[r.wasFull[k]]++
		}
	}
	r.placeUsed[u.series][place] += amount
}

func orZero(r *big.Rat) *big.Rat {
	if r == nil {
		return new(big.Rat)
	}
	return r
}

// result writes up the run for the whole book, dropped tenders included. What
// was not delivered is accepted and not paid, and it is the last part to be
// paid (§3.1, G15).
func (r *run) result(book []allocation.Tender, dropped []int) *Result {
	res := &Result{Lines: r.lines, Steps: r.stepUses, ClearingBids: r.clearing, Dropped: dropped, Events: r.events}
	got, at := map[int]int64{}, map[int]*unit{}
	for _, u := range r.units {
		for row, a := range u.share(r.t.Series[u.series].Increment) {
			got[row], at[row] = a, u
		}
	}
	for _, x := range book {
		a := got[x.Row]
		var c, i int64
		if a > 0 {
			n := big.NewRat(max(0, min(a, x.Principal-x.Undelivered)), 1)
			c = halfUp(new(big.Rat).Mul(n, r.price(at[x.Row])))
			i = halfUp(new(big.Rat).Mul(n, r.interest(at[x.Row])))
		}
		res.Accepted = append(res.Accepted, a)
		res.Consideration = append(res.Consideration, c)
		res.Interest = append(res.Interest, i)
	}
	res.Caps = r.capUses()
	res.Settled = r.settled()
	if len(dropped) > 0 {
		r.events["conditional tender dropped"] += len(dropped)
	}
	return res
}

func (r *run) capUses() []CapUse {
	var uses []CapUse
	for k := range r.t.Caps {
		uses = append(uses, CapUse{Used: r.used[k], Left: r.left(k), Closed: r.closed[k]})
	}
	return uses
}

// settled is what a later run has to know of this one.
func (r *run) settled() *allocation.Settled {
	s := &allocation.Settled{Taken: r.placeUsed}
	for k, c := range r.t.Caps {
		at := int64(-1)
		if r.closed[k] {
			at = c.Amount
		}
		s.Used = append(s.Used, r.used[k])
		s.ClosedAt = append(s.ClosedAt, at)
	}
	return s
}
