package money

import (
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestCurrenciesHaveTheDecimalsOfISO4217(t *testing.T) {
	for code, digits := range map[string]int{"USD": 2, "EUR": 2, "GBP": 2, "CHF": 2, "JPY": 0, "KRW": 0, "KWD": 3, "TND": 3, "XCG": 2} {
		if c, err := ParseCurrency(code); err != nil || c != (Currency{code, digits}) {
			t.Errorf("%s is %+v (%v), want %d decimals", code, c, err, digits)
		}
	}
	for _, code := range []string{"", "usd", "US$", "DEM", "XXX"} {
		if c, err := ParseCurrency(code); err == nil {
			t.Errorf("%q is taken for %+v", code, c)
		}
	}
	for code, c := range currencies {
		if len(code) != 3 || c.Code != code {
			t.Errorf("%q stands for %+v", code, c)
		}
	}
}

func TestRatesHaveADirection(t *testing.T) {
	kwd := Currency{"KWD", 3}
	for _, tc := range []struct {
		claim  string
		rate   Rate
		amount Amount
		how    Rounding
		want   string
	}{
		{"1.2950 dollars for a euro", Rate{EUR, USD, DecimalOf(12950, 4)}, New(320_826_000_00, EUR), Exact, "USD 415469670.00"},
		{"half a cent rounds up", Rate{EUR, USD, DecimalOf(12950, 4)}, New(1_00+10, EUR), HalfUp, "USD 1.42"}, // 1.10 x 1.295 = 1.4245
		{"or down", Rate{EUR, USD, DecimalOf(12950, 4)}, New(30, EUR), Down, "USD 0.38"},                      // 0.30 x 1.295 = 0.3885
		{"yen have no cents: 1.23 x 150 = 184.5", Rate{USD, JPY, DecimalOf(150, 0)}, New(123, USD), HalfUp, "JPY 185"},
		{"to the even neighbour", Rate{USD, JPY, DecimalOf(150, 0)}, New(123, USD), HalfEven, "JPY 184"},
		{"and back: 185 x 0.0066 = 1.221", Rate{JPY, USD, DecimalOf(66, 4)}, New(185, JPY), HalfUp, "USD 1.22"},
		{"dinars have thousandths", Rate{USD, kwd, DecimalOf(307, 3)}, New(10_00, USD), Exact, "KWD 3.070"},
		{"what is owed keeps its sign", Rate{USD, JPY, DecimalOf(150, 0)}, New(-123, USD), HalfUp, "JPY -185"},
	} {
		got, err := tc.rate.Convert(tc.amount, tc.how)
		if text := got.Currency.Code + " " + got.String(); err != nil || text != tc.want {
			t.Errorf("%s: %s %s at %s is %s (%v), want %s", tc.claim, tc.amount.Currency.Code, tc.amount, tc.rate, text, err, tc.want)
		}
	}
}

func TestARateRefusesWhatItDoesNotConvert(t *testing.T) {
	r := Rate{EUR, USD, DecimalOf(12950, 4)}
	if r.String() != "EUR/USD 1.2950" {
		t.Errorf("the rate is quoted %q", r)
	}
	if _, err := r.Convert(New(1, USD), HalfUp); err == nil || err.Error() != "rate EUR/USD does not convert USD" {
		t.Errorf("dollars at a rate for euros: %v", err)
	}
	if _, err := r.Convert(New(1, EUR), Exact); !errors.Is(err, ErrInexact) {
		t.Errorf("a cent, exactly: %v", err)
	}
	if _, err := r.Convert(New(most, EUR), Down); !errors.Is(err, ErrOverflow) {
		t.Errorf("the largest amount of euros in dollars: %v", err)
	}
}

func TestOneUnitIsWorthTheRateWhateverTheMinorUnits(t *testing.T) {
	all := []Currency{USD, EUR, JPY, {"KWD", 3}}
	rapid.Check(t, func(t *rapid.T) {
		from, to := rapid.SampledFrom(all).Draw(t, "from"), rapid.SampledFrom(all).Draw(t, "to")
		r := Rate{from, to, DecimalOf(rapid.Int64Range(1, 1_000_000).Draw(t, "rate"), rapid.IntRange(0, 6).Draw(t, "scale"))}
		// One unit of From is worth Value of To, whatever their minor units.
		one := new(big.Rat).SetInt64(pow10[from.Digits])
		units := one.Mul(one, r.Minor())
		units.Quo(units, new(big.Rat).SetInt64(pow10[to.Digits]))
		if units.Cmp(r.Value.Rat()) != 0 {
			t.Fatalf("one %s is %s %s at %s", from.Code, units, to.Code, r)
		}
	})
}
