package reference

import (
	"math/big"
	"slices"

	"tenderbook/allocation"
)

// An Offer is terms and a book as one value that can be written down: the
// prices of an auction are numbers here instead of a function.
type Offer struct {
	Terms  allocation.Terms // without Auction.Price and Settled
	Prices []BidPrice       // by series; used in an auction
	Book   []allocation.Tender
	Later  *Later // a second run after the first has settled; nil: there is none
}

// BidPrice is how the price of a series follows from a bid in an auction: for
// one minor unit of principal, Base + bid x Step, less LateOff for a late tender.
type BidPrice struct {
	Base, Step, LateOff *big.Rat
}

// Later is the run at expiration of an offer that settled early (§4).
type Later struct {
	Amounts []int64 // by cap: its amount by then
	Book    []allocation.Tender
}

// First gives the terms of the first run.
func (o *Offer) First() *allocation.Terms {
	t := o.Terms
	if t.Order == allocation.Auction {
		t.Auction.Price = o.bidPrice
	}
	return &t
}

// Second gives the terms of the run after the first has settled.
func (o *Offer) Second(s *allocation.Settled) *allocation.Terms {
	t := o.First()
	t.Caps = slices.Clone(t.Caps)
	for k, amount := range o.Later.Amounts {
		t.Caps[k].Amount = amount
	}
	t.Settled = s
	return t
}

func (o *Offer) bidPrice(series int, timing allocation.Timing, bid int64) *big.Rat {
	p := o.Prices[series]
	price := new(big.Rat).Mul(p.Step, big.NewRat(bid, 1))
	price.Add(price, p.Base)
	if timing == allocation.Late {
		price.Sub(price, p.LateOff)
	}
	return price
}

// Clone copies the offer so that changing one leaves the other alone. Ratios
// are shared: nothing changes one in place.
func (o *Offer) Clone() *Offer {
	c := *o
	c.Terms.Series = slices.Clone(o.Terms.Series)
	for i := range c.Terms.Series {
		c.Terms.Series[i].Places = slices.Clone(c.Terms.Series[i].Places)
	}
	c.Terms.Caps = slices.Clone(o.Terms.Caps)
	for k := range c.Terms.Caps {
		c.Terms.Caps[k].Series = slices.Clone(c.Terms.Caps[k].Series)
		c.Terms.Caps[k].Less = slices.Clone(c.Terms.Caps[k].Less)
	}
	c.Prices = slices.Clone(o.Prices)
	c.Book = slices.Clone(o.Book)
	if o.Later != nil {
		c.Later = &Later{Amounts: slices.Clone(o.Later.Amounts), Book: slices.Clone(o.Later.Book)}
	}
	return &c
}
