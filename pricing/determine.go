package pricing

import (
	"errors"
	"fmt"
	"math/big"

	"tenderbook/bond"
	"tenderbook/calendar"
	"tenderbook/money"
	"tenderbook/offer"
)

// A Determination is the price of one series for early or for late tenders, with
// how it came about.
type Determination struct {
	Terms        *offer.Terms
	Series       *offer.Series
	Late         bool
	Basis        Basis
	Hypothetical bool // from the hypothetical yield of the reference
	Announced    bool // the terms state the price, and the same one follows from the yield

	Total        money.Decimal // total consideration, for Per of principal
	EarlyPayment money.Decimal // part of it
	TenderOffer  money.Decimal // without it: what late tenders get
	Per          money.Decimal // principal that the prices are for: 1000, or 100 for a percentage

	Settles     calendar.Date // day on which these tenders are paid
	Accrued     bond.Accrual  // up to that day, not included
	Interest    money.Decimal // accrued on 1,000, rounded half up to the minor unit
	HasInterest bool

	// From a yield only:
	Reference offer.ReferenceYield
	SpreadBP  money.Decimal
	Yield     money.Decimal // tender yield in percent
	PricedAt  calendar.Date // settlement that the price is worked out to
	Workout   Workout
	Quote     bond.Quote
	Bond      bond.Bond
	Exact     bond.Discounting // before rounding, payment by payment

	NeedsHuman []string // what a person has to see to before the price is relied on
}

// Price is what these tenders are paid for Per of principal, without interest.
func (d *Determination) Price() money.Decimal {
	if d.Late {
		return d.TenderOffer
	}
	return d.Total
}

// Basis is what a price follows from.
type Basis uint8

// The bases.
const (
	Stated    Basis = iota // the terms state the price
	FromYield              // a reference yield and a spread
	FromBid                // a bid on price
	Fixed                  // a reference price that was fixed, such as that of new notes
)

var basisNames = [...]string{"stated", "yield", "bid", "reference-price"}

// String gives the name that JSON has.
func (b Basis) String() string { return basisNames[b] }

// Given is what is known beside the terms.
type Given struct {
	Bids         map[string]money.Decimal // by series: the clearing bid of an auction, per 1,000 or in basis points
	Hypothetical bool                     // price from the hypothetical yields, as a launch document does
}

// Determine gives the price of every series for early and, where the offer has
// an early tender deadline, for late tenders, in the order of the terms. A zero
// settle takes the days that the terms expect.
//
// Where prices cannot be determined yet it returns those that can, and
// [*Missing], which says what the others lack. Any other error means terms from
// which no price follows.
func Determine(t *offer.Terms, settle offer.Settlements) ([]Determination, error) {
	return DetermineWith(t, settle, Given{})
}

// DetermineWith is [Determine] with what is known beside the terms.
func DetermineWith(t *offer.Terms, settle offer.Settlements, given Given) ([]Determination, error) {
	if settle == (offer.Settlements{}) {
		settle = t.Settlements()
	}
	var all []Determination
	missing := &Missing{}
	for i := range t.Series {
		p := pricer{terms: t, series: &t.Series[i], settle: settle, given: given}
		if lack := p.lacks(); lack != "" {
			missing.Lacks = append(missing.Lacks, Lack{p.series.ID, lack})
			continue
		}
		for _, late := range []bool{false, true} {
			if late && !t.HasEarly() {
				break
			}
			d, err := p.determine(late)
			if err != nil {
				return nil, err
			}
			all = append(all, d)
		}
	}
	if len(missing.Lacks) > 0 {
		return all, missing
	}
	return all, nil
}

// A pricer prices one series.
type pricer struct {
	terms  *offer.Terms
	series *offer.Series
	settle offer.Settlements
	given  Given
}

func (p *pricer) determine(late bool) (Determination, error) {
	d := Determination{Terms: p.terms, Series: p.series, Late: late, Settles: p.settle.Early}
	if late {
		d.Settles = p.settle.Late
	}
	if err := p.price(&d); err != nil {
		return d, p.failed(err)
	}
	if err := d.accrue(); err != nil {
		return d, p.failed(err)
	}
	return d, nil
}

// failed names the series, unless the error does.
func (p *pricer) failed(err error) error {
	if p.series.Pricing != nil && errors.Is(err, errProof) {
		return fmt.Errorf("series %s: %w", p.series.ID, err)
	}
	return err
}

// price fills in the prices, by what they follow from.
func (p *pricer) price(d *Determination) error {
	pricing := p.series.Pricing
	switch {
	case p.series.Price.Per.Sign() > 0:
		return p.stated(d)
	case pricing.Kind == "reference-price":
		d.Basis = Fixed
		return d.take(p.series.PriceAt(false, p.settle))
	case pricing.Kind == "auction-price":
		d.Basis = FromBid
		return d.take(p.series.PriceAtBid(p.given.Bids[p.series.ID], false, p.settle))
	}
	d.Basis = FromYield
	return p.fromYield(d)
}

// stated takes the price that the terms state. Where a yield is known too, the
// price that follows from it is proved, and one that differs is left to a person.
func (p *pricer) stated(d *Determination) error {
	price := p.series.Price
	d.Basis = Stated
	d.Total, d.EarlyPayment, d.TenderOffer, d.Per = price.Total, price.EarlyPayment, price.TenderOffer, price.Per
	if p.series.Pricing == nil || p.series.Pricing.Kind != "fixed-spread" || p.series.Pricing.ReferenceYield == nil || p.given.Hypothetical {
		return nil
	}
	unpriced, follows := *p, *d
	series := *p.series
	series.Price = offer.Consideration{}
	unpriced.series, follows.Series, follows.Basis = &series, &series, FromYield
	if err := unpriced.fromYield(&follows); err != nil {
		return err
	}
	if same(follows.Total, follows.Per, d.Total, d.Per) && same(follows.TenderOffer, follows.Per, d.TenderOffer, d.Per) {
		follows.Series, follows.Announced = p.series, true
		*d = follows
		return nil
	}
	d.NeedsHuman = append(d.NeedsHuman, fmt.Sprintf("the terms state %s and %s for %s, from the yield follow %s and %s for %s",
		d.Total, d.TenderOffer, d.Per, follows.Total, follows.TenderOffer, follows.Per))
	return nil
}

// same compares prices that may be for different principal.
func same(a, perA, b, perB money.Decimal) bool {
	x := new(big.Rat).Mul(a.Rat(), perB.Rat())
	return x.Cmp(new(big.Rat).Mul(b.Rat(), perA.Rat())) == 0
}

// take fills in the prices from the early one.
func (d *Determination) take(early offer.Priced, err error) error {
	if err != nil {
		return err
	}
	d.Total, d.EarlyPayment, d.Per = early.Amount, early.EarlyPaid, early.Per
	d.TenderOffer, err = d.Total.Add(money.DecimalOf(-d.EarlyPayment.Coef(), d.EarlyPayment.Scale()))
	return err
}

// accrue fills in the accrued interest.
func (d *Determination) accrue() error {
	i := d.Series.Interest
	if i.Coupon.Sign() == 0 && len(i.Dates) == 0 && len(i.Steps) == 0 {
		return nil
	}
	var err error
	if d.Accrued, err = d.Series.Accrued(d.Settles); err != nil {
		return err
	}
	d.HasInterest = true
	d.Interest, err = d.Accrued.Round(1000, d.Series.Currency.Digits)
	return err
}
