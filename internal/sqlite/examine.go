package sqlite

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"tenderbook/internal/desk"
)

// Examine implements desk.Examiner. It asks the connection that writes: some
// settings are each connection's own.
func (s *Store) Examine(ctx context.Context) ([]desk.Setting, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.Err(); err != nil && !s.closed { // opened for reading, or a write has failed
		return append(s.fileSettings(), desk.Setting{Name: "writing", Value: "stopped", Needs: "a disk that can be written: " + err.Error()}), nil
	}
	if err := s.writable(ctx); err != nil {
		return nil, err
	}
	var all []desk.Setting
	for _, x := range []struct{ name, query, good, needs string }{
		{"sqlite_version", "SELECT sqlite_version()", "", ""},
		{"schema_version", "SELECT max(version_id) FROM goose_db_version WHERE is_applied", strconv.Itoa(newest), "upgrade the program, or open the file once with it"},
		{"journal_mode", "PRAGMA journal_mode", "wal", "wal: reads do not wait for writes, and a torn write is not taken"},
		{"synchronous", "PRAGMA synchronous", "2", "2 (FULL): with less a power cut loses what was acknowledged"},
		{"wal_autocheckpoint", "PRAGMA wal_autocheckpoint", "0", "0: the store takes the log into the file itself, and hears of a sync that fails"},
		{"page_size", "PRAGMA page_size", "", ""},
		{"locking_mode", "PRAGMA locking_mode", "normal", "normal, so that other processes can read"},
	} {
		value, err := oneText(s.writer.conn, x.query)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", s.path, x.name, err)
		}
		y := desk.Setting{Name: x.name, Value: value}
		if x.good != "" && value != x.good {
			y.Needs = x.needs
		}
		all = append(all, y)
	}
	return append(all, s.fileSettings()...), nil
}

func oneText(conn *sqlite.Conn, query string) (value string, err error) {
	err = sqlitex.ExecuteTransient(conn, query, &sqlitex.ExecOptions{ResultFunc: func(row *sqlite.Stmt) error {
		value = row.ColumnText(0)
		return nil
	}})
	return value, err
}

// longLog is how long the log may get, in bytes, before something must hold it up.
const longLog = 256 << 20

// fileSettings looks at the files: who may read them, and how long the log is.
func (s *Store) fileSettings() []desk.Setting {
	var all []desk.Setting
	if info, err := os.Stat(s.path); err == nil && runtime.GOOS != "windows" {
		x := desk.Setting{Name: "file mode", Value: fmt.Sprintf("%04o", info.Mode().Perm())}
		if info.Mode().Perm()&0o007 != 0 {
			x.Needs = "0600 or 0660: whoever reads the file sees the book, and whoever writes it can be anyone"
		}
		all = append(all, x)
	}
	if info, err := os.Stat(s.path + "-wal"); err == nil {
		x := desk.Setting{Name: "log bytes", Value: strconv.FormatInt(info.Size(), 10)}
		if info.Size() > longLog {
			x.Needs = "less than 268435456: some process has been reading for long, and the log cannot begin anew"
		}
		all = append(all, x)
	}
	return all
}
