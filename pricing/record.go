package pricing

import "tenderbook/offer"

// A Record is a determination for machines: dates as 2025-12-01, figures as
// decimals in plain digits.
type Record struct {
	Series       string `json:"series"`
	Title        string `json:"title"`
	Currency     string `json:"currency"`
	Timing       string `json:"timing"` // early | late; early where all tenders are paid alike
	Basis        string `json:"basis"`  // stated | yield | bid | reference-price
	Hypothetical bool   `json:"hypothetical"`
	Announced    bool   `json:"announced"` // the terms state the price that follows from the yield
	Settlement   string `json:"settlement"`

	Reference      string `json:"reference,omitempty"`
	ReferenceYield string `json:"reference_yield,omitempty"`
	ReferenceFrom  string `json:"reference_from,omitempty"` // stated | bid-price | curve | hypothetical
	SpreadBP       string `json:"spread_bp,omitempty"`
	Yield          string `json:"yield,omitempty"`
	PricedAt       string `json:"priced_at,omitempty"`
	PricedTo       string `json:"priced_to,omitempty"`
	PricedToWhy    string `json:"priced_to_why,omitempty"`

	Per          string `json:"per"`
	Total        string `json:"total_consideration"`
	EarlyPayment string `json:"early_payment"`
	TenderOffer  string `json:"tender_offer_consideration"`
	Price        string `json:"price"` // what these tenders are paid
	Interest     string `json:"accrued_interest_per_1000,omitempty"`
	InterestFrom string `json:"accrued_from,omitempty"`
	InterestDays int    `json:"accrued_days,omitempty"`

	NeedsHuman []string `json:"needs_human"`
	Proof      *Proof   `json:"proof,omitempty"`
}

// Record gives the determination for machines, without its proof.
func (d *Determination) Record() Record {
	r := Record{
		Series: d.Series.ID, Title: d.Series.Title, Currency: d.Series.Currency.Code, Timing: "early",
		Basis: d.Basis.String(), Hypothetical: d.Hypothetical, Announced: d.Announced, Settlement: d.Settles.String(),
		Per: d.Per.String(), Total: d.Total.String(), EarlyPayment: d.EarlyPayment.String(), TenderOffer: d.TenderOffer.String(), Price: d.Price().String(),
		NeedsHuman: append([]string{}, d.NeedsHuman...),
	}
	if d.Late {
		r.Timing = "late"
	}
	if d.HasInterest {
		r.Interest, r.InterestFrom, r.InterestDays = d.Interest.String(), d.Accrued.From.String(), d.Accrued.Days
	}
	if d.Basis == FromYield {
		r.Reference, r.ReferenceYield, r.ReferenceFrom = d.Reference.Security, d.Reference.Value.String(), d.from()
		r.SpreadBP, r.Yield = d.SpreadBP.String(), d.Yield.String()
		r.PricedAt, r.PricedTo, r.PricedToWhy = d.PricedAt.String(), d.Workout.Date.String(), d.Workout.Why
	}
	return r
}

// from is how the reference yield is known, in a word.
func (d *Determination) from() string {
	if d.Hypothetical {
		return "hypothetical"
	}
	return map[offer.YieldWay]string{offer.YieldStated: "stated", offer.YieldFromPrice: "bid-price", offer.YieldInterpolated: "curve"}[d.Reference.Way]
}
