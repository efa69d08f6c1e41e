package bond

import "math/big"

// power is x^w for x > 0 and w >= 0, as a ball.
//
// Roots bring x to within an eighth of 1, where the binomial series gains three
// bits a term; what the roots took from the exponent comes back as a whole power:
// x^w = s^(w·2^j) with s = x^(1/2^j).
func power(x, w *big.Rat, prec uint) *ball {
	s, roots := newBall(x, prec), uint(0)
	one := s.one()
	t, eighth := new(big.Int).Sub(&s.mid, one), new(big.Int).Rsh(one, 3)
	for ; t.CmpAbs(eighth) > 0; t.Sub(&s.mid, one) {
		s.sqrt()
		roots++
	}
	whole, part := wholeAndPart(new(big.Rat).Mul(w, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), roots))))
	result := binomial(t, one, part, prec)
	result.rad.Add(&result.rad, new(big.Int).Mul(&s.rad, two)) // of s itself: w·s^(w-1) is at most 8/7
	if whole > 0 {
		result.mul(wholePower(s, whole))
	}
	return result
}

// wholeAndPart splits x >= 0 into a whole number and what is left, below 1.
func wholeAndPart(x *big.Rat) (int, *big.Rat) {
	n := new(big.Int).Quo(x.Num(), x.Denom())
	return int(n.Int64()), new(big.Rat).Sub(x, new(big.Rat).SetInt(n))
}

// wholePower is s^n by squaring. It uses s up.
func wholePower(s *ball, n int) *ball {
	result := newBall(big.NewRat(1, 1), s.prec)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result.mul(s)
		}
		s.mul(s)
	}
	return result
}

// binomial is (1+t)^w for t = num ÷ den no further from 0 than an eighth and
// 0 <= w < 1: the sum of C(w,k)·t^k. A term is the one before times t·(w-k)/(k+1),
// which is less than |t|, so that all that are left out come to less than the
// last one taken in.
func binomial(num, den *big.Int, w *big.Rat, prec uint) *ball {
	sum, term := newBall(big.NewRat(1, 1), prec), newBall(big.NewRat(1, 1), prec)
	up, down := new(big.Int), new(big.Int).Mul(den, w.Denom())
	step, factor, divisor := new(big.Int).Set(w.Num()), new(big.Int), new(big.Int)
	for k := int64(1); term.mid.CmpAbs(&term.rad) > 0; k++ {
		up.Mul(num, step)
		term.scale(up, factor.Mul(down, divisor.SetInt64(k)))
		sum.add(term)
		step.Sub(step, w.Denom())
	}
	term.mid.Abs(&term.mid)
	sum.rad.Add(&sum.rad, &term.mid)
	sum.rad.Add(&sum.rad, &term.rad)
	return sum
}
