package rulebook

import (
	"fmt"
	"math/big"

	"tenderbook/calendar"
	"tenderbook/money"
	"tenderbook/offer"
)

var europeanPractice = []Rule{
	{
		ID: "R30", Title: "The offer is open for at least four business days, by custom: no law sets a period for debt", Days: 4,
		Citation: "market practice in the United Kingdom and the European Union", Confirmed: true, In: inEuropes, check: fourDays,
	},
	{
		ID: "R31", Title: "Prices are shown in percent, rounded to 0.001, halves up",
		Citation: "market practice in the United Kingdom and the European Union", Confirmed: true, In: inEuropes, check: percentPrices,
	},
}

// fourDays counts by the calendar of the place: London for an offer in its
// zone, TARGET elsewhere.
func fourDays(r *Rule, s *situation) []Finding {
	c := calendar.TARGET
	if s.last.ZoneName == "Europe/London" {
		c = calendar.London
	}
	end := s.expiration(nil)
	f := Finding{Inputs: []Input{{"commenced", s.launch.Commenced.String()}, {"expiration", zoned(end)}, {"calendar", c.Name()}}}
	day, err := c.NthBusinessDay(s.launch.Commenced, r.Days)
	switch {
	case err != nil:
		f = f.cannot(err)
	case end.Date().Before(day):
		f.Verdict, f.Why = Warn, fmt.Sprintf("expires %s, before business day %d, %s", end, r.Days, day.Text())
	default:
		f.Why = fmt.Sprintf("expires %s, business day %d is %s", end, r.Days, day.Text())
	}
	return []Finding{f}
}

func percentPrices(_ *Rule, s *situation) []Finding {
	var f Finding
	for _, x := range s.last.Series {
		shown, why := shownPrice(x)
		f.Inputs = append(f.Inputs, Input{"price of " + x.ID, shown})
		if why != "" && f.Verdict == Pass {
			f.Verdict, f.Why = Warn, "series "+x.ID+" "+why+", percent with three decimals is usual"
		}
	}
	if f.Verdict == Pass {
		f.Why = "every price is a whole number of 0.001 percent"
	}
	return []Finding{f}
}

// shownPrice prints how a series is priced and says what is unusual in it.
func shownPrice(x offer.Series) (shown, why string) {
	if x.Pricing != nil {
		if x.Pricing.Round != "percent-0.001" {
			why = "rounds its price by " + orNone(x.Pricing.Round)
		}
		return "rounded " + orNone(x.Pricing.Round), why
	}
	if x.Price.Per.Sign() <= 0 {
		return "none", ""
	}
	for _, p := range []money.Decimal{x.Price.TenderOffer, x.Price.Total} {
		thousandths := new(big.Rat).Quo(p.Rat(), x.Price.Per.Rat())
		if !thousandths.Mul(thousandths, big.NewRat(100_000, 1)).IsInt() {
			why = fmt.Sprintf("has a price of %s per %s", p, plain(x.Price.Per))
		}
	}
	return priceText(x.Price), why
}
