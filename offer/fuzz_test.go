package offer

import (
	"path/filepath"
	"strings"
	"testing"
)

// FuzzRead holds that the reader never panics, that every problem has its place
// and its words, and that terms it returns are good enough for the allocator or
// refused by it with an error.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"testdata/*.yaml", brokenOffers + "*.yaml", "../examples/*/*.yaml"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			f.Add(readBytes(f, name))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read("offer.yaml", data)
		if err != nil {
			checkProblems(t, data, err)
			return
		}
		if file.IsAmendment() {
			return
		}
		_ = file.Terms.Digest()
		if d := Diff(file.Terms, file.Terms); len(d) > 0 {
			t.Errorf("terms differ from themselves: %v", d)
		}
		_, _ = file.Terms.Allocation(file.Terms.Settlements())
	})
}

func checkProblems(t *testing.T, data []byte, err error) {
	problems, ok := err.(Problems)
	if !ok || len(problems) == 0 {
		t.Fatalf("the error is %T %v, not Problems", err, err)
	}
	lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 1
	for _, p := range problems {
		if p.File != "offer.yaml" || p.Line < 1 || p.Column < 1 || p.Line > lines+1 || p.Found == "" {
			t.Errorf("a problem without its place or without words: %+v", p)
		}
	}
}
