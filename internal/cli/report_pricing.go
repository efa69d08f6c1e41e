package cli

import (
	"context"
	"io"

	"tenderbook/offer"
	"tenderbook/pricing"
	"tenderbook/report"
)

// pricingInput makes what the pricing table speaks of: the terms with their
// prices and, with a book, what is accepted at them.
func (r *reportCommand) pricingInput(ctx context.Context, history *offer.History, book string) (report.Input, error) {
	terms := history.Final()
	given, err := r.given(terms)
	if err != nil {
		return report.Input{}, err
	}
	in := report.Input{Terms: terms, AsOf: terms.Dates.PriceDetermination.At, TermsDigest: "sha256:" + terms.Digest()}
	if book != "" {
		r.asOf = r.pricedAsOf(terms)
		if in, err = r.decidedInput(ctx, history, book); err != nil {
			return in, err
		}
		if err := addClearingBids(&given, in); err != nil {
			return in, refused{err}
		}
	}
	return determined(in, given)
}

// determined adds to what the pricing table speaks of the prices of its terms.
func determined(in report.Input, given pricing.Given) (report.Input, error) {
	prices, missing, err := determine(in.Terms, given)
	switch {
	case err != nil:
		return in, refused{err}
	case missing != nil:
		return in, refused{missing}
	}
	in.Stage, in.Prices = report.AtPricing, prices
	return in, nil
}

// pricedAsOf is the moment at which the book is looked at: the one asked for, else
// the early tender deadline, else expiration.
func (r *reportCommand) pricedAsOf(t *offer.Terms) string {
	switch {
	case r.asOf != "":
		return r.asOf
	case t.HasEarly():
		return "early"
	}
	return "final"
}

// addClearingBids takes the bids that decided an auction from the decision.
func addClearingBids(given *pricing.Given, in report.Input) error {
	if in.Decision == nil || in.Decision.ClearingBids == nil {
		return nil
	}
	for i := range in.Terms.Series {
		s := &in.Terms.Series[i]
		steps := in.Decision.ClearingBids[i]
		if _, ok := given.Bids[s.ID]; ok || s.Pricing == nil || steps == nil {
			continue
		}
		bid, err := s.Pricing.Bid(*steps)
		if err != nil {
			return err
		}
		given.Bids[s.ID] = bid
	}
	return nil
}

// writePricingPage writes the announcement as HTML that pastes into a release.
func writePricingPage(w io.Writer, in report.Input) error {
	a, err := report.Announce(in)
	if err != nil {
		return err
	}
	return a.WriteHTML(w)
}
