package allocation_test

import (
	"errors"
	"fmt"
	"math/big"
	"testing"

	"tenderbook/allocation"
)

// TestTendersOfOneParticipantThatDoNotFitAreRefused: the sum of a participant's
// tenders wraps past 64 bits to a small positive one, and is refused as each
// tender is added up.
func TestTendersOfOneParticipantThatDoNotFitAreRefused(t *testing.T) {
	price := [2]*big.Rat{big.NewRat(1, 1), big.NewRat(1, 1)}
	terms := &allocation.Terms{
		ProrateBy: allocation.ByParticipant,
		Series:    []allocation.Series{{ID: "11", Places: []allocation.Place{{Level: 1}}, Increment: 1, Minimum: 1, Price: price}},
	}
	tally := allocation.NewTally(terms)
	for i := range 5 { // 20e18 is 1.55e18 beyond 2^64
		tally.Add(allocation.Tender{Row: i, ID: fmt.Sprint("T", i), Unit: "0443", Principal: 4_000_000_000_000_000_000})
	}
	if _, err := allocation.Decide(terms, tally); !errors.Is(err, allocation.ErrTooLarge) {
		t.Errorf("got %v, want %v", err, allocation.ErrTooLarge)
	}
}

// TestPaymentsThatDoNotFitAreRefused: at 100 for 1, a tender of 2^60 is paid 2^66
// and one of 2^57 is paid 2^63 and some; 100 tenders of 2^50 are paid as much
// together.
func TestPaymentsThatDoNotFitAreRefused(t *testing.T) {
	price := [2]*big.Rat{big.NewRat(100, 1), big.NewRat(100, 1)}
	terms := &allocation.Terms{Series: []allocation.Series{{ID: "11", Places: []allocation.Place{{Level: 1}}, Increment: 1, Minimum: 1, Price: price}}}
	for _, x := range []struct{ principal, count int64 }{{1 << 60, 1}, {1 << 57, 1}, {1 << 50, 100}} {
		tally := allocation.NewTally(terms)
		tally.AddCount(allocation.Tender{Principal: x.principal}, x.count)
		if _, err := allocation.Decide(terms, tally); !errors.Is(err, allocation.ErrPaymentsTooLarge) {
			t.Errorf("%d of %d: got %v, want %v", x.count, x.principal, err, allocation.ErrPaymentsTooLarge)
		}
	}
}
