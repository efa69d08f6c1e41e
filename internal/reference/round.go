package reference

import (
	"math/big"

	"tenderbook/allocation"
)

// give is what a unit gets at a factor, minor units: its size times the factor
// rounded down to whole increments, then the stub rule (§7.1, §7.3, G9). At 1
// it gets all it still has.
func (r *run) give(u *unit, f *big.Rat, last bool) int64 {
	if f.Cmp(one) >= 0 {
		return u.left()
	}
	plain := r.roundDown(u, f)
	given := r.stubRule(u, plain, last)
	if given != plain {
		r.events["stub rule: "+stubWords[r.t.Stub]]++
	}
	return given
}

// roundDown is floor(f x) increments, as an amount. Short of the whole a unit
// of several tenders gets no more than their whole increments (G2, G9).
func (r *run) roundDown(u *unit, f *big.Rat) int64 {
	increment := r.t.Series[u.series].Increment
	x := u.leftExact(increment)
	return min(floor(x.Mul(x, f)), u.whole-u.taken) * increment
}

// isStub says whether an amount accepted here leaves a piece below the minimum
// denomination: what is accepted in total, or at the last place what is
// returned (G5, G9).
func (r *run) isStub(u *unit, a int64, last bool) bool {
	least, t := r.t.Series[u.series].Minimum, u.accepted+a
	return 0 < t && t < least || last && 0 < u.size-t && u.size-t < least
}

// stubRule turns the rounded-down amount into that of the stub rule. Where
// rounding down leaves nothing there is nothing to rule on (G9).
func (r *run) stubRule(u *unit, a int64, last bool) int64 {
	cannotSplit := u.size < r.t.Series[u.series].Minimum
	if a == 0 || r.t.Stub == allocation.StubIgnore || !cannotSplit && !r.isStub(u, a, last) {
		return a
	}
	switch {
	case r.t.Stub == allocation.StubAccept:
		return u.left()
	case r.t.Stub == allocation.StubMinimum && !cannotSplit:
		return r.toMinimum(u, a, last)
	default:
		return 0
	}
}

// toMinimum accepts the minimum denomination, or leaves it and at most an odd
// rest; nothing of a unit that cannot be split so (G9).
func (r *run) toMinimum(u *unit, a int64, last bool) int64 {
	s := r.t.Series[u.series]
	if u.accepted+a < s.Minimum {
		wanted := s.Minimum - u.accepted
		if last && 0 < u.size-s.Minimum && u.size-s.Minimum < s.Minimum {
			return 0
		}
		if wanted < u.left() && wanted > (u.whole-u.taken)*s.Increment {
			return 0
		}
		return wanted
	}
	total := (u.size - s.Minimum) / s.Increment * s.Increment
	if total < s.Minimum {
		return 0
	}
	return max(0, total-u.accepted)
}
