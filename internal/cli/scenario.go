package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"tenderbook/allocation"
	"tenderbook/internal/bookfile"
	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/report"
	"tenderbook/scenario"
)

// A scenarioCommand is "tender whatif" with its flags.
type scenarioCommand struct {
	*program
	question
	vary     []string
	methods  bool
	cap      string
	toAccept []int
	toSpend  string
	as       string
	output   string
	svg      string
}

func (p *program) scenarioCommand() *cobra.Command {
	w := &scenarioCommand{program: p}
	c := &cobra.Command{
		Use:   "whatif OFFER BOOK",
		Short: "Decides one book under many variants of the terms.",
		Example: `tender whatif offer.yaml book.csv --vary caps.0.amount=400m..1200m:50m
tender whatif offer.yaml book.csv --vary caps.0.amount=450m,900m \
    --vary series.9.125.level=1,5 --svg whatif.svg
tender whatif offer.yaml book.csv --to-accept 1,2`,
		Long: `Every combination of the --vary values is decided over the same book and gets a
row: what is accepted of each series, what it costs, where the cut falls and how
many tenders get less than they asked for. --methods does so for every way of
accepting. --to-accept and --to-spend look for the amount of a cap. Nothing of
this is a result of the offer.`,
		Args: arguments(2, 2, "OFFER and BOOK"),
		RunE: func(c *cobra.Command, args []string) error {
			w.offer.path = args[0]
			return w.run(c.Context(), args[1])
		},
	}
	w.question.flags(c)
	f := c.Flags()
	f.StringArrayVar(&w.vary, "vary", nil, "`PATH=V1,V2,...` or PATH=FROM..TO:STEP; repeatable")
	f.BoolVar(&w.methods, "methods", false, "every order, treatment of excess and use of leftovers")
	f.StringVar(&w.cap, "cap", "0", "`CAP` to look for, by name or number from 0")
	f.IntSliceVar(&w.toAccept, "to-accept", nil, "the smallest cap that cuts none of these `LEVELS`")
	f.StringVar(&w.toSpend, "to-spend", "", "the largest cap that costs at most `AMOUNT`, such as \"USD 400m\"")
	f.StringVar(&w.as, "as", "text", "`FORMAT`: text, csv or svg")
	f.StringVarP(&w.output, "output", "o", "", "write to `FILE` instead of standard output")
	f.StringVar(&w.svg, "svg", "", "draw the variants to `FILE` besides")
	return c
}

func (w *scenarioCommand) run(ctx context.Context, book string) error {
	axes, err := w.axes()
	if err != nil {
		return err
	}
	if err := w.outputs(book, w.output, w.svg); err != nil {
		return err
	}
	history, err := w.offer.read()
	if err != nil {
		return err
	}
	r, err := newRun(history, w.question)
	if err != nil {
		return err
	}
	src, err := openBook(book)
	if err != nil {
		return err
	}
	defer src.Close()
	d, err := w.decide(ctx, r, src, bookfile.Options{NoParticipation: true}, nil)
	if err != nil {
		return err
	}
	s := &scenarios{scenarioCommand: w, decided: d, src: src, ctx: ctx}
	if len(w.toAccept) > 0 || w.toSpend != "" {
		return s.search()
	}
	return s.compare(axes)
}

// axes reads what varies; the flags must ask for exactly one thing.
func (w *scenarioCommand) axes() ([]scenario.Axis, error) {
	asked := 0
	for _, yes := range []bool{len(w.vary) > 0, w.methods, len(w.toAccept) > 0, w.toSpend != ""} {
		if yes {
			asked++
		}
	}
	if asked != 1 {
		return nil, usagef("", "whatif needs one of --vary, --methods, --to-accept and --to-spend")
	}
	if !slices.Contains([]string{"text", "csv", "svg"}, w.as) {
		return nil, usagef("", "--as %q needs text, csv or svg", w.as)
	}
	if searches := len(w.toAccept) > 0 || w.toSpend != ""; searches && (w.svg != "" || w.as == "svg") {
		return nil, usagef("", "a drawing needs the variants of --vary or --methods")
	}
	var axes []scenario.Axis
	for _, v := range w.vary {
		a, err := scenario.ParseAxis(v)
		if err != nil {
			return nil, usagef("", "--vary %w", err)
		}
		axes = append(axes, a)
	}
	return axes, nil
}

// A scenarios is a book at hand for many variants.
type scenarios struct {
	*scenarioCommand
	*decided
	src *bookfile.Source
	ctx context.Context

	mu     sync.Mutex
	single map[allocation.ProrateBy]*allocation.Tally // counted one by one
}

// tally gives the book as it is counted for terms. Most variants share the first
// count; those that decide between single tenders have the book read once more.
func (s *scenarios) tally(alloc *allocation.Terms) (*allocation.Tally, error) {
	if !allocation.NewTally(alloc).OneByOne() && !s.book.Tally.OneByOne() {
		return s.book.Tally, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.single[alloc.ProrateBy]; t != nil {
		return t, nil
	}
	o := bookfile.Options{Terms: s.terms, Alloc: alloc, AsOf: s.cut, Only: s.only, NoParticipation: true}
	book, err := bookfile.Count(s.ctx, s.src, o)
	if err != nil {
		return nil, err
	}
	if s.single == nil {
		s.single = map[allocation.ProrateBy]*allocation.Tally{}
	}
	s.single[alloc.ProrateBy] = book.Tally
	return book.Tally, nil
}

// settle keeps what the question asks: the days of settlement of the terms, and
// what an earlier run took.
func (s *scenarios) settle(t *offer.Terms) offer.Settlements { return t.Settlements() }

// compare decides every variant and prints a row for each.
func (s *scenarios) compare(axes []scenario.Axis) error {
	variants, err := s.variants(axes)
	if err != nil {
		return refused{err}
	}
	for i := range variants {
		variants[i].Alloc.Settled = s.alloc.Settled
	}
	line := s.progress(fmt.Sprintf("deciding %s", count(len(variants), "variant")))
	results, err := scenario.Decide(variants, s.tally)
	line.done()
	if err != nil {
		return err
	}
	if s.svg != "" {
		if err := s.draw(results, s.svg); err != nil {
			return err
		}
	}
	if s.as == "svg" && !s.json {
		return s.draw(results, s.output)
	}
	return s.write(report.Scenarios(results))
}

func (s *scenarios) variants(axes []scenario.Axis) ([]scenario.Variant, error) {
	if s.methods {
		return scenario.Methods(s.history, s.settle)
	}
	return scenario.Variants(s.history, s.settle, axes)
}

// draw writes the drawing to a file, or to standard output.
func (s *scenarios) draw(results []scenario.Result, file string) error {
	chart, err := report.ScenarioChart(results)
	if err != nil {
		return usagef("", "%w", err)
	}
	return s.toFile(file, chart.WriteSVG)
}

func (s *scenarios) write(t *report.Table) error {
	return s.toFile(s.output, func(w io.Writer) error {
		switch {
		case s.json:
			return t.WriteJSON(w)
		case s.as == "csv":
			return t.WriteCSV(w)
		}
		s.heading(w, s.decided, s.input(), s.sets)
		fmt.Fprintln(w)
		return t.WriteText(w, s.tableWidth())
	})
}

// search looks for the amount of a cap and prints what the offer does with it.
func (s *scenarios) search() error {
	k, err := s.capIndex()
	if err != nil {
		return err
	}
	search, err := scenario.NewSearch(s.history, s.settle, s.tally, k)
	if err != nil {
		return refused{err}
	}
	a, err := s.find(search)
	if err != nil {
		return refused{err}
	}
	t := report.Scenarios([]scenario.Result{a.Result})
	t.Notes = append(t.Notes, s.found(a))
	return s.write(t)
}

func (s *scenarios) find(search *scenario.Search) (scenario.Answer, error) {
	if s.toSpend == "" {
		return search.ToAccept(s.toAccept...)
	}
	budget, err := parseMoney(s.toSpend)
	if err != nil {
		return scenario.Answer{}, fmt.Errorf("--to-spend %w", err)
	}
	return search.ToSpend(budget)
}

func (s *scenarios) found(a scenario.Answer) string {
	amount := a.Amount.Currency.Code + " " + a.Amount.Grouped()
	if s.toSpend != "" {
		return fmt.Sprintf("%s of %s is the largest that costs at most %s.", a.Cap, amount, s.toSpend)
	}
	return fmt.Sprintf("%s of %s is the smallest that cuts nothing at %s.", a.Cap, amount, levelWords(s.toAccept))
}

// parseMoney reads "USD 400,000,000" or "USD 400m".
func parseMoney(s string) (money.Amount, error) {
	code, amount, ok := strings.Cut(plainAmount(s), " ")
	if !ok {
		return money.Amount{}, fmt.Errorf("%q needs a currency and an amount, such as \"USD 400,000,000\"", s)
	}
	c, err := money.ParseCurrency(code)
	if err != nil {
		return money.Amount{}, err
	}
	return money.ParseAmount(strings.TrimSpace(amount), c)
}

// capIndex finds the cap by its number or name.
func (s *scenarios) capIndex() (int, error) { return capIndex(s.terms, s.cap) }

func capIndex(t *offer.Terms, wanted string) (int, error) {
	names := make([]string, len(t.Caps))
	for i, c := range t.Caps {
		if wanted == strconv.Itoa(i) || wanted == c.Name {
			return i, nil
		}
		names[i] = strconv.Quote(c.Name)
	}
	return 0, usagef("", "--cap %q is none of the offer's: %s", wanted, strings.Join(names, ", "))
}
