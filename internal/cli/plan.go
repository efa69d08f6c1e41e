package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

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

// A planning is "tender plan" with its flags.
type planning struct {
	*workspace
	run, out string
	caps, fx []string
	sets     []string
	detailed bool
}

func (p *program) planCommand() *cobra.Command {
	w := &planning{workspace: &workspace{program: p}}
	c := &cobra.Command{
		Use:   "plan ID",
		Short: "Calculates what would be accepted now; changes nothing.",
		Example: `tender plan LVLT-2004 --run final --out final.plan
tender apply final.plan --as ann
tender plan LVLT-2004 --cap 1.2bn --json accepted_total,levels`,
		Long: `With --cap, --fx or --set it says what other terms would come to: a what-if,
which cannot be applied. With --detailed-exitcode the exit code is 2 where
anything tendered would be returned, and 0 where all is accepted.`,
		Args: arguments(1, 1, "ID"),
		RunE: w.in(func(ctx context.Context, args []string) error { return w.plan(ctx, args[0]) }),
	}
	w.looking(c)
	f := c.Flags()
	f.StringVar(&w.run, "run", "final", "`RUN`: early or final")
	f.StringVar(&w.out, "out", "", "write the plan to `FILE`, for apply")
	f.StringArrayVar(&w.caps, "cap", nil, "what-if: the cap at `AMOUNT`, such as 400m, or NAME=AMOUNT of several")
	f.StringArrayVar(&w.fx, "fx", nil, "what-if: an exchange `RATE`, such as EUR/USD=1.30")
	f.StringArrayVar(&w.sets, "set", nil, "what-if: `PATH=VALUE`, such as caps.0.amount=\"USD 1,105,000,000\"")
	f.BoolVar(&w.detailed, "detailed-exitcode", false, "exit with 2 where something would be returned")
	return c
}

func (w *planning) plan(ctx context.Context, id string) error {
	run, err := parseRun(w.run)
	if err != nil {
		return err
	}
	if w.out != "" && len(w.caps)+len(w.fx)+len(w.sets) > 0 {
		return usagef("", "a what-if cannot be applied: --out %s goes without --cap, --fx and --set", w.out)
	}
	var (
		b bytes.Buffer
		x *planned
	)
	err = w.see(ctx, id, book.Inquiry{Subject: book.SeePlan}, func(s *book.State) (err error) {
		x, err = w.planned(s, run)
		if err != nil {
			return err
		}
		return w.showPlanned(&b, s, x)
	})
	if err != nil {
		return err
	}
	if w.out != "" {
		if err := w.toFile(w.out, func(to io.Writer) error { return writePlan(to, x.file) }); err != nil {
			return err
		}
	}
	if err := w.printPlan(&b, x); err != nil {
		return err
	}
	if w.detailed && x.returns() {
		return exitWith(exitUsage)
	}
	return nil
}

// printPlan prints a plan in the form that is asked for.
func (w *planning) printPlan(b *bytes.Buffer, x *planned) error {
	switch {
	case w.json:
		return w.printJSON(x.json())
	case w.out == "-":
		return nil
	case w.out != "":
		fmt.Fprintf(b, "\nNothing changed. Next: tender apply %s\n", w.out)
	default:
		fmt.Fprintf(b, "\nNothing changed.\n")
	}
	_, err := w.Out.Write(b.Bytes())
	return err
}

// planNow decides a run on the terms that are in force now. Where an amendment
// took effect since the last entry, it looks at what the next entry would find.
func (w *workspace) planNow(s *book.State, run book.Run) (*book.Plan, error) {
	now := w.now()
	if t := s.At(now).Terms; t == nil || t.Digest() == s.Terms().Digest() {
		return s.PlanAt(run, now)
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

func (w *planning) showPlanned(out io.Writer, s *book.State, x *planned) error {
	at := s.At(w.now())
	w.title(out, s, at)
	fmt.Fprintf(out, "%s run, %s, at %s\n", x.Run, plural(x.Len(), "tender", "tenders"), when(w.now(), at.Terms))
	for _, set := range x.changes {
		fmt.Fprintf(out, "%s with %s: not a result\n", w.paint(yellow, "what-if"), set)
	}
	fmt.Fprintln(out)
	if err := showPlan(out, x.input, w.tableWidth()); err != nil {
		return err
	}
	showLater(out, x.Plan)
	if len(x.changes) == 0 {
		fmt.Fprintf(out, "\nplan sha256 %s from #%d\n", x.Digest, x.Seq)
	}
	w.proposedOf(out, s, x.Plan)
	return nil
}

// proposedOf says what is proposed on a run that is not accepted, and where
// nothing can be.
func (w *planning) proposedOf(out io.Writer, s *book.State, p *book.Plan) {
	if slices.ContainsFunc(s.Results(), func(r book.Result) bool { return r.Run == p.Run }) {
		return
	}
	if p.Run == book.Early && p.Terms.Acceptance.Order == "priority" {
		fmt.Fprintf(out, "%s: under order: priority nothing is accepted before expiration, when the final run takes early and late tenders\n", w.paint(yellow, "a look ahead"))
	}
	for _, q := range w.proposals(s) {
		if q.What == book.Accept && q.Run == p.Run {
			fmt.Fprintf(out, "%s %s, by %s: %s%s\n", proposalName(q.Seq), what(&q.Proposal), q.Maker, q.State, hindered(&q))
		}
	}
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
	return w.command(&cobra.Command{
		Use:     "apply PLAN",
		Short:   "Proposes to accept what a plan says.",
		Example: "tender apply final.plan --as ann",
		Long:    "A plan that no longer follows from terms and book is stale: exit code 5.",
		Args:    arguments(1, 1, "PLAN"),
	}, func(ctx context.Context, args []string) error { return w.apply(ctx, args[0]) })
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
		return f, refused{fmt.Errorf("%s is not a plan: needs a file that \"tender plan --out\" wrote", name)}
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
