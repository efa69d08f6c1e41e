package proof_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tenderbook/allocation"
	"tenderbook/internal/reference"
	"tenderbook/proof"
)

// eachPair runs the checker of examples/verify on pairs of result and row, many
// in one process, and gives its exit code for each.
const eachPair = `
import contextlib, io, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import verify
for line in sys.stdin:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = verify.main(line.split())
    print(code, said.getvalue().replace("\n", " "), flush=True)
`

var (
	number   = regexp.MustCompile(`[0-9]+`)
	checksum = regexp.MustCompile(`,\n "sha256": "[0-9a-f]{64}"\n}\n$`)
)

// resealed puts a right checksum on a changed file.
func resealed(file string) string {
	body := checksum.ReplaceAllString(file, "")
	return fmt.Sprintf("%s,\n \"sha256\": \"%x\"\n}\n", body, sha256.Sum256([]byte(body)))
}

func checksumOf(file string) string { return file[len(file)-68 : len(file)-4] }

// edited adds one to a number of a file, outside hashes, and seals it again.
func edited(file string, dice *rand.Rand) string {
	body := checksum.ReplaceAllString(file, "")
	var at [][]int
	for _, m := range number.FindAllStringIndex(body, -1) {
		if before := body[m[0]-1]; m[1]-m[0] < 15 && strings.ContainsRune(" \"/", rune(before)) && !isHex(body[m[1]]) {
			at = append(at, m)
		}
	}
	m := at[dice.IntN(len(at))]
	n, _ := strconv.ParseUint(body[m[0]:m[1]], 10, 64)
	return resealed(body[:m[0]] + strconv.FormatUint(n+1, 10) + body[m[1]:] + ",\n \"sha256\": \"" + strings.Repeat("0", 64) + "\"\n}\n")
}

func isHex(c byte) bool { return c >= 'a' && c <= 'f' }

// verdict is what this package says of a result and a row.
func verdict(result, row string) error {
	r, err := proof.ParseResult([]byte(result))
	if err != nil {
		return err
	}
	if err := r.Check(); err != nil {
		return err
	}
	x, err := proof.ParseRow([]byte(row))
	if err != nil {
		return err
	}
	return r.CheckRow(x)
}

// Both checkers are asked about generated offers of all kinds, as they are, with
// one number changed under a right checksum, with a payment that says nothing, and
// with payees that there are not. They must say the same.
func TestPythonSaysTheSame(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("NOT CHECKED: no python3 on this machine, so examples/verify/verify.py was not run")
	}
	offers := 150
	if testing.Short() {
		offers = 30
	}
	checker := exec.Command(python, "-c", eachPair, "../examples/verify")
	checker.Stderr = os.Stderr
	ask, _ := checker.StdinPipe()
	answers, _ := checker.StdoutPipe()
	if err := checker.Start(); err != nil {
		t.Fatal(err)
	}
	c := &comparison{t: t, dir: t.TempDir(), ask: ask, answers: answers}
	for seed := range uint64(offers) {
		o := reference.Generate(reference.NewDice(seed, nil))
		dice := rand.New(rand.NewPCG(seed, 7))
		p := publish(t, o.First(), o.Book)
		if seed%3 == 0 {
			p = publishPaid(t, o.First(), o.Book)
		}
		d, _, _ := allocation.Allocate(o.First(), o.Book)
		if o.Later != nil && seed%3 == 1 {
			p = publish(t, o.Second(d.Settled()), o.Later.Book)
		}
		if p.Len() == 0 {
			continue
		}
		result, _ := p.Result.Encode()
		for range min(5, p.Len()) {
			row, _ := p.Row(dice.IntN(p.Len())).Encode()
			c.same(seed, string(result), string(row))
			for range 4 {
				c.same(seed, string(result), edited(string(row), dice))
			}
			c.same(seed, string(result), resealed(strings.Replace(string(row), ` "tender": `, ` "payment": {}, "tender": `, 1)))
			for _, lie := range []string{
				edited(string(result), dice),
				resealed(strings.Replace(string(result), ` "rules": {`, ` "rules": { "pay_by": "holder",`, 1)),
			} {
				c.same(seed, lie, resealed(strings.Replace(string(row), checksumOf(string(result)), checksumOf(lie), 1)))
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, o)
		}
	}
	ask.Close()
	if err := checker.Wait(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pairs, %d of them wrong in one number: both checkers say the same", c.pairs, c.refused)
}

// A comparison asks both checkers.
type comparison struct {
	t              *testing.T
	dir            string
	ask            io.Writer
	answers        io.Reader
	pairs, refused int
}

func (c *comparison) same(seed uint64, result, row string) {
	c.t.Helper()
	names := [2]string{filepath.Join(c.dir, "result.json"), filepath.Join(c.dir, "row.json")}
	for i, content := range [...]string{result, row} {
		if err := os.WriteFile(names[i], []byte(content), 0o644); err != nil {
			c.t.Fatal(err)
		}
	}
	fmt.Fprintln(c.ask, names[0], names[1])
	var line []byte
	for one := make([]byte, 1); len(line) == 0 || line[len(line)-1] != '\n'; {
		if _, err := c.answers.Read(one); err != nil {
			c.t.Fatal(err)
		}
		line = append(line, one[0])
	}
	err := verdict(result, row)
	c.pairs++
	if err != nil {
		c.refused++
	}
	if (err != nil) != strings.HasPrefix(string(line), "6 ") {
		c.t.Errorf("seed %d: here %v, python3: %s\n%s", seed, err, line, row)
	}
}
