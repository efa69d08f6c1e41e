package reference

import (
	"fmt"
	"math/big"
	"slices"

	"tenderbook/allocation"
)

// Generate throws an offer with a book: any combination of settings, with few
// tenders of sizes that collide and are awkward (equal ones, one increment, the
// minimum denomination and twice the minimum give or take one), and caps that
// are near what is tendered. Most offers are small, so that there are few
// breakpoints; some are huge, so that products pass 64 bits.
func Generate(d *Dice) *Offer {
	g := &generator{Dice: d, o: &Offer{}}
	g.settings()
	for range g.between(1, pick(d, 1, 2, 3, 6)) {
		g.series()
	}
	g.places()
	g.book()
	g.caps()
	g.later()
	return g.o
}

type generator struct {
	*Dice
	o     *Offer
	scale int64   // minor units in the least increment
	long  bool    // tenders of many increments, where no stub rule makes the walk over the breakpoints long
	odd   bool    // sizes that are not whole increments
	money []int   // by series: its currency
	sizes []int64 // sizes in increments that were used, to use again
	depth []int   // by series: a cap is net of series that stand before its own here
}

func (g *generator) settings() {
	t := &g.o.Terms
	t.Order = allocation.Order(g.upTo(3))
	t.IfExceeded = pick(g.Dice, allocation.Prorate, allocation.Prorate, allocation.RejectAndContinue, allocation.RejectAndStop)
	t.MaximumRejects = g.oneIn(4)
	t.ProrateBy = pick(g.Dice, allocation.ByInstruction, allocation.ByInstruction, allocation.ByParticipant, allocation.ByHolder)
	t.Leftover = allocation.Leftover(g.upTo(3))
	t.Remainder = allocation.Remainder(g.upTo(2))
	t.Stub = allocation.Stub(g.upTo(4))
	if g.oneIn(4) {
		t.FactorDecimals = pick(g.Dice, 1, 2, 3, 4, 6, 9)
	}
	if t.Order == allocation.Auction {
		best := int64(g.upTo(4))
		t.Auction = allocation.AuctionTerms{
			NoBid: allocation.NoBid(g.upTo(3)), PaysBid: g.oneIn(2), ProrateAll: g.oneIn(3), BySeries: g.oneIn(4),
			Best: best, Worst: best + int64(g.upTo(6)),
		}
	}
	g.scale = pick(g.Dice, int64(1), 1, 1, 1, 1000, 100_000_000_000, 9_999_999_999_973)
	walks := t.Leftover != allocation.RaiseFactor || t.Stub == allocation.StubIgnore && t.FactorDecimals == 0
	g.long = g.oneIn(5) && g.scale <= 1000 && t.Stub <= allocation.StubReject && walks
	g.odd = g.oneIn(10)
}

func (g *generator) series() {
	t := &g.o.Terms
	s := allocation.Series{ID: seriesName(len(t.Series)), Increment: g.scale * pick(g.Dice, int64(1), 1, 1, 2, 3, 5)}
	s.Minimum = s.Increment * pick(g.Dice, int64(1), 1, 2, 3, 5, 10)
	base := g.ratio([2]int64{1, 1}, [2]int64{8575, 10000}, [2]int64{10213, 10000}, [2]int64{104237, 100000}, [2]int64{1, 3}, [2]int64{2, 1})
	off := g.ratio([2]int64{0, 1}, [2]int64{2, 100}, [2]int64{3, 100}, [2]int64{1, 7})
	s.Price = [2]*big.Rat{base, new(big.Rat).Sub(base, off)}
	if !g.oneIn(3) {
		i := g.ratio([2]int64{1, 100}, [2]int64{23, 7200}, [2]int64{5, 365}, [2]int64{1, 3})
		s.Interest = [2]*big.Rat{i, pick(g.Dice, i, new(big.Rat).Add(i, big.NewRat(1, 400)))}
	}
	if g.oneIn(40) {
		s.Price = [2]*big.Rat{}
	}
	t.Series = append(t.Series, s)
	price := BidPrice{Base: base, Step: g.ratio([2]int64{1, 100}, [2]int64{25, 10000}, [2]int64{0, 1}, [2]int64{1, 10}), LateOff: off}
	g.o.Prices = append(g.o.Prices, price)
	g.money = append(g.money, pick(g.Dice, 0, 0, 1, 2))
	g.depth = append(g.depth, g.upTo(2))
}

// places puts the series on the ladder, often several at one level and
// sometimes one at several.
func (g *generator) places() {
	levels := pick(g.Dice, 1, 2, 3, 4)
	several := g.oneIn(4) && g.o.Terms.Order != allocation.Auction
	for i := range g.o.Terms.Series {
		s := &g.o.Terms.Series[i]
		level := g.between(1, levels)
		for several && len(s.Places) < 2 && g.oneIn(2) {
			s.Places = append(s.Places, allocation.Place{Level: level, UpTo: s.Increment*int64(g.between(1, 60)) + int64(pick(g.Dice, 0, 0, 1))})
			level += g.between(1, 2)
		}
		s.Places = append(s.Places, allocation.Place{Level: level})
		if several && g.oneIn(8) {
			s.Places[len(s.Places)-1].UpTo = s.Increment * int64(g.between(1, 40))
		}
	}
}

func (g *generator) book() {
	n := g.between(1, pick(g.Dice, 3, 6, 12, 12, 40))
	conditional, guaranteed := g.oneIn(4), g.oneIn(8)
	allEarly := g.oneIn(6)
	ids := g.permutation(n)
	for i, id := range ids {
		x := allocation.Tender{Row: i + 1, Series: g.upTo(len(g.o.Terms.Series)), ID: fmt.Sprintf("t%02d", id), ReceivedAt: int64(g.upTo(5))}
		x.Principal = g.size(x.Series)
		if !allEarly && g.oneIn(3) {
			x.Timing = allocation.Late
		}
		if conditional && g.oneIn(3) {
			x.AtLeast = max(1, x.Principal*int64(g.between(1, 8))/8)
		}
		if guaranteed && g.oneIn(3) {
			x.Undelivered = max(1, x.Principal*int64(g.between(1, 4))/4)
		}
		if g.o.Terms.ProrateBy != allocation.ByInstruction {
			x.Unit = pick(g.Dice, "p", "q", "r", x.ID)
		}
		if a := g.o.Terms.Auction; g.o.Terms.Order == allocation.Auction && !g.oneIn(5) {
			x.HasBid, x.Bid = true, a.Best+int64(g.upTo(int(a.Worst-a.Best)+1))
		}
		if g.o.Terms.Order != allocation.Auction && g.oneIn(60) {
			x.HasBid, x.Bid = true, int64(g.upTo(3)) // it means nothing (G12)
		}
		g.o.Book = append(g.o.Book, x)
	}
	if g.oneIn(4) {
		g.o.Terms.SmallUpTo = g.o.Book[g.upTo(n)].Principal
	}
}

// permutation gives the numbers 0 to n-1 in any order.
func (g *generator) permutation(n int) []int {
	var out []int
	for i := range n {
		out = slices.Insert(out, g.upTo(len(out)+1), i)
	}
	return out
}

// size throws a principal amount: awkward where it can be.
func (g *generator) size(series int) int64 {
	s := g.o.Terms.Series[series]
	least := s.Minimum / s.Increment
	n := pick(g.Dice, 1, least-1, least, least+1, 2*least-1, 2*least, 2*least+1, int64(g.between(1, 60)), int64(g.between(1, 12)))
	switch {
	case g.long && g.oneIn(2):
		n = int64(g.upTo(pick(g.Dice, 1_000_000, 1_000_000_000_000)))
	case len(g.sizes) > 0 && g.oneIn(3):
		n = pick(g.Dice, g.sizes...)
	}
	n = max(1, n)
	g.sizes = append(g.sizes, n)
	size := n * s.Increment
	if g.odd && s.Increment > 1 && g.oneIn(3) {
		size += 1 + int64(g.upTo(int(min(s.Increment-1, 1000))))
	}
	return size
}

// caps throws own maximums, caps over some or all series, and caps that are net
// of other series, each near what is tendered under it.
func (g *generator) caps() {
	t := &g.o.Terms
	maximums := g.oneIn(2)
	for i := range t.Series {
		if maximums && g.oneIn(2) {
			g.cap(allocation.Cap{Name: "max" + seriesName(i), Own: true, Series: []int{i}})
		}
	}
	for k := range pick(g.Dice, 0, 1, 1, 1, 2, 3) {
		c := allocation.Cap{Name: fmt.Sprintf("cap%d", k), Counts: allocation.Counts(g.upTo(3))}
		g.scope(&c)
		g.rates(&c)
		g.cap(c)
	}
}

// scope throws the series of a cap and those it is net of. Only series of the
// second rank are covered where there are some of the first to be net of, so
// that no series waits for itself.
func (g *generator) scope(c *allocation.Cap) {
	if g.o.Terms.Auction.BySeries {
		c.Series = []int{g.upTo(len(g.depth))}
		return
	}
	some, net := g.oneIn(3), g.oneIn(4) && g.o.Terms.Order != allocation.Auction
	for i, rank := range g.depth {
		switch {
		case net && rank == 0 && slices.Contains(g.depth, 1):
			if len(c.Less) == 0 || g.oneIn(2) {
				c.Less = append(c.Less, i)
			}
		case !some || g.oneIn(2):
			c.Series = append(c.Series, i)
		}
	}
	if len(c.Series) == 0 {
		i := slices.IndexFunc(g.depth, func(rank int) bool { return len(c.Less) == 0 || rank == 1 })
		c.Series = []int{i}
	}
}

func (g *generator) rates(c *allocation.Cap) {
	euro, yen := g.ratio([2]int64{12950, 10000}, [2]int64{9, 10}), g.ratio([2]int64{1, 150}, [2]int64{7, 3})
	for i, m := range g.money {
		if m == 0 {
			continue
		}
		if c.Rate == nil {
			c.Rate = map[int]*big.Rat{}
		}
		c.Rate[i] = pick(g.Dice, euro, yen)
		if m == 1 {
			c.Rate[i] = euro
		}
	}
}

// cap gives the cap an amount and puts it anywhere in the list.
func (g *generator) cap(c allocation.Cap) {
	c.Amount = g.near(g.counted(c))
	g.o.Terms.Caps = slices.Insert(g.o.Terms.Caps, g.upTo(len(g.o.Terms.Caps)+1), c)
}

// counted is about what the book counts under a cap.
func (g *generator) counted(c allocation.Cap) int64 {
	r := &run{t: g.o.First()}
	r.t.Caps = []allocation.Cap{c}
	middle := (r.t.Auction.Best + r.t.Auction.Worst) / 2
	r.clearing = slices.Repeat([]*int64{&middle}, len(r.t.Series))
	sum := new(big.Rat)
	for _, x := range g.o.Book {
		if slices.Contains(c.Series, x.Series) || slices.Contains(c.Less, x.Series) {
			w := r.weight(0, &unit{series: x.Series, timing: x.Timing, pays: middle})
			sum.Add(sum, w.Mul(w, big.NewRat(x.Principal, 1)))
		}
	}
	return floor(sum)
}

// near throws an amount that makes something of what is tendered.
func (g *generator) near(demand int64) int64 {
	switch g.upTo(12) {
	case 0:
		return demand
	case 1:
		return demand + 1
	case 2:
		return max(0, demand-1)
	case 3:
		return demand + demand/5
	case 4:
		return int64(g.upTo(8)) * g.scale
	default:
		return demand/100*int64(g.between(5, 95)) + demand%100
	}
}

// later makes a second run of the late tenders out of some offers that need not
// wait for expiration, with some caps raised, lowered or set to what was taken.
func (g *generator) later() {
	if g.o.Terms.Order == allocation.Priority || !g.oneIn(3) {
		return
	}
	late := func(x allocation.Tender) bool { return x.Timing == allocation.Late }
	l := &Later{}
	for _, x := range g.o.Book {
		if late(x) {
			l.Book = append(l.Book, x)
		}
	}
	g.o.Book = slices.DeleteFunc(g.o.Book, late)
	for _, c := range g.o.Terms.Caps {
		more := c.Amount / 4
		l.Amounts = append(l.Amounts, pick(g.Dice, c.Amount, c.Amount, c.Amount+more, c.Amount+g.scale, max(0, c.Amount-more)))
	}
	g.o.Later = l
}
