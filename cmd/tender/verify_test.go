package main

import (
	"crypto/sha256"
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

// A second checker is examples/verify/verify.py.
type secondChecker struct{ python, folder string }

func secondCheck(t *testing.T) secondChecker {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("NOT CHECKED: no python3 on this machine, so examples/verify/verify.py was not run")
	}
	folder, err := filepath.Abs("../../examples/verify")
	if err != nil {
		t.Fatal(err)
	}
	return secondChecker{python, folder}
}

func aSecret(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret")
	write(t, name, "made for this test, not random")
	return name
}

func TestTheCheckerInPythonAgrees(t *testing.T) {
	second, secret := secondCheck(t), aSecret(t)
	dir := t.TempDir()
	_, stderr, code := run(t, "allocate -q --publish "+dir+" --secret "+secret+" examples/level3-2004 examples/level3-2004/book.csv")
	if code != 0 {
		t.Fatal(stderr)
	}
	if rows := second.checkAll(t, dir); rows < 1000 {
		t.Errorf("%d rows", rows)
	}
	second.checkFlips(t, filepath.Join(dir, "result.json"), filepath.Join(dir, "rows", "I-000025.json"))
}

// What participants are paid is in the rows of their tenders, from the files and
// from the record, and both checkers say that it is right. Series that are
// terminated have no rows: allocate --publish once decided without that.
func TestParticipantsCheckTheirPayments(t *testing.T) {
	second, secret := secondCheck(t), aSecret(t)
	q := recordQuay(t, "30")
	files, record := filepath.Join(t.TempDir(), "files"), filepath.Join(t.TempDir(), "record")
	q.do("ann", "allocate", "-q", "--publish", files, "--secret", secret, q.folder, q.book)
	plan := filepath.Join(t.TempDir(), "final.plan")
	q.do("ann", "plan", "QUAY-2026", "--out", plan)
	q.agree("apply", plan)
	key, public := filepath.Join(t.TempDir(), "agent.key"), filepath.Join(t.TempDir(), "agent.pub")
	write(t, public, q.do("ann", "admin", "key", "new", "agent.example", "-o", key))
	q.do("ann", "admin", "key", "add", "QUAY-2026", public)
	q.do("ann", "publish", "QUAY-2026", "-o", record, "--secret", secret, "--sign-with", key)
	note := filepath.Join(record, "result.note")
	if out, err := exec.Command(second.python, "-B", filepath.Join(second.folder, "receipt.py"), public, note).CombinedOutput(); err != nil {
		t.Errorf("receipt.py: %v\n%s", err, out)
	}
	if inFiles, onRecord := second.checkAll(t, files), second.checkAll(t, record); inFiles != onRecord || inFiles < 10 {
		t.Errorf("%d rows of the files, %d of the record", inFiles, onRecord)
	}
	for _, dir := range []string{files, record} {
		out := q.do("ann", "verify", filepath.Join(dir, "result.json"), "--row", filepath.Join(dir, "rows", "T0.json"))
		// T0 and what W21 left of T15 early, T60 late: 296,000 × 1.000005 + 191,000 ×
		// 0.970005 is 481,272.435, so half up 481,272.44.
		if want := "P0 is paid 48,127,244 and interest of 526,907, in minor units, for 3 tenders of series A, of which 10,000,050 and 108,195 for this one"; !strings.Contains(out, want) {
			t.Errorf("%s: got\n%s\nneeds %s", dir, out, want)
		}
	}
	second.checkFlips(t, filepath.Join(record, "result.json"), filepath.Join(record, "rows", "T0.json"))
}

// A result that a later version wrote is whole, and cannot be read: that is said,
// and is no damage. With a wrong checksum it is damage in any version.
func TestAResultOfALaterVersionIsNotDamage(t *testing.T) {
	dir, secret := t.TempDir(), aSecret(t)
	if _, stderr, code := run(t, "allocate -q --publish "+dir+" --secret "+secret+" examples/two-series examples/two-series/book.csv"); code != 0 {
		t.Fatal(stderr)
	}
	body, _, _ := strings.Cut(read(t, filepath.Join(dir, "result.json")), ",\n \"sha256\"")
	body = strings.Replace(body, "tenderbook result 1", "tenderbook result 3", 1)
	for checksum, want := range map[[32]byte]struct {
		code int
		says string
	}{
		sha256.Sum256([]byte(body)): {3, `format "tenderbook result 3": written by a newer version of the program: upgrade to read it`},
		{}:                          {6, "the file was changed: its checksum is"},
	} {
		name := filepath.Join(t.TempDir(), "result.json")
		write(t, name, fmt.Sprintf("%s,\n \"sha256\": \"%x\"\n}\n", body, checksum))
		if _, stderr, code := run(t, "verify "+name); code != want.code || !strings.Contains(stderr, want.says) {
			t.Errorf("exit code %d, want %d with %q:\n%s", code, want.code, want.says, stderr)
		}
	}
}

// checkAll has both checkers check a result and all of its rows, and says
// how many these are.
func (c secondChecker) checkAll(t *testing.T, dir string) int {
	t.Helper()
	result := filepath.Join(dir, "result.json")
	rows, _ := filepath.Glob(filepath.Join(dir, "rows", "*.json"))
	if out, err := exec.Command(c.python, append([]string{"-B", filepath.Join(c.folder, "verify.py"), result}, rows...)...).CombinedOutput(); err != nil {
		t.Fatalf("%d rows: %v\n%s", len(rows), err, out)
	}
	args := "verify " + result
	for _, row := range rows {
		args += " --row " + row
	}
	if _, stderr, code := run(t, args); code != 0 {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	t.Logf("both checkers agree on all %d rows", len(rows))
	return len(rows)
}

// checkFlips flips every byte of a result and a row.
func (c secondChecker) checkFlips(t *testing.T, result, row string) {
	t.Helper()
	out, err := exec.Command(c.python, "-c", flipEach, c.folder, result, row).CombinedOutput()
	var flips int
	if _, scan := fmt.Sscanf(string(out), "%d flips\n", &flips); err != nil || scan != nil || flips < 3_000 {
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
