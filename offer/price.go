package offer

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"tenderbook/bond"
	"tenderbook/calendar"
	"tenderbook/money"
)

// ErrUndetermined is returned where a price is asked for that is fixed later:
// the reference yield is not filled in yet, or the bids decide.
var ErrUndetermined = errors.New("price is not determined yet")

// A Priced is the price of a series and how it came about.
type Priced struct {
	Amount    money.Decimal  // for Per of principal, in the series' currency, accrued interest not included
	Per       money.Decimal  // principal that it is for
	Yield     *money.Decimal // percent; nil where the terms state the price
	To        calendar.Date  // with a yield: the day that the notes are priced to
	Late      bool
	EarlyPaid money.Decimal // the early payment: in an early price, left out of a late one
}

// PerUnit is the price for one unit of principal, exactly.
func (p Priced) PerUnit() *big.Rat { return new(big.Rat).Quo(p.Amount.Rat(), p.Per.Rat()) }

// Determined reports whether the terms say what the series costs: a price is
// stated, or the yield that it follows from is known. Where bids decide it is
// not.
func (s *Series) Determined() bool {
	switch {
	case s.Price.Per.Sign() > 0:
		return true
	case s.Pricing == nil:
		return false
	case s.Pricing.Kind == "fixed-spread":
		return s.Pricing.ReferenceYield != nil
	case s.Pricing.Kind == "reference-price":
		return s.Pricing.ReferencePrice != nil
	}
	return false
}

// PriceAt is the price of early or late tenders. The settlement days matter only
// where the price follows from a yield: offers work out one total consideration,
// to the first settlement, and pay it to late tenders less the early payment;
// with at: own-settlement it is worked out anew for late ones. It fails with
// [ErrUndetermined] before price determination, and where no price follows from
// the terms.
func (s *Series) PriceAt(late bool, settle Settlements) (Priced, error) {
	switch {
	case !s.Determined():
		return Priced{}, fmt.Errorf("series %s: %w", s.ID, ErrUndetermined)
	case s.Price.Per.Sign() > 0:
		p := Priced{Amount: s.Price.Total, Per: s.Price.Per, Late: late, EarlyPaid: s.Price.EarlyPayment}
		if late {
			p.Amount = s.Price.TenderOffer
		}
		return p, nil
	case s.Pricing.Kind == "reference-price":
		total := *s.Pricing.ReferencePrice
		return s.Pricing.lessEarly(Priced{Amount: total, Per: s.QuotedFor(), Late: late})
	}
	yield, err := s.Pricing.Yield(s.Pricing.SpreadBP)
	if err != nil {
		return Priced{}, fmt.Errorf("series %s: %w", s.ID, err)
	}
	return s.priceAtYield(yield, late, s.Pricing.PricedAt(late, settle))
}

// PricedAt is the day that a price from a yield is worked out to.
func (p *Pricing) PricedAt(late bool, settle Settlements) calendar.Date {
	if late && (p.At == "own-settlement" || settle.Early.IsZero()) {
		return settle.Late
	}
	return settle.Early
}

// Yield is the reference yield plus a spread in basis points, in percent. The
// reference yield must be known.
func (p *Pricing) Yield(spreadBP money.Decimal) (money.Decimal, error) {
	scale := spreadBP.Scale() + 2
	if scale > 18 {
		return money.Decimal{}, fmt.Errorf("spread %s has too many decimals", spreadBP)
	}
	return p.ReferenceYield.Add(money.DecimalOf(spreadBP.Coef(), scale))
}

// priceAtYield rounds the price as the terms say and takes the early payment
// off for late tenders.
func (s *Series) priceAtYield(yield money.Decimal, late bool, settlement calendar.Date) (Priced, error) {
	b, quote, err := s.Bond(yield, settlement)
	if err != nil {
		return Priced{}, err
	}
	amount, err := b.Consideration(yield, settlement, quote)
	if err != nil {
		return Priced{}, fmt.Errorf("series %s: %w", s.ID, err)
	}
	to := b.Workout
	if to.IsZero() {
		to = b.Interest.Maturity
	}
	return s.Pricing.lessEarly(Priced{Amount: amount, Per: money.DecimalOf(quote.Per(), 0), Yield: &yield, To: to, Late: late})
}

// lessEarly takes the early payment, which is stated per 1,000, off a late
// price.
func (p *Pricing) lessEarly(price Priced) (Priced, error) {
	early := p.EarlyPayment
	if price.Per.Cmp(money.DecimalOf(100, 0)) == 0 {
		early = money.DecimalOf(early.Coef(), early.Scale()+1)
	}
	price.EarlyPaid = early
	if !price.Late {
		return price, nil
	}
	var err error
	price.Amount, err = price.Amount.Add(negative(early))
	return price, err
}

// Bond gives the notes as package bond prices them: to maturity, to a call, or
// to whichever the terms' rule picks at this yield.
func (s *Series) Bond(yield money.Decimal, settlement calendar.Date) (bond.Bond, bond.Quote, error) {
	fail := func(err error) (bond.Bond, bond.Quote, error) {
		return bond.Bond{}, 0, fmt.Errorf("series %s: %w", s.ID, err)
	}
	interest, err := s.Interest.bond()
	if err != nil {
		return fail(err)
	}
	interest.Maturity = s.Maturity
	count, err := bond.ParseDayCount(s.Pricing.DayCount)
	if err != nil {
		return fail(err)
	}
	quote, err := bond.ParseQuote(s.Pricing.Round)
	if err != nil {
		return fail(err)
	}
	b := bond.Bond{Interest: interest, Convention: bond.Convention{Method: s.Pricing.method(count), Frequency: s.Pricing.Frequency, DayCount: count}}
	par := money.DecimalOf(100, 0)
	switch s.Pricing.To {
	case "", "maturity":
		return b, quote, nil
	case "par-call":
		return b.To(s.Pricing.ParCall, par), quote, nil
	case "earlier-of-par-call-and-maturity":
		b, err = b.ToParCall(s.Pricing.ParCall, yield, settlement)
	default:
		var day calendar.Date
		day, err = calendar.ParseDate(s.Pricing.To)
		b = b.To(day, par)
	}
	if err != nil {
		return fail(err)
	}
	return b, quote, nil
}

func (p *Pricing) method(count bond.DayCount) bond.Method {
	methods := []bond.Method{bond.Street, bond.Compound, bond.Treasury, bond.Canadian}
	if i := slices.IndexFunc(methods, func(m bond.Method) bool { return m.String() == p.Method }); i >= 0 {
		return methods[i]
	}
	return bond.MethodFor(count, p.Frequency)
}

// bond gives the interest as package bond counts it.
func (i Interest) bond() (bond.Interest, error) {
	out := bond.Interest{Coupon: i.Coupon, Accrues: i.Accrues, FirstDate: i.FirstDate, LastDate: i.LastDate}
	if i.DayCount != "" {
		count, err := bond.ParseDayCount(i.DayCount)
		if err != nil {
			return out, err
		}
		out.DayCount = count
	}
	for _, d := range i.Dates {
		out.Dates = append(out.Dates, bond.MonthDay{Month: d.Month, Day: d.Day})
	}
	for _, s := range i.Steps {
		out.Steps = append(out.Steps, bond.Step{From: s.From, Coupon: s.Coupon})
	}
	return out, nil
}

// Accrued is the accrued interest of notes that are settled on a day, from the
// last interest date to that day, not included. A series without interest
// accrues none.
func (s *Series) Accrued(settlement calendar.Date) (bond.Accrual, error) {
	interest, err := s.Interest.bond()
	if err != nil {
		return bond.Accrual{}, fmt.Errorf("series %s: %w", s.ID, err)
	}
	interest.Maturity = s.Maturity
	accrual, err := interest.Accrued(settlement)
	if err != nil {
		return bond.Accrual{}, fmt.Errorf("series %s: %w", s.ID, err)
	}
	return accrual, nil
}
