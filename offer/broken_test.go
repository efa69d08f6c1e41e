package offer

import (
	"path/filepath"
	"strings"
	"testing"
)

const brokenOffers = "../testdata/broken/offers/"

// TestBrokenOffersAreRefusedWithTheirPlace reads files with one defect each,
// which their first line names. The file .want beside it has the answer.
func TestBrokenOffersAreRefusedWithTheirPlace(t *testing.T) {
	names, err := filepath.Glob(brokenOffers + "*.yaml")
	if err != nil || len(names) < 45 {
		t.Fatalf("found %d broken offers, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".yaml"), func(t *testing.T) {
			_, err := Read(filepath.Base(name), mustRead(t, name))
			if err == nil {
				t.Fatal("it was read")
			}
			golden(t, strings.TrimSuffix(name, ".yaml")+".want", []byte(err.Error()+"\n"))
			problems, ok := err.(Problems)
			if !ok {
				t.Fatalf("the error is a %T, not Problems", err)
			}
			for _, p := range problems {
				if p.Line < 1 || p.Column < 1 || p.File != filepath.Base(name) || p.Found == "" {
					t.Errorf("a problem without its place or without words: %+v", p)
				}
			}
		})
	}
}
