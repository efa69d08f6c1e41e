package tenderbook_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"tenderbook/allocation"
	"tenderbook/money"
	"tenderbook/offer"
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

// An outturn is one run of one offer: terms in force, tenders that counted,
// and what the engine made of them.
type outturn struct {
	terms    *offer.Terms
	settle   offer.Settlements
	rows     []row // those of the book that counted, in its order
	decision *allocation.Decision
	outcomes map[int]allocation.Outcome // by row
	before   map[string]int64           // accepted by earlier runs, by series
}

// run decides an offer as one run of its expected file asks for. A run that
// continues another takes the late tenders only, on what the first left.
func (c *realOffer) run(t *testing.T, r expectedRun, before *outturn) *outturn {
	t.Helper()
	terms := c.termsOf(t, r.Terms)
	o := &outturn{terms: terms, settle: terms.Settlements(), outcomes: map[int]allocation.Outcome{}, before: map[string]int64{}}
	at, err := terms.Allocation(o.settle)
	if err != nil {
		t.Fatal(err)
	}
	if r.Continues {
		if before == nil {
			t.Fatal("continues, but no run stands before it")
		}
		at.Settled = before.decision.Settled()
		for _, s := range terms.Series {
			o.before[s.ID] = before.before[s.ID] + before.accepted(s.ID, "")
		}
	}
	tally := allocation.NewTally(at)
	var counted []allocation.Tender
	for _, w := range c.book {
		x := w.tender(t, terms)
		if r.Tenders == "early" && x.Timing == allocation.Late {
			continue
		}
		o.rows = append(o.rows, w)
		if r.Continues && x.Timing == allocation.Early {
			continue
		}
		tally.Add(x)
		counted = append(counted, x)
	}
	if o.decision, err = allocation.Decide(at, tally); err != nil {
		t.Fatal(err)
	}
	for _, x := range counted {
		o.outcomes[x.Row] = o.decision.Outcome(x)
	}
	return o
}

// tender is a row of the book as package allocation takes it, under the terms
// that decide whether it is early.
func (w row) tender(t *testing.T, terms *offer.Terms) allocation.Tender {
	t.Helper()
	i := seriesIndex(t, terms, w.series)
	s := &terms.Series[i]
	expiration := terms.Dates.Expiration
	if !s.Expiration.IsZero() {
		expiration = s.Expiration
	}
	if !expiration.Met(w.receivedAt) {
		t.Fatalf("book: %s was received at %s, after expiration, %s", w.id, w.receivedAt, expiration)
	}
	principal, err := money.ParseAmount(w.principal, s.Currency)
	if err != nil {
		t.Fatalf("book: %s: %v", w.id, err)
	}
	x := allocation.Tender{
		Row: w.number, Series: i, Principal: principal.Minor,
		Unit: w.id, ID: w.id, ReceivedAt: w.receivedAt.UnixNano(),
	}
	if terms.HasEarly() && !terms.Dates.EarlyTender.Met(w.receivedAt) {
		x.Timing = allocation.Late
	}
	if w.bid == "" {
		return x
	}
	bid, err := money.ParseDecimal(w.bid)
	if err == nil {
		err = s.Pricing.CheckBid(bid)
	}
	if err == nil {
		x.HasBid = true
		x.Bid, err = s.Pricing.Steps(bid)
	}
	if err != nil {
		t.Fatalf("book: %s: %v", w.id, err)
	}
	return x
}

func seriesIndex(t *testing.T, terms *offer.Terms, id string) int {
	t.Helper()
	for i := range terms.Series {
		if terms.Series[i].ID == id {
			return i
		}
	}
	t.Fatalf("series %q is not in the offer", id)
	return 0
}

// accepted is what a run accepted of a series, "early", "late" or both.
func (o *outturn) accepted(series, timing string) (minor int64) {
	for _, line := range o.lines(series) {
		if timing == "" || line.Timing.String() == timing {
			minor += line.Accepted
		}
	}
	return minor
}

func (o *outturn) lines(series string) (lines []allocation.Line) {
	for _, step := range o.decision.Steps {
		for _, line := range step.Lines {
			if o.terms.Series[line.Series].ID == series {
				lines = append(lines, line)
			}
		}
	}
	return lines
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
