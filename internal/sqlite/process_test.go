package sqlite_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"tenderbook/internal/journaltest"
	"tenderbook/internal/sqlite"
)

var (
	kills  = flag.Int("kills", 50/underRace, "how often TestKill kills the process that appends")
	points = flag.Int("points", 1, "how often TestKillAtPoints kills it at each named point")
)

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

// Each system call by which a command goes to the disk, and opening recovers, is
// one at which the process is killed.
func TestKillAtPoints(t *testing.T) {
	journaltest.NeedStrace(t)
	path := filepath.Join(t.TempDir(), "offers.db")
	s := open(t, path, sqlite.Options{}) // the file is there before strace is told of it
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before := func(call, file string) func(*journaltest.Child, int) *exec.Cmd {
		return func(c *journaltest.Child, n int) *exec.Cmd {
			return c.Command("strace", "-f", "-o", os.DevNull, "-P", file, "-e", "trace="+call, "-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, n))
		}
	}
	journaltest.KillAt(t, path, []journaltest.Point{
		{Name: "before a page of the log is written", Among: 80, Command: before("pwrite64", path+"-wal")},
		{Name: "before the log is synced", Among: 20, Command: before("fsync,fdatasync", path+"-wal")},
		{Name: "between a receipt and its being told", Among: 200, Command: (*journaltest.Child).Dying},
		{Name: "at opening, before a page of the log goes to the file", Among: 8, Command: before("pwrite64", path)},
		{Name: "at a checkpoint, before a page of the log goes to the file", Among: 100, Clean: true, Command: before("pwrite64", path)},
		{Name: "at a checkpoint, before the file is synced", Among: 2, Clean: true, Command: before("fsync,fdatasync", path)},
	}, *points, func() journaltest.Store { return open(t, path, sqlite.Options{}) })
}

func TestTwoProcessesShareAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "offers.db")
	journaltest.Together(t, path, 2, 200, 1, func() journaltest.Store { return open(t, path, sqlite.Options{}) })
}
