package report

import (
	"fmt"
	"math/big"
	"time"

	"tenderbook/allocation"
	"tenderbook/calendar"
)

// amount is principal of the tender's series for people.
func (x *explainer) amount(minor int64) string { return principalText(minor, x.notes(x.of.Currency)) }

// room is an amount in the measure of the deciding cap.
func (x *explainer) room(r *big.Rat) string { return ratText(r, x.caps[x.cap.Cap].currency) }

// facts are what is on record about the instruction.
func (x *explainer) facts() []Fact {
	facts := []Fact{
		{"As of", x.asOfStamp(), x.provisionalFact()},
		{"Your instruction", x.Instruction, ""},
		{"Series", x.of.Title, x.levelFact()},
	}
	received := Fact{Label: "Received", Value: stamp(x.Received.In(x.zone()), x.Terms.ZoneName)}
	early := x.Terms.Dates.EarlyTender
	if x.Fate == ReceivedLate {
		received.Note = span(x.Received.Sub(x.Terms.Dates.Expiration.At)) + " after the offer expired"
	} else if !early.IsZero() {
		received.Note = beside(x.Received, early)
	}
	facts = append(facts, received)
	if x.Fate == Counted && !early.IsZero() {
		fact := Fact{"In time for", x.words.Total + " (early)", ""}
		if x.Tender.Timing == allocation.Late {
			fact.Value = x.words.TenderOffer + " (late)"
		}
		facts = append(facts, fact)
	}
	facts = append(facts, x.bidFacts()...)
	if x.Tender.AtLeast > 0 {
		facts = append(facts, Fact{"Asked for at least", x.amount(x.Tender.AtLeast), "or nothing"})
	}
	if x.Fate == Counted && x.Asked > x.Tender.Principal {
		facts = append(facts, Fact{
			"Withdrawn in time", x.amount(x.Asked - x.Tender.Principal),
			"of " + x.amount(x.Asked) + " first tendered",
		})
	}
	return facts
}

func (x *explainer) provisionalFact() string {
	if x.provisional() != "" {
		return "not final: later tenders, withdrawals and changes of the terms may change it"
	}
	return ""
}

// bidFacts are the bid and the one at which the auction cleared.
func (x *explainer) bidFacts() []Fact {
	steps := x.clearingSteps(x.Series)
	if x.Fate != Counted || steps == nil || x.of.Pricing == nil {
		return nil
	}
	bid := Fact{"Your bid", "none", map[allocation.NoBid]string{
		allocation.NoBidClearing: "takes the clearing bid, whatever it is",
		allocation.NoBidBest:     "counts as the bid that is best for the offeror",
		allocation.NoBidLimit:    "counts as the worst bid of the range for the offeror",
	}[x.Alloc.Auction.NoBid]}
	if x.Tender.HasBid {
		bid.Value, bid.Note = x.bidText(x.Series, x.Tender.Bid), ""
	}
	return []Fact{bid, {"Clearing bid", x.bidText(x.Series, *steps), x.clearedBy()}}
}

// clearedBy says how the clearing bid came about.
func (x *explainer) clearedBy() string {
	for k := range x.caps {
		if (!x.caps[k].Own || x.Alloc.Auction.BySeries) && x.covers(k, x.Series) && (x.wasFull(k) || x.Decision.Caps[k].Left.Sign() == 0) {
			return "the best for the offeror at which the " + x.caps[k].name + " is used up"
		}
	}
	return "the worst that was tendered: no cap was used up"
}

func (x *explainer) levelFact() string {
	if x.Alloc.Order == allocation.Auction {
		return ""
	}
	return "acceptance priority level " + x.of.levelText()
}

func (x *explainer) zone() *time.Location {
	if x.Terms.Zone == nil {
		return time.UTC
	}
	return x.Terms.Zone
}

// beside says how long before or after the early time something came.
func beside(t time.Time, early calendar.Deadline) string {
	switch t.Compare(early.At) {
	case -1:
		return span(early.At.Sub(t)) + " before the early time"
	case +1:
		return span(t.Sub(early.At)) + " after the early time"
	}
	if early.Met(t) {
		return "at the early time, which is in time"
	}
	return "at the early time, which is too late for it"
}

// span is a length of time for people: "1 day 6 h 57 min", "12 s".
func span(d time.Duration) string {
	days, d := d/(24*time.Hour), d%(24*time.Hour)
	h, m, s := d/time.Hour, d%time.Hour/time.Minute, d%time.Minute/time.Second
	switch {
	case days > 0:
		return fmt.Sprintf("%d %s %d h %d min", days, plural(int64(days), "day", "days"), h, m)
	case h > 0:
		return fmt.Sprintf("%d h %d min", h, m)
	case m > 0:
		return fmt.Sprintf("%d min %d s", m, s)
	case s > 0:
		return fmt.Sprintf("%d s", s)
	}
	return "less than a second"
}
