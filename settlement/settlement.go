// Package settlement turns what an allocation accepts into what payees are paid.
//
// An offer pays by instruction or by participant. Where it pays by instruction,
// package allocation has rounded the payment of each tender already. Where it
// pays by participant, the payment is of the sum of a participant's tenders of a
// series, and [ByPayee] rounds it: once, half up, in minor units.
package settlement

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"tenderbook/allocation"
	"tenderbook/money"
)

// A Claim is what one tender adds to the payment of its payee, before rounding.
type Claim struct {
	Payee    string
	Series   int    // index in the terms
	Received int64  // nanoseconds since 1970; with ID, the order of equal fractions
	ID       string // of the instruction

	Consideration, Interest *big.Rat // minor units, 0 or more
}

// A Payment is what is paid for one tender, in minor units.
type Payment struct{ Consideration, Interest int64 }

// ClaimOf gives what a tender claims: the exact price of what is accepted of it
// and has been delivered, and the interest on that.
func ClaimOf(t *allocation.Terms, payee string, x allocation.Tender, o *allocation.Outcome) Claim {
	paid := new(big.Rat).SetInt64(max(0, min(o.Accepted, x.Principal-x.Undelivered)))
	c := Claim{Payee: payee, Series: x.Series, Received: x.ReceivedAt, ID: x.ID, Consideration: new(big.Rat), Interest: new(big.Rat)}
	if o.Price != nil {
		c.Consideration.Mul(paid, o.Price)
	}
	if rate := t.Series[x.Series].Interest[x.Timing]; rate != nil {
		c.Interest.Mul(paid, rate)
	}
	return c
}

// ByPayee rounds the payment of each payee and series, the sum of its claims,
// half up, and shares it among the tenders that it is for: the whole minor units
// of each, and then one more by the fraction cut off, largest first, equal ones in
// order of receipt and then of id. It gives the payments in the order of the
// claims. It fails where a payment does not fit 64 bits, and names the payee whose
// claim comes first.
func ByPayee(claims []Claim) ([]Payment, error) {
	type account struct {
		payee  string
		series int
	}
	of := map[account][]int{}
	var accounts []account // in the order of their first claims
	for i := range claims {
		k := account{claims[i].Payee, claims[i].Series}
		if of[k] == nil {
			accounts = append(accounts, k)
		}
		of[k] = append(of[k], i)
	}
	paid := make([]Payment, len(claims))
	for _, who := range accounts {
		numbers := of[who]
		slices.SortFunc(numbers, func(a, b int) int {
			x, y := &claims[a], &claims[b]
			return cmp.Or(cmp.Compare(x.Received, y.Received), strings.Compare(x.ID, y.ID))
		})
		errA := share(numbers, func(i int) (*big.Rat, *int64) { return claims[i].Consideration, &paid[i].Consideration })
		errB := share(numbers, func(i int) (*big.Rat, *int64) { return claims[i].Interest, &paid[i].Interest })
		if err := cmp.Or(errA, errB); err != nil {
			return nil, fmt.Errorf("payment of %s: %w", who.payee, err)
		}
	}
	return paid, nil
}

// share rounds the sum of claims half up and gives it out, see [ByPayee].
func share(numbers []int, of func(i int) (exact *big.Rat, paid *int64)) error {
	sum, given := new(big.Rat), int64(0)
	fractions := make(map[int]*big.Rat, len(numbers))
	for _, i := range numbers {
		exact, paid := of(i)
		whole, err := money.RoundRat(exact, money.Down)
		if err != nil {
			return err
		}
		*paid = whole
		given += whole
		sum.Add(sum, exact)
		fractions[i] = new(big.Rat).Sub(exact, new(big.Rat).SetInt64(whole))
	}
	total, err := money.RoundRat(sum, money.HalfUp)
	if err != nil {
		return err
	}
	order := slices.Clone(numbers)
	slices.SortStableFunc(order, func(a, b int) int { return fractions[b].Cmp(fractions[a]) })
	for _, i := range order[:total-given] {
		_, paid := of(i)
		*paid++
	}
	return nil
}

// Correct brings the lines of a decision, which add up payments rounded for each
// tender, to what a tender is paid: the difference goes to the last line that it
// took part in. The outcome is the tender's, as the decision has it.
func Correct(d *allocation.Decision, o *allocation.Outcome, paid Payment) {
	consideration, interest := paid.Consideration-o.Consideration, paid.Interest-o.Interest
	if consideration == 0 && interest == 0 {
		return
	}
	last := o.Shares[len(o.Shares)-1]
	line := &d.Steps[last.Step].Lines[last.Line]
	line.Consideration += consideration
	line.Interest += interest
}
