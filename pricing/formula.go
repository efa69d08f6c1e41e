package pricing

import (
	"fmt"
	"math/big"
	"strings"

	"tenderbook/bond"
	"tenderbook/money"
	"tenderbook/offer"
)

// A discounting is what proofs of notes and of reference securities share.
type discounting = bond.Discounting

// formula is how the price is worked out, with the numbers filled in.
func (d *Determination) formula() []string {
	x, b := d.Exact, d.Bond
	lines := priceFormula(x, b, d.Yield)
	if d.HasInterest || x.Price.Accrued.PerUnit.Sign() != 0 {
		lines = append(lines, accruedFormula(x.Price.Accrued, d.Per.Rat(), b.Interest.DayCount))
	}
	return lines
}

// priceFormula says how payments are discounted at a yield.
func priceFormula(x discounting, b bond.Bond, yield money.Decimal) []string {
	f := b.Convention.Frequency
	lines := []string{"price = sum of payment x factor - accrued interest"}
	growth := fmt.Sprintf("1 + %s/100/%d = %s", yield, f, digits(x.Growth, 18))
	switch {
	case x.Simple && b.Convention.Method == bond.Canadian:
		lines = append(lines, fmt.Sprintf("factor = 1 / (1 + periods x %s/100/%d): simple interest, one payment is left", yield, f),
			fmt.Sprintf("periods = days to the payment x %d / 365", f))
		return lines
	case x.Simple:
		lines = append(lines, fmt.Sprintf("factor = 1 / (1 + periods x %s/100/%d): simple interest, one payment is left", yield, f))
	case b.Convention.Method == bond.Treasury:
		lines = append(lines, "factor = 1 / (g^whole periods x (1 + part of a period x yield per period)), g = "+growth)
	default:
		lines = append(lines, "factor = g^-periods, g = "+growth)
	}
	return append(lines, periodsFormula(x, b)...)
}

// periodsFormula says where the distances of the payments come from.
func periodsFormula(x discounting, b bond.Bond) []string {
	first := x.Flows[0]
	s := fmt.Sprintf("periods to %s = %s", first.Date, digits(first.Periods, factorDigits))
	left := big.NewRat(x.Length-x.Gone, x.Length)
	if x.Gone > 0 && first.Periods.Cmp(left) == 0 {
		s = fmt.Sprintf("periods to %s = (%d - %d) / %d = %s: %d of the %d days of the period have passed",
			first.Date, x.Length, x.Gone, x.Length, digits(first.Periods, factorDigits), x.Gone, x.Length)
	}
	if len(x.Flows) == 1 {
		return []string{s}
	}
	step := new(big.Rat).SetFrac64(int64(b.Convention.Frequency), int64(max(1, len(b.Interest.Dates))))
	if len(b.Interest.Dates) == 0 {
		step.SetInt64(1)
	}
	lines := []string{s + fmt.Sprintf("; each later payment is %s further", step.RatString())}
	for i := 1; i < len(x.Flows); i++ {
		f := x.Flows[i]
		if new(big.Rat).Sub(f.Periods, x.Flows[i-1].Periods).Cmp(step) == 0 {
			continue
		}
		line := fmt.Sprintf("but periods to %s = %s = %s", f.Date, f.Periods.RatString(), digits(f.Periods, factorDigits))
		if f.Date.Before(b.Interest.Maturity) && i == len(x.Flows)-1 {
			line += ", with the interest that has accrued by then"
		}
		lines = append(lines, line)
	}
	return lines
}

// accruedFormula is the interest up to settlement, part by part.
func accruedFormula(a bond.Accrual, per *big.Rat, count bond.DayCount) string {
	if a.Days == 0 {
		return "accrued interest = 0: settlement is on an interest date"
	}
	var parts []string
	for _, p := range a.Parts {
		parts = append(parts, fmt.Sprintf("%s x %s/100 x %s", digits(per, 2), p.Coupon, yearPart(p)))
	}
	return fmt.Sprintf("accrued interest = %s = %s: %d days from %s, %s",
		strings.Join(parts, " + "), digits(new(big.Rat).Mul(a.PerUnit, per), presentDigits), a.Days, a.From, count)
}

// yearPart writes the part of a year with the days that were counted, where it
// is a number of days over a number of days.
func yearPart(p bond.Part) string {
	if p.Days > 0 && p.Fraction.Sign() > 0 {
		year := new(big.Rat).Quo(big.NewRat(int64(p.Days), 1), p.Fraction)
		if year.IsInt() {
			return fmt.Sprintf("%d/%s", p.Days, year.Num())
		}
	}
	return p.Fraction.RatString()
}

// how says where the reference yield comes from.
func (d *Determination) how() string {
	r := &d.Reference
	switch {
	case d.Hypothetical:
		return "hypothetical"
	case r.Way == offer.YieldFromPrice:
		return fmt.Sprintf("from the bid price %s", r.BidPrice)
	case r.Way == offer.YieldInterpolated:
		return fmt.Sprintf("interpolated to %s", r.Target)
	}
	return "as stated"
}

func coupons(d *Determination) string {
	s := d.Series.Interest.Coupon.String() + "%"
	for _, step := range d.Series.Interest.Steps {
		s += fmt.Sprintf(", %s%% from %s", step.Coupon, step.From)
	}
	return s
}

func interestDates(d *Determination) string {
	var days []string
	for _, m := range d.Series.Interest.Dates {
		days = append(days, m.String())
	}
	if len(days) == 0 {
		return "none"
	}
	return strings.Join(days, ", ")
}

// inPercent turns basis points into percent.
func inPercent(bp money.Decimal) string {
	s := digits(new(big.Rat).Quo(bp.Rat(), big.NewRat(100, 1)), 18)
	if bp.Sign() < 0 {
		return "(" + s + ")"
	}
	return s
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

// digits writes a ratio out, to its end if that comes within so many decimals,
// else rounded to them.
func digits(x *big.Rat, most int) string {
	n, exact := x.FloatPrec()
	if !exact || n > most {
		n = most
	}
	return x.FloatString(n)
}

// smallText writes a bound as a power of ten above it: 1e-35.
func smallText(x *big.Rat) string {
	if x.Sign() == 0 {
		return "0"
	}
	power, exponent := big.NewRat(1, 1), 0
	ten := big.NewRat(10, 1)
	for power.Cmp(x) >= 0 {
		power.Quo(power, ten)
		exponent--
	}
	return fmt.Sprintf("1e%d", exponent+1)
}
