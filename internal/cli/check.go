package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tenderbook/internal/bookfile"
	"tenderbook/offer"
	"tenderbook/report"
	"tenderbook/rulebook"
)

// checkCommand is "tender check".
func (p *program) checkCommand() *cobra.Command {
	var a offerArg
	c := &cobra.Command{
		Use:   "check OFFER [BOOK]",
		Short: "Checks an offer, its amendments and a book; stores nothing.",
		Example: `tender check examples/level3-2004
tender check offer.yaml --amend raised-cap.yaml book.csv`,
		Long: `Lists what is wrong with the files, each problem with its place, and then what
the rules of law find in the terms, judged by the law on the offer's own dates:
what was found and needed, the earliest lawful deadline, the citation. A finding
is not advice, and passing all of them is not compliance.

Ends with 3 if a file has a problem or a rule fails.`,
		Args: arguments(1, 2, "OFFER and perhaps BOOK"),
		RunE: func(c *cobra.Command, args []string) error {
			a.path = args[0]
			if len(args) == 1 {
				return p.check(c.Context(), a, "")
			}
			return p.check(c.Context(), a, args[1])
		},
	}
	c.Flags().StringArrayVar(&a.amends, "amend", nil, "amendment `FILE` besides those in the folder")
	return c
}

// check reads and judges the files, and prints what it found.
func (p *program) check(ctx context.Context, a offerArg, book string) error {
	history, err := a.read()
	if err != nil {
		return p.refuse(err)
	}
	var d *decided
	if book != "" {
		if d, err = p.checkBook(ctx, history, book); err != nil {
			return p.refuse(err)
		}
	}
	findings := rulebook.Check(ruleVersions(history))
	if p.json {
		err = p.printJSON(checkResult(history, findings, d))
	} else {
		err = p.printCheck(history, findings, d)
	}
	if err == nil && rulebook.Worst(findings) == rulebook.Fail {
		err = refused{}
	}
	return err
}

// checkBook reads a book under the final terms, as far as to decide it.
func (p *program) checkBook(ctx context.Context, h *offer.History, book string) (*decided, error) {
	r, err := newRun(h, question{asOf: "final"})
	if err != nil {
		return nil, err
	}
	src, err := openBook(book)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	return p.decide(ctx, r, src, bookfile.Options{}, nil)
}

// refuse prints problems as JSON where JSON was asked for.
func (p *program) refuse(err error) error {
	var (
		inOffer offer.Problems
		inBook  *bookfile.Refused
	)
	switch {
	case p.json && errors.As(err, &inOffer):
		err = p.printJSON(checkJSON{Problems: offerProblems(inOffer)})
	case p.json && errors.As(err, &inBook):
		err = p.printJSON(checkJSON{Problems: bookProblems(inBook)})
	default:
		return err
	}
	if err == nil {
		err = refused{}
	}
	return err
}

// ruleVersions gives a history to the rulebook.
func ruleVersions(h *offer.History) []rulebook.Version {
	var all []rulebook.Version
	for _, v := range h.Versions() {
		all = append(all, rulebook.Version{Effective: v.Effective, Terms: v.Terms})
	}
	return all
}

// printCheck prints the findings version by version, each with what it changed.
func (p *program) printCheck(h *offer.History, findings []rulebook.Finding, d *decided) error {
	var b bytes.Buffer
	versions := h.Versions()
	fmt.Fprintf(&b, "%s  %s\n", p.paint(bold, h.Final().ID), h.Final().Offeror)
	for _, w := range h.Warnings() {
		fmt.Fprintf(&b, "%s %s\n", p.paint(yellow, "warning"), w)
	}
	for i := range versions {
		fmt.Fprintln(&b)
		p.printVersion(&b, versions, i)
		for _, f := range findings {
			if f.Change == i {
				p.printFinding(&b, f)
			}
		}
	}
	fmt.Fprintf(&b, "\n%s\n", verdicts(findings))
	if d != nil {
		fmt.Fprintf(&b, "book: %s: %s\n", countRows(d.book.Rows), fatesText(d.fates()))
	}
	if err := p.printConditions(&b, h, d); err != nil {
		return err
	}
	_, err := p.Out.Write(b.Bytes())
	return err
}

// printConditions prints how the conditions stand: with a book as it has them at
// expiration, else as the terms say.
func (p *program) printConditions(w io.Writer, h *offer.History, d *decided) error {
	if len(h.Final().Conditions) == 0 {
		return nil
	}
	in := report.Input{Terms: h.Final()}
	if d != nil {
		in = d.input()
	}
	t, err := report.Conditions(in)
	if err != nil {
		return err
	}
	fmt.Fprintln(w)
	return t.WriteText(w, p.tableWidth())
}

func (p *program) printVersion(w io.Writer, versions []offer.Version, i int) {
	v := versions[i]
	if i == 0 {
		fmt.Fprintf(w, "Launch, %s (%s)\n", v.Terms.Commenced.Text(), v.File)
		return
	}
	fmt.Fprintf(w, "Change of %s (%s)\n", when(v.Effective, v.Terms), v.File)
	for _, d := range offer.Diff(versions[i-1].Terms, v.Terms) {
		fmt.Fprintf(w, "  %s\n", d)
	}
}

// printFinding prints what one rule found, with its citation.
func (p *program) printFinding(w io.Writer, f rulebook.Finding) {
	look := map[rulebook.Verdict]colour{rulebook.Pass: green, rulebook.Warn: yellow, rulebook.NeedsHuman: yellow, rulebook.Fail: red}
	const margin, width = "                    ", 100
	under := func(s string) { fmt.Fprintf(w, "%s%s\n", margin, wrapped(s, width-len(margin), margin)) }
	fmt.Fprintf(w, "  %s  %-4s %s\n", p.paint(look[f.Verdict], fmt.Sprintf("%-11s", f.Verdict)), f.Rule, wrapped(f.Title, width-len(margin), margin))
	under("found: " + f.Why)
	if e := f.EarliestText(); e != "" {
		under("earliest lawful: " + e)
	}
	if f.Citation != "" {
		under(f.Citation + "; in force " + f.InForce)
	}
}
