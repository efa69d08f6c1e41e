package main

import (
	"os"
	"path/filepath"
	"testing"

	"tenderbook/internal/postgrestest"
)

// A workspace on PostgreSQL keeps snapshots where it is told to, and says the same
// from one, from a damaged one and without.
func TestSnapshotsOfAPostgreSQLWorkspace(t *testing.T) {
	db, err := postgrestest.Start(t).Database(t.Context(), "offers")
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "snapshots")
	t.Setenv("TENDER_SNAPSHOTS", "off")
	launchedOffer(t, db)
	if p := program(t, db, largeBook(60_000), "submit", "LVLT-2004"); p.code != 0 {
		t.Fatalf("exit code %d\n%s", p.code, p.stderr)
	}
	status := func(claim string) string {
		t.Helper()
		p := program(t, db, "", "status", "LVLT-2004")
		if p.code != 0 {
			t.Errorf("%s: exit code %d\n%s", claim, p.code, p.stderr)
		}
		return p.stdout
	}
	want := status("no snapshots")
	t.Setenv("TENDER_SNAPSHOTS", folder)
	if got := status("the one that writes it"); got != want {
		t.Errorf("with snapshots:\n%s\nwithout:\n%s", got, want)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) != 1 || filepath.Ext(files[0]) != ".snapshot" {
		t.Fatalf("the folder has %q (%v), want one snapshot", files, err)
	}
	if got := status("from the snapshot"); got != want {
		t.Errorf("from the snapshot:\n%s\nwithout:\n%s", got, want)
	}
	if err := os.Truncate(files[0], 1000); err != nil {
		t.Fatal(err)
	}
	if got := status("a damaged one"); got != want {
		t.Errorf("with a damaged snapshot:\n%s\nwithout:\n%s", got, want)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Size() <= 1000 {
		t.Errorf("the damaged snapshot stays: %v", err)
	}
}
