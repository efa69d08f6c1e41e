package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"tenderbook/allocation"
	"tenderbook/calendar"
	"tenderbook/internal/bookfile"
	"tenderbook/money"
	"tenderbook/report"
)

// An explainCommand is "tender explain" with its flags.
type explainCommand struct {
	*program
	question
	workspace   *workspace
	instruction string
}

func (p *program) explainCommand() *cobra.Command {
	e := &explainCommand{program: p, workspace: &workspace{program: p}}
	c := &cobra.Command{
		Use:   "explain OFFER BOOK INSTRUCTION | explain ID INSTRUCTION",
		Short: "Explains what one instruction got, line by line.",
		Example: `tender explain examples/level3-2004 examples/level3-2004/book.csv I-000731
tender explain LVLT-2004 --instruction I-000731`,
		Long: `Prints the answer in a sentence, the sum line by line, the money, what becomes
of the rest, and what would have changed it: the book is decided again with one
thing changed at a time.

With the ID of an offer of a workspace: as it was accepted, or would be now, and
where it stands on record. --as-of is then the number of an entry.`,
		Args: arguments(1, 3, "OFFER, BOOK and INSTRUCTION, or ID and INSTRUCTION"),
		RunE: func(c *cobra.Command, args []string) error {
			given := len(args)
			if e.instruction != "" {
				args = append(args, e.instruction)
			}
			switch {
			case len(args) < 2 || len(args) > 3:
				return usagef("", "%s given, needs OFFER, BOOK and INSTRUCTION, or ID and INSTRUCTION", count(given, "argument"))
			case len(args) == 2 && isFile(args[0]):
				return usagef("", "%s given, and %q is a file: needs OFFER, BOOK and INSTRUCTION", count(given, "argument"), args[0])
			case len(args) == 2:
				return e.onWorkspace(c, args)
			}
			e.offer.path = args[0]
			return e.run(c.Context(), args[1], args[2])
		},
	}
	e.question.flags(c)
	e.workspace.reading(c)
	c.Flags().StringVar(&e.instruction, "instruction", "", "`INSTRUCTION`, instead of the last argument")
	c.Flags().Lookup("as-of").Usage += "; on a workspace the entry SEQ"
	return c
}

// onWorkspace explains an instruction of a workspace, to which the flags that
// change a question about files do not belong.
func (e *explainCommand) onWorkspace(c *cobra.Command, args []string) error {
	for _, name := range []string{"set", "amend", "settled"} {
		if c.Flags().Changed(name) {
			return usagef("", "--%s belongs to an offer in files, %q is one of a workspace", name, args[0])
		}
	}
	if c.Flags().Changed("as-of") {
		e.workspace.asOf = e.asOf
	}
	return e.workspace.in(e.workspace.explain)(c, args)
}

// isFile reports whether a name is that of a file or folder, and so an offer's
// rather than its id.
func isFile(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func (e *explainCommand) run(ctx context.Context, book, instruction string) error {
	history, err := e.offer.read()
	if err != nil {
		return err
	}
	r, err := newRun(history, e.question)
	if err != nil {
		return err
	}
	src, err := openBook(book)
	if err != nil {
		return err
	}
	defer src.Close()
	x, err := r.explain(ctx, src, instruction)
	if err != nil {
		return err
	}
	if e.json {
		return x.WriteJSON(e.Out)
	}
	var b bytes.Buffer
	for _, set := range e.sets {
		fmt.Fprintf(&b, "%s with %s: not a result\n\n", e.paint(yellow, "what-if"), set)
	}
	if err := x.WriteText(&b, e.tableWidth()); err != nil {
		return err
	}
	_, err = e.Out.Write(b.Bytes())
	return err
}

// explain decides a book and says why one instruction got what it got.
func (r *run) explain(ctx context.Context, src *bookfile.Source, instruction string) (*report.Explanation, error) {
	o := bookfile.Options{Terms: r.terms, Alloc: r.alloc, AsOf: r.cut, Only: r.only}
	if err := r.lookBefore(ctx, src, o); err != nil {
		return nil, err
	}
	o.Terminated = r.terminated
	found, err := bookfile.Explain(ctx, src, o, instruction)
	var unknown *bookfile.UnknownError
	if errors.As(err, &unknown) {
		return nil, refused{err}
	}
	if err != nil {
		return nil, err
	}
	if found.Action == "withdraw" || found.Action == "deliver" {
		return nil, refused{fmt.Errorf("%s:%d: %q is a %s row about instruction %q: explain that one",
			src.Name, found.Line, instruction, found.Action, found.Fields["refers_to"])}
	}
	s, err := r.subject(src.Name, found, instruction)
	if err != nil {
		return nil, err
	}
	changed, err := r.wouldChange(found)
	if err != nil {
		return nil, err
	}
	in := (&decided{r, found.Result}).input()
	return report.Explain(in, s, changed...)
}

// subject gives what was found of an instruction to package report. One that the
// run does not look at is refused.
func (r *run) subject(book string, x *bookfile.Explanation, instruction string) (report.Subject, error) {
	s := report.Subject{
		Instruction: instruction, Participant: x.Fields["participant"], Account: x.Fields["account"],
		Received: x.Received, Series: x.Series, Asked: x.Principal,
		Tender: x.Tender, Outcome: x.Outcome,
	}
	switch {
	case x.Action == "consent" && (x.Counts || x.Left == 0):
		s.Fate, s.Consented, s.Timing, s.ConsentPaid, s.Unpaid = report.Consent, x.Left, x.Timing, x.Consideration, x.Unpaid
	case x.Live:
		s.Outcome.Consideration, s.Outcome.Interest = x.Consideration, x.Interest
	case anyText(r.terminated[x.Series:x.Series+1]) && x.Left > 0:
		s.Fate, s.Defect = report.Terminated, r.terminated[x.Series]
	case !r.expiration(x.Series).Met(x.Received):
		s.Fate = report.ReceivedLate
	case slices.ContainsFunc(x.Related, func(e bookfile.Event) bool { return e.Action == "withdraw" && e.Void == "" }):
		s.Fate = report.Withdrawn
	default:
		return s, refused{fmt.Errorf("%s:%d: %q does not count as of %s: %s", book, x.Line, instruction, when(r.asOf, r.terms), x.Reason)}
	}
	return s, nil
}

// expiration is when the offer for a series ends.
func (r *run) expiration(series int) calendar.Deadline {
	if own := r.terms.Series[series].Expiration; !own.IsZero() {
		return own
	}
	return r.terms.Dates.Expiration
}

// wouldChange decides the book again with one thing changed at a time: the side
// of the early time, the cap as it was or became, one increment more.
func (r *run) wouldChange(x *bookfile.Explanation) ([]report.WhatIf, error) {
	if !x.Live {
		return nil, nil
	}
	var all []report.WhatIf
	try := func(w report.WhatIf, terms *allocation.Terms, changed allocation.Tender) error {
		var err error
		if w.Outcome, w.Factor, err = again(terms, x.Others, changed); err != nil {
			return err
		}
		all = append(all, w)
		return nil
	}
	if r.terms.HasEarly() && r.only == bookfile.Both {
		other, kind := x.Tender, report.AfterEarly
		other.Timing = allocation.Late
		if x.Tender.Timing == allocation.Late {
			other.Timing, kind = allocation.Early, report.BeforeEarly
		}
		if err := try(report.WhatIf{Kind: kind}, r.alloc, other); err != nil {
			return nil, err
		}
	}
	for _, c := range r.otherCaps(x.Series) {
		if err := try(report.WhatIf{Kind: report.CapAmount, Cap: c.name, Amount: c.amount}, c.terms, x.Tender); err != nil {
			return nil, err
		}
	}
	more := x.Tender
	increment := r.alloc.Series[x.Series].Increment
	more.Principal += increment
	w := report.WhatIf{Kind: report.MorePrincipal, Amount: money.New(increment, r.terms.Series[x.Series].Currency)}
	err := try(w, r.alloc, more)
	return all, err
}
