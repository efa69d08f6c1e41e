package allocation

import (
	"math/big"
	"slices"
)

// A group is the series of a step that a cap, or caps connected through them,
// stopped at one factor.
type group struct {
	series []int
	factor *big.Rat
}

// fill lets one factor rise from 0 for all the series together and stops those
// under a cap that becomes full, until all have stopped or reached 1:
// progressive filling (section 6, G7). It sets each series' plain factor and
// what bound it and returns the groups in the order they stopped.
func (st *stage) fill(limits []*limit, rising []int) []group {
	demand := st.demands(limits)
	var groups []group
	for len(rising) > 0 {
		lambda, full := nextFull(limits, demand, st, rising)
		if full == nil {
			for _, s := range rising {
				st.share[s].plain, st.share[s].full = one, true
			}
			break
		}
		groups = append(groups, st.stop(limits, demand, lambda, full, rising)...)
		rising = slices.DeleteFunc(slices.Clone(rising), func(s int) bool { return st.share[s].plain != nil })
	}
	return groups
}

// demands is what each series, tendered in full, counts toward each limit.
func (st *stage) demands(limits []*limit) []map[int]*big.Rat {
	all := make([]map[int]*big.Rat, len(limits))
	for k := range limits {
		all[k] = map[int]*big.Rat{}
		for i, w := range limits[k].weight {
			if w == nil {
				continue
			}
			s := st.strands[i].series
			if all[k][s] == nil {
				all[k][s] = new(big.Rat)
			}
			x := new(big.Rat).SetInt64(st.strands[i].demand)
			all[k][s].Add(all[k][s], x.Mul(x, w))
		}
	}
	return all
}

// nextFull finds the factor below 1 at which the next caps become full, and
// which they are; none if all rising series can reach 1.
func nextFull(limits []*limit, demand []map[int]*big.Rat, st *stage, rising []int) (*big.Rat, []int) {
	lambda := one
	var full []int
	for k := range limits {
		slope := new(big.Rat)
		for _, s := range rising {
			if d := demand[k][s]; d != nil {
				slope.Add(slope, d)
			}
		}
		if slope.Sign() == 0 {
			continue
		}
		at := new(big.Rat).Sub(limits[k].room, claims(demand[k], st))
		at.Quo(at, slope)
		switch c := at.Cmp(lambda); {
		case c < 0:
			lambda, full = at, []int{k}
		case c == 0 && lambda != one:
			full = append(full, k)
		}
	}
	return lambda, full
}

// claims is what the series that have stopped use of a cap.
func claims(demand map[int]*big.Rat, st *stage) *big.Rat {
	sum := new(big.Rat)
	for s, d := range demand {
		if f := st.share[s].plain; f != nil {
			sum.Add(sum, new(big.Rat).Mul(d, f))
		}
	}
	return sum
}

// stop gives the series under the full caps their factor and groups those that
// are connected through these caps.
func (st *stage) stop(limits []*limit, demand []map[int]*big.Rat, lambda *big.Rat, full, rising []int) []group {
	groupOf := map[int]int{} // series -> group number, merged below
	var members [][]int
	for _, k := range full {
		limits[k].full = true
		target := -1
		for _, s := range rising {
			if demand[k][s] == nil {
				continue
			}
			st.bind(s, lambda, limits[k])
			g, known := groupOf[s]
			switch {
			case !known && target < 0:
				target = len(members)
				members = append(members, nil)
				fallthrough
			case !known:
				groupOf[s] = target
				members[target] = append(members[target], s)
			case target < 0:
				target = g
			case g != target:
				for _, moved := range members[g] {
					groupOf[moved] = target
				}
				members[target] = append(members[target], members[g]...)
				members[g] = nil
			}
		}
	}
	return orderedGroups(members, lambda)
}

// bind records what stopped a series: the first cap that is not its own, else
// its own.
func (st *stage) bind(series int, lambda *big.Rat, l *limit) {
	share := st.share[series]
	share.plain = lambda
	if share.boundBy < 0 || !l.own && st.ownBound(share.boundBy) {
		share.boundBy = l.bound
	}
}

func (st *stage) ownBound(bound int) bool {
	return bound >= len(st.terms.Caps) || st.terms.Caps[bound].Own
}

func orderedGroups(members [][]int, lambda *big.Rat) []group {
	var groups []group
	for _, m := range members {
		if len(m) > 0 {
			slices.Sort(m)
			groups = append(groups, group{m, lambda})
		}
	}
	slices.SortFunc(groups, func(a, b group) int { return a.series[0] - b.series[0] })
	return groups
}
