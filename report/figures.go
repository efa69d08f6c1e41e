package report

import (
	"math/big"
	"strconv"
	"strings"

	"tenderbook/money"
	"tenderbook/offer"
)

// marks are the signs that say one currency and no other. All others are
// marked by their code.
var marks = map[string]string{"USD": "$", "EUR": "€", "GBP": "£"}

// mark is what stands before an amount: "$", "€" or "CHF ".
func mark(c money.Currency) string {
	if m, ok := marks[c.Code]; ok {
		return m
	}
	if inShares(c) {
		return ""
	}
	return c.Code + " "
}

// notes is what amounts of notes are shown in: their currency, or, in an offer
// for shares, shares, which are counted in its minor units too.
func (v *view) notes(c money.Currency) money.Currency {
	if v.words.inShares {
		return money.Currency{Code: offer.Shares.Code, Digits: c.Digits}
	}
	return c
}

func inShares(c money.Currency) bool { return c.Code == offer.Shares.Code }

// counted puts the word behind a number of shares.
func counted(s string, c money.Currency) string {
	switch {
	case !inShares(c):
		return s
	case s == "1":
		return s + " share"
	}
	return s + " shares"
}

// principalText is an amount of notes for people: "$249,457,000", or "6,500,000
// shares".
func principalText(minor int64, c money.Currency) string {
	return counted(signed(minor, c, money.Amount.Grouped), c)
}

// cashText is an amount of money for people: "$353,290.00".
func cashText(minor int64, c money.Currency) string {
	return signed(minor, c, money.Amount.GroupedFull)
}

// signed puts the mark of the currency between the sign and the digits.
func signed(minor int64, c money.Currency, digits func(money.Amount) string) string {
	s := digits(money.New(minor, c))
	if rest, negative := strings.CutPrefix(s, "-"); negative {
		return "−" + mark(c) + rest
	}
	return mark(c) + s
}

func principalCell(minor int64, c money.Currency) Cell {
	return Cell{signed(minor, c, money.Amount.Grouped), money.New(minor, c).String()}
}

func cashCell(minor int64, c money.Currency) Cell {
	return Cell{cashText(minor, c), money.New(minor, c).String()}
}

// priceCell shows a price per so much principal with at least the decimals of
// its currency.
func priceCell(d money.Decimal, c money.Currency) Cell {
	return Cell{mark(c) + money.Group(padDecimals(d, c.Digits)), padDecimals(d, c.Digits)}
}

func padDecimals(d money.Decimal, digits int) string {
	s := d.String()
	if d.Scale() >= digits {
		return s
	}
	if d.Scale() == 0 {
		s += "."
	}
	return s + strings.Repeat("0", digits-d.Scale())
}

func countCell(n int64) Cell {
	s := strconv.FormatInt(n, 10)
	return Cell{money.Group(s), s}
}

// percentText gives a share as a percentage with so many decimals, rounded
// half up. What is not all is never shown as 100, and what is something never
// as 0: a reader who sees 100 % may rely on it.
func percentText(x *big.Rat, decimals int) string {
	if x.IsInt() {
		return percentDigits(x, 0) + "%"
	}
	one := big.NewRat(1, 1)
	s := percentDigits(x, decimals)
	unit := smallest(decimals)
	switch {
	case x.Cmp(one) < 0 && s == percentDigits(one, decimals):
		return strings.Repeat("9", 2) + "." + strings.Repeat("9", decimals) + "%"
	case x.Sign() > 0 && s == percentDigits(new(big.Rat), decimals):
		return "<" + unit + "%"
	}
	return s + "%"
}

func percentDigits(x *big.Rat, decimals int) string {
	return roundedRat(new(big.Rat).Mul(x, big.NewRat(100, 1)), decimals)
}

// smallest is one unit of the last decimal: 0.0001.
func smallest(decimals int) string { return "0." + strings.Repeat("0", decimals-1) + "1" }

// percentCell shows a share of a whole and gives it to machines as a percentage
// with so many decimals. A whole of nothing has no share.
func percentCell(part, whole *big.Rat, decimals int) Cell {
	if whole.Sign() <= 0 {
		return none
	}
	x := new(big.Rat).Quo(part, whole)
	return Cell{percentText(x, decimals), percentDigits(x, decimals)}
}

// factorCell shows a factor to four decimals of a percent: "41.2470%".
func factorCell(f *big.Rat) Cell {
	if f == nil {
		return none
	}
	return Cell{percentText(f, 4), percentDigits(f, 4)}
}

// roundedRat is the decimal of a ratio, rounded half up (away from zero).
func roundedRat(x *big.Rat, decimals int) string { return x.FloatString(decimals) }

// cutRat is the decimal of a ratio that is not negative, cut after so many
// decimals.
func cutRat(x *big.Rat, decimals int) string {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
	n := new(big.Int).Mul(x.Num(), scale)
	n.Quo(n, x.Denom())
	return new(big.Rat).SetFrac(n, scale).FloatString(decimals)
}

// exactDecimal is the shortest decimal of a ratio with at least so many
// decimals; whole is false where the ratio has no end and was rounded to most
// decimals instead.
func exactDecimal(x *big.Rat, least, most int) (s string, whole bool) {
	n, ok := x.FloatPrec()
	if !ok || n > most {
		return x.FloatString(most), false
	}
	return x.FloatString(max(n, least)), true
}

// ratAmount turns minor units, as a ratio, into a decimal of the currency,
// rounded half up to its minor unit.
func ratAmount(x *big.Rat, c money.Currency) string {
	return majorUnits(x, c).FloatString(c.Digits)
}

// majorUnits turns minor units into units: cents into dollars.
func majorUnits(x *big.Rat, c money.Currency) *big.Rat {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.Digits)), nil)
	return new(big.Rat).Quo(x, new(big.Rat).SetInt(scale))
}

// ratText is [ratAmount] for people, without decimals that are all zero.
func ratText(x *big.Rat, c money.Currency) string { return counted(ratDigits(x, c), c) }

func ratDigits(x *big.Rat, c money.Currency) string {
	s := ratAmount(x, c)
	if whole, frac, ok := strings.Cut(s, "."); ok && strings.Trim(frac, "0") == "" {
		s = whole
	}
	if rest, negative := strings.CutPrefix(s, "-"); negative {
		return "−" + mark(c) + money.Group(rest)
	}
	return mark(c) + money.Group(s)
}

func ratCell(x *big.Rat, c money.Currency) Cell { return Cell{ratDigits(x, c), ratAmount(x, c)} }

func ratInt(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }
