package rulebook

import (
	"fmt"

	"tenderbook/calendar"
	"tenderbook/money"
)

var equityRules = []Rule{
	{
		ID: "R8", Title: "All holders of a class get the same price: no premium for early tenders",
		Citation: "17 CFR 240.14d-10, 240.13e-4(f)(8)", Confirmed: true, In: inEquity, check: onePrice,
	},
	{
		ID: "R20", Title: "An offer for equity is open for at least twenty business days, counting the day of commencement", Days: 20,
		Citation: "17 CFR 240.13e-4(f)(1)(i), 240.14e-1(a)", In: inEquity, check: openFromLaunch,
	},
	{
		ID: "R20a", Title: "After a change of price, amount or soliciting fee an offer for equity stays open for ten business days from notice", Days: 10,
		Citation: "17 CFR 240.13e-4(f)(1)(ii), 240.14e-1(b)", In: inEquity, Facts: []string{"dealer_fee"}, check: openAfterIncrease,
	},
	{
		ID: "R21", Title: "Tenders may be withdrawn as long as the offer is open",
		Citation: "17 CFR 240.14d-7, 240.13e-4(f)(2)", Confirmed: true, In: inEquity, check: withdrawalWhileOpen,
	},
	{
		ID: "R22", Title: "An over-subscribed offer is taken up pro rata, disregarding fractions; only odd lots below 100 shares may come first",
		Citation: "17 CFR 240.14d-8, 240.13e-4(f)(3)", In: inEquity, check: proRataEquity,
	},
	{
		ID: "R23", Title: "Nobody tenders more than a net long position",
		Citation: "17 CFR 240.14e-4", In: inEquity, Facts: []string{"net_long_attested"}, check: netLong,
	},
	{
		ID: "R24", Title: "The offer commences on the day on which holders are first given the means to tender",
		Citation: "17 CFR 240.14d-2(a)", Confirmed: true, In: inEquity, Facts: []string{"means_published"}, check: commencement,
	},
	{
		ID: "R25", Title: "An all-cash, fixed-price offer for equity may be open for ten business days, on conditions", Days: 10,
		Citation: "SEC Division of Corporation Finance, exemptive order for equity tender offers, 16 April 2026", In: since("2026-04-16", us13E4), check: tenDayEquity,
	},
}

func onePrice(_ *Rule, s *situation) []Finding {
	f := Finding{Inputs: []Input{{"early_tender", orNone(s.last.Dates.EarlyTender.String())}}}
	for _, x := range s.last.Series {
		premium := x.Price.EarlyPayment
		if x.Pricing != nil && premium.Sign() == 0 {
			premium = x.Pricing.EarlyPayment
		}
		f.Inputs = append(f.Inputs, Input{"early_payment of " + x.ID, premium.String()})
		if premium.Sign() != 0 && f.Verdict == Pass {
			f.Verdict, f.Why = Fail, fmt.Sprintf("series %s pays %s more for early tenders, needs one price", x.ID, premium)
		}
	}
	if f.Verdict == Pass {
		f.Why = "no series pays more for early tenders"
	}
	return []Finding{f}
}

func withdrawalWhileOpen(_ *Rule, s *situation) []Finding {
	end, w := s.expiration(nil), s.last.Dates.Withdrawal
	f := Finding{Inputs: []Input{{"withdrawal", orNone(w.String())}, {"expiration", zoned(end)}}}
	switch {
	case w.IsZero():
		f.Verdict, f.Why = NeedsHuman, "the terms do not say until when tenders may be withdrawn: add dates.withdrawal"
	case w.At.Before(end.At):
		f.Verdict, f.Why = Fail, "withdrawal ends "+w.String()+", needs to last to expiration, "+end.String()
	default:
		f.Why = "withdrawal ends " + w.String() + ", with the offer"
	}
	return []Finding{f}
}

// oddLot is what an odd lot is smaller than: 100 shares.
var oddLot = money.DecimalOf(100, 0)

func proRataEquity(_ *Rule, s *situation) []Finding {
	a, ls := s.last.Acceptance, limitsOf(s.last)
	f := Finding{Inputs: []Input{{"limits", orNone(ls.text())}, {"order", orNone(a.Order)}, {"small", orNone(a.SmallUpTo)}}}
	early := a.Order == "early-first" && !s.last.Dates.EarlyTender.IsZero()
	small, err := money.ParseDecimal(orZero(a.SmallUpTo))
	switch {
	case len(ls) == 0:
		f.Why = "nothing is prorated"
	case early:
		f.Verdict, f.Why = Fail, "early tenders are accepted before late ones, needs pro rata"
	case !ls.prorates(s.last):
		f.Verdict, f.Why = Fail, "what does not fit is rejected whole, needs pro rata"
	case err != nil:
		f = f.cannot(fmt.Errorf("small: %w", err))
	case small.Cmp(oddLot) >= 0:
		f.Verdict, f.Why = Fail, fmt.Sprintf("tenders up to %s come first, needs odd lots below 100 only", a.SmallUpTo)
	default:
		f.Why = "taken up pro rata"
	}
	return []Finding{f}
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

func netLong(_ *Rule, s *situation) []Finding {
	f := Finding{Inputs: []Input{{"net_long_attested", orNone(s.last.Facts["net_long_attested"])}}}
	attested, err := askYes(s.last, "net_long_attested")
	switch {
	case err != nil:
		f = f.cannot(err)
	case !attested:
		f.Verdict, f.Why = Fail, "holders do not attest a net long position, needs an attestation with each tender"
	default:
		f.Why = "each tender attests a net long position"
	}
	return []Finding{f}
}

func commencement(_ *Rule, s *situation) []Finding {
	f := Finding{Inputs: []Input{{"commenced", s.launch.Commenced.String()}, {"means_published", orNone(s.launch.Facts["means_published"])}}}
	published, err := askDate(s.launch, "means_published")
	switch {
	case err != nil:
		f = f.cannot(err)
	case published != s.launch.Commenced:
		f.Verdict, f.Why = Fail, fmt.Sprintf("the means to tender were published on %s, the terms say the offer commenced on %s", published.Text(), s.launch.Commenced.Text())
	default:
		f.Why = "commenced on " + published.Text() + ", when the means to tender were published"
	}
	return []Finding{f}
}

// tenDayEquity speaks only where an offer is shorter than twenty business
// days and relies on the order.
func tenDayEquity(r *Rule, s *situation) []Finding {
	f := s.opened(r, s.launch.Commenced, nil, "commenced")
	full, err := calendar.USFederal.NthBusinessDay(s.launch.Commenced, 20)
	if err == nil && reaches(s.expiration(nil), full) != Fail {
		return nil
	}
	if f.Verdict != Fail {
		f.Verdict = NeedsHuman
		f.Why = "shorter than twenty business days but not than ten: whether the order's conditions hold was not confirmed"
	}
	return []Finding{f}
}
