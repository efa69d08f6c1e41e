package pricing

import (
	"fmt"
	"math/big"

	"tenderbook/money"
)

// How many digits a proof shows. The sum of the lines then agrees with the sum
// shown to the tenth decimal of a price with a hundred payments.
const (
	factorDigits  = 15
	presentDigits = 12
)

// A Proof is a price with everything that another person needs to work it out
// again by hand: what went in, the formula with its numbers, each payment with
// its day, distance and factor, the sum, and each rounding. Figures are decimals
// in plain digits.
type Proof struct {
	Inputs     []Input         `json:"inputs"`
	Reference  *ReferenceProof `json:"reference,omitempty"` // where the reference yield was worked out
	Formula    []string        `json:"formula"`
	Per        string          `json:"per"` // principal that the payments are for
	Payments   []Payment       `json:"payments"`
	Sum        string          `json:"sum"`
	Accrued    string          `json:"accrued_interest"`
	Price      string          `json:"price"` // sum less accrued interest, before rounding
	ErrorBound string          `json:"error_bound"`
	Roundings  []Rounding      `json:"roundings"`
	Check      string          `json:"check"`
}

// An Input is one figure that went into a price.
type Input struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Note  string `json:"note,omitempty"`
}

// A Payment is one line of the sum.
type Payment struct {
	Date      string `json:"date"`
	Interest  string `json:"interest"`
	Principal string `json:"principal"`
	Periods   string `json:"periods"`       // of the yield, from settlement
	Exact     string `json:"periods_exact"` // the same as a ratio
	Factor    string `json:"discount_factor"`
	Present   string `json:"present_value"`
}

// A Rounding is one place where a figure was rounded.
type Rounding struct {
	What string `json:"what"`
	From string `json:"from"`
	To   string `json:"to"`
	How  string `json:"how"`
}

// Prove gives the proof of a price, or nil for one that does not follow from a
// yield: there is nothing to work out.
func (d *Determination) Prove() *Proof {
	if d.Basis != FromYield {
		return nil
	}
	per := d.Per.Rat()
	p := &Proof{
		Inputs:    d.inputs(),
		Reference: proveReference(&d.Reference),
		Formula:   d.formula(),
		Per:       d.Per.String(),
		Payments:  payments(d.Exact, per),
		Roundings: d.roundings(),
	}
	scale := new(big.Rat).Quo(per, big.NewRat(100, 1))
	x := d.Exact.Price
	p.Sum = new(big.Rat).Mul(x.Dirty, scale).FloatString(presentDigits)
	p.Accrued = digits(new(big.Rat).Mul(x.Accrued.PerUnit, per), presentDigits)
	p.Price = new(big.Rat).Mul(x.Clean, scale).FloatString(presentDigits)
	p.ErrorBound = smallText(new(big.Rat).Mul(x.ErrorBound, scale))
	p.Check = fmt.Sprintf("%s - %s = %s, rounded %s", p.Sum, p.Accrued, p.Price, d.Total)
	return p
}

// inputs are the terms that the price follows from.
func (d *Determination) inputs() []Input {
	s, p := d.Series, d.Series.Pricing
	r := &d.Reference
	in := []Input{
		{"reference", r.Security, ""},
		{"reference yield", r.Value.String() + "%", d.how()},
		{"spread", d.SpreadBP.String() + " bp", map[string]string{"auction-spread": "the clearing bid"}[p.Kind]},
		{"tender yield", d.Yield.String() + "%", fmt.Sprintf("%s + %s", r.Value, inPercent(d.SpreadBP))},
		{"coupon", coupons(d), ""},
		{"interest dates", interestDates(d), s.Interest.DayCount},
		{"maturity", s.Maturity.String(), ""},
		{"priced to", d.Workout.Date.String(), d.Workout.What + ": " + d.Workout.Why},
		{"settlement", d.PricedAt.String(), ""},
		{"convention", d.Bond.Convention.Method.String(), fmt.Sprintf("yield compounded %s a year, %s", times(p.Frequency), p.DayCount)},
	}
	quote := []Input{{"quoted at", r.QuotedAt.Text, ""}, {"source", r.Reference.Source, ""}, {"entered by", r.EnteredBy, ""}, {"confirmed by", r.ConfirmedBy, ""}}
	if d.Hypothetical {
		quote = nil
	}
	for _, q := range quote {
		if q.Value != "" {
			in = append(in, q)
		}
	}
	return in
}

// payments lists what is still to be paid on so much principal.
func payments(x discounting, per *big.Rat) []Payment {
	var all []Payment
	for _, f := range x.Flows {
		amount := new(big.Rat).Add(f.Interest, f.Principal)
		amount.Mul(amount, per)
		all = append(all, Payment{
			Date:      f.Date.String(),
			Interest:  digits(new(big.Rat).Mul(f.Interest, per), presentDigits),
			Principal: digits(new(big.Rat).Mul(f.Principal, per), presentDigits),
			Periods:   digits(f.Periods, factorDigits),
			Exact:     f.Periods.RatString(),
			Factor:    f.Factor.Value.FloatString(factorDigits),
			Present:   amount.Mul(amount, f.Factor.Value).FloatString(presentDigits),
		})
	}
	return all
}

// roundings are all places where something was rounded, in order.
func (d *Determination) roundings() []Rounding {
	var all []Rounding
	if r := referenceRounding(&d.Reference); r != nil {
		all = append(all, *r)
	}
	scale := new(big.Rat).Quo(d.Per.Rat(), big.NewRat(100, 1))
	how := "half up to the cent per 1,000"
	if d.Per.Cmp(money.DecimalOf(100, 0)) == 0 {
		how = "half up to three decimals of a percentage"
	}
	all = append(all, Rounding{"total consideration", new(big.Rat).Mul(d.Exact.Price.Clean, scale).FloatString(presentDigits), d.Total.String(), how})
	if d.HasInterest {
		all = append(all, Rounding{"accrued interest on 1,000", digits(d.Accrued.Per(1000), presentDigits), d.Interest.String(), "half up, to show it; " + paidHow(d)})
	}
	return all
}

// paidHow says how the interest that is paid is rounded.
func paidHow(d *Determination) string {
	switch {
	case d.Terms.Payment.RoundInterest == "per-1000":
		return "this is what each 1,000 is paid"
	case d.Terms.Payment.PayBy == "participant":
		return "what is paid is rounded once for each participant"
	}
	return "what is paid is rounded once for each payment"
}
