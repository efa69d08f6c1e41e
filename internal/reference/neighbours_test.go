package reference

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"
)

// Two tenders of x and y increments, m y - n x = 1: the breakpoints n/y < m/x
// are 1/(x y) apart, far nearer than 64 bits can tell, and (m+n)/(x+y) is
// between them. A cap of m+n-1 has room for the first only, one of m+n for both.
func TestNeighbouringBreakpointsAreToldApart(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for range 300 {
		x, y := 1+rng.Int64N(1<<uint(4+rng.IntN(45))), 1+rng.Int64N(1<<uint(4+rng.IntN(45)))
		inverse := new(big.Int).ModInverse(big.NewInt(y), big.NewInt(x))
		if inverse == nil || inverse.Sign() == 0 || x < 3 || y < 3 {
			continue // no such m
		}
		m := inverse.Int64()
		n := new(big.Int).Mul(inverse, big.NewInt(y))
		n.Quo(n, big.NewInt(x)) // (m y - 1) / x: the rest of m y by x is 1
		for _, c := range []struct {
			cap  int64
			want *big.Rat
		}{
			{m + n.Int64() - 1, big.NewRat(n.Int64(), y)},
			{m + n.Int64(), big.NewRat(m, x)},
		} {
			if c.want.Sign() == 0 || c.cap == 0 {
				continue
			}
			o, err := Parse(fmt.Sprintf("terms leftover=raise-factor\nseries A\ncap C %d over=A\ntender 1 A early %d id=x\ntender 2 A early %d id=y", c.cap, x, y))
			if err != nil {
				t.Fatal(err)
			}
			differences, results := Compare(o)
			if len(differences) > 0 {
				t.Error(Explain(o, differences))
			}
			if got := results[0].Lines[0].Factor; got.Cmp(c.want) != 0 {
				t.Errorf("factor %s, want %s\n%s", got.RatString(), c.want.RatString(), o)
			}
		}
	}
}
