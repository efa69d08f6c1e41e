package sqlite_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenderbook/internal/journaltest"
	"tenderbook/internal/sqlite"
	"tenderbook/journal"
)

var faults = flag.Int("faults", max(2, 8/underRace), "from how many calls on TestFailingDisk makes each kind fail: 500 are each of the first 500, fewer are spread")

// From some call on, the disk fails. The process stops taking writes, acknowledges
// nothing more and goes on reading; and what it acknowledged before is there even
// if the power fails at once.
//
// strace counts the calls of each thread, so that the call at which the disk
// begins to fail is the nth of its thread: the nth of the process, or a later one.
func TestFailingDisk(t *testing.T) {
	for _, c := range []struct{ call, failure string }{
		{"fsync,fdatasync", "EIO"},
		{"fsync,fdatasync", "ENOSPC"},
		{"pwrite64", "EIO"},
		{"pwrite64", "ENOSPC"},
		{"pwrite64", "EROFS"},
		{"pwrite64", "EDQUOT"},
		{"openat", "EMFILE"},
	} {
		t.Run(c.call+" fails with "+c.failure, func(t *testing.T) {
			failed, acked := 0, 0
			child := journaltest.Child{Name: "c", Next: []int{0, 0, 0, 0}, Stop: 2000, Limit: 600}
			whens := spread(*faults)
			if c.call == "openat" { // a process without new files goes on, so it ends by itself
				child.Stop, child.Limit, whens = 60, 6000, whens[:min(len(whens), 30)]
				for i := range whens {
					whens[i] = 3 + 3*i // the first two may be the loader's, and then there is no process
				}
			}
			for _, when := range whens {
				f, a := failAt(t, child, fmt.Sprintf("inject=%s:error=%s:when=%d+", c.call, c.failure, when), c.failure)
				failed, acked = failed+f, acked+a
			}
			if failed == 0 {
				t.Errorf("no call failed in %d runs", len(whens))
			}
			t.Logf("H4: %d runs, %d with failing calls, %d receipts, none false", len(whens), failed, acked)
		})
	}
}

// spread gives n numbers from 1 to 500, or to 25 times n if that is less.
func spread(n int) (all []int) {
	for i := range n {
		all = append(all, 1+i*min(500, 25*n)/n)
	}
	return all
}

// failAt runs a child with the error injected and says whether it struck, and how
// many receipts there were.
func failAt(t *testing.T, child journaltest.Child, inject, failure string) (struck, acked int) {
	dir, err := os.MkdirTemp("", "fault-") // gone with each run, of which there may be 3,000
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	child.Where = filepath.Join(dir, "offers.db")
	s := open(t, child.Where, sqlite.Options{}) // made before anything fails
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before := content(t, dir)
	events, found := strace(t, &child, "-e", inject)
	d := newDisk(dir)
	d.preset(before)
	var acks journaltest.Acks
	for _, e := range events {
		if e.what == "ack" {
			acks.Add(t, e.ack)
			continue
		}
		if e.errno == failure {
			struck = 1
		}
		d.apply(e)
	}
	if struck == 1 && found < 0 && acks.Len() > 0 {
		t.Errorf("%s: the process does not read any more", inject)
	}
	for i := range 4 {
		if afterCut(t, d.cut(rand.New(rand.NewPCG(uint64(i), 5))), &acks) > 0 {
			t.Errorf("%s: a receipt was false: the entry is lost at a power cut", inject)
		}
	}
	return struck, acks.Len()
}

// The log is a file of its own, and its name must be on disk too. SQLite does not
// tell where the sync of the folder failed, and receipts were false.
func TestAFolderThatCannotBeSynced(t *testing.T) {
	journaltest.NeedStrace(t)
	dir := t.TempDir()
	child := &journaltest.Child{Where: filepath.Join(dir, "offers.db"), Name: "c", Next: []int{0, 0}, Stop: 5}
	if err := open(t, child.Where, sqlite.Options{}).Close(); err != nil { // the next process makes the log anew
		t.Fatal(err)
	}
	cmd := child.Command("strace", "-f", "-o", os.DevNull, "-P", dir, "-e", "trace=fsync", "-e", "inject=fsync:error=EIO")
	out, err := cmd.Output()
	if err == nil || !strings.Contains(string(out), "error opening") || !strings.Contains(string(out), dir+": input/output error") {
		t.Errorf("%v, the process says:\n%s\nneeds a refusal that names %s", err, out, dir)
	}
}

// A process that has as many files open as it may goes on with those that it has:
// it takes writes or refuses them, and reads.
func TestNoMoreFiles(t *testing.T) {
	t.Setenv(noFilesVariable, "1")
	path := filepath.Join(t.TempDir(), "offers.db")
	child := &journaltest.Child{Where: path, Name: "c", Next: []int{0, 0, 0, 0}, Stop: 200, Limit: 6000}
	cmd := child.Command()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var acks journaltest.Acks
	found := -1
	err = journaltest.Listen(out, func(line string) {
		if ack, ok := journaltest.ParseAck(line); ok {
			acks.Add(t, ack)
		} else if _, err := fmt.Sscanf(line, `read %d "<nil>"`, &found); err != nil {
			t.Error(line)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if entries := journaltest.Check(t, open(t, path, sqlite.Options{}), "o"); acks.Lost(entries) > 0 || found != len(entries) {
		t.Errorf("%d receipts, of which %d are false; %d entries on record, of which the process could read %d", acks.Len(), acks.Lost(entries), len(entries), found)
	}
	t.Logf("H4: no more files can be opened: %d receipts, none false, %d entries read", acks.Len(), found)
}

// content reads the files of a folder.
func content(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if files[path], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// A disk that fills up, without tracing: the store says so and keeps what it
// has, and takes more when there is room and it is opened anew.
func TestFullDisk(t *testing.T) {
	dir := journaltest.SmallDisk(t, "1m")
	path := filepath.Join(dir, "offers.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept := fill(t, s)
	if n := len(journaltest.Check(t, s, "o")); n < kept {
		t.Errorf("%d entries can be read, %d were acknowledged", n, kept)
	}
	_ = s.Close()
	journaltest.Remount(t, dir, "size=64m")
	s = open(t, path, sqlite.Options{})
	entries := journaltest.Check(t, s, "o")
	if len(entries) < kept {
		t.Errorf("with room again: %d entries, %d were acknowledged", len(entries), kept)
	}
	r, err := s.Append(t.Context(), "o", note("after", 100))
	if err != nil || r[0].Seq != uint64(len(entries)+1) {
		t.Errorf("with room again: %v, %v", r, err)
	}
	t.Cleanup(func() { _ = s.Close() }) // before the file system goes
}

// A disk that cannot be written: the store does not open, and says where; it
// opens for reading, all of it, and takes nothing.
func TestReadOnlyDisk(t *testing.T) {
	dir := journaltest.SmallDisk(t, "4m")
	path := filepath.Join(dir, "offers.db")
	s := open(t, path, sqlite.Options{})
	for i := range 50 {
		if _, err := s.Append(t.Context(), "o", note(fmt.Sprint(i), 100)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	journaltest.Remount(t, dir, "ro")
	if _, err := sqlite.Open(t.Context(), path, sqlite.Options{}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("opened on a disk that cannot be written: %v, want an error that names %s", err, path)
	}
	r, err := sqlite.OpenReading(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(journaltest.Check(t, r, "o")); n != 50 {
		t.Errorf("%d entries can be read, want 50", n)
	}
	if _, err := r.Append(t.Context(), "o", note("more", 1)); !errors.Is(err, sqlite.ErrReadOnly) || errors.Is(err, journal.ErrUnknown) {
		t.Errorf("appending: %v, want a plain refusal", err)
	}
	if err := r.Import(t.Context(), &journal.Entry{}); !errors.Is(err, sqlite.ErrReadOnly) {
		t.Errorf("importing: %v, want a plain refusal", err)
	}
	if err := errors.Join(r.Close(), r.Close()); err != nil {
		t.Error(err)
	}
}

// What a process left in the log cannot be read by who may not write: some of it
// would be missing.
func TestOpenReadingRefusesALog(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "offers.db")
	s := open(t, path, sqlite.Options{})
	if _, err := s.Append(t.Context(), "o", note("1", 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.OpenReading(path); err == nil || !strings.Contains(err.Error(), "log") {
		t.Errorf("with a process at work: %v", err)
	}
	if _, err := sqlite.OpenReading(versionOne(t)); err == nil || !strings.Contains(err.Error(), "upgraded") {
		t.Errorf("of an older version: %v", err)
	}
	if _, err := sqlite.OpenReading(filepath.Join(dir, "none.db")); err == nil {
		t.Error("a file that is not there was opened")
	}
}
