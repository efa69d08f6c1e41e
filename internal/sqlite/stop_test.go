package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenderbook/internal/desk"
	"tenderbook/internal/journaltest"
	"tenderbook/internal/sqlite"
	"tenderbook/journal"
)

func note(key string, size int) journal.Draft {
	return journal.Draft{Kind: journal.KindNote, Version: 1, Actor: "ann", Key: key, Body: make([]byte, size)}
}

// fill appends until the store stops, and returns how many were acknowledged.
func fill(t *testing.T, s *sqlite.Store) int {
	t.Helper()
	for i := range 10_000 {
		_, err := s.Append(t.Context(), "o", note(fmt.Sprint(i), 5000))
		if err == nil {
			continue
		}
		if s.Err() == nil {
			t.Errorf("after %v the store does not say that it stopped", err)
		}
		for range 3 {
			if _, err := s.Append(t.Context(), "o", note("later", 1)); !errors.Is(err, sqlite.ErrStopped) || errors.Is(err, journal.ErrUnknown) {
				t.Errorf("a later append: %v, want a plain refusal", err)
			}
		}
		return i
	}
	t.Fatal("the disk does not fill")
	return 0
}

func TestSecondProcessHoldingTheFileIsNotTheEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "offers.db")
	s := open(t, path, sqlite.Options{})
	if _, err := s.Append(t.Context(), "o", note("1", 1)); err != nil {
		t.Fatal(err)
	}
	other := raw(t, path)
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("UPDATE heads SET repeats = repeats"); err != nil { // takes the lock
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := s.Append(t.Context(), "o", note("2", 1))
		done <- err
	}()
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("after the other let go: %v", err)
	}
}

func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func change(t *testing.T, path, statement string) {
	t.Helper()
	db := raw(t, path)
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefusesWhatItCannotKeep(t *testing.T) {
	for _, c := range []struct{ what, statement, want string }{
		{"a newer schema", fmt.Sprintf("INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, 1)", sqlite.Newest+1), "upgrade to read it"},
		{"another program's database", "PRAGMA application_id = 7", "another program"},
	} {
		path := filepath.Join(t.TempDir(), "offers.db")
		s := open(t, path, sqlite.Options{})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		change(t, path, c.statement)
		_, err := sqlite.Open(t.Context(), path, sqlite.Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v, want one that names the file and says %q", c.what, err, c.want)
		}
		if c.what == "a newer schema" && !errors.Is(err, journal.ErrNewer) {
			t.Errorf("%s: error %v, want journal.ErrNewer", c.what, err)
		}
	}
}

func TestOpenRefusesFilesThatAreNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), path, sqlite.Options{}); err == nil {
		t.Error("a text file was opened")
	}
	if text, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(text), "not a database") {
		t.Errorf("the file was changed: %q, %v", text[:20], err)
	}
}

func TestNewestIsTheLastMigration(t *testing.T) {
	p, err := sqlite.Migrations(raw(t, filepath.Join(t.TempDir(), "empty.db")))
	if err != nil {
		t.Fatal(err)
	}
	all := p.ListSources()
	if last := all[len(all)-1]; last.Version != sqlite.Newest || len(all) != sqlite.Newest {
		t.Errorf("%d migrations, the last of version %d; newest is %d", len(all), last.Version, sqlite.Newest)
	}
}

func TestFileIsItsOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "offers.db")
	s := open(t, path, sqlite.Options{})
	if _, err := s.Append(t.Context(), "o", note("1", 1)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want mode 0600", name, info.Mode(), err)
		}
	}
}

func TestReadNamesAGap(t *testing.T) {
	path := filepath.Join(t.TempDir(), "offers.db")
	s := open(t, path, sqlite.Options{})
	for i := range 5 {
		if _, err := s.Append(t.Context(), "o", note(fmt.Sprint(i), 1)); err != nil {
			t.Fatal(err)
		}
	}
	change(t, path, "DELETE FROM groups WHERE last_seq = 3")
	err := s.Read(t.Context(), "o", 1, func(*journal.Entry) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "entry 4 follows where 3 should") {
		t.Errorf("reading over a gap: %v", err)
	}
}

// A backup made while others append opens as a store, is whole, and can be taken
// up to any entry.
func TestBackupAndRestoreToAnyEntry(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "offers.db"), sqlite.Options{})
	ended := make(chan error)
	go func() {
		for i := range 400 {
			if _, err := s.Append(t.Context(), "o", note(fmt.Sprint(i), i*10)); err != nil {
				ended <- err
				return
			}
		}
		ended <- nil
	}()
	for {
		head, err := s.Head(t.Context(), "o")
		if err != nil {
			t.Fatal(err)
		}
		if head.Seq >= 100 {
			break
		}
	}
	backup := filepath.Join(dir, "backup.db")
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), backup); err == nil {
		t.Error("a second backup took the place of the first")
	}
	b := open(t, backup, sqlite.Options{})
	all, kept := journaltest.Check(t, s, "o"), journaltest.Check(t, b, "o")
	if len(kept) < 100 {
		t.Fatalf("the backup has %d entries, at least 100 were on record before", len(kept))
	}
	for _, upTo := range []uint64{1, 2, 50, uint64(len(kept))} {
		restored := open(t, filepath.Join(dir, fmt.Sprintf("restored-%d.db", upTo)), sqlite.Options{})
		last, err := desk.Copy(t.Context(), restored, b, "o", upTo)
		if err != nil || last != upTo {
			t.Fatalf("restoring up to %d ended at %d: %v", upTo, last, err)
		}
		got := journaltest.Check(t, restored, "o")
		if string(got[upTo-1].AppendBinary(nil)) != string(all[upTo-1].AppendBinary(nil)) || uint64(len(got)) != upTo {
			t.Errorf("restored up to %d: other bytes than the original", upTo)
		}
	}
}
