package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenderbook/internal/journaltest"
)

// largeBook has so many tenders; 40,000 do not fit the small disk.
func largeBook(rows int) string {
	var b strings.Builder
	b.WriteString("instruction,series,principal,participant\n")
	for i := range rows {
		fmt.Fprintf(&b, "L%07d,11,5000,0443\n", i)
	}
	return b.String()
}

// refusedForSpace holds a run to what must be true where a disk cannot be
// written: no receipt, exit code 1 or 7, and a message that names the workspace.
func refusedForSpace(t *testing.T, db string, p process) {
	t.Helper()
	if p.stdout != "" || p.code != 1 && p.code != 7 || !strings.Contains(p.stderr, db) {
		t.Errorf("exit code %d, printed %q and\n%s; want 1 or 7, no receipt, and a message that names %s", p.code, p.stdout, p.stderr, db)
	}
}

// entriesOf holds the journal to a number of entries.
func entriesOf(t *testing.T, db string, want int) {
	t.Helper()
	p := program(t, db, "", "admin", "verify")
	if line := fmt.Sprintf("%d entries ok", want); p.code != 0 || !strings.Contains(p.stdout, line) {
		t.Errorf("exit code %d, want %q of\n%s%s", p.code, line, p.stdout, p.stderr)
	}
}

// TestSubmitOnAFullDisk is reliability goal H4 at the command line: on a disk that
// fills up, is full, or cannot be written there is no false receipt, reading goes
// on, and with room again the same key finds out and goes on.
func TestSubmitOnAFullDisk(t *testing.T) {
	dir := journaltest.SmallDisk(t, "400k")
	db := filepath.Join(dir, "offers.db")
	entries := int(launchedOffer(t, db))

	large := program(t, db, largeBook(40_000), "submit", "LVLT-2004", "--key", "large")
	refusedForSpace(t, db, large)
	entriesOf(t, db, entries)

	if err := os.WriteFile(filepath.Join(dir, "filler"), bytes.Repeat([]byte{1}, 400<<10), 0o600); err == nil {
		t.Fatal("the disk does not fill")
	}
	refusedForSpace(t, db, program(t, db, book("1"), "submit", "LVLT-2004"))
	entriesOf(t, db, entries)
	if p := program(t, db, "", "status", "LVLT-2004"); p.code != 0 || !strings.Contains(p.stdout, fmt.Sprint("as of #", entries)) {
		t.Errorf("the state of an offer on a full disk: exit code %d\n%s%s", p.code, p.stdout, p.stderr)
	}

	if err := os.Remove(filepath.Join(dir, "filler")); err != nil {
		t.Fatal(err)
	}
	journaltest.Remount(t, dir, "ro")
	refusedForSpace(t, db, program(t, db, book("1"), "submit", "LVLT-2004"))
	entriesOf(t, db, entries)

	journaltest.Remount(t, dir, "rw,size=64m")
	if p := program(t, db, largeBook(40_000), "submit", "LVLT-2004", "--key", "large", "--json"); p.code != 0 {
		t.Fatalf("with room again: exit code %d\n%s", p.code, p.stderr)
	}
	if seq, existing := receiptsOf(t, program(t, db, largeBook(40_000), "submit", "LVLT-2004", "--key", "large", "--json")); seq != uint64(entries+1) || !existing {
		t.Errorf("the same key again: entry %d, existing %t; want %d, once", seq, existing, entries+1)
	}
	entriesOf(t, db, entries+1)
	t.Logf("H4: a disk that fills up, is full, is read-only: 0 false receipts, reads go on; the first answer was exit code %d", large.code)
}
