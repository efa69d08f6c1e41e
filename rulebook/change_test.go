package rulebook

import (
	"strings"
	"testing"

	"tenderbook/calendar"
	"tenderbook/money"
	"tenderbook/offer"
)

func TestChanges(t *testing.T) {
	spread := with(level3(), series(0, func(x *offer.Series) {
		x.Price = offer.Consideration{}
		x.Pricing = &offer.Pricing{Kind: "fixed-spread", ReferenceSecurity: "UST 4.25% 2035", SpreadBP: decimal("80"), EarlyPayment: decimal("30"), To: "maturity"}
	}))
	respread := func(edit func(*offer.Pricing)) change {
		return series(0, func(x *offer.Series) {
			p := *x.Pricing
			edit(&p)
			x.Pricing = &p
		})
	}
	for _, tc := range []struct {
		claim string
		terms *offer.Terms
		edit  change
		want  string // kind: what; kind: what; "" means no change
	}{
		{"nothing", level3(), func(*offer.Terms) {}, ""},
		{"a title, a settlement date and a number of trailing zeros are nothing", level3(), func(t *offer.Terms) {
			t.Title, t.Dates.Settlement = "Offers", date("2004-12-03")
			t.Series[0].Price = fixedPrice("837.5", "20.00")
		}, ""},
		{"a price that is filled in at price determination is nothing", spread, series(0, func(x *offer.Series) { x.Price = fixedPrice("990", "30") }), ""},
		{"nor is the reference yield", spread, respread(func(p *offer.Pricing) { y := decimal("4.996"); p.ReferenceYield = &y }), ""},
		{"a satisfied condition is nothing", level3(), func(t *offer.Terms) { t.Conditions[0].Status = "satisfied" }, ""},
		{"an exchange rate is nothing: it is read at the time that the terms say", level3(), func(t *offer.Terms) { t.Rates[0].Value = decimal("1.30") }, ""},
		{"a cap", level3(), capOf(dollars(1_105_000_000)), "amount sought: Tender Cap from USD 450,000,000 to USD 1,105,000,000"},
		{"a cap that goes", level3(), noCaps, "amount sought: Tender Cap of USD 450,000,000 dropped"},
		{"a cap that comes", level3(), func(t *offer.Terms) {
			t.Caps = append(t.Caps, offer.Cap{Name: "Euro cap", Amount: euros(100_000_000), Counts: "principal", Series: []string{"10.75"}})
		}, "amount sought: Euro cap of EUR 100,000,000 added"},
		{"what a cap counts", level3(), counts("purchase-price"), "amount sought: Tender Cap counts from principal to purchase-price"},
		{"what a cap covers", level3(), func(t *offer.Terms) { t.Caps[0].Series = []string{"9.125", "11"} }, "amount sought: Tender Cap covers from all series to 9.125, 11"},
		{"what a cap is net of", level3(), func(t *offer.Terms) { t.Caps[0].Less = []string{"11"} }, "amount sought: Tender Cap is less from none to 11"},
		{"a maximum that goes", level3(), series(0, func(x *offer.Series) { x.Maximum = nil }), "amount sought: maximum of series 9.125 from USD 450,000,000 to none"},
		{"a series that goes", level3(), func(t *offer.Terms) { t.Series = t.Series[:3] }, "amount sought: series 10.75 taken out"},
		{"a series that comes", level3(), func(t *offer.Terms) {
			t.Series = append(t.Series, notes("12", 5, dollars(1_000_000), fixedPrice("900", "0")))
		}, "amount sought: series 12 taken in"},
		{"a price", level3(), series(1, func(x *offer.Series) { x.Price = fixedPrice("870", "20") }), "consideration: series 11 consideration from 867.5 late and 887.5 early per 1000 to 870 late and 890 early per 1000"},
		{"a fixed price that goes", level3(), series(1, func(x *offer.Series) { x.Price = offer.Consideration{} }), "consideration: series 11 consideration of 867.5 late and 887.5 early per 1000 taken away"},
		{"a spread", spread, respread(func(p *offer.Pricing) { p.SpreadBP = decimal("75") }), "consideration: series 9.125 pricing from fixed-spread, spread 80, over UST 4.25% 2035, early payment 30, to maturity to fixed-spread, spread 75, over UST 4.25% 2035, early payment 30, to maturity"},
		{"a level and a denomination", level3(), series(0, func(x *offer.Series) {
			x.Levels = []offer.Level{{Level: 1, UpTo: pointer(dollars(300_000_000))}, {Level: 5}}
			x.Minimum = dollars(2000)
		}), "other terms: series 9.125 level from 1 to 1 up to 300,000,000, 5; other terms: series 9.125 denomination from 1,000 and multiples of 1,000 to 2,000 and multiples of 1,000"},
		{"the withdrawal deadline", level3(), withdrawal("by 2004-11-12 17:00"), "other terms: withdrawal deadline from before 2004-11-12 17:00 to by 2004-11-12 17:00"},
		{"a later expiration", level3(), expires("by 2004-12-01 24:00"), "extension: expiration from by 2004-11-29 24:00 to by 2004-12-01 24:00"},
		{"an earlier one", level3(), expires("by 2004-11-29 17:00"), "other terms: expiration from by 2004-11-29 24:00 to by 2004-11-29 17:00"},
		{"a later one of one series", level3(), series(0, func(x *offer.Series) { x.Expiration = deadline("by 2004-12-03 17:00", newYork) }), "extension: series 9.125 expiration from by 2004-11-29 24:00 to by 2004-12-03 17:00"},
		{"a waived condition", level3(), waived, "other terms: condition financing waived"},
		{"conditions that come and go", level3(), func(t *offer.Terms) { t.Conditions = []offer.Condition{{ID: "minimum"}} }, "other terms: condition financing dropped; other terms: condition minimum added"},
		{"the order of acceptance", level3(), accepted(func(a *offer.Acceptance) { a.Order = "early-first" }), "other terms: order of acceptance from priority to early-first"},
		{"how bids are read", with(level3(), accepted(func(a *offer.Acceptance) { a.Auction = &offer.Auction{NoBid: "clearing", Pays: "bid", Prorate: "all"} })), accepted(func(a *offer.Acceptance) { a.Auction = nil }), "other terms: auction from clearing bid all to none"},
	} {
		var got []string
		for _, c := range Changes(tc.terms, with(tc.terms, tc.edit)) {
			got = append(got, c.Kind.String()+": "+c.What)
		}
		if g := strings.Join(got, "; "); g != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", tc.claim, g, tc.want)
		}
	}
}

func pointer(a money.Amount) *money.Amount { return &a }

func TestAChangeNamesTheSeriesItTouches(t *testing.T) {
	narrow := with(level3(), func(t *offer.Terms) { t.Caps[0].Series = []string{"9.125", "11"} })
	for _, tc := range []struct {
		claim string
		terms *offer.Terms
		edit  change
		want  string
	}{
		{"a cap over all", level3(), capOf(dollars(1)), "all series"},
		{"a cap over two", narrow, capOf(dollars(1)), "9.125, 11"},
		{"a cap that moves touches both sides", narrow, func(t *offer.Terms) { t.Caps[0].Series = []string{"11", "10.5"} }, "9.125, 11, 10.5"},
		{"a price", level3(), series(2, func(x *offer.Series) { x.Price = fixedPrice("1", "0") }), "10.5"},
		{"a deadline", level3(), early("by 2004-11-15 17:00"), "all series"},
	} {
		cs := Changes(tc.terms, with(tc.terms, tc.edit))
		if len(cs) != 1 || seriesText(cs[0].Series) != tc.want {
			t.Errorf("%s: %+v, want one change of %s", tc.claim, cs, tc.want)
		}
	}
}

func TestDeadlinesAreComparedByInstant(t *testing.T) {
	london := with(level3(), func(t *offer.Terms) {
		t.Dates.Expiration = deadline("by 2004-11-30 05:00", calendar.Deadline{}.At.Location()) // UTC
	})
	if cs := Changes(level3(), london); len(cs) != 0 {
		t.Errorf("24:00 in New York and 05:00 UTC are told apart: %+v", cs)
	}
}
