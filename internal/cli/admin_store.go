package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/internal/sqlite"
	"tenderbook/journal"
)

func (p *program) adminVerifyCommand() *cobra.Command {
	w := &workspace{program: p}
	c := &cobra.Command{
		Use:     "verify [ID]",
		Short:   "Reads journals again from the start and checks all that follows.",
		Example: "tender admin verify LVLT-2004",
		Long: `Checks of each entry its encoding, number, time and the hash before it, decides
all entries anew, and works accepted results out again. Damage is named with its
place; the exit code is 6.`,
		Args: arguments(0, 1, "perhaps ID"),
		RunE: w.in(func(ctx context.Context, args []string) error {
			ids := args
			if len(args) == 0 {
				var err error
				if ids, err = w.desk.Offers(ctx); err != nil {
					return err
				}
			}
			for _, id := range ids {
				if _, err := w.head(ctx, id); err != nil {
					return err
				}
				if err := w.verify(ctx, id); err != nil {
					return err
				}
			}
			return nil
		}),
	}
	w.opening(c)
	return c
}

// verify reads the journal of one offer into a state of its own.
func (w *workspace) verify(ctx context.Context, id string) error {
	v, err := journal.NewVerifier(id)
	if err != nil {
		return err
	}
	var (
		s       = book.New(id)
		place   = journal.Place{File: shownDatabase(w.db)}
		encoded []byte
		broken  error
	)
	err = w.store.Read(ctx, id, 1, func(e *journal.Entry) error {
		place.Offset = int64(e.Seq)
		encoded = e.AppendBinary(encoded[:0])
		if _, broken = v.Add(encoded, place); broken != nil {
			return broken
		}
		if o := s.Apply(e); o.Code() == book.BrokenChain {
			broken = fmt.Errorf("%s: entry %d: %w", place.File, e.Seq, o.Refusal)
		}
		return broken
	})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case broken != nil:
		return damaged{broken}
	case err != nil: // what cannot be read back is not what was written
		return damaged{fmt.Errorf("%s: offer %s, after entry %d: %w", place.File, id, s.Head().Seq, err)}
	}
	return w.verified(s, v)
}

// verified works the results of a refolded offer out again.
func (w *workspace) verified(s *book.State, v *journal.Verifier) error {
	results := s.Results()
	for _, r := range results {
		if err := s.Verify(r.Run); err != nil {
			return damaged{err}
		}
	}
	digest, root := s.Digest(), v.Root()
	if w.json {
		return w.printJSON(map[string]any{
			"offer": s.Offer(), "entries": v.Size(), "instructions": s.Len(), "refusals": len(s.Refusals()), "results": len(results),
			"root": fmt.Sprintf("%x", root), "state": fmt.Sprintf("%x", digest),
		})
	}
	_, err := fmt.Fprintf(w.Out, "%s: %s ok | chain and times ok | state decided again from #1 | %s, %s | %s worked out again\n    root  %x\n    state %x\n",
		s.Offer(), plural(int(v.Size()), "entry", "entries"), plural(s.Len(), "instruction", "instructions"), plural(len(s.Refusals()), "refusal", "refusals"),
		plural(len(results), "result", "results"), root, digest)
	return err
}

func (p *program) adminBackupCommand() *cobra.Command {
	w := &workspace{program: p}
	c := &cobra.Command{
		Use:     "backup FILE",
		Short:   "Copies all offers, as they are now, into a new file.",
		Example: "tender admin backup offers-2004-11-29.db",
		Long:    "The copy is a SQLite file, of a PostgreSQL database too, and can be used as a\nworkspace itself. Work on the offers can go on meanwhile.",
		Args:    arguments(1, 1, "FILE"),
		RunE:    w.in(func(ctx context.Context, args []string) error { return w.backup(ctx, args[0]) }),
	}
	w.opening(c)
	return c
}

func (w *workspace) backup(ctx context.Context, name string) error {
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		return usagef("name a new file", "%q is there already", name)
	}
	if local, ok := w.store.(*sqlite.Store); ok {
		if err := local.Backup(ctx, name); err != nil {
			return cannot("write", name, err)
		}
	} else if _, err := w.copyTo(ctx, name, 0); err != nil {
		return err
	}
	ids, err := w.desk.Offers(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.Out, "%s: %s\n", name, plural(len(ids), "offer", "offers"))
	return err
}

// copyTo copies all offers, up to a sequence number, into another database.
func (w *workspace) copyTo(ctx context.Context, name string, upTo uint64) (copied []string, err error) {
	dst, err := openStore(ctx, name, w.now)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, dst.Close()) }()
	ids, err := w.desk.Offers(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		to := upTo
		if to > 0 {
			head, err := w.store.Head(ctx, id)
			if err != nil {
				return nil, err
			}
			to = min(to, head.Seq)
		}
		last, err := desk.Copy(ctx, dst, w.store, id, to)
		if err != nil {
			return nil, err
		}
		copied = append(copied, fmt.Sprintf("%s #%d", id, last))
	}
	return copied, nil
}

func (p *program) adminRestoreCommand() *cobra.Command {
	w := &workspace{program: p}
	var upTo uint64
	var into string
	c := &cobra.Command{
		Use:     "restore FILE",
		Short:   "Copies the offers of a backup into the workspace.",
		Example: "tender admin restore offers-2004-11-29.db --db restored.db --to 1206",
		Long: `Entries that the workspace has already must be the same ones: a restore that was
cut off is taken up again by the same command, and no entry is replaced.`,
		Args: arguments(1, 1, "FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			into = firstOf(w.db, w.Env("TENDER_DB"), "./offers.db")
			w.db = args[0] // read from the backup
			return w.in(func(ctx context.Context, _ []string) error {
				copied, err := w.copyTo(ctx, into, upTo)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(w.Out, "%s: %s\n", shownDatabase(into), strings.Join(copied, ", "))
				return err
			})(c, args)
		},
	}
	w.opening(c)
	c.Flags().Uint64Var(&upTo, "to", 0, "last entry `SEQ` of each offer (default all)")
	return c
}

func (p *program) adminDoctorCommand() *cobra.Command {
	w := &workspace{program: p}
	c := &cobra.Command{
		Use:     "doctor",
		Short:   "Says where a workspace is and what it holds.",
		Example: "tender admin doctor",
		Args:    arguments(0, 0, "none"),
		RunE:    w.in(func(ctx context.Context, _ []string) error { return w.doctor(ctx) }),
	}
	w.opening(c)
	return c
}

// doctor says what can be told without deciding anything: opening the database
// has checked that its version is known and that it writes through to the disk.
func (w *workspace) doctor(ctx context.Context) error {
	kind := "SQLite file, write-ahead log, synced at each commit"
	if onServer(w.db) {
		kind = "PostgreSQL database, synced at each commit"
	}
	fmt.Fprintf(w.Out, "%s: %s\n", shownDatabase(w.db), kind)
	if info, err := os.Stat(w.db); err == nil {
		fmt.Fprintf(w.Out, "    %s bytes\n", grouped(info.Size()))
	}
	ids, err := w.desk.Offers(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		head, err := w.store.Head(ctx, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(w.Out, "    %s  %s, last at %s\n", id, plural(int(head.Seq), "entry", "entries"), head.At.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	return nil
}
