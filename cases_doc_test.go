package tenderbook_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite docs/cases.md")

// A notReproduced is an offer that was looked at and is not run.
type notReproduced struct {
	Case  int
	Offer string
	Why   string
}

// TestCasesDoc checks docs/cases.md against the folders of testdata/offers,
// from which it is made: go test -run TestCasesDoc -update .
func TestCasesDoc(t *testing.T) {
	var left []notReproduced
	readYAML(t, "testdata/offers/not-reproduced.yaml", &left)
	offers := realOffers(t)
	want := casesDoc(offers, left, spreadPrices(t, offers))
	if *update {
		if err := os.WriteFile("docs/cases.md", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile("docs/cases.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/cases.md is not what testdata/offers says: run go test -run TestCasesDoc -update .")
	}
}

func casesDoc(offers []*realOffer, left []notReproduced, prices []spreadPrice) []byte {
	var b bytes.Buffer
	n := count(offers)
	fmt.Fprintf(&b, `# Real offers as tests

%d folders of testdata/offers hold real tender and exchange offers: the terms as announced, the amendments, a book,
and the figures that were published. What comes out of the engine is compared with %d figures:

| figures | where they are from |
|---|---|
| %d published | printed in a source, and nothing in the folder was made to give them |
| %d fitted | printed, but the book or a cap was made so that they come out: the rules can give them, no more |
| %d derived | computed from what is printed; expected.yaml shows the working |
| %d inferred | read out of the numbers or the order of events |

Another %d only check the folder: amounts tendered, caps, maximums and stated prices are as published.

Facts and figures are from the pages that each offer.yaml lists; what those pages do not say is marked "assumed"
there. No book of single holders is public: a book has one tender a series, or made-up tenders that add up to the
published totals where rounding over many holders matters. Level 3's offers of 2004, the first of the collection, stand
in examples/level3-2004.

`+"`tender check`"+` finds no rule that one of them fails, and leaves to a person what the terms do not show. That proves nothing
about the dates that are assumed: they were chosen to be lawful. Expirations at 11:59 p.m. draw a warning, being a minute
short of the day that the rule counts.

This page is made from the folders and checked against them by cases_doc_test.go.

| offer | what comes out | how exactly | the book | what does not come out |
|---|---|---|---|---|
`, len(offers), n["published"]+n["fitted"]+n["derived"]+n["inferred"], n["published"], n["fitted"], n["derived"], n["inferred"], n["given"])
	for _, c := range offers {
		terms := c.history.Versions()[0].Terms
		e := c.expected
		fmt.Fprintf(&b, "| [%02d %s, %d](../testdata/offers/%s/offer.yaml) | %s | %s | %s | %s |\n",
			e.Case, terms.Offeror, terms.Commenced.Year, c.name, cell(e.Reproduces), cell(e.Precision), cell(e.Book), cell(e.Missing))
	}
	b.WriteString(pricesDoc(prices))
	b.WriteString("\n## Not reproduced\n\n| offer | why |\n|---|---|\n")
	for _, n := range left {
		fmt.Fprintf(&b, "| %02d %s | %s |\n", n.Case, n.Offer, cell(n.Why))
	}
	return b.Bytes()
}

// count counts the figures that are compared, by where they come from. Those
// that only repeat what the folder says are counted as "given".
func count(offers []*realOffer) map[string]int {
	n := map[string]int{}
	for _, c := range offers {
		for _, r := range c.expected.Runs {
			for origin, f := range r.figures() {
				v := reflect.ValueOf(*f)
				for i := range v.NumField() {
					if v.Field(i).Kind() != reflect.Map {
						continue
					}
					field := v.Type().Field(i).Name
					for id := range v.Field(i).Interface().(map[string]string) {
						if c.isGiven(field, id) {
							n["given"]++
						} else {
							n[origin]++
						}
					}
				}
			}
		}
	}
	return n
}

// isGiven reports whether a figure stands in the folder as it is compared.
func (c *realOffer) isGiven(field, id string) bool {
	switch field {
	case "Tendered", "Caps", "Maximum", "Level":
		return true
	case "Price", "LatePrice":
		for _, s := range c.history.Versions()[0].Terms.Series {
			if s.ID == id {
				return s.Pricing == nil
			}
		}
	}
	return false
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
