package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tenderbook/book"
)

// payCommand is "tender pay": what becomes of the money of a result.
func (p *program) payCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "pay COMMAND",
		Short: "Makes and releases the payments of a result.",
		Example: `tender pay build LVLT-2004 --run final -o payments.csv --as ann
tender pay release LVLT-2004 --run final --as ann`,
		Args: knownCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.payBuildCommand(), p.payReleaseCommand())
	return c
}

func (p *program) payBuildCommand() *cobra.Command {
	w := &workspace{program: p}
	var which, out string
	c := &cobra.Command{
		Use:     "build ID",
		Short:   "Makes the file of the payments of a result.",
		Example: "tender pay build LVLT-2004 --run final -o payments.csv --as ann",
		Long: `The payments follow from the accepted result: one for each instruction or, where
the terms pay by participant, for each participant and series. The same record
gives the same bytes. docs/book-file.md has the columns.`,
		Args: arguments(1, 1, "ID"),
		RunE: w.in(func(ctx context.Context, args []string) error { return w.build(ctx, args[0], which, out) }),
	}
	w.looking(c)
	c.Flags().StringVar(&which, "run", "final", "`RUN` that is paid: early or final")
	c.Flags().StringVarP(&out, "out", "o", "", "write the payments to `FILE`, and their sums here")
	return c
}

func (w *workspace) build(ctx context.Context, id, which, out string) error {
	run, err := parseRun(which)
	if err != nil {
		return err
	}
	if w.json && out == "-" {
		return usagef("", "--json prints where -o - would write the file: leave out one of them")
	}
	var x *payments
	err = w.see(ctx, id, book.Inquiry{Subject: book.SeePayments}, func(s *book.State) (err error) {
		x, err = paymentsOf(s, run)
		return err
	})
	if err != nil {
		return err
	}
	if out != "" {
		if err := w.toFile(out, func(to io.Writer) error { _, err := to.Write(x.file); return err }); err != nil {
			return err
		}
	}
	switch {
	case w.json:
		return w.printJSON(x.json(id))
	case out == "-":
		return nil
	case out == "":
		_, err := w.Out.Write(x.file)
		return err
	}
	x.show(w.Out)
	return nil
}

func (p *program) payReleaseCommand() *cobra.Command {
	w := p.proposing()
	var which string
	c := w.command(&cobra.Command{
		Use:   "release ID [FILE]",
		Short: "Proposes to release the payments of a result.",
		Example: `tender pay release LVLT-2004 --run final --as ann
tender pay release LVLT-2004 payments.csv --run final --as ann`,
		Long: `What is released are the payments that follow from the result, as "tender pay
build" writes them: the record names their digest and refuses all others. With
FILE, such as one that a bank made ready, nothing is proposed unless it is the
same to the byte. An approver or the paying agent approves; each result is
released once. When it is paid, "tender offer settle" records that.`,
		Args: arguments(1, 2, "ID and perhaps FILE"),
	}, func(ctx context.Context, args []string) error {
		return w.release(ctx, args[0], strings.Join(args[1:], ""), which)
	})
	c.Flags().StringVar(&which, "run", "final", "`RUN` that is paid: early or final")
	return c
}

// release proposes to release what a result pays, if the file that is given, if
// one is, has that.
func (w *proposing) release(ctx context.Context, id, name, which string) error {
	run, err := parseRun(which)
	if err != nil {
		return err
	}
	var file []byte
	if name != "" {
		if file, err = os.ReadFile(name); err != nil {
			return cannot("read", name, err)
		}
	}
	x := &book.Proposal{What: book.Release, Run: run}
	denied := false
	err = w.look(ctx, id, func(s *book.State) error {
		if denied = !s.May(w.actor, book.MaySettle); denied { // nothing is told to who may not propose it
			x.Result, x.Payments = noDigest, noDigest
			return nil
		}
		pays, err := paymentsOf(s, run)
		if err != nil {
			return err
		}
		x.Result, x.Payments = pays.result, pays.digest
		if name == "" {
			return nil
		}
		return samePayments(name, file, pays.file)
	})
	if err != nil {
		return err
	}
	return w.propose(ctx, id, x)
}

// noDigest stands for digests in a proposal that is refused for its maker.
var noDigest = strings.Repeat("0", 64)

// resultOf is the digest of what a run accepted.
func (w *workspace) resultOf(ctx context.Context, id string, run book.Run) (digest string, err error) {
	err = w.look(ctx, id, func(s *book.State) error {
		for _, r := range s.Results() {
			if r.Run == run {
				digest = r.Digest
			}
		}
		return nil
	})
	if err == nil && digest == "" {
		err = answered{exitTooLate, fmt.Errorf("offer %s has no %s result yet", id, run)}
	}
	return digest, err
}
