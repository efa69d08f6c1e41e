package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tenderbook/internal/cli"
)

// run runs a command line in the repository's root, as nobody's terminal.
func run(t *testing.T, line string) (stdout, stderr string, code int) {
	t.Helper()
	t.Chdir("../..")
	var out, errs bytes.Buffer
	code = cli.Run(strings.Fields(line), cli.Streams{Out: &out, Err: &errs, Env: func(string) string { return "" }})
	return out.String(), errs.String(), code
}

// The outputs of the Level 3 example are kept beside it. README.md there says
// which of their figures were published.
func TestOutputsOfTheLevel3Example(t *testing.T) {
	const offer, book = "examples/level3-2004", "examples/level3-2004/book.csv"
	for _, c := range []struct{ file, line string }{
		{"check.txt", "check " + offer},
		{"check-launch.txt", "check " + offer + "/offer.yaml"},
		{"early.txt", "allocate --as-of early " + offer + " " + book},
		{"final.txt", "allocate " + offer + " " + book},
		{"allocation.csv", "allocate -o - " + offer + " " + book},
		{"summary.json", "allocate --json " + offer + " " + book},
		{"explain-I-000731.txt", "explain " + offer + " " + book + " I-000731"},
		{"explain-I-000731-early.txt", "explain --as-of early " + offer + " " + book + " I-000731"},
		{"explain-I-000019.txt", "explain " + offer + " " + book + " I-000019"}, // withdrawn
		{"explain-I-000025.txt", "explain " + offer + " " + book + " I-000025"}, // prorated
		{"report-launch.txt", "report launch " + offer},
		{"report-early.txt", "report early " + offer + " " + book},
		{"report-final.txt", "report final " + offer + " " + book},
		{"report-final.csv", "report final --as csv " + offer + " " + book},
		{"what-if.txt", "whatif --vary caps.0.amount=400m..1200m:50m " + offer + " " + book},
		{"methods.txt", "whatif --methods " + offer + "/offer.yaml " + book},
		{"what-if.svg", "whatif --vary caps.0.amount=400m..1200m:50m --as svg " + offer + " " + book},
		{"methods.svg", "whatif --methods --as svg " + offer + "/offer.yaml " + book},
	} {
		t.Run(c.file, func(t *testing.T) {
			name, err := filepath.Abs("../../examples/level3-2004/out/" + c.file)
			if err != nil {
				t.Fatal(err)
			}
			got, stderr, code := run(t, c.line)
			if code != 0 || stderr != "" {
				t.Fatalf("tender %s: exit code %d\n%s", c.line, code, stderr)
			}
			golden(t, name, got)
		})
	}
}

// The demo is played through a workspace in a folder of its own; but for the
// folder's name it prints the same on every machine, hashes of the record too.
func TestOutputOfTheDemo(t *testing.T) {
	name, err := filepath.Abs("../../examples/level3-2004/out/demo.txt")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "demo")
	got, stderr, code := run(t, "demo --dir "+dir)
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	golden(t, name, strings.ReplaceAll(got, dir, "FOLDER"))
}

// golden compares with a file, or rewrites it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("differs from %s (-want +got), rewrite with -update if it is right:\n%s", filepath.Base(name), diff)
	}
}
