package offer

import "fmt"

// checkAcceptance asks for the choices that matter for these terms. A choice
// that real offers make differently has no silent default: see
// docs/offer-file.md.
func (c *checker) checkAcceptance() {
	a := &c.terms.Acceptance
	if c.canCut() {
		c.mustSay("order", a.Order)
		c.mustSay("leftover", a.Leftover)
	}
	if c.canCut() && c.canLeaveStub() {
		c.mustSay("stub", a.Stub)
	}
	if len(c.terms.Caps) > 0 && a.Order != "auction" {
		c.mustSay("if_exceeded", a.IfExceeded)
	}
	c.checkAuction(a)
	c.checkSideBySide()
	if a.Order == "priority" && !c.terms.Dates.EarlySettlement.IsZero() {
		c.wrong(keys("dates", "early_settlement"), "stands with acceptance.order: priority, under which a late tender of a better level comes before an early one", "order: early-first, or no early settlement",
			"nothing can be accepted before expiration while level beats time")
	}
	if a.SmallUpTo != "" {
		c.checkSmall()
	}
}

// canCut reports whether any tender could be accepted in part.
func (c *checker) canCut() bool {
	if c.has("caps") && len(c.terms.Caps) > 0 {
		return true
	}
	for i, s := range c.terms.Series {
		if s.Maximum != nil || len(s.Levels) > 1 || c.has("series", i, "maximum") {
			return true
		}
	}
	return false
}

// canLeaveStub reports whether a cut could leave less than a minimum
// denomination.
func (c *checker) canLeaveStub() bool {
	for _, s := range c.terms.Series {
		if s.Minimum.Minor > s.Multiple.Minor {
			return true
		}
	}
	return false
}

func (c *checker) mustSay(key, value string) {
	if value == "" && !c.has("acceptance", key) {
		c.missing(keys("acceptance", key), acceptanceKeys.doc(key), "choose "+oneOf(acceptanceKeys.wordsOf(key))+": offers differ, so there is no default")
	}
}

func (g group[T]) wordsOf(key string) []string {
	return g[indexOf(g, func(f *field[T]) bool { return f.key == key })].value.shape.words
}

func (c *checker) checkAuction(a *Acceptance) {
	switch {
	case a.Order == "auction" && !c.has("acceptance", "auction"):
		c.missing(keys("acceptance", "auction"), "the rules of the auction: no_bid, pays, prorate", "")
	case a.Order != "auction" && a.Order != "" && a.Auction != nil:
		c.wrong(keys("acceptance", "auction"), fmt.Sprintf("stands with order: %s", a.Order), "order: auction", "")
	}
	if a.Order == "auction" && a.IfExceeded != "" && a.IfExceeded != "prorate" {
		c.wrong(keys("acceptance", "if_exceeded"), fmt.Sprintf("%q stands with order: auction, which prorates at the clearing bid", a.IfExceeded), `"prorate", or to be left out`, "")
	}
}

// checkSmall wants the bound of small tenders to be exact in every currency.
func (c *checker) checkSmall() {
	for _, s := range c.terms.Series {
		if s.Currency.Code == "" {
			continue
		}
		if _, err := parseMoney(s.Currency.Code + " " + c.terms.Acceptance.SmallUpTo); err != nil {
			c.wrong(keys("acceptance", "small", "up_to"), fmt.Sprintf("%s has more decimals than %s, the currency of series %s", c.terms.Acceptance.SmallUpTo, s.Currency.Code, s.ID), "an amount of every currency", "")
			return
		}
	}
}

// fillDefaults writes out what the file may leave to the reader.
func (t *Terms) fillDefaults() {
	set := func(s *string, word string) {
		if *s == "" {
			*s = word
		}
	}
	a := &t.Acceptance
	set(&a.Order, "priority") // only where nothing can be cut
	set(&a.IfExceeded, "prorate")
	set(&a.MaximumExceeded, "prorate")
	set(&a.ProrateBy, "instruction")
	set(&a.Leftover, "unused") // only where nothing can be cut
	set(&a.Remainder, "lost")
	set(&a.Stub, "ignore") // only where no stub can arise
	set(&a.Changed, "new-time")
	set(&t.Payment.PayBy, "instruction")
	set(&t.Payment.RoundInterest, "per-payment")
	for i := range t.Series {
		if len(t.Series[i].Levels) == 0 {
			t.Series[i].Levels = []Level{{Level: 1}}
		}
	}
}
