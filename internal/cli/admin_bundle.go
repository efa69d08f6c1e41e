package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/journal"
)

// adminBundleCommand is "tender admin bundle".
func (p *program) adminBundleCommand() *cobra.Command {
	w := &workspace{program: p}
	var out string
	var attach []string
	c := &cobra.Command{
		Use:   "bundle ID",
		Short: "Writes a whole offer as one file, for an auditor.",
		Example: `tender admin bundle LVLT-2004 -o lvlt-2004.bundle --attach result.json
tender verify --bundle lvlt-2004.bundle --key agent.pub`,
		Long: `The bundle holds every entry and the checkpoints on record, and can be checked
without the workspace. "tender admin restore" takes an offer in from one. It
ends where the journal does: sign a checkpoint first.`,
		Args: arguments(1, 1, "ID"),
		RunE: w.in(func(ctx context.Context, args []string) error { return w.bundle(ctx, args[0], out, attach) }),
	}
	w.reading(c)
	c.Flags().StringVarP(&out, "out", "o", "", "`FILE` to write, - for standard output")
	c.Flags().StringArrayVar(&attach, "attach", nil, "`FILE` that goes with the offer; may be given again")
	return c
}

func (w *workspace) bundle(ctx context.Context, id, out string, attach []string) error {
	if out == "" {
		return usagef("", "the bundle needs a file: -o FILE")
	}
	if err := apart(append(attach, w.db), []string{out}); err != nil {
		return err
	}
	var head journal.Receipt
	signed := map[uint64][][]byte{} // by how many entries they cover
	err := w.see(ctx, id, book.Inquiry{Subject: book.SeeJournal}, func(s *book.State) error {
		head = s.Head()
		for _, x := range s.Checkpoints() {
			c, err := journal.OpenCheckpoint(x.Signed, nil)
			if err != nil {
				return err
			}
			signed[c.Size] = append(signed[c.Size], x.Signed)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var digest [32]byte
	err = w.toFile(out, func(to io.Writer) error {
		b, err := journal.NewBundleWriter(to, id)
		if err != nil {
			return err
		}
		if err := w.bundleEntries(ctx, b, head, signed); err != nil {
			return err
		}
		for _, name := range attach {
			if err := attachTo(b, name); err != nil {
				return err
			}
		}
		digest, err = b.Close()
		return err
	})
	var damage *journal.Damage
	if errors.As(err, &damage) {
		return damaged{fmt.Errorf("%s: %w", shownDatabase(w.db), err)}
	}
	if err != nil || out == "-" {
		return err
	}
	_, err = fmt.Fprintf(w.Out, "%s: %s of %s, %s, %s\n    sha256 %x before its last frame\n", out, plural(int(head.Seq), "entry", "entries"), id,
		plural(len(signed), "checkpoint", "checkpoints"), plural(len(attach), "attachment", "attachments"), digest)
	return err
}

var errBundled = errors.New("all entries are in the bundle")

func (w *workspace) bundleEntries(ctx context.Context, b *journal.BundleWriter, head journal.Receipt, signed map[uint64][][]byte) error {
	var encoded []byte
	err := w.store.Read(ctx, head.Offer, 1, func(e *journal.Entry) error {
		if e.Seq > head.Seq {
			return errBundled // came meanwhile
		}
		encoded = e.AppendBinary(encoded[:0])
		if err := b.Entry(encoded); err != nil {
			return err
		}
		for _, x := range signed[e.Seq] {
			if err := b.Checkpoint(x); err != nil {
				return err
			}
		}
		return nil
	})
	if err == errBundled {
		return nil
	}
	return err
}

func attachTo(b *journal.BundleWriter, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return cannot("read", name, err)
	}
	defer f.Close()
	return b.Attach(filepath.Base(name), f)
}

// A bundled is a journal in a bundle, to be copied into a workspace. It was
// verified whole when it was opened.
type bundled struct {
	name   string
	report *journal.BundleReport
	last   journal.Receipt
}

func openBundle(name string) (*bundled, error) {
	b := &bundled{name: name}
	report, err := b.pass(func(e *journal.Entry) error { b.last = journal.ReceiptOf(e); return nil })
	var damage *journal.Damage
	switch {
	case errors.As(err, &damage) && damage.Code == journal.NewerFormat:
		return nil, refused{damage}
	case errors.As(err, &damage):
		return nil, damaged{damage}
	case err != nil:
		return nil, err
	}
	b.report = report
	return b, nil
}

// pass reads the bundle to its end, and checks all of it.
func (b *bundled) pass(each func(*journal.Entry) error) (*journal.BundleReport, error) {
	f, err := os.Open(b.name)
	if err != nil {
		return nil, cannot("read", b.name, err)
	}
	defer f.Close()
	return journal.VerifyBundle(f, journal.BundleOptions{File: b.name, Entry: func(e *journal.Entry, _ journal.Place) error { return each(e) }})
}

// Read implements desk.Journal.
func (b *bundled) Read(ctx context.Context, _ string, from uint64, each func(*journal.Entry) error) error {
	report, err := b.pass(func(e *journal.Entry) error {
		if err := ctx.Err(); err != nil || e.Seq < from {
			return err
		}
		return each(e)
	})
	if err == nil && report.Digest != b.report.Digest {
		return fmt.Errorf("%s was changed while it was read", b.name)
	}
	return err
}

// Head implements desk.Journal.
func (b *bundled) Head(context.Context, string) (journal.Receipt, error) { return b.last, nil }

// Offers implements desk.Journal.
func (b *bundled) Offers(context.Context) ([]string, error) {
	if b.report.Entries == 0 {
		return nil, nil
	}
	return []string{b.report.Offer}, nil
}

// Append implements desk.Journal: a bundle is closed.
func (b *bundled) Append(context.Context, string, ...journal.Draft) ([]journal.Receipt, error) {
	return nil, fmt.Errorf("%s is a bundle, which takes no entries", b.name)
}

var _ desk.Journal = (*bundled)(nil)
