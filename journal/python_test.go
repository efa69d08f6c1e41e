package journal

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

var proofs = flag.Int("proofs", 1000, "receipts that the checker in Python looks at, and a tenth of it consistency proofs")

// eachFile runs the checker of examples/verify on texts, one a line in base64, and
// gives its answer to each: 0, or 6 and why.
const eachFile = `
import base64, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import receipt
keys = receipt.read_keys(sys.argv[2])
for line in sys.stdin:
    try:
        receipt.check(base64.b64decode(line).decode(), keys)
        print(0)
    except (receipt.Wrong, ValueError, KeyError, IndexError, TypeError) as e:
        print(6, repr(e))
`

// askPython has the checker in Python look at texts; it says which it refused.
func askPython(t *testing.T, public string, texts [][]byte) (refused []bool) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("NOT CHECKED: no python3 on this machine, so examples/verify/receipt.py was not run")
	}
	var lines bytes.Buffer
	for _, text := range texts {
		fmt.Fprintln(&lines, base64.StdEncoding.EncodeToString(text))
	}
	c := exec.Command(python, "-c", eachFile, "../examples/verify", public)
	c.Stdin = &lines
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	answers := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if err != nil || len(answers) != len(texts) {
		t.Fatalf("%d answers to %d texts, %v\n%s", len(answers), len(texts), err, &errs)
	}
	for _, answer := range answers {
		refused = append(refused, answer != "0")
	}
	return refused
}

func textOf(t testing.TB, x encoding.TextMarshaler, err error) []byte {
	t.Helper()
	check(t, err)
	text, err := x.MarshalText()
	check(t, err)
	return text
}

// verdict is what this package says of the file of a proof.
func verdict(text []byte, known Keys) error {
	var e Evidence
	var g Growth
	if bytes.HasPrefix(text, []byte(growthTitle)) {
		if err := g.UnmarshalText(text); err != nil {
			return err
		}
		_, _, err := g.Check(known)
		return err
	}
	if err := e.UnmarshalText(text); err != nil {
		return err
	}
	_, err := e.Check(known)
	return err
}

// The proofs are checked from their files by a program that shares no code with
// this one, signatures included. Of as many that have one wrong bit the two say
// the same: all are refused, but for times and body hashes that the issuer of a
// receipt states without showing the entry.
func TestPythonChecksProofs(t *testing.T) {
	receipts, growths := *proofs, *proofs/10
	l := aLog(t, 200)
	dice := rand.New(rand.NewPCG(5, 6))
	var texts [][]byte
	for i := range receipts + growths {
		size := 1 + dice.IntN(200)
		one := 1 + dice.IntN(size)
		if i >= receipts {
			g, err := Extend(&l.tree, l.signed[one], l.signed[size])
			texts = append(texts, textOf(t, g, err))
			continue
		}
		shown := [][]byte{nil, l.journal[one-1]}[i%2]
		e, err := Prove(&l.tree, l.receipt(t, one), shown, l.signed[size])
		texts = append(texts, textOf(t, e, err))
	}
	for i, refused := range askPython(t, l.public, texts) {
		if refused {
			t.Fatalf("python3 refuses\n%s", texts[i])
		}
	}
	for i, text := range texts {
		texts[i] = bytes.Clone(text)
		// Not in the note: a wrong signature takes long, and the next test has it.
		texts[i][dice.IntN(bytes.Index(text, []byte("\ncheckpoint ")))] ^= 1 << dice.IntN(8)
	}
	stated := 0
	for i, refused := range askPython(t, l.public, texts) {
		err := verdict(texts[i], l.known)
		if refused != (err != nil) {
			t.Fatalf("python3 refuses: %v, here: %v\n%s", refused, err, texts[i])
		}
		if !refused {
			stated++
			if i >= receipts || i%2 == 1 {
				t.Fatalf("taken with a wrong bit:\n%s", texts[i])
			}
		}
	}
	t.Logf("python3 checked %d inclusion and %d consistency proofs offline; of as many with a wrong bit it refused all but the %d that only state another time or body",
		receipts, growths, stated)
}

// Each byte of a receipt, a consistency proof and a checkpoint matters to the
// checker in Python, down to the last of the signature.
func TestPythonFindsEveryFlippedByte(t *testing.T) {
	l := aLog(t, 23)
	e, err := Prove(&l.tree, l.receipt(t, 11), l.journal[10], l.signed[23])
	files := [][]byte{textOf(t, e, err), l.signed[23]}
	g, err := Extend(&l.tree, l.signed[7], l.signed[23])
	files = append(files, textOf(t, g, err))
	var texts [][]byte
	for _, file := range files {
		for i := range file {
			text := bytes.Clone(file)
			text[i] ^= 1 << (i % 8)
			texts = append(texts, text)
		}
	}
	for i, refused := range askPython(t, l.public, texts) {
		if !refused {
			t.Fatalf("python3 takes\n%s", texts[i])
		}
	}
	t.Logf("%d bytes of a receipt, a checkpoint and a consistency proof flipped, all found by python3", len(texts))
}

// The last entries of a journal are cut off, as whoever holds the database could.
// A checkpoint of more entries than are left finds it, another one cannot.
func TestACutOffTailIsFoundByAnEarlierCheckpoint(t *testing.T) {
	const entries = 300
	l := aLog(t, entries)
	found, unseen := 0, 0
	for cut := 1; cut <= 100; cut++ {
		left := entries - cut
		for _, size := range []int{entries, entries - cut + 1, entries - 50, left} {
			known, err := OpenCheckpoint(l.signed[size], l.known)
			check(t, err)
			v, err := NewVerifier("LVLT-2004", known)
			check(t, err)
			for i, b := range l.journal[:left] {
				_, err := v.Add(b, Place{"offers.db", int64(i + 1)})
				check(t, err)
			}
			err = v.End(Place{"offers.db", int64(left)})
			var damage *Damage
			switch {
			case size > left && (!errors.As(err, &damage) || damage.Code != CutOff || damage.Seq != uint64(left+1)):
				t.Fatalf("%d of %d entries cut off, checkpoint of %d: %v", cut, entries, size, err)
			case size > left:
				found++
			case err != nil:
				t.Fatalf("a checkpoint of %d entries refuses a journal of %d: %v", size, left, err)
			default:
				unseen++
			}
		}
	}
	t.Logf("the last 1 to 100 of %d entries cut off: found %d times of %d by a checkpoint of more entries than were left; %d times the checkpoint was of fewer, which shows nothing", entries, found, found, unseen)
}
