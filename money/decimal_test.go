package money

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func mustDecimal(t interface{ Fatal(...any) }, s string) Decimal {
	d, err := ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDecimalsKeepWhatWasTyped(t *testing.T) {
	for _, tc := range []struct {
		text, prints string
		coef         int64
		scale        int
	}{
		{"837.50", "837.50", 83750, 2},
		{"837.5", "837.5", 8375, 1},
		{"1000", "1000", 1000, 0},
		{"1,203,652.50", "1203652.50", 120365250, 2},
		{"1_203_652_000", "1203652000", 1203652000, 0},
		{"12,345", "12345", 12345, 0},
		{"-12.50", "-12.50", -1250, 2},
		{"-0.05", "-0.05", -5, 2},
		{"0.000000000000000001", "0.000000000000000001", 1, 18},
		{"007", "7", 7, 0},
		{"-0", "0", 0, 0},
		{"9223372036854775807", "9223372036854775807", 1<<63 - 1, 0},
		{"-9223372036854775808", "-9223372036854775808", -1 << 63, 0},
		{"-9.223372036854775808", "-9.223372036854775808", -1 << 63, 18},
	} {
		d, err := ParseDecimal(tc.text)
		if err != nil || d.String() != tc.prints || d.Coef() != tc.coef || d.Scale() != tc.scale {
			t.Errorf("%q is %d / 10^%d and prints %q (%v), want %d / 10^%d, %q", tc.text, d.Coef(), d.Scale(), d, err, tc.coef, tc.scale, tc.prints)
		}
	}
}

func TestWhatIsNoDecimalIsRefused(t *testing.T) {
	for _, tc := range []struct{ claim, text, want string }{
		{"nothing", "", "needs digits"},
		{"a sign alone", "-", "needs digits"},
		{"a plus", "+5", "needs digits"},
		{"two signs", "--5", "needs digits"},
		{"an exponent", "1e6", "needs digits"},
		{"a space", "1 000", "needs digits"},
		{"a space at the end", "5 ", "needs digits"},
		{"a bare point", ".5", "needs digits"},
		{"nothing after the point", "5.", "needs 1 to 18 digits after the point"},
		{"two points", "1.000.000", "after the point"},
		{"nineteen decimals", "0.0000000000000000001", "after the point"},
		{"separators after the point", "1.000,5", "after the point"},
		{"a group of four", "1,2345", `"," does not part groups of three digits`},
		{"a group of two", "1,23,456", "groups of three"},
		{"a group too many", "1,000,", "groups of three"},
		{"a group before the first", ",123", "groups of three"},
		{"a first group of four", "1234,567", "groups of three"},
		{"two kinds of separators", "1_000,000", "groups of three"},
		{"other digits than ours", "١٢٣", "needs digits"},
		{"twenty digits", "12345678901234567890", "more digits than 64 bits hold"},
		{"one more than the largest", "9223372036854775808", "more digits than 64 bits hold"},
		{"words", "any and all", "needs digits"},
	} {
		d, err := ParseDecimal(tc.text)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %q is %s, %v; want an error with %q", tc.claim, tc.text, d, err, tc.want)
		}
	}
}

func TestDecimalsAreComparedByValue(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"837.5", "837.50", 0},
		{"837.50", "837.51", -1},
		{"-1", "-1.5", 1},
		{"0", "-0.00", 0},
		{"9223372036854775807", "0.000000000000000001", 1},
	} {
		if got := mustDecimal(t, tc.a).Cmp(mustDecimal(t, tc.b)); got != tc.want {
			t.Errorf("%s against %s is %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
}

func TestDecimalAddIsExactOrFails(t *testing.T) {
	for _, tc := range []struct {
		a, b, want string // want "" is overflow
	}{
		{"837.50", "20.00", "857.50"},
		{"837.5", "20.125", "857.625"},
		{"-1.5", "1.50", "0.00"},
		{"0.1", "0.2", "0.3"},
		{"9223372036854775807", "1", ""},
		{"9223372036854775807", "0.0", ""}, // ten times as much does not fit
		{"-9223372036854775808", "-1", ""},
		{"-9223372036854775808", "9223372036854775807", "-1"},
	} {
		got, err := mustDecimal(t, tc.a).Add(mustDecimal(t, tc.b))
		if tc.want == "" && !errors.Is(err, ErrOverflow) || tc.want != "" && (err != nil || got.String() != tc.want) {
			t.Errorf("%s + %s = %s (%v), want %q", tc.a, tc.b, got, err, tc.want)
		}
	}
}

func TestDecimalSignAndRange(t *testing.T) {
	for text, want := range map[string]int{"-0.01": -1, "0.00": 0, "0.01": 1} {
		if got := mustDecimal(t, text).Sign(); got != want {
			t.Errorf("sign of %s is %d, want %d", text, got, want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a scale of 19 is taken")
		}
	}()
	DecimalOf(1, 19)
}

func TestGroupPartsThousands(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "999": "999", "1000": "1,000", "-999": "-999", "-1000": "-1,000", "1234567.8901": "1,234,567.8901", "-123456.78": "-123,456.78", "100000": "100,000",
	} {
		if got := Group(text); got != want {
			t.Errorf("%s is grouped %s, want %s", text, got, want)
		}
	}
}

func TestDecimalsThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := DecimalOf(rapid.Int64().Draw(t, "coef"), rapid.IntRange(0, 18).Draw(t, "scale"))
		for _, text := range []string{d.String(), Group(d.String())} {
			again, err := ParseDecimal(text)
			if err != nil || again != d {
				t.Fatalf("%+v prints %s and is read as %+v (%v)", d, text, again, err)
			}
		}
		exact, ok := new(big.Rat).SetString(d.String())
		if !ok || exact.Cmp(d.Rat()) != 0 {
			t.Fatalf("%s is not %s", d, d.Rat())
		}
	})
}

func TestDecimalAddAgreesWithBigRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) Decimal {
			return DecimalOf(rapid.Int64().Draw(t, label), rapid.IntRange(0, 18).Draw(t, label+" scale"))
		}
		a, b := draw("a"), draw("b")
		want := new(big.Rat).Add(a.Rat(), b.Rat())
		got, err := a.Add(b)
		if err == nil && got.Rat().Cmp(want) != 0 {
			t.Fatalf("%s + %s = %s, want %s", a, b, got, want)
		}
		scaled := new(big.Rat).Mul(want, new(big.Rat).SetInt64(pow10[max(a.Scale(), b.Scale())]))
		if err != nil && fitsEachPart(a, b) && scaled.Num().IsInt64() {
			t.Fatalf("%s + %s fails (%v), the sum %s fits", a, b, err, want)
		}
	})
}

// fitsEachPart reports whether both numbers fit 64 bits with the decimals of
// the longer.
func fitsEachPart(a, b Decimal) bool {
	scale := max(a.Scale(), b.Scale())
	for _, d := range []Decimal{a, b} {
		if !new(big.Int).Mul(big.NewInt(d.Coef()), big.NewInt(pow10[scale-d.Scale()])).IsInt64() {
			return false
		}
	}
	return true
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"837.50", "1,203,652", "1_000", "-0.5", ".5", "5.", ",123", "1e6", "9223372036854775807", "-9223372036854775808", "0.000000000000000001", "--1", "1,0000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDecimal(s)
		if err != nil {
			return
		}
		want, ok := new(big.Rat).SetString(strings.NewReplacer(",", "", "_", "").Replace(s))
		if !ok || want.Cmp(d.Rat()) != 0 {
			t.Fatalf("%q is read as %s", s, d)
		}
		if again, err := ParseDecimal(d.String()); err != nil || again != d {
			t.Fatalf("%q prints as %q, read again %s (%v)", s, d.String(), again, err)
		}
	})
}
