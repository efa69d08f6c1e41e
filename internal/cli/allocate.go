package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"tenderbook/internal/bookfile"
	"tenderbook/money"
	"tenderbook/report"
)

// An allocateCommand is "tender allocate" with its flags.
type allocateCommand struct {
	*program
	question
	output  string
	summary string
	skipBad bool
	refused string
	publish publishing

	toAccept []int
	cap      string // of toAccept
}

func (p *program) allocateCommand() *cobra.Command {
	a := &allocateCommand{program: p}
	c := &cobra.Command{
		Use:   "allocate OFFER BOOK",
		Short: "Decides a book: what is accepted of each instruction, and why.",
		Example: `tender allocate examples/level3-2004 examples/level3-2004/book.csv
tender allocate offer.yaml book.csv -o allocation.csv --summary summary.json
tender allocate offer.yaml book.csv --set caps.0.amount="USD 1,105,000,000"`,
		Long: `Prints what each level had, was tendered and accepted, and what cut it. The
allocation has a row for every instruction, in the order of the book. Where
early tenders are settled first, run --as-of early with --summary, and the final
run with --settled and that summary.`,
		Args: arguments(2, 2, "OFFER and BOOK"),
		RunE: func(c *cobra.Command, args []string) error {
			a.offer.path = args[0]
			return a.run(c.Context(), args[1])
		},
	}
	a.question.flags(c)
	f := c.Flags()
	f.StringVarP(&a.output, "output", "o", "", "write the allocation to `FILE`, - for standard output")
	f.StringVar(&a.summary, "summary", "", "write the summary as JSON to `FILE`")
	f.IntSliceVar(&a.toAccept, "to-accept", nil, "say which amount of the cap takes all that is tendered at these `LEVELS`")
	f.StringVar(&a.cap, "cap", "0", "the `CAP` of --to-accept, by name or number from 0")
	f.BoolVar(&a.skipBad, "skip-bad", false, "leave rows with problems out; needs --refused")
	f.StringVar(&a.refused, "refused", "", "write the rows left out to `FILE`, to be mended")
	f.StringVar(&a.publish.dir, "publish", "", "write what holders can check into `DIR`: result.json and a file for each tender; needs --secret")
	f.StringVar(&a.publish.secret, "secret", "", "`FILE` of random bytes that hide the rows")
	return c
}

func (a *allocateCommand) run(ctx context.Context, book string) error {
	if a.skipBad != (a.refused != "") {
		return usagef("", "--skip-bad and --refused FILE are given together or not at all")
	}
	if len(a.toAccept) > 0 && (a.json || a.output == "-") {
		return usagef("", "--to-accept writes beside the tables: leave out --json and -o -")
	}
	if err := a.publish.check(); err != nil {
		return err
	}
	if err := a.outputs(book, a.output, a.summary, a.refused); err != nil {
		return err
	}
	history, err := a.offer.read()
	if err != nil {
		return err
	}
	r, err := newRun(history, a.question)
	if err != nil {
		return err
	}
	src, err := openBook(book)
	if err != nil {
		return err
	}
	defer src.Close()
	d, err := a.allocate(ctx, r, src)
	if err != nil {
		return err
	}
	if a.publish.dir != "" {
		if err := a.publish.write(ctx, r, src, a.skipBad); err != nil {
			return err
		}
	}
	return a.print(d)
}

// allocate decides the book and writes the files that were asked for. None of
// them takes its name before all are complete.
func (a *allocateCommand) allocate(ctx context.Context, r *run, src *bookfile.Source) (*decided, error) {
	var (
		o     = bookfile.Options{SkipBad: a.skipBad, NoParticipation: true}
		out   io.Writer
		files []*outputFile
	)
	defer func() {
		for _, f := range files {
			f.drop()
		}
	}()
	o.NoDigest = a.summary == "" && !a.json // only a summary names the book's digest
	switch a.output {
	case "":
	case "-":
		out = a.Out
	default:
		f, err := create(a.output)
		if err != nil {
			return nil, err
		}
		files, out = append(files, f), f
	}
	if a.skipBad {
		f, err := create(a.refused)
		if err != nil {
			return nil, err
		}
		files, o.Refused = append(files, f), f
	}
	d, err := a.decide(ctx, r, src, o, out)
	if err != nil {
		return nil, err
	}
	if a.summary != "" {
		f, err := create(a.summary)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
		if err := writeSummary(f, d.input()); err != nil {
			return nil, err
		}
	}
	for _, f := range files {
		if err := f.keep(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func writeSummary(w io.Writer, in report.Input) error {
	data, err := report.Summary(in)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// print says what was decided, where the allocation itself does not go there.
func (a *allocateCommand) print(d *decided) error {
	in := d.input()
	if n := len(d.book.Refused); n > 0 {
		fmt.Fprintf(a.Err, "%s refused and left out; see %s\n", count(n, "row"), a.refused)
	}
	switch {
	case a.output == "-":
		return nil
	case a.json:
		return writeSummary(a.Out, in)
	}
	var b bytes.Buffer
	a.heading(&b, d, in, a.sets)
	tables := []func(report.Input) (*report.Table, error){report.Waterfall, report.Totals}
	if in.Consents != nil {
		tables = append(tables, report.Consents)
	}
	if d.terms.Kind == "consent" { // nothing is tendered
		tables = tables[2:]
	}
	for _, make := range tables {
		t, err := make(in)
		if err != nil {
			return err
		}
		fmt.Fprintln(&b)
		if err := t.WriteText(&b, a.tableWidth()); err != nil {
			return err
		}
	}
	if len(a.toAccept) > 0 {
		if err := a.capThatTakes(&b, d); err != nil {
			return err
		}
	}
	_, err := a.Out.Write(b.Bytes())
	return err
}

// heading says which offer, as of when, and of what book the figures below are.
func (p *program) heading(w io.Writer, d *decided, in report.Input, sets []string) {
	fmt.Fprintf(w, "%s  %s\n", p.paint(bold, d.terms.ID), d.terms.Offeror)
	fmt.Fprintf(w, "as of %s, %s: %s\n", when(d.asOf, d.terms), countRows(d.book.Rows), fatesText(d.fates()))
	for _, s := range report.Standing(in) {
		fmt.Fprintln(w, s)
	}
	for _, set := range sets {
		fmt.Fprintf(w, "%s with %s: not a result\n", p.paint(yellow, "what-if"), set)
	}
}

func countRows(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return grouped(n) + " rows"
}

func grouped(n int64) string { return money.Group(strconv.FormatInt(n, 10)) }
