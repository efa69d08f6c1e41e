package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tenderbook/internal/cli"
	"tenderbook/internal/postgrestest"
)

// at runs a command on a workspace at a time.
func at(t *testing.T, db string, now time.Time, user string, args ...string) (stdout string) {
	t.Helper()
	env := map[string]string{"TENDER_DB": db, "TENDER_CLOCK": now.Format(time.RFC3339), "TENDER_USER": user}
	var out, errs bytes.Buffer
	code := cli.Run(args, cli.Streams{Out: &out, Err: &errs, Env: func(name string) string { return env[name] }})
	if code != 0 && !strings.Contains(errs.String(), "late: ") {
		t.Fatalf("tender %s: exit code %d\n%s", strings.Join(args, " "), code, &errs)
	}
	return out.String()
}

// sitting is a part of a book: what came in up to a time.
func sitting(t *testing.T, rows [][]string, from, to time.Time) string {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(rows[0])
	for _, row := range rows[1:] {
		received, err := time.Parse(time.RFC3339, row[1])
		if err != nil {
			t.Fatal(err)
		}
		if received.After(from) && !received.After(to) {
			w.Write(row)
		}
	}
	w.Flush()
	return b.String()
}

// The whole book of the Level 3 example, taken in on a workspace as it came,
// comes to the figures that "tender allocate" has from the file.
func TestWorkspaceAndFilesComeToTheSameFigures(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { playLevel3(t, filepath.Join(t.TempDir(), "offers.db")) })
	t.Run("PostgreSQL", func(t *testing.T) {
		url, err := postgrestest.Start(t).Database(t.Context(), "offers")
		if err != nil {
			t.Fatal(err)
		}
		playLevel3(t, url)
	})
}

func playLevel3(t *testing.T, db string) {
	t.Helper()
	const folder = "../../examples/level3-2004/"
	var (
		zone = time.FixedZone("EST", -5*3600)
		day  = func(month time.Month, day, hour int) time.Time {
			return time.Date(2004, month, day, hour, 0, 0, 0, zone)
		}
		now    = day(10, 28, 18)
		do     = func(user string, args ...string) string { t.Helper(); return at(t, db, now, user, args...) }
		agreed = func(proposal int, args ...string) {
			t.Helper()
			do("ann", args...)
			do("bob", "approve", "LVLT-2004", fmt.Sprint("P-", proposal), "--confirm", "LVLT-2004")
		}
	)
	rows, err := csv.NewReader(strings.NewReader(read(t, folder+"book.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	do("ann", "offer", "new", folder+"offer.yaml")
	do("ann", "admin", "user", "grant", "LVLT-2004", "bob", "approver")
	agreed(3, "offer", "launch", "LVLT-2004")
	taken := func(to time.Time) {
		t.Helper()
		name := filepath.Join(t.TempDir(), "book.csv")
		if err := os.WriteFile(name, []byte(sitting(t, rows, now, to)), 0o644); err != nil {
			t.Fatal(err)
		}
		now = to
		do("ann", "submit", "LVLT-2004", "--skip-bad", "--from", name)
	}
	taken(day(11, 12, 17).Add(-time.Second)) // the early tender date, entry 5
	taken(day(11, 17, 9))                    // 6
	agreed(7, "offer", "amend", "LVLT-2004", folder+"amendment-2004-11-17.yaml")
	taken(day(12, 1, 24).Add(-time.Second)) // the last that is in time
	taken(day(12, 2, 12))

	figures := func(s string) string {
		t.Helper()
		_, s, found := strings.Cut(s, "\nWaterfall\n")
		if !found {
			t.Fatalf("no waterfall in:\n%s", s)
		}
		s, _, _ = strings.Cut(s, "\nplan sha256")
		return s
	}
	planned := do("ann", "plan", "LVLT-2004")
	decided := do("ann", "allocate", "../../examples/level3-2004", folder+"book.csv")
	if d := cmp.Diff(figures(decided), figures(planned)); d != "" {
		t.Error(d)
	}
	if !strings.Contains(planned, "$1,105,000,000") {
		t.Error("the plan does not speak of the raised cap")
	}

	// A backup holds the same, to the byte.
	verified := do("ann", "admin", "verify")
	now = now.AddDate(0, 0, 1)
	backup := filepath.Join(t.TempDir(), "backup.db")
	do("ann", "admin", "backup", backup)
	if d := cmp.Diff(verified, do("ann", "admin", "verify", "--db", backup)); d != "" {
		t.Error(d)
	}
}
