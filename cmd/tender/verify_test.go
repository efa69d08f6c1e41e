package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// eachPair runs the checker of examples/verify on many pairs of result and row in
// one process, and gives its exit code for each.
const eachPair = `
import contextlib, io, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import verify
for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = verify.main(line.split())
    print(code, flush=True)
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
	checker := exec.Command(python, "-c", eachPair, "examples/verify")
	ask, _ := checker.StdinPipe()
	answers, _ := checker.StdoutPipe()
	if err := checker.Start(); err != nil {
		t.Fatal(err)
	}
	row := filepath.Join(dir, "rows", "I-000025.json")
	flips := 0
	for _, name := range []string{result, row} {
		good, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		step := 1
		if testing.Short() {
			step = 17
		}
		for i := 0; i < len(good); i += step {
			bad := bytes.Clone(good)
			bad[i] ^= 1 << (i % 8)
			if err := os.WriteFile(name, bad, 0o644); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(ask, result, row)
			var code int
			if _, err := fmt.Fscan(answers, &code); err != nil || code != 6 {
				t.Fatalf("byte %d of %s flipped: the checker ends with %d, %v", i, filepath.Base(name), code, err)
			}
			flips++
		}
		if err := os.WriteFile(name, good, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ask.Close()
	if err := checker.Wait(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes of result.json and %s flipped, all found by python3", flips, filepath.Base(row))
}

func TestTheCheckerIsShort(t *testing.T) {
	source, err := os.ReadFile("../../examples/verify/verify.py")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), "\n"); n > 250 {
		t.Errorf("verify.py has %d lines, at most 250 are promised", n)
	}
}
