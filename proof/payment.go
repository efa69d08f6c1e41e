package proof

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"

	"tenderbook/money"
)

// A Payment is what a participant is paid for its tenders of one series, where
// the terms pay by participant. The row of each of these tenders shows it. Its
// tenders are the leaves of a tree of their own, whose root it holds, so that a
// row sees its own claim in the sum and no other.
type Payment struct {
	Payee string `json:"payee"`
	// Sums are over its tenders. Consideration and interest are the payment: the
	// exact sums, rounded half up.
	Sums PaymentSums `json:"sums"`
	// Of the units that the payment has beyond the whole ones of each claim, one
	// goes to each claim whose fraction is above this and none to those below;
	// 1 if there is no such unit.
	UpFromConsideration Ratio `json:"up_from_consideration"`
	UpFromInterest      Ratio `json:"up_from_interest"`

	Leaves int64               `json:"leaves"` // of its tree
	Root   Hash                `json:"root"`
	Salt   Hash                `json:"salt"`  // of the commitment
	Parts  []Part[PaymentSums] `json:"parts"` // of the row, in its tree
}

// commitment hides and fixes what a payment says: the SHA-256 of its salt, of its
// values in order as texts, each behind its length, and of its root.
func (p *Payment) commitment(series int) Hash {
	b := append([]byte(nil), p.Salt[:]...)
	b = appendTexts(b, p.Payee)
	b = appendNumbers(b, int64(series), p.Leaves)
	b = p.Sums.appendBinary(b)
	b = appendTexts(b, p.UpFromConsideration.Rat().RatString(), p.UpFromInterest.Rat().RatString())
	return sha256.Sum256(append(b, p.Root[:]...))
}

// OnePayment checks of rows of one result, which passed [Result.CheckRow], that
// tenders of one participant and series show one payment: it is rounded once.
func OnePayment(rows []*Row) error {
	type account struct {
		payee  string
		series int
	}
	first := map[account]*Row{}
	for _, row := range rows {
		if row.Payment == nil {
			continue
		}
		series := row.Tender.Series
		k := account{row.Payment.Payee, series}
		if first[k] == nil {
			first[k] = row
		}
		if other := first[k]; other.Payment.commitment(series) != row.Payment.commitment(series) {
			return fmt.Errorf("tenders %s and %s of %s show two payments for one series", other.Tender.ID, row.Tender.ID, k.payee)
		}
	}
	return nil
}

// checkPayment checks that a row's claim is in its payment, that the payment is
// the sum rounded once, and that the row's share is its claim up to one unit.
func (row *Row) checkPayment(exact [2]*big.Rat) error {
	p, t := row.Payment, &row.Tender
	want := PaymentSums{Totals{1, t.Principal, t.Accepted, t.Consideration, t.Interest}, NewRatio(exact[0]), NewRatio(exact[1])}
	sum, err := climbAll(row.commitment(), p.Parts, p.Leaves, p.Root, PaymentSums{}, p.Sums.equal)
	switch {
	case err != nil:
		return fmt.Errorf("payment of %s: %w", p.Payee, err)
	case !sum.equal(want):
		return errors.New("what its leaves in the payment count is not what the row says")
	}
	for _, x := range [...]struct {
		what               string
		exact, sum, upFrom *big.Rat
		share, paid        int64
	}{
		{"consideration", exact[0], p.Sums.ExactConsideration.Rat(), p.UpFromConsideration.Rat(), t.Consideration, p.Sums.Consideration},
		{"interest", exact[1], p.Sums.ExactInterest.Rat(), p.UpFromInterest.Rat(), t.Interest, p.Sums.Interest},
	} {
		if rounded, err := money.RoundRat(x.sum, money.HalfUp); err != nil || rounded != x.paid {
			return fmt.Errorf("payment of %s: %s of %d, the sum is %s", p.Payee, x.what, x.paid, x.sum.RatString())
		}
		if low, high := shareOf(x.exact, x.upFrom); x.share < low || x.share > high {
			return fmt.Errorf("%s of %d, its claim of %s gives %d to %d", x.what, x.share, x.exact.RatString(), low, high)
		}
	}
	return nil
}

// shareOf bounds the share of a claim: its whole units, and one more if its
// fraction is large enough; among equal fractions the receipt decides, which a
// row does not show.
func shareOf(exact, upFrom *big.Rat) (low, high int64) {
	whole, err := money.RoundRat(exact, money.Down)
	if err != nil {
		return 0, -1 // more than any share
	}
	fraction := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(whole))
	low, high = whole, whole
	if c := fraction.Cmp(upFrom); c >= 0 && fraction.Sign() > 0 {
		high++
		if c > 0 {
			low++
		}
	}
	return low, high
}
