package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"zombiezen.com/go/sqlite/sqlitex"

	"tenderbook/internal/durable"
)

// Backup writes a copy of all offers, as they are now, into a new file. Appends
// go on meanwhile. The copy is complete and on disk when it has its name.
func (s *Store) Backup(ctx context.Context, path string) (err error) {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s: exists, a backup needs a new file", path)
	}
	partial := path + ".partial"
	if err := os.Remove(partial); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeIfThere(partial))
		}
	}()
	if err := touch(partial); err != nil {
		return err
	}
	if err := s.vacuumInto(ctx, partial); err != nil {
		return fmt.Errorf("backup of %s: %w", s.path, err)
	}
	if err := syncFile(partial); err != nil {
		return err
	}
	if err := os.Rename(partial, path); err != nil {
		return err
	}
	return durable.SyncFolder(filepath.Dir(path))
}

func (s *Store) vacuumInto(ctx context.Context, path string) error {
	conn, err := s.pool.Take(ctx)
	if err != nil {
		return err
	}
	defer s.pool.Put(conn)
	// VACUUM counts as a write, although it only reads this file.
	if err := sqlitex.ExecuteTransient(conn, "PRAGMA query_only = OFF", nil); err != nil {
		return err
	}
	err = sqlitex.ExecuteTransient(conn, "VACUUM INTO ?", &sqlitex.ExecOptions{Args: []any{path}})
	return s.orDone(ctx, errors.Join(err, sqlitex.ExecuteTransient(conn, "PRAGMA query_only = ON", nil)))
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
