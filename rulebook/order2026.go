package rulebook

import (
	"fmt"
	"strings"
)

const orderCitation = "SEC Division of Corporation Finance, exemptive order for tender and exchange offers for non-convertible debt, 30 June 2026"

// The order's text was not read: these are the conditions on which two or more
// published summaries agree, and R12h for those that they do not show.
var order2026 = []Rule{
	{
		ID: "R12a", Title: "The offeror is the issuer, its wholly owned subsidiary or its 100 % parent",
		Citation: orderCitation, Confirmed: true, In: inOrder, Facts: []string{"offeror_relation"}, check: offerorRelation,
	},
	{
		ID: "R12b", Title: "The offer is for a class or series of non-convertible debt",
		Citation: orderCitation, Confirmed: true, In: inOrder, Facts: []string{"convertible"}, check: notConvertible,
	},
	{
		ID: "R12c", Title: "The consideration is cash or qualified debt, the latter only for eligible holders",
		Citation: orderCitation, Confirmed: true, In: inOrder, Facts: []string{"consideration", "restricted_to_eligible"}, check: eligibleConsideration,
	},
	{
		ID: "R12d", Title: "An over-subscribed series is taken up as nearly as may be pro rata by what each holder tendered during the offering period",
		Citation: orderCitation, Confirmed: true, In: inOrder, check: proRataWholePeriod,
	},
	{
		ID: "R12e", Title: "Reasonable efforts are made to announce the proration factor by press release",
		Citation: orderCitation, Confirmed: true, In: inOrder, Facts: []string{"proration_announcement"}, check: factorAnnounced,
	},
	{
		ID: "R12f", Title: "The offer is open for at least five business days, counting the day of commencement", Days: 5,
		Citation: orderCitation, Confirmed: true, In: inOrder, check: openFiveDays,
	},
	{
		ID: "R12g", Title: "After a change the offer stays open as the order asks; ten business days from notice are enough in any case", Days: 10,
		Citation: orderCitation, In: inOrder, Facts: []string{"dealer_fee"}, check: openAfterChangeByOrder,
	},
	{
		ID: "R12h", Title: "The order's other conditions: announcement and filing, guaranteed delivery, withdrawal, financing, consents, settlement",
		Citation: orderCitation, In: inOrder, check: notRead,
	},
	{
		ID: "R12", Title: "All conditions of the order of 2026 hold (R12a to R12h); otherwise the offer needs twenty business days", Days: 20,
		Citation: orderCitation, Confirmed: true, In: inOrder, check: reliefHolds("R12"),
	},
}

func eligibleConsideration(_ *Rule, s *situation) []Finding {
	f := considerationKind(s)
	if f.Verdict != Pass || !strings.Contains(s.last.Facts["consideration"], "qualified-debt") || s.last.Kind == "cash-tender" {
		return []Finding{f}
	}
	f.Inputs = append(f.Inputs, Input{"restricted_to_eligible", orNone(s.last.Facts["restricted_to_eligible"])})
	restricted, err := askYes(s.last, "restricted_to_eligible")
	switch {
	case err != nil:
		f = f.cannot(err)
	case !restricted:
		f.Verdict, f.Why = Fail, "qualified debt is offered to everyone, needs QIBs, institutional accredited investors and non-US persons only"
	default:
		f.Why += ", to eligible holders only"
	}
	return []Finding{f}
}

// proRataWholePeriod fails what gives some holders of a series more than their
// share of the whole period's tenders: early ones first, or bids.
func proRataWholePeriod(_ *Rule, s *situation) []Finding {
	a, ls := s.last.Acceptance, limitsOf(s.last)
	early := !s.last.Dates.EarlyTender.IsZero()
	f := Finding{Inputs: []Input{
		{"limits", orNone(ls.text())},
		{"order", orNone(a.Order)},
		{"if_exceeded", orNone(a.IfExceeded)},
		{"early_tender", orNone(s.last.Dates.EarlyTender.String())},
		{"small", orNone(a.SmallUpTo)},
	}}
	switch {
	case len(ls) == 0:
		f.Why = "any and all: nothing is prorated"
	case a.Order == "auction":
		f.Verdict, f.Why = NeedsHuman, "bids decide who is accepted; whether that is pro rata is not confirmed"
	case a.Order == "early-first" && early:
		f.Verdict, f.Why = Fail, "early tenders are accepted before late ones, needs one pro rata over the whole offering period"
	case !ls.prorates(s.last):
		f.Verdict, f.Why = NeedsHuman, "a series that does not fit is rejected whole; whether that is pro rata is not confirmed"
	case a.SmallUpTo != "":
		f.Verdict, f.Why = NeedsHuman, fmt.Sprintf("tenders up to %s are accepted first; whether that is pro rata is not confirmed", a.SmallUpTo)
	default:
		f.Why = "an over-subscribed series is prorated with one factor for all its tenders"
	}
	return []Finding{f}
}

func factorAnnounced(_ *Rule, s *situation) []Finding {
	ls := limitsOf(s.last)
	f := Finding{Inputs: []Input{{"limits", orNone(ls.text())}, {"proration_announcement", orNone(s.last.Facts["proration_announcement"])}}}
	if len(ls) == 0 {
		f.Why = "any and all: there is no factor"
		return []Finding{f}
	}
	announced, err := askYes(s.last, "proration_announcement")
	switch {
	case err != nil:
		f = f.cannot(err)
	case !announced:
		f.Verdict, f.Why = Fail, "no announcement of the factor is planned, needs reasonable efforts to make one"
	default:
		f.Why = "the factor will be announced"
	}
	return []Finding{f}
}

// openAfterChangeByOrder passes what Regulation 14E itself would let pass.
func openAfterChangeByOrder(r *Rule, s *situation) []Finding {
	return s.forEachChange([]ChangeKind{Consideration, AmountSought, OtherMaterial}, func(i int, cs []Change) Finding {
		f := s.openAfter(r, i, cs)
		if f.Verdict == Fail {
			f.Verdict = NeedsHuman
			f.Why = "the period that the order asks for after a change was not confirmed; ten business days would last to " + f.EarliestText()
		}
		return f
	})
}

func notRead(_ *Rule, _ *situation) []Finding {
	return []Finding{{Verdict: NeedsHuman, Why: "the text of the order was not read: compare the terms with its remaining conditions"}}
}
