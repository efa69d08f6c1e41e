package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tenderbook/internal/desk"
	"tenderbook/internal/sqlite"
)

func (p *program) adminVerifyCommand() *cobra.Command {
	v := &verifying{workspace: &workspace{program: p}}
	w := v.workspace
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
				if err := v.verifyOffer(ctx, id); err != nil {
					return err
				}
			}
			return nil
		}),
	}
	w.opening(c)
	return c
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
	} else if _, err := w.copyOffers(ctx, w.store, name, 0); err != nil {
		return err
	}
	copied, err := sqlite.Open(ctx, name, sqlite.Options{Clock: w.now})
	if err != nil {
		return fmt.Errorf("the backup cannot be opened: %w", err)
	}
	defer copied.Close()
	offers, err := heads(ctx, copied)
	if err != nil {
		return err
	}
	if w.json {
		return w.printJSON(storedJSON{name, offers})
	}
	_, err = fmt.Fprintf(w.Out, "%s: %s\n", name, plural(len(offers), "offer", "offers"))
	return err
}

// A storedJSON is what "tender admin backup" and "restore" print with --json.
type storedJSON struct {
	Database string        `json:"database"`
	Offers   []storedOffer `json:"offers"`
}

type storedOffer struct {
	Offer   string    `json:"offer"`
	Entries uint64    `json:"entries"`
	Last    time.Time `json:"last"` // record time of the last entry
}

// heads lists the offers of a journal with where they end.
func heads(ctx context.Context, j desk.Journal) ([]storedOffer, error) {
	all := []storedOffer{}
	ids, err := j.Offers(ctx)
	for _, id := range ids {
		head, err := j.Head(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, storedOffer{id, head.Seq, head.At.UTC()})
	}
	return all, err
}

// copyOffers copies all offers of a journal, up to a sequence number, into a
// database.
func (w *workspace) copyOffers(ctx context.Context, src desk.Journal, name string, upTo uint64) (copied []storedOffer, err error) {
	dst, err := openStore(ctx, name, w.now)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, dst.Close()) }()
	ids, err := src.Offers(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		to := upTo
		if to > 0 {
			head, err := src.Head(ctx, id)
			if err != nil {
				return nil, err
			}
			to = min(to, head.Seq)
		}
		if _, err := desk.Copy(ctx, dst, src, id, to); err != nil {
			return nil, err
		}
		head, err := dst.Head(ctx, id)
		if err != nil {
			return nil, err
		}
		copied = append(copied, storedOffer{id, head.Seq, head.At.UTC()})
	}
	return copied, nil
}

func (p *program) adminRestoreCommand() *cobra.Command {
	w := &workspace{program: p}
	var upTo uint64
	c := &cobra.Command{
		Use:     "restore FILE",
		Short:   "Copies the offers of a backup or bundle into the workspace.",
		Example: "tender admin restore offers-2004-11-29.db --db restored.db --to 1206",
		Long: `Entries that the workspace has already must be the same ones: a restore that was
cut off is taken up again by the same command, and no entry is replaced. A
bundle is checked to its end before anything of it is taken.`,
		Args: arguments(1, 1, "FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			into := firstOf(w.db, w.Env("TENDER_DB"), "./offers.db")
			if err := apart(args, []string{into}); err != nil {
				return err
			}
			kind, err := kindOfFile(args[0])
			if err != nil {
				return err
			}
			switch kind {
			case aBundle:
				return w.restoreBundle(c, args[0], into, upTo)
			case noFile, aWorkspace:
			default:
				return notThis(args[0], kind, aBundle, aWorkspace)
			}
			if _, err := os.Stat(args[0]); !onServer(args[0]) && err != nil {
				return cannot("read", args[0], err)
			}
			w.db = args[0] // read from the backup
			return w.in(func(ctx context.Context, _ []string) error { return w.restore(ctx, w.store, into, upTo) })(c, args)
		},
	}
	w.opening(c)
	c.Flags().Uint64Var(&upTo, "to", 0, "last entry `SEQ` of each offer (default all)")
	return c
}

func (w *workspace) restoreBundle(c *cobra.Command, name, into string, upTo uint64) error {
	if err := w.settle(false); err != nil {
		return err
	}
	b, err := openBundle(name)
	if err != nil {
		return err
	}
	return w.restore(c.Context(), b, into, upTo)
}

func (w *workspace) restore(ctx context.Context, src desk.Journal, into string, upTo uint64) error {
	copied, err := w.copyOffers(ctx, src, into, upTo)
	if err != nil {
		return err
	}
	if w.json {
		return w.printJSON(storedJSON{shownDatabase(into), copied})
	}
	names := make([]string, len(copied))
	for i, x := range copied {
		names[i] = fmt.Sprintf("%s #%d", x.Offer, x.Entries)
	}
	_, err = fmt.Fprintf(w.Out, "%s: %s\n", shownDatabase(into), strings.Join(names, ", "))
	return err
}
