package sqlite_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"tenderbook/internal/journaltest"
	"tenderbook/internal/sqlite"
)

var kills = flag.Int("kills", 50/underRace, "how often TestKill kills the process that appends")

// synchronousVariable weakens a child, to show that a test finds what that loses.
const synchronousVariable = "SQLITE_TEST_SYNCHRONOUS"

// noFilesVariable lets a child open no more files once its store is open.
const noFilesVariable = "SQLITE_TEST_NO_FILES"

func TestMain(m *testing.M) {
	child, is := journaltest.IsChild()
	if !is {
		os.Exit(m.Run())
	}
	ctx := context.Background()
	s, err := sqlite.Open(ctx, child.Where, sqlite.OptionsForTests(os.Getenv(synchronousVariable), 300))
	if err != nil {
		fmt.Printf("error opening %q\n", err)
		os.Exit(1)
	}
	if os.Getenv(noFilesVariable) != "" {
		if err := noMoreFiles(); err != nil {
			fmt.Printf("error limiting %q\n", err)
			os.Exit(1)
		}
	}
	child.Run(ctx, s, os.Stdout)
	_ = s.Close() // the store may have stopped, which the child has said
}

func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "offers.db")
	journaltest.Kill(t, path, *kills, func(int) {}, func() journaltest.Store { return open(t, path, sqlite.Options{}) })
}

func TestTwoProcessesShareAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "offers.db")
	journaltest.Together(t, path, 2, 200, 1, func() journaltest.Store { return open(t, path, sqlite.Options{}) })
}
