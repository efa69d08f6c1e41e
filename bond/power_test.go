package bond

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// ends are the least and the greatest value of a ball, exactly.
func (x *ball) ends() (low, high *big.Rat) {
	return new(big.Rat).Sub(x.value(), x.bound()), new(big.Rat).Add(x.value(), x.bound())
}

func ratPower(x *big.Rat, n int64) *big.Rat {
	return new(big.Rat).SetFrac(
		new(big.Int).Exp(x.Num(), big.NewInt(n), nil),
		new(big.Int).Exp(x.Denom(), big.NewInt(n), nil))
}

// If a ball holds x^(p/q), the q-th powers of its ends enclose x^p: that can be
// checked exactly, without any root.
func TestPowerEnclosesTheTruePower(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := big.NewRat(rapid.Int64Range(1, 3_000_000).Draw(t, "num"), rapid.Int64Range(1, 3_000_000).Draw(t, "den"))
		q := rapid.Int64Range(1, 200).Draw(t, "q")
		p := rapid.Int64Range(0, 3*q).Draw(t, "p")
		prec := uint(rapid.SampledFrom([]int{64, 128, 256}).Draw(t, "prec"))

		b := power(x, big.NewRat(p, q), prec)
		low, high := b.ends()
		want := ratPower(x, p)
		if low.Sign() < 0 {
			low = new(big.Rat)
		}
		if ratPower(low, q).Cmp(want) > 0 || ratPower(high, q).Cmp(want) < 0 {
			t.Fatalf("(%s)^(%d/%d) is not within %s of %s", x, p, q, b.bound().FloatString(80), b.value().FloatString(80))
		}
	})
}

// A bound that is always true is of no use if it is wide: for any yield that an
// offer could have it stays within a few dozen units of the last place.
func TestPowerBoundIsTight(t *testing.T) {
	for _, percent := range []int64{-5, 0, 1, 5, 10, 25, 100, 400} {
		for _, days := range []int64{0, 1, 90, 179} {
			b := power(big.NewRat(100, 100+percent), big.NewRat(days, 180), startBits)
			if b.rad.Cmp(big.NewInt(200)) > 0 {
				t.Errorf("power at %d%% over %d/180 is uncertain by %s units of 2^-%d, want at most 200", percent, days, &b.rad, startBits)
			}
		}
	}
}

// Each operation is checked with exact ratios from the ends of its balls.
func TestBallOperationsEncloseTheExactResult(t *testing.T) {
	ratio := func(t *rapid.T, name string) *big.Rat {
		return big.NewRat(rapid.Int64Range(-9_999_999, 9_999_999).Draw(t, name), rapid.Int64Range(1, 9_999_999).Draw(t, name+" below"))
	}
	rapid.Check(t, func(t *rapid.T) {
		x, y := ratio(t, "x"), ratio(t, "y")
		prec := uint(rapid.IntRange(30, 140).Draw(t, "prec"))
		holds := func(what string, b *ball, want *big.Rat) {
			if low, high := b.ends(); low.Cmp(want) > 0 || high.Cmp(want) < 0 {
				t.Fatalf("%s of %s and %s: %s to %s does not hold %s", what, x, y, low.FloatString(50), high.FloatString(50), want.FloatString(50))
			}
		}
		sum, product, square, scaled := newBall(x, prec), newBall(x, prec), newBall(x, prec), newBall(x, prec)
		sum.add(newBall(y, prec))
		holds("sum", sum, new(big.Rat).Add(x, y))
		product.mul(newBall(y, prec))
		holds("product", product, new(big.Rat).Mul(x, y))
		square.mul(square)
		holds("square", square, new(big.Rat).Mul(x, x))
		scaled.scale(y.Num(), y.Denom())
		holds("scaled", scaled, new(big.Rat).Mul(x, y))
	})
}
