package rulebook

import (
	"testing"
	"time"

	"tenderbook/calendar"
	"tenderbook/money"
	"tenderbook/offer"
)

// A change edits terms that were copied for it.
type change func(*offer.Terms)

func dollars(n int64) money.Amount { return money.New(n*100, money.USD) }
func euros(n int64) money.Amount   { return money.New(n*100, money.EUR) }

func decimal(s string) money.Decimal {
	d, err := money.ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return d
}

func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

func deadline(s string, z *time.Location) calendar.Deadline {
	if s == "" {
		return calendar.Deadline{}
	}
	d, err := calendar.ParseDeadline(s, z)
	if err != nil {
		panic(err)
	}
	return d
}

func newYorkTime(s string) time.Time {
	t, err := calendar.ParseLocal(s, newYork)
	if err != nil {
		panic(err)
	}
	return t
}

// fixedPrice is a consideration per 1,000.
func fixedPrice(late, early string) offer.Consideration {
	total, err := decimal(late).Add(decimal(early))
	if err != nil {
		panic(err)
	}
	return offer.Consideration{Per: decimal("1000"), TenderOffer: decimal(late), EarlyPayment: decimal(early), Total: total}
}

func notes(id string, level int, outstanding money.Amount, price offer.Consideration) offer.Series {
	return offer.Series{
		ID: id, Title: id + "% Senior Notes", Levels: []offer.Level{{Level: level}}, Currency: outstanding.Currency, Outstanding: outstanding,
		Minimum: money.New(100_000, outstanding.Currency), Multiple: money.New(100_000, outstanding.Currency), Price: price,
	}
}

// level3 is the launch of 29 October 2004, as announced; the withdrawal
// deadline and the exchange rate are assumed.
func level3() *offer.Terms {
	capAt := func(x offer.Series, maximum money.Amount) offer.Series {
		x.Maximum = &maximum
		return x
	}
	return &offer.Terms{
		ID: "LVLT-2004", Kind: "cash-tender", Rules: "us-14e", ZoneName: "America/New_York", Zone: newYork,
		Commenced: date("2004-10-29"),
		Dates: offer.Dates{
			EarlyTender: deadline("before 2004-11-12 17:00", newYork),
			Withdrawal:  deadline("before 2004-11-12 17:00", newYork),
			Expiration:  deadline("by 2004-11-29 24:00", newYork),
			Settlement:  date("2004-12-02"),
		},
		Caps:       []offer.Cap{{Name: "Tender Cap", Amount: dollars(450_000_000), Counts: "principal"}},
		Rates:      []money.Rate{{From: money.EUR, To: money.USD, Value: decimal("1.2950")}},
		Acceptance: offer.Acceptance{Order: "priority", IfExceeded: "prorate"},
		Series: []offer.Series{
			capAt(notes("9.125", 1, dollars(1_203_652_000), fixedPrice("837.50", "20")), dollars(450_000_000)),
			capAt(notes("11", 2, dollars(362_036_000), fixedPrice("867.50", "20")), dollars(362_036_000)),
			notes("10.5", 3, dollars(409_462_000), fixedPrice("837.50", "20")),
			notes("10.75", 4, euros(320_826_000), fixedPrice("830", "20")),
		},
		Conditions: []offer.Condition{{ID: "financing", Kind: "financing", Waivable: true}},
		Facts:      map[string]string{"convertible": "no"},
	}
}

// fiveDay is an any-and-all offer for five business days from 7 July 2025, to
// which nothing is to be said: made up, on the dates of domain examples.
func fiveDay() *offer.Terms {
	return &offer.Terms{
		ID: "ANY-ALL", Kind: "cash-tender", Rules: "us-14e-five-day", ZoneName: "America/New_York", Zone: newYork,
		Commenced: date("2025-07-07"),
		Dates: offer.Dates{
			Withdrawal:         deadline("by 2025-07-11 17:00", newYork),
			Expiration:         deadline("by 2025-07-11 17:00", newYork),
			GuaranteedDelivery: deadline("by 2025-07-15 17:00", newYork), // Friday and two business days
			Settlement:         date("2025-07-16"),
		},
		Acceptance: offer.Acceptance{Order: "priority", IfExceeded: "prorate"},
		Series:     []offer.Series{notes("5", 1, dollars(500_000_000), fixedPrice("990", "0"))},
		Facts: map[string]string{
			"convertible": "no", "offeror_relation": "issuer", "exit_consent": "no", "financed_by_senior_debt": "no",
			"press_release": "2025-07-07 09:15", "press_release_link": "yes", "filing": "2025-07-07 11:30",
		},
	}
}

// byOrder is the same a year later, when the order of 30 June 2026 is in force,
// for less than all of the series.
func byOrder() *offer.Terms {
	t := fiveDay()
	t.Commenced = date("2026-07-06")
	t.Dates = offer.Dates{
		Withdrawal: deadline("by 2026-07-10 17:00", newYork), Expiration: deadline("by 2026-07-10 17:00", newYork),
		GuaranteedDelivery: deadline("by 2026-07-14 17:00", newYork), Settlement: date("2026-07-15"),
	}
	t.Caps = []offer.Cap{{Name: "Tender Cap", Amount: dollars(200_000_000), Counts: "principal"}}
	t.Facts["proration_announcement"] = "yes"
	return t
}

// shares is an offer of an issuer for its own equity: 1,000,000 shares, each
// counted as a dollar of principal.
func shares() *offer.Terms {
	return &offer.Terms{
		ID: "EQUITY", Kind: "cash-tender", Rules: "us-13e-4", ZoneName: "America/New_York", Zone: newYork,
		Commenced: date("2025-04-07"),
		Dates: offer.Dates{
			Withdrawal: deadline("by 2025-05-02 24:00", newYork), Expiration: deadline("by 2025-05-02 24:00", newYork), Settlement: date("2025-05-06"),
		},
		Caps:       []offer.Cap{{Name: "Shares sought", Amount: dollars(100_000), Counts: "principal"}},
		Acceptance: offer.Acceptance{Order: "priority", IfExceeded: "prorate", SmallUpTo: "99"},
		Series:     []offer.Series{notes("common", 1, dollars(1_000_000), fixedPrice("20", "0"))},
		Facts:      map[string]string{"net_long_attested": "yes", "means_published": "2025-04-07"},
	}
}

// european is an offer by the custom of London, with made-up terms: open from
// Monday 15 to Monday 22 September 2025.
func european() *offer.Terms {
	london := zone("Europe/London")
	return &offer.Terms{
		ID: "EURO", Kind: "cash-tender", Rules: "uk-eu-debt", ZoneName: "Europe/London", Zone: london,
		Commenced: date("2025-09-15"),
		Dates:     offer.Dates{Expiration: deadline("by 2025-09-22 16:00", london), Settlement: date("2025-09-25")},
		Caps:      []offer.Cap{{Name: "Maximum", Amount: euros(300_000_000), Counts: "purchase-price"}},
		Series: []offer.Series{{
			ID: "2.5", Title: "2.5% Notes", Levels: []offer.Level{{Level: 1}}, Currency: money.EUR, Outstanding: euros(500_000_000),
			Pricing: &offer.Pricing{Kind: "fixed-spread", SpreadBP: decimal("120"), Round: "percent-0.001"},
		}},
	}
}

// with copies terms and edits the copy.
func with(t *offer.Terms, edits ...change) *offer.Terms {
	c := *t
	c.Caps = append([]offer.Cap(nil), t.Caps...)
	c.Series = append([]offer.Series(nil), t.Series...)
	c.Conditions = append([]offer.Condition(nil), t.Conditions...)
	c.Facts = map[string]string{}
	for k, v := range t.Facts {
		c.Facts[k] = v
	}
	for _, e := range edits {
		e(&c)
	}
	return &c
}

func fact(key, value string) change { return func(t *offer.Terms) { t.Facts[key] = value } }
func without(key string) change     { return func(t *offer.Terms) { delete(t.Facts, key) } }

func expires(s string) change {
	return func(t *offer.Terms) { t.Dates.Expiration = deadline(s, t.Zone) }
}

func early(s string) change {
	return func(t *offer.Terms) { t.Dates.EarlyTender = deadline(s, t.Zone) }
}

func withdrawal(s string) change {
	return func(t *offer.Terms) { t.Dates.Withdrawal = deadline(s, t.Zone) }
}

func delivery(s string) change {
	return func(t *offer.Terms) { t.Dates.GuaranteedDelivery = deadline(s, t.Zone) }
}

func settles(s string) change { return func(t *offer.Terms) { t.Dates.Settlement = date(s) } }

func commenced(s string) change { return func(t *offer.Terms) { t.Commenced = date(s) } }

func capOf(amount money.Amount) change {
	return func(t *offer.Terms) { t.Caps[0].Amount = amount }
}

func accepted(edit func(*offer.Acceptance)) change {
	return func(t *offer.Terms) { edit(&t.Acceptance) }
}

func series(i int, edit func(*offer.Series)) change {
	return func(t *offer.Terms) { edit(&t.Series[i]) }
}

func condition(c offer.Condition) change {
	return func(t *offer.Terms) { t.Conditions = append(t.Conditions, c) }
}

// launch is a history of one version.
func launch(t *offer.Terms) []Version { return []Version{{Terms: t}} }

// then adds a version to a history, noticed at a New York time.
func then(h []Version, notice string, edits ...change) []Version {
	last := h[len(h)-1].Terms
	return append(h[:len(h):len(h)], Version{newYorkTime(notice), with(last, edits...)})
}

// one is the finding of a rule, about a change where there are several.
func one(t *testing.T, h []Version, rule string) (Finding, bool) {
	t.Helper()
	var found Finding
	n := 0
	for _, f := range Check(h) {
		if f.Rule == rule {
			found = f
			n++
		}
	}
	if n > 1 {
		t.Errorf("%s found %d things, want one", rule, n)
	}
	return found, n > 0
}
