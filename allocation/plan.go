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

// A seat is a band or a unit at one place of its series.
type seat struct {
	band  *band // nil for a unit
	unit  *unit
	place int
}

func (s seat) lot() *lot {
	if s.band != nil {
		return &s.band.lot
	}
	return &s.unit.lot
}

// plan cuts the book into steps in the order they are served.
func (r *run) plan() ([]stepKey, map[stepKey][]seat) {
	seats := map[stepKey][]seat{}
	add := func(s seat, small bool) {
		for place, at := range r.terms.Series[s.lot().series].Places {
			if key, ok := r.keyOf(s.lot(), small, at.Level); ok {
				s.place = place
				seats[key] = append(seats[key], s)
			}
		}
	}
	for i := range r.bands {
		if b := &r.bands[i]; b.count > 0 {
			add(seat{band: b}, b.small)
		}
	}
	for i := range r.units {
		if u := &r.units[i]; !u.dropped {
			add(seat{unit: u}, u.size <= r.terms.SmallUpTo)
		}
	}
	keys := make([]stepKey, 0, len(seats))
	for k := range seats {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, stepKey.compare)
	return keys, seats
}

// keyOf finds the step of a lot at a level; ok is false for a bid that is not
// accepted.
func (r *run) keyOf(l *lot, small bool, level int) (key stepKey, ok bool) {
	key = stepKey{depth: r.depth[l.series], level: level, small: 1}
	if small {
		key.small = 0
	}
	switch r.terms.Order {
	case EarlyFirst:
		key.phase = int(l.timing)
	case Auction:
		key.level = 0
		key.phase, ok = r.bidPhase(l)
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

// A turn is a band at one place of its series while a step serves it.
type turn struct {
	band  *band
	slot  *slot
	grant grant // what the step decides
}

// A stage is a step while it is being served.
type stage struct {
	key     stepKey
	terms   *Terms
	turns   []turn
	pieces  []piece // of units
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
	index := strandIndex{at: map[strandKey]*slot{}}
	for _, at := range seats {
		if at.band != nil {
			if count, demand := at.band.ask(); demand > 0 {
				slot := st.seat(r, at, &index, count, demand)
				st.turns = append(st.turns, turn{band: at.band, slot: slot})
			}
			continue
		}
		u := at.unit
		offered := u.size - u.got
		if offered == 0 {
			continue
		}
		slot := st.seat(r, at, &index, 1, offered)
		st.pieces = append(st.pieces, piece{
			slot: slot, unit: u, size: u.size, count: 1, offered: offered, limit: max(0, u.wholes-u.got/slot.inc),
		})
	}
	slices.Sort(st.series)
	st.limits = r.limits(st)
	return st
}

// empty reports whether nobody has anything left to take part with.
func (st *stage) empty() bool { return len(st.turns) == 0 && len(st.pieces) == 0 }

// seat adds what takes part to its strand, and gives the slot of its pieces.
func (st *stage) seat(r *run, at seat, index *strandIndex, count, demand int64) *slot {
	slot := st.slotOf(r, at, index)
	s := &st.strands[slot.strand]
	s.count += count
	s.demand += demand
	if st.share[slot.series] == nil {
		st.share[slot.series] = &seriesRun{boundBy: -1}
		st.series = append(st.series, slot.series)
	}
	return slot
}

type strandKey struct {
	series, place int
	timing        Timing
	bid           int64
}

// A strandIndex finds strands; units of one strand come one after the other, so
// the last one found is nearly always the next.
type strandIndex struct {
	at   map[strandKey]*slot
	last strandKey
	slot *slot // of last
}

func (st *stage) slotOf(r *run, at seat, index *strandIndex) *slot {
	l := at.lot()
	key := strandKey{series: l.series, place: at.place, timing: l.timing}
	if r.terms.Order == Auction && r.terms.Auction.PaysBid {
		key.bid = r.paidBid(l)
	}
	if index.slot != nil && key == index.last {
		return index.slot
	}
	found := index.at[key]
	if found == nil {
		s := &r.terms.Series[l.series]
		found = &slot{
			series: l.series, strand: len(st.strands), last: at.place == len(s.Places)-1, inc: s.Increment, min: s.Minimum,
		}
		index.at[key] = found
		price, interest := r.price(l)
		st.strands = append(st.strands, strand{
			series: l.series, place: at.place, timing: l.timing, bid: key.bid, price: price, interest: interest,
		})
	}
	index.last, index.slot = key, found
	return found
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
