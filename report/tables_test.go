package report

import (
	"bytes"
	"math/big"
	"slices"
	"strings"
	"testing"

	"tenderbook/allocation"
	"tenderbook/calendar"
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

// TestEarlyResultsThatAreSettledEarly announces what no later tender can change:
// it says what is accepted, and that withdrawal has ended at the very deadline.
func TestEarlyResultsThatAreSettledEarly(t *testing.T) {
	in := level3Input(t, AtEarly, nil)
	terms := *in.Terms
	terms.Dates.EarlySettlement = terms.Dates.Settlement
	in.Terms, in.Accepted = &terms, true
	words := func() string {
		a, err := Announce(in)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(a.Before, "\n")
	}
	said := words()
	for _, want := range []string{
		"\nAccepted for early settlement: all that was tendered of the 9 1/8% Senior Notes due 2008; all that was tendered of the 11% Senior Notes due 2008; ",
		"; $138,328,000 of the 10 1/2% Senior Discount Notes due 2008, at a proration factor of approximately 41.2470%; nothing of the 10 3/4% Senior Euro Notes due 2008.\n",
		"\nWithdrawal rights ended at ",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in\n%s", want, said)
		}
	}
	if strings.Contains(said, "may change") {
		t.Errorf("a result that is settled is called provisional:\n%s", said)
	}
	terms.Dates.Withdrawal = calendar.Deadline{}
	if said := words(); strings.Contains(said, "withdrawal deadline") || strings.Contains(said, "Withdrawal rights") {
		t.Errorf("terms without a withdrawal deadline say of it:\n%s", said)
	}
}

// Early results that were to be settled early once read "Accepted for early
// settlement" before anything was accepted, with the conditions still open.
func TestEarlyResultsAreNotCalledAcceptedBeforeTheyAre(t *testing.T) {
	in := level3Input(t, AtEarly, nil)
	terms := *in.Terms
	terms.Dates.EarlySettlement = terms.Dates.Settlement
	in.Terms = &terms
	in.Record = &Record{Seq: 17, At: in.AsOf, Hash: strings.Repeat("0", 64), Standing: "not accepted yet"}
	states := func(status string) {
		in.Conditions = in.Terms.ConditionStates(nil)
		for i := range in.Conditions {
			in.Conditions[i].Status = status
		}
	}
	for _, c := range []struct {
		status, want string
		accepted     bool
	}{
		{"open", "On these amounts, and if the conditions financing and general are satisfied or waived, the following would be accepted for early settlement: all", false},
		{"waived", "On these amounts, the following would be accepted for early settlement: all", false},
		{"waived", "Accepted for early settlement: all", true},
	} {
		states(c.status)
		in.Accepted = c.accepted
		a, err := Announce(in)
		if err != nil {
			t.Fatal(err)
		}
		html := string(page(t, in))
		for kind, said := range map[string]string{"announcement": strings.Join(a.Before, "\n"), "page": html} {
			if !strings.Contains(said, c.want) {
				t.Errorf("%s with conditions %s does not say %q", kind, c.status, c.want)
			}
			if strings.Contains(said, "Accepted for early settlement") != c.accepted {
				t.Errorf("%s calls the result accepted: %t, want %t", kind, !c.accepted, c.accepted)
			}
		}
		if strings.Contains(html, "if nothing changes; ") == c.accepted {
			t.Errorf("page with accepted %t: \"if nothing changes\" is wrong", c.accepted)
		}
	}
}

// The final results of a record read "has accepted for purchase" before they were.
func TestFinalResultsAreNotCalledAcceptedBeforeTheyAre(t *testing.T) {
	in := level3Input(t, AtFinal, nil)
	in.Record = &Record{Seq: 17, At: in.AsOf, Hash: strings.Repeat("0", 64), Standing: "not accepted yet"}
	for accepted, want := range map[bool]string{
		false: "would accept for purchase if the conditions financing and general are satisfied or waived.",
		true:  "has accepted for purchase.",
	} {
		in.Accepted = accepted
		html := string(page(t, in))
		if !strings.Contains(html, want) || strings.Contains(html, "not accepted yet; of ") == accepted {
			t.Errorf("accepted %t: page does not say %q, or calls it accepted at a glance", accepted, want)
		}
	}
}
