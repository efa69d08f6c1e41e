package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/offer"
	"tenderbook/report"
	"tenderbook/rulebook"
)

const (
	demoOffer       = "LVLT-2004"
	demoInstruction = "I-000731" // the one that the demo follows to its payment
	demoWidth       = 110        // how wide the demo's tables may be
)

// demoCommand is "tender demo".
func (p *program) demoCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "demo",
		Short:   "Plays Level 3's 2004 offers from the launch to the final result.",
		Example: "tender demo",
		Long: `Two people take the offer through its record, in a workspace in a temporary
folder: every instruction goes in at its time, what binds is proposed by one and
approved by the other, and at the end record and result are verified. Terms and
totals are history; the book is made up, and adds up to every total that was
published. All of it is in the program: no account, no network. The folder
stays, to go on with; with --json it is removed.`,
		Args: arguments(0, 0, "none"),
		RunE: func(c *cobra.Command, _ []string) error { return p.demo(c.Context(), dir) },
	}
	c.Flags().StringVar(&dir, "dir", "", "new `FOLDER` to play in (default a temporary one)")
	return c
}

// A story is the demo as it is told: what is printed, beside the play that it
// tells of.
type story struct {
	*play
	bytes.Buffer
	early, final *snapshot
	launched     *offer.Terms
}

// A snapshot is what the record says of a run at some time.
type snapshot struct {
	report.Input
	history *offer.History
}

func (p *program) demo(ctx context.Context, dir string) error {
	kept := dir != ""
	dir, err := demoFolder(dir)
	if err != nil {
		return err
	}
	defer func() {
		if !kept {
			os.RemoveAll(dir)
		}
	}()
	stage, err := newPlay(ctx, p, dir)
	if err != nil {
		return err
	}
	defer stage.close()
	s := &story{play: stage}
	for _, chapter := range []func(context.Context) error{s.launch, s.earlyDate, s.amendment, s.result, s.why, s.record} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	compared, err := s.compare()
	if err != nil {
		return err
	}
	if p.json {
		return p.printJSON(compared)
	}
	kept = true
	s.published(compared)
	s.tryNext()
	if _, err := p.Out.Write(s.Bytes()); err != nil {
		return err
	}
	return compared.agree()
}

// demoFolder makes the folder of a demo, which must be a new one.
func demoFolder(dir string) (string, error) {
	if dir == "" {
		return os.MkdirTemp("", "tender-demo-")
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		if os.IsExist(err) {
			return "", usagef("name a new one", "folder %q is there already", dir)
		}
		return "", cannot("make", dir, err)
	}
	return filepath.Abs(dir)
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

// stands prints where the record stands.
func (s *story) stands(in report.Input) {
	fmt.Fprintf(s, "as of %s, %s\n", in.Record, when(in.Record.At, in.Terms))
}

// look takes what the record says of a run now.
func (s *story) look(ctx context.Context, run book.Run) (*snapshot, error) {
	m := &snapshot{}
	err := s.workspace.look(ctx, demoOffer, func(state *book.State) error {
		plan, err := s.workspace.planNow(state, run)
		if err != nil {
			return err
		}
		m.history = state.History()
		m.Input, err = s.workspace.planInput(state, plan)
		m.AsOf = s.workspace.deadlineOf(plan)
		return err
	})
	return m, err
}

func (s *story) launch(ctx context.Context) error {
	fmt.Fprintln(s, s.paint(bold, "Level 3's cash tender offers of 2004, from the launch to the final result"))
	s.say("The terms and the totals are history; the book and the people are made up, and the book adds up to what was published. Everything below was put on record first, and is shown from the record.")
	s.chapter(1, "29 October 2004: the offer is announced")
	if err := s.playLaunch(ctx); err != nil {
		return err
	}
	early, err := s.look(ctx, book.Early)
	if err != nil {
		return err
	}
	first := early.history.Versions()[0]
	s.launched = first.Terms
	if err := s.table(report.Input{Terms: first.Terms, AsOf: first.Effective}, report.Launch, false); err != nil {
		return err
	}
	fmt.Fprintln(s)
	s.say("At most %s of principal is bought, level by level. Prices are per 1,000. Is the offer open long enough?",
		amountText(first.Terms.Caps[0].Amount))
	s.finding(rulebook.Check(ruleVersions(early.history)[:1]), "R1")
	s.say("ann drafted the offer (#1), named bob its approver (#2) and proposed the launch (#3); bob approved it (#4).")
	return nil
}

func (s *story) earlyDate(ctx context.Context) error {
	s.chapter(2, "12 November, 17:00 New York: the early tender date, against the cap of $450 million")
	if err := s.playEarly(ctx); err != nil {
		return err
	}
	var err error
	if s.early, err = s.look(ctx, book.Early); err != nil {
		return err
	}
	s.stands(s.early.Input)
	fmt.Fprintln(s)
	if err := s.table(s.early.Input, report.Waterfall, false); err != nil {
		return err
	}
	tendered, err := s.early.inDollars((*snapshot).tendered)
	if err != nil {
		return err
	}
	fmt.Fprintln(s)
	s.say("%s came in by the early date, %s the cap. Under it the discount notes and the euro notes would get nothing. This is a look ahead: under these terms nothing is accepted before the offer expires.",
		amountText(tendered), times(tendered.Minor, s.early.Alloc.Caps[0].Amount))
	return nil
}

func (s *story) amendment(ctx context.Context) error {
	s.chapter(3, "17 November: the cap is raised")
	if err := s.playAmendment(ctx); err != nil {
		return err
	}
	m, err := s.look(ctx, book.Final)
	if err != nil {
		return err
	}
	versions := m.history.Versions()
	for _, d := range offer.Diff(versions[0].Terms, versions[1].Terms) {
		fmt.Fprintf(s, "  %s\n", d)
	}
	fmt.Fprintln(s)
	s.say("A change in the amount sought keeps an offer open for a while after it. How long, and does the new date do?")
	s.finding(rulebook.Check(ruleVersions(m.history)), "R2")
	s.say("ann proposed it, bob approved it: #%s.", grouped(int64(m.Record.Seq)))
	return nil
}

func (s *story) result(ctx context.Context) error {
	s.chapter(4, "1 December, 24:00: the offer expires")
	if err := s.playResult(ctx); err != nil {
		return err
	}
	var err error
	if s.final, err = s.look(ctx, book.Final); err != nil {
		return err
	}
	s.stands(s.final.Input)
	fmt.Fprintln(s)
	if err := s.table(s.final.Input, report.Waterfall, true); err != nil {
		return err
	}
	fmt.Fprintln(s)
	if err := s.table(s.final.Input, report.Final, false); err != nil {
		return err
	}
	fmt.Fprintln(s)
	s.say("%s came too late: on record, and without effect. ann planned, and put the plan forward; her own approval of it was refused:", count(s.late, "instruction"))
	fmt.Fprintf(s, "  %s\n", s.denied)
	s.say("bob approved these exact amounts and, when the money was paid, the settlement: the offer is %s.", s.life)
	return nil
}

func (s *story) why(ctx context.Context) error {
	s.chapter(5, "Why did "+demoInstruction+" get what it got?")
	return s.workspace.look(ctx, demoOffer, func(state *book.State) error {
		x, err := s.workspace.explanation(ctx, state, demoInstruction)
		if err != nil {
			return err
		}
		return x.WriteText(s, demoWidth)
	})
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
	s.chapter(7, "Against what was published")
	c.write(s)
}

func (s *story) tryNext() {
	fmt.Fprintf(s, "\n%s\n", s.paint(bold, "Try"))
	for _, line := range []string{
		"export TENDER_DB=" + s.path("offers.db") + " TENDER_USER=bob",
		"tender status " + demoOffer,
		"tender explain " + demoOffer + " --instruction I-000025",
		"tender plan " + demoOffer + " --cap 800,000,000",
		"tender report final " + demoOffer + " --as html -o final.html",
		"tender offer diff " + demoOffer,
		"tender verify " + demoOffer,
		"tender verify " + s.path("public", "result.json") + " --row " + s.path("public", "rows", "I-000025.json"),
	} {
		fmt.Fprintln(s, "  "+line)
	}
	fmt.Fprintf(s, "\nThe workspace and the published result stay in %s until you remove them.\n", s.dir)
}
