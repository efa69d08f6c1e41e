package offer

import (
	"fmt"
	"math/big"
	"time"

	"tenderbook/calendar"
	"tenderbook/money"
)

// warn says what is allowed and looks wrong. The terms are complete here.
func (c *checker) warn() {
	c.warnDays()
	c.warnReferences()
	for i := range c.terms.Caps {
		c.warnCap(i, &c.terms.Caps[i])
	}
	for i := range c.terms.Series {
		s := &c.terms.Series[i]
		c.warnMaximum(i, s)
		c.warnPrice(i, s)
		c.warnAnnounced(i, s)
		c.warnCodes(i, s)
		if c.terms.Kind == "exchange" && s.NewNotes == nil {
			c.doubt(keys("series", i), "does not say which new notes holders get", "", "write new_notes: {title: ...}")
		}
		if c.terms.Kind != "consent" && s.Unit == "" && !c.has("series", i, "interest") {
			c.doubt(keys("series", i), "has no interest, so that no accrued interest is paid", "", `write interest: {coupon: 0, day_count: 30/360, dates: []} if that is meant`)
		}
	}
}

// longestWait is how many days after expiration settlement is expected without
// a second look.
const longestWait = 30

func (c *checker) warnDays() {
	d := c.terms.Dates
	for _, day := range []struct {
		key string
		at  calendar.Deadline
	}{{"early_tender", d.EarlyTender}, {"withdrawal", d.Withdrawal}, {"expiration", d.Expiration}} {
		if date := day.at.Date(); !day.at.IsZero() && (date.Weekday() == time.Saturday || date.Weekday() == time.Sunday) {
			c.doubt(keys("dates", day.key), fmt.Sprintf("%s is a %s", date, date.Weekday()), "", "")
		}
	}
	if wait := d.Settlement.DaysSince(d.Expiration.Date()); wait > longestWait {
		c.doubt(keys("dates", "settlement"), fmt.Sprintf("%s is %d days after expiration", d.Settlement, wait), "", "")
	}
	c.warnHoliday("early_settlement", d.EarlySettlement)
	c.warnHoliday("settlement", d.Settlement)
}

// settlementCalendars are the days on which notes of a currency are settled.
var settlementCalendars = map[string]*calendar.Calendar{"USD": calendar.SIFMA, "EUR": calendar.TARGET, "GBP": calendar.London}

// warnHoliday looks a settlement day up in the calendar of each currency.
func (c *checker) warnHoliday(key string, d calendar.Date) {
	seen := map[string]bool{}
	for _, s := range c.terms.Series {
		days := settlementCalendars[s.Currency.Code]
		if d.IsZero() || days == nil || seen[s.Currency.Code] {
			continue
		}
		seen[s.Currency.Code] = true
		if name, err := days.Holiday(d); err == nil && name != "" {
			c.doubt(keys("dates", key), fmt.Sprintf("%s is %s, on which notes in %s do not settle", d, name, s.Currency.Code), "", "")
		}
	}
}

// warnCap finds caps on principal that can never be reached.
func (c *checker) warnCap(i int, k *Cap) {
	if k.countsMoney() || len(k.Less) > 0 {
		return
	}
	all := new(big.Rat)
	for _, s := range c.terms.Series {
		if !k.Covers(s.ID) {
			continue
		}
		rate, _ := c.terms.Rate(s.Currency, k.Amount.Currency)
		all.Add(all, new(big.Rat).Mul(rate.Minor(), new(big.Rat).SetInt64(s.Outstanding.Minor)))
	}
	if new(big.Rat).SetInt64(k.Amount.Minor).Cmp(all) <= 0 {
		return
	}
	if minor, err := money.RoundRat(all, money.HalfUp); err == nil {
		c.doubt(keys("caps", i, "amount"), fmt.Sprintf("%s %s is more than all that is outstanding under it, %s", k.Amount.Currency.Code, k.Amount.Grouped(), money.New(minor, k.Amount.Currency).Grouped()), "",
			"the cap can never be reached")
	}
}

func (c *checker) warnMaximum(i int, s *Series) {
	switch {
	case s.Maximum == nil:
	case s.Maximum.Minor > s.Outstanding.Minor:
		c.doubt(keys("series", i, "maximum"), fmt.Sprintf("%s is more than the %s outstanding", s.Maximum.Grouped(), s.Outstanding.Grouped()), "", "leave it out where all of the series may be accepted")
	case s.Maximum.Minor == 0:
		c.doubt(keys("series", i, "maximum"), "is zero, so that nothing of the series is accepted", "", "")
	}
}

// warnPrice finds prices that were typed for another amount of principal.
func (c *checker) warnPrice(i int, s *Series) {
	if s.Price.Per.Sign() <= 0 || s.Unit != "" || c.terms.Kind == "consent" {
		return
	}
	part := new(big.Rat).Quo(s.Price.Total.Rat(), s.Price.Per.Rat())
	switch {
	case part.Cmp(big.NewRat(5, 2)) > 0:
		c.doubt(keys("series", i, "consideration", "total"), fmt.Sprintf("%s for %s is more than two and a half times the principal", s.Price.Total, s.Price.Per), "", "is per right?")
	case part.Cmp(big.NewRat(1, 8)) < 0:
		c.doubt(keys("series", i, "consideration", "total"), fmt.Sprintf("%s for %s is less than an eighth of the principal", s.Price.Total, s.Price.Per), "", "is per right? percentages are per: 100")
	}
}

// warnAnnounced compares a price that was announced with the one that follows
// from the yield.
func (c *checker) warnAnnounced(i int, s *Series) {
	if s.Pricing == nil || s.Price.Per.Sign() <= 0 {
		return
	}
	byYield := *s
	byYield.Price = Consideration{}
	follows, err := byYield.PriceAt(false, c.terms.Settlements())
	stated := new(big.Rat).Quo(s.Price.Total.Rat(), s.Price.Per.Rat())
	if err == nil && follows.PerUnit().Cmp(stated) != 0 {
		c.doubt(keys("series", i, "consideration", "total"), fmt.Sprintf("%s for %s is stated, %s for %s follows from the pricing", s.Price.Total, s.Price.Per, follows.Amount, follows.Per), "", "the stated price is used")
	}
}

// warnCodes finds US ISINs whose CUSIP is not among those of the series.
func (c *checker) warnCodes(i int, s *Series) {
	if len(s.CUSIPs) == 0 {
		return
	}
	for j, isin := range s.ISINs {
		if isin[:2] == "US" && indexOf(s.CUSIPs, func(code *string) bool { return *code == isin[2:11] }) < 0 {
			c.doubt(keys("series", i, "identifiers", "isin", j), fmt.Sprintf("%q holds the CUSIP %s, which is not among those of the series", isin, isin[2:11]), "", "")
		}
	}
}
