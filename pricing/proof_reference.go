package pricing

import (
	"fmt"
	"math/big"

	"tenderbook/money"
	"tenderbook/offer"
)

// A ReferenceProof shows how a reference yield was worked out.
type ReferenceProof struct {
	Lines    []string  `json:"lines"` // the steps, with their numbers
	Yield    string    `json:"yield"`
	Payments []Payment `json:"payments,omitempty"` // of the security, at the yield before rounding, per 100
	Sum      string    `json:"sum,omitempty"`
	Accrued  string    `json:"accrued_interest,omitempty"`
	Price    string    `json:"price,omitempty"` // comes out at the bid price
}

// proveReference is nil for a yield that the terms state.
func proveReference(r *offer.ReferenceYield) *ReferenceProof {
	switch r.Way {
	case offer.YieldFromPrice:
		return proveBid(r)
	case offer.YieldInterpolated:
		return proveInterpolation(r)
	}
	return nil
}

func referenceRounding(r *offer.ReferenceYield) *Rounding {
	how := fmt.Sprintf("half up to %d decimals of a percent", r.Value.Scale())
	switch r.Way {
	case offer.YieldFromPrice:
		from := r.Solved.Low.String()
		if r.Solved.Low != r.Solved.High {
			from += " to " + r.Solved.High.String()
		}
		return &Rounding{"reference yield", from, r.Value.String(), how}
	case offer.YieldInterpolated:
		return &Rounding{"reference yield", digits(r.Exact, presentDigits), r.Value.String(), how}
	}
	return nil
}

// proveBid shows that the security's payments come to its bid price at the
// yield, and that the yield could not be rounded to another.
func proveBid(r *offer.ReferenceYield) *ReferenceProof {
	p := &ReferenceProof{Yield: r.Value.String()}
	p.Lines = append(p.Lines,
		fmt.Sprintf("bid price %s = %s%% of principal", r.BidPrice, r.Bid),
		fmt.Sprintf("%s: coupon %s%%, due %s, %s convention, settlement %s", r.Security, r.Coupon, r.Maturity, r.Market, r.Settlement))
	at := r.Solved.Low
	x, err := r.Bond.Discount(at, r.Settlement)
	if err != nil {
		return p // the yield was found with this bond: it has a price
	}
	p.Lines = append(p.Lines, fmt.Sprintf("at %s%% the payments below come to the bid price", at))
	p.Lines = append(p.Lines, priceFormula(x, r.Bond, at)...)
	p.Lines = append(p.Lines, accruedFormula(x.Price.Accrued, big.NewRat(100, 1), r.Bond.Interest.DayCount))
	p.Payments = payments(x, big.NewRat(100, 1))
	p.Sum = x.Price.Dirty.FloatString(presentDigits)
	p.Accrued = digits(new(big.Rat).Mul(x.Price.Accrued.PerUnit, big.NewRat(100, 1)), presentDigits)
	p.Price = x.Price.Clean.FloatString(presentDigits)
	p.Lines = append(p.Lines, halfwayCheck(r)...)
	return p
}

// halfwayCheck prices the security half a unit of the last decimal below and
// above the rounded yield: the bid price lies between.
func halfwayCheck(r *offer.ReferenceYield) []string {
	half := money.DecimalOf(5, r.Value.Scale()+1)
	var lines []string
	for _, side := range []money.Decimal{money.DecimalOf(-half.Coef(), half.Scale()), half} {
		yield, err := r.Value.Add(side)
		if err != nil {
			return nil
		}
		price, err := r.Bond.Price(yield, r.Settlement)
		if err != nil {
			return nil
		}
		lines = append(lines, fmt.Sprintf("price at %s%%: %s", yield, price.Clean.FloatString(9)))
	}
	return append(lines, fmt.Sprintf("%s lies between them: the yield rounds to %s%%", r.Bid, r.Value))
}

func proveInterpolation(r *offer.ReferenceYield) *ReferenceProof {
	p := &ReferenceProof{Yield: r.Value.String()}
	low, high := r.Terms[0], r.Terms[1]
	start, end := low.End(r.From), high.End(r.From)
	if low == high {
		p.Lines = append(p.Lines, fmt.Sprintf("%s from %s ends on %s: its rate is %s%%", low.Term, r.From, r.Target, low.Rate))
		return p
	}
	p.Lines = append(p.Lines,
		fmt.Sprintf("%s from %s ends on %s: %s%%", low.Term, r.From, start, low.Rate),
		fmt.Sprintf("%s from %s ends on %s: %s%%", high.Term, r.From, end, high.Rate),
		fmt.Sprintf("rate at %s = %s + (%s - %s) x %d/%d days = %s%%", r.Target, low.Rate, high.Rate, inBrackets(low.Rate),
			r.Target.DaysSince(start), end.DaysSince(start), digits(r.Exact, presentDigits)))
	return p
}

func inBrackets(d money.Decimal) string {
	if d.Sign() < 0 {
		return "(" + d.String() + ")"
	}
	return d.String()
}
