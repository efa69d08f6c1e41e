package allocation

import (
	"math/big"
	"math/bits"
	"slices"
)

// decision gathers what a run has decided.
func (r *run) decision(dropped []Tender) *Decision {
	d := &Decision{
		Terms: r.terms, Steps: r.steps, Dropped: dropped, taken: r.taken, log: r.log,
		bands: r.bands, units: r.units, accepted: map[int]int64{},
	}
	d.ClearingBids = r.clearing
	if r.clearing != nil && !r.terms.Auction.BySeries {
		d.ClearingBid = r.clearing[0]
	}
	for k, c := range r.terms.Caps {
		left := new(big.Rat).SetInt64(c.Amount)
		if left.Sub(left, r.used[k]); left.Sign() < 0 { // lowered below what an earlier run used
			left.SetInt64(0)
		}
		d.Caps = append(d.Caps, CapUse{Amount: c.Amount, Used: r.used[k], Left: left, Closed: r.closed[k]})
	}
	for i := range r.bands {
		if b := &r.bands[i]; b.count > 0 {
			b.quote = quoteOf(r.price(&b.lot))
			d.payBand(b)
		}
	}
	for i := range r.units {
		u := &r.units[i]
		u.quote = quoteOf(r.price(&u.lot))
		d.share(u)
		d.payUnit(u)
	}
	return d
}

// share parts what a unit of several tenders got.
func (d *Decision) share(u *unit) {
	if len(u.tenders) > 1 {
		for i, a := range spread(u, d.Terms.Series[u.series].Increment) {
			d.accepted[u.tenders[i].Row] = a
		}
	}
}

// spread shares a unit's accepted amount among its tenders: in proportion, in
// whole increments, the rest one increment each by the size of the cut-off
// fraction (G2).
func spread(u *unit, inc int64) []int64 {
	shares := make([]int64, len(u.tenders))
	if u.got == u.size {
		for i, x := range u.tenders {
			shares[i] = x.Principal
		}
		return shares
	}
	type cut struct {
		tender int
		rest   *big.Rat
	}
	var cuts []cut
	left := u.got
	for i, x := range u.tenders {
		exact := new(big.Rat).SetFrac(
			new(big.Int).Mul(big.NewInt(u.got), big.NewInt(x.Principal)),
			new(big.Int).Mul(big.NewInt(u.size), big.NewInt(inc)))
		whole := min(new(big.Int).Quo(exact.Num(), exact.Denom()).Int64(), x.Principal/inc)
		shares[i] = whole * inc
		left -= shares[i]
		cuts = append(cuts, cut{i, exact.Sub(exact, new(big.Rat).SetInt64(whole))})
	}
	slices.SortFunc(cuts, func(a, b cut) int {
		if c := b.rest.Cmp(a.rest); c != 0 {
			return c
		}
		return compareReceipts(&u.tenders[a.tender], &u.tenders[b.tender])
	})
	for left >= inc {
		before := left
		for _, c := range cuts {
			if left >= inc && shares[c.tender]+inc <= u.tenders[c.tender].Principal {
				shares[c.tender] += inc
				left -= inc
			}
		}
		if left == before {
			break
		}
	}
	return shares
}

// payBand adds the money of a band's tenders to the lines they took part in.
func (d *Decision) payBand(b *band) {
	if len(b.grants) == 1 && b.grants[0].how == notServed {
		return
	}
	for _, s := range b.sizes {
		if len(b.grants) == 1 { // as nearly always
			_, got, _ := b.grants[0].give(s.principal, 0)
			consideration, interest := b.money(s.principal, got)
			line := &d.Steps[b.grants[0].step].Lines[b.grants[0].line]
			d.pay(line, consideration, interest, s.count)
			continue
		}
		consideration, interest := b.money(s.principal, b.got(s.principal))
		d.payLines(b.shares(s.principal), &b.quote, consideration, interest, s.count)
	}
}

// money is what a tender of a band is paid.
func (b *band) money(principal, accepted int64) (consideration, interest int64) {
	return b.quote.money(paid(Tender{Principal: principal, Undelivered: b.undelivered}, accepted))
}

// payUnit adds a unit's money to the lines it took part in.
func (d *Decision) payUnit(u *unit) {
	var consideration, interest int64
	for _, x := range u.tenders {
		a := u.got
		if len(u.tenders) > 1 {
			a = d.accepted[x.Row]
		}
		c, i := u.quote.money(paid(x, a))
		if c > tooMuch-consideration || i > tooMuch-interest {
			d.tooLarge = true
			return
		}
		consideration, interest = consideration+c, interest+i
	}
	d.payLines(d.entries(u), &u.quote, consideration, interest, 1)
}

// payLines gives the lines of n equal tenders the money of each: a payment is
// rounded once, for the whole tender, and its lines share it as it grew.
func (d *Decision) payLines(shares []Share, q *quote, consideration, interest, n int64) {
	var so, soInterest, got int64
	for i, share := range shares {
		line := &d.Steps[share.Step].Lines[share.Line]
		got += share.Accepted
		c, in := consideration, interest
		if i < len(shares)-1 {
			c, in = q.money(got)
			c, in = min(c, consideration), min(in, interest)
		}
		d.pay(line, c-so, in-soInterest, n)
		so, soInterest = c, in
	}
}

// pay adds n equal payments to a line, or notes that they do not fit.
func (d *Decision) pay(line *Line, consideration, interest, n int64) {
	a, fitsA := addTimes(line.Consideration, consideration, n)
	b, fitsB := addTimes(line.Interest, interest, n)
	if !fitsA || !fitsB {
		d.tooLarge = true
		return
	}
	line.Consideration, line.Interest = a, b
}

// addTimes is sum + x × n for numbers of 0 or more; fits is false from tooMuch on.
func addTimes(sum, x, n int64) (_ int64, fits bool) {
	hi, lo := bits.Mul64(uint64(x), uint64(n))
	all, carry := bits.Add64(lo, uint64(sum), 0)
	return int64(all), hi == 0 && carry == 0 && all < tooMuch
}
