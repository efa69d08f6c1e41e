package offer

import (
	"fmt"
	"math/big"
	"strings"

	"tenderbook/money"
)

// The numbers of a file go from its characters to exact decimals.

// decimal is an exact number.
func decimal[T any](to func(*T) *money.Decimal) value[T] {
	return scalarOf(shape{kind: "number"}, to, func(r *reader, n *node) (money.Decimal, error) {
		return parseDecimal(n.text)
	}, func(_ *T, d money.Decimal) []line { return showDecimal(d) })
}

// optional is a number that may be unset.
func optional[T any](to func(*T) **money.Decimal) value[T] {
	return scalarOf(shape{kind: "number"}, to, func(r *reader, n *node) (*money.Decimal, error) {
		d, err := parseDecimal(n.text)
		return &d, err
	}, func(_ *T, d *money.Decimal) []line {
		if d == nil {
			return nil
		}
		return []line{{text: d.String(), same: plainest(*d)}}
	})
}

// plainNumber is a number above zero that is kept as it was written.
func plainNumber[T any](to func(*T) *string) value[T] {
	return scalarOf(shape{kind: "number"}, to, func(r *reader, n *node) (string, error) {
		d, err := parseDecimal(n.text)
		if err == nil && d.Sign() <= 0 {
			err = wrong{quote(n.text) + " is too small", "a number above zero", ""}
		}
		return d.String(), err
	}, func(_ *T, s string) []line { return showText(s) })
}

func parseDecimal(s string) (money.Decimal, error) {
	d, err := money.ParseDecimal(s)
	if err == nil {
		return d, nil
	}
	if digits := strings.NewReplacer(",", "", "_", "", ".", "", "-", "").Replace(s); len(digits) > 18 && strings.Trim(digits, "0123456789") == "" {
		return d, wrong{fmt.Sprintf("%s has %d digits", quote(s), len(digits)), "at most 18", ""}
	}
	return d, wrong{quote(s) + " is not a number", "digits, such as 837.50 or 1,203,652,000", numberHint(s)}
}

// numberHint recognises percent signs, European commas and words behind digits.
func numberHint(s string) string {
	switch trimmed := strings.TrimRight(strings.TrimSpace(s), " %"); {
	case trimmed != s && looksNumeric(trimmed):
		return fmt.Sprintf("did you mean %s?", trimmed)
	case strings.Count(s, ",") == 1 && !strings.Contains(s, ".") && looksNumeric(strings.Replace(s, ",", ".", 1)):
		return fmt.Sprintf("did you mean %s? decimals stand behind a point, commas part thousands", strings.Replace(s, ",", ".", 1))
	}
	number, word, _ := strings.Cut(s, " ")
	if zeros := map[string]int64{"million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9}[strings.ToLower(word)]; zeros > 0 && looksNumeric(number) {
		return writtenOut(number, zeros)
	}
	if _, amount, ok := strings.Cut(s, " "); ok && looksNumeric(amount) {
		return fmt.Sprintf("did you mean %s? the currency is named once, for the series", amount)
	}
	if strings.ContainsAny(s, "eE") && looksNumeric(strings.NewReplacer("e", "", "E", "", "+", "").Replace(s)) {
		return "write all digits out: a power of ten has lost some"
	}
	return ""
}

// writtenOut turns 300 million into its digits.
func writtenOut(number string, times int64) string {
	d, _ := money.ParseDecimal(number)
	all, err := money.RoundDecimal(new(big.Rat).Mul(d.Rat(), new(big.Rat).SetInt64(times)), 0, money.Exact)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("did you mean %s?", money.Group(all.String()))
}

func looksNumeric(s string) bool {
	_, err := money.ParseDecimal(s)
	return err == nil
}

func showDecimal(d money.Decimal) []line {
	if d.Sign() == 0 {
		return nil
	}
	return []line{{text: d.String(), same: plainest(d)}}
}

// plainest writes equal values alike: 837.50 as 837.5.
func plainest(d money.Decimal) string {
	s := d.String()
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// amount is an amount in the series' currency.
func amount[T any](to func(*T) *money.Amount) value[T] {
	return scalarOf(shape{kind: "amount"}, to, parseSeriesAmount, func(_ *T, a money.Amount) []line { return showAmount(&a) })
}

// optionalAmount is an amount that may be unset.
func optionalAmount[T any](to func(*T) **money.Amount) value[T] {
	return scalarOf(shape{kind: "amount"}, to, func(r *reader, n *node) (*money.Amount, error) {
		a, err := parseSeriesAmount(r, n)
		return &a, err
	}, func(_ *T, a *money.Amount) []line { return showAmount(a) })
}

func parseSeriesAmount(r *reader, n *node) (money.Amount, error) {
	d, err := parseDecimal(n.text)
	if err != nil {
		return money.Amount{}, err
	}
	if d.Sign() < 0 {
		return money.Amount{}, wrong{quote(n.text) + " is below zero", "an amount", ""}
	}
	if r.currency.Code == "" { // a problem of its own, or in another file
		return money.Amount{}, nil
	}
	a, err := money.ParseAmount(n.text, r.currency)
	if err != nil {
		return a, wrong{err.Error(), "an amount in " + r.currency.Code, ""}
	}
	return a, nil
}

func showAmount(a *money.Amount) []line {
	if a == nil || a.Currency.Code == "" {
		return nil
	}
	return []line{{text: a.Grouped(), same: a.String()}}
}

func parseMoney(s string) (money.Amount, error) {
	const needed = "a currency and an amount, such as USD 450,000,000"
	code, digits, ok := strings.Cut(s, " ")
	if !ok {
		hint := ""
		if looksNumeric(s) {
			hint = fmt.Sprintf("did you mean \"USD %s\"?", s)
		}
		return money.Amount{}, wrong{quote(s) + " does not name both", needed, hint}
	}
	c, err := parseCurrency(code)
	if err != nil {
		return money.Amount{}, err
	}
	digits = strings.TrimSpace(digits)
	d, err := parseDecimal(digits)
	if err != nil {
		return money.Amount{}, err
	}
	if d.Sign() < 0 {
		return money.Amount{}, wrong{quote(s) + " is below zero", needed, ""}
	}
	a, err := money.ParseAmount(digits, c)
	if err != nil {
		return a, wrong{err.Error(), "an amount in " + c.Code, ""}
	}
	return a, nil
}

// currency is an ISO 4217 code. It sets the currency of the amounts beside it.
func currency[T any](to func(*T) *money.Currency) value[T] {
	return scalarOf(shape{kind: "currency"}, to, func(r *reader, n *node) (money.Currency, error) {
		c, err := parseCurrency(n.text)
		r.currency = c
		return c, err
	}, func(_ *T, c money.Currency) []line { return showText(c.Code) })
}

var currencySigns = map[string]string{"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "EURO": "EUR", "RMB": "CNY"}

func parseCurrency(code string) (money.Currency, error) {
	c, err := money.ParseCurrency(code)
	if err == nil {
		return c, nil
	}
	hint := ""
	if iso, ok := currencySigns[strings.ToUpper(code)]; ok {
		hint = fmt.Sprintf("did you mean %q?", iso)
	} else if _, upper := money.ParseCurrency(strings.ToUpper(code)); upper == nil {
		hint = fmt.Sprintf("did you mean %q?", strings.ToUpper(code))
	}
	return c, wrong{quote(code) + " is not a currency", "an ISO 4217 code, such as USD", hint}
}
