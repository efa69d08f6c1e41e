package money

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// maxScale is the most decimals that a Decimal can carry.
const maxScale = 18

var pow10 = func() (p [maxScale + 1]int64) {
	p[0] = 1
	for i := 1; i <= maxScale; i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

// A Decimal is an exact decimal number as a person typed it: a price per
// 1,000, a coupon, a yield, an exchange rate. It keeps the decimals that were
// written, so that 837.50 prints as 837.50; compare values with [Decimal.Cmp].
// The zero value is 0.
type Decimal struct {
	coef  int64
	scale int // decimals after the point, 0 to 18
}

// DecimalOf returns coef ÷ 10^scale. The scale must lie in 0 to 18.
func DecimalOf(coef int64, scale int) Decimal {
	if scale < 0 || scale > maxScale {
		panic("money: DecimalOf with a scale outside 0 to 18")
	}
	return Decimal{coef, scale}
}

// ParseDecimal reads 12, -12.50, 1_203_652 or 1,203,652.5. The separators must
// part groups of three digits. Exponents, spaces, a bare point, more than 18
// decimals and more digits than 64 bits hold are refused.
func ParseDecimal(s string) (Decimal, error) {
	digits, scale, err := plainDigits(s)
	if err != nil {
		return Decimal{}, err
	}
	coef, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return Decimal{}, fmt.Errorf("%q has more digits than 64 bits hold", s)
	}
	return Decimal{coef, scale}, nil
}

// plainDigits takes the separators and the point out of a number.
func plainDigits(s string) (digits string, scale int, err error) {
	whole, frac, hasPoint := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	if whole, err = ungroup(whole); err != nil {
		return "", 0, fmt.Errorf("%q is not a number: %w", s, err)
	}
	if hasPoint && (!allDigits(frac) || len(frac) > maxScale) {
		return "", 0, fmt.Errorf("%q is not a number: needs 1 to %d digits after the point", s, maxScale)
	}
	return sign + whole + frac, len(frac), nil
}

func ungroup(whole string) (string, error) {
	for _, sep := range []string{",", "_"} {
		if !strings.Contains(whole, sep) {
			continue
		}
		groups := strings.Split(whole, sep)
		for i, g := range groups {
			if len(g) == 0 || len(g) > 3 || i > 0 && len(g) != 3 {
				return "", fmt.Errorf("%q does not part groups of three digits", sep)
			}
		}
		whole = strings.Join(groups, "")
	}
	if !allDigits(whole) {
		return "", fmt.Errorf("needs digits, such as 1,203,652.50")
	}
	return whole, nil
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// String gives the number with the decimals it was written with.
func (d Decimal) String() string {
	if d.scale == 0 {
		return strconv.FormatInt(d.coef, 10)
	}
	abs := strconv.FormatUint(magnitude(d.coef), 10)
	if len(abs) <= d.scale {
		abs = strings.Repeat("0", d.scale-len(abs)+1) + abs
	}
	sign := ""
	if d.coef < 0 {
		sign = "-"
	}
	return sign + abs[:len(abs)-d.scale] + "." + abs[len(abs)-d.scale:]
}

// Rat gives the exact value as a ratio.
func (d Decimal) Rat() *big.Rat { return big.NewRat(d.coef, pow10[d.scale]) }

// Coef and Scale give the parts: the value is Coef ÷ 10^Scale.
func (d Decimal) Coef() int64 { return d.coef }

// Scale is the number of decimals, 0 to 18.
func (d Decimal) Scale() int { return d.scale }

// Sign is -1, 0 or +1.
func (d Decimal) Sign() int {
	switch {
	case d.coef < 0:
		return -1
	case d.coef > 0:
		return 1
	}
	return 0
}

// Cmp compares the values: -1, 0 or +1. 837.5 and 837.50 are equal.
func (d Decimal) Cmp(e Decimal) int { return d.Rat().Cmp(e.Rat()) }

// Add returns d + e, exactly, with the decimals of the longer. It fails with
// [ErrOverflow].
func (d Decimal) Add(e Decimal) (Decimal, error) {
	scale := max(d.scale, e.scale)
	a, errA := MulDiv(d.coef, pow10[scale-d.scale], 1, Exact)
	b, errB := MulDiv(e.coef, pow10[scale-e.scale], 1, Exact)
	sum := a + b
	if errA != nil || errB != nil || (sum > a) != (b > 0) {
		return Decimal{}, ErrOverflow
	}
	return Decimal{sum, scale}, nil
}

// RoundDecimal rounds an exact ratio to a decimal with the given decimals, 0 to
// 18. It fails as [MulDiv] does.
func RoundDecimal(x *big.Rat, scale int, r Rounding) (Decimal, error) {
	n, err := RoundRat(new(big.Rat).Mul(x, new(big.Rat).SetInt64(pow10[scale])), r)
	if err != nil {
		return Decimal{}, err
	}
	return Decimal{n, scale}, nil
}

// Group parts the whole digits of a plain decimal into thousands with commas.
func Group(s string) string {
	start := 0
	if strings.HasPrefix(s, "-") {
		start = 1
	}
	end := strings.IndexByte(s, '.')
	if end < 0 {
		end = len(s)
	}
	for i := end - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func trimZeroDecimals(s string) string {
	whole, frac, ok := strings.Cut(s, ".")
	if ok && strings.Trim(frac, "0") == "" {
		return whole
	}
	return s
}
