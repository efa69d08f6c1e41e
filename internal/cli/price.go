package cli

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/pricing"
	"tenderbook/report"
)

// A priceQuestion is what the flags of pricing ask, of "tender price" and of the
// pricing table.
type priceQuestion struct {
	bids         []string // SERIES=BID
	hypothetical bool
}

func (q *priceQuestion) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&q.bids, "bid", nil, "clearing bid of an auction: `SERIES=BID`")
	f.BoolVar(&q.hypothetical, "hypothetical", false, "price from the hypothetical yields, as at launch")
}

// given reads the flags.
func (q *priceQuestion) given(t *offer.Terms) (pricing.Given, error) {
	g := pricing.Given{Hypothetical: q.hypothetical, Bids: map[string]money.Decimal{}}
	for _, b := range q.bids {
		id, value, ok := strings.Cut(b, "=")
		if !ok {
			return g, usagef("", "--bid %q needs SERIES=BID, such as A=125", b)
		}
		d, err := money.ParseDecimal(value)
		if err != nil {
			return g, usagef("", "--bid %q: %w", b, err)
		}
		if err := hasSeries(t, id); err != nil {
			return g, err
		}
		g.Bids[id] = d
	}
	return g, nil
}

// hasSeries refuses an id that the offer does not have.
func hasSeries(t *offer.Terms, id string) error {
	var known []string
	for i := range t.Series {
		known = append(known, t.Series[i].ID)
	}
	if slices.Contains(known, id) {
		return nil
	}
	return usagef("the series are "+strings.Join(known, ", "), "%q is not a series of %s", id, t.ID)
}

// determine gives the prices, and what is missing as a second value.
func determine(t *offer.Terms, given pricing.Given) ([]pricing.Determination, *pricing.Missing, error) {
	all, err := pricing.DetermineWith(t, t.Settlements(), given)
	var missing *pricing.Missing
	if errors.As(err, &missing) {
		return all, missing, nil
	}
	return all, nil, err
}

// A priceCommand is "tender price" with its flags.
type priceCommand struct {
	*program
	priceQuestion
	offer  offerArg
	sets   []string
	series []string
	as     string
	proof  bool
}

func (p *program) priceCommand() *cobra.Command {
	r := &priceCommand{program: p}
	c := &cobra.Command{
		Use:   "price OFFER",
		Short: "Determines prices from yields and spreads, and proves them.",
		Example: `tender price offer.yaml
tender price offer.yaml --series 2028 --proof
tender price offer.yaml --set references.UST10.yield=4.996`,
		Long: `Prints the price of each series for early and late tenders. A proof (--proof)
has all that is needed to work a price out by hand: what goes in, the formula
with its numbers, each payment with its factor, each rounding. A quote that two
people have not seen to is marked needs-human.

Ends with 3 if a price is not determined yet, and says what is missing.`,
		Args: arguments(1, 1, "OFFER"),
		RunE: func(_ *cobra.Command, args []string) error {
			r.offer.path = args[0]
			return r.run()
		},
	}
	f := c.Flags()
	f.StringArrayVar(&r.offer.amends, "amend", nil, "amendment `FILE` besides those in the folder")
	f.StringArrayVar(&r.series, "series", nil, "only the series with this `ID`; may be given again")
	f.StringVar(&r.as, "as", "text", "`FORMAT`: text or json")
	f.BoolVar(&r.proof, "proof", false, "print the proofs")
	r.priceQuestion.flags(c)
	f.StringArrayVar(&r.sets, "set", nil, "what-if: `PATH=VALUE`, such as series.A.pricing.reference.yield=4.996")
	return c
}

func (r *priceCommand) run() error {
	if r.json {
		r.as = "json"
	}
	if r.as != "text" && r.as != "json" {
		return usagef("", "--as %q needs text or json", r.as)
	}
	h, err := r.offer.read()
	if err != nil {
		return err
	}
	if h, err = whatIf(h, r.sets); err != nil {
		return err
	}
	terms := h.Final()
	for _, id := range r.series {
		if err := hasSeries(terms, id); err != nil {
			return err
		}
	}
	given, err := r.given(terms)
	if err != nil {
		return err
	}
	all, missing, err := determine(terms, given)
	if err != nil {
		return refused{err}
	}
	all, missing = r.only(all, missing)
	if r.as == "json" {
		err = r.printJSON(r.result(terms, all, missing))
	} else {
		err = r.print(terms, all)
	}
	if err == nil && missing != nil {
		err = refused{missing}
	}
	return err
}

// only leaves the series that were asked for.
func (r *priceCommand) only(all []pricing.Determination, missing *pricing.Missing) ([]pricing.Determination, *pricing.Missing) {
	if len(r.series) == 0 {
		return all, missing
	}
	all = slices.DeleteFunc(all, func(d pricing.Determination) bool { return !slices.Contains(r.series, d.Series.ID) })
	if missing != nil {
		missing.Lacks = slices.DeleteFunc(missing.Lacks, func(l pricing.Lack) bool { return !slices.Contains(r.series, l.Series) })
		if len(missing.Lacks) == 0 {
			missing = nil
		}
	}
	return all, missing
}

// priceJSON is what "tender price --json" prints.
type priceJSON struct {
	Offer          string           `json:"offer"`
	Terms          string           `json:"terms"` // digest
	Determinations []pricing.Record `json:"determinations"`
	Missing        []missingJSON    `json:"missing"` // what other prices wait for
}

type missingJSON struct {
	Series string `json:"series"`
	What   string `json:"what"`
}

func (r *priceCommand) result(t *offer.Terms, all []pricing.Determination, missing *pricing.Missing) priceJSON {
	out := priceJSON{Offer: t.ID, Terms: "sha256:" + t.Digest(), Determinations: []pricing.Record{}, Missing: []missingJSON{}}
	for i := range all {
		record := all[i].Record()
		if r.proof {
			record.Proof = all[i].Prove()
		}
		out.Determinations = append(out.Determinations, record)
	}
	if missing != nil {
		for _, l := range missing.Lacks {
			out.Missing = append(out.Missing, missingJSON(l))
		}
	}
	return out
}

// print prints the table, or the proofs.
func (r *priceCommand) print(t *offer.Terms, all []pricing.Determination) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s  %s\n\n", r.paint(bold, t.ID), t.Offeror)
	var err error
	switch {
	case len(all) == 0:
		return nil // what is missing is the answer
	case r.proof:
		err = pricing.WriteProofs(&b, all)
	default:
		if err = report.Determinations(all).WriteText(&b, r.tableWidth()); err == nil {
			r.printNeeds(&b, all)
		}
	}
	if err != nil {
		return err
	}
	_, err = r.Out.Write(b.Bytes())
	return err
}

// printNeeds says what a person has to see to, once for all series that lack the
// same.
func (r *priceCommand) printNeeds(b *bytes.Buffer, all []pricing.Determination) {
	var needs []string
	series := map[string][]string{}
	for i := range all {
		need, id := strings.Join(all[i].NeedsHuman, "; "), all[i].Series.ID
		if need == "" || slices.Contains(series[need], id) {
			continue
		}
		if series[need] == nil {
			needs = append(needs, need)
		}
		series[need] = append(series[need], id)
	}
	for _, need := range needs {
		fmt.Fprintf(b, "\n%s  %s: %s\n", r.paint(yellow, "needs-human"), strings.Join(series[need], ", "), need)
	}
}
