package reference

import (
	"math/big"
	"slices"

	"tenderbook/allocation"
)

// Shrink makes a smaller offer that still fails: it tries one simplification
// after the other, keeps each with which fails is true, and stops when none is
// left. fails must be true of the offer given.
func Shrink(o *Offer, fails func(*Offer) bool) *Offer {
	for {
		smaller := shrinkOnce(o, fails)
		if smaller == nil {
			return o
		}
		o = smaller
	}
}

// shrinkOnce gives the offer after every simplification that kept it failing,
// or nil if none did.
func shrinkOnce(o *Offer, fails func(*Offer) bool) *Offer {
	var best *Offer
	before := o.String()
	for i := 0; ; i++ {
		c := o.Clone()
		if !simplify(c, i) {
			return best
		}
		if now := c.String(); now != before && fails(c) {
			o, best, before = c, c, now
			i--
		}
	}
}

// simplify makes the i-th simplification of an offer; false if there are not
// that many.
func simplify(o *Offer, i int) bool {
	for _, kind := range []struct {
		n  int
		do func(i int)
	}{
		{1, func(int) { o.Later = nil }},
		{len(o.Book), func(i int) { o.Book = slices.Delete(o.Book, i, i+1) }},
		{laterLen(o), func(i int) { o.Later.Book = slices.Delete(o.Later.Book, i, i+1) }},
		{len(o.Terms.Caps), func(i int) { o.dropCap(i) }},
		{len(o.Terms.Series), func(i int) { o.dropSeries(i) }},
		{3, func(i int) { o.scaleDown([]int64{1000, 10, 2}[i]) }},
		{len(plainer), func(i int) { plainer[i](&o.Terms) }},
		{len(o.Terms.Series) * len(plainSeries), func(i int) { plainSeries[i%len(plainSeries)](&o.Terms.Series[i/len(plainSeries)]) }},
		{len(o.Terms.Caps) * len(plainCap), func(i int) { plainCap[i%len(plainCap)](&o.Terms.Caps[i/len(plainCap)]) }},
		{len(o.Book) * len(plainTender), func(i int) { plainTender[i%len(plainTender)](&o.Book[i/len(plainTender)]) }},
		{laterLen(o) * len(plainTender), func(i int) { plainTender[i%len(plainTender)](&o.Later.Book[i/len(plainTender)]) }},
	} {
		if i < kind.n {
			kind.do(i)
			return true
		}
		i -= kind.n
	}
	return false
}

func laterLen(o *Offer) int {
	if o.Later == nil {
		return 0
	}
	return len(o.Later.Book)
}

func (o *Offer) dropCap(k int) {
	o.Terms.Caps = slices.Delete(o.Terms.Caps, k, k+1)
	if o.Later != nil {
		o.Later.Amounts = slices.Delete(o.Later.Amounts, k, k+1)
	}
}

// dropSeries drops a series that nobody tendered and that no cap needs, if it
// is the last; others would have to be renamed.
func (o *Offer) dropSeries(s int) {
	used := func(x allocation.Tender) bool { return x.Series == s }
	if s != len(o.Terms.Series)-1 || s == 0 || slices.ContainsFunc(o.Book, used) || o.Later != nil && slices.ContainsFunc(o.Later.Book, used) {
		return
	}
	for k := range o.Terms.Caps {
		c := &o.Terms.Caps[k]
		is := func(i int) bool { return i == s }
		if len(c.Series) == 1 && c.Series[0] == s {
			return
		}
		c.Series, c.Less = slices.DeleteFunc(c.Series, is), slices.DeleteFunc(c.Less, is)
		if c.Rate[s] != nil {
			c.Rate = nil
		}
	}
	o.Terms.Series = o.Terms.Series[:s]
	o.Prices = o.Prices[:s]
}

// scaleDown divides every amount.
func (o *Offer) scaleDown(by int64) {
	for i := range o.Terms.Series {
		s := &o.Terms.Series[i]
		whole := s.Minimum / s.Increment
		s.Increment = max(1, s.Increment/by)
		s.Minimum = whole * s.Increment
		for j := range s.Places {
			if s.Places[j].UpTo > 0 {
				s.Places[j].UpTo = max(1, s.Places[j].UpTo/by)
			}
		}
	}
	for k := range o.Terms.Caps {
		o.Terms.Caps[k].Amount /= by
		if o.Later != nil {
			o.Later.Amounts[k] /= by
		}
	}
	scale := func(x *allocation.Tender) {
		x.Principal, x.AtLeast = max(1, x.Principal/by), x.AtLeast/by
	}
	for i := range o.Book {
		scale(&o.Book[i])
	}
	for i := range laterLen(o) {
		scale(&o.Later.Book[i])
	}
	o.Terms.SmallUpTo /= by
}

var plainer = []func(*allocation.Terms){
	func(t *allocation.Terms) { t.Order = allocation.Priority },
	func(t *allocation.Terms) { t.IfExceeded = allocation.Prorate },
	func(t *allocation.Terms) { t.MaximumRejects = false },
	func(t *allocation.Terms) { t.ProrateBy = allocation.ByInstruction },
	func(t *allocation.Terms) { t.Leftover = allocation.Unused },
	func(t *allocation.Terms) { t.Remainder = allocation.Lost },
	func(t *allocation.Terms) { t.Stub = allocation.StubIgnore },
	func(t *allocation.Terms) { t.FactorDecimals = 0 },
	func(t *allocation.Terms) { t.FactorDecimals = min(t.FactorDecimals, 1) },
	func(t *allocation.Terms) { t.SmallUpTo = 0 },
	func(t *allocation.Terms) { t.Auction.PaysBid = false },
	func(t *allocation.Terms) { t.Auction.ProrateAll = false },
	func(t *allocation.Terms) { t.Auction.NoBid = 0 },
	func(t *allocation.Terms) { t.Auction.BySeries = false },
}

var plainSeries = []func(*allocation.Series){
	func(s *allocation.Series) { s.Places = s.Places[len(s.Places)-1:] },
	func(s *allocation.Series) { s.Places[len(s.Places)-1].UpTo = 0 },
	func(s *allocation.Series) { s.Places[0].Level = 1 },
	func(s *allocation.Series) { s.Price = [2]*big.Rat{one, one} },
	func(s *allocation.Series) { s.Price[1] = s.Price[0] },
	func(s *allocation.Series) { s.Interest = [2]*big.Rat{} },
	func(s *allocation.Series) { s.Minimum = s.Increment },
}

var plainCap = []func(*allocation.Cap){
	func(c *allocation.Cap) { c.Counts = allocation.CountsPrincipal },
	func(c *allocation.Cap) { c.Rate = nil },
	func(c *allocation.Cap) { c.Less = nil },
	func(c *allocation.Cap) { c.Amount /= 2 },
	func(c *allocation.Cap) { c.Amount -= c.Amount / 8 },
	func(c *allocation.Cap) { c.Amount = max(0, c.Amount-1) },
}

var plainTender = []func(*allocation.Tender){
	func(x *allocation.Tender) { x.AtLeast = 0 },
	func(x *allocation.Tender) { x.Undelivered = 0 },
	func(x *allocation.Tender) { x.Timing = allocation.Early },
	func(x *allocation.Tender) { x.ReceivedAt = 0 },
	func(x *allocation.Tender) { x.HasBid, x.Bid = false, 0 },
	func(x *allocation.Tender) { x.Principal = max(1, x.Principal/2) },
	func(x *allocation.Tender) { x.Principal = max(1, x.Principal-x.Principal/8) },
	func(x *allocation.Tender) { x.Principal = max(1, x.Principal-1) },
	func(x *allocation.Tender) { x.AtLeast = min(x.AtLeast, 1) },
}
