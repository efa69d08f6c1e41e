package tenderbook_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tenderbook/allocation"
	"tenderbook/internal/bookfile"
	"tenderbook/offer"
	"tenderbook/rulebook"
)

// TestRealOffersComeOutAsPublished runs real offers, each a folder of
// testdata/offers: the offer as announced, its amendments, a book that adds up
// to what was tendered, and the figures that were published. The name of a
// subtest says where its figures come from: "published" is printed in a
// source; "fitted" is printed too, but the book or a cap was made so that it
// comes out, which shows only that the rules can give it; "derived" is computed
// from what is printed; "inferred" is read out of the numbers or the order of
// events.
func TestRealOffersComeOutAsPublished(t *testing.T) {
	for _, c := range realOffers(t) {
		t.Run(c.name, func(t *testing.T) {
			var before *outturn
			for _, r := range c.expected.Runs {
				t.Run(r.Claim, func(t *testing.T) {
					got := c.run(t, r, before)
					for origin, want := range r.figures() {
						t.Run(origin, func(t *testing.T) { want.check(t, got) })
					}
					before = got
				})
			}
		})
	}
}

// A real offer was lawful, so a rule that it fails is read too strictly, or a
// date was assumed wrongly.
func TestNoRealOfferFailsARule(t *testing.T) {
	for _, c := range realOffers(t) {
		var versions []rulebook.Version
		for _, v := range c.history.Versions() {
			versions = append(versions, rulebook.Version{Effective: v.Effective, Terms: v.Terms})
		}
		for _, f := range rulebook.Check(versions) {
			if f.Verdict == rulebook.Fail {
				t.Errorf("%s fails %s: %s", c.name, f.Rule, f.Why)
			}
		}
	}
}

// An outturn is one run of one offer: the terms in force, and what came of the
// book under them.
type outturn struct {
	terms    *offer.Terms
	settle   offer.Settlements
	before   *outturn // the run that this one continues
	decision *allocation.Decision
	totals   []bookfile.Total  // by series and timing
	accepted map[string]string // by instruction, as the allocation file has it
}

// run decides an offer as one run of its expected file asks for: from the files
// to the allocation file, as the program does it. A run that continues another
// takes the late tenders only, on what the first left.
func (c *realOffer) run(t *testing.T, r expectedRun, before *outturn) *outturn {
	t.Helper()
	o := &outturn{terms: c.termsOf(t, r.Terms)}
	o.settle = o.terms.Settlements()
	at, err := o.terms.Allocation(o.settle)
	if err != nil {
		t.Fatal(err)
	}
	options := bookfile.Options{Terms: o.terms, Alloc: at, Only: map[string]bookfile.Only{"early": bookfile.OnlyEarly}[r.Tenders]}
	options.Terminated = o.terms.Terminated(o.terms.ConditionStates(nil))
	if r.Continues {
		if before == nil {
			t.Fatal("continues, but no run stands before it")
		}
		o.before, options.Only, at.Settled = before, bookfile.OnlyLate, before.decision.Settled()
	}
	var allocated bytes.Buffer
	result, err := bookfile.Allocate(t.Context(), bookfile.Bytes(c.bookName(), c.book), options, &allocated)
	if err != nil {
		t.Fatal(err)
	}
	o.decision, o.totals, o.accepted = result.Decision, result.Live, acceptedBy(t, &allocated)
	return o
}

// acceptedBy reads what each instruction got from an allocation file.
func acceptedBy(t *testing.T, allocated io.Reader) map[string]string {
	t.Helper()
	rows, err := csv.NewReader(allocated).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	instruction, accepted := slices.Index(rows[0], "instruction"), slices.Index(rows[0], "accepted")
	by := map[string]string{}
	for _, row := range rows[1:] {
		by[row[instruction]] = row[accepted]
	}
	return by
}

// sum adds up one figure of the totals of a series, "early", "late" or both.
func (o *outturn) sum(series, timing string, figure func(bookfile.Total) int64) (minor int64) {
	for _, x := range o.totals {
		if o.terms.Series[x.Series].ID == series && (timing == "" || x.Timing.String() == timing) {
			minor += figure(x)
		}
	}
	return minor
}

func tendered(x bookfile.Total) int64      { return x.Tendered }
func accepted(x bookfile.Total) int64      { return x.Accepted }
func consideration(x bookfile.Total) int64 { return x.Consideration }
func interest(x bookfile.Total) int64      { return x.Interest }
func newNotes(x bookfile.Total) int64      { return x.Exchanged.NewNotes }
func cash(x bookfile.Total) int64          { return x.Exchanged.Cash }

// soFar adds a figure of this run to that of the runs that it continues.
func (o *outturn) soFar(series string, figure func(bookfile.Total) int64) (minor int64) {
	for ; o != nil; o = o.before {
		minor += o.sum(series, "", figure)
	}
	return minor
}

// TestRealOffersNameTheirSources keeps the folders honest: every offer says
// where its facts are from, every published figure too, and no run is without
// a figure.
func TestRealOffersNameTheirSources(t *testing.T) {
	for _, c := range realOffers(t) {
		text, err := os.ReadFile(filepath.Join(c.dir, "offer.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range c.expected.Runs {
			name := fmt.Sprintf("%s, %q", c.name, r.Claim)
			for _, f := range []*figures{r.Published, r.Fitted} {
				if f != nil && !containsLine(text, f.Source) {
					t.Errorf("%s: the published figures give the source %q: needs one that offer.yaml lists", name, f.Source)
				}
			}
			for _, f := range []*figures{r.Fitted, r.Derived, r.Inferred} {
				if f != nil && f.Why == "" {
					t.Errorf("%s: figures that are not simply published do not say why", name)
				}
			}
			if len(r.figures()) == 0 {
				t.Errorf("%s: no figures to compare with", name)
			}
		}
	}
}
