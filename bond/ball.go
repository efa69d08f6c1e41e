package bond

import "math/big"

// A ball is a number that is known to lie within rad of mid. Both count units of
// 2^-prec. Every operation widens rad by what it rounds, so that the bound on
// the result is proved by the way it was worked out.
type ball struct {
	mid, rad *big.Int
	prec     uint
}

// ballOf is the ball of an exact ratio.
func ballOf(x *big.Rat, prec uint) ball {
	n := new(big.Int).Lsh(x.Num(), prec)
	rest := new(big.Int)
	n.QuoRem(n, x.Denom(), rest)
	return ball{n, big.NewInt(int64(rest.CmpAbs(new(big.Int)))), prec} // 1 if something was cut off
}

func (x ball) add(y ball) ball {
	return ball{new(big.Int).Add(x.mid, y.mid), new(big.Int).Add(x.rad, y.rad), x.prec}
}

// mul widens by |x|·ry + |y|·rx + rx·ry for what x and y may be off, by one unit
// for the product that is cut off and by one for the widening that is.
func (x ball) mul(y ball) ball {
	mid := new(big.Int).Mul(x.mid, y.mid)
	mid.Quo(mid, x.one())
	a := new(big.Int).Abs(x.mid)
	a.Mul(a.Add(a, x.rad), y.rad)
	b := new(big.Int).Abs(y.mid)
	b.Mul(b, x.rad)
	a.Rsh(a.Add(a, b), x.prec)
	return ball{mid, a.Add(a, two), x.prec}
}

// scale multiplies by num ÷ den, den > 0, without a ball for the ratio.
func (x ball) scale(num, den *big.Int) ball {
	mid := new(big.Int).Mul(x.mid, num)
	mid.Quo(mid, den)
	rad := new(big.Int).Abs(num)
	rad.Mul(rad, x.rad)
	rad.Quo(rad, den)
	return ball{mid, rad.Add(rad, two), x.prec}
}

// sqrt is the root of a ball that lies above zero. The roots of x and x - r are
// at most r ÷ √x apart.
func (x ball) sqrt() ball {
	mid := new(big.Int).Lsh(x.mid, x.prec)
	mid.Sqrt(mid)
	rad := new(big.Int).Lsh(x.rad, x.prec)
	rad.Quo(rad, mid)
	return ball{mid, rad.Add(rad, two), x.prec}
}

func (x ball) one() *big.Int { return new(big.Int).Lsh(big.NewInt(1), x.prec) }

// value and bound give the ball as ratios.
func (x ball) value() *big.Rat { return new(big.Rat).SetFrac(x.mid, x.one()) }

func (x ball) bound() *big.Rat { return new(big.Rat).SetFrac(x.rad, x.one()) }

var two = big.NewInt(2)
