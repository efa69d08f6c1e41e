package report

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"tenderbook/allocation"
	"tenderbook/money"
	"tenderbook/offer"
)

// spreadPriced gives all series a fixed spread and, in the decision, a price.
func spreadPriced(o *offer.Terms, a *allocation.Terms, _ []allocation.Tender) {
	for i := range o.Series {
		yield := money.DecimalOf(4996, 3)
		o.Series[i].Price = offer.Consideration{}
		o.Series[i].Pricing = &offer.Pricing{
			Kind: "fixed-spread", ReferenceSecurity: "UST 4.250% due 2035-05-15", ReferenceYield: &yield,
			SpreadBP: money.DecimalOf(80+10*int64(i), 0), EarlyPayment: money.DecimalOf(30, 0),
		}
		a.Series[i].Price = [2]*big.Rat{big.NewRat(97_355, 100_000), big.NewRat(94_355, 100_000)}
	}
}

func TestPricingTable(t *testing.T) {
	in := level3Input(t, AtFinal, spreadPriced)
	in.Stage, in.AsOf = AtPricing, time.Date(2004, 11, 15, 11, 0, 0, 0, in.Terms.Zone)
	table, err := Pricing(in)
	golden(t, "pricing.txt", text(t, table, err))
	in.Vocabulary = EU
	table, err = Pricing(in)
	golden(t, "pricing-eu.txt", text(t, table, err))
}

func TestEuropeanPricesPer100ArePercentages(t *testing.T) {
	in := level3Input(t, AtFinal, func(o *offer.Terms, _ *allocation.Terms, _ []allocation.Tender) {
		for i := range o.Series {
			o.Series[i].Price = offer.Consideration{
				Per:         money.DecimalOf(100, 0),
				TenderOffer: money.DecimalOf(92255, 3), EarlyPayment: money.DecimalOf(1, 0), Total: money.DecimalOf(93255, 3),
			}
		}
	})
	for vocabulary, want := range map[Vocabulary]string{EU: "93.255%", US: "$93.255"} {
		in.Vocabulary = vocabulary
		launch, err := Launch(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := launch.Rows[0].Cells[len(launch.Columns)-1].Show; got != want {
			t.Errorf("%s: %s, want %s", vocabulary, got, want)
		}
	}
}

func TestPricingTableNeedsPrices(t *testing.T) {
	in := level3Input(t, AtFinal, spreadPriced)
	in.Stage, in.Decision, in.Alloc = AtPricing, nil, nil
	if _, err := Pricing(in); err == nil || !strings.Contains(err.Error(), "no series has a price yet") {
		t.Errorf("error %v", err)
	}
	launch, err := Launch(in)
	golden(t, "launch-spread.txt", text(t, launch, err))
}

func TestReportsRefuseWhatDoesNotBelongTogether(t *testing.T) {
	whole := level3Input(t, AtFinal, nil)
	cases := []struct {
		name string
		edit func(*Input)
		want string
	}{
		{"no terms", func(in *Input) { in.Terms = nil }, "report has no terms"},
		{"no decision", func(in *Input) { in.Decision = nil }, "final table needs a decision, got terms only"},
		{"other series", func(in *Input) {
			other := *in.Terms
			other.Series = other.Series[1:]
			in.Terms = &other
		}, `decision has series "9.125", the terms do not`},
		{"other cap", func(in *Input) {
			other := *in.Terms
			other.Caps = nil
			in.Terms = &other
		}, `decision has cap "Tender Cap", the terms do not`},
		{
			"tendered of three series", func(in *Input) { in.Tendered = make([]Tendered, 3) },
			"tendered principal is given for 3 series, the terms have 4",
		},
	}
	for _, c := range cases {
		in := whole
		c.edit(&in)
		if _, err := Final(in); err == nil || err.Error() != c.want {
			t.Errorf("%s: error %v, want %s", c.name, err, c.want)
		}
	}
	in := whole
	s := Subject{Instruction: "I-1", Tender: allocation.Tender{Principal: 5}}
	if _, err := Explain(in, s); err == nil || !strings.Contains(err.Error(), `instruction "I-1": outcome of 0 accepted and 0 returned is not of its 5`) {
		t.Errorf("error %v", err)
	}
}

func TestTenderedMayBeGiven(t *testing.T) {
	in := level3Input(t, AtFinal, nil)
	in.Tendered = []Tendered{{Early: 300_000_000_00, Late: 10_000_000_00, Count: 9}, {}, {}, {}}
	final, err := Final(in)
	if err != nil {
		t.Fatal(err)
	}
	if got := final.Rows[0].Cells[3].Show; got != "$310,000,000" {
		t.Errorf("tendered %s, want what was given", got)
	}
}
