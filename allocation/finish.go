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
		units: r.units, accepted: map[int]int64{},
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
	for i := range r.units {
		u := &r.units[i]
		u.price, u.interest = r.price(u)
		d.share(u)
		d.pay(u)
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

// pay adds a unit's money to the lines it took part in: each payment is rounded
// once, for the whole tender, and the lines of a tender share it as it grew.
func (d *Decision) pay(u *unit) {
	n := u.count
	var consideration, interest int64
	if len(u.tenders) > 0 {
		for _, x := range u.tenders {
			a := u.got
			if len(u.tenders) > 1 {
				a = d.accepted[x.Row]
			}
			c, i := u.money(paid(x, a))
			consideration, interest = consideration+c, interest+i
		}
	} else {
		consideration, interest = u.money(paid(Tender{Principal: u.size, Undelivered: u.undelivered}, u.got))
	}
	var so, soInterest, got int64
	if u.last >= 0 && d.log[u.last].before < 0 { // one step, as nearly always
		line := &d.Steps[d.log[u.last].Step].Lines[d.log[u.last].Line]
		line.Consideration += consideration * n
		line.Interest += interest * n
		return
	}
	shares := d.entries(u)
	for i, share := range shares {
		line := &d.Steps[share.Step].Lines[share.Line]
		got += share.Accepted
		c, in := consideration, interest
		if i < len(shares)-1 {
			c, in = u.money(got)
			c, in = min(c, consideration), min(in, interest)
		}
		line.Consideration += (c - so) * n
		line.Interest += (in - soInterest) * n
		so, soInterest = c, in
	}
}

// money is the consideration and the interest for principal accepted and
// delivered, each rounded half up to the minor unit (section 9).
func (u *unit) money(principal int64) (consideration, interest int64) {
	return halfUp(u.price, principal), halfUp(u.interest, principal)
}

func halfUp(rate *big.Rat, principal int64) int64 {
	if principal == 0 || rate.Sign() == 0 {
		return 0
	}
	if rate.Num().IsInt64() && rate.Denom().IsInt64() {
		hi, lo := bits.Mul64(rate.Num().Uint64(), uint64(principal))
		den := rate.Denom().Uint64()
		if hi < den {
			q, rem := bits.Div64(hi, lo, den)
			if rem >= den-rem {
				q++
			}
			return int64(q)
		}
	}
	x := new(big.Rat).SetInt64(principal)
	x.Mul(x, rate)
	twice := new(big.Int).Lsh(x.Num(), 1)
	twice.Add(twice, x.Denom())
	return twice.Quo(twice, new(big.Int).Lsh(x.Denom(), 1)).Int64()
}
