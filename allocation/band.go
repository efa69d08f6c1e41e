package allocation

import "sort"

// A band is the sizes of a batch that one run serves together: all of them, or,
// where the terms serve small tenders first, those that are small or the others.
// It keeps what each step granted, not what each tender got: that follows from
// its size and is worked out again when it is asked for.
type band struct {
	lot
	undelivered int64 // of each tender
	sizes       []size
	small       bool
	count       int64 // tenders
	demand      int64 // minor units
	grants      []grant
	quote       quote
}

// bandsOf gives the bands of the batches, two for each: the small tenders first.
func bandsOf(batches []batch, smallUpTo int64) []band {
	bands := make([]band, 2*len(batches))
	for i := range batches {
		g := &batches[i]
		n := 0
		if smallUpTo > 0 {
			n = sort.Search(len(g.sizes), func(k int) bool { return g.sizes[k].principal > smallUpTo })
		}
		for k, sizes := range [...][]size{g.sizes[:n], g.sizes[n:]} {
			b := &bands[2*i+k]
			*b = band{lot: g.lot, undelivered: g.undelivered, sizes: sizes, small: k == 0}
			for _, s := range sizes {
				b.count += s.count
				b.demand += s.principal * s.count
			}
		}
	}
	return bands
}

// A served says in which way a step served a band.
type served uint8

const (
	notServed   served = iota // nothing: refused before the filling, or its factor is 0
	servedWhole               // all that was offered
	servedPart                // by factor
)

// A grant is what a step gave a band: a rule that tells what each of its tenders
// got.
type grant struct {
	step, line int
	slot       *slot
	how        served
	from, to   factor // the factor at which raising started, and the one applied
	stub       Stub
	rejected   bool // taken back whole: all or none
}

// give is what a tender of a size gets, after what earlier places accepted of it.
func (g *grant) give(principal, prior int64) (floor, accept int64, rule ShareRule) {
	offered := principal - prior
	switch g.how {
	case servedWhole:
		floor, accept = offered, offered
	case servedPart:
		p := g.slot.piece(principal, prior)
		p.settle(g.from, g.to, g.stub)
		floor, accept, rule = p.floor, p.accept, p.rule
	}
	if g.rejected {
		accept, rule = 0, RuleNone
	}
	return floor, accept, rule
}

// got is what a tender of a size has got in the steps so far.
func (b *band) got(principal int64) int64 {
	got := int64(0)
	for i := range b.grants {
		if got == principal {
			break
		}
		_, accept, _ := b.grants[i].give(principal, got)
		got += accept
	}
	return got
}

// shares lists what a tender of a size got, step by step; a place that has
// nothing left to take leaves no share.
func (b *band) shares(principal int64) []Share {
	all, got := make([]Share, 0, len(b.grants)), int64(0)
	for i := range b.grants {
		g := &b.grants[i]
		if got == principal {
			break
		}
		floor, accept, rule := g.give(principal, got)
		all = append(all, Share{Step: g.step, Line: g.line, Offered: principal - got, Floor: floor, Accepted: accept, Rule: rule})
		got += accept
	}
	return all
}

// ask is how many tenders of a band take part in its next step, and with how
// much: what earlier places left.
func (b *band) ask() (count, demand int64) {
	if len(b.grants) == 0 {
		return b.count, b.demand
	}
	for _, s := range b.sizes {
		if rest := s.principal - b.got(s.principal); rest > 0 {
			count += s.count
			demand += rest * s.count
		}
	}
	return count, demand
}
