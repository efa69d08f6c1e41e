package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/offer"
	"tenderbook/report"
	"tenderbook/rulebook"
)

func (p *program) offerDiffCommand() *cobra.Command {
	w := &workspace{program: p}
	c := &cobra.Command{
		Use:     "diff ID [PROPOSAL]",
		Short:   "Shows what a proposal changes, or what changed since the launch.",
		Example: "tender offer diff LVLT-2004 P-17",
		Args:    arguments(1, 2, "ID and perhaps PROPOSAL"),
		RunE: w.in(func(ctx context.Context, args []string) error {
			var b bytes.Buffer
			about, err := subjectOfDiff(args)
			if err != nil {
				return err
			}
			err = w.see(ctx, args[0], about, func(s *book.State) error {
				if len(args) == 1 {
					return w.changes(&b, s)
				}
				x, err := w.proposal(s, args[1])
				if err != nil {
					return err
				}
				return w.present(&b, s, x)
			})
			if err == nil {
				_, err = w.Out.Write(b.Bytes())
			}
			return err
		}),
	}
	w.looking(c)
	return c
}

// subjectOfDiff is what the arguments of a difference ask to see.
func subjectOfDiff(args []string) (book.Inquiry, error) {
	if len(args) == 1 {
		return book.Inquiry{Subject: book.SeeTerms}, nil
	}
	return ofProposal(args[1])
}

// ofProposal asks to see one proposal.
func ofProposal(name string) (book.Inquiry, error) {
	seq, err := parseProposal(name)
	return book.Inquiry{Subject: book.SeeProposals, Of: fmt.Sprint(seq)}, err
}

// changes lists the versions of the terms, each with what it changed. Those to
// come are for who sees what is not published yet.
func (w *workspace) changes(out io.Writer, s *book.State) error {
	if s.History() == nil {
		return nil
	}
	versions := s.History().Versions()
	fmt.Fprintf(out, "%s  %s\n", w.paint(bold, s.Offer()), versions[0].Terms.Offeror)
	shown := 0
	for i := range versions {
		if versions[i].Effective.After(w.now()) && !s.May(w.actor, book.MayPrepare) {
			break
		}
		fmt.Fprintln(out)
		w.printVersion(out, versions, i)
		shown++
	}
	if shown == 1 {
		fmt.Fprintln(out, "  nothing has changed since")
	}
	return nil
}

// proposal finds a proposal by its name.
func (w *workspace) proposal(s *book.State, name string) (book.Proposed, error) {
	seq, err := parseProposal(name)
	if err != nil {
		return book.Proposed{}, err
	}
	x, ok := s.Proposal(seq, w.now())
	if !ok {
		return x, answered{exitRefused, fmt.Errorf("offer %s has no proposal %s: \"tender offer show %s\" lists them", s.Offer(), proposalName(seq), s.Offer())}
	}
	return x, nil
}

// present shows a proposal with all that an approver has to know of it.
func (w *workspace) present(out io.Writer, s *book.State, x book.Proposed) error {
	fmt.Fprintf(out, "%s  %s  %s\n", w.paint(bold, proposalName(x.Seq)), what(&x.Proposal), x.State)
	fmt.Fprintf(out, "by %s, %s; expires %s\ndigest %s\n", x.Maker, moment(x.At, s.Terms()), moment(x.Expires, s.Terms()), x.Digest)
	if x.Why != "" {
		fmt.Fprintf(out, "why: %s\n", x.Why)
	}
	if x.State != book.Pending {
		if x.Hinders != nil {
			fmt.Fprintf(out, "%s: %s\n", w.paint(yellow, x.State.String()), because(&x))
		}
		if x.Decider != "" {
			fmt.Fprintf(out, "%s by %s in #%d\n", x.State, x.Decider, x.Decided)
		}
		if x.File != "" {
			fmt.Fprintf(out, "\n%s\n%s", x.Name, x.File)
		}
		return nil
	}
	if x.Hinders != nil {
		fmt.Fprintf(out, "%s: %s\n", w.paint(yellow, "as things stand it would be refused"), x.Hinders)
	}
	fmt.Fprintln(out)
	return w.difference(out, s, &x.Proposal)
}

// because says why a proposal cannot be approved any more, and what to do.
func because(x *book.Proposed) string {
	why := x.Hinders.Why
	if x.State == book.Outrun {
		why += ": propose it again"
	}
	return why
}

// difference shows what a proposal would change as things stand.
func (w *workspace) difference(out io.Writer, s *book.State, p *book.Proposal) error {
	switch p.What {
	case book.Launch:
		if err := showTerms(out, s.History().Final(), w.tableWidth()); err != nil {
			return err
		}
		w.rules(out, s.History())
	case book.Amend, book.Extend, book.Price:
		return w.amendment(out, s, p)
	case book.Accept:
		return w.acceptance(out, s, p)
	case book.Settle:
		fmt.Fprintf(out, "the %s result %.16s is marked as paid\n", p.Run, p.Result)
	case book.Release:
		return w.releases(out, s, p)
	case book.WaiveDefect:
		if x, ok := s.Instruction(p.Subject); ok {
			fmt.Fprintf(out, "%s of %s, series %s, now %s: counts as if it had no defect and were in time\n", x.ID, x.Participant, x.Series, x.Life)
		}
	case book.WaiveCondition:
		for _, c := range s.History().Final().Conditions {
			if c.ID == p.Subject {
				fmt.Fprintf(out, "condition %s: %s\n    from %s to waived\n", c.ID, c.Text, firstOf(c.Status, "open"))
			}
		}
	case book.Terminate:
		ends(out, p, standing(s, p.Subject))
	case book.Lapse:
		ends(out, p, standing(s, "")) // its subject is the condition
	}
	return nil
}

// releases shows what a release pays. Before rules 3 it was any file.
func (w *workspace) releases(out io.Writer, s *book.State, p *book.Proposal) error {
	if p.Payments == "" {
		fmt.Fprintf(out, "payments of the %s result %.16s are released as %s has them: %s bytes, sha256 %x\n", p.Run, p.Result, p.Name, grouped(int64(len(p.File))), sha256.Sum256([]byte(p.File)))
		return nil
	}
	x, err := paymentsOf(s, p.Run)
	if err != nil {
		return err
	}
	x.show(out)
	fmt.Fprintf(out, "  the file: tender pay build %s --run %s -o payments.csv\n", s.Offer(), p.Run)
	return nil
}

func (w *workspace) amendment(out io.Writer, s *book.State, p *book.Proposal) error {
	f, err := offer.Read(p.Name, []byte(p.File))
	if err != nil {
		return err
	}
	h, err := s.History().Enact(f, w.now())
	if err != nil {
		return err
	}
	versions := h.Versions()
	w.printVersion(out, versions, len(versions)-1)
	w.rules(out, h)
	return nil
}

func ends(out io.Writer, p *book.Proposal, n int) {
	fmt.Fprintf(out, "%s: nothing is accepted, %s returned; this cannot be undone\n", what(p), plural(n, "instruction is", "instructions are"))
}

// rules says what the law makes of the terms, with all that an approver has to
// look at: the rules that are not met, and those that a person has to judge.
func (w *workspace) rules(out io.Writer, h *offer.History) {
	findings := rulebook.Check(ruleVersions(h))
	fmt.Fprintf(out, "\nrules: %s\n", verdicts(findings))
	for _, f := range findings {
		if f.Verdict != rulebook.Pass {
			w.printFinding(out, f)
		}
	}
}

// standing is how many tenders and consents of a series, or of all if it is
// empty, go back to their holders if it ends.
func standing(s *book.State, series string) (n int) {
	for x := range s.Instructions() {
		acts := x.Action == book.Withdraw || x.Action == book.Deliver // on a tender, and is none
		if !acts && (x.Life.Live() || x.Life == book.Defective) && (series == "" || x.Series == series) {
			n++
		}
	}
	return n
}

func (w *workspace) acceptance(out io.Writer, s *book.State, p *book.Proposal) error {
	plan, err := w.planNow(s, p.Run)
	if err != nil {
		return err
	}
	in, err := w.planInput(s, plan)
	if err != nil {
		return err
	}
	if err := showPlan(out, in, w.tableWidth()); err != nil {
		return err
	}
	showLater(out, plan)
	return nil
}

// showLater says what a final run pays of notes that were delivered since an early
// result accepted them.
func showLater(out io.Writer, p *book.Plan) {
	for i, d := range p.Later() {
		if i == 0 {
			fmt.Fprintln(out, "\nPaid besides, for notes that were delivered since the early result accepted them:")
		}
		c := d.Principal.Currency
		fmt.Fprintf(out, "  %s  %s %s  consideration %s, interest %s\n", d.Instruction, c.Code, d.Principal.Grouped(), d.Consideration.GroupedFull(), d.Interest.GroupedFull())
	}
}

// showPlan prints what is accepted, level by level, and the sums.
func showPlan(out io.Writer, in report.Input, width int) error {
	standing := report.Standing(in)
	for _, s := range standing {
		fmt.Fprintln(out, s)
	}
	if len(standing) > 0 {
		fmt.Fprintln(out)
	}
	tables := []func(report.Input) (*report.Table, error){report.Waterfall, report.Totals}
	if in.Consents != nil {
		tables = append(tables, report.Consents)
	}
	for i, table := range tables {
		t, err := table(in)
		if err != nil {
			return err
		}
		if i > 0 {
			fmt.Fprintln(out)
		}
		if err := t.WriteText(out, width); err != nil {
			return err
		}
	}
	return nil
}

// showTerms prints what an offer seeks and until when.
func showTerms(out io.Writer, t *offer.Terms, width int) error {
	fmt.Fprintf(out, "%s\n\n", t.Title)
	g := grid{{"", ""}}
	for _, d := range [...]struct{ name, text string }{
		{"Commenced", t.Commenced.Text()},
		{"Early tender", t.Dates.EarlyTender.String()},
		{"Withdrawal", t.Dates.Withdrawal.String()},
		{"Expiration", t.Dates.Expiration.String()},
		{"Guaranteed delivery", t.Dates.GuaranteedDelivery.String()},
	} {
		if d.text != "" {
			g.add(d.name, d.text)
		}
	}
	for _, d := range paydays(t) {
		g.add(d.name, d.Text()+", expected")
	}
	for _, k := range t.Caps {
		g.add(k.Name, k.Amount.Currency.Code+" "+k.Amount.Grouped())
	}
	for _, c := range t.Conditions {
		g.add("Condition "+c.ID, firstOf(c.Status, "open"))
	}
	g.write(out)
	table, err := report.Launch(report.Input{Terms: t, AsOf: t.Dates.Expiration.At, Stage: report.AtLaunch})
	if err != nil {
		return err
	}
	fmt.Fprintln(out)
	return table.WriteText(out, width)
}
