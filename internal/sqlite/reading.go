package sqlite

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"tenderbook/internal/groupcommit"
)

// ErrReadOnly is the answer to appends to a store that was opened for reading.
// They are not on record.
var ErrReadOnly = errors.New("the store was opened for reading only")

// CannotWrite reports whether an error of [Open] is one of a disk that cannot be
// written, or not any more.
func CannotWrite(err error) bool {
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultCantOpen, sqlite.ResultReadOnly, sqlite.ResultFull, sqlite.ResultIOErr:
		return true
	}
	return false
}

// OpenReading opens the file at path for reading where nothing can be written: on
// a disk that is full or mounted read-only. Nothing is made, locked or upgraded,
// so the file must be as its last process left it: one that was cut off leaves a
// log, which has to be taken in by [Open] first, and what others write meanwhile
// is not seen.
func OpenReading(path string) (*Store, error) {
	log, err := os.Stat(path + "-wal")
	if err == nil && log.Size() > 0 {
		return nil, fmt.Errorf("%s: a log stands beside it, of a process that works on it or was cut off: it cannot be read without writing", path)
	}
	name, err := immutable(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, told: map[*listener]bool{}, stopped: ErrReadOnly}
	s.line = groupcommit.New(s.commit)
	s.line.Refuse(ErrReadOnly)
	s.pool, err = sqlitex.NewPool(name, sqlitex.PoolOptions{Flags: sqlite.OpenReadOnly | sqlite.OpenURI, PoolSize: readers})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := s.checkVersion(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), s.pool.Close())
	}
	return s, nil
}

// immutable is the name by which SQLite takes a file for one that nobody changes.
func immutable(path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(full), RawQuery: "immutable=1"}
	return name.String(), nil
}

// checkVersion refuses what an upgrade would have to write.
func (s *Store) checkVersion() error {
	conn, err := s.pool.Take(context.Background())
	if err != nil {
		return err
	}
	defer s.pool.Put(conn)
	version, err := schemaVersion(conn)
	if err == nil && version != newest {
		return fmt.Errorf("schema version %d has to be upgraded to %d, which needs a disk that can be written", version, newest)
	}
	return err
}
