package offer

import (
	"os"
	"testing"

	"tenderbook/money"
)

func readFile(t *testing.T, name string) *File {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read(name, data)
	if err != nil {
		t.Fatalf("%s is refused:\n%v", name, err)
	}
	return f
}

func TestLevel3IsReadToTheLetter(t *testing.T) {
	terms := readFile(t, "testdata/level3-2004.yaml").Terms
	if got, want := terms.Caps[0].Amount, money.New(450_000_000_00, money.USD); got != want {
		t.Errorf("cap: got %v, want %v", got, want)
	}
	if len(terms.Series) != 4 {
		t.Fatalf("got %d series, want 4", len(terms.Series))
	}
	euro := terms.Series[3]
	for _, x := range []struct{ what, got, want string }{
		{"id", euro.ID, "10.75"},
		{"currency", euro.Currency.Code, "EUR"},
		{"outstanding", euro.Outstanding.Grouped(), "320,826,000"},
		{"late price", euro.Price.TenderOffer.String(), "830.00"},
		{"early price", euro.Price.Total.String(), "850.00"},
		{"interest date", euro.Interest.Dates[1].String(), "Sep 15"},
		{"rate", terms.Rates[0].String(), "EUR/USD 1.2950"},
		{"early tender", terms.Dates.EarlyTender.String(), "before 2004-11-12 17:00"},
		{"expiration", terms.Dates.Expiration.String(), "by 2004-11-29 24:00"},
		{"default of changed", terms.Acceptance.Changed, "new-time"},
		{"waivable", map[bool]string{true: "yes", false: "no"}[terms.Conditions[1].Waivable], "yes"},
	} {
		if x.got != x.want {
			t.Errorf("%s: got %q, want %q", x.what, x.got, x.want)
		}
	}
}

func mustRead(t *testing.T, name string) []byte { return readBytes(t, name) }

func readBytes(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
