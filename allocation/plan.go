package allocation

import (
	"cmp"
	"math/big"
	"slices"
)

// A stepKey is the position of a step in the order of the terms (G3).
type stepKey struct {
	depth int
	phase int // early-first: early 0, late 1; auction: better 0, at clearing 1, late 2
	level int
	small int // 0 for the small units of a position, 1 for the others
}

func (k stepKey) compare(o stepKey) int {
	return cmp.Or(
		cmp.Compare(k.depth, o.depth), cmp.Compare(k.phase, o.phase),
		cmp.Compare(k.level, o.level), cmp.Compare(k.small, o.small),
	)
}

// A seat is a unit at one place of its series.
type seat struct {
	unit  *unit
	place int
}

// plan cuts the units into steps in the order they are served.
func (r *run) plan() ([]stepKey, map[stepKey][]seat) {
	seats := map[stepKey][]seat{}
	for i := range r.units {
		u := &r.units[i]
		if u.dropped {
			continue
		}
		for place, at := range r.terms.Series[u.series].Places {
			if key, ok := r.keyOf(u, at.Level); ok {
				seats[key] = append(seats[key], seat{u, place})
			}
		}
	}
	keys := make([]stepKey, 0, len(seats))
	for k := range seats {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, stepKey.compare)
	return keys, seats
}

// keyOf finds the step of a unit at a level; ok is false for a bid that is not
// accepted.
func (r *run) keyOf(u *unit, level int) (key stepKey, ok bool) {
	key = stepKey{depth: r.depth[u.series], level: level, small: 1}
	if u.size <= r.terms.SmallUpTo {
		key.small = 0
	}
	switch r.terms.Order {
	case EarlyFirst:
		key.phase = int(u.timing)
	case Auction:
		key.level = 0
		key.phase, ok = r.bidPhase(u)
		return key, ok
	}
	return key, true
}

// A strand is all that a step has of one series at one price: what it counts
// toward the caps goes by its principal alone.
type strand struct {
	series, place int
	timing        Timing
	price         *big.Rat // per minor unit of principal
	interest      *big.Rat
	bid           int64 // where each bid is paid its own price
	count         int64
	demand        int64 // minor units taking part
	accepted      int64
}

// A limit is a cap as one step sees it: a cap of the terms, or the UpTo of a
// place.
type limit struct {
	bound  int  // index of the cap, or len(Terms.Caps) + place
	series int  // of a place's limit or a series maximum; -1 for the others
	own    bool // always prorates and closes nothing but its series
	room   *big.Rat
	weight []*big.Rat // by strand; nil where the strand is not covered
	full   bool       // it stopped a series in the filling
}

// A stage is a step while it is being served.
type stage struct {
	key     stepKey
	terms   *Terms
	pieces  []piece
	strands []strand
	limits  []*limit
	series  []int              // the series in it, ascending
	share   map[int]*seriesRun // by series
}

// A seriesRun is what a step decides about one series.
type seriesRun struct {
	plain   *big.Rat // from the filling
	factor  *big.Rat // the one that was applied
	boundBy int      // -1: nothing cut it
	full    bool     // factor 1
	refused bool     // all-or-none: nothing accepted
}

func (r *run) stage(key stepKey, seats []seat) *stage {
	st := &stage{key: key, terms: r.terms, share: map[int]*seriesRun{}}
	st.pieces = make([]piece, 0, len(seats))
	index := strandIndex{at: map[strandKey]int{}}
	for _, at := range seats {
		u, s := at.unit, &r.terms.Series[at.unit.series]
		offered := u.size - u.got
		if offered == 0 {
			continue
		}
		i := st.strandOf(r, u, at.place, &index)
		st.strands[i].count += u.count
		st.strands[i].demand += offered * u.count
		st.pieces = append(st.pieces, piece{
			unit: u, strand: i, offered: offered, last: at.place == len(s.Places)-1, inc: s.Increment, min: s.Minimum,
			limit: max(0, u.wholes-u.got/s.Increment),
		})
		if st.share[u.series] == nil {
			st.share[u.series] = &seriesRun{boundBy: -1}
			st.series = append(st.series, u.series)
		}
	}
	slices.Sort(st.series)
	st.limits = r.limits(st)
	return st
}

type strandKey struct {
	series, place int
	timing        Timing
	bid           int64
}

// A strandIndex finds strands; units of one strand come one after the other, so
// the last one found is nearly always the next.
type strandIndex struct {
	at   map[strandKey]int
	last strandKey
	n    int // index of last
}

func (st *stage) strandOf(r *run, u *unit, place int, index *strandIndex) int {
	key := strandKey{series: u.series, place: place, timing: u.timing}
	if r.terms.Order == Auction && r.terms.Auction.PaysBid {
		key.bid = r.paidBid(u)
	}
	if key == index.last && len(st.strands) > 0 {
		return index.n
	}
	i, ok := index.at[key]
	if !ok {
		i = len(st.strands)
		index.at[key] = i
		price, interest := r.price(u)
		st.strands = append(st.strands, strand{
			series: u.series, place: place, timing: u.timing, bid: key.bid, price: price, interest: interest,
		})
	}
	index.last, index.n = key, i
	return i
}

// limits lists the caps over a step's series with the room they have.
func (r *run) limits(st *stage) []*limit {
	var all []*limit
	for k := range r.terms.Caps {
		c := &r.terms.Caps[k]
		l := &limit{bound: k, series: -1, own: c.Own, weight: make([]*big.Rat, len(st.strands))}
		if c.Own {
			l.series = c.Series[0]
		}
		covers := false
		for i := range st.strands {
			if slices.Contains(c.Series, st.strands[i].series) {
				l.weight[i], covers = c.weight(&st.strands[i]), true
			}
		}
		if covers {
			l.room = r.room(k)
			all = append(all, l)
		}
	}
	return append(all, r.placeLimits(st)...)
}

func (r *run) placeLimits(st *stage) []*limit {
	var all []*limit
	seen := map[[2]int]int{}
	for i := range st.strands {
		s, place := st.strands[i].series, st.strands[i].place
		upTo := r.terms.Series[s].Places[place].UpTo
		if upTo == 0 {
			continue
		}
		at, ok := seen[[2]int{s, place}]
		if !ok {
			at = len(all)
			seen[[2]int{s, place}] = at
			room := max(0, upTo-r.taken[s][place])
			if r.placeClosed[s][place] {
				room = 0
			}
			all = append(all, &limit{
				bound: len(r.terms.Caps) + place, series: s, own: true,
				room: new(big.Rat).SetInt64(room), weight: make([]*big.Rat, len(st.strands)),
			})
		}
		all[at].weight[i] = one
	}
	return all
}

var (
	one  = big.NewRat(1, 1)
	zero = new(big.Rat)
)

// weight is what one minor unit of principal of a strand counts toward the cap
// (G1).
func (c *Cap) weight(s *strand) *big.Rat {
	w := new(big.Rat)
	switch c.Counts {
	case CountsPrincipal:
		w.Set(one)
	case CountsPrice:
		w.Set(s.price)
	case CountsPriceAndInt:
		w.Add(s.price, s.interest)
	}
	if rate := c.Rate[s.series]; rate != nil {
		w.Mul(w, rate)
	}
	return w
}

// uses is what principal by strand counts toward a limit.
func (l *limit) uses(principal []int64) *big.Rat {
	sum, x := new(big.Rat), new(big.Rat)
	for i, w := range l.weight {
		if w != nil && principal[i] != 0 {
			sum.Add(sum, x.Mul(w, x.SetInt64(principal[i])))
		}
	}
	return sum
}
