package proof

import (
	"errors"
	"fmt"
	"math/big"
)

// checkAmounts works out what a row gets from what is published: the principal
// that is accepted, and the exact consideration and interest for what is paid.
func (r *Result) checkAmounts(row *Row) (exact [2]*big.Rat, err error) {
	t := &row.Tender
	whole := t.UnitTendered == t.Principal
	switch {
	case t.Principal <= 0 || t.UnitTendered < t.Principal || t.Undelivered < 0 || t.Timing != "early" && t.Timing != "late":
		return exact, fmt.Errorf("tender of %d, %s, in a unit of %d", t.Principal, t.Timing, t.UnitTendered)
	case t.UnitWholes < 0 || t.UnitWholes > t.UnitTendered/r.Series[t.Series].Increment,
		whole && t.UnitWholes != t.UnitTendered/r.Series[t.Series].Increment:
		return exact, fmt.Errorf("unit of %d whole increments in %d", t.UnitWholes, t.UnitTendered)
	case !whole && (r.Rules.ProrateBy == "instruction" || t.AtLeast > 0):
		return exact, errors.New("unit of several tenders where each stands for itself")
	}
	got, price, accrued, err := r.checkShares(row)
	switch {
	case err != nil:
		return exact, err
	case got != t.UnitAccepted:
		return exact, fmt.Errorf("its shares add up to %d, the row says %d", got, t.UnitAccepted)
	case t.Accepted > 0 && t.Accepted < t.AtLeast:
		return exact, fmt.Errorf("%d accepted on the condition of %d", t.Accepted, t.AtLeast)
	case whole && t.Accepted != got:
		return exact, fmt.Errorf("%d accepted, its shares add up to %d", t.Accepted, got)
	}
	if low, high := r.partOfUnit(t); !whole && (t.Accepted < low || t.Accepted > high) {
		return exact, fmt.Errorf("%d accepted of what its unit got, needs %d to %d", t.Accepted, low, high)
	}
	paid := new(big.Rat).SetInt64(max(0, min(t.Accepted, t.Principal-t.Undelivered)))
	return [2]*big.Rat{new(big.Rat).Mul(price, paid), new(big.Rat).Mul(accrued, paid)}, nil
}

// checkRounded checks the payment of a tender that is paid for itself.
func checkRounded(t *Tender, exact [2]*big.Rat) error {
	if c := halfUp(exact[0]); !c.IsInt64() || c.Int64() != t.Consideration {
		return fmt.Errorf("consideration of %d, the price gives %s", t.Consideration, c)
	}
	if i := halfUp(exact[1]); !i.IsInt64() || i.Int64() != t.Interest {
		return fmt.Errorf("interest of %d, the accrued interest gives %s", t.Interest, i)
	}
	return nil
}

// checkShares goes through the lines that the row's unit takes part in. A row
// must have a share in each of them, in order, until all of it is accepted.
func (r *Result) checkShares(row *Row) (got int64, price, accrued *big.Rat, err error) {
	t := &row.Tender
	price, accrued = new(big.Rat), new(big.Rat)
	if len(row.Shares) == 0 && t.AtLeast > 0 {
		return 0, price, accrued, nil // the condition was not met
	}
	shares := row.Shares
	for _, i := range r.linesOf(t) {
		l := &r.Lines[i]
		if got == t.UnitTendered {
			break
		}
		if len(shares) == 0 || shares[0].Line != i {
			return 0, nil, nil, fmt.Errorf("no share in line %d, where it takes part", i)
		}
		s := shares[0]
		shares = shares[1:]
		if s.Offered != t.UnitTendered-got {
			return 0, nil, nil, fmt.Errorf("takes part in line %d with %d, %d are left", i, s.Offered, t.UnitTendered-got)
		}
		if err := r.checkShare(t, l, s); err != nil {
			return 0, nil, nil, fmt.Errorf("line %d: %w", i, err)
		}
		got += s.Accepted
		price, accrued = l.Price.Rat(), l.Accrued.Rat()
	}
	if len(shares) > 0 {
		return 0, nil, nil, fmt.Errorf("a share in line %d, where it takes no part", shares[0].Line)
	}
	return got, price, accrued, nil
}

// linesOf finds the lines that a tender takes part in.
func (r *Result) linesOf(t *Tender) []int {
	phase, bid, ok := r.Rules.Auction.rank(t, r.Lines)
	if !ok {
		return nil
	}
	small := r.Rules.SmallUpTo > 0 && t.UnitTendered <= r.Rules.SmallUpTo
	var all []int
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.Series == t.Series && l.Timing == t.Timing && l.Small == small && l.Phase == phase && l.Bid == bid {
			all = append(all, i)
		}
	}
	return all
}

// rank finds the phase of a tender in an auction and the bid of its line; ok is
// false for a bid that is not accepted. Without an auction both are empty.
func (a *Auction) rank(t *Tender, lines []Line) (phase string, lineBid int64, ok bool) {
	if a == nil {
		return "", 0, true
	}
	clearing := a.Clearing[t.Series]
	bid := a.Best
	switch {
	case t.Bid != nil:
		bid = *t.Bid
	case a.NoBid == "limit":
		bid = a.Worst
	}
	if clearing == nil || bid > *clearing {
		return "", 0, false
	}
	if a.PaysBid {
		lineBid = *clearing
		if t.Bid != nil || a.NoBid != "clearing" {
			lineBid = bid
		}
	}
	phase = "clearing"
	if bid < *clearing && !a.ProrateAll {
		phase = "better"
	}
	for i := range lines { // late tenders stand behind, if there are early ones
		if l := &lines[i]; t.Timing == "late" && l.Series == t.Series && l.Phase == "late" {
			phase = "late"
		}
	}
	return phase, lineBid, true
}

// checkShare works out what factor, rounding and stub rule give.
func (r *Result) checkShare(t *Tender, l *Line, s Share) error {
	if l.Rejected && s.Accepted == 0 {
		return nil
	}
	f := l.Factor.Rat()
	if f.Cmp(one) == 0 && s.Accepted == s.Offered {
		return nil
	}
	inc := r.Series[t.Series].Increment
	prior := t.UnitTendered - s.Offered
	p := stubbing{
		rule: r.Rules.Stub, size: t.UnitTendered, prior: prior, offered: s.Offered, inc: inc, min: r.Series[t.Series].Minimum, last: l.Place == r.Series[t.Series].Places-1,
	}
	n := new(big.Int).Mul(f.Num(), big.NewInt(s.Offered))
	n.Quo(n, new(big.Int).Mul(f.Denom(), big.NewInt(inc)))
	steps := min(n.Int64(), max(0, t.UnitWholes-prior/inc))
	if s.Floor != steps*inc {
		return fmt.Errorf("%d rounded down is %d, the row says %d", s.Offered, steps*inc, s.Floor)
	}
	want := p.accepted(steps)
	switch {
	case s.Accepted == want && s.Rule != "remainder":
		return nil
	case r.Rules.Leftover == "largest-remainder" && s.Rule == "remainder" && want == s.Floor && s.Accepted == s.Floor+inc && s.Accepted <= s.Offered:
		return nil
	case r.Rules.Leftover == "raise-factor" && s.Accepted > want && p.possible(s.Accepted, steps):
		return nil // the most of what the rule gave while the factor was raised
	}
	return fmt.Errorf("%d accepted of %d, the factor %s and the rules give %d", s.Accepted, s.Offered, f.RatString(), want)
}

// A stubbing is a unit at one place, as the stub rule sees it.
type stubbing struct {
	rule                           string
	size, prior, offered, inc, min int64
	last                           bool // no later place follows
}

// accepted is what the stub rule makes of so many whole increments.
func (p *stubbing) accepted(steps int64) int64 {
	a := steps * p.inc
	if a == 0 || p.rule == "ignore" {
		return a
	}
	if p.size < p.min {
		if p.rule == "accept" {
			return p.offered
		}
		return 0
	}
	if !p.stub(a) {
		return a
	}
	switch p.rule {
	case "reject":
		return 0
	case "accept":
		return p.offered
	}
	if p.prior+a < p.min {
		if rest := p.size - p.min; p.last && rest > 0 && rest < p.min {
			return 0
		}
		return p.min - p.prior
	}
	leave := max(0, p.size-p.min-p.prior) / p.inc * p.inc
	if p.prior+leave < p.min {
		return 0
	}
	return leave
}

// stub reports whether accepting a leaves a piece below the minimum.
func (p *stubbing) stub(a int64) bool {
	total := p.prior + a
	rest := p.size - total
	return total > 0 && total < p.min || p.last && rest > 0 && rest < p.min
}

// possible reports whether the stub rule gives an amount for some number of
// whole increments up to most. Between its turning points it gives all or one.
func (p *stubbing) possible(amount, most int64) bool {
	whole := (p.min - p.prior + p.inc - 1) / p.inc
	leaves := (p.size - p.min - p.prior) / p.inc
	for _, n := range [...]int64{most, 0, 1, whole - 1, whole, leaves, leaves + 1} {
		if n >= 0 && n <= most && p.accepted(n) == amount {
			return true
		}
	}
	return false
}

// partOfUnit bounds what one of several tenders gets of what its unit got: its
// proportion in whole increments, or one increment more; more than that only
// where others of the unit can take no more.
func (r *Result) partOfUnit(t *Tender) (low, high int64) {
	if t.UnitAccepted == t.UnitTendered {
		return t.Principal, t.Principal
	}
	inc := r.Series[t.Series].Increment
	n := new(big.Int).Mul(big.NewInt(t.UnitAccepted), big.NewInt(t.Principal))
	n.Quo(n, new(big.Int).Mul(big.NewInt(t.UnitTendered), big.NewInt(inc)))
	low = min(n.Int64(), t.Principal/inc) * inc
	return low, t.Principal
}

// halfUp rounds to the minor unit.
func halfUp(x *big.Rat) *big.Int {
	twice := new(big.Int).Lsh(x.Num(), 1)
	twice.Add(twice, x.Denom())
	return twice.Quo(twice, new(big.Int).Lsh(x.Denom(), 1))
}
