package offer

import (
	"fmt"
	"math/big"
	"slices"

	"tenderbook/bond"
	"tenderbook/calendar"
	"tenderbook/money"
)

// A ReferenceYield is the yield that a spread is added to, with how it came.
type ReferenceYield struct {
	*Reference
	Value money.Decimal // percent, rounded where it was worked out
	Way   YieldWay

	// From a bid price:
	Bid        money.Decimal // percent of principal
	Bond       bond.Bond
	Settlement calendar.Date
	Solved     bond.Yield // the true yield lies between these

	// From a curve:
	Terms  [2]CurvePoint // that Target lies between; twice the same where one ends on it
	From   calendar.Date // day from which terms run
	Target calendar.Date
	Exact  *big.Rat // before rounding
}

// A YieldWay is how a reference yield is known.
type YieldWay uint8

// The ways.
const (
	YieldStated       YieldWay = iota // the terms state it
	YieldFromPrice                    // worked out from the security's bid price
	YieldInterpolated                 // between two rates of a curve
)

// ReferenceYield works out the yield that the spread of a series is over. It
// fails with [ErrUndetermined] before price determination, and where no yield
// follows from what the reference says.
func (t *Terms) ReferenceYield(s *Series) (ReferenceYield, error) {
	r := t.Reference(s)
	switch {
	case r == nil:
		return ReferenceYield{}, fmt.Errorf("series %s: no reference", s.ID)
	case len(r.Curve) > 0:
		return t.interpolated(r, s)
	case r.BidPrice != "":
		return t.fromPrice(r)
	case r.Yield != nil:
		return ReferenceYield{Reference: r, Value: *r.Yield}, nil
	case s.Pricing.ReferenceYield != nil: // terms that were not read from a file
		return ReferenceYield{Reference: r, Value: *s.Pricing.ReferenceYield}, nil
	}
	return ReferenceYield{}, fmt.Errorf("series %s: %w", s.ID, ErrUndetermined)
}

// A market is how a government's securities are quoted.
type market struct {
	frequency int
	method    bond.Method
	monthEnds bool // notes that mature at a month end pay at month ends
	days      *calendar.Calendar
	settles   int // business days after the trade
	ex        func(interest calendar.Date) calendar.Date
}

// markets are the conventions by name: act/act-icma in all of them. Gilts change
// hands without their interest from the sixth business day before it on, which
// gives the yields that QuantLib's test of an 8% gilt compares with Bloomberg's.
var markets = map[string]market{
	"treasury": {frequency: 2, method: bond.Street, monthEnds: true, days: calendar.SIFMA, settles: 1},
	"bund":     {frequency: 1, method: bond.Compound, days: calendar.TARGET, settles: 2},
	"gilt":     {frequency: 2, method: bond.Compound, days: calendar.London, settles: 1, ex: giltExDate},
}

func giltExDate(interest calendar.Date) calendar.Date {
	d, err := calendar.London.AddBusinessDays(interest, -6)
	if err != nil { // decades ahead: only the next interest date matters
		return interest
	}
	return d
}

// security gives the reference security as its market prices it.
func (r *Reference) security() (bond.Bond, market, error) {
	m, ok := markets[r.Market]
	if !ok {
		return bond.Bond{}, m, fmt.Errorf("market %s is not known, needs %s", quote(r.Market), oneOf(sortedKeys(markets)))
	}
	return bond.Bond{
		Interest: bond.Interest{
			Coupon: r.Coupon, DayCount: bond.ActActICMA, Dates: bond.RegularDates(r.Maturity, m.frequency, m.monthEnds),
			Accrues: r.Accrues, FirstDate: r.FirstDate, Maturity: r.Maturity, ExDate: m.ex,
		},
		Convention: bond.Convention{Method: m.method, Frequency: m.frequency, DayCount: bond.ActActICMA},
	}, m, nil
}

// traded is the day of the quote: that of the quote itself, else that of price
// determination.
func (t *Terms) traded(r *Reference) (calendar.Date, error) {
	switch {
	case !r.QuotedAt.IsZero():
		return calendar.DateOf(r.QuotedAt.At), nil
	case !t.Dates.PriceDetermination.IsZero():
		return t.Dates.PriceDetermination.Date(), nil
	}
	return calendar.Date{}, fmt.Errorf("reference %s: the day of its bid price is not known, needs quoted_at or dates.price_determination", quote(r.Security))
}

func (t *Terms) fromPrice(r *Reference) (ReferenceYield, error) {
	fail := func(err error) (ReferenceYield, error) { return ReferenceYield{}, err }
	out := ReferenceYield{Reference: r, Way: YieldFromPrice, Settlement: r.Settles}
	var err error
	if out.Bid, err = bond.ParseBidPrice(r.BidPrice); err != nil {
		return fail(err)
	}
	var m market
	if out.Bond, m, err = r.security(); err != nil {
		return fail(err)
	}
	if out.Settlement.IsZero() {
		traded, err := t.traded(r)
		if err != nil {
			return fail(err)
		}
		if out.Settlement, err = m.days.AddBusinessDays(traded, m.settles); err != nil {
			return fail(err)
		}
	}
	if out.Solved, err = out.Bond.Yield(out.Bid, out.Settlement); err != nil {
		return fail(fmt.Errorf("yield of %s: %w", quote(r.Security), err))
	}
	out.Value, err = out.Solved.Round(r.decimals())
	return out, err
}

// interpolated is the rate of a curve at the day that the series is priced to:
// on the straight line, by days, between the two terms that end around it.
func (t *Terms) interpolated(r *Reference, s *Series) (ReferenceYield, error) {
	out := ReferenceYield{Reference: r, Way: YieldInterpolated, From: r.From, Target: s.curveTarget()}
	if out.From.IsZero() {
		out.From = t.Settlements().Early
	}
	if out.From.IsZero() || out.Target.IsZero() {
		return out, fmt.Errorf("series %s: a curve needs the settlement day and the day that the notes are priced to", s.ID)
	}
	at := slices.IndexFunc(r.Curve, func(p CurvePoint) bool { return !p.End(out.From).Before(out.Target) })
	if at < 0 || at == 0 && r.Curve[0].End(out.From) != out.Target {
		first, last := r.Curve[0], r.Curve[len(r.Curve)-1]
		return out, fmt.Errorf("series %s: the curve goes from %s (%s) to %s (%s), the notes are priced to %s",
			s.ID, first.Term, first.End(out.From), last.Term, last.End(out.From), out.Target)
	}
	high := r.Curve[at]
	if high.End(out.From) == out.Target {
		out.Terms, out.Exact = [2]CurvePoint{high, high}, high.Rate.Rat()
	} else {
		low := r.Curve[at-1]
		start, end := low.End(out.From), high.End(out.From)
		x := new(big.Rat).Sub(high.Rate.Rat(), low.Rate.Rat())
		x.Mul(x, big.NewRat(int64(out.Target.DaysSince(start)), int64(end.DaysSince(start))))
		out.Terms, out.Exact = [2]CurvePoint{low, high}, x.Add(x, low.Rate.Rat())
	}
	var err error
	out.Value, err = money.RoundDecimal(out.Exact, r.decimals(), money.HalfUp)
	return out, err
}

// curveTarget is the day up to which a curve is read: the one that the notes are
// priced to, and maturity where the price decides between that and a call.
func (s *Series) curveTarget() calendar.Date {
	switch s.Pricing.To {
	case "", "maturity", "earlier-of-par-call-and-maturity":
		return s.Maturity
	case "par-call":
		return s.Pricing.ParCall
	}
	d, _ := calendar.ParseDate(s.Pricing.To) // read as a date already
	return d
}
