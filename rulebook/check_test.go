package rulebook

import (
	"strings"
	"testing"

	"tenderbook/money"
	"tenderbook/offer"
)

type claim struct {
	claim    string
	rule     string
	history  []Version
	want     Verdict
	why      string // in the finding's Why
	earliest string // the finding's Earliest, as a deadline; "": not claimed; "none": there is none
}

func claims() []claim {
	l3, short, order, equity, euro := level3(), fiveDay(), byOrder(), shares(), european()
	raised := then(launch(l3), "2004-11-17 08:30", capOf(dollars(1_105_000_000)), expires("by 2004-12-01 24:00"), fact("amount_disclosed", "yes"))
	april := with(l3, commenced("2025-04-07"), early("by 2025-04-21 17:00"), expires("by 2025-05-02 24:00"), settles("2025-05-07"))
	summer := with(april, commenced("2025-07-07"), expires("by 2025-08-01 24:00"))
	rogers := with(short, commenced("2025-07-11"), expires("by 2025-07-18 17:00"), withdrawal("by 2025-07-18 17:00"), delivery("by 2025-07-22 17:00"),
		settles("2025-07-23"), fact("press_release", "2025-07-11 08:00"), fact("filing", "2025-07-11 10:00"),
		func(t *offer.Terms) {
			t.Caps = []offer.Cap{{Name: "Maximum Purchase Amount", Amount: dollars(400_000_000), Counts: "purchase-price"}}
			t.Acceptance.IfExceeded = "reject-and-continue"
		})

	return []claim{
		// R1: twenty business days.
		{"Level 3 announced exactly the earliest lawful expiration: 29 Oct is day 1, 11 and 25 Nov do not count", "R1", launch(l3), Pass, "business day 20 counting commenced is Mon 29 Nov 2004", "by 2004-11-29 24:00"},
		{"a day earlier is too short", "R1", launch(with(l3, expires("by 2004-11-26 24:00"))), Fail, "needs to stay open to 24:00 on Mon 29 Nov 2004, New York time", "by 2004-11-29 24:00"},
		{"5:00 p.m. of the twentieth day is too short too", "R1", launch(with(l3, expires("by 2004-11-29 17:00"))), Fail, "expires by 2004-11-29 17:00", "by 2004-11-29 24:00"},
		{"the customary 11:59 p.m. leaves a minute", "R1", launch(with(l3, expires("by 2004-11-29 23:59"))), Warn, "a minute before the day ends", "by 2004-11-29 24:00"},
		{"Good Friday counts: 7 April to 2 May 2025", "R1", launch(april), Pass, "Fri 2 May 2025", "by 2025-05-02 24:00"},
		{"7 July to 1 August 2025", "R1", launch(summer), Pass, "Fri 1 Aug 2025", "by 2025-08-01 24:00"},
		{"midnight in London is too early for New York", "R1", launch(with(april, func(t *offer.Terms) {
			t.Zone, t.ZoneName = zone("Europe/London"), "Europe/London"
		}, expires("by 2025-05-02 24:00"))), Fail, "needs to stay open", "by 2025-05-02 24:00"},
		{"one series may not end earlier than the others", "R1", launch(with(l3, series(2, func(x *offer.Series) {
			x.Expiration = deadline("by 2004-11-22 17:00", newYork)
		}))), Fail, "expires by 2004-11-22 17:00", "by 2004-11-29 24:00"},
		{"an extension mends a short launch", "R1", then(launch(with(l3, expires("by 2004-11-26 24:00"))), "2004-11-17 08:30", expires("by 2004-11-29 24:00")), Pass, "", "by 2004-11-29 24:00"},
		{"before the letter of 2015 a five-day offer had to be open for twenty", "R1", launch(with(short, commenced("2015-01-22"), expires("by 2015-01-28 17:00"))), Fail, "business day 20", "by 2015-02-19 24:00"}, // 16 Feb is Washington's Birthday
		{"Bombardier 2021 counted 18 June, which became a holiday on 17 June: a person decides", "R1", launch(with(l3, commenced("2021-06-03"), expires("by 2021-06-30 23:59"))), NeedsHuman, "as Fri 18 Jun 2021 (Juneteenth was made a federal holiday the day before) counts or not", "by 2021-07-01 24:00"},
		{"a day longer and it does not matter", "R1", launch(with(l3, commenced("2021-06-03"), expires("by 2021-07-01 24:00"))), Pass, "", "by 2021-07-01 24:00"},
		{"a day shorter neither", "R1", launch(with(l3, commenced("2021-06-03"), expires("by 2021-06-29 24:00"))), Fail, "", "by 2021-07-01 24:00"},
		{"Christmas Eve and a day of mourning in the twenty: from 12 Dec 2024 to 10 Jan 2025 with both, to 14 Jan without", "R1", launch(with(l3, commenced("2024-12-12"), expires("by 2025-01-13 24:00"))), NeedsHuman, "Tue 24 Dec 2024 (federal offices were closed by executive order), Thu 9 Jan 2025", "by 2025-01-10 24:00"},
		{"a date that no calendar knows is for a person", "R1", launch(with(l3, commenced("2050-12-20"), expires("by 2051-01-31 24:00"))), NeedsHuman, "calendar us-federal is known for 1971 to 2050", ""},

		// R2, R3: ten business days after a change, and the two percent.
		{"Level 3's cap raise of 17 Nov needs exactly the new expiration: day 10 is 1 Dec", "R2", raised, Pass, "business day 10 counting notice is Wed 1 Dec 2004", "by 2004-12-01 24:00"},
		{"a cap raise without an extension", "R2", then(launch(l3), "2004-11-17 08:30", capOf(dollars(1_105_000_000))), Fail, "needs to stay open to 24:00 on Wed 1 Dec 2004", "by 2004-12-01 24:00"},
		{"a raise with ten days left needs none", "R2", then(launch(l3), "2004-11-15 08:30", capOf(dollars(1_105_000_000))), Pass, "Mon 29 Nov 2004", "by 2004-11-29 24:00"}, // 15-19, 22-24, 26, 29
		{"the hour of a notice does not matter, its day in New York does", "R2", then(launch(l3), "2004-11-15 23:30", capOf(dollars(1_105_000_000))), Pass, "", "by 2004-11-29 24:00"},
		{"a lowered cap is a change of the percentage too, however small", "R2", then(launch(l3), "2004-11-17 08:30", capOf(dollars(449_000_000))), Fail, "", "by 2004-12-01 24:00"},
		{"a higher price", "R2", then(launch(l3), "2004-11-17 08:30", series(0, func(x *offer.Series) { x.Price = fixedPrice("840", "20") })), Fail, "", "by 2004-12-01 24:00"},
		{"a smaller early payment with the same total is a change of what late holders get", "R2", then(launch(l3), "2004-11-17 08:30", series(0, func(x *offer.Series) { x.Price = fixedPrice("847.50", "10") })), Fail, "", "by 2004-12-01 24:00"},
		{"the dealer's soliciting fee", "R2", then(launch(l3), "2004-11-17 08:30", fact("dealer_fee", "2.50 per 1,000")), Fail, "", "by 2004-12-01 24:00"},
		{"a change of one series is measured by its own expiration", "R2", then(launch(with(l3, series(0, func(x *offer.Series) {
			x.Expiration = deadline("by 2004-12-03 17:00", newYork)
		}))), "2004-11-17 08:30", series(0, func(x *offer.Series) { x.Price = fixedPrice("840", "20") })), Pass, "expires by 2004-12-03 17:00", "by 2004-12-01 24:00"},
		{"the notice of a change is judged by the expiration that a later one announces", "R2", then(then(launch(l3), "2004-11-17 08:30", capOf(dollars(1_105_000_000))), "2004-11-18 08:30", expires("by 2004-12-01 24:00")), Pass, "", "by 2004-12-01 24:00"},
		{"a price that changes when the offer is over", "R2", then(launch(l3), "2004-11-30 08:30", series(0, func(x *offer.Series) { x.Price = fixedPrice("840", "20") })), Fail, "the notice came after expiration", ""},
		{"7 million more is 1.93 % of the smallest series (362,036,000), so of any", "R3", then(launch(l3), "2004-11-17 08:30", capOf(dollars(457_000_000))), Pass, "at most 1.93 %", ""},
		{"10 million more is 2.76 % of one series, 0.42 % of all (2,390,619,670)", "R3", then(launch(l3), "2004-11-17 08:30", capOf(dollars(460_000_000))), NeedsHuman, "0.42 % of all classes covered and may be 2.76 % of one", ""},
		{"the raise that R3 cannot decide is judged as an increase", "R2", then(launch(l3), "2004-11-17 08:30", capOf(dollars(460_000_000))), Fail, "", "by 2004-12-01 24:00"},
		{"a raise in money is turned into principal: 6,000,000 / 0.83 = 7,228,915 or 2.00 % of 362,036,000", "R3", then(launch(with(l3, counts("purchase-price"))), "2004-11-17 08:30", capOf(dollars(456_000_000))), Pass, "at most 2.00 %", ""},
		{"without a rate for the euros the part of the class is not known", "R3", then(launch(with(l3, func(t *offer.Terms) { t.Rates = nil })), "2004-11-17 08:30", capOf(dollars(457_000_000))), NeedsHuman, "an exchange rate is missing", ""},
		{"a series maximum raised by 2 % of its series: 24,000,000 / 1,203,652,000", "R3", then(launch(l3), "2004-11-17 08:30", series(0, maximumOf(dollars(474_000_000)))), Pass, "at most 1.99 %", ""},

		// R4 to R9.
		{"Level 3 settled on the third day after expiration", "R4", launch(l3), Pass, "within 3 settlement days after expiration (Thu 2 Dec 2004)", ""},
		{"Good Friday is no settlement day", "R4", launch(with(april, expires("by 2025-04-16 24:00"), settles("2025-04-22"))), Pass, "Tue 22 Apr 2025", ""}, // 17, 21, 22
		{"a week is not prompt", "R4", launch(with(l3, settles("2004-12-08"))), Warn, "later than 3 settlement days", ""},
		{"the file may set the days", "R4", launch(with(l3, fact("prompt_days", "2"))), Warn, "later than 2 settlement days", ""},
		{"a settlement date is needed", "R4", launch(with(l3, func(t *offer.Terms) { t.Dates.Settlement = date0 })), NeedsHuman, "add dates.settlement", ""},
		{"days must be a number", "R4", launch(with(l3, fact("prompt_days", "soon"))), NeedsHuman, `facts.prompt_days is "soon", needs a whole number`, ""},
		{"Level 3 extended twelve days ahead", "R5", raised, Pass, "in time until 9:00 a.m. Eastern on Tue 30 Nov 2004", ""},
		{"9:00 a.m. of the next business day is the last moment", "R5", then(launch(l3), "2004-11-30 09:00", expires("by 2004-12-01 24:00"), fact("amount_disclosed", "yes")), Pass, "", ""},
		{"a minute later the offer has expired", "R5", then(launch(l3), "2004-11-30 09:01", expires("by 2004-12-01 24:00"), fact("amount_disclosed", "yes")), NeedsHuman, "the offer had expired; the text of this rule was not confirmed", ""},
		{"Thanksgiving is no business day for the notice", "R5", then(launch(with(l3, expires("by 2004-11-24 24:00"))), "2004-11-26 08:00", expires("by 2004-12-01 24:00"), fact("amount_disclosed", "yes")), Pass, "Fri 26 Nov 2004", ""},
		{"the notice needs the amount tendered", "R5", then(launch(l3), "2004-11-17 08:30", expires("by 2004-12-01 24:00"), fact("amount_disclosed", "no")), NeedsHuman, "needs the approximate amount tendered", ""},
		{"the rule asks for what it is not told", "R5", then(launch(l3), "2004-11-17 08:30", expires("by 2004-12-01 24:00")), NeedsHuman, "add facts.amount_disclosed (yes or no)", ""},
		{"a waived condition wants five days: 22, 23, 24, 26, 29 Nov", "R6", then(launch(l3), "2004-11-22 08:30", waived), Pass, "", "by 2004-11-29 24:00"},
		{"a day later there are four", "R6", then(launch(l3), "2004-11-23 08:30", waived), Warn, "needs to stay open to 24:00 on Tue 30 Nov 2004", "by 2004-11-30 24:00"},
		{"an expiration brought forward is a change of other terms", "R6", then(launch(with(l3, expires("by 2004-12-10 24:00"))), "2004-11-24 08:30", expires("by 2004-11-29 24:00")), Warn, "", "by 2004-12-01 24:00"},
		{"debt that cannot be converted", "R7", launch(l3), Pass, "none of the securities can be converted", ""},
		{"debt that can needs the rules for equity", "R7", launch(with(l3, fact("convertible", "yes"))), NeedsHuman, "need rules: us-13e-4", ""},
		{"the title gives it away", "R7", launch(with(l3, without("convertible"), series(1, func(x *offer.Series) { x.Title = "6% Convertible Notes" }))), NeedsHuman, `series 11 is called "6% Convertible Notes"`, ""},
		{"an answer that is none", "R7", launch(with(l3, fact("convertible", "maybe"))), NeedsHuman, `facts.convertible is "maybe", needs yes or no`, ""},
		{"Level 3's early deadline was on day 10: 11 Nov does not count", "R9", launch(l3), Pass, "not before business day 10, Fri 12 Nov 2004", ""},
		{"day 9 is early", "R9", launch(with(l3, early("before 2004-11-10 17:00"))), Warn, "business day 10 is Fri 12 Nov 2004", ""},

		// R10, R11: the letter of 2015.
		{"five days from 7 July end on 11 July", "R11", launch(short), Pass, "business day 5 is Fri 11 Jul 2025", "by 2025-07-11 17:00"},
		{"10 July is too early", "R11", launch(with(short, expires("by 2025-07-10 17:00"))), Fail, "needs to stay open to Fri 11 Jul 2025", "by 2025-07-11 17:00"},
		{"noon of the fifth day is for a person", "R11", launch(with(short, expires("by 2025-07-11 12:00"))), NeedsHuman, "before 5:00 p.m. New York time", "by 2025-07-11 17:00"},
		{"Rogers 2025 was open for six", "R11", launch(rogers), Pass, "business day 5 is Thu 17 Jul 2025", "by 2025-07-17 17:00"},
		{"the issuer may", "R10a", launch(short), Pass, "the offeror is: issuer", ""},
		{"a stranger may not", "R10a", launch(with(short, fact("offeror_relation", "other"))), Fail, "another person", ""},
		{"who offers has to be said", "R10a", launch(with(short, without("offeror_relation"))), NeedsHuman, "add facts.offeror_relation", ""},
		{"any and all", "R10b", launch(short), Pass, "no cap, no maximum", ""},
		{"a cap that prorates", "R10b", launch(with(short, func(t *offer.Terms) { t.Caps = order.Caps })), Fail, "tenders can be prorated under Tender Cap", ""},
		{"a cap as high as the class is none", "R10b", launch(with(short, func(t *offer.Terms) {
			t.Caps = []offer.Cap{{Name: "Cap", Amount: dollars(500_000_000), Counts: "principal"}}
		})), Pass, "", ""},
		{"a maximum that prorates", "R10b", launch(with(short, series(0, maximumOf(dollars(1_000_000))))), Fail, "maximum of series 5", ""},
		{"convertible debt", "R10b", launch(with(short, fact("convertible", "yes"))), Fail, "needs non-convertible debt", ""},
		{"Rogers' cap was a condition: a person decides", "R10b", launch(rogers), NeedsHuman, "can reject a whole series", ""},
		{"no consents", "R10c", launch(short), Pass, "", ""},
		{"exit consents", "R10c", launch(with(short, fact("exit_consent", "yes"))), Fail, "consents are solicited", ""},
		{"a consent condition shows it", "R10c", launch(with(short, condition(offer.Condition{ID: "majority", Kind: "consent"}))), Fail, "condition majority", ""},
		{"cash at a fixed price", "R10d", launch(short), Pass, "paid in cash", ""},
		{"an auction", "R10d", launch(with(short, series(0, pricing("auction-price")))), Fail, "priced by auction-price", ""},
		{"a fixed spread", "R10d", launch(with(short, series(0, pricing("fixed-spread")))), Pass, "", ""},
		{"an exchange has to say for what", "R10d", launch(with(short, kind("exchange"))), NeedsHuman, "add facts.consideration", ""},
		{"an exchange for shares", "R10d", launch(with(short, kind("exchange"), fact("consideration", "other"))), Fail, "needs cash or qualified debt", ""},
		{"an exchange for qualified debt", "R10d", launch(with(short, kind("exchange"), fact("consideration", "qualified-debt"))), Pass, "", ""},
		{"own money", "R10e", launch(short), Pass, "", ""},
		{"senior debt", "R10e", launch(with(short, fact("financed_by_senior_debt", "yes"))), Fail, "senior indebtedness", ""},
		{"one settlement", "R10f", launch(short), Pass, "", ""},
		{"early settlement", "R10f", launch(with(short, func(t *offer.Terms) { t.Dates.EarlySettlement = date("2025-07-09") })), Fail, "early settlement on Wed 9 Jul 2025", ""},
		{"announced and filed in time", "R10g", launch(short), Pass, "", ""},
		{"10:00 a.m. is in time", "R10g", launch(with(short, fact("press_release", "2025-07-07 10:00"))), Pass, "", ""},
		{"10:01 is not", "R10g", launch(with(short, fact("press_release", "2025-07-07 10:01"))), Fail, "needed by 10:00", ""},
		{"who does not report files nothing", "R10g", launch(with(short, fact("filing", "not-reporting"))), Pass, "", ""},
		{"filed after noon", "R10g", launch(with(short, fact("filing", "2025-07-07 12:30"))), Fail, "needed by noon", ""},
		{"no link", "R10g", launch(with(short, fact("press_release_link", "no"))), Fail, "no link", ""},
		{"a late release fails even if the rest is not told", "R10g", launch(with(short, fact("press_release", "2025-07-07 11:00"), without("filing"))), Fail, "needed by 10:00", ""},
		{"a time that cannot be read", "R10g", launch(with(short, fact("press_release", "morning"))), NeedsHuman, "facts.press_release", ""},
		{"a price change with five days left: 7 to 11 July", "R10h", then(launch(short), "2025-07-07 16:00", raisePrice), Pass, "", "by 2025-07-11 17:00"},
		{"with four left it needs Mon 14 July", "R10h", then(launch(short), "2025-07-08 09:00", raisePrice), Fail, "needs to stay open to Mon 14 Jul 2025", "by 2025-07-14 17:00"},
		{"another change with three days left: 9, 10, 11 July", "R10i", then(launch(short), "2025-07-09 09:00", delivery("by 2025-07-16 17:00")), Pass, "", "by 2025-07-11 17:00"},
		{"with two left", "R10i", then(launch(short), "2025-07-10 09:00", delivery("by 2025-07-16 17:00")), Fail, "Mon 14 Jul 2025", "by 2025-07-14 17:00"},
		{"a change when the five days are over", "R10i", then(launch(short), "2025-07-14 09:00", delivery("by 2025-07-16 17:00")), Fail, "the notice came after expiration", ""},
		{"a cap that prorates is raised when the five days are over", "R10i", then(launch(with(short, func(t *offer.Terms) { t.Caps = order.Caps })), "2025-07-14 09:00", capOf(dollars(300_000_000))), Fail, "the notice came after expiration", ""},
		{"Occidental, May 2022, raised a cap that rejects whole series after expiration", "R10i", then(launch(with(short, func(t *offer.Terms) { t.Caps, t.Acceptance.IfExceeded = order.Caps, "reject-and-continue" })), "2025-07-14 09:00", capOf(dollars(300_000_000))), NeedsHuman, "the waiver of a condition", ""},
		{"Rogers' guaranteed delivery: 18 July and two business days", "R10j", launch(rogers), Pass, "Tue 22 Jul 2025", ""},
		{"one day is too short", "R10j", launch(with(short, delivery("by 2025-07-14 17:00"))), Fail, "needs Tue 15 Jul 2025", ""},
		{"none is none", "R10j", launch(with(short, delivery(""))), Fail, "no guaranteed delivery", ""},
		{"three days are for a person", "R10j", launch(with(short, delivery("by 2025-07-16 17:00"))), NeedsHuman, "later than", ""},
		{"withdrawal to expiration", "R10k", launch(short), Pass, "", ""},
		{"withdrawal that ends earlier: the rule is not confirmed, a person decides", "R10k", launch(with(short, withdrawal("by 2025-07-10 17:00"))), NeedsHuman, "needs to last to by 2025-07-11 17:00; the text of this rule was not confirmed", ""},
		{"in a longer offer the tenth business day is enough", "R10k", launch(with(short, expires("by 2025-07-31 17:00"), withdrawal("by 2025-07-18 24:00"))), Pass, "", ""},
		{"everything holds", "R10", launch(short), Pass, "every condition tested holds", "none"},
		{"one fact is missing", "R10", launch(with(short, without("exit_consent"))), NeedsHuman, "only if a person settles: R10c needs-human", ""},
		{"one condition fails: twenty business days", "R10", launch(with(short, fact("exit_consent", "yes"))), Fail, "without the relief (R10c fail) the offer needs to stay open to 24:00 on Fri 1 Aug 2025", "by 2025-08-01 24:00"},
		{"an offer open for twenty days needs no relief", "R10", launch(with(short, fact("exit_consent", "yes"), expires("by 2025-08-01 24:00"))), Pass, "needs no relief", "by 2025-08-01 24:00"},
		{"the letter was in force on 23 January 2015", "R11", launch(with(short, commenced("2015-01-23"), expires("by 2015-01-29 17:00"))), Pass, "", "by 2015-01-29 17:00"},
		{"and until 29 June 2026", "R11", launch(with(short, commenced("2026-06-29"), expires("by 2026-07-06 17:00"))), Pass, "", "by 2026-07-06 17:00"}, // Fri 3 July is a holiday

		// R12: the order of 2026.
		{"from 30 June 2026 the order decides: 30 June, 1, 2, 6, 7 July", "R12f", launch(with(order, commenced("2026-06-30"), expires("by 2026-07-07 17:00"))), Pass, "Tue 7 Jul 2026", "by 2026-07-07 17:00"},
		{"four days are too short", "R12f", launch(with(order, expires("by 2026-07-09 17:00"))), Fail, "Fri 10 Jul 2026", "by 2026-07-10 17:00"},
		{"the parent may", "R12a", launch(with(order, fact("offeror_relation", "parent-100"))), Pass, "parent-100", ""},
		{"a stranger may not", "R12a", launch(with(order, fact("offeror_relation", "other"))), Fail, "", ""},
		{"non-convertible debt", "R12b", launch(order), Pass, "", ""},
		{"convertible debt", "R12b", launch(with(order, fact("convertible", "yes"))), Fail, "", ""},
		{"cash", "R12c", launch(order), Pass, "paid in cash", ""},
		{"qualified debt for the eligible", "R12c", launch(with(order, kind("exchange"), fact("consideration", "qualified-debt"), fact("restricted_to_eligible", "yes"))), Pass, "to eligible holders only", ""},
		{"qualified debt for everyone", "R12c", launch(with(order, kind("exchange"), fact("consideration", "qualified-debt"), fact("restricted_to_eligible", "no"))), Fail, "offered to everyone", ""},
		{"one factor for all tenders of a series", "R12d", launch(order), Pass, "one factor", ""},
		{"early tenders first is not pro rata", "R12d", launch(with(order, early("by 2026-07-08 17:00"), accepted(func(a *offer.Acceptance) { a.Order = "early-first" }))), Fail, "early tenders are accepted before late ones", ""},
		{"an auction is for a person", "R12d", launch(with(order, accepted(func(a *offer.Acceptance) { a.Order = "auction" }))), NeedsHuman, "bids decide", ""},
		{"rejecting a series whole is for a person", "R12d", launch(with(order, accepted(func(a *offer.Acceptance) { a.IfExceeded = "reject-and-stop" }))), NeedsHuman, "rejected whole", ""},
		{"small tenders first are for a person", "R12d", launch(with(order, accepted(func(a *offer.Acceptance) { a.SmallUpTo = "100000" }))), NeedsHuman, "up to 100000", ""},
		{"any and all has no factor", "R12d", launch(with(order, noCaps)), Pass, "nothing is prorated", ""},
		{"the factor will be announced", "R12e", launch(order), Pass, "", ""},
		{"the factor will not", "R12e", launch(with(order, fact("proration_announcement", "no"))), Fail, "needs reasonable efforts", ""},
		{"a change with ten days left is good by Regulation 14E itself", "R12g", then(launch(with(order, expires("by 2026-07-31 17:00"))), "2026-07-06 12:00", raisePrice), Pass, "", "by 2026-07-17 24:00"},
		{"a change with fewer is for a person", "R12g", then(launch(order), "2026-07-06 12:00", raisePrice), NeedsHuman, "was not confirmed", "by 2026-07-17 24:00"},
		{"what was not read is for a person", "R12h", launch(order), NeedsHuman, "was not read", ""},
		{"so the whole is never more than that", "R12", launch(order), NeedsHuman, "only if a person settles: R12h needs-human", ""},
		{"one condition fails", "R12", launch(with(order, fact("offeror_relation", "other"))), Fail, "R12a fail", "by 2026-07-31 24:00"},
		{"twenty days need no order", "R12", launch(with(order, expires("by 2026-07-31 24:00"))), Pass, "needs no relief", "by 2026-07-31 24:00"},

		// Equity.
		{"one price", "R8", launch(equity), Pass, "", ""},
		{"an early premium for shares", "R8", launch(with(equity, series(0, func(x *offer.Series) { x.Price = fixedPrice("19", "1") }))), Fail, "pays 1 more for early tenders", ""},
		{"twenty business days for shares", "R20", launch(equity), Pass, "", "by 2025-05-02 24:00"},
		{"nineteen: the rule is not confirmed, a person decides", "R20", launch(with(equity, expires("by 2025-05-01 24:00"))), NeedsHuman, "was not confirmed", "by 2025-05-02 24:00"},
		{"a higher price for shares with ten days left", "R20a", then(launch(equity), "2025-04-21 08:00", raisePrice), Pass, "", "by 2025-05-02 24:00"},
		{"with nine", "R20a", then(launch(equity), "2025-04-22 08:00", raisePrice), NeedsHuman, "Mon 5 May 2025", "by 2025-05-05 24:00"},
		{"withdrawal as long as the offer", "R21", launch(equity), Pass, "", ""},
		{"withdrawal that ends earlier", "R21", launch(with(equity, withdrawal("by 2025-05-01 24:00"))), Fail, "needs to last to expiration", ""},
		{"withdrawal that is not said", "R21", launch(with(equity, withdrawal(""))), NeedsHuman, "add dates.withdrawal", ""},
		{"odd lots first, then pro rata", "R22", launch(equity), Pass, "", ""},
		{"a hundred shares are no odd lot", "R22", launch(with(equity, accepted(func(a *offer.Acceptance) { a.SmallUpTo = "100" }))), NeedsHuman, "odd lots below 100 only", ""},
		{"all or none is not pro rata", "R22", launch(with(equity, accepted(func(a *offer.Acceptance) { a.IfExceeded = "reject-and-stop" }))), NeedsHuman, "needs pro rata", ""},
		{"attested", "R23", launch(equity), Pass, "", ""},
		{"not attested", "R23", launch(with(equity, fact("net_long_attested", "no"))), NeedsHuman, "needs an attestation", ""},
		{"commenced when the means to tender came out", "R24", launch(equity), Pass, "", ""},
		{"the means came out before", "R24", launch(with(equity, fact("means_published", "2025-04-04"))), Fail, "published on Fri 4 Apr 2025", ""},
		{"ten days for shares, from 16 April 2026", "R25", launch(with(equity, commenced("2026-05-04"), expires("by 2026-05-15 24:00"))), NeedsHuman, "shorter than twenty business days but not than ten", "by 2026-05-15 24:00"},
		{"nine are too short for that too", "R25", launch(with(equity, commenced("2026-05-04"), expires("by 2026-05-14 24:00"))), NeedsHuman, "needs to stay open to 24:00 on Fri 15 May 2026", "by 2026-05-15 24:00"},

		// Europe.
		{"six business days are usual", "R30", launch(euro), Pass, "business day 4 is Thu 18 Sep 2025", ""},
		{"three are short", "R30", launch(with(euro, expires("by 2025-09-17 16:00"))), Warn, "before business day 4, Thu 18 Sep 2025", ""},
		{"the late August holiday counts in London, not for TARGET", "R30", launch(with(euro, commenced("2025-08-22"), expires("by 2025-08-27 16:00"))), Warn, "Thu 28 Aug 2025", ""},
		{"for TARGET it is a day", "R30", launch(with(euro, func(t *offer.Terms) { t.ZoneName, t.Zone = "Europe/Paris", zone("Europe/Paris") }, commenced("2025-08-22"), expires("by 2025-08-27 16:00"))), Pass, "Wed 27 Aug 2025", ""},
		{"prices in thousandths of a percent", "R31", launch(euro), Pass, "", ""},
		{"a price to the cent per 1,000 is a whole number of thousandths of a percent", "R31", launch(with(euro, series(0, func(x *offer.Series) { x.Pricing, x.Price = nil, fixedPrice("932.55", "0") }))), Pass, "", ""}, // 93.255 %
		{"a price with half a cent", "R31", launch(with(euro, series(0, func(x *offer.Series) { x.Pricing, x.Price = nil, fixedPrice("932.555", "0") }))), Warn, "has a price of 932.555 per 1000", ""},
		{"a price rounded the American way", "R31", launch(with(euro, series(0, func(x *offer.Series) { x.Pricing = &offer.Pricing{Kind: "fixed-spread", Round: "cent-half-up"} }))), Warn, "rounds its price by cent-half-up", ""},

		// No law to judge by.
		{"no rule is dated for 1985", "R0", launch(with(l3, commenced("1985-03-01"))), NeedsHuman, `no rule of the set "us-14e" is dated for an offer commenced on 1985-03-01`, ""},
		{"a set that nobody knows", "R0", launch(with(l3, func(t *offer.Terms) { t.Rules = "us-15f" })), NeedsHuman, `"us-15f"`, ""},
	}
}

var (
	date0      = offer.Dates{}.Settlement
	noCaps     = func(t *offer.Terms) { t.Caps = nil }
	waived     = func(t *offer.Terms) { t.Conditions[0].Status = "waived" }
	raisePrice = series(0, func(x *offer.Series) { x.Price = fixedPrice("995", "0") })
)

func counts(what string) change { return func(t *offer.Terms) { t.Caps[0].Counts = what } }
func kind(what string) change   { return func(t *offer.Terms) { t.Kind = what } }

func maximumOf(a money.Amount) func(*offer.Series) {
	return func(x *offer.Series) { x.Maximum = &a }
}

func pricing(kind string) func(*offer.Series) {
	return func(x *offer.Series) { x.Pricing, x.Price = &offer.Pricing{Kind: kind}, offer.Consideration{} }
}

func TestVerdicts(t *testing.T) {
	for _, c := range claims() {
		f, ok := one(t, c.history, c.rule)
		if !ok {
			t.Errorf("%s: %s found nothing", c.claim, c.rule)
			continue
		}
		if f.Verdict != c.want || !strings.Contains(f.Why, c.why) {
			t.Errorf("%s\n %s: %s: %s\n want %s: ...%s...", c.claim, c.rule, f.Verdict, f.Why, c.want, c.why)
		}
		if got := orNone(f.Earliest.String()); c.earliest != "" && got != c.earliest {
			t.Errorf("%s: %s names %q as the earliest, want %q", c.claim, c.rule, got, c.earliest)
		}
		if f.Title == "" || f.Why == "" || len(f.Inputs) == 0 && c.rule != "R12h" || (f.InForce == "" || f.Citation == "") != (c.rule == "R0") {
			t.Errorf("%s: finding is not complete: %+v", c.claim, f)
		}
	}
}
