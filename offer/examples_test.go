package offer

import (
	"path/filepath"
	"testing"
)

func TestEveryExampleIsReadWithoutAProblem(t *testing.T) {
	names, err := filepath.Glob("../examples/*/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no examples found: %v", err)
	}
	for _, name := range names {
		readFile(t, name)
	}
}
