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
