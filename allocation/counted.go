package allocation

import "math/big"

// A Counted tells what tenders got that were counted in one batch, given the
// number of [Tally.AddCount]. It has at hand what they have in common, for those
// who ask for each of a million sizes. Any number of goroutines may use it.
type Counted struct {
	few  fate // of tenders up to upTo, which the terms serve first
	most fate // of the others
	upTo int64
}

// Amounts are what one tender got and why: those of its [Outcome].
type Amounts struct {
	Accepted, Returned, Consideration, Interest int64

	Reason Reason
	Cut    *Line
}

// Counted looks up a batch by its number.
func (d *Decision) Counted(batch int) Counted {
	few, most := &d.bands[2*batch], &d.bands[2*batch+1]
	c := Counted{few: d.fate(few), most: d.fate(most)}
	if n := len(few.sizes); n > 0 {
		c.upTo = few.sizes[n-1].principal
	}
	return c
}

// Amounts writes what a tender of this principal got into a.
func (c *Counted) Amounts(principal int64, a *Amounts) { c.fateOf(principal).amounts(principal, a) }

func (c *Counted) fateOf(principal int64) *fate {
	if principal > c.upTo {
		return &c.most
	}
	return &c.few
}

// Price is the consideration per minor unit of principal, the same for all.
func (c *Counted) Price() *big.Rat {
	if c.few.band.count > 0 {
		return c.few.quote.price
	}
	return c.most.quote.price
}

// A fate is what became of a band. Nearly all bands are taken or left whole: then
// no grant need be looked at for a single tender.
type fate struct {
	how    served // servedPart: what a tender got goes by its size
	reason Reason // of all, unless it goes by size
	cut    *Line
	*band
	decision *Decision
}

func (d *Decision) fate(b *band) fate {
	f := fate{band: b, decision: d, reason: BidNotAccepted}
	for i := range b.grants {
		g := &b.grants[i]
		line := &d.Steps[g.step].Lines[g.line]
		if line.BoundBy >= 0 {
			f.cut = line
		}
		switch {
		case g.how == notServed || g.rejected:
			f.reason = reasonForNothing(line, RuleNone)
		case g.how == servedWhole:
			f.how, f.reason = servedWhole, AcceptedInFull
			return f
		default:
			return fate{how: servedPart, band: b, decision: d}
		}
	}
	return f
}

func (f *fate) amounts(principal int64, a *Amounts) {
	a.Reason, a.Cut = f.reason, f.cut
	switch f.how {
	case notServed:
		a.Accepted = 0
	case servedWhole:
		a.Accepted = principal
	case servedPart:
		f.bySize(principal, a)
	}
	a.Returned = principal - a.Accepted
	a.Consideration, a.Interest = f.money(principal, a.Accepted)
}

// bySize goes through what the steps granted.
func (f *fate) bySize(principal int64, a *Amounts) {
	var (
		last *Line
		rule ShareRule
		got  int64
	)
	for i := range f.grants {
		if got == principal {
			break
		}
		g := &f.grants[i]
		if last = &f.decision.Steps[g.step].Lines[g.line]; last.BoundBy >= 0 {
			a.Cut = last
		}
		_, accept, how := g.give(principal, got)
		got, rule = got+accept, how
	}
	a.Accepted = got
	switch {
	case got == principal:
		a.Reason = AcceptedInFull
	case got > 0:
		a.Reason = Prorated
	default:
		a.Reason = reasonForNothing(last, rule)
	}
}
