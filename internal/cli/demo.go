package cli

import (
	"bytes"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	level3 "tenderbook/examples/level3-2004"
	"tenderbook/internal/bookfile"
	"tenderbook/offer"
	"tenderbook/report"
	"tenderbook/rulebook"
)

// demoInstruction is the one that the demo follows to its payment.
const demoInstruction = "I-000731"

// demoWidth is how wide the demo's tables may be.
const demoWidth = 110

// demoCommand is "tender demo".
func (p *program) demoCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "demo",
		Short:   "Plays Level 3's 2004 offers from the launch to the final result.",
		Example: "tender demo",
		Long: `Terms and totals are history; the book is made up, and adds up to every total
that was published. All of it is in the program: no account, network or file.`,
		Args: arguments(0, 0, "none"),
		RunE: func(c *cobra.Command, _ []string) error { return p.demo(c.Context()) },
	}
}

// A story is the demo as it is told: the offer at each of its moments.
type story struct {
	*program
	bytes.Buffer
	history      *offer.History
	early, final *decided
}

func (p *program) demo(ctx context.Context) error {
	s := &story{program: p}
	if err := s.prepare(ctx); err != nil {
		return err
	}
	compared, err := s.compare()
	if err != nil {
		return err
	}
	if p.json {
		return p.printJSON(compared)
	}
	for _, chapter := range []func(context.Context) error{s.launch, s.earlyDate, s.amendment, s.result, s.why} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	s.published(compared)
	if _, err := p.Out.Write(s.Bytes()); err != nil {
		return err
	}
	return compared.agree()
}

func level3Book() *bookfile.Source { return bookfile.Bytes("book.csv", level3.Book) }

// prepare reads the files and decides the book at its two moments.
func (s *story) prepare(ctx context.Context) error {
	var err error
	s.history, err = history([]source{{"offer.yaml", level3.Offer}, {"amendment-2004-11-17.yaml", level3.Amendment}})
	if err != nil {
		return err
	}
	for _, moment := range []struct {
		asOf string
		to   **decided
	}{{"early", &s.early}, {"final", &s.final}} {
		r, err := newRun(s.history, question{asOf: moment.asOf})
		if err != nil {
			return err
		}
		if *moment.to, err = s.decide(ctx, r, level3Book(), bookfile.Options{}, nil); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) chapter(n int, title string) {
	fmt.Fprintf(s, "\n%s\n\n", s.paint(bold, fmt.Sprintf("%d. %s", n, title)))
}

func (s *story) say(format string, args ...any) {
	fmt.Fprintln(s, wrapped(fmt.Sprintf(format, args...), demoWidth, ""))
}

// table prints one of report's tables. The title is the chapter's.
func (s *story) table(in report.Input, make func(report.Input) (*report.Table, error), notes bool) error {
	t, err := make(in)
	if err != nil {
		return err
	}
	t.Title = ""
	if !notes {
		t.Notes = nil
	}
	return t.WriteText(s, demoWidth)
}

func (s *story) launch(context.Context) error {
	fmt.Fprintln(s, s.paint(bold, "Level 3's cash tender offers of 2004, from the launch to the final result"))
	s.say("The terms and the totals are history; the book is made up, and adds up to what was published.")
	s.chapter(1, "29 October 2004: the offer is announced")
	first := s.history.Versions()[0]
	if err := s.table(report.Input{Terms: first.Terms, AsOf: first.Effective}, report.Launch, false); err != nil {
		return err
	}
	fmt.Fprintln(s)
	s.say("At most %s of principal is bought, level by level. Prices are per 1,000. Is the offer open long enough?",
		amountText(first.Terms.Caps[0].Amount))
	s.finding(rulebook.Check(ruleVersions(s.history)[:1]), "R1")
	return nil
}

func (s *story) earlyDate(context.Context) error {
	s.chapter(2, "12 November, 17:00 New York: the early tender date, against the cap of $450 million")
	if err := s.table(s.early.input(), report.Waterfall, false); err != nil {
		return err
	}
	tendered, err := s.early.inDollars((*decided).tendered)
	if err != nil {
		return err
	}
	fmt.Fprintln(s)
	s.say("%s came in by the early date, %s the cap. Under it the discount notes and the euro notes would get nothing. This is a look ahead: under these terms nothing is accepted before the offer expires.",
		amountText(tendered), times(tendered.Minor, s.early.alloc.Caps[0].Amount))
	return nil
}

func (s *story) amendment(context.Context) error {
	s.chapter(3, "17 November: the cap is raised")
	versions := s.history.Versions()
	for _, d := range offer.Diff(versions[0].Terms, versions[1].Terms) {
		fmt.Fprintf(s, "  %s\n", d)
	}
	fmt.Fprintln(s)
	s.say("A change in the amount sought keeps an offer open for a while after it. How long, and does the new date do?")
	s.finding(rulebook.Check(ruleVersions(s.history)), "R2")
	return nil
}

func (s *story) result(context.Context) error {
	s.chapter(4, "1 December, 24:00: the offer expires")
	in := s.final.input()
	if err := s.table(in, report.Waterfall, true); err != nil {
		return err
	}
	fmt.Fprintln(s)
	return s.table(in, report.Final, false)
}

func (s *story) why(ctx context.Context) error {
	s.chapter(5, "Why did "+demoInstruction+" get what it got?")
	x, err := s.final.explain(ctx, level3Book(), demoInstruction)
	if err != nil {
		return err
	}
	return x.WriteText(s, demoWidth)
}

// finding prints what one rule found.
func (s *story) finding(findings []rulebook.Finding, rule string) {
	for _, f := range findings {
		if f.Rule == rule {
			s.printFinding(s, f)
		}
	}
}

func (s *story) published(c *comparison) {
	s.chapter(6, "Against what was published")
	c.write(s)
	fmt.Fprintf(s, "\n%s\n", s.paint(bold, "Try"))
	for _, line := range []string{
		"tender check examples/level3-2004",
		"tender allocate examples/level3-2004 examples/level3-2004/book.csv -o allocation.csv",
		"tender allocate examples/level3-2004 examples/level3-2004/book.csv --set caps.0.amount=\"USD 800,000,000\"",
		"tender explain examples/level3-2004 examples/level3-2004/book.csv " + demoInstruction + " --as-of early",
		"tender report final examples/level3-2004 examples/level3-2004/book.csv --as html -o final.html",
	} {
		fmt.Fprintln(s, "  "+line)
	}
}
