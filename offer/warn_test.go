package offer

import (
	"strings"
	"testing"
)

func TestDoubtsDoNotStopTheReader(t *testing.T) {
	for _, x := range []struct{ claim, old, new, want string }{
		{"nothing is doubted in a sound offer", "", "", ""},
		{"a cap above all that is outstanding", "amount: USD 100000000, counts: purchase-price", "amount: USD 600000000, counts: principal", "offer.yaml:15:25: caps.Cap.amount: USD 600,000,000 is more than all that is outstanding under it, 500,000,000\n    the cap can never be reached"},
		{"a maximum above what is outstanding", "    denomination", "    maximum: 500,000,001\n    denomination", "series.A.maximum: 500,000,001 is more than the 500,000,000 outstanding"},
		{"a maximum of zero shuts the series", "    denomination", "    maximum: 0\n    denomination", "series.A.maximum: is zero, so that nothing of the series is accepted"},
		{"a percentage for 1,000", "tender_offer: 950, early_payment: 50, total: 1000", "tender_offer: 95, early_payment: 5, total: 100", "100 for 1000 is less than an eighth of the principal\n    is per right? percentages are per: 100"},
		{"a price for 1,000 given for 100", "per: 1000", "per: 100", "1000 for 100 is more than two and a half times the principal"},
		{"no interest", "    interest: {coupon: 5, day_count: 30/360, dates: [Jan 15, Jul 15]}\n", "", "series.A: has no interest, so that no accrued interest is paid"},
		{"a deadline on a Saturday", "early_tender: by 2025-03-14", "early_tender: by 2025-03-15", "dates.early_tender: 2025-03-15 is a Saturday"},
		{"settlement on Good Friday", "  settlement: 2025-04-01", "  settlement: 2025-04-18", "dates.settlement: 2025-04-18 is Good Friday, on which notes in USD do not settle"},
		{"settlement long after expiration", "  settlement: 2025-04-01", "  settlement: 2025-05-01", "dates.settlement: 2025-05-01 is 34 days after expiration"},
		{"an ISIN of another CUSIP", "    maturity", "    identifiers: {cusip: [\"594918104\"], isin: [US0378331005]}\n    maturity", `"US0378331005" holds the CUSIP 037833100, which is not among those of the series`},
	} {
		f, err := Read("offer.yaml", []byte(strings.Replace(small, x.old, x.new, 1)))
		if err != nil {
			t.Errorf("%s: refused: %v", x.claim, err)
			continue
		}
		if got := f.Warnings.Error(); !strings.Contains(got, x.want) || x.want == "" && got != "" {
			t.Errorf("%s: got %q, want %q", x.claim, got, x.want)
		}
	}
}

func TestAnAnnouncedPriceIsComparedWithItsYield(t *testing.T) {
	announced := strings.Replace(small, "    interest:", "    pricing:\n      kind: fixed-spread\n      reference: {security: UST, yield: 4.2}\n      spread_bp: 80\n"+
		"      convention: {frequency: 2, day_count: 30/360, round: cent-half-up}\n    interest:", 1)
	f, err := Read("offer.yaml", []byte(announced))
	if err != nil {
		t.Fatal(err)
	}
	// At a yield equal to the coupon the price between interest dates is a little below par.
	if got := f.Warnings.Error(); !strings.Contains(got, "1000 for 1000 is stated, 999.") {
		t.Errorf("got %q, want a doubt about the stated price", got)
	}
}
