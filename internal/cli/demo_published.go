package cli

import (
	"fmt"
	"io"
	"math/big"

	"tenderbook/money"
)

// A comparison sets what was published beside what was decided here.
type comparison struct {
	Offer   string         `json:"offer"`
	Figures []publishedRow `json:"figures"`
}

type publishedRow struct {
	Figure    string `json:"figure"`
	Published string `json:"published"`
	Here      string `json:"here"`
	Agrees    bool   `json:"agrees"`
}

// compare sets the published figures beside the book's. Sources of each are in
// examples/level3-2004/README.md.
func (s *story) compare() (*comparison, error) {
	c := &comparison{Offer: demoOffer}
	add := func(figure, published, here string) {
		c.Figures = append(c.Figures, publishedRow{figure, published, here, published == here})
	}
	early, err := s.early.inDollars((*snapshot).tendered)
	if err != nil {
		return nil, err
	}
	tendered, err := s.final.inDollars((*snapshot).tendered)
	if err != nil {
		return nil, err
	}
	accepted, err := s.final.inDollars((*snapshot).accepted)
	if err != nil {
		return nil, err
	}
	of := func(series int, what func(*snapshot, int) int64) string {
		return amountText(money.New(what(s.final, series), s.final.Terms.Series[series].Currency))
	}
	add("tendered by the early date, in dollars", "$1,104,727,255", amountText(early))
	add("tendered at expiration, in dollars", "about $1.127 billion", "about "+billions(tendered))
	add("accepted, in dollars", "about $1.105 billion", "about "+billions(accepted))
	add("9 1/8% notes tendered", "$249,457,000", of(0, (*snapshot).tendered))
	add("9 1/8% notes accepted", "$249,457,000", of(0, (*snapshot).accepted))
	add("9 1/8% notes left outstanding", "$954,195,000", of(0, (*snapshot).remaining))
	add("11% notes outstanding a year later", "$132,495,000", of(1, (*snapshot).remaining))
	add("10 1/2% notes outstanding a year later", "$143,582,000", of(2, (*snapshot).remaining))
	return c, nil
}

func (c *comparison) write(w io.Writer) {
	fmt.Fprintf(w, "%-40s %22s %22s\n", "Figure", "Published", "Here")
	for _, f := range c.Figures {
		mark := "same"
		if !f.Agrees {
			mark = "DIFFERS"
		}
		fmt.Fprintf(w, "%-40s %22s %22s  %s\n", f.Figure, f.Published, f.Here, mark)
	}
}

// agree fails if a figure differs from what was published.
func (c *comparison) agree() error {
	for _, f := range c.Figures {
		if !f.Agrees {
			return fmt.Errorf("%s: %s was published, the book gives %s", f.Figure, f.Published, f.Here)
		}
	}
	return nil
}

// tendered is the principal of a series that counts, in minor units.
func (m *snapshot) tendered(series int) int64 {
	return m.Tendered[series].Early + m.Tendered[series].Late
}

// accepted is the principal of a series that is accepted, in minor units.
func (m *snapshot) accepted(series int) (sum int64) {
	for _, step := range m.Decision.Steps {
		for _, l := range step.Lines {
			if l.Series == series {
				sum += l.Accepted
			}
		}
	}
	return sum
}

// remaining is the principal of a series that stays outstanding, in minor units.
func (m *snapshot) remaining(series int) int64 {
	return m.Terms.Series[series].Outstanding.Minor - m.accepted(series)
}

// inDollars adds amounts of all series up, at the offer's rates.
func (m *snapshot) inDollars(of func(*snapshot, int) int64) (money.Amount, error) {
	sum := money.New(0, money.USD)
	for i, s := range m.Terms.Series {
		a := money.New(of(m, i), s.Currency)
		if rate, ok := m.Terms.Rate(s.Currency, money.USD); ok && s.Currency != money.USD {
			converted, err := rate.Convert(a, money.HalfUp)
			if err != nil {
				return sum, err
			}
			a = converted
		}
		var err error
		if sum, err = sum.Add(a); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// amountText shows an amount: "$450,000,000", "EUR 1,000".
func amountText(a money.Amount) string {
	if a.Currency == money.USD {
		return "$" + a.Grouped()
	}
	return a.Currency.Code + " " + a.Grouped()
}

// billions shows dollars as announcements round them: "$1.127 billion".
func billions(a money.Amount) string {
	return "$" + new(big.Rat).SetFrac64(a.Minor, 100_000_000_000).FloatString(3) + " billion"
}

// times shows how often one amount goes into another: "2.45 times".
func times(a, b int64) string { return big.NewRat(a, b).FloatString(2) + " times" }
