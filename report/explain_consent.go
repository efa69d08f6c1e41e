package report

import (
	"fmt"
	"math/big"
	"time"

	"tenderbook/allocation"
	"tenderbook/money"
)

// explainConsent says what became of a consent without a tender: for how much it
// stands, what all consents of the series come to, and what it is paid.
func (x *explainer) explainConsent() *Explanation {
	return &Explanation{
		Offer: x.Terms.ID, Title: x.Terms.Title, Instruction: x.Instruction,
		AsOf: x.asOf().Format(time.RFC3339), Currency: x.of.Currency.Code,
		Reason: x.consentReason(), Tendered: x.zero(), Accepted: x.zero(), Returned: x.zero(),
		Cash:   money.New(x.ConsentPaid, x.of.Currency).String(),
		Answer: x.consentAnswer(), Facts: x.facts(), Sum: x.consentSum(), Money: x.consentMoney(),
		Rest: []string{"Nothing was tendered with it, so nothing is accepted or returned."},
	}
}

func (x *explainer) zero() string { return money.New(0, x.of.Currency).String() }

func (x *explainer) consentReason() string {
	if x.Consented == 0 {
		return "consent withdrawn"
	}
	return "consent for " + x.amount(x.Consented)
}

func (x *explainer) consentAnswer() string {
	switch {
	case x.Consented == 0:
		return fmt.Sprintf("Your consent for %s does not count, because it was withdrawn in time.", x.amount(x.Asked))
	case x.Unpaid != "":
		return fmt.Sprintf("Your consent for %s counts. Nothing is paid for it now: %s.", x.amount(x.Consented), x.Unpaid)
	case x.ConsentPaid == 0:
		return fmt.Sprintf("Your consent for %s counts. The terms pay nothing for a consent without a tender.", x.amount(x.Consented))
	}
	return fmt.Sprintf("Your consent for %s counts, the threshold of the series is reached, and %s is paid for it.",
		x.amount(x.Consented), cashText(x.ConsentPaid, x.of.Currency))
}

// consentSum is the way to the threshold.
func (x *explainer) consentSum() []SumLine {
	if x.Consents == nil || x.Consented == 0 {
		return nil
	}
	c, outstanding := x.Consents[x.Series], x.of.Outstanding.Minor
	part := percentText(new(big.Rat).SetFrac64(c.Principal, max(outstanding, 1)), 2)
	return []SumLine{
		{Label: "consents with a tender", Value: x.amount(c.Principal - c.Alone)},
		{Label: "+ consents without a tender", Value: x.amount(c.Alone), Source: "yours among them"},
		{Label: "= consents of the series", Value: x.amount(c.Principal), Source: part + " of what is outstanding", Result: true},
		{Label: "outstanding", Value: x.amount(outstanding)},
		{Label: "needed", Value: x.of.Consent.Threshold.String(), Source: x.consentState(x.Series)},
	}
}

// consentMoney is what the consent is paid, per 1,000.
func (x *explainer) consentMoney() []SumLine {
	if x.ConsentPaid == 0 {
		return nil
	}
	ask := x.of.Consent
	price, source := mark(x.of.Currency)+ask.Payment.String(), "consent payment per "+mark(x.of.Currency)+"1,000"
	if ask.Early.Sign() > 0 && x.Timing == allocation.Early {
		price = fmt.Sprintf("(%s + %s early)", price, mark(x.of.Currency)+ask.Early.String())
	}
	return []SumLine{{
		Label: fmt.Sprintf("%s × %s", x.amount(x.Consented)+" / "+mark(x.of.Currency)+"1,000", price),
		Value: cashText(x.ConsentPaid, x.of.Currency), Source: source, Result: true,
	}}
}
