package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/internal/sqlite"
	"tenderbook/journal"
)

// A workspace is a database of offers and who works on it.
type workspace struct {
	*program
	db    string // file, or URL of a PostgreSQL database
	actor string
	key   string // idempotency key; empty: one is made
	clock string // hidden: a fixed time, for scripts that play an old offer
	asOf  string // entry up to which the record is read; empty: all of it

	writes bool // the command puts something on record
	now    func() time.Time
	store  store
	desk   *desk.Desk
}

// A store keeps the journals of a workspace.
type store interface {
	desk.Journal
	desk.Importer
	Close() error
}

// workspaceHelp is what the pages of all commands on a workspace say.
const workspaceHelp = `The workspace is a SQLite file (--db, or TENDER_DB) or a PostgreSQL database
(postgres://...). What goes on record names who did it (--as, or TENDER_USER).
There is no sign-in: whoever can write the file can say to be anyone, and the
rule of two people is as good as the care that is taken of it. Long offers are
opened from snapshots in a folder beside the file, or where TENDER_SNAPSHOTS
says ("off": nowhere), which can be deleted at any time.`

// opening adds the flags of commands on the database itself: who holds it needs
// no role for them.
func (w *workspace) opening(c *cobra.Command) {
	c.Flags().StringVar(&w.db, "db", "", "`DATABASE` of offers (default $TENDER_DB, else ./offers.db)")
	c.Flags().StringVar(&w.clock, "clock", "", "RFC 3339 `TIME` instead of now")
	c.Flags().Lookup("clock").Hidden = true
}

// reading adds the flags of commands that show what their user may see.
func (w *workspace) reading(c *cobra.Command) {
	w.opening(c)
	c.Flags().StringVar(&w.actor, "as", "", "`USER` who asks (default $TENDER_USER)")
}

// looking adds the flags of commands that show an offer as its record has it.
func (w *workspace) looking(c *cobra.Command) {
	w.reading(c)
	c.Flags().StringVar(&w.asOf, "as-of", "", "show the record as it stood after entry `SEQ`")
}

// writing adds the flags of commands that go on record.
func (w *workspace) writing(c *cobra.Command) {
	w.opening(c)
	c.Flags().StringVar(&w.actor, "as", "", "`USER` who does it (default $TENDER_USER)")
	c.Flags().StringVar(&w.key, "key", "", "idempotency `KEY`; one is made, and printed, if not given")
}

// in has a command run on an open workspace that is there already.
func (w *workspace) in(do func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return w.opened(false, do)
}

// opened has a command run on an open workspace, which is made if it may be.
func (w *workspace) opened(make bool, do func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		if err := w.settle(c.Flags().Lookup("as") != nil); err != nil {
			return err
		}
		w.writes = make || c.Flags().Lookup("key") != nil
		if err := w.open(c.Context(), make); err != nil {
			return err
		}
		defer w.store.Close()
		return do(c.Context(), args)
	}
}

// settle takes from the environment what the command line leaves open.
func (w *workspace) settle(named bool) error {
	w.db = firstOf(w.db, w.Env("TENDER_DB"), "./offers.db")
	w.actor = firstOf(w.actor, w.Env("TENDER_USER"))
	if named && w.actor == "" {
		return usagef("give --as USER, or set TENDER_USER", "nobody is named: who may do and see what depends on who asks, and the record says who did it")
	}
	w.now = time.Now
	clock := firstOf(w.clock, w.Env("TENDER_CLOCK"))
	if clock == "" {
		return nil
	}
	at, err := time.Parse(time.RFC3339, clock)
	if err != nil {
		return usagef("", "clock %q is not a time such as 2004-11-12T22:00:00Z", clock)
	}
	w.now = func() time.Time { return at }
	return nil
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

func (w *workspace) open(ctx context.Context, make bool) (err error) {
	if !onServer(w.db) && !strings.Contains(w.db, "://") && !make {
		if _, err := os.Stat(w.db); errors.Is(err, fs.ErrNotExist) {
			return usagef(`"tender offer new OFFER" makes one; --db names another`, "there is no workspace %q", w.db)
		}
	}
	if err := plausible(w.db); err != nil {
		return err
	}
	if w.store, err = openStore(ctx, w.db, w.now); err != nil {
		err = fmt.Errorf("cannot open workspace %q: %w", shownDatabase(w.db), err)
		if !sqlite.CannotWrite(err) {
			return err
		}
		if w.store = w.openReading(err); w.store == nil {
			return fmt.Errorf("%w\n    is the disk full, or read-only?", err)
		}
	}
	w.desk = desk.Open(w.store)
	if folder := w.snapshots(); folder != "" {
		_ = desk.Folder(folder).Sweep(time.Now().Add(-time.Hour)) // what stays is in nobody's way
		w.desk.KeepSnapshots(desk.Folder(folder), snapshotEvery)
	}
	return nil
}

// openReading opens a file that cannot be written, for a command that puts
// nothing on record; nil where that does not do.
func (w *workspace) openReading(cause error) store {
	if w.writes {
		return nil
	}
	s, err := sqlite.OpenReading(w.db)
	if err != nil {
		return nil
	}
	fmt.Fprintf(w.Err, "tender: %v\n    it is read as it was left\n", cause)
	return s
}

// snapshotEvery is how many entries and instructions are folded again rather than
// kept: less than a tenth of a second.
const snapshotEvery = 50_000

// snapshots is the folder for snapshots: beside the file of the database, or where
// TENDER_SNAPSHOTS says; "" for none.
func (w *workspace) snapshots() string {
	switch folder := w.Env("TENDER_SNAPSHOTS"); {
	case folder == "off", folder == "" && onServer(w.db):
		return ""
	case folder != "":
		return folder
	}
	return w.db + "-snapshots"
}

func openStore(ctx context.Context, db string, clock func() time.Time) (store, error) {
	if onServer(db) {
		return openServer(ctx, db, clock)
	}
	return sqlite.Open(ctx, db, sqlite.Options{Clock: clock})
}

// plausible refuses what is no workspace at first sight.
func plausible(db string) error {
	scheme, _, isURL := strings.Cut(db, "://")
	switch {
	case onServer(db):
		return nil
	case isURL:
		return usagef("", "--db %q: no workspace is kept by %s: needs a file, or postgres://...", shownDatabase(db), scheme)
	}
	info, err := os.Stat(db)
	switch {
	case err != nil:
		return nil // the store says why, or makes it
	case info.IsDir():
		return usagef("", "--db %q is a folder, needs a file", db)
	case !isSQLite(db):
		return refused{fmt.Errorf("%s is not a workspace: it does not begin as a SQLite file does", db)}
	}
	return nil
}

// isSQLite reports whether a file begins as SQLite's do, or is empty. Of a file
// that cannot be read the store says why.
func isSQLite(name string) bool {
	const magic = "SQLite format 3\x00"
	f, err := os.Open(name)
	if err != nil {
		return true
	}
	defer f.Close()
	head := make([]byte, len(magic))
	n, err := io.ReadFull(f, head)
	return n == 0 || err == nil && string(head) == magic
}

func onServer(db string) bool {
	return strings.HasPrefix(db, "postgres://") || strings.HasPrefix(db, "postgresql://")
}

// shownDatabase hides the passwords that a URL may hold, before its host and in
// its query.
func shownDatabase(db string) string {
	head, rest, found := strings.Cut(db, "://")
	if !found {
		return db
	}
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		rest = "...@" + rest[at+1:]
	}
	rest, query, found := strings.Cut(rest, "?")
	if !found {
		return head + "://" + rest
	}
	settings := strings.Split(query, "&")
	for i, s := range settings {
		if name, _, _ := strings.Cut(s, "="); strings.HasSuffix(name, "password") {
			settings[i] = name + "=..."
		}
	}
	return head + "://" + rest + "?" + strings.Join(settings, "&")
}

// head finds an offer of the workspace. Nothing is put on record for one that
// is not there.
func (w *workspace) head(ctx context.Context, offer string) (journal.Receipt, error) {
	head, err := w.store.Head(ctx, offer)
	if err != nil || head.Seq > 0 {
		return head, err
	}
	all, err := w.offers(ctx)
	if err != nil {
		return head, err
	}
	has := "it has none"
	if len(all) > 0 {
		has = "it has " + strings.Join(all, ", ")
	}
	if w.actor != "" {
		has += fmt.Sprintf(" that %q has a role on", w.actor)
	}
	return head, answered{exitRefused, fmt.Errorf("no offer %q in workspace %q: %s", offer, shownDatabase(w.db), has)}
}

// offers lists the offers on which the user has a role; where nobody is named,
// all.
func (w *workspace) offers(ctx context.Context) ([]string, error) {
	all, err := w.desk.Offers(ctx)
	if err != nil || w.actor == "" {
		return all, err
	}
	var own []string
	for _, id := range all {
		err := w.desk.View(ctx, id, func(s *book.State) error {
			if s.Roled(w.actor) {
				own = append(own, id)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return own, nil
}

// look gives a command the state of an offer, to work with, as it is now or as it
// stood after the entry that is asked for; the clock is then that of the entry.
// What of it is shown needs [workspace.see].
func (w *workspace) look(ctx context.Context, offer string, f func(*book.State) error) error {
	head, err := w.head(ctx, offer)
	if err != nil {
		return err
	}
	seq, err := parseSeq(w.asOf)
	if err != nil {
		return err
	}
	if seq == 0 {
		return w.desk.View(ctx, offer, f)
	}
	if seq > head.Seq {
		return answered{exitRefused, fmt.Errorf("--as-of #%s is not on record yet: the last entry of %s is #%s", grouped(int64(seq)), offer, grouped(int64(head.Seq)))}
	}
	return w.desk.ViewAt(ctx, offer, seq, func(s *book.State) error {
		w.now = s.Time
		return f(s)
	})
}

// parseSeq reads the number of an entry: "1204", "#1,204"; "" is 0.
func parseSeq(s string) (uint64, error) {
	if s == "" {
		return 0, nil
	}
	seq, err := strconv.ParseUint(strings.ReplaceAll(strings.TrimPrefix(s, "#"), ",", ""), 10, 63)
	if err != nil || seq == 0 {
		return 0, usagef("", "--as-of %q is not the number of an entry, such as 1204", s)
	}
	return seq, nil
}

// theKey is the idempotency key of this run. One that is made is told before it
// is used: after an unknown outcome it is what to try again with.
func (w *workspace) theKey() string {
	if w.key == "" {
		w.key = strings.ToLower(rand.Text())
		fmt.Fprintf(w.Err, "key %s\n", w.key)
	}
	return w.key
}

// do puts a command on record. What the book refuses is an error with the
// answer's exit code.
func (w *workspace) do(ctx context.Context, offer string, c book.Command) (desk.Answer, error) {
	return w.doAs(ctx, offer, w.theKey(), c)
}

func (w *workspace) doAs(ctx context.Context, offer, key string, c book.Command) (desk.Answer, error) {
	a, err := w.desk.Do(ctx, offer, w.actor, key, c)
	switch {
	case errors.Is(err, journal.ErrUnknown):
		return a, answered{exitUnknown, fmt.Errorf("%v\n    run the same command again with --key %s", err, w.key)}
	case errors.Is(err, desk.ErrKeyReused):
		return a, answered{exitRefused, err}
	case err != nil:
		return a, err
	case a.Outcome.Refusal != nil:
		return a, answered{codeOf(&a.Outcome), a.Outcome.Refusal}
	}
	return a, nil
}

// earlier finds the command that is on record under a key that was given: a
// repeated command must be the same to the byte, its times included.
func (w *workspace) earlier(ctx context.Context, offer string) (book.Command, error) {
	if w.key == "" {
		return nil, nil
	}
	var found book.Command
	err := w.store.Read(ctx, offer, 1, func(e *journal.Entry) error {
		if e.Actor == w.actor && e.Key == w.key {
			found, _ = book.Decode(&e.Draft)
		}
		return nil
	})
	return found, err
}
