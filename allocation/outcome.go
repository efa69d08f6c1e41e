package allocation

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Reason names why a tender got what it got.
type Reason uint8

// The reasons. Their phrases are in [Reason.String].
const (
	AcceptedInFull   Reason = iota
	Prorated                // in part: the factor, a stub rule or a remainder
	CapFull                 // nothing: no room was left under a cap
	SeriesRejected          // nothing: its series is accepted whole or not at all
	StubRejected            // nothing: the piece would have been below the minimum denomination
	RoundedToNothing        // nothing: the product is less than one increment
	ConditionNotMet         // nothing: a conditional tender that fell short
	BidNotAccepted          // nothing: the bid is worse than the clearing bid
)

// String is a short phrase for people.
func (r Reason) String() string {
	return [...]string{
		"accepted in full", "prorated", "returned: cap is full", "returned: series not accepted",
		"returned: below the minimum denomination", "returned: rounded down to nothing",
		"returned: condition not met", "returned: bid above the clearing bid",
	}[r]
}

// An Outcome is what one tender got.
type Outcome struct {
	Accepted      int64 // minor units
	Returned      int64
	Consideration int64    // minor units, rounded half up for the tender
	Interest      int64    // minor units, rounded half up for the tender
	Price         *big.Rat // consideration per minor unit of principal
	Reason        Reason
	Cut           *Line   // the last line that cut the tender; nil if none did
	Shares        []Share // of the tender, or of the unit that it was prorated in
	UnitTendered  int64   // the size of that unit: the tender's own, or the participant's
	UnitAccepted  int64
	UnitWholes    int64 // whole increments of the unit's tenders, each counted for itself
}

// Outcome looks up what a tender of the book got. It may be called from several
// goroutines. A tender that was not in the tally gets the zero Outcome.
func (d *Decision) Outcome(x Tender) Outcome {
	o := d.Brief(x)
	for i := range o.Shares {
		s := &o.Shares[i]
		s.Product = new(big.Rat).SetInt64(s.Offered)
		s.Product.Mul(s.Product, d.Steps[s.Step].Lines[s.Line].Factor)
	}
	return o
}

// Brief is [Decision.Outcome] without the products of the shares, which cost
// more than all the rest: for those who ask for each of a million tenders.
func (d *Decision) Brief(x Tender) Outcome {
	if d.oneByOne(x) {
		if i, known := d.ledger.byRow[x.Row]; known {
			return d.ofUnit(&d.units[i], x)
		}
		return Outcome{}
	}
	n, known := d.ledger.number[batchKey{lotOf(&x), x.Undelivered}]
	if !known || !d.ledger.batches[n].has(x.Principal) {
		return Outcome{}
	}
	var a Amounts
	c := d.Counted(n)
	c.Amounts(x.Principal, &a)
	return Outcome{
		Accepted: a.Accepted, Returned: a.Returned, Consideration: a.Consideration, Interest: a.Interest,
		Price: c.Price(), Reason: a.Reason, Cut: a.Cut, Shares: c.fateOf(x.Principal).shares(x.Principal),
		UnitTendered: x.Principal, UnitAccepted: a.Accepted, UnitWholes: x.Principal / d.Terms.Series[x.Series].Increment,
	}
}

// ofUnit is what one tender of a unit got.
func (d *Decision) ofUnit(u *unit, x Tender) Outcome {
	o := Outcome{
		Accepted: u.got, UnitTendered: u.size, UnitAccepted: u.got, UnitWholes: u.wholes,
		Price: u.quote.price, Shares: d.entries(u), Reason: d.reasonOfUnit(u),
	}
	o.Cut = d.cut(o.Shares)
	if len(u.tenders) > 1 {
		o.Accepted = d.accepted[x.Row]
		o.Reason = memberReason(o, x)
	}
	o.Returned = x.Principal - o.Accepted
	o.Consideration, o.Interest = u.quote.money(paid(x, o.Accepted))
	return o
}

// entries lists what a unit got, step by step.
func (d *Decision) entries(u *unit) []Share {
	if u.last >= 0 && d.log[u.last].before < 0 { // one step, as nearly always
		return []Share{d.log[u.last].Share}
	}
	var all []Share
	for i := u.last; i >= 0; i = d.log[i].before {
		all = append(all, d.log[i].Share)
	}
	slices.Reverse(all)
	return all
}

// oneByOne reports whether a tender was decided by itself rather than by class.
func (d *Decision) oneByOne(x Tender) bool {
	return d.Terms.oneByOne() || x.AtLeast > 0
}

// paid is the accepted principal that has been delivered.
func paid(x Tender, accepted int64) int64 {
	return max(0, min(accepted, x.Principal-x.Undelivered))
}

func (d *Decision) reasonOfUnit(u *unit) Reason {
	switch {
	case u.dropped:
		return ConditionNotMet
	case u.ended < 0:
		return BidNotAccepted
	case u.got == u.size:
		return AcceptedInFull
	case u.got > 0:
		return Prorated
	}
	last := &d.log[u.last]
	return reasonForNothing(&d.Steps[last.Step].Lines[last.Line], last.Rule)
}

// reasonForNothing says why a tender got nothing in the last step that it took
// part in.
func reasonForNothing(line *Line, rule ShareRule) Reason {
	switch {
	case line.Rejected:
		return SeriesRejected
	case rule == RuleStubReject:
		return StubRejected
	case line.Factor.Sign() == 0:
		return CapFull
	}
	return RoundedToNothing
}

// memberReason is the reason of one tender of a participant's unit.
func memberReason(o Outcome, x Tender) Reason {
	switch {
	case o.Accepted == x.Principal:
		return AcceptedInFull
	case o.Accepted > 0:
		return Prorated
	case o.UnitAccepted > 0:
		return RoundedToNothing
	}
	return o.Reason
}

// Reason is the phrase that goes beside a tender's amounts: the reason with the
// factor and the cap that decided.
func (d *Decision) Reason(o Outcome) string {
	if o.Cut == nil {
		return o.Reason.String()
	}
	switch cap := d.CapName(*o.Cut); o.Reason {
	case Prorated:
		return "prorated at " + FactorText(o.Cut.Factor, 6) + " (" + cap + ")"
	case CapFull:
		return "returned: " + cap + " is full"
	case SeriesRejected:
		return "returned: series does not fit " + cap
	}
	return o.Reason.String()
}

// cut is the last of the lines that cut a tender; nil if none did.
func (d *Decision) cut(shares []Share) *Line {
	for _, s := range slices.Backward(shares) {
		if line := &d.Steps[s.Step].Lines[s.Line]; line.BoundBy >= 0 {
			return line
		}
	}
	return nil
}

// CapName names what cut a line: a cap, or the bound of a place; "" if nothing.
func (d *Decision) CapName(l Line) string {
	switch n := len(d.Terms.Caps); {
	case l.BoundBy < 0:
		return ""
	case l.BoundBy < n:
		return d.Terms.Caps[l.BoundBy].Name
	}
	s := d.Terms.Series[l.Series]
	return fmt.Sprintf("%s at level %d", s.ID, s.Places[l.Place].Level)
}

// FactorText shows a factor between 0 and 1 with so many decimals, cut off and
// not rounded, so that a factor below 1 never shows as 1.
func FactorText(f *big.Rat, decimals int) string {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
	n := scale.Mul(scale, f.Num())
	digits := n.Quo(n, f.Denom()).String()
	if len(digits) <= decimals {
		digits = strings.Repeat("0", decimals-len(digits)+1) + digits
	}
	if decimals == 0 {
		return digits
	}
	return digits[:len(digits)-decimals] + "." + digits[len(digits)-decimals:]
}

// Settled is what a later run needs to know of this one.
func (d *Decision) Settled() *Settled {
	s := &Settled{Taken: d.taken}
	for k, c := range d.Caps {
		s.Used = append(s.Used, new(big.Rat).Set(c.Used))
		closedAt := int64(-1)
		if c.Closed {
			closedAt = d.Terms.Caps[k].Amount
		}
		s.ClosedAt = append(s.ClosedAt, closedAt)
	}
	return s
}
