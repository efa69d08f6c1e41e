package pricing_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/pricing"
)

var update = flag.Bool("update", false, "rewrite the expected files")

func allPrices(t *testing.T) []pricing.Determination {
	t.Helper()
	var all []pricing.Determination
	seen := map[string]bool{}
	for _, x := range published {
		if seen[x.offer] {
			continue
		}
		seen[x.offer] = true
		given := pricing.Given{Bids: map[string]money.Decimal{"A": dec(t, "125")}}
		some, _ := pricing.DetermineWith(realOffer(t, x.offer), offer.Settlements{}, given)
		all = append(all, some...)
	}
	some, err := pricing.Determine(terms(t), offer.Settlements{})
	if err != nil {
		t.Fatal(err)
	}
	return append(all, some...)
}

// byHand works the price out again from nothing but what the proof prints, with
// the arithmetic of a pocket calculator.
func byHand(t *testing.T, p *pricing.Proof, yield float64, frequency float64, simple bool) float64 {
	t.Helper()
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	sum := 0.0
	for _, f := range p.Payments {
		factor := math.Pow(1+yield/100/frequency, -number(f.Periods))
		if simple {
			factor = 1 / (1 + number(f.Periods)*yield/100/frequency)
		}
		if math.Abs(factor-number(f.Factor)) > 1e-12 {
			t.Errorf("%s: factor %s, by hand %.15f", f.Date, f.Factor, factor)
		}
		present := (number(f.Interest) + number(f.Principal)) * factor
		if math.Abs(present-number(f.Present)) > 1e-9 {
			t.Errorf("%s: worth %s, by hand %.12f", f.Date, f.Present, present)
		}
		sum += present
	}
	if math.Abs(sum-number(p.Sum)) > 1e-8 {
		t.Errorf("sum %s, by hand %.12f", p.Sum, sum)
	}
	return sum - number(p.Accrued)
}

func TestProofsCanBeWorkedOutByHand(t *testing.T) {
	proved := 0
	for _, d := range allPrices(t) {
		p := d.Prove()
		if p == nil {
			continue
		}
		proved++
		yield, _ := d.Yield.Rat().Float64()
		simple := strings.Contains(strings.Join(p.Formula, "\n"), "simple interest")
		price := byHand(t, p, yield, float64(d.Series.Pricing.Frequency), simple)
		decimals := 2
		if d.Per.Cmp(money.DecimalOf(100, 0)) == 0 {
			decimals = 3
		}
		scale := math.Pow10(decimals)
		if got := strconv.FormatFloat(math.Floor(price*scale+0.5)/scale, 'f', decimals, 64); got != d.Total.String() {
			t.Errorf("%s %s: by hand %s, determined %s", d.Terms.ID, d.Series.ID, got, d.Total)
		}
	}
	if proved < 40 {
		t.Errorf("%d prices were proved", proved)
	}
}

// The lines of the table add up to the sum below it, as far as they are rounded.
func TestLinesOfAProofAddUp(t *testing.T) {
	for _, d := range allPrices(t) {
		p := d.Prove()
		if p == nil {
			continue
		}
		number := func(s string) *big.Rat {
			x, ok := new(big.Rat).SetString(s)
			if !ok {
				t.Fatalf("%q is no number", s)
			}
			return x
		}
		sum := new(big.Rat)
		for _, f := range p.Payments {
			sum.Add(sum, number(f.Present))
			if periods := number(f.Exact); periods.FloatString(10) != number(f.Periods).FloatString(10) {
				t.Errorf("periods %s are not %s", f.Periods, f.Exact)
			}
		}
		slack := big.NewRat(int64(len(p.Payments)+1), 2e12)
		if off := new(big.Rat).Sub(sum, number(p.Sum)); off.Abs(off).Cmp(slack) > 0 {
			t.Errorf("%s: lines add up to %s, the sum is %s", d.Series.ID, sum.FloatString(12), p.Sum)
		}
		price := new(big.Rat).Sub(number(p.Sum), number(p.Accrued))
		if off := price.Sub(price, number(p.Price)); off.Abs(off).Cmp(big.NewRat(2, 1e12)) > 0 {
			t.Errorf("%s: %s - %s is not %s", d.Series.ID, p.Sum, p.Accrued, p.Price)
		}
	}
}

// A bid price comes back out of the yield that was found from it, and the two
// prices half a unit around the rounded yield enclose it.
func TestReferenceYieldsAreProved(t *testing.T) {
	all, err := pricing.Determine(terms(t), offer.Settlements{})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		i                  int
		price, line, yield string
	}{
		{0, "98.42187500", "bid price 98-13+ = 98.421875% of principal", "0.792"},
		{2, "98.73437500", "bid price 98-23+ = 98.734375% of principal", "0.560"},
		{10, "106.50000000", "106.50 lies between them: the yield rounds to 0.151%", "0.151"},
		{4, "", "rate at 2028-07-09 = -0.420 + (-0.210 - (-0.420)) x 1004/1826 days = -0.304534501643%", "-0.3045"},
		{6, "", "12y from 2020-10-09 ends on 2032-10-09: its rate is -0.100%", "-0.100"},
	} {
		r := all[x.i].Prove().Reference
		if r == nil || r.Yield != x.yield || !strings.HasPrefix(r.Price, x.price) {
			t.Errorf("%s: %+v", all[x.i].Series.ID, r)
			continue
		}
		if !strings.Contains(strings.Join(r.Lines, "\n"), x.line) {
			t.Errorf("%s: no line %q in\n%s", all[x.i].Series.ID, x.line, strings.Join(r.Lines, "\n"))
		}
	}
}

func TestProofForPeopleAndMachines(t *testing.T) {
	all, err := pricing.Determine(terms(t), offer.Settlements{})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := pricing.WriteProofs(&text, all[4:8]); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/proof.txt", text.Bytes())
	record := all[2].Record()
	record.Proof = all[2].Prove()
	js, err := json.MarshalIndent(record, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/proof.json", append(js, '\n'))
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: run go test ./pricing -update and read the change\n%s", name, cmp.Diff(string(want), string(got)))
	}
}
