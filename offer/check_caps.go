package offer

import (
	"fmt"
	"slices"
	"strings"

	"tenderbook/money"
)

// Covers reports whether a cap covers a series.
func (k *Cap) Covers(id string) bool {
	if k.Series == nil {
		return !slices.Contains(k.Less, id)
	}
	return slices.Contains(k.Series, id)
}

func (c *checker) checkCaps() {
	first := map[string]int{}
	for i := range c.terms.Caps {
		k := &c.terms.Caps[i]
		c.checkUnique(first, k.Name, "cap", "caps", i, "name")
		if k.Amount.Currency.Code != "" && k.Amount.Minor == 0 {
			c.wrong(keys("caps", i, "amount"), "is zero", "an amount above zero", "")
		}
		c.checkScope(i, "series", k.Series)
		c.checkScope(i, "less", k.Less)
		c.checkNet(i, k)
		c.checkRates(i, k)
		c.checkNewNotesCap(i, k)
	}
	c.checkCycles()
}

// checkScope checks the ids that a cap names.
func (c *checker) checkScope(i int, key string, named []string) {
	if named != nil && len(named) == 0 && len(c.root.child("caps").items[i].child(key).items) == 0 {
		c.wrong(keys("caps", i, key), "names no series", "at least one id", "")
	}
	var known []string
	for _, s := range c.terms.Series {
		if s.ID != "" {
			known = append(known, s.ID)
		}
	}
	for j, id := range named {
		switch {
		case !slices.Contains(known, id):
			c.wrong(keys("caps", i, key, j), fmt.Sprintf("%q is not a series of this offer", id), "one of "+joined(known, "or"), didYouMean(id, known))
		case slices.Index(named, id) < j:
			c.wrong(keys("caps", i, key, j), fmt.Sprintf("%q is named twice", id), "each series once", "")
		}
	}
}

// checkNet checks a cap that is net of other series.
func (c *checker) checkNet(i int, k *Cap) {
	for j, id := range k.Less {
		if k.Series != nil && slices.Contains(k.Series, id) {
			c.wrong(keys("caps", i, "less", j), fmt.Sprintf("%q is covered by the cap too", id), "series outside it", "take it out of one of the two lists")
		}
	}
	if len(k.Less) > 0 && c.terms.Acceptance.Order == "auction" {
		c.wrong(keys("caps", i, "less"), "stands with order: auction, in which all series are served at once", "to be left out", "")
	}
	if k.Series == nil && len(c.terms.Series) > 0 && len(k.Less) >= len(c.terms.Series) {
		c.wrong(keys("caps", i, "less"), "names all series, so that the cap covers none", "fewer", "")
	}
}

// checkRates wants a rate into the cap's currency for every series in another
// that it covers or is net of.
func (c *checker) checkRates(i int, k *Cap) {
	if k.Amount.Currency.Code == "" {
		return
	}
	asked := map[string]bool{}
	for _, s := range c.terms.Series {
		if s.Currency.Code == "" || s.Currency == k.Amount.Currency || !k.Covers(s.ID) && !slices.Contains(k.Less, s.ID) {
			continue
		}
		pair := s.Currency.Code + "/" + k.Amount.Currency.Code
		if _, ok := c.terms.Rate(s.Currency, k.Amount.Currency); ok || asked[pair] || c.has("exchange_rates", pair) {
			continue
		}
		asked[pair] = true
		c.wrong(keys("caps", i, "amount"), fmt.Sprintf("is in %s and counts series %s in %s", k.Amount.Currency.Code, s.ID, s.Currency.Code),
			fmt.Sprintf("exchange_rates with %s: %s for one %s", pair, k.Amount.Currency.Code, s.Currency.Code), c.otherWay(s.Currency, k.Amount.Currency))
	}
}

func (c *checker) otherWay(from, to money.Currency) string {
	if _, ok := c.terms.Rate(to, from); !ok {
		return ""
	}
	return fmt.Sprintf("%s/%s is given: it is not turned round here, as that would round it", to.Code, from.Code)
}

// Rate finds the exchange rate from one currency to another, one to one for the
// same. It is not turned round.
func (t *Terms) Rate(from, to money.Currency) (money.Rate, bool) {
	if from == to || to == Shares { // a share is a share, whatever currency it is paid in
		return money.Rate{From: from, To: to, Value: money.DecimalOf(1, 0)}, true
	}
	for _, r := range t.Rates {
		if r.From == from && r.To == to {
			return r, true
		}
	}
	return money.Rate{}, false
}

// checkCycles finds caps that wait for each other: a series is served after all
// series that a cap over it is net of.
func (c *checker) checkCycles() {
	waits := map[string][]string{}
	for _, k := range c.terms.Caps {
		for _, s := range c.terms.Series {
			if k.Covers(s.ID) {
				waits[s.ID] = append(waits[s.ID], k.Less...)
			}
		}
	}
	for i, k := range c.terms.Caps {
		for j, id := range k.Less {
			if round := c.wayBack(waits, id, &k, []string{id}); round != nil {
				c.wrong(keys("caps", i, "less", j), fmt.Sprintf("goes round in a circle: %s", strings.Join(round, " before ")), "caps that do not wait for each other", "")
				return
			}
		}
	}
}

// wayBack follows what a series waits for until it meets one that the cap
// covers.
func (c *checker) wayBack(waits map[string][]string, id string, k *Cap, path []string) []string {
	for _, next := range waits[id] {
		if slices.Contains(path, next) {
			continue
		}
		on := append(slices.Clone(path), next)
		if k.Covers(next) {
			return append(on, id)
		}
		if round := c.wayBack(waits, next, k, on); round != nil {
			return round
		}
	}
	return nil
}
