package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"tenderbook/internal/bookfile"
	"tenderbook/offer"
	"tenderbook/pricing"
	"tenderbook/report"
)

// A reportCommand is "tender report" with its flags.
type reportCommand struct {
	*program
	question
	priceQuestion
	as         string
	output     string
	vocabulary string
	workspace  *workspace
}

func (p *program) reportCommand() *cobra.Command {
	r := &reportCommand{program: p, workspace: &workspace{program: p}}
	c := &cobra.Command{
		Use:   "report STAGE OFFER [BOOK] | report STAGE ID",
		Short: "Makes the tables of an announcement.",
		Example: `tender report launch examples/level3-2004
tender report final offer.yaml book.csv --as html -o final.html
tender report final LVLT-2004 --as html -o final.html`,
		Long: `STAGE is launch, early, pricing or final. Early and final need BOOK; pricing
takes one for what is accepted and for the clearing bid of an auction. The page
(--as html) needs nothing else to be read or printed, and has the waterfall, the
caps and the participation drawn; that of pricing pastes into a release.

With the ID of an offer of a workspace the figures are those of its record: what
was accepted, checked against the book, or what would be.`,
		Args:      stageAnd(arguments(2, 3, "STAGE, OFFER and, after the launch, BOOK")),
		ValidArgs: stages,
		RunE: func(c *cobra.Command, args []string) error {
			r.offer.path = args[1]
			if len(args) == 2 && !isFile(args[1]) && !strings.ContainsAny(args[1], "./\\") {
				return r.onWorkspace(c, args)
			}
			return r.run(c.Context(), args[0], strings.Join(args[2:], ""))
		},
	}
	f := c.Flags()
	f.StringArrayVar(&r.offer.amends, "amend", nil, "amendment `FILE` besides those in the folder")
	f.StringVar(&r.settled, "settled", "", "`SUMMARY` of the run that settled early, for final")
	f.StringVar(&r.as, "as", "text", "`FORMAT`: text, csv, html or json")
	f.StringVarP(&r.output, "output", "o", "", "write to `FILE` instead of standard output")
	f.StringVar(&r.vocabulary, "words", "us", "words of the `MARKET`: us or eu")
	f.StringVar(&r.asOf, "as-of", "", "`WHEN` to look, for pricing with BOOK: early, final, or a time such as \"2012-09-25 12:00\"; early where there is an early date")
	r.priceQuestion.flags(c)
	r.workspace.opening(c)
	f.StringVar(&r.workspace.actor, "user", "", "`USER` who asks, on a workspace (default $TENDER_USER)")
	f.Lookup("as-of").Usage += "; on a workspace the entry SEQ"
	return c
}

// stages are the words for what "tender report" makes.
var stages = []string{"launch", "early", "pricing", "final"}

// stageAnd checks the word for the stage before the other arguments: it is the
// likelier mistake.
func stageAnd(rest cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			if _, err := report.ParseStage(args[0]); err != nil {
				return usagef(didYouMean(args[0], stages), "%w", err)
			}
		}
		return rest(c, args)
	}
}

// didYouMean is the hint that names the nearest of some words; "" if none is
// near.
func didYouMean(word string, all []string) string {
	if near := offer.Nearest(word, all); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}

func (r *reportCommand) run(ctx context.Context, stage, book string) error {
	write, s, words, err := r.form(stage)
	if err != nil {
		return err
	}
	if err := r.outputs(book, r.output); err != nil {
		return err
	}
	in, err := r.input(ctx, s, book)
	if err != nil {
		return err
	}
	in.Vocabulary = words
	in.Command = r.command(s, book)
	return r.toFile(r.output, func(w io.Writer) error { return write(w, in) })
}

// form reads what the flags say of the form of a report.
func (r *reportCommand) form(stage string) (write func(io.Writer, report.Input) error, s report.Stage, words report.Vocabulary, err error) {
	if r.json {
		r.as = "json"
	}
	write, ok := map[string]func(io.Writer, report.Input) error{
		"text": r.writeText, "csv": writeCSV, "html": writePage, "json": writeJSON,
	}[r.as]
	if !ok {
		return nil, s, words, usagef("", "--as %q needs text, csv, html or json", r.as)
	}
	if s, err = report.ParseStage(stage); err != nil {
		return nil, s, words, wrongUse{err}
	}
	if s == report.AtPricing && r.as == "html" {
		write = writePricingPage
	}
	if words, err = report.ParseVocabulary(r.vocabulary); err != nil {
		return nil, s, words, usagef("", "--words %w", err)
	}
	return write, s, words, nil
}

// input makes what a stage speaks of: the terms at the launch, later a decided
// book.
func (r *reportCommand) input(ctx context.Context, s report.Stage, book string) (report.Input, error) {
	history, err := r.offer.read()
	if err != nil {
		return report.Input{}, err
	}
	if s == report.AtPricing {
		return r.pricingInput(ctx, history, book)
	}
	if s == report.AtLaunch {
		if book != "" {
			return report.Input{}, usagef("", "a launch has no book, got %q", book)
		}
		return launchInput(history.Versions()[0])
	}
	if book == "" {
		return report.Input{}, usagef("", "the %s announcement needs a BOOK", s)
	}
	r.asOf = s.String()
	return r.decidedInput(ctx, history, book)
}

// launchInput makes what a launch speaks of: the first terms, and the prices
// from the hypothetical yields that they have.
func launchInput(first offer.Version) (report.Input, error) {
	in := report.Input{Terms: first.Terms, AsOf: first.Effective, Stage: report.AtLaunch, TermsDigest: "sha256:" + first.Terms.Digest()}
	prices, _, err := determine(first.Terms, pricing.Given{Hypothetical: true}) // what is missing shows as none
	if err != nil {
		return in, refused{err}
	}
	for _, d := range prices {
		if d.Hypothetical {
			in.Prices = append(in.Prices, d)
		}
	}
	return in, nil
}

// decidedInput decides a book as of the moment that is asked for.
func (r *reportCommand) decidedInput(ctx context.Context, history *offer.History, book string) (report.Input, error) {
	run, err := newRun(history, r.question)
	if err != nil {
		return report.Input{}, err
	}
	src, err := openBook(book)
	if err != nil {
		return report.Input{}, err
	}
	defer src.Close()
	d, err := r.decide(ctx, run, src, bookfile.Options{}, nil)
	if err != nil {
		return report.Input{}, err
	}
	return d.input(), nil
}

// command is what to type to get the same figures again.
func (r *reportCommand) command(s report.Stage, book string) string {
	parts := []string{"tender report", s.String(), r.offer.path}
	if book != "" {
		parts = append(parts, book)
	}
	for _, a := range r.offer.amends {
		parts = append(parts, "--amend "+a)
	}
	if r.settled != "" {
		parts = append(parts, "--settled "+r.settled)
	}
	return strings.Join(append(parts, "--as "+r.as), " ")
}

func (r *reportCommand) writeText(w io.Writer, in report.Input) error {
	a, err := report.Announce(in)
	if err != nil {
		return err
	}
	return a.WriteText(w, r.tableWidth())
}

func writeCSV(w io.Writer, in report.Input) error {
	t, err := report.ByStage(in)
	if err != nil {
		return fmt.Errorf("%s table: %w", in.Stage, err)
	}
	return t.WriteCSV(w)
}

func writeJSON(w io.Writer, in report.Input) error {
	a, err := report.Announce(in)
	if err != nil {
		return err
	}
	return a.WriteJSON(w)
}

func writePage(w io.Writer, in report.Input) error { return report.Page(in, w) }
