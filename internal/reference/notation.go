package reference

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"tenderbook/allocation"
)

// The words of the notation, by value of the setting; they are those of the
// offer file.
var (
	orderWords     = []string{"priority", "early-first", "auction"}
	exceededWords  = []string{"prorate", "reject-and-continue", "reject-and-stop"}
	prorateWords   = []string{"instruction", "participant", "holder"}
	leftoverWords  = []string{"unused", "raise-factor", "largest-remainder"}
	remainderWords = []string{"lost", "next"}
	stubWords      = []string{"ignore", "reject", "accept", "minimum"}
	countsWords    = []string{"principal", "purchase-price", "purchase-price-and-interest"}
	noBidWords     = []string{"clearing", "best-for-offeror", "range-limit"}
	timingWords    = []string{"early", "late"}
)

// String writes the offer in lines that [Parse] reads: the terms, each series,
// each cap, each tender, then the later run. What has its zero value is left
// out; amounts are minor units, ratios are fractions.
//
//	terms order=early-first leftover=raise-factor
//	series A increment=2 minimum=4 at=1:300,2 price=49/50,19/20
//	cap Pool 450 over=A,B counts=purchase-price
//	tender 1 A early 100 received=5 id=t1
//	later 500
//	tender 2 A late 40 received=9 id=t2
func (o *Offer) String() string {
	var b strings.Builder
	o.writeTerms(&b)
	for i := range o.Terms.Series {
		o.writeSeries(&b, i)
	}
	for _, c := range o.Terms.Caps {
		writeCap(&b, c)
	}
	writeBook(&b, o.Book)
	if o.Later != nil {
		b.WriteString("later")
		for _, a := range o.Later.Amounts {
			fmt.Fprintf(&b, " %d", a)
		}
		b.WriteString("\n")
		writeBook(&b, o.Later.Book)
	}
	return b.String()
}

func (o *Offer) writeTerms(b *strings.Builder) {
	t := &o.Terms
	b.WriteString("terms")
	word(b, "order", orderWords, int(t.Order))
	word(b, "if_exceeded", exceededWords, int(t.IfExceeded))
	mark(b, "maximum_rejects", t.MaximumRejects)
	word(b, "prorate_by", prorateWords, int(t.ProrateBy))
	word(b, "leftover", leftoverWords, int(t.Leftover))
	word(b, "remainder", remainderWords, int(t.Remainder))
	word(b, "stub", stubWords, int(t.Stub))
	number(b, "factor_decimals", int64(t.FactorDecimals))
	number(b, "small", t.SmallUpTo)
	if t.Order == allocation.Auction {
		word(b, "no_bid", noBidWords, int(t.Auction.NoBid))
		mark(b, "pays_bid", t.Auction.PaysBid)
		mark(b, "prorate_all", t.Auction.ProrateAll)
		mark(b, "by_series", t.Auction.BySeries)
		fmt.Fprintf(b, " best=%d worst=%d", t.Auction.Best, t.Auction.Worst)
	}
	b.WriteString("\n")
}

func (o *Offer) writeSeries(b *strings.Builder, i int) {
	s := o.Terms.Series[i]
	fmt.Fprintf(b, "series %s increment=%d minimum=%d at=", seriesName(i), s.Increment, s.Minimum)
	for j, p := range s.Places {
		if j > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(b, "%d", p.Level)
		if p.UpTo > 0 {
			fmt.Fprintf(b, ":%d", p.UpTo)
		}
	}
	ratios(b, "price", s.Price[:]...)
	ratios(b, "interest", s.Interest[:]...)
	if o.Terms.Order == allocation.Auction {
		p := o.Prices[i]
		ratios(b, "bids", p.Base, p.Step, p.LateOff)
	}
	b.WriteString("\n")
}

func writeCap(b *strings.Builder, c allocation.Cap) {
	fmt.Fprintf(b, "cap %s %d over=%s", c.Name, c.Amount, seriesNames(c.Series))
	word(b, "counts", countsWords, int(c.Counts))
	mark(b, "own", c.Own)
	if len(c.Less) > 0 {
		fmt.Fprintf(b, " less=%s", seriesNames(c.Less))
	}
	var rates []string
	for s, r := range c.Rate {
		rates = append(rates, seriesName(s)+":"+r.RatString())
	}
	slices.Sort(rates)
	if len(rates) > 0 {
		fmt.Fprintf(b, " rate=%s", strings.Join(rates, ","))
	}
	b.WriteString("\n")
}

func writeBook(b *strings.Builder, book []allocation.Tender) {
	for _, x := range book {
		fmt.Fprintf(b, "tender %d %s %s %d", x.Row, seriesName(x.Series), x.Timing, x.Principal)
		number(b, "at_least", x.AtLeast)
		number(b, "undelivered", x.Undelivered)
		if x.HasBid {
			fmt.Fprintf(b, " bid=%d", x.Bid)
		}
		if x.Unit != "" {
			fmt.Fprintf(b, " unit=%s", x.Unit)
		}
		number(b, "received", x.ReceivedAt)
		if x.ID != "" {
			fmt.Fprintf(b, " id=%s", x.ID)
		}
		b.WriteString("\n")
	}
}

func word(b *strings.Builder, key string, words []string, value int) {
	if value != 0 {
		fmt.Fprintf(b, " %s=%s", key, words[value])
	}
}

func mark(b *strings.Builder, key string, on bool) {
	if on {
		fmt.Fprintf(b, " %s", key)
	}
}

func number(b *strings.Builder, key string, n int64) {
	if n != 0 {
		fmt.Fprintf(b, " %s=%d", key, n)
	}
}

func ratios(b *strings.Builder, key string, rs ...*big.Rat) {
	var out []string
	some := false
	for _, r := range rs {
		if r == nil {
			out = append(out, "-")
			continue
		}
		out, some = append(out, r.RatString()), true
	}
	if some {
		fmt.Fprintf(b, " %s=%s", key, strings.Join(out, ","))
	}
}

// seriesName is A for the first series, B for the second.
func seriesName(i int) string { return string(rune('A' + i)) }

func seriesNames(is []int) string {
	var out []string
	for _, i := range is {
		out = append(out, seriesName(i))
	}
	return strings.Join(out, ",")
}
