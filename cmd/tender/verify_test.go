package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// flipEach runs the checker of examples/verify on a result and a row, with one bit
// of each byte flipped in turn, in one process. It prints the bytes that were not
// found, and how many were tried. A result that was found right is not checked
// again while the row is flipped.
const flipEach = `
import contextlib, io, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import verify
names = sys.argv[2:]
files = {name: open(name, "rb").read() for name in names}
verify.open = lambda name, mode: io.BytesIO(files[name])

def code():
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return verify.main(names)

assert code() == 0
flips = 0
for name in names:
    good = files[name]
    for i in range(len(good)):
        files[name] = good[:i] + bytes([good[i] ^ 1 << i % 8]) + good[i + 1:]
        if code() != 6:
            print("not found: byte", i, "of", name)
        flips += 1
    files[name] = good
    verify.check_result = lambda result: None
print(flips, "flips")
`

func TestTheCheckerInPythonAgrees(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("NOT CHECKED: no python3 on this machine, so examples/verify/verify.py was not run")
	}
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("made for this test, not random"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, stderr, code := run(t, "allocate -q --publish "+dir+" --secret "+secret+" examples/level3-2004 examples/level3-2004/book.csv")
	if code != 0 {
		t.Fatal(stderr)
	}
	result := filepath.Join(dir, "result.json")
	rows, _ := filepath.Glob(filepath.Join(dir, "rows", "*.json"))
	if out, err := exec.Command(python, append([]string{"-B", "examples/verify/verify.py", result}, rows...)...).CombinedOutput(); err != nil || len(rows) < 1000 {
		t.Fatalf("%d rows: %v\n%s", len(rows), err, out)
	}
	t.Logf("python3 agrees on all %d rows of the Level 3 example", len(rows))

	// A flipped byte of either file is found.
	row := filepath.Join(dir, "rows", "I-000025.json")
	out, err := exec.Command(python, "-c", flipEach, "examples/verify", result, row).CombinedOutput()
	var flips int
	if _, scan := fmt.Sscanf(string(out), "%d flips\n", &flips); err != nil || scan != nil || flips < 10_000 {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%d bytes of result.json and %s flipped, all found by python3", flips, filepath.Base(row))
}

func TestTheCheckersAreShort(t *testing.T) {
	for _, name := range []string{"verify.py", "receipt.py"} {
		source, err := os.ReadFile("../../examples/verify/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(source), "\n"); n > 250 {
			t.Errorf("%s has %d lines, at most 250 are promised", name, n)
		}
	}
}
