package settlement_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenderbook/settlement"
)

// claims reads claims as "0443 1/2 interest", at times one after the other.
func claims(t testing.TB, text string) (all []settlement.Claim) {
	t.Helper()
	for i, one := range strings.Split(text, "; ") {
		f := strings.Fields(one)
		c := settlement.Claim{Payee: f[0], Received: int64(i), ID: fmt.Sprint("T", i), Interest: new(big.Rat)}
		var ok bool
		if c.Consideration, ok = new(big.Rat).SetString(f[1]); !ok {
			t.Fatalf("%q is no ratio", f[1])
		}
		all = append(all, c)
	}
	return all
}

func TestAPayeeIsPaidTheRoundedSum(t *testing.T) {
	for _, x := range []struct{ claim, claims, want string }{
		{"a half goes up", "0443 1/2", "1"},
		{"less than a half is lost", "0443 49/100", "0"},
		{"three thirds are one, and the first gets it", "0443 1/3; 0443 1/3; 0443 1/3", "1 0 0"},
		{"the largest fraction comes first", "0443 11/10; 0443 17/10; 0443 12/10", "1 2 1"},
		{"a sum above a half gives more than one", "0443 9/10; 0443 8/10; 0443 9/10", "1 1 1"},
		{"payees do not share", "0443 1/3; 0161 1/3; 0443 1/3", "1 0 0"},
	} {
		paid, err := settlement.ByPayee(claims(t, x.claims))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range paid {
			got = append(got, fmt.Sprint(p.Consideration))
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s: %s pays %s, want %s", x.claim, x.claims, strings.Join(got, " "), x.want)
		}
	}
}

func TestAPaymentThatDoesNotFitIsRefused(t *testing.T) {
	if _, err := settlement.ByPayee(claims(t, "0443 9223372036854775807; 0443 1")); err == nil || !strings.Contains(err.Error(), "0443") {
		t.Errorf("more than 64 bits: %v", err)
	}
}

// The same claims fail with the same payee each time, in whatever order a map
// would have given them.
func TestTheFirstPaymentThatDoesNotFitIsNamed(t *testing.T) {
	for range 64 {
		if _, err := settlement.ByPayee(claims(t, "0161 9223372036854775808; 0443 9223372036854775808; 0777 9223372036854775808")); err == nil || !strings.Contains(err.Error(), "0161") {
			t.Fatalf("three payments of more than 64 bits: %v, want the first payee's name", err)
		}
	}
}

// TestNoUnitIsMadeOrLost pays random claims: each payment is within one unit of
// its claim, those of a payee add up to its sum rounded half up, and the order of
// the claims does not matter.
func TestNoUnitIsMadeOrLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []settlement.Claim
		for i := range rapid.IntRange(1, 12).Draw(t, "claims") {
			exact := func(what string) *big.Rat {
				return big.NewRat(rapid.Int64Range(0, 1000).Draw(t, what), rapid.Int64Range(1, 7).Draw(t, "of"))
			}
			all = append(all, settlement.Claim{
				Payee: rapid.SampledFrom([]string{"0443", "0161"}).Draw(t, "payee"), Series: rapid.IntRange(0, 1).Draw(t, "series"),
				Received: rapid.Int64Range(0, 2).Draw(t, "received"), ID: fmt.Sprint("T", i), Consideration: exact("consideration"), Interest: exact("interest"),
			})
		}
		paid, err := settlement.ByPayee(all)
		if err != nil {
			t.Fatal(err)
		}
		sums, given := map[string]*big.Rat{}, map[string]int64{}
		for i, c := range all {
			k := fmt.Sprint(c.Payee, c.Series)
			if sums[k] == nil {
				sums[k] = new(big.Rat)
			}
			sums[k].Add(sums[k], c.Consideration)
			given[k] += paid[i].Consideration
			off := new(big.Rat).Sub(new(big.Rat).SetInt64(paid[i].Consideration), c.Consideration)
			if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("%s is paid %d for %s", c.ID, paid[i].Consideration, c.Consideration.RatString())
			}
		}
		for k, sum := range sums {
			half := new(big.Rat).Add(sum, big.NewRat(1, 2))
			if want := new(big.Int).Quo(half.Num(), half.Denom()); want.Int64() != given[k] {
				t.Fatalf("%s is paid %d, the sum is %s", k, given[k], sum.RatString())
			}
		}
		order := rapid.Permutation(all).Draw(t, "order")
		again, err := settlement.ByPayee(order)
		if err != nil {
			t.Fatal(err)
		}
		byID := map[string]settlement.Payment{}
		for i, c := range order {
			byID[c.ID] = again[i]
		}
		for i, c := range all {
			if byID[c.ID] != paid[i] {
				t.Fatalf("in another order %s is paid %+v, was %+v", c.ID, byID[c.ID], paid[i])
			}
		}
	})
}
