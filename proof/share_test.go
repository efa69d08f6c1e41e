package proof

import (
	"math/big"
	"strings"
	"testing"
)

func exactly(t *testing.T, text string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no ratio", text)
	}
	return r
}

// An agent that lies in good order, with a right tree of the lie, is found where a
// payment is not its sum rounded half up, or a tender's share not its claim up to
// one unit. The participant has two claims: this row's, and another.
func TestAPaymentIsRoundedAndSharedAsTheTermsSay(t *testing.T) {
	for _, c := range []struct {
		claim, mine, other, upFrom string
		share, rest                int64
		want                       string
	}{
		{"5/2 is 3", "5/4", "5/4", "1/4", 2, 1, ""},
		{"of equal fractions either gets the unit", "5/4", "5/4", "1/4", 1, 2, ""},
		{"5/2 is not 2", "5/4", "5/4", "1", 1, 1, "consideration of 2, the sum is 5/2"},
		{"nor 4", "5/4", "5/4", "1/4", 2, 2, "consideration of 4, the sum is 5/2"},
		{"the larger fraction gets the unit", "7/4", "9/8", "3/4", 2, 1, ""},
		{"and not the smaller", "9/8", "7/4", "3/4", 2, 1, "consideration of 2, its claim of 9/8 gives 1 to 1"},
		{"nor is it lost", "7/4", "9/8", "1/8", 1, 2, "consideration of 1, its claim of 7/4 gives 2 to 2"},
		{"a whole claim gets no more", "2", "3/2", "0", 3, 1, "consideration of 3, its claim of 2 gives 2 to 2"},
		{"no more than one unit", "5/4", "5/4", "0", 3, 0, "consideration of 3, its claim of 5/4 gives 2 to 2"},
	} {
		row := paidRow(t, c.mine, c.other, c.upFrom, c.share, c.rest)
		err := row.checkPayment([2]*big.Rat{exactly(t, c.mine), new(big.Rat)})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, needs %q", c.claim, err, c.want)
		}
	}
}

// paidRow is a row in a payment of two claims, with a right tree of whatever is
// said of them.
func paidRow(t *testing.T, mine, other, upFrom string, share, rest int64) *Row {
	t.Helper()
	row := &Row{Tender: Tender{ID: "T1", Principal: 5, Accepted: 5, Consideration: share}}
	own := PaymentSums{Totals{1, 5, 5, share, 0}, NewRatio(exactly(t, mine)), Ratio{}}
	next := PaymentSums{Totals{1, 5, 5, rest, 0}, NewRatio(exactly(t, other)), Ratio{}}
	left, right := leafNode(row.commitment(), Hash{1}, own), leafNode(Hash{2}, Hash{3}, next)
	top, err := join(left, right)
	if err != nil {
		t.Fatal(err)
	}
	row.Payment = &Payment{
		Payee: "0443", Sums: top.Sums, UpFromConsideration: NewRatio(exactly(t, upFrom)), UpFromInterest: NewRatio(one), Leaves: 2, Root: top.Hash,
		Parts: []Part[PaymentSums]{{Salt: Hash{1}, Sums: own, Path: []Node[PaymentSums]{right}}},
	}
	return row
}
