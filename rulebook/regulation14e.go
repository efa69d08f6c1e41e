package rulebook

import (
	"fmt"
	"strings"
	"time"

	"tenderbook/calendar"
	"tenderbook/money"
)

var regulation14E = []Rule{
	{
		ID: "R1", Title: "The offer is open for at least twenty business days, counting the day of commencement", Days: 20,
		Citation: "17 CFR 240.14e-1(a)", Confirmed: true, In: in14E, check: openFromLaunch,
	},
	{
		ID: "R2", Title: "After a change of the consideration, the percentage sought or the dealer's soliciting fee it stays open for ten business days from notice", Days: 10,
		Citation: "17 CFR 240.14e-1(b)", Confirmed: true, In: in14E, Facts: []string{"dealer_fee"}, check: openAfterIncrease,
	},
	{
		ID: "R3", Title: "Taking up to two percent more of a class is no increase of the percentage sought",
		Citation: "17 CFR 240.14e-1(b), proviso", Confirmed: true, In: in14E, check: twoPercent,
	},
	{
		ID: "R4", Title: "Payment, or return, is prompt after expiration",
		Citation: "17 CFR 240.14e-1(c)", Confirmed: true, In: inAllUS, Facts: []string{"prompt_days"}, check: promptPayment,
	},
	{
		ID: "R5", Title: "An extension is announced by 9:00 a.m. Eastern time on the business day after the scheduled expiration, with the approximate amount tendered",
		Citation: "17 CFR 240.14e-1(d)", In: inAllUS, Facts: []string{"amount_disclosed"}, check: extensionNotice,
	},
	{
		ID: "R6", Title: "After another material change the offer stays open for five business days from notice, as a general rule", Days: 5,
		Citation: "SEC Release 34-24296 (3 April 1987); staff interpretation 101.17 of 6 March 2025", Confirmed: true, In: inRelease24296, check: openAfterOtherChange,
	},
	{
		ID: "R7", Title: "Debt rules are for debt that cannot be converted; what can is judged by the rules for equity (R20 and on)",
		Citation: "17 CFR 240.13e-4, 240.14d-1 (scope)", In: since(amended1986, us14E, usFiveDay), Facts: []string{"convertible"}, check: notConvertible,
	},
	{
		ID: "R9", Title: "The early tender deadline leaves ten business days from commencement, by custom", Days: 10,
		Citation: "market practice (no rule text)", In: since(amended1986, us14E), check: earlyDeadline,
	},
}

func openFromLaunch(r *Rule, s *situation) []Finding {
	return []Finding{s.opened(r, s.launch.Commenced, nil, "commenced")}
}

// forEachChange runs a test for every version that changed something of the
// given kinds.
func (s *situation) forEachChange(kinds []ChangeKind, test func(i int, cs []Change) Finding) []Finding {
	var found []Finding
	for i := 1; i < len(s.history); i++ {
		if cs := s.of(i, kinds...); len(cs) > 0 {
			f := test(i, cs)
			f.Change = i
			found = append(found, f)
		}
	}
	return found
}

// openAfter judges whether the series that a change touches stay open for the
// rule's period from its notice.
func (s *situation) openAfter(r *Rule, i int, cs []Change) Finding {
	f := s.opened(r, s.noticed(i), affected(cs), "notice")
	f.Inputs = append([]Input{{"change", whats(cs)}}, f.Inputs...)
	return f
}

// tooLate adds to what was found that notice of a change came when the offer it
// touches was over.
func (s *situation) tooLate(f Finding, i int, cs []Change) Finding {
	if f.Verdict != Pass && !s.expiration(affected(cs)).Met(s.history[i].Effective) {
		f.Why += "; the notice came after expiration"
	}
	return f
}

// openAfterIncrease leaves out what R3 lets go: small raises. A raise that R3
// cannot decide is judged here as an increase.
func openAfterIncrease(r *Rule, s *situation) []Finding {
	var found []Finding
	for i := 1; i < len(s.history); i++ {
		var cs []Change
		for _, c := range s.of(i, Consideration, AmountSought) {
			if _, small := c.raise.small(); !small {
				cs = append(cs, c)
			}
		}
		if len(cs) == 0 {
			continue
		}
		f := s.tooLate(s.openAfter(r, i, cs), i, cs)
		f.Change = i
		found = append(found, f)
	}
	return found
}

// twoPercent speaks where it decides: a raise within two percent of every
// class it may go to, and one that may or may not be.
func twoPercent(_ *Rule, s *situation) []Finding {
	return s.forEachRaise(func(i int, c Change) (Finding, bool) {
		f := Finding{Inputs: []Input{{"change", c.What}}}
		ofSmallest, ofAll, ok := c.raise.shares()
		if !ok {
			f.Verdict = NeedsHuman
			f.Why = "what part of the class is sought cannot be computed: an outstanding amount, a price or an exchange rate is missing; judged as an increase (R2)"
			return f, true
		}
		f.Inputs = append(f.Inputs, Input{"of the smallest class", percent(ofSmallest)}, Input{"of all classes covered", percent(ofAll)})
		switch {
		case ofSmallest.Cmp(twoHundredths) <= 0:
			f.Why = fmt.Sprintf("the raise is at most %s of any class covered, 2 %% is allowed without an extension", percent(ofSmallest))
			return f, true
		case ofAll.Cmp(twoHundredths) <= 0:
			f.Verdict = NeedsHuman
			f.Why = fmt.Sprintf("the raise is %s of all classes covered and may be %s of one; which class counts is not confirmed; judged as an increase (R2)", percent(ofAll), percent(ofSmallest))
			return f, true
		}
		return f, false // R2 speaks
	})
}

func (s *situation) forEachRaise(test func(i int, c Change) (Finding, bool)) []Finding {
	var found []Finding
	for i := range s.history {
		for _, c := range s.of(i, AmountSought) {
			if c.raise == nil {
				continue
			}
			if f, ok := test(i, c); ok {
				f.Change = i
				found = append(found, f)
			}
		}
	}
	return found
}

// defaultPromptDays is how soon payment counts as prompt where the file does
// not say: the longest regular settlement of the US market since 1995.
const defaultPromptDays = 3

func promptPayment(_ *Rule, s *situation) []Finding {
	end := s.expiration(nil)
	f := Finding{Inputs: []Input{{"expiration", zoned(end)}, {"settlement", orNone(s.last.Dates.Settlement.String())}}}
	days, err := askNumber(s.last, "prompt_days", defaultPromptDays)
	if err != nil {
		return []Finding{f.cannot(err)}
	}
	f.Inputs = append(f.Inputs, Input{"prompt_days", fmt.Sprint(days)})
	last, err := calendar.SIFMA.AddBusinessDays(end.Date(), days)
	switch {
	case s.last.Dates.Settlement.IsZero():
		f.Verdict, f.Why = NeedsHuman, "the terms have no settlement date: add dates.settlement"
	case err != nil:
		f = f.cannot(err)
	case s.last.Dates.Settlement.After(last):
		f.Verdict, f.Why = Warn, fmt.Sprintf("settles %s, later than %d settlement days after expiration (%s)", s.last.Dates.Settlement.Text(), days, last.Text())
	default:
		f.Why = fmt.Sprintf("settles %s, within %d settlement days after expiration (%s)", s.last.Dates.Settlement.Text(), days, last.Text())
	}
	return []Finding{f}
}

func extensionNotice(_ *Rule, s *situation) []Finding {
	return s.forEachChange([]ChangeKind{Extension}, func(i int, cs []Change) Finding {
		before, now := s.history[i-1].Terms, s.history[i]
		old := earliestExpiration(before, affected(cs))
		notice := now.Effective.In(newYork)
		f := Finding{Inputs: []Input{{"change", whats(cs)}, {"notice", notice.Format("2006-01-02 15:04 MST")}, {"scheduled expiration", zoned(old)}}}
		next, err := calendar.USFederal.AddBusinessDays(old.Date(), 1)
		if err != nil {
			return f.cannot(err)
		}
		latest := time.Date(next.Year, next.Month, next.Day, 9, 0, 0, 0, newYork)
		if notice.After(latest) {
			f.Verdict, f.Why = Fail, fmt.Sprintf("announced %s, needed by 9:00 a.m. Eastern on %s: the offer had expired", notice.Format("Mon 2 Jan 2006 15:04"), next.Text())
			return f
		}
		disclosed, err := askYes(now.Terms, "amount_disclosed")
		if err != nil {
			return f.cannot(err)
		}
		f.Inputs = append(f.Inputs, Input{"amount_disclosed", now.Terms.Facts["amount_disclosed"]})
		f.Why = fmt.Sprintf("announced %s, in time until 9:00 a.m. Eastern on %s, with the amount tendered", notice.Format("Mon 2 Jan 2006 15:04"), next.Text())
		if !disclosed {
			f.Verdict, f.Why = Fail, "announced in time, needs the approximate amount tendered in the notice"
		}
		return f
	})
}

// openAfterOtherChange only warns: five days are a general rule, and fewer may
// do where holders have time to consider the change.
func openAfterOtherChange(r *Rule, s *situation) []Finding {
	return s.forEachChange([]ChangeKind{OtherMaterial}, func(i int, cs []Change) Finding {
		f := s.tooLate(s.openAfter(r, i, cs), i, cs)
		if f.Verdict == Fail {
			f.Verdict = Warn
		}
		return f
	})
}

func notConvertible(_ *Rule, s *situation) []Finding {
	f := Finding{Inputs: []Input{{"rules", s.last.Rules}, {"convertible", orNone(s.last.Facts["convertible"])}}}
	convertible, err := askYes(s.last, "convertible")
	if err != nil {
		for _, x := range s.last.Series {
			if strings.Contains(strings.ToLower(x.Title), "convertible") {
				err = fmt.Errorf("series %s is called %q; %w", x.ID, x.Title, err)
				break
			}
		}
		return []Finding{f.cannot(err)}
	}
	f.Why = "none of the securities can be converted"
	if convertible {
		f.Verdict, f.Why = Fail, fmt.Sprintf("securities that can be converted are sought under %q, need rules: %s", s.last.Rules, us13E4)
	}
	return []Finding{f}
}

func earlyDeadline(r *Rule, s *situation) []Finding {
	early := s.last.Dates.EarlyTender
	if early.IsZero() {
		return nil
	}
	f := Finding{Inputs: []Input{{"commenced", s.launch.Commenced.String()}, {"early_tender", zoned(early)}}}
	day, err := calendar.USFederal.NthBusinessDay(s.launch.Commenced, r.Days)
	switch {
	case err != nil:
		f = f.cannot(err)
	case early.Date().Before(day):
		f.Verdict, f.Why = Warn, fmt.Sprintf("the early tender deadline is %s, business day %d is %s", early.Date().Text(), r.Days, day.Text())
	default:
		f.Why = fmt.Sprintf("the early tender deadline is %s, not before business day %d, %s", early.Date().Text(), r.Days, day.Text())
	}
	return []Finding{f}
}

// percent prints a share with two decimals, rounded half up.
func percent(share *ratio) string {
	d, err := money.RoundDecimal(new(ratio).Mul(share, hundred), 2, money.HalfUp)
	if err != nil {
		return "more than 64 bits hold"
	}
	return d.String() + " %"
}
