package money

import (
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const numbersDoc = "../docs/numbers.md"

func TestWhatNumbersDocNamesExists(t *testing.T) {
	text, err := os.ReadFile(numbersDoc)
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile("`([a-z]+)\\.([A-Z][A-Za-z]*)`").FindAllStringSubmatch(string(text), -1)
	if len(names) < 10 {
		t.Fatalf("%s names %d things of the code", numbersDoc, len(names))
	}
	for _, n := range names {
		if !declared(t, n[1], n[2]) {
			t.Errorf("%s names %s.%s, which is not declared there", numbersDoc, n[1], n[2])
		}
	}
}

// declared looks for a type, function, method, variable or constant.
func declared(t *testing.T, pkg, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", pkg, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	declaration := regexp.MustCompile(`(?m)^(type |func (\([^)]*\) )?|var |const |\t)` + name + `\b`)
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if declaration.Match(src) {
			return true
		}
	}
	return false
}

func TestWorkedRoundingsOfNumbersDoc(t *testing.T) {
	text, err := os.ReadFile(numbersDoc)
	if err != nil {
		t.Fatal(err)
	}
	_, worked, _ := strings.Cut(string(text), "## Worked")
	how := map[string]Rounding{"down": Down, "half up": HalfUp, "half even": HalfEven}
	n := 0
	for _, row := range regexp.MustCompile(`(?m)^\| (-?[\d./]+) \| (\d+) \| ([a-z ]+) \| (-?[\d.]+) \|$`).FindAllStringSubmatch(worked, -1) {
		n++
		exact, ok := new(big.Rat).SetString(row[1])
		decimals, errDecimals := strconv.Atoi(row[2])
		r, known := how[row[3]]
		if !ok || errDecimals != nil || !known {
			t.Errorf("cannot read the row %q", row[0])
			continue
		}
		if got, err := RoundDecimal(exact, decimals, r); err != nil || got.String() != row[4] {
			t.Errorf("%s to %d decimals, %s, is %s (%v); %s says %s", row[1], decimals, row[3], got, err, numbersDoc, row[4])
		}
	}
	if n != 10 {
		t.Errorf("read %d worked roundings, want 10", n)
	}
}
