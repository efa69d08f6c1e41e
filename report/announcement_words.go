package report

import (
	"fmt"
	"strings"

	"tenderbook/calendar"
	"tenderbook/money"
)

func (v *view) heading() string {
	what := map[Stage]string{
		AtLaunch:  "announces " + lowerFirst(v.Terms.Title),
		AtEarly:   "announces early results of its " + lowerFirst(v.Terms.Title),
		AtPricing: "announces pricing of its " + lowerFirst(v.Terms.Title),
		AtFinal:   "announces final results of its " + lowerFirst(v.Terms.Title),
	}[v.Stage]
	if v.ended() {
		what = "announces the termination of its " + lowerFirst(v.Terms.Title)
	}
	return v.Terms.Offeror + " " + what
}

// lowerFirst lowers the first letter of a title that starts as a sentence
// does: "Cash tender offers", not "UST 2030".
func lowerFirst(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'a' && s[1] <= 'z' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

func (v *view) launchWords() []string {
	p := []string{fmt.Sprintf("%s is %s. %s", v.Terms.Offeror, v.offering(), v.orderSentence())}
	p = append(p, v.capSentences()...)
	return append(p, v.deadlineSentences()...)
}

// offering says what is offered, in the words for its kind.
func (v *view) offering() string {
	switch v.Terms.Kind {
	case "exchange":
		return "offering to exchange the securities listed below, up to the amounts shown, for new securities on the terms of its offer document"
	case "consent":
		return "soliciting consents from holders of the securities listed below"
	}
	return "offering to purchase for cash the securities listed below, up to the amounts shown"
}

func (v *view) earlyWords() []string {
	p := []string{fmt.Sprintf("As of %s, the amounts in the table below had been validly tendered and not validly withdrawn.",
		v.words.at(v.asOf(), v.Terms.ZoneName))}
	if s := v.withdrawalSentence(); s != "" {
		p = append(p, s)
	}
	p = append(p, v.capSentences()...)
	switch {
	case !v.Terms.Dates.EarlySettlement.IsZero():
		p = append(p, v.settledEarlySentence())
	case v.anyCut():
		p = append(p, v.expectedSentence())
	}
	return append(p, v.expirySentence(), v.settlementSentence())
}

// fates are the series of which something is tendered by what is accepted of it,
// best level first.
func (v *view) fates() (all, cut, none []int) {
	for _, i := range v.ladder() {
		switch s := v.series[i]; {
		case s.sum.tendered == 0:
		case s.sum.accepted-s.sum.before == s.sum.tendered:
			all = append(all, i)
		case s.sum.accepted == 0:
			none = append(none, i)
		default:
			cut = append(cut, i)
		}
	}
	return all, cut, none
}

// settledEarlySentence says what is accepted of the tenders that are settled
// early, which later ones cannot change, or what would be.
func (v *view) settledEarlySentence() string {
	all, cut, none := v.fates()
	var parts []string
	for _, i := range all {
		parts = append(parts, "all that was tendered of the "+v.series[i].Title)
	}
	for _, i := range cut {
		s := v.series[i]
		parts = append(parts, fmt.Sprintf("%s of the %s, at a %s of approximately %s", principalText(s.sum.accepted, v.notes(s.Currency)), s.Title, v.words.factor, v.factorOf(i).Show))
	}
	for _, i := range none {
		parts = append(parts, "nothing of the "+v.series[i].Title)
	}
	if parts == nil {
		return "Nothing was tendered by then."
	}
	said := strings.Join(parts, "; ") + "."
	if v.done() {
		return "Accepted for early settlement: " + said
	}
	subject := ""
	if s := v.ifSatisfied(); s != "" {
		subject = ", and " + s
	}
	return "On these amounts" + subject + ", the following would be accepted for early settlement: " + said
}

// expectedSentence says which series would be cut if the book stayed as it is.
func (v *view) expectedSentence() string {
	var cut, none []string
	_, some, nothing := v.fates()
	for _, i := range some {
		cut = append(cut, fmt.Sprintf("the %s at a %s of approximately %s", v.series[i].Title, v.words.factor, v.factorOf(i).Show))
	}
	for _, i := range nothing {
		none = append(none, "the "+v.series[i].Title)
	}
	s := "On these amounts, tenders would be accepted subject to proration"
	if len(cut) > 0 {
		s = "On these amounts, tenders would be prorated for " + list(cut)
	}
	if len(none) > 0 {
		s += "; none would be accepted of " + list(none)
	}
	return s + ". Later tenders, withdrawals and changes of the terms may change this."
}

func (v *view) anyCut() bool {
	for _, s := range v.series {
		if s.sum.accepted-s.sum.before < s.sum.tendered {
			return true
		}
	}
	return false
}

func (v *view) pricingWords() []string {
	s := "The prices for the securities listed below have been determined"
	if d := v.Terms.Dates.PriceDetermination; !d.IsZero() {
		s += " as of " + v.words.deadline(d, v.Terms.ZoneName)
	}
	return []string{s + ". They do not include accrued interest.", v.settlementSentence()}
}

// endedWords say that the offer has ended without a purchase. The reason stands
// under the table of conditions.
func (v *view) endedWords() []string {
	return []string{v.Terms.Offeror + " has terminated the offer. Nothing is accepted for purchase, and all that was tendered is returned."}
}

func (v *view) finalWords() []string {
	accepted := "has accepted for purchase"
	if !v.done() {
		accepted = "would accept for purchase"
		if s := v.ifSatisfied(); s != "" {
			accepted += " " + s
		}
	}
	p := []string{fmt.Sprintf("The offer expired at %s. The table below shows what had been validly tendered and not validly withdrawn by then and what %s %s.",
		v.words.deadline(v.Terms.Dates.Expiration, v.Terms.ZoneName), v.Terms.Offeror, accepted)}
	if s := v.withdrawalSentence(); s != "" {
		p = append(p, s)
	}
	p = append(p, v.capSentences()...)
	return append(p, v.settlementSentence())
}

func (v *view) afterWords() []string {
	var p []string
	if v.hasEarlyPayment() && v.Stage != AtFinal {
		p = append(p, fmt.Sprintf("Holders of securities validly tendered in time for the early tender date and accepted receive the %s, which includes the %s; holders of securities tendered later and accepted receive the %s.",
			v.words.Total, v.words.EarlyPayment, v.words.TenderOffer))
	}
	if v.Stage == AtLaunch && !v.words.inShares {
		p = append(p, v.interestTerm())
	}
	return append(p, "This announcement is neither an offer to purchase nor a solicitation of an offer to sell securities. The offer is made only by its offer document.")
}

func (v *view) capSentences() []string {
	var p []string
	for _, c := range v.Terms.Caps {
		what := map[string]string{
			"principal":                   "in " + v.words.principal,
			"shares":                      "",
			"new-notes":                   "in principal of new notes",
			"purchase-price":              "in " + v.words.price + " (accrued interest not counted)",
			"purchase-price-and-interest": "in " + v.words.price + " and accrued interest",
		}[c.Counts]
		over := "all series together"
		if c.Series != nil {
			over = "series " + list(c.Series)
		}
		amount := principalText(c.Amount.Minor, c.Amount.Currency)
		if u := c.Upsize; u != nil && u.Exercised.Sign() > 0 {
			amount += fmt.Sprintf(", and %s more (its right to %s%% of what is outstanding),", money.Group(u.Exercised.String()), u.Percent)
		} else if u != nil {
			amount += fmt.Sprintf(", or up to %s%% of what is outstanding more,", u.Percent)
		}
		if what != "" {
			amount += " " + what
		}
		p = append(p, fmt.Sprintf("No more than %s is accepted of %s (the %s).", amount, over, c.Name))
	}
	return p
}

func (v *view) orderSentence() string {
	switch v.Terms.Acceptance.Order {
	case "early-first":
		return "Securities tendered by the early tender date are accepted before those tendered later, each in order of acceptance priority level, 1 being the highest."
	case "auction":
		return "Securities are accepted from the bids that are best for the offeror on."
	}
	return "Securities are accepted in order of acceptance priority level, 1 being the highest."
}

func (v *view) deadlineSentences() []string {
	var p []string
	d := v.Terms.Dates
	if !d.EarlyTender.IsZero() {
		p = append(p, fmt.Sprintf("To be paid the %s, tender %s.", v.words.Total, v.sided(d.EarlyTender)))
	}
	if !d.Withdrawal.IsZero() {
		p = append(p, fmt.Sprintf("Tenders may be withdrawn %s.", v.sided(d.Withdrawal)))
	}
	return append(p, v.expirySentence(), v.settlementSentence())
}

// sided writes a deadline with what its side means.
func (v *view) sided(d calendar.Deadline) string {
	if d.Side == calendar.Before {
		return "before " + v.words.deadline(d, v.Terms.ZoneName)
	}
	return "at or before " + v.words.deadline(d, v.Terms.ZoneName)
}

func (v *view) expirySentence() string {
	return fmt.Sprintf("The offer expires at %s, unless it is extended or ended before.",
		v.words.deadline(v.Terms.Dates.Expiration, v.Terms.ZoneName))
}

// withdrawalSentence is "" where the terms give no withdrawal deadline: tenders
// can then be withdrawn until the offer expires, which stands beside it.
func (v *view) withdrawalSentence() string {
	d := v.Terms.Dates.Withdrawal
	switch {
	case d.IsZero():
		return ""
	case v.AsOf.Before(d.At):
		return fmt.Sprintf("Withdrawal rights have not ended: tenders may be withdrawn %s.", v.sided(d))
	}
	return fmt.Sprintf("Withdrawal rights ended at %s; tenders may be withdrawn only where law requires it.",
		v.words.deadline(d, v.Terms.ZoneName))
}

func (v *view) settlementSentence() string {
	var parts []string
	if d := v.Terms.Dates.EarlySettlement; !d.IsZero() && v.Stage != AtFinal {
		parts = append(parts, "Early settlement is expected on "+v.words.date(d)+".")
	}
	if d := v.Terms.Dates.Settlement; !d.IsZero() {
		parts = append(parts, "Settlement is expected on "+v.words.date(d)+".")
	}
	if v.Stage != AtLaunch && !v.words.inShares {
		parts = append(parts, v.interestTerm())
	}
	return strings.Join(parts, " ")
}

func (v *view) interestTerm() string {
	return fmt.Sprintf("Accrued and unpaid interest is paid besides the %s, from the last interest payment date up to, but not including, the settlement date.",
		v.words.price)
}
