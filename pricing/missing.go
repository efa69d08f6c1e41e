package pricing

import (
	"fmt"
	"strings"

	"tenderbook/offer"
)

// Missing says why prices are not determined yet. It is an
// [offer.ErrUndetermined].
type Missing struct{ Lacks []Lack }

// A Lack is what one series' price waits for.
type Lack struct {
	Series string // id
	What   string // what is missing and where it goes
}

// Error lists what is missing, one series a line.
func (m *Missing) Error() string {
	lines := make([]string, len(m.Lacks))
	for i, l := range m.Lacks {
		lines[i] = fmt.Sprintf("series %s: %s", l.Series, l.What)
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives [offer.ErrUndetermined].
func (m *Missing) Unwrap() error { return offer.ErrUndetermined }

// lacks says what the price of the series waits for, or gives "".
func (p *pricer) lacks() string {
	s := p.series
	if s.Price.Per.Sign() > 0 {
		return ""
	}
	if s.Pricing == nil {
		return "has neither a price nor pricing"
	}
	switch {
	case s.Pricing.Kind == "reference-price" && s.Pricing.ReferencePrice == nil:
		return fmt.Sprintf("the price is not fixed yet: needs %s.price", p.path())
	case s.Pricing.Kind == "reference-price":
		return ""
	case s.Pricing.Kind != "auction-price" && s.Pricing.ReferenceYield == nil && !(p.given.Hypothetical && p.hypothetical() != nil):
		return p.lacksYield()
	case s.Pricing.Kind == "fixed-spread":
		return ""
	}
	bid, ok := p.given.Bids[s.ID]
	if !ok {
		return fmt.Sprintf("bids from %s to %s decide: needs the clearing bid", s.Pricing.Minimum, s.Pricing.Maximum)
	}
	if err := s.Pricing.CheckBid(bid); err != nil {
		return err.Error()
	}
	return ""
}

func (p *pricer) lacksYield() string {
	if p.given.Hypothetical {
		return fmt.Sprintf("no hypothetical yield of %q: needs %s.hypothetical_yield", p.security(), p.path())
	}
	return fmt.Sprintf("the yield of %q is not determined yet: needs %s.yield, bid_price or curve", p.security(), p.path())
}

func (p *pricer) security() string {
	if r := p.terms.Reference(p.series); r != nil && r.Security != "" {
		return r.Security
	}
	return "the reference"
}

// path is where the reference stands in the offer file.
func (p *pricer) path() string {
	if id := p.series.Pricing.Reference.ID; id != "" {
		return "references." + id
	}
	return "series." + p.series.ID + ".pricing.reference"
}

// unseen says what of a quote a second person has not seen or cannot check.
func unseen(r *offer.Reference) []string {
	var all []string
	for _, x := range []struct {
		there bool
		what  string
	}{
		{r.EnteredBy != "", "who entered the quote is not named"},
		{r.ConfirmedBy != "", "no second person has confirmed the quote"},
		{!r.QuotedAt.IsZero(), "the time of the quote is not given"},
		{r.Source != "", "the source of the quote is not given"},
	} {
		if !x.there {
			all = append(all, x.what)
		}
	}
	return all
}
