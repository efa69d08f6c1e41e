// Package sqlite keeps journals in one SQLite file.
//
// The file is in write-ahead mode with synchronous=FULL: what is acknowledged
// survives a power cut. One connection writes, in groups: appends that come while
// a group is being synced share the next transaction and its sync; those for one
// offer are one row (docs/decisions/0009). Reads have connections of their own and
// never wait for writes.
//
// An error while writing is final. A failed sync leaves pages marked clean that
// are not on disk, so trying again could succeed without the data; the store
// stops taking writes, says so to every later append, and goes on reading. Opening
// the file anew recovers what is really there.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"tenderbook/internal/durable"
	"tenderbook/internal/follow"
	"tenderbook/internal/groupcommit"
	"tenderbook/journal"
)

// ErrStopped is wrapped by the answer to appends after a write failed. They are
// not on record.
var ErrStopped = errors.New("the store takes no more writes: open it anew")

// Options of a store. The zero Options are for production.
type Options struct {
	Clock func() time.Time // record time; time.Now if nil

	synchronous     string // FULL if empty; tests show what less loses
	checkpointPages int    // how much log is gathered before a checkpoint
	most            uint64 // entries that an offer may have; journal.MaxEntries if 0
}

// A Store keeps the journals of offers in one file. Its methods may be called
// from many goroutines. Several processes may have the file open.
type Store struct {
	path  string
	clock func() time.Time
	line  *groupcommit.Line
	pool  *sqlitex.Pool
	hub   follow.Hub

	writing sync.Mutex // held by who uses writer or closed
	writer  *writer    // nil: opened for reading only, or closed
	closed  bool

	telling sync.Mutex // held by who uses told
	told    map[*listener]bool

	stopping sync.Mutex
	stopped  error // why the store takes no more writes

	checkpoints checkpoints
}

// readers is how many goroutines read at the same time; more wait.
const readers = 8

// busyTimeout is how long a write waits for another process's.
const busyTimeout = 10 * time.Second

// Open opens the file at path and makes it where there is none. A file of an
// older version is upgraded; one of a newer version, or of another program, is
// refused.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.synchronous == "" {
		o.synchronous = "FULL"
	}
	if o.checkpointPages == 0 {
		o.checkpointPages = 8192 // 32 MiB
	}
	if err := datasync(); err != nil {
		return nil, err
	}
	if err := touch(path); err != nil {
		return nil, err
	}
	conn, err := connect(path, o.synchronous)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := migrate(ctx, conn, path); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), conn.Close())
	}
	s := &Store{path: path, clock: o.Clock, told: map[*listener]bool{}, checkpoints: checkpoints{every: o.checkpointPages}}
	s.line = groupcommit.NewNaming(s.commit, nameOf)
	if err := s.start(conn); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), conn.Close())
	}
	if o.most > 0 {
		s.writer.most = o.most
	}
	return s, nil
}

// start makes durable what is in the file and opens the ways to write and read.
//
// The checkpoint copies the log, as it reads now, into the file and syncs it.
// Without it, a commit whose sync failed in an earlier process could be read here
// from the page cache, be answered as existing, and be gone after a power cut.
//
// The checkpoint also makes the log, which stays as long as the store is open.
// SQLite syncs the folder for the log's name and keeps quiet where that fails; a
// power cut would then take the log and all that was acknowledged in it.
func (s *Store) start(conn *sqlite.Conn) error {
	if _, err := checkpoint(conn); err != nil {
		return err
	}
	if err := durable.SyncFolder(filepath.Dir(s.path)); err != nil {
		return fmt.Errorf("the name of the log is not sure: %w", err)
	}
	w, err := newWriter(conn)
	if err != nil {
		return err
	}
	s.writer = w
	s.pool, err = sqlitex.NewPool(s.path, sqlitex.PoolOptions{
		Flags:    sqlite.OpenReadWrite, // read-only connections cannot recover the log
		PoolSize: readers,
		PrepareConn: func(c *sqlite.Conn) error {
			c.SetBusyTimeout(busyTimeout)
			return pragmas(c, "query_only = ON", "wal_autocheckpoint = 0")
		},
	})
	if err != nil {
		return err
	}
	if err := s.openReaders(); err != nil {
		return errors.Join(err, s.pool.Close())
	}
	return nil
}

// openReaders opens all connections that read, so that a process that later has
// too many files open goes on reading.
func (s *Store) openReaders() error {
	for range readers {
		conn, err := s.pool.Take(context.Background())
		if err != nil {
			return err
		}
		defer s.pool.Put(conn)
		if _, err := number(conn, "PRAGMA schema_version"); err != nil { // opens the log
			return err
		}
	}
	return nil
}

// touch makes an empty file that only its owner may read, and its name durable.
// SQLite gives the log the same rights.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return durable.SyncFolder(filepath.Dir(path))
}

func connect(path, synchronous string) (*sqlite.Conn, error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite|sqlite.OpenWAL)
	if err != nil {
		return nil, err
	}
	conn.SetBusyTimeout(busyTimeout)
	err = pragmas(conn, "synchronous = "+synchronous, "wal_autocheckpoint = 0", "foreign_keys = ON", "cache_size = -8192")
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// pragmas runs each on its own: a script would be a transaction, in which some
// cannot be set.
func pragmas(conn *sqlite.Conn, settings ...string) error {
	for _, p := range settings {
		if err := sqlitex.ExecuteTransient(conn, "PRAGMA "+p, nil); err != nil {
			return fmt.Errorf("PRAGMA %s: %w", p, err)
		}
	}
	return nil
}

// Append implements desk.Journal.
func (s *Store) Append(ctx context.Context, offer string, drafts ...journal.Draft) ([]journal.Receipt, error) {
	return s.line.Append(ctx, offer, drafts)
}

// Err says why the store takes no more writes; nil while it does.
func (s *Store) Err() error {
	s.stopping.Lock()
	defer s.stopping.Unlock()
	return s.stopped
}

// stop ends writing for good and returns what later appends are told.
func (s *Store) stop(cause error) {
	s.stopping.Lock()
	defer s.stopping.Unlock()
	if s.stopped == nil {
		s.stopped = fmt.Errorf("%w; the cause: %v", ErrStopped, cause) // not %w: what is unknown is that cause's outcome, not theirs
		s.line.Refuse(s.stopped)
	}
}

// Close waits for the group that is being written and closes the file. Closing
// twice does no harm.
func (s *Store) Close() error {
	s.line.Close(nil)
	s.writing.Lock()
	defer s.writing.Unlock()
	s.checkpoints.wait()
	if s.closed {
		return nil
	}
	s.closed = true
	err := s.pool.Close()
	if s.writer != nil {
		err = errors.Join(err, s.writer.close())
	}
	s.writer = nil
	return err
}
