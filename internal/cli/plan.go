package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/journal"
)

// A planFile is what "tender plan" writes and "tender apply" reads. The result's
// digest is over the terms and what each tender gets, so that a plan that no
// longer follows from the book is known.
type planFile struct {
	Tenderbook  int    `json:"tenderbook_plan"` // version of this format
	Offer       string `json:"offer"`
	Run         string `json:"run"`
	Seq         uint64 `json:"seq"` // position of the journal it follows from
	Hash        string `json:"hash"`
	TermsDigest string `json:"terms_digest"`
	Result      string `json:"result_digest"`
	Tenders     int    `json:"tenders"`
}

const planVersion = 1

func (p *program) planCommand() *cobra.Command {
	w := &workspace{program: p}
	var which, out string
	c := &cobra.Command{
		Use:   "plan ID",
		Short: "Calculates what would be accepted now; changes nothing.",
		Example: `tender plan LVLT-2004 --run final --out final.plan
tender apply final.plan --as ann`,
		Args: arguments(1, 1, "ID"),
		RunE: w.in(func(ctx context.Context, args []string) error { return w.plan(ctx, args[0], which, out) }),
	}
	w.looking(c)
	c.Flags().StringVar(&which, "run", "final", "`RUN`: early or final")
	c.Flags().StringVar(&out, "out", "", "write the plan to `FILE`, for apply")
	return c
}

func (w *workspace) plan(ctx context.Context, id, which, out string) error {
	run, err := parseRun(which)
	if err != nil {
		return err
	}
	var (
		b bytes.Buffer
		f planFile
	)
	err = w.see(ctx, id, book.Inquiry{Subject: book.SeePlan}, func(s *book.State) error {
		plan, err := w.planNow(s, run)
		if err != nil {
			return answered{exitTooLate, err}
		}
		f = planOf(s, plan)
		return w.showPlanned(&b, s, plan)
	})
	if err != nil {
		return err
	}
	if out != "" {
		if err := w.toFile(out, func(to io.Writer) error { return writePlan(to, f) }); err != nil {
			return err
		}
	}
	switch {
	case w.json:
		return w.printJSON(f)
	case out == "-":
		return nil
	case out != "":
		fmt.Fprintf(&b, "\nNothing changed. Next: tender apply %s\n", out)
	default:
		fmt.Fprintf(&b, "\nNothing changed.\n")
	}
	_, err = w.Out.Write(b.Bytes())
	return err
}

// planNow decides a run on the terms that are in force now. Where an amendment
// took effect since the last entry, it looks at what the next entry would find.
func (w *workspace) planNow(s *book.State, run book.Run) (*book.Plan, error) {
	now := w.now()
	if t := s.At(now).Terms; t == nil || t.Digest() == s.Terms().Digest() {
		return s.Plan(run)
	}
	var snapshot bytes.Buffer
	if _, err := s.WriteTo(&snapshot); err != nil {
		return nil, err
	}
	next, err := book.Restore(snapshot.Bytes(), s.Head())
	if err != nil {
		return nil, err
	}
	draft, err := book.Draft("clock", "now", &book.Note{Text: "nothing that is kept: it moves the clock of a copy"})
	if err != nil {
		return nil, err
	}
	e := journal.Next(s.Offer(), s.Head(), now, draft)
	next.Apply(&e)
	p, err := next.Plan(run)
	if err == nil {
		p.Seq = min(p.Seq, s.Head().Seq)
	}
	return p, err
}

func planOf(s *book.State, p *book.Plan) planFile {
	return planFile{
		Tenderbook: planVersion, Offer: s.Offer(), Run: string(p.Run), Seq: p.Seq, Hash: fmt.Sprintf("%x", s.Head().Hash),
		TermsDigest: s.TermsDigest(), Result: p.Digest, Tenders: p.Len(),
	}
}

func (w *workspace) showPlanned(out io.Writer, s *book.State, p *book.Plan) error {
	at := s.At(w.now())
	w.title(out, s, at)
	fmt.Fprintf(out, "%s run, %s, at %s\n\n", p.Run, plural(p.Len(), "tender", "tenders"), when(w.now(), at.Terms))
	in, err := w.planInput(s, p)
	if err != nil {
		return err
	}
	if err := showPlan(out, in, w.tableWidth()); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nplan sha256 %s from #%d\n", p.Digest, p.Seq)
	return nil
}

func writePlan(to io.Writer, f planFile) error {
	data, err := json.MarshalIndent(f, "", "  ")
	if err == nil {
		_, err = to.Write(append(data, '\n'))
	}
	return err
}

func (p *program) applyCommand() *cobra.Command {
	w := p.proposing()
	c := &cobra.Command{
		Use:     "apply PLAN",
		Short:   "Proposes to accept what a plan says.",
		Example: "tender apply final.plan --as ann",
		Long:    "A plan that no longer follows from terms and book is stale: exit code 5.",
		Args:    arguments(1, 1, "PLAN"),
		RunE:    w.in(func(ctx context.Context, args []string) error { return w.apply(ctx, args[0]) }),
	}
	w.flags(c)
	return c
}

func (w *proposing) apply(ctx context.Context, name string) error {
	f, err := readPlan(name)
	if err != nil {
		return err
	}
	before, err := w.earlier(ctx, f.Offer)
	if err != nil {
		return err
	}
	x := &book.Proposal{What: book.Accept, Run: book.Run(f.Run), Result: f.Result, Basis: f.TermsDigest}
	if _, again := before.(*book.Proposal); !again {
		if err := w.look(ctx, f.Offer, func(s *book.State) error { return w.stale(s, name, f) }); err != nil {
			return err
		}
	}
	return w.propose(ctx, f.Offer, x)
}

func readPlan(name string) (planFile, error) {
	var f planFile
	data, err := os.ReadFile(name)
	if err != nil {
		return f, cannot("read", name, err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return f, refused{fmt.Errorf("%s is not a plan: %w", name, err)}
	}
	if f.Tenderbook != planVersion {
		return f, refused{fmt.Errorf("%s: tenderbook_plan is %d, needs %d", name, f.Tenderbook, planVersion)}
	}
	if _, err := parseRun(f.Run); err != nil {
		return f, refused{fmt.Errorf("%s: run %q, needs early or final", name, f.Run)}
	}
	return f, nil
}

// stale refuses a plan that no longer follows from terms and book.
func (w *workspace) stale(s *book.State, name string, f planFile) error {
	if now := s.TermsDigest(); now != f.TermsDigest {
		return answered{exitTooLate, fmt.Errorf("stale plan: %s was made at #%d on terms %.12s, in force at #%d are %.12s: plan again", name, f.Seq, f.TermsDigest, s.Head().Seq, now)}
	}
	plan, err := w.planNow(s, book.Run(f.Run))
	if err != nil {
		return answered{exitTooLate, err}
	}
	if plan.Digest != f.Result {
		return answered{exitTooLate, fmt.Errorf("stale plan: %s says result %.12s at #%d, the book gives %.12s at #%d: plan again", name, f.Result, f.Seq, plan.Digest, s.Head().Seq)}
	}
	return nil
}
