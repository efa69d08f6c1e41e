package reference

import (
	"math/big"
	"math/rand/v2"
)

// Dice make the choices of the generator. The same seed and bytes make the same
// choices. The bytes are used up first, one a choice, so that a fuzzer that
// changes one of them changes one choice.
type Dice struct {
	bytes []byte
	rng   *rand.Rand
}

// NewDice gives dice that throw the bytes and then go on from the seed.
func NewDice(seed uint64, bytes []byte) *Dice {
	return &Dice{bytes: bytes, rng: rand.New(rand.NewPCG(seed, 0x7465_6e64_6572))}
}

// upTo throws a number from 0 to n-1, 0 < n.
func (d *Dice) upTo(n int) int {
	if len(d.bytes) > 0 && n <= 256 {
		b := d.bytes[0]
		d.bytes = d.bytes[1:]
		return int(b) % n
	}
	return d.rng.IntN(n)
}

// between throws a number from lo to hi, both included.
func (d *Dice) between(lo, hi int) int { return lo + d.upTo(hi-lo+1) }

// oneIn is true once in n throws.
func (d *Dice) oneIn(n int) bool { return d.upTo(n) == 0 }

// pick takes one of the values.
func pick[T any](d *Dice, values ...T) T { return values[d.upTo(len(values))] }

// ratio picks one of the fractions n/d.
func (d *Dice) ratio(fractions ...[2]int64) *big.Rat {
	f := pick(d, fractions...)
	return big.NewRat(f[0], f[1])
}
