package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tenderbook/book"
)

// payCommand is "tender pay": what becomes of the money of a result.
func (p *program) payCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "pay COMMAND",
		Short:   "Releases the payments of a result.",
		Example: "tender pay release LVLT-2004 payments.csv --run final --as ann",
		Args:    knownCommand,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.payReleaseCommand())
	return c
}

func (p *program) payReleaseCommand() *cobra.Command {
	w := p.proposing()
	var which string
	c := w.command(&cobra.Command{
		Use:     "release ID FILE",
		Short:   "Proposes to release the payments of a result, as a file has them.",
		Example: "tender pay release LVLT-2004 payments.csv --run final --as ann",
		Long: `The file is kept on record byte for byte. An approver or the paying agent
approves it; each result is released once. When it is paid, "tender offer
settle" records that.`,
		Args: arguments(2, 2, "ID and FILE"),
	}, func(ctx context.Context, args []string) error { return w.release(ctx, args[0], args[1], which) })
	c.Flags().StringVar(&which, "run", "final", "`RUN` that is paid: early or final")
	return c
}

func (w *proposing) release(ctx context.Context, id, name, which string) error {
	run, err := parseRun(which)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return cannot("read", name, err)
	}
	if len(data) == 0 {
		return answered{exitRefused, fmt.Errorf("%s is empty: needs the payments to release", name)}
	}
	x := &book.Proposal{What: book.Release, Run: run, Name: filepath.Base(name), File: string(data)}
	if x.Result, err = w.resultOf(ctx, id, run); err != nil {
		return err
	}
	return w.propose(ctx, id, x)
}

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
