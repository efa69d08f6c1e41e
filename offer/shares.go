package offer

import (
	"fmt"
	"strings"

	"tenderbook/money"
)

// Shares is the currency of caps that count shares: one unit is one share. It is
// no ISO 4217 code and stands nowhere but in such caps. The shares of a series
// themselves are counted in the minor units of the currency that pays for them,
// as principal is, so that a price is the same for both.
var Shares = money.Currency{Code: "shares"}

// QuotedFor is the principal, or the number of shares, that bids and reference
// prices of the series are for: 1,000, or 1 share.
func (s *Series) QuotedFor() money.Decimal {
	if s.Unit == "shares" {
		return money.DecimalOf(1, 0)
	}
	return money.DecimalOf(1000, 0)
}

func (k *Cap) countsMoney() bool {
	return k.Counts == "purchase-price" || k.Counts == "purchase-price-and-interest" || k.Counts == "new-notes"
}

// capAmount is the amount of a cap: money, or shares.
func capAmount[T any](to func(*T) *money.Amount) value[T] {
	return scalarOf(shape{kind: "cap-amount"}, to, func(r *reader, n *node) (money.Amount, error) {
		if digits, ok := strings.CutSuffix(n.text, " shares"); ok {
			return parseShares(n.text, strings.TrimSpace(digits))
		}
		return parseMoney(n.text)
	}, func(_ *T, a money.Amount) []line {
		switch a.Currency {
		case money.Currency{}:
			return nil
		case Shares:
			return []line{{text: a.Grouped() + " shares", same: a.String() + " shares"}}
		}
		return []line{{text: a.Currency.Code + " " + a.Grouped(), same: a.Currency.Code + " " + a.String()}}
	})
}

func parseShares(text, digits string) (money.Amount, error) {
	const needed = "a whole number of shares, such as 6,500,000 shares"
	d, err := parseDecimal(digits)
	if err != nil {
		return money.Amount{}, err
	}
	if d.Sign() < 0 || d.Scale() > 0 {
		return money.Amount{}, wrong{quote(text) + " is not a number of shares", needed, ""}
	}
	return money.ParseAmount(digits, Shares)
}

// checkShares keeps shares and notes apart.
func (c *checker) checkShares() {
	inShares := map[string]bool{}
	for i, s := range c.terms.Series {
		inShares[s.ID] = s.Unit == "shares"
		if s.Unit != c.terms.Series[0].Unit {
			c.wrong(keys("series", i), fmt.Sprintf("counts %s, series %s counts %s", unitWord(s.Unit), c.terms.Series[0].ID, unitWord(c.terms.Series[0].Unit)), "one unit for all series", "")
			return
		}
		if s.Unit == "shares" {
			c.checkShareSeries(i, &s)
		}
	}
	for i, k := range c.terms.Caps {
		c.checkShareCap(i, &k, inShares)
	}
}

// oneShare is a share in the minor units that amounts of the series are in.
func oneShare(s *Series) int64 {
	one := int64(1)
	for range s.Multiple.Currency.Digits {
		one *= 10
	}
	return one
}

func unitWord(unit string) string {
	if unit == "" {
		return "principal"
	}
	return unit
}

// checkShareSeries refuses what only notes have, and parts of a share.
func (c *checker) checkShareSeries(i int, s *Series) {
	for _, key := range []string{"interest", "maturity", "principal", "new_notes"} {
		if c.has("series", i, key) {
			c.wrong(keys("series", i, key), "stands with unit: shares", "to be left out", "")
		}
	}
	if s.Pricing != nil && (s.Pricing.Kind == "fixed-spread" || s.Pricing.Kind == "auction-spread") {
		c.wrong(keys("series", i, "pricing", "kind"), fmt.Sprintf("%q stands with unit: shares, which have no yield", s.Pricing.Kind), "auction-price or reference-price, or a consideration", "")
	}
	if s.Multiple.Currency.Code != "" && s.Multiple.Minor%oneShare(s) != 0 {
		c.wrong(keys("series", i, "denomination", "multiple"), fmt.Sprintf("%s is not a whole number of shares", s.Multiple.Grouped()), "1, or another whole number", "")
	}
}

// checkShareCap wants caps to count what their amount is in.
func (c *checker) checkShareCap(i int, k *Cap, inShares map[string]bool) {
	amountInShares := k.Amount.Currency == Shares
	switch {
	case k.Counts == "" || k.Amount.Currency.Code == "":
		return
	case k.Counts == "shares" && !amountInShares:
		c.wrong(keys("caps", i, "amount"), fmt.Sprintf("is in %s, and the cap counts shares", k.Amount.Currency.Code), "a number of shares, such as 6,500,000 shares", "")
		return
	case k.Counts != "shares" && amountInShares:
		c.wrong(keys("caps", i, "counts"), fmt.Sprintf("%q stands with an amount in shares", k.Counts), `"shares"`, "")
		return
	}
	for _, s := range c.terms.Series {
		switch {
		case !k.Covers(s.ID) || s.ID == "":
		case amountInShares && !inShares[s.ID]:
			c.wrong(keys("caps", i, "counts"), fmt.Sprintf("%q, but series %s is in principal", k.Counts, s.ID), `"principal", or unit: shares for the series`, "")
			return
		case k.Counts == "principal" && inShares[s.ID]:
			c.wrong(keys("caps", i, "counts"), fmt.Sprintf("%q, but series %s is in shares", k.Counts, s.ID), `"shares", with an amount such as 6,500,000 shares`, "")
			return
		}
	}
}
