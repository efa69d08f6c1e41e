package sqlite

import (
	"errors"
	"fmt"
	"sync"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// checkpoints says where the taking of the log into the file stands. SQLite would
// do it by itself within a commit, but keeps quiet about a sync that fails there;
// and a commit would wait for it.
type checkpoints struct {
	every   int // pages of log that are gathered before one
	logged  int // pages written to the log since the last checkpoint, about; Store.writing is held
	mu      sync.Mutex
	running bool
	behind  bool // a checkpoint has ended while the log grew; what is left is short
	ended   sync.WaitGroup
}

// logged counts what went to the log and starts a checkpoint beside the writing
// when there is enough. Store.writing is held.
func (s *Store) logged(t *transaction) {
	c := &s.checkpoints
	for _, a := range t.appends {
		c.logged += 4 + a.bytes/4096
	}
	if c.logged < c.every {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running || c.behind {
		return
	}
	c.running, c.logged = true, 0
	c.ended.Add(1)
	go s.checkpointBeside()
}

// checkpointBeside takes in what the log holds now, on a connection of its own.
// Where none can be opened, as when there are too many open files, nothing has
// failed yet: the writer does it before its next group.
func (s *Store) checkpointBeside() {
	c := &s.checkpoints
	defer c.ended.Done()
	conn, err := connect(s.path, "FULL")
	if err == nil {
		_, err = checkpoint(conn)
		if err = errors.Join(err, conn.Close()); err != nil {
			s.stop(err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running, c.behind = false, s.Err() == nil
}

// finishCheckpoint takes in the rest, so that the log can begin anew. Without
// this a busy log would grow for ever. Store.writing is held.
func (s *Store) finishCheckpoint() {
	c := &s.checkpoints
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.behind || s.Err() != nil {
		return
	}
	c.behind = false
	if _, err := checkpoint(s.writer.conn); err != nil {
		s.stop(err)
	}
}

func (c *checkpoints) wait() { c.ended.Wait() }

// checkpoint copies the log into the file, as far as no reader needs what is in
// the way, and syncs both. It says whether all of it went.
func checkpoint(conn *sqlite.Conn) (all bool, err error) {
	err = sqlitex.ExecuteTransient(conn, "PRAGMA wal_checkpoint(PASSIVE)", &sqlitex.ExecOptions{
		ResultFunc: func(row *sqlite.Stmt) error {
			all = row.ColumnInt(0) == 0 && row.ColumnInt(1) == row.ColumnInt(2)
			return nil
		},
	})
	if err != nil {
		return false, fmt.Errorf("taking the log into the file: %w", err)
	}
	return all, nil
}
