package allocation

import (
	"math/big"
	"math/bits"
)

// A factor is a proration factor in a form that is quick to apply: num ÷ den,
// 0 ≤ num ≤ den, both below 2^63, or, where an exact ratio is longer, the ratio.
type factor struct {
	num, den uint64
	long     *big.Rat // used instead where not nil
}

func factorOf(r *big.Rat) factor {
	if r.Num().IsInt64() && r.Denom().IsInt64() {
		return factor{num: r.Num().Uint64(), den: r.Denom().Uint64()}
	}
	return factor{long: r}
}

// steps is how many whole increments factor × size gives: ⌊f × size ÷ inc⌋.
func (f factor) steps(size, inc int64) int64 {
	if f.long != nil {
		n := new(big.Int).Mul(f.long.Num(), big.NewInt(size))
		d := new(big.Int).Mul(f.long.Denom(), big.NewInt(inc))
		return n.Quo(n, d).Int64()
	}
	hi, lo := bits.Mul64(f.num, uint64(size))
	q, _ := bits.Div64(hi, lo, f.den) // hi < den, since num ≤ den and size < 2^62
	return int64(q) / inc
}

// A slot is one place of a series in a step, at one price: what its pieces have
// in common.
type slot struct {
	series int
	strand int  // index into the step's strands
	last   bool // no later place follows
	inc    int64
	min    int64
}

// A piece is what one tender, or one unit, takes part with in a step.
type piece struct {
	*slot
	unit    *unit // nil for the counted tenders of a size
	size    int64 // minor units, of each of count
	count   int64
	offered int64 // minor units: the size less what earlier places accepted
	limit   int64 // the most whole increments that its tenders can take, short of all
	// What the step decides:
	from   int64 // whole increments at the factor that raising started from
	top    int64 // the most whole increments that a search looks at
	floor  int64 // minor units, rounded down before any rule
	accept int64 // minor units
	rule   ShareRule
}

// piece is what one counted tender takes part with, after what earlier places
// accepted of it.
func (s *slot) piece(principal, prior int64) piece {
	return piece{
		slot: s, size: principal, count: 1, offered: principal - prior, limit: max(0, principal/s.inc-prior/s.inc),
	}
}

// prior is what earlier places accepted of the tender.
func (p *piece) prior() int64 { return p.size - p.offered }

// settle gives a piece what it gets: the stub rule's answer at the factor, or,
// where the factor was raised, the most on the way up.
func (p *piece) settle(from, to factor, stub Stub) {
	most := p.at(to)
	_, p.accept = p.bounds(p.at(from), most, stub)
	p.floor = most * p.inc
	p.rule = ruleOf(p)
}

func ruleOf(p *piece) ShareRule {
	switch {
	case p.accept == p.floor:
		return RuleNone
	case p.accept == 0:
		return RuleStubReject
	case p.accept == p.offered:
		return RuleStubAccept
	}
	return RuleStubMinimum
}

// at is how many whole increments the piece has at a factor below 1.
func (p *piece) at(f factor) int64 { return min(p.limit, f.steps(p.offered, p.inc)) }

// stubbed is what the stub rule makes of n whole increments, in minor units (G9).
// It is for factors below 1; at 1 everything is accepted.
func (p *piece) stubbed(n int64, stub Stub) int64 {
	a := n * p.inc
	if a == 0 || stub == StubIgnore {
		return a
	}
	size, prior := p.size, p.prior()
	if size < p.min {
		if stub == StubAccept {
			return p.offered
		}
		return 0
	}
	if !p.stub(a) {
		return a
	}
	switch stub {
	case StubReject:
		return 0
	case StubAccept:
		return p.offered
	}
	if prior+a < p.min {
		if rest := size - p.min; p.last && rest > 0 && rest < p.min {
			return 0
		}
		return p.min - prior
	}
	leave := max(0, size-p.min-prior) / p.inc * p.inc
	if prior+leave < p.min {
		return 0
	}
	return leave
}

// stub reports whether accepting a leaves a piece below the minimum denomination:
// the accepted total, or at the last place what is returned.
func (p *piece) stub(a int64) bool {
	total := p.prior() + a
	rest := p.size - total
	return total > 0 && total < p.min || p.last && rest > 0 && rest < p.min
}

// bounds gives the least and the most that stubbed gives for any n in lo..hi.
// The rule is constant or the identity between a handful of turning points, so
// looking at those is enough.
func (p *piece) bounds(lo, hi int64, stub Stub) (least, most int64) {
	least = p.stubbed(lo, stub)
	most = least
	if lo == hi {
		return least, most
	}
	if stub == StubIgnore {
		return least, hi * p.inc
	}
	whole := (p.min - p.prior() + p.inc - 1) / p.inc // first n whose total reaches the minimum
	leaves := (p.size - p.min - p.prior()) / p.inc   // last n that leaves the minimum
	for _, n := range [...]int64{hi, 0, 1, whole - 1, whole, leaves, leaves + 1} {
		if n < lo || n > hi {
			continue
		}
		a := p.stubbed(n, stub)
		least, most = min(least, a), max(most, a)
	}
	return least, most
}

// breakpoint is the factor at which n increments of the piece are reached.
func (p *piece) breakpoint(n int64) *big.Rat {
	return new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(n), big.NewInt(p.inc)), big.NewInt(p.offered))
}
