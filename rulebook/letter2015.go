package rulebook

import (
	"fmt"
	"slices"
	"time"

	"tenderbook/calendar"
	"tenderbook/offer"
)

const letterCitation = "SEC staff no-action letter, Abbreviated Tender or Exchange Offers for Non-Convertible Debt Securities, 23 January 2015"

var letter2015 = []Rule{
	{
		ID: "R10a", Title: "The offeror is the issuer, its wholly owned subsidiary or its 100 % parent",
		Citation: letterCitation, Confirmed: true, In: inLetter, Facts: []string{"offeror_relation"}, check: offerorRelation,
	},
	{
		ID: "R10b", Title: "The offer is for any and all of a class of non-convertible debt",
		Citation: letterCitation, Confirmed: true, In: inLetter, Facts: []string{"convertible"}, check: anyAndAll,
	},
	{
		ID: "R10c", Title: "No consents are solicited with the offer",
		Citation: letterCitation, Confirmed: true, In: inLetter, Facts: []string{"exit_consent"}, check: noConsents,
	},
	{
		ID: "R10d", Title: "The consideration is cash or qualified debt, fixed or a fixed spread over a benchmark",
		Citation: letterCitation, Confirmed: true, In: inLetter, Facts: []string{"consideration"}, check: plainConsideration,
	},
	{
		ID: "R10e", Title: "The offer is not financed with proceeds of senior indebtedness",
		Citation: letterCitation, Confirmed: true, In: inLetter, Facts: []string{"financed_by_senior_debt"}, check: notSeniorFinanced,
	},
	{
		ID: "R10f", Title: "Nothing is paid before expiration",
		Citation: letterCitation, Confirmed: true, In: inLetter, check: noEarlySettlement,
	},
	{
		ID: "R10g", Title: "The launch is announced over a wide newswire by 10:00 a.m. Eastern time on day 1, with a link, and filed by noon",
		Citation: letterCitation, Confirmed: true, In: inLetter, Facts: []string{"press_release", "press_release_link", "filing"}, check: launchAnnounced,
	},
	{
		ID: "R10h", Title: "After a change of the consideration the offer stays open for five business days from notice", Days: 5,
		Citation: letterCitation, Confirmed: true, In: inLetter, Facts: []string{"dealer_fee"}, check: openAfterKinds(Consideration),
	},
	{
		ID: "R10i", Title: "After another material change the offer stays open for three business days from notice", Days: 3,
		Citation: letterCitation, Confirmed: true, In: inLetter, check: openAfterKinds(AmountSought, OtherMaterial),
	},
	{
		ID: "R10j", Title: "Guaranteed delivery is possible until the second business day after expiration", Days: 2,
		Citation: letterCitation, Confirmed: true, In: inLetter, check: guaranteedDelivery,
	},
	{
		ID: "R10k", Title: "Tenders may be withdrawn until expiration, or until the tenth business day if that is earlier", Days: 10,
		Citation: letterCitation, In: inLetter, check: withdrawalTenDays,
	},
	{
		ID: "R11", Title: "The offer is open for at least five business days, counting the day of commencement", Days: 5,
		Citation: letterCitation, Confirmed: true, In: inLetter, check: openFiveDays,
	},
	{
		ID: "R10", Title: "All conditions of the letter of 2015 hold (R10a to R10k and R11); otherwise the offer needs twenty business days", Days: 20,
		Citation: letterCitation, Confirmed: true, In: inLetter, check: reliefHolds("R10", "R11"),
	},
}

func offerorRelation(_ *Rule, s *situation) []Finding {
	f := Finding{Inputs: []Input{{"offeror_relation", orNone(s.last.Facts["offeror_relation"])}}}
	v, err := askOne(s.last, "offeror_relation", "issuer", "wholly-owned-subsidiary", "parent-100", "other")
	switch {
	case err != nil:
		f = f.cannot(err)
	case v == "other":
		f.Verdict, f.Why = Fail, "the offeror is another person, needs to be the issuer, its wholly owned subsidiary or its 100 % parent"
	default:
		f.Why = "the offeror is: " + v
	}
	return []Finding{f}
}

// anyAndAll looks for what could cut a tender. A cap that rejects whole series
// instead of prorating is used in practice as a condition; whether the letter
// allows it is for a person.
func anyAndAll(_ *Rule, s *situation) []Finding {
	limits := limitsOf(s.last)
	f := Finding{Inputs: []Input{{"limits", orNone(limits.text())}, {"if_exceeded", orNone(s.last.Acceptance.IfExceeded)}, {"convertible", orNone(s.last.Facts["convertible"])}}}
	convertible, err := askYes(s.last, "convertible")
	switch {
	case limits.prorates(s.last):
		f.Verdict, f.Why = Fail, "tenders can be prorated under "+limits.text()+", needs to be any and all"
	case err == nil && convertible:
		f.Verdict, f.Why = Fail, "securities that can be converted are sought, needs non-convertible debt"
	case len(limits) > 0:
		f.Verdict, f.Why = NeedsHuman, "never prorated, but "+limits.text()+" can reject a whole series: such a cap is used as a condition, which the letter does not name"
	case err != nil:
		f = f.cannot(err)
	default:
		f.Why = "any and all of non-convertible debt: no cap, no maximum"
	}
	return []Finding{f}
}

func noConsents(_ *Rule, s *situation) []Finding {
	f := Finding{Inputs: []Input{{"kind", s.last.Kind}, {"exit_consent", orNone(s.last.Facts["exit_consent"])}}}
	for _, c := range s.last.Conditions {
		if c.Kind == "consent" {
			f.Verdict, f.Why = Fail, fmt.Sprintf("condition %s asks for consents, needs an offer without", c.ID)
			return []Finding{f}
		}
	}
	consent, err := askYes(s.last, "exit_consent")
	switch {
	case s.last.Kind == "consent" || err == nil && consent:
		f.Verdict, f.Why = Fail, "consents are solicited with the offer, needs an offer without"
	case err != nil:
		f = f.cannot(err)
	default:
		f.Why = "no consents are solicited"
	}
	return []Finding{f}
}

func plainConsideration(_ *Rule, s *situation) []Finding {
	f := considerationKind(s)
	if f.Verdict != Pass {
		return []Finding{f}
	}
	for _, x := range s.last.Series {
		if x.Pricing == nil || x.Pricing.Kind == "fixed-spread" {
			continue
		}
		f.Verdict, f.Why = Fail, fmt.Sprintf("series %s is priced by %s, needs a fixed price or a fixed spread", x.ID, x.Pricing.Kind)
		if x.Pricing.Kind == "reference-price" {
			f.Verdict, f.Why = NeedsHuman, fmt.Sprintf("series %s is priced by a reference, needs a fixed price or a fixed spread", x.ID)
		}
	}
	return []Finding{f}
}

// considerationKind judges whether holders get cash or qualified debt: cash
// offers show it, exchange offers are asked.
func considerationKind(s *situation) Finding {
	f := Finding{Inputs: []Input{{"kind", s.last.Kind}, {"consideration", orNone(s.last.Facts["consideration"])}}}
	if s.last.Kind == "cash-tender" {
		f.Why = "paid in cash"
		return f
	}
	v, err := askOne(s.last, "consideration", "cash", "qualified-debt", "cash-and-qualified-debt", "other")
	switch {
	case err != nil:
		return f.cannot(err)
	case v == "other":
		f.Verdict, f.Why = Fail, "paid in something else, needs cash or qualified debt"
	default:
		f.Why = "paid in: " + v
	}
	return f
}

func notSeniorFinanced(_ *Rule, s *situation) []Finding {
	f := Finding{Inputs: []Input{{"financed_by_senior_debt", orNone(s.last.Facts["financed_by_senior_debt"])}}}
	senior, err := askYes(s.last, "financed_by_senior_debt")
	switch {
	case err != nil:
		f = f.cannot(err)
	case senior:
		f.Verdict, f.Why = Fail, "paid for with proceeds of senior indebtedness"
	default:
		f.Why = "not paid for with proceeds of senior indebtedness"
	}
	return []Finding{f}
}

func noEarlySettlement(_ *Rule, s *situation) []Finding {
	d, end := s.last.Dates, s.expiration(nil)
	f := Finding{Inputs: []Input{{"early_settlement", orNone(d.EarlySettlement.String())}, {"settlement", orNone(d.Settlement.String())}, {"expiration", zoned(end)}}}
	switch {
	case !d.EarlySettlement.IsZero():
		f.Verdict, f.Why = Fail, "early settlement on "+d.EarlySettlement.Text()+", needs one settlement after expiration"
	case !d.Settlement.IsZero() && d.Settlement.Before(end.Date()):
		f.Verdict, f.Why = Fail, "settles "+d.Settlement.Text()+", before expiration"
	default:
		f.Why = "one settlement, after expiration"
	}
	return []Finding{f}
}

func launchAnnounced(_ *Rule, s *situation) []Finding {
	facts := s.launch.Facts
	f := Finding{Inputs: []Input{
		{"commenced", s.launch.Commenced.String()},
		{"press_release", orNone(facts["press_release"])},
		{"press_release_link", orNone(facts["press_release_link"])},
		{"filing", orNone(facts["filing"])},
	}}
	release, errRelease := askTime(s.launch, "press_release")
	link, errLink := askYes(s.launch, "press_release_link")
	ten, noon := atNewYork(s.launch.Commenced, 10), atNewYork(s.launch.Commenced, 12)
	late, errFiling := filedLate(s.launch, noon)
	switch {
	case errRelease == nil && release.After(ten):
		f.Verdict, f.Why = Fail, "announced "+release.In(newYork).Format("Mon 2 Jan 2006 15:04")+" Eastern, needed by 10:00 on "+s.launch.Commenced.Text()
	case errLink == nil && !link:
		f.Verdict, f.Why = Fail, "the announcement has no link to the documents"
	case errFiling == nil && late:
		f.Verdict, f.Why = Fail, "filed "+facts["filing"]+", needed by noon Eastern on "+s.launch.Commenced.Text()
	case errRelease != nil:
		f = f.cannot(errRelease)
	case errLink != nil:
		f = f.cannot(errLink)
	case errFiling != nil:
		f = f.cannot(errFiling)
	default:
		f.Why = "announced by 10:00 and filed by noon Eastern on " + s.launch.Commenced.Text() + ", or not reporting"
	}
	return []Finding{f}
}

func filedLate(t *offer.Terms, noon time.Time) (bool, error) {
	if t.Facts["filing"] == "not-reporting" {
		return false, nil
	}
	filed, err := askTime(t, "filing")
	return err == nil && filed.After(noon), err
}

func atNewYork(d calendar.Date, hour int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, hour, 0, 0, 0, newYork)
}

// openAfterKinds makes a test of the period after changes of some kinds. The
// letter does not say that its last day runs to midnight, so the offer may end
// at any time of that day.
func openAfterKinds(kinds ...ChangeKind) func(*Rule, *situation) []Finding {
	return func(r *Rule, s *situation) []Finding {
		return s.forEachChange(kinds, func(i int, cs []Change) Finding {
			f := s.tooLate(onLastDay(r, s.openAfter(r, i, cs), s.expiration(affected(cs))), i, cs)
			if f.Verdict == Fail && raisesConditions(s.history[i-1].Terms, cs) {
				f.Verdict = NeedsHuman
				f.Why += "; the cap only rejects whole series, and raising such a cap is done in practice as the waiver of a condition"
			}
			return f
		})
	}
}

// raisesConditions reports whether all that changed is that caps were raised
// which never prorate a tender, see [anyAndAll].
func raisesConditions(before *offer.Terms, cs []Change) bool {
	other := func(c Change) bool { return c.raise == nil || limitsOf(before).prorates(before) }
	return !slices.ContainsFunc(cs, other)
}

func openFiveDays(r *Rule, s *situation) []Finding {
	return []Finding{onLastDay(r, s.opened(r, s.launch.Commenced, nil, "commenced"), s.expiration(nil))}
}

// closeOfBusiness is the customary hour at which a short offer expires on its
// last day.
const closeOfBusiness = 17

// onLastDay lets a period of the letter end on its last day: at 5:00 p.m. New
// York time or later without question, earlier only if a person agrees.
func onLastDay(r *Rule, f Finding, end calendar.Deadline) Finding {
	if f.Earliest.IsZero() {
		return f
	}
	day := f.Earliest.Date()
	five, err := calendar.ParseDeadline(fmt.Sprintf("by %s %d:00", day, closeOfBusiness), newYork)
	if err != nil {
		return f.cannot(err)
	}
	f.Earliest = five
	switch {
	case !end.At.Before(five.At):
		f.Verdict, f.Why = Pass, fmt.Sprintf("expires %s; business day %d is %s", end, r.Days, day.Text())
	case end.At.After(endOf(day.AddDays(-1)).At):
		f.Verdict, f.Why = NeedsHuman, fmt.Sprintf("expires %s, on business day %d but before 5:00 p.m. New York time", end, r.Days)
	default:
		f.Verdict, f.Why = Fail, fmt.Sprintf("expires %s, needs to stay open to %s, business day %d", end, day.Text(), r.Days)
	}
	return f
}

func guaranteedDelivery(r *Rule, s *situation) []Finding {
	end, delivery := s.expiration(nil), s.last.Dates.GuaranteedDelivery
	f := Finding{Inputs: []Input{{"expiration", zoned(end)}, {"guaranteed_delivery", orNone(delivery.String())}}}
	day, err := calendar.USFederal.AddBusinessDays(end.Date(), r.Days)
	switch {
	case err != nil:
		f = f.cannot(err)
	case delivery.IsZero():
		f.Verdict, f.Why = Fail, "no guaranteed delivery, needs one until "+day.Text()
	case delivery.Date().Before(day):
		f.Verdict, f.Why = Fail, "guaranteed delivery ends "+delivery.Date().Text()+", needs "+day.Text()+", the second business day after expiration"
	case delivery.Date().After(day):
		f.Verdict, f.Why = NeedsHuman, "guaranteed delivery ends "+delivery.Date().Text()+", later than "+day.Text()+", the second business day after expiration"
	default:
		f.Why = "guaranteed delivery ends " + day.Text() + ", the second business day after expiration"
	}
	return []Finding{f}
}

func withdrawalTenDays(r *Rule, s *situation) []Finding {
	end, w := s.expiration(nil), s.last.Dates.Withdrawal
	f := Finding{Inputs: []Input{{"commenced", s.launch.Commenced.String()}, {"withdrawal", orNone(w.String())}, {"expiration", zoned(end)}}}
	day, err := calendar.USFederal.NthBusinessDay(s.launch.Commenced, r.Days)
	if err != nil {
		return []Finding{f.cannot(err)}
	}
	need := end
	if tenth := endOf(day); tenth.At.Before(end.At) {
		need = tenth
	}
	switch {
	case w.IsZero():
		f.Verdict, f.Why = NeedsHuman, "the terms do not say until when tenders may be withdrawn: add dates.withdrawal"
	case w.At.Before(need.At):
		f.Verdict, f.Why = Fail, "withdrawal ends "+w.String()+", needs to last to "+need.String()
	default:
		f.Why = "withdrawal ends " + w.String() + ", not before " + need.String()
	}
	return []Finding{f}
}
