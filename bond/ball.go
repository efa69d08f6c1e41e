package bond

import "math/big"

// A ball is a number that is known to lie within rad of mid. Both count units of
// 2^-prec. Every operation widens rad by what it rounds, so that the bound on
// the result is proved by the way it was worked out. Operations change their
// receiver, which saves most of the time that a price takes.
type ball struct {
	mid, rad      big.Int
	prec          uint
	scratch, rest big.Int // kept, so that operations need no memory of their own
}

// newBall is the ball of an exact ratio.
func newBall(x *big.Rat, prec uint) *ball {
	b := &ball{prec: prec}
	b.mid.Lsh(x.Num(), prec)
	b.mid.QuoRem(&b.mid, x.Denom(), &b.scratch)
	if b.scratch.Sign() != 0 {
		b.rad.SetInt64(1)
	}
	return b
}

func (x *ball) add(y *ball) {
	x.mid.Add(&x.mid, &y.mid)
	x.rad.Add(&x.rad, &y.rad)
}

// mul widens by |x|·ry + |y|·rx + rx·ry for what x and y may be off, by one unit
// for the end of the product that is cut off and by one for that of the widening.
// x and y may be the same.
func (x *ball) mul(y *ball) {
	wide := new(big.Int).Abs(&x.mid)
	wide.Add(wide, &x.rad)
	wide.Mul(wide, &y.rad)
	x.scratch.Abs(&y.mid)
	x.scratch.Mul(&x.scratch, &x.rad)
	wide.Add(wide, &x.scratch)
	x.rad.Add(wide.Rsh(wide, x.prec), two)
	x.scratch.Mul(&x.mid, &y.mid)
	x.mid.Rsh(&x.scratch, x.prec)
}

// scale multiplies by num ÷ den, den > 0, without a ball for the ratio.
func (x *ball) scale(num, den *big.Int) {
	x.scratch.Mul(&x.mid, num)
	x.mid.QuoRem(&x.scratch, den, &x.rest)
	x.scratch.Mul(&x.rad, num)
	x.scratch.Abs(&x.scratch)
	x.rad.QuoRem(&x.scratch, den, &x.rest)
	x.rad.Add(&x.rad, two)
}

// sqrt takes the root of a ball that lies above zero. The roots of x and of what
// is r below it are at most r ÷ √x apart.
func (x *ball) sqrt() {
	x.scratch.Lsh(&x.mid, x.prec)
	x.mid.Sqrt(&x.scratch)
	x.scratch.Lsh(&x.rad, x.prec)
	x.rad.Quo(&x.scratch, &x.mid)
	x.rad.Add(&x.rad, two)
}

func (x *ball) one() *big.Int { return new(big.Int).Lsh(big.NewInt(1), x.prec) }

// value and bound give the ball as ratios.
func (x *ball) value() *big.Rat { return new(big.Rat).SetFrac(&x.mid, x.one()) }

func (x *ball) bound() *big.Rat { return new(big.Rat).SetFrac(&x.rad, x.one()) }

var two = big.NewInt(2)
