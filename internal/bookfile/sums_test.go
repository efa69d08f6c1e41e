package bookfile

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"tenderbook/offer"
)

// TestSumsThatDoNotFitAreRefused has rows that fit by themselves, and sums beside
// those of tenders that count: a sum that wrapped would be printed, or reach a
// threshold, as another number.
func TestSumsThatDoNotFitAreRefused(t *testing.T) {
	rows := func(n int, day, action string) string {
		book := "instruction,received_at,series,principal,action\n"
		for i := range n {
			book += fmt.Sprintf("I-%d,2004-%sT10:00:00-05:00,9.125,40000000000000000,%s\n", i, day, action)
		}
		return book
	}
	for _, x := range []struct{ claim, book, words string }{
		{"consents", rows(3, "11-02", "consent"), "consents"},
		{"tenders that carry consents", rows(3, "11-02", "tender"), "does not fit"},
		{"tenders after expiration", rows(3, "12-02", "tender"), "do not count"},
	} {
		o := level3Options(t)
		o.Terms.Series[0].Consent = &offer.Consent{Threshold: offer.Threshold{Part: big.NewRat(50, 1)}, Carried: true, Alone: true}
		out, r, err := allocate(t, x.book, o)
		if err == nil || !strings.Contains(err.Error(), x.words) || out != "" {
			t.Errorf("%s: %d bytes written, result %+v, error %v; want nothing and an error with %q", x.claim, len(out), r, err, x.words)
		}
		if x.words != "does not fit" && !errors.Is(err, ErrTooLarge) { // tenders that count are the tally's to refuse
			t.Errorf("%s: %v does not wrap ErrTooLarge", x.claim, err)
		}
	}
}

// TestSumsAtTheirLimit: 2^62 is the most, from whatever parts it comes.
func TestSumsAtTheirLimit(t *testing.T) {
	for _, x := range []struct {
		sum, minor, n int64
		fits          bool
	}{
		{0, 1 << 62, 1, true},
		{1 << 62, 1 << 62, 1, false}, // 2^63 would be negative
		{1, 1 << 62, 1, false},
		{1 << 62, 0, 1 << 40, true},
		{0, 1 << 40, 1 << 30, false},
	} {
		sum := x.sum
		if fits := addTo(&sum, x.minor, x.n); fits != x.fits || !fits && sum != x.sum {
			t.Errorf("%d and %d times %d: fits %t, sum %d; want %t", x.sum, x.n, x.minor, fits, sum, x.fits)
		}
	}
}
