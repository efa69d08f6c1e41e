package book

import (
	"math"
	"slices"
	"time"

	"tenderbook/calendar"
	"tenderbook/offer"
)

// A clockwork is what moves with time alone: which terms are in force, where
// offer and series stand, which deadlines have passed. It is small and copied
// freely, so that it can be asked about times that no entry has reached.
type clockwork struct {
	life     OfferLife
	versions []offer.Version // in the order of time; those of the draft until launch
	events   []OfferEvent    // what each version does to the life when it takes effect
	rules    []Rules         // by which each version was approved; 0: not yet
	current  int             // the version in force
	ids      []string        // series by number
	series   []SeriesLife    // by number
	by       []seriesTerms   // by number
	limits   limits
	missed   bool  // guaranteed delivery is over
	owed     bool  // early tenders are accepted and not all paid: the offer cannot end
	next     int64 // the first instant at which something happens by itself
}

// limits are the last instants in time, in nanoseconds since 1970: of a "by"
// deadline the instant itself, of a "before" one the nanosecond before.
type limits struct {
	early      int64
	withdrawal int64 // math.MaxInt64: until the series expires
	delivery   int64
}

const never = math.MaxInt64

// limit is the last instant at which a deadline is met.
func limit(d calendar.Deadline) int64 {
	switch {
	case d.IsZero():
		return never
	case d.Side == calendar.Before:
		return d.At.UnixNano() - 1
	}
	return d.At.UnixNano()
}

// seriesTerms is what intake asks of a series' terms.
type seriesTerms struct {
	at         int // in Terms.Series; -1: not in the terms
	minimum    int64
	multiple   int64
	expiration int64 // last instant
	auction    bool
}

// terms are those in force; nil if nothing is drafted.
func (c *clockwork) terms() *offer.Terms {
	if len(c.versions) == 0 {
		return nil
	}
	return c.versions[c.current].Terms
}

// load takes over the terms in force.
func (c *clockwork) load() {
	t := c.terms()
	c.limits = limits{limit(t.Dates.EarlyTender), limit(t.Dates.Withdrawal), limit(t.Dates.GuaranteedDelivery)}
	if t.Dates.GuaranteedDelivery.IsZero() {
		c.limits.delivery = limit(t.Dates.Expiration)
	}
	c.by = make([]seriesTerms, len(c.ids))
	for n, id := range c.ids {
		c.by[n] = seriesTerms{at: -1, expiration: limit(t.Dates.Expiration)}
		i := slices.IndexFunc(t.Series, func(s offer.Series) bool { return s.ID == id })
		if i < 0 {
			continue
		}
		s := &t.Series[i]
		x := &c.by[n]
		x.at, x.minimum, x.multiple = i, s.Minimum.Minor, s.Multiple.Minor
		x.auction = s.Pricing != nil && (s.Pricing.Kind == "auction-price" || s.Pricing.Kind == "auction-spread")
		x.expiration = expires(t, s)
	}
}

// expiration is the last instant of the offer: of the series that expires last.
func (c *clockwork) expiration() int64 {
	last := int64(math.MinInt64)
	for n := range c.by {
		if c.by[n].at >= 0 && c.series[n] != SeriesTerminated {
			last = max(last, c.by[n].expiration)
		}
	}
	if last == math.MinInt64 {
		return limit(c.terms().Dates.Expiration)
	}
	return last
}

// A tick is what happens by itself.
type tick uint8

const (
	tickVersion  tick = iota + 1 // the next version takes effect
	tickCommence                 // the offer's first day begins
	tickSeries                   // a series' deadline has passed
	tickDelivery                 // the guaranteed delivery deadline has passed
	tickExpire                   // the last deadline has passed
)

// running reports whether deadlines of the offer can still pass.
func (c *clockwork) running() bool { return c.life >= Approved && c.life <= Expired }

// upcoming finds what happens next by itself, and when. Of things at one
// instant the terms come first.
func (c *clockwork) upcoming() (what tick, series int, at int64) {
	at = never
	first := func(t tick, n int, when int64) {
		if when < at {
			what, series, at = t, n, when
		}
	}
	if !c.running() {
		return 0, 0, never
	}
	if c.current+1 < len(c.versions) {
		first(tickVersion, 0, c.versions[c.current+1].Effective.UnixNano())
	}
	if c.life == Approved {
		first(tickCommence, 0, c.versions[0].Effective.UnixNano())
		return what, series, at
	}
	for n := range c.by {
		if l := c.series[n]; c.by[n].at >= 0 && (l == SeriesOpen || l == SeriesExtended) {
			first(tickSeries, n, after(c.by[n].expiration))
		}
	}
	if !c.missed {
		first(tickDelivery, 0, after(c.limits.delivery))
	}
	if c.life != Expired {
		first(tickExpire, 0, after(c.expiration()))
	}
	return what, series, at
}

// after is the first instant after the last one in time.
func after(limit int64) int64 {
	if limit == never {
		return never
	}
	return limit + 1
}

// wind finds out when the clockwork has to be looked at again.
func (c *clockwork) wind() { _, _, c.next = c.upcoming() }

// step makes the next thing happen that is due at an instant, or reports that
// nothing is. What it means for instructions is the caller's business.
func (c *clockwork) step(at int64) (what tick, series int, ok bool) {
	what, series, when := c.upcoming()
	if when > at || when == never {
		c.next = when
		return 0, 0, false
	}
	switch what {
	case tickVersion:
		c.turn()
	case tickCommence:
		c.life = offerMoves[c.life][DoCommence]
		c.endTerminated()
	case tickSeries:
		c.series[series] = seriesMoves[c.series[series]][SeriesExpire]
	case tickDelivery:
		c.missed = true
	case tickExpire:
		c.life = offerMoves[c.life][DoExpire]
	}
	return what, series, true
}

// turn puts the next version in force.
func (c *clockwork) turn() {
	before, delivery := c.by, c.limits.delivery
	expired := c.expiration()
	c.current++
	c.load()
	for n := range c.by {
		if before[n].at >= 0 && c.by[n].expiration > before[n].expiration && c.series[n] != SeriesTerminated {
			c.series[n] = seriesMoves[c.series[n]][SeriesExtend]
		}
	}
	if c.limits.delivery > delivery {
		c.missed = false
	}
	event := c.events[c.current]
	if c.expiration() > expired {
		event = DoExtend
	}
	if to, ok := offerMoves[c.life][event]; ok {
		c.life = to
	}
	c.endTerminated()
}

// endTerminated ends what the terms in force terminate: some series, or all and
// so the offer. Under the first rules a file ended nothing.
func (c *clockwork) endTerminated() {
	t := c.terms().Termination
	if t == nil || c.rules[c.current] < Rules2 {
		return
	}
	for n, id := range c.ids {
		if c.by[n].at >= 0 && (t.Series == nil || slices.Contains(t.Series, id)) {
			c.endSeries(n)
		}
	}
	c.endIfEmpty()
}

// endSeries ends a series that has not ended.
func (c *clockwork) endSeries(n int) {
	if to, ok := seriesMoves[c.series[n]][SeriesTerminate]; ok {
		c.series[n] = to
	}
}

// endIfEmpty ends an offer of which every series has ended.
func (c *clockwork) endIfEmpty() {
	for n := range c.by {
		if c.by[n].at >= 0 && c.series[n] != SeriesTerminated {
			return
		}
	}
	if to, ok := offerMoves[c.life][DoTerminate]; ok && !c.owed {
		c.life = to
	}
}

// copied is a clockwork of its own.
func (c *clockwork) copied() *clockwork {
	d := *c
	d.series = slices.Clone(c.series)
	return &d
}

// until is a clockwork of its own, moved on to an instant.
func (c *clockwork) until(at int64) *clockwork {
	d := c.copied()
	for {
		if _, _, ok := d.step(at); !ok {
			return d
		}
	}
}

// advance makes happen what is due at an instant.
func (s *State) advance(at int64) {
	for at >= s.clock.next {
		what, _, ok := s.clock.step(at)
		if !ok {
			return
		}
		switch what {
		case tickVersion:
			s.termsTurned()
		case tickDelivery:
			s.missDeliveries(at)
		default:
			continue
		}
		s.stopWaiting()
		s.endLeft()
	}
}

// At gives where the offer stands at a time, as far as is known now: what the
// clock alone changes until then is taken in. Times before the last entry are
// answered as of the last entry.
func (s *State) At(t time.Time) Standing {
	c := s.clock.until(t.UnixNano())
	st := Standing{Life: c.life, Terms: c.terms(), Series: map[string]SeriesLife{}}
	for n, id := range c.ids {
		st.Series[id] = c.series[n]
	}
	if st.Terms != nil {
		counted := s.counted(c)
		st.Conditions = st.Terms.ConditionStates(counted)
		st.Terminated = s.terminated(c, st.Conditions)
		st.Consents = st.Terms.ConsentStates(counted)
	}
	return st
}

// Standing is where an offer stands at a time.
type Standing struct {
	Life       OfferLife
	Terms      *offer.Terms // in force; nil if nothing is drafted
	Series     map[string]SeriesLife
	Conditions []offer.ConditionState // as the terms state them, or the book has them
	Terminated []string               // by index of Terms.Series: why nothing of it is accepted, "" where it may be
	Consents   []offer.ConsentState   // of the series of which consents are asked
}
