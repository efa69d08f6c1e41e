package cli

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/internal/sqlite"
	"tenderbook/journal"
)

// A cutOff is a store that puts commands on record and then does not know it, as
// if the connection had broken during the commit.
type cutOff struct {
	store
	cut bool
}

func (c *cutOff) Append(ctx context.Context, offer string, drafts ...journal.Draft) ([]journal.Receipt, error) {
	receipts, err := c.store.Append(ctx, offer, drafts...)
	if err == nil && c.cut {
		return nil, fmt.Errorf("commit: %w", journal.ErrUnknown)
	}
	return receipts, err
}

// The outcome of a withdrawal is unknown: exit code 7 names the key, and the same
// command with that key finds the answer out.
func TestAnUnknownOutcomeIsAskedAgainWithTheSameKey(t *testing.T) {
	db := filepath.Join(t.TempDir(), "offers.db")
	run := func(user, at string, args ...string) {
		t.Helper()
		var errs bytes.Buffer
		env := map[string]string{"TENDER_DB": db, "TENDER_CLOCK": at, "TENDER_USER": user}
		if code := Run(args, Streams{Out: &bytes.Buffer{}, Err: &errs, Env: func(name string) string { return env[name] }}); code != exitDone {
			t.Fatalf("tender %s: exit code %d\n%s", strings.Join(args, " "), code, &errs)
		}
	}
	const evening = "2004-10-28T22:00:00Z"
	run("ann", evening, "offer", "new", "../../examples/level3-2004/offer.yaml")
	run("ann", evening, "admin", "user", "grant", "LVLT-2004", "bob", "approver")
	run("ann", evening, "offer", "launch", "LVLT-2004")
	run("bob", evening, "approve", "LVLT-2004", "P-3", "--confirm", "LVLT-2004")

	now := time.Date(2004, 11, 1, 15, 0, 0, 0, time.UTC)
	kept, err := sqlite.Open(t.Context(), db, sqlite.Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	var out, errs bytes.Buffer
	broken := &cutOff{store: kept}
	session := func(key string) *workspace {
		return &workspace{
			program: &program{Streams: Streams{Out: &out, Err: &errs, Env: func(string) string { return "" }}},
			actor:   "ann", key: key, now: func() time.Time { return now }, store: broken, desk: desk.Open(broken),
		}
	}
	row := book.Row{Action: book.Tender, ID: "T1", Series: "11", Participant: "0443", Principal: 5000_00}
	if _, err := session("t1").do(t.Context(), "LVLT-2004", &book.Instructions{Rows: []book.Row{row}}); err != nil {
		t.Fatal(err)
	}
	broken.cut = true
	w := session("")
	code := w.exit(nil, w.withdraw(t.Context(), "LVLT-2004", "T1", "2,000", ""))
	if code != exitUnknown || out.Len() > 0 {
		t.Fatalf("a commit cut off: exit code %d, output %q", code, &out)
	}
	said := regexp.MustCompile(`run the same command again with --key ([a-z2-7]{26})\n`).FindStringSubmatch(errs.String())
	if said == nil {
		t.Fatalf("it does not say how to ask again:\n%s", &errs)
	}
	broken.cut = false
	if err := session(said[1]).withdraw(t.Context(), "LVLT-2004", "T1", "2,000", ""); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "USD 3,000 of it is left") || !strings.Contains(got, "(was on record already)") {
		t.Errorf("asked again: %s", got)
	}
}
