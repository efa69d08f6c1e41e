package money

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	most  = math.MaxInt64
	least = math.MinInt64
)

func TestRoundings(t *testing.T) {
	for _, tc := range []struct {
		a, b, d                int64
		down, halfUp, halfEven int64
		exact                  bool
	}{
		{10, 1, 5, 2, 2, 2, true},
		{7, 1, 2, 3, 4, 4, false},     // 3 1/2
		{5, 1, 2, 2, 3, 2, false},     // 2 1/2
		{-5, 1, 2, -2, -3, -2, false}, // halves away from zero, or to the even one
		{-7, 1, 2, -3, -4, -4, false},
		{10, 1, 3, 3, 3, 3, false}, // 3 1/3
		{11, 1, 3, 3, 4, 4, false}, // 3 2/3
		{-11, 1, 3, -3, -4, -4, false},
		{1, 1, most, 0, 0, 0, false},
		{-1, 1, 2, 0, -1, 0, false},
		{0, 5, 3, 0, 0, 0, true},
		{most, most, most, most, most, most, true}, // the product takes 126 bits
		{least, most, most, least, least, least, true},
		{most, 2, 3, 6148914691236517204, 6148914691236517205, 6148914691236517205, false},                          // 2/3 of the largest: ...204 2/3
		{450_000_000_00, 1_105_000_000_00, 2_336_187_000_00, 212_846_831_18, 212_846_831_18, 212_846_831_18, false}, // remainder 0.26: cents of 212,846,831.18
	} {
		for _, r := range []struct {
			name string
			how  Rounding
			want int64
		}{{"down", Down, tc.down}, {"half up", HalfUp, tc.halfUp}, {"half even", HalfEven, tc.halfEven}} {
			if got, err := MulDiv(tc.a, tc.b, tc.d, r.how); err != nil || got != r.want {
				t.Errorf("%d x %d / %d %s = %d (%v), want %d", tc.a, tc.b, tc.d, r.name, got, err, r.want)
			}
		}
		if _, err := MulDiv(tc.a, tc.b, tc.d, Exact); (err == nil) != tc.exact || err != nil && !errors.Is(err, ErrInexact) {
			t.Errorf("%d x %d / %d exactly gives %v, want exact: %t", tc.a, tc.b, tc.d, err, tc.exact)
		}
	}
}

func TestWhatDoesNotFitOverflows(t *testing.T) {
	for _, tc := range []struct {
		claim   string
		a, b, d int64
		how     Rounding
	}{
		{"one more than the largest", 1 << 62, 2, 1, Exact},
		{"twice the largest", most, 2, 1, Down},
		{"the least, without its sign", least, -1, 1, Down},
		{"the least twice", least, least, 1, Down},
		{"a high word as large as the divisor", most, most, 1, Exact},
		{"rounded up out of range", most, 3, 2, HalfUp},
	} {
		if got, err := MulDiv(tc.a, tc.b, tc.d, tc.how); !errors.Is(err, ErrOverflow) {
			t.Errorf("%s: %d x %d / %d = %d (%v), want an overflow", tc.claim, tc.a, tc.b, tc.d, got, err)
		}
	}
}

func TestADivisorThatIsNotPositiveIsABug(t *testing.T) {
	for _, d := range []int64{0, -1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("division by %d does not stop the program", d)
				}
			}()
			MulDiv(1, 1, d, Down)
		}()
	}
}

// int64s draws numbers of all sizes, the ends of the range often.
func int64s() *rapid.Generator[int64] {
	return rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1000, 1000), rapid.SampledFrom([]int64{most, most - 1, least, least + 1, 0, 1, -1, 1 << 32, 1<<62 + 1}))
}

// slowly is a x b / d in whole numbers of any size, rounded by the words of the
// rounding's comment.
func slowly(a, b, d int64, how Rounding) (*big.Int, bool) {
	num, den := new(big.Int).Mul(big.NewInt(a), big.NewInt(b)), big.NewInt(d)
	q, rem := new(big.Int).QuoRem(num, den, new(big.Int)) // towards zero
	if rem.Sign() == 0 {
		return q, true
	}
	away := big.NewInt(int64(num.Sign()))
	twice := new(big.Int).Abs(new(big.Int).Lsh(rem, 1)).Cmp(den)
	switch {
	case how == Exact:
		return nil, false
	case how == HalfUp && twice >= 0, how == HalfEven && (twice > 0 || twice == 0 && q.Bit(0) == 1):
		q.Add(q, away)
	}
	return q, true
}

func TestMulDivAgreesWithWholeNumbersOfAnySize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := int64s().Draw(t, "a"), int64s().Draw(t, "b")
		d := rapid.OneOf(rapid.Int64Range(1, 12), rapid.Int64Range(1, most)).Draw(t, "d")
		how := rapid.SampledFrom([]Rounding{Exact, Down, HalfUp, HalfEven}).Draw(t, "how")
		want, exact := slowly(a, b, d, how)
		got, err := MulDiv(a, b, d, how)
		fromRat, errRat := RoundRat(new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(a), big.NewInt(b)), big.NewInt(d)), how)
		switch {
		case !exact:
			if err == nil || errRat == nil {
				t.Fatalf("%d x %d / %d leaves a remainder: got %d (%v), %d (%v)", a, b, d, got, err, fromRat, errRat)
			}
		case !want.IsInt64():
			if !errors.Is(err, ErrOverflow) || !errors.Is(errRat, ErrOverflow) {
				t.Fatalf("%d x %d / %d = %s: got %d (%v), %d (%v)", a, b, d, want, got, err, fromRat, errRat)
			}
		default:
			if err != nil || errRat != nil || got != want.Int64() || fromRat != got {
				t.Fatalf("%d x %d / %d = %s: got %d (%v), %d (%v)", a, b, d, want, got, err, fromRat, errRat)
			}
		}
	})
}

func TestRoundDecimal(t *testing.T) {
	for _, tc := range []struct {
		num, den int64
		scale    int
		how      Rounding
		want     string
	}{
		{150_000_000, 302_618_000, 6, Down, "0.495674"}, // Warrior Met Coal 2023: 49.5674 %
		{1, 3, 4, HalfUp, "0.3333"},
		{2, 3, 4, HalfUp, "0.6667"},
		{-1, 8, 2, HalfUp, "-0.13"},
		{-1, 8, 2, HalfEven, "-0.12"},
		{7, 1, 2, Exact, "7.00"},
	} {
		got, err := RoundDecimal(big.NewRat(tc.num, tc.den), tc.scale, tc.how)
		if err != nil || got.String() != tc.want {
			t.Errorf("%d/%d to %d decimals is %s (%v), want %s", tc.num, tc.den, tc.scale, got, err, tc.want)
		}
	}
	if _, err := RoundDecimal(big.NewRat(1, 3), 4, Exact); !errors.Is(err, ErrInexact) {
		t.Errorf("a third to four decimals, exactly, gives %v", err)
	}
	if _, err := RoundDecimal(big.NewRat(most, 1), 2, Down); !errors.Is(err, ErrOverflow) {
		t.Errorf("the largest number with two decimals gives %v", err)
	}
}

func TestAmountsAsTheyAreWrittenAndPrinted(t *testing.T) {
	bhd, err := ParseCurrency("BHD")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		text                string
		currency            Currency
		minor               int64
		plain, grouped, all string
	}{
		{"450,000,000", USD, 45_000_000_000, "450000000.00", "450,000,000", "450,000,000.00"},
		{"213,909,377.50", USD, 21_390_937_750, "213909377.50", "213,909,377.50", "213,909,377.50"},
		{"12.5", USD, 1250, "12.50", "12.50", "12.50"},
		{"3,982,632,051.62", USD, 398_263_205_162, "3982632051.62", "3,982,632,051.62", "3,982,632,051.62"}, // Lowe's raised cap
		{"-0.05", EUR, -5, "-0.05", "-0.05", "-0.05"},
		{"1500", JPY, 1500, "1500", "1,500", "1,500"},
		{"1.5", bhd, 1500, "1.500", "1.500", "1.500"},
		{"92233720368547758.07", USD, most, "92233720368547758.07", "92,233,720,368,547,758.07", "92,233,720,368,547,758.07"},
	} {
		a, err := ParseAmount(tc.text, tc.currency)
		if err != nil || a != New(tc.minor, tc.currency) {
			t.Errorf("%s %q is %d minor units (%v), want %d", tc.currency.Code, tc.text, a.Minor, err, tc.minor)
			continue
		}
		if a.String() != tc.plain || a.Grouped() != tc.grouped || a.GroupedFull() != tc.all {
			t.Errorf("%q prints %q, %q, %q; want %q, %q, %q", tc.text, a, a.Grouped(), a.GroupedFull(), tc.plain, tc.grouped, tc.all)
		}
	}
}

func TestAmountsThatAreRefused(t *testing.T) {
	for _, tc := range []struct {
		claim, text string
		currency    Currency
		want        string
	}{
		{"a third decimal of a dollar", "12.500", USD, `"12.500" has 3 decimals, USD has 2`},
		{"a decimal of a yen, even zero", "1500.0", JPY, `"1500.0" has 1 decimals, JPY has 0`},
		{"a number that is none", "12 500", USD, `"12 500" is not a number`},
		{"cents that do not fit", "92233720368547758.08", USD, "64 bits"},
		{"dollars whose cents do not fit", "92233720368547759", USD, "does not fit 64 bits"},
	} {
		if a, err := ParseAmount(tc.text, tc.currency); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %q is %s (%v), want an error with %q", tc.claim, tc.text, a, err, tc.want)
		}
	}
}

func TestAddAndSub(t *testing.T) {
	for _, tc := range []struct {
		a, b      int64
		sum, diff int64
		noSum     bool
		noDiff    bool
	}{
		{a: 5, b: 3, sum: 8, diff: 2},
		{a: -5, b: 3, sum: -2, diff: -8},
		{a: 0, b: 0},
		{a: most, b: 1, noSum: true, diff: most - 1},
		{a: least, b: 1, sum: least + 1, noDiff: true},
		{a: least, b: least, noSum: true, diff: 0},
		{a: -1, b: least, noSum: true, diff: most},
		{a: 0, b: least, sum: least, noDiff: true},
		{a: most, b: most, noSum: true, diff: 0},
	} {
		sum, errSum := New(tc.a, USD).Add(New(tc.b, USD))
		if errors.Is(errSum, ErrOverflow) != tc.noSum || !tc.noSum && sum.Minor != tc.sum {
			t.Errorf("%d + %d = %d (%v), want %d, overflow %t", tc.a, tc.b, sum.Minor, errSum, tc.sum, tc.noSum)
		}
		diff, errDiff := New(tc.a, USD).Sub(New(tc.b, USD))
		if errors.Is(errDiff, ErrOverflow) != tc.noDiff || !tc.noDiff && diff.Minor != tc.diff {
			t.Errorf("%d - %d = %d (%v), want %d, overflow %t", tc.a, tc.b, diff.Minor, errDiff, tc.diff, tc.noDiff)
		}
	}
	if _, err := New(1, USD).Add(New(1, EUR)); err == nil || err.Error() != "cannot add EUR to USD" {
		t.Errorf("dollars and euros add up: %v", err)
	}
	if _, err := New(1, USD).Sub(New(1, EUR)); err == nil || err.Error() != "cannot subtract EUR from USD" {
		t.Errorf("euros come off dollars: %v", err)
	}
}
