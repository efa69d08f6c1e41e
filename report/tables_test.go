package report

import (
	"bytes"
	"math/big"
	"slices"
	"testing"

	"tenderbook/allocation"
	"tenderbook/offer"
)

func TestTablesOfLevel3(t *testing.T) {
	launch := Input{Stage: AtLaunch}
	launch.Terms, _ = level3Terms(t)
	early, final := level3Input(t, AtEarly, withoutInterest), level3Input(t, AtFinal, nil)
	cases := []struct {
		name  string
		in    Input
		table func(Input) (*Table, error)
	}{
		{"launch", launch, Launch},
		{"early", early, Early},
		{"final", final, Final},
		{"waterfall", early, Waterfall},
		{"waterfall-interest", final, Waterfall},
		{"caps", early, CapUse},
		{"totals", final, Totals},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			table, err := c.table(c.in)
			golden(t, c.name+".txt", text(t, table, err))
			var csv, html, js bytes.Buffer
			if err := table.WriteCSV(&csv); err != nil {
				t.Fatal(err)
			}
			if err := table.WriteHTML(&html); err != nil {
				t.Fatal(err)
			}
			if err := table.WriteJSON(&js); err != nil {
				t.Fatal(err)
			}
			golden(t, c.name+".csv", csv.Bytes())
			golden(t, c.name+".html", html.Bytes())
			golden(t, c.name+".json", js.Bytes())
		})
	}
}

func TestAnnouncementsOfLevel3(t *testing.T) {
	for _, stage := range []Stage{AtLaunch, AtEarly, AtFinal} {
		for _, vocabulary := range []Vocabulary{US, EU} {
			in := level3Input(t, stage, nil)
			in.Vocabulary = vocabulary
			a, err := Announce(in)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := a.WriteText(&b, 100); err != nil {
				t.Fatal(err)
			}
			golden(t, "announce-"+stage.String()+"-"+vocabulary.String()+".txt", b.Bytes())
		}
	}
}

// Series priced from a yield are decided before the yield is known, where the
// caps count principal. Their cash once read as if the principal cost nothing.
func TestTablesSayThatAPriceIsNotDetermined(t *testing.T) {
	in := level3Input(t, AtFinal, func(_ *offer.Terms, a *allocation.Terms, _ []allocation.Tender) {
		a.Series[1].Price = [2]*big.Rat{}
	})
	const want = "The price of 11 is not determined: what is paid for the principal is not in these figures."
	for _, make := range []func(Input) (*Table, error){Waterfall, Totals} {
		table, err := make(in)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(table.Notes, want) {
			t.Errorf("%s has the notes %q, want %q", table.Name, table.Notes, want)
		}
	}
}
