package proof

import (
	"math/big"

	"tenderbook/allocation"
)

// The words of results for what package allocation counts.
var (
	orderNames    = [...]string{allocation.Priority: "priority", allocation.EarlyFirst: "early-first", allocation.Auction: "auction"}
	prorateNames  = [...]string{allocation.ByInstruction: "instruction", allocation.ByParticipant: "participant", allocation.ByHolder: "holder"}
	leftoverNames = [...]string{allocation.Unused: "unused", allocation.RaiseFactor: "raise-factor", allocation.LargestRemainder: "largest-remainder"}
	stubNames     = [...]string{allocation.StubIgnore: "ignore", allocation.StubReject: "reject", allocation.StubAccept: "accept", allocation.StubMinimum: "minimum"}
	noBidNames    = [...]string{allocation.NoBidClearing: "clearing", allocation.NoBidBest: "best", allocation.NoBidLimit: "limit"}
	countsNames   = [...]string{allocation.CountsPrincipal: "principal", allocation.CountsPrice: "price", allocation.CountsPriceAndInt: "price-and-interest"}
	ruleNames     = [...]string{
		allocation.RuleNone: "none", allocation.RuleStubReject: "stub-reject", allocation.RuleStubAccept: "stub-accept",
		allocation.RuleStubMinimum: "stub-minimum", allocation.RuleRemainder: "remainder",
	}
)

// resultOf puts a decision in the words of a result; lines and totals are still
// to come.
func (in *Input) resultOf() *Result {
	t := in.Decision.Terms
	r := &Result{
		Format: ResultFormat, Offer: in.Offer, Terms: in.Terms, Book: in.Book, Journal: in.Journal,
		Rules: Rules{
			Order: orderNames[t.Order], ProrateBy: prorateNames[t.ProrateBy], Leftover: leftoverNames[t.Leftover],
			Stub: stubNames[t.Stub], SmallUpTo: t.SmallUpTo, Auction: in.auction(),
		},
		Series: make([]Series, len(t.Series)), Lines: []Line{}, Caps: make([]Cap, len(t.Caps)),
	}
	if in.Payees != nil {
		r.Format, r.Rules.PayBy = PaymentFormat, payByParticipant
	}
	for i, s := range t.Series {
		r.Series[i] = Series{ID: s.ID, Increment: s.Increment, Minimum: s.Minimum, Places: len(s.Places)}
	}
	for k := range t.Caps {
		r.Caps[k] = in.capOf(k)
	}
	return r
}

func (in *Input) auction() *Auction {
	t := in.Decision.Terms
	if t.Order != allocation.Auction {
		return nil
	}
	a := &Auction{
		NoBid: noBidNames[t.Auction.NoBid], PaysBid: t.Auction.PaysBid, ProrateAll: t.Auction.ProrateAll,
		Best: t.Auction.Best, Worst: t.Auction.Worst, Clearing: make([]*int64, len(t.Series)),
	}
	copy(a.Clearing, in.Decision.ClearingBids)
	return a
}

func (in *Input) capOf(k int) Cap {
	t := in.Decision.Terms
	c := &t.Caps[k]
	out := Cap{Name: c.Name, Amount: c.Amount, Counts: countsNames[c.Counts], Used: NewRatio(in.Decision.Caps[k].Used)}
	for i, group := range [...][]int{c.Series, c.Less} {
		for _, s := range group {
			rate := c.Rate[s]
			if rate == nil {
				rate = big.NewRat(1, 1)
			}
			out.Covers = append(out.Covers, Cover{s, NewRatio(rate), i == 1})
		}
	}
	if t.Settled != nil {
		out.Before = NewRatio(t.Settled.Used[k])
	}
	return out
}

// linesOf puts the lines of a step in the words of a result. Their prices are
// entered from the rows.
func (in *Input) linesOf(step *allocation.Step, n int) []Line {
	d := in.Decision
	var all []Line
	for _, l := range step.Lines {
		all = append(all, Line{
			Step: n, Level: step.Level, Phase: step.Phase, Small: step.Small, Series: l.Series, Place: l.Place, Timing: l.Timing.String(),
			Bid: l.Bid, Factor: NewRatio(l.Factor), CutBy: d.CapName(l), Rejected: l.Rejected,
			Accrued:  NewRatio(d.Terms.Series[l.Series].Interest[l.Timing]),
			Tendered: l.Tendered, Accepted: l.Accepted, Consideration: l.Consideration, Interest: l.Interest,
		})
	}
	return all
}

// price enters the price of a row in its lines, or its principal in what took
// part in none.
func (p *Publication) price(r *Row, i int) {
	if len(r.Shares) == 0 {
		p.Result.Series[r.Tender.Series].Unserved += r.Tender.Principal
		return
	}
	price := p.input.Decision.Outcome(p.input.Tenders[i]).Price
	for _, s := range r.Shares {
		p.Result.Lines[s.Line].Price = NewRatio(price)
	}
}
