package report

import (
	"os"
	"strings"
	"testing"

	"tenderbook/offer"
	"tenderbook/pricing"
)

// curvesOnly are the two series of the references file that are priced over a
// swap curve.
func curvesOnly(t *testing.T) Input {
	t.Helper()
	data, err := os.ReadFile("../offer/testdata/references.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := offer.Read("references.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	terms := *f.Terms
	terms.Series = terms.Series[2:4]
	prices, err := pricing.Determine(&terms, offer.Settlements{})
	if err != nil {
		t.Fatal(err)
	}
	return Input{Terms: &terms, Stage: AtPricing, Prices: prices, Vocabulary: EU}
}

func TestEuropeanPricesOverACurve(t *testing.T) {
	table, err := Pricing(curvesOnly(t))
	golden(t, "prices-curve-eu.txt", text(t, table, err))
	var csv strings.Builder
	if err := table.WriteCSV(&csv); err != nil {
		t.Fatal(err)
	}
	const want = "E8,1.5% Notes due 2028,EUR,500000000.00,EUR mid-swap,-0.3045,70,0.3955,108.413,2028-07-09,2020-10-09,100,0.00"
	if !strings.Contains(csv.String(), "\n"+want+"\n") {
		t.Errorf("csv\n%swant the line\n%s", csv.String(), want)
	}
}

func TestPricesPerThousandInTheWordsOfTheUnitedStates(t *testing.T) {
	in := curvesOnly(t)
	in.Vocabulary = US
	table, err := Pricing(in)
	golden(t, "prices-curve-us.txt", text(t, table, err))
}
