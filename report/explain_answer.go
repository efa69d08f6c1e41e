package report

import (
	"fmt"
	"math/big"
	"strings"

	"tenderbook/allocation"
)

// answer is the whole thing in a few sentences.
func (x *explainer) answer() string {
	if x.Fate != Counted {
		return x.notCounted()
	}
	parts := []string{x.decided()}
	for _, extra := range []string{x.unitWords(), x.raisedWords(), x.lateWords(), x.undeliveredWords()} {
		if extra != "" {
			parts = append(parts, extra)
		}
	}
	return x.words.number(strings.Join(parts, " "))
}

func (x *explainer) notCounted() string {
	all := x.amount(x.Asked)
	switch x.Fate {
	case ReceivedLate:
		return fmt.Sprintf("Nothing of your %s was accepted, because your instruction came too late: the offer expired at %s.",
			all, x.words.deadline(x.Terms.Dates.Expiration, x.Terms.ZoneName))
	case Withdrawn:
		return fmt.Sprintf("Nothing of your %s was accepted, because your instruction was withdrawn in time.", all)
	}
	if x.Fate == Terminated {
		what := "the offer"
		if !x.ended() {
			what = x.words.say("the offer for these notes")
		}
		return fmt.Sprintf("Nothing of your %s was accepted, because %s was terminated: %s. All of it is returned.", all, what, x.Defect)
	}
	return fmt.Sprintf("Nothing of your %s was accepted, because your instruction was not valid: %s.", all, x.Defect)
}

// decided says what happened at the step that decided.
func (x *explainer) decided() string {
	all := x.amount(x.Tender.Principal)
	switch x.Outcome.Reason {
	case allocation.AcceptedInFull:
		return fmt.Sprintf("All of your %s was accepted%s.", all, x.fullBecause())
	case allocation.Prorated:
		return x.prorated()
	case allocation.CapFull:
		if x.line.Plain.Sign() > 0 {
			return fmt.Sprintf("%s Cut to %d decimals the %s is 0, and nothing of your %s was accepted.",
				x.shared(), x.Alloc.FactorDecimals, x.words.factor, all)
		}
		return fmt.Sprintf("Nothing of your %s was accepted. %s Nothing was left for yours.", all, x.takenBefore())
	case allocation.SeriesRejected:
		return fmt.Sprintf(x.words.say("Nothing of your %s was accepted, because these notes are accepted whole or not at all%s."), all, x.misfit())
	case allocation.StubRejected:
		return fmt.Sprintf("%s That would have left a piece below the minimum denomination of %s, and the terms then accept nothing of a tender.",
			x.shared(), x.amount(x.of.terms.Minimum))
	case allocation.RoundedToNothing:
		return x.shared() + " " + x.roundedDown() + ": nothing of it was accepted."
	case allocation.ConditionNotMet:
		return fmt.Sprintf("Nothing of your %s was accepted, because you asked for at least %s and the offer could not accept so much.",
			all, x.amount(x.Tender.AtLeast))
	case allocation.BidNotAccepted:
		return fmt.Sprintf("Nothing of your %s was accepted, because your bid was worse for the offeror than the one at which the offer cleared%s.",
			all, x.clearingWords())
	}
	return x.Outcome.Reason.String()
}

func (x *explainer) fullBecause() string {
	switch {
	case x.at != nil && x.at.Rule == allocation.RuleStubAccept:
		return fmt.Sprintf(": at the %s of %s a piece below the minimum denomination of %s would have been left, and the terms then accept the whole tender",
			x.words.factor, percentText(x.line.Factor, 4), x.amount(x.of.terms.Minimum))
	case x.step != nil && x.step.Small:
		return ", because tenders of up to " + x.amount(x.Alloc.SmallUpTo) + " are accepted before the others of their level"
	case x.clearingSteps(x.Series) != nil:
		return ", because it stood at or better than the bid at which the offer cleared" + x.clearingWords()
	case x.cap == nil:
		return x.words.say(", because no cap covers these notes")
	}
	return ", because the offer had room for all that was tendered at your level"
}

func (x *explainer) clearingWords() string {
	if x.clearingSteps(x.Series) == nil || x.Alloc.Auction.PaysBid {
		return ""
	}
	if price := x.of.ratPrice(x.decidedPrice(x.Series, x.Tender.Timing)); price != none {
		return fmt.Sprintf(" (%s per %s)", price.Show, x.perWords(x.of))
	}
	return ""
}

// prorated tells the whole way from the cap to the accepted amount.
func (x *explainer) prorated() string {
	s := x.shared()
	if len(x.Outcome.Shares) > 1 {
		return s + fmt.Sprintf(x.words.say(" Over the %d levels at which your notes stand, %s of your %s was accepted."),
			len(x.Outcome.Shares), x.amount(x.Outcome.Accepted), x.amount(x.Tender.Principal))
	}
	if x.inUnit() {
		return s
	}
	return s + " " + x.roundedDown() + x.ruleWords() + ": " + x.amount(x.Outcome.Accepted) + " was accepted."
}

// shared says what there was to share and among whom.
func (x *explainer) shared() string {
	if x.cap == nil {
		return x.placeWords()
	}
	c := x.caps[x.cap.Cap]
	var lead string
	if c.Own {
		lead = fmt.Sprintf(x.words.say("The offer could buy no more than %s of your notes, their own maximum."), principalText(c.Amount, c.currency))
	} else {
		lead = fmt.Sprintf("The offer could buy %s%s.", principalText(c.Amount, c.currency), x.measure(c))
	}
	left := "This"
	if before := x.usedBefore(); before.Sign() > 0 {
		lead += fmt.Sprintf(" %s took %s.", x.whoBefore(), x.room(before))
		left = "The remaining " + x.room(x.cap.Before)
	}
	count, series := x.sharers()
	among, each := "was shared in proportion among the "+x.units(count)+x.words.say(" of your notes"), "each"
	switch {
	case series > 1:
		among = fmt.Sprintf("was shared in proportion among the %s of %d series that stand with yours", x.units(count), series)
	case count == 1:
		among, each = x.words.say("was there for the only tender of your notes"), "of it"
	}
	if x.line.Plain.Cmp(x.simpleFactor()) != 0 {
		return fmt.Sprintf("%s %s %s: %s %s.", lead, left, among, percentText(x.line.Factor, 4), each)
	}
	return fmt.Sprintf("%s %s %s, which came to %s: %s %s.",
		lead, left, among, x.room(x.cap.Demand), percentText(x.line.Factor, 4), each)
}

// measure says what a cap counts where that is not notes.
func (x *explainer) measure(c capView) string {
	if c.Counts == allocation.CountsPrincipal {
		return ""
	}
	return " in " + x.counts(c.Counts)
}

// placeWords is for a tender that the bound of its level cut.
func (x *explainer) placeWords() string {
	place := x.of.terms.Places[x.line.Place]
	return fmt.Sprintf(x.words.say("At level %d no more than %s of your notes are accepted; %s were tendered there, and %s of each tender was accepted."),
		place.Level, x.amount(place.UpTo), x.amount(x.line.Tendered), percentText(x.line.Factor, 4))
}

// usedBefore is what the deciding cap had been used for before the step.
func (x *explainer) usedBefore() *big.Rat {
	return new(big.Rat).Sub(ratInt(x.caps[x.cap.Cap].Amount), x.cap.Before)
}

// whoBefore names those who were served before the step.
func (x *explainer) whoBefore() string {
	switch {
	case x.caps[x.cap.Cap].Own, x.Alloc.Order == allocation.Auction:
		return "Tenders served before yours"
	case x.step.Timing != nil && *x.step.Timing == allocation.Late:
		return x.words.say("Early tenders and notes ranking above yours")
	}
	return x.words.say("Notes ranking above yours")
}

// takenBefore says why nothing was left.
func (x *explainer) takenBefore() string {
	if x.cap == nil {
		return x.placeWords()
	}
	c := x.caps[x.cap.Cap]
	name := "The offer could buy " + principalText(c.Amount, c.currency) + x.measure(c)
	if c.Own {
		name = "The offer could buy " + principalText(c.Amount, c.currency) + x.words.say(" of your notes")
	}
	if used := x.Decision.Caps[x.cap.Cap].Used; used.Sign() > 0 {
		name += fmt.Sprintf(", and %s took %s", lowerFirst(x.whoBefore()), x.room(used))
		if x.cap.Closed && x.Decision.Caps[x.cap.Cap].Left.Sign() > 0 {
			name += fmt.Sprintf("; %s that rounding down left over is not passed on", x.room(x.Decision.Caps[x.cap.Cap].Left))
		}
	}
	return name + "."
}

func (x *explainer) misfit() string {
	if x.cap == nil {
		return ""
	}
	name := "the " + x.caps[x.cap.Cap].name
	if x.caps[x.cap.Cap].Own {
		name = "their own maximum"
	}
	if x.cap.Before.Sign() == 0 && x.wasClosed() {
		return fmt.Sprintf(x.words.say(", and %s was closed when notes ranking above yours did not fit it"), name)
	}
	return fmt.Sprintf(": those tendered count %s, and %s had %s left", x.room(x.cap.Demand), name, x.room(x.cap.Before))
}

// sharers counts the tenders and series that the deciding cap covers in the step.
func (x *explainer) sharers() (tenders int64, series int) {
	seen := map[int]bool{}
	for _, l := range x.step.Lines {
		if x.covers(x.cap.Cap, l.Series) {
			tenders += l.Count
			seen[l.Series] = true
		}
	}
	return tenders, len(seen)
}

// units counts what is prorated: tenders, custodians or holders.
func (x *explainer) units(n int64) string {
	one, many := "tender", "tenders"
	switch x.Alloc.ProrateBy {
	case allocation.ByParticipant:
		one, many = "custodian", "custodians"
	case allocation.ByHolder:
		one, many = "holder", "holders"
	}
	return countCell(n).Show + " " + plural(n, one, many)
}

// simpleFactor is room over demand: the plain factor where one cap decides for
// the whole step.
func (x *explainer) simpleFactor() *big.Rat {
	if x.cap.Demand.Sign() == 0 {
		return new(big.Rat)
	}
	return new(big.Rat).Quo(x.cap.Before, x.cap.Demand)
}

// roundedDown says what the factor makes of the tender.
func (x *explainer) roundedDown() string {
	return fmt.Sprintf("%s of your %s is %s, rounded down to the nearest %s", percentText(x.line.Factor, 4),
		x.amount(x.at.Offered), x.cutCents(x.at.Product), x.amount(x.of.terms.Increment))
}

// cutCents is a product that is not a whole number of minor units, without the
// minor units: it is about to be rounded to far more than one of them.
func (x *explainer) cutCents(product *big.Rat) string {
	c := x.notes(x.of.Currency)
	return counted(mark(c)+group(cutRat(majorUnits(product, c), 0)), c)
}

func (x *explainer) ruleWords() string {
	switch x.at.Rule {
	case allocation.RuleRemainder:
		return fmt.Sprintf(", and %s more because the part cut off was among the largest", x.amount(x.at.Accepted-x.at.Floor))
	case allocation.RuleStubMinimum:
		return fmt.Sprintf(", and then moved so that neither piece is below the minimum denomination of %s", x.amount(x.of.terms.Minimum))
	case allocation.RuleStubAccept:
		return ", and then all of it, since a piece below the minimum denomination would have been left"
	}
	return ""
}

func (x *explainer) inUnit() bool {
	return x.Alloc.ProrateBy != allocation.ByInstruction && x.Outcome.UnitTendered != x.Tender.Principal
}

// unitWords is for tenders that are prorated together.
func (x *explainer) unitWords() string {
	if !x.inUnit() || x.Outcome.UnitAccepted == 0 {
		return ""
	}
	whose := "Your custodian's tenders"
	if x.Alloc.ProrateBy == allocation.ByHolder {
		whose = "Your tenders"
	}
	return fmt.Sprintf(x.words.say("%s of these notes count as one of %s, of which %s was accepted; in proportion to each of them, %s of your %s."),
		whose, x.amount(x.Outcome.UnitTendered), x.amount(x.Outcome.UnitAccepted),
		x.amount(x.Outcome.Accepted), x.amount(x.Tender.Principal))
}

func (x *explainer) raisedWords() string {
	if x.line == nil || x.line.Plain == nil || x.line.Factor.Cmp(x.line.Plain) <= 0 {
		return ""
	}
	return fmt.Sprintf("The factor was raised from the plain ratio of %s so that the rounded pieces fill the cap.",
		percentText(x.line.Plain, 4))
}

func (x *explainer) lateWords() string {
	if x.Tender.Timing != allocation.Late || x.Outcome.Accepted == 0 || !x.hasEarlyPayment() {
		return ""
	}
	return fmt.Sprintf("Because it came after the early time, it is paid the %s, without the %s.",
		x.words.TenderOffer, x.words.EarlyPayment)
}

func (x *explainer) undeliveredWords() string {
	if x.Tender.Undelivered == 0 || x.Outcome.Accepted == 0 {
		return ""
	}
	return fmt.Sprintf("%s of it was tendered by notice of guaranteed delivery and not delivered: it counts as tendered and is not paid.",
		x.amount(x.Tender.Undelivered))
}
