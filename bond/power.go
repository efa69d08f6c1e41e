package bond

import "math/big"

// power is x^w for x > 0 and w >= 0, as a ball.
//
// Roots bring x to within an eighth of 1, where the binomial series gains three
// bits a term; what the roots took from the exponent comes back as a whole power:
// x^w = s^(w·2^j) with s = x^(1/2^j).
func power(x, w *big.Rat, prec uint) ball {
	s, j := ballOf(x, prec), uint(0)
	eighth := new(big.Int).Rsh(s.one(), 3)
	off := new(big.Int)
	for off.Sub(s.mid, s.one()).CmpAbs(eighth) > 0 {
		s, j = s.sqrt(), j+1
	}
	whole, part := wholeAndPart(new(big.Rat).Mul(w, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), j))))
	return wholePower(s, whole).mul(binomial(s, part))
}

// wholeAndPart splits x >= 0 into a whole number and what is left, below 1.
func wholeAndPart(x *big.Rat) (int, *big.Rat) {
	n := new(big.Int).Quo(x.Num(), x.Denom())
	return int(n.Int64()), new(big.Rat).Sub(x, new(big.Rat).SetInt(n))
}

// wholePower is s^n by squaring.
func wholePower(s ball, n int) ball {
	result := ball{s.one(), new(big.Int), s.prec}
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result = result.mul(s)
		}
		s = s.mul(s)
	}
	return result
}

// binomial is s^w for s within about an eighth of 1 and 0 <= w < 1: the sum of
// C(w,k)·t^k with t = s-1. A term is the one before times t·(w-k)/(k+1), which
// is less than |t|, so that all that are left out come to less than the last one
// taken in.
func binomial(s ball, w *big.Rat) ball {
	t := ball{new(big.Int).Sub(s.mid, s.one()), s.rad, s.prec}
	sum := ball{s.one(), new(big.Int), s.prec}
	term := sum
	for k := int64(0); term.mid.CmpAbs(term.rad) > 0; k++ {
		num := new(big.Int).Mul(big.NewInt(k), w.Denom())
		num.Sub(w.Num(), num)
		den := new(big.Int).Mul(big.NewInt(k+1), w.Denom())
		term = term.mul(t).scale(num, den)
		sum = sum.add(term)
	}
	rest := new(big.Int).Abs(term.mid)
	sum.rad.Add(sum.rad, rest.Add(rest, term.rad))
	return sum
}
