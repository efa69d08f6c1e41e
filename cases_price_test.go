package tenderbook_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/pricing"
)

// A spreadPrice is the price of a series of a real offer that follows from a
// yield: as it was published and as package pricing makes it, which is what
// tender price prints.
type spreadPrice struct {
	of     *realOffer
	origin string // "published" or "fitted"
	want   string
	got    pricing.Determination
}

// spreadPrices determines every published price that follows from a spread.
func spreadPrices(t *testing.T, offers []*realOffer) (all []spreadPrice) {
	t.Helper()
	for _, c := range offers {
		for _, r := range c.expected.Runs {
			for origin, f := range r.figures() {
				if origin == "published" || origin == "fitted" {
					all = append(all, c.spreadPrices(t, r, origin, f)...)
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b spreadPrice) int {
		return cmp.Or(cmp.Compare(a.of.name, b.of.name), strings.Compare(a.got.Series.ID, b.got.Series.ID))
	})
	return all
}

func (c *realOffer) spreadPrices(t *testing.T, r expectedRun, origin string, f *figures) (all []spreadPrice) {
	t.Helper()
	terms := c.termsOf(t, r.Terms)
	given := pricing.Given{Bids: map[string]money.Decimal{}}
	for _, figures := range r.figures() {
		for id, bid := range figures.Clearing {
			d, err := money.ParseDecimal(bid)
			if err != nil {
				t.Fatal(err)
			}
			given.Bids[id] = d
		}
	}
	prices, err := pricing.DetermineWith(terms, offer.Settlements{}, given)
	var missing *pricing.Missing // of series that no figure is published of
	if err != nil && !errors.As(err, &missing) {
		t.Fatalf("%s: %v", c.name, err)
	}
	for _, d := range prices {
		if want, ok := f.Price[d.Series.ID]; ok && !d.Late && d.Basis == pricing.FromYield {
			all = append(all, spreadPrice{c, origin, want, d})
		}
	}
	return all
}

// Every published consideration that follows from a yield comes out to the cent.
func TestSpreadPricedOffersGiveThePublishedConsideration(t *testing.T) {
	prices := spreadPrices(t, realOffers(t))
	cases := map[int]bool{}
	for _, p := range prices {
		cases[p.of.expected.Case] = true
		want, err := money.ParseDecimal(p.want)
		if err != nil {
			t.Fatal(err)
		}
		if p.got.Price().Cmp(want) != 0 {
			t.Errorf("%s, series %s: %s at %s%%, published %s", p.of.name, p.got.Series.ID, p.got.Price(), p.got.Yield, want)
		}
	}
	if len(prices) < 19 || len(cases) < 9 {
		t.Errorf("%d prices of %d offers, needs the 19 of nine that were published with their yields", len(prices), len(cases))
	}
}

// pricesDoc is the part of docs/cases.md that lists them.
func pricesDoc(prices []spreadPrice) string {
	var b strings.Builder
	b.WriteString(`
## Prices from a yield

What ` + "`tender price`" + ` gives for each published consideration that follows from a yield, for early tenders: to the cent per 1,000, or to three decimals of a percent.
Yields that are not in the pages read are solved from the prices, as the table above says.

| offer | series | notes | yield | priced to | settles | per | published, and given |
|---|---|---|---|---|---|---|---|
`)
	for _, p := range prices {
		d := &p.got
		fmt.Fprintf(&b, "| [%02d](../testdata/offers/%s/offer.yaml) | %s | %s | %s%% | %s | %s | %s | %s |\n",
			p.of.expected.Case, p.of.name, d.Series.ID, cell(d.Series.Title), d.Yield, d.Workout.Date, d.PricedAt, d.Per, d.Price())
	}
	return b.String()
}
