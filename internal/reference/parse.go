package reference

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"tenderbook/allocation"
)

// Parse reads an offer in the notation of [Offer.String]. Empty lines and what
// follows a # are left out. Lines of unknown kind, unknown keys and numbers
// that cannot be read are errors that name the line.
func Parse(text string) (*Offer, error) {
	o := &Offer{}
	for n, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		p := parser{offer: o, words: words[1:]}
		switch words[0] {
		case "terms":
			p.terms()
		case "series":
			p.series()
		case "cap":
			p.cap()
		case "tender":
			p.tender()
		case "later":
			p.later()
		default:
			p.fail("unknown kind of line %q, needs terms, series, cap, tender or later", words[0])
		}
		if p.err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, p.err)
		}
	}
	return o, nil
}

// A parser reads one line; it keeps the first error.
type parser struct {
	offer *Offer
	words []string
	err   error
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
}

// next takes the next plain word of the line.
func (p *parser) next(what string) string {
	if len(p.words) == 0 {
		p.fail("%s is missing", what)
		return ""
	}
	w := p.words[0]
	p.words = p.words[1:]
	return w
}

// keys goes through the key=value words that are left; a word without = has an
// empty value.
func (p *parser) keys(set map[string]func(value string)) {
	for _, w := range p.words {
		key, value, _ := strings.Cut(w, "=")
		if f := set[key]; f != nil {
			f(value)
		} else {
			p.fail("unknown key %q", key)
		}
	}
}

func (p *parser) terms() {
	t := &p.offer.Terms
	p.keys(map[string]func(string){
		"order":           func(v string) { t.Order = allocation.Order(p.oneOf(v, orderWords)) },
		"if_exceeded":     func(v string) { t.IfExceeded = allocation.IfExceeded(p.oneOf(v, exceededWords)) },
		"maximum_rejects": func(string) { t.MaximumRejects = true },
		"prorate_by":      func(v string) { t.ProrateBy = allocation.ProrateBy(p.oneOf(v, prorateWords)) },
		"leftover":        func(v string) { t.Leftover = allocation.Leftover(p.oneOf(v, leftoverWords)) },
		"remainder":       func(v string) { t.Remainder = allocation.Remainder(p.oneOf(v, remainderWords)) },
		"stub":            func(v string) { t.Stub = allocation.Stub(p.oneOf(v, stubWords)) },
		"factor_decimals": func(v string) { t.FactorDecimals = int(p.number(v)) },
		"small":           func(v string) { t.SmallUpTo = p.number(v) },
		"no_bid":          func(v string) { t.Auction.NoBid = allocation.NoBid(p.oneOf(v, noBidWords)) },
		"pays_bid":        func(string) { t.Auction.PaysBid = true },
		"prorate_all":     func(string) { t.Auction.ProrateAll = true },
		"by_series":       func(string) { t.Auction.BySeries = true },
		"best":            func(v string) { t.Auction.Best = p.number(v) },
		"worst":           func(v string) { t.Auction.Worst = p.number(v) },
	})
}

func (p *parser) series() {
	s := allocation.Series{ID: p.next("name of the series"), Increment: 1, Minimum: 1, Places: []allocation.Place{{Level: 1}}}
	price := BidPrice{}
	p.keys(map[string]func(string){
		"increment": func(v string) { s.Increment = p.number(v); s.Minimum = max(s.Minimum, s.Increment) },
		"minimum":   func(v string) { s.Minimum = p.number(v) },
		"at":        func(v string) { s.Places = p.places(v) },
		"price":     func(v string) { p.ratios(v, &s.Price[0], &s.Price[1]) },
		"interest":  func(v string) { p.ratios(v, &s.Interest[0], &s.Interest[1]) },
		"bids":      func(v string) { p.ratios(v, &price.Base, &price.Step, &price.LateOff) },
	})
	if want := seriesName(len(p.offer.Terms.Series)); s.ID != want {
		p.fail("series %q, needs the name %q", s.ID, want)
	}
	p.offer.Terms.Series = append(p.offer.Terms.Series, s)
	p.offer.Prices = append(p.offer.Prices, price)
}

func (p *parser) places(value string) []allocation.Place {
	var places []allocation.Place
	for _, w := range strings.Split(value, ",") {
		level, upTo, bounded := strings.Cut(w, ":")
		place := allocation.Place{Level: int(p.number(level))}
		if bounded {
			place.UpTo = p.number(upTo)
		}
		places = append(places, place)
	}
	return places
}

func (p *parser) cap() {
	c := allocation.Cap{Name: p.next("name of the cap"), Amount: p.number(p.next("amount of the cap"))}
	p.keys(map[string]func(string){
		"over":   func(v string) { c.Series = p.seriesList(v) },
		"counts": func(v string) { c.Counts = allocation.Counts(p.oneOf(v, countsWords)) },
		"own":    func(string) { c.Own = true },
		"less":   func(v string) { c.Less = p.seriesList(v) },
		"rate":   func(v string) { c.Rate = p.rates(v) },
	})
	p.offer.Terms.Caps = append(p.offer.Terms.Caps, c)
}

func (p *parser) rates(value string) map[int]*big.Rat {
	rates := map[int]*big.Rat{}
	for _, w := range strings.Split(value, ",") {
		name, rate, _ := strings.Cut(w, ":")
		rates[p.seriesIndex(name)] = p.ratio(rate)
	}
	return rates
}

func (p *parser) tender() {
	x := allocation.Tender{Row: int(p.number(p.next("row")))}
	x.Series = p.seriesIndex(p.next("series"))
	x.Timing = allocation.Timing(p.oneOf(p.next("timing"), timingWords))
	x.Principal = p.number(p.next("principal"))
	p.keys(map[string]func(string){
		"at_least":    func(v string) { x.AtLeast = p.number(v) },
		"undelivered": func(v string) { x.Undelivered = p.number(v) },
		"bid":         func(v string) { x.HasBid, x.Bid = true, p.number(v) },
		"unit":        func(v string) { x.Unit = v },
		"received":    func(v string) { x.ReceivedAt = p.number(v) },
		"id":          func(v string) { x.ID = v },
	})
	if p.offer.Later != nil {
		p.offer.Later.Book = append(p.offer.Later.Book, x)
		return
	}
	p.offer.Book = append(p.offer.Book, x)
}

func (p *parser) later() {
	p.offer.Later = &Later{}
	for _, w := range p.words {
		p.offer.Later.Amounts = append(p.offer.Later.Amounts, p.number(w))
	}
	if found, need := len(p.words), len(p.offer.Terms.Caps); found != need {
		p.fail("later has %d amounts, needs one for each of %d caps", found, need)
	}
}

func (p *parser) oneOf(value string, words []string) int {
	i := slices.Index(words, value)
	if i < 0 {
		p.fail("%q is unknown, needs %s", value, strings.Join(words, ", "))
		return 0
	}
	return i
}

// number reads a whole number; 1_000 is 1000.
func (p *parser) number(value string) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(value, "_", ""), 10, 64)
	if err != nil {
		p.fail("%q is not a whole number", value)
	}
	return n
}

func (p *parser) ratio(value string) *big.Rat {
	if value == "-" {
		return nil
	}
	r, ok := new(big.Rat).SetString(value)
	if !ok {
		p.fail("%q is not a ratio", value)
	}
	return r
}

// ratios reads as many ratios as there are places for them; one alone stands
// for all.
func (p *parser) ratios(value string, to ...**big.Rat) {
	words := strings.Split(value, ",")
	if len(words) != 1 && len(words) != len(to) {
		p.fail("%q has %d ratios, needs 1 or %d", value, len(words), len(to))
		return
	}
	for i := range to {
		*to[i] = p.ratio(words[min(i, len(words)-1)])
	}
}

func (p *parser) seriesIndex(name string) int {
	for i := range p.offer.Terms.Series {
		if seriesName(i) == name {
			return i
		}
	}
	p.fail("series %q is not in the terms", name)
	return 0
}

func (p *parser) seriesList(value string) []int {
	var out []int
	for _, name := range strings.Split(value, ",") {
		out = append(out, p.seriesIndex(name))
	}
	return out
}
