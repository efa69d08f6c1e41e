package reference

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tenderbook/allocation"
)

// Coverage counts what a campaign reached: each value of each setting, each
// pair of values of two settings, and what happened in the runs.
type Coverage struct {
	Offers int
	Values map[string]int
	Pairs  map[[2]string]int
	Events map[string]int
}

// NewCoverage gives an empty count.
func NewCoverage() *Coverage {
	return &Coverage{Values: map[string]int{}, Pairs: map[[2]string]int{}, Events: map[string]int{}}
}

// Add counts one offer and what the reference made of its runs.
func (c *Coverage) Add(o *Offer, results []*Result) {
	c.Offers++
	values := settings(o)
	for i, v := range values {
		c.Values[v]++
		for _, w := range values[i+1:] {
			c.Pairs[[2]string{v, w}]++
		}
	}
	for _, r := range results {
		for event := range r.Events {
			c.Events[event]++
		}
	}
}

// Merge adds another count.
func (c *Coverage) Merge(o *Coverage) {
	c.Offers += o.Offers
	for k, n := range o.Values {
		c.Values[k] += n
	}
	for k, n := range o.Pairs {
		c.Pairs[k] += n
	}
	for k, n := range o.Events {
		c.Events[k] += n
	}
}

// A dimension is one setting with its values, in the order of the tables.
type dimension struct {
	name   string
	values []string
	of     func(o *Offer) int // index of the offer's value; -1: the setting means nothing to it
}

var noYes = []string{"no", "yes"}

// dimensions are all settings whose combinations are counted.
var dimensions = []dimension{
	{"order", orderWords, func(o *Offer) int { return int(o.Terms.Order) }},
	{"if_exceeded", exceededWords, func(o *Offer) int { return int(o.Terms.IfExceeded) }},
	{"maximum_exceeded", []string{"prorate", "reject"}, func(o *Offer) int { return index(o.Terms.MaximumRejects) }},
	{"prorate_by", prorateWords, func(o *Offer) int { return int(o.Terms.ProrateBy) }},
	{"leftover", leftoverWords, func(o *Offer) int { return int(o.Terms.Leftover) }},
	{"remainder", remainderWords, func(o *Offer) int { return int(o.Terms.Remainder) }},
	{"stub", stubWords, func(o *Offer) int { return int(o.Terms.Stub) }},
	{"factor_decimals", noYes, func(o *Offer) int { return index(o.Terms.FactorDecimals > 0) }},
	{"small", noYes, func(o *Offer) int { return index(o.Terms.SmallUpTo > 0) }},
	{"conditional", noYes, anyTender(func(x allocation.Tender) bool { return x.AtLeast > 0 })},
	{"undelivered", noYes, anyTender(func(x allocation.Tender) bool { return x.Undelivered > 0 })},
	{"late", noYes, anyTender(func(x allocation.Tender) bool { return x.Timing == allocation.Late })},
	{"series", []string{"1", "2", "3-6"}, func(o *Offer) int { return min(len(o.Terms.Series), 3) - 1 }},
	{"shared_level", noYes, func(o *Offer) int { return index(sharesLevel(o)) }},
	{"places", []string{"one", "several"}, func(o *Offer) int { return index(hasPlaces(o)) }},
	{"maximum", noYes, anyCap(func(o *Offer, c allocation.Cap) bool { return c.Own })},
	{"cap_of_principal", noYes, anyCap(func(o *Offer, c allocation.Cap) bool { return !c.Own && c.Counts == allocation.CountsPrincipal })},
	{"cap_of_price", noYes, anyCap(func(o *Offer, c allocation.Cap) bool { return c.Counts == allocation.CountsPrice })},
	{"cap_of_price_and_interest", noYes, anyCap(func(o *Offer, c allocation.Cap) bool { return c.Counts == allocation.CountsPriceAndInt })},
	{"sub_cap", noYes, anyCap(func(o *Offer, c allocation.Cap) bool { return !c.Own && len(c.Series) < len(o.Terms.Series) })},
	{"less", noYes, anyCap(func(o *Offer, c allocation.Cap) bool { return len(c.Less) > 0 })},
	{"rates", noYes, anyCap(func(o *Offer, c allocation.Cap) bool { return len(c.Rate) > 0 })},
	{"settled_before", noYes, func(o *Offer) int { return index(o.Later != nil) }},
	{"no_bid", noBidWords, inAuction(func(a allocation.AuctionTerms) int { return int(a.NoBid) })},
	{"pays", []string{"clearing", "bid"}, inAuction(func(a allocation.AuctionTerms) int { return index(a.PaysBid) })},
	{"prorate", []string{"at-clearing", "all"}, inAuction(func(a allocation.AuctionTerms) int { return index(a.ProrateAll) })},
	{"auctions", []string{"one", "side-by-side"}, inAuction(func(a allocation.AuctionTerms) int { return index(a.BySeries) })},
	{"odd_size", noYes, func(o *Offer) int { return index(hasOddSize(o)) }},
	{"magnitude", []string{"small", "fine", "huge"}, magnitude},
}

func index(b bool) int {
	if b {
		return 1
	}
	return 0
}

func anyTender(is func(allocation.Tender) bool) func(*Offer) int {
	return func(o *Offer) int {
		return index(slices.ContainsFunc(o.Book, is) || o.Later != nil && slices.ContainsFunc(o.Later.Book, is))
	}
}

func anyCap(is func(*Offer, allocation.Cap) bool) func(*Offer) int {
	return func(o *Offer) int {
		return index(slices.ContainsFunc(o.Terms.Caps, func(c allocation.Cap) bool { return is(o, c) }))
	}
}

func inAuction(of func(allocation.AuctionTerms) int) func(*Offer) int {
	return func(o *Offer) int {
		if o.Terms.Order != allocation.Auction {
			return -1
		}
		return of(o.Terms.Auction)
	}
}

func sharesLevel(o *Offer) bool {
	seen := map[int]bool{}
	for _, s := range o.Terms.Series {
		for _, p := range s.Places {
			if seen[p.Level] {
				return true
			}
		}
		for _, p := range s.Places {
			seen[p.Level] = true
		}
	}
	return false
}

func hasPlaces(o *Offer) bool {
	return slices.ContainsFunc(o.Terms.Series, func(s allocation.Series) bool { return len(s.Places) > 1 })
}

func hasOddSize(o *Offer) bool {
	return slices.ContainsFunc(o.Book, func(x allocation.Tender) bool {
		return x.Principal%o.Terms.Series[x.Series].Increment != 0
	})
}

// magnitude is huge where products of amounts and ratios pass 64 bits, fine
// where a tender has more than a hundred increments.
func magnitude(o *Offer) int {
	m := 0
	for _, x := range o.Book {
		switch {
		case x.Principal > 1<<40:
			return 2
		case x.Principal/o.Terms.Series[x.Series].Increment > 100:
			m = 1
		}
	}
	return m
}

// settings are the offer's values, each as "name=value".
func settings(o *Offer) []string {
	var out []string
	for _, d := range dimensions {
		if i := d.of(o); i >= 0 {
			out = append(out, d.name+"="+d.values[i])
		}
	}
	return out
}

// Missing lists the values, pairs of values and events that were never reached
// and can be.
func (c *Coverage) Missing() []string {
	var missing []string
	for i, d := range dimensions {
		for _, v := range d.values {
			v = d.name + "=" + v
			if c.Values[v] == 0 {
				missing = append(missing, v)
			}
			for _, e := range dimensions[i+1:] {
				for _, w := range e.values {
					w = e.name + "=" + w
					if c.Pairs[[2]string{v, w}] == 0 && !impossible(v, w) {
						missing = append(missing, v+" with "+w)
					}
				}
			}
		}
	}
	for _, e := range events {
		if c.Events[e] == 0 {
			missing = append(missing, "event: "+e)
		}
	}
	return missing
}

// excluded are the pairs that cannot be, by how their two values begin.
var excluded = [][2]string{
	{"order=priority", "settled_before=yes"}, // nothing may be accepted before expiration (§4)
	{"order=priority", "no_bid="},
	{"order=priority", "pays="},
	{"order=priority", "prorate="},
	{"order=priority", "auctions="},
	{"order=early-first", "no_bid="},
	{"order=early-first", "pays="},
	{"order=early-first", "prorate="},
	{"order=early-first", "auctions="},
	{"order=auction", "places=several"},
	{"places=several", "no_bid="},
	{"places=several", "pays="},
	{"places=several", "prorate="},
	{"places=several", "auctions="},
	{"order=auction", "less=yes"},
	{"less=yes", "no_bid="},
	{"less=yes", "pays="},
	{"less=yes", "prorate="},
	{"less=yes", "auctions="}, // G12
	{"series=1", "shared_level=yes"},
	{"series=1", "sub_cap=yes"},
	{"series=1", "less=yes"},
	{"sub_cap=no", "less=yes"}, // a cap that is net of a series does not cover it
	// A stub rule makes the walk over the breakpoints of fine tenders too long.
	{"stub=accept", "magnitude=fine"},
	{"stub=minimum", "magnitude=fine"},
}

func impossible(v, w string) bool {
	return slices.ContainsFunc(excluded, func(e [2]string) bool {
		return strings.HasPrefix(v, e[0]) && strings.HasPrefix(w, e[1])
	})
}

// events are the things that a campaign must have seen.
var events = []string{
	"accepted after a rejection that was skipped",
	"auction: a cap is reached",
	"auction: bid not accepted",
	"auction: no cap is reached",
	"cap bound",
	"cap closed",
	"cap closed by a rejection",
	"cap net of a series",
	"conditional tender dropped",
	"factor lowered by a stub",
	"factor raised",
	"group stopped at 0",
	"largest remainder: one more",
	"largest remainder: passed over",
	"maximum bound",
	"maximum rejects a series",
	"place bound",
	"place closed",
	"remainder passed on to a later step",
	"second place reached",
	"series rejected: cap would be exceeded",
	"settled: cap still closed",
	"settled: closed cap open again",
	"several groups in a step",
	"several series in a group",
	"several series in a step",
	"small step",
	"step after the series a cap is net of",
	"stub rule: accept",
	"stub rule: minimum",
	"stub rule: reject",
	"unit accepted in part at an earlier place",
	"unit of several tenders",
}

// Table writes the counts: each value with the pair of it that was reached
// least, then the events, in the number of runs that had them.
func (c *Coverage) Table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d offers, %d pairs of settings\n", c.Offers, len(c.Pairs))
	for _, d := range dimensions {
		for _, v := range d.values {
			v = d.name + "=" + v
			with, n := c.rarest(v)
			fmt.Fprintf(&b, "%8d  %-40s least: %d with %s\n", c.Values[v], v, n, with)
		}
	}
	for _, e := range slices.Sorted(maps.Keys(c.Events)) {
		fmt.Fprintf(&b, "%8d  %s\n", c.Events[e], e)
	}
	return b.String()
}

func (c *Coverage) rarest(v string) (with string, n int) {
	n = c.Offers + 1
	for _, pair := range slices.SortedFunc(maps.Keys(c.Pairs), comparePairs) {
		if (pair[0] == v || pair[1] == v) && c.Pairs[pair] < n {
			n = c.Pairs[pair]
			with = pair[0]
			if pair[0] == v {
				with = pair[1]
			}
		}
	}
	return with, n
}

// PairTable writes every pair of values with its count.
func (c *Coverage) PairTable() string {
	var b strings.Builder
	for _, pair := range slices.SortedFunc(maps.Keys(c.Pairs), comparePairs) {
		fmt.Fprintf(&b, "%8d  %s with %s\n", c.Pairs[pair], pair[0], pair[1])
	}
	return b.String()
}

func comparePairs(a, b [2]string) int { return slices.Compare(a[:], b[:]) }
