package sqlite

import (
	"context"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"tenderbook/internal/follow"
	"tenderbook/journal"
)

const (
	selectHead   = "SELECT seq, at, hash, body_hash, repeats FROM heads WHERE offer_id = ?"
	selectGroups = "SELECT first_seq, last_seq, commands, entries FROM groups WHERE offer_id = ? AND last_seq >= ? ORDER BY last_seq"
)

// Read implements desk.Journal. It refuses to go on over a gap. Between pages the
// log may be taken into the file, so a slow reader does not make it grow.
func (s *Store) Read(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) error {
	return follow.Pages(from, func(from uint64) (uint64, bool, error) { return s.readPage(ctx, offer, from, each) })
}

// readPage reads some entries and returns the sequence number of the one behind
// them, and whether there may be more.
func (s *Store) readPage(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) (next uint64, more bool, err error) {
	conn, err := s.pool.Take(ctx)
	if err != nil {
		return from, false, fmt.Errorf("%s: %w", s.path, err)
	}
	defer s.pool.Put(conn)
	stmt, err := conn.Prepare(selectGroups)
	if err != nil {
		return from, false, fmt.Errorf("%s: %w", s.path, s.orDone(ctx, err))
	}
	defer stmt.Reset()
	stmt.BindText(1, offer)
	stmt.BindInt64(2, int64(from))
	for next = from; next < from+follow.Page; {
		found, err := stmt.Step()
		if err != nil {
			return next, false, fmt.Errorf("%s: offer %q from entry %d: %w", s.path, offer, next, s.orDone(ctx, err))
		}
		if !found {
			return next, false, nil
		}
		r := rowOf(stmt, offer)
		if err := s.readRow(&r, next, each); err != nil {
			return next, false, err
		}
		next = r.last + 1
	}
	return next, true, nil
}

// readRow calls each for the entries of a row from sequence number from on. An
// error of each is returned as it is.
func (s *Store) readRow(r *row, from uint64, each func(*journal.Entry) error) error {
	var theirs error
	err := r.check(from)
	if err == nil {
		err = r.each(from, func(e *journal.Entry) error {
			theirs = each(e)
			return theirs
		})
	}
	if err != nil && theirs == nil {
		return fmt.Errorf("%s: offer %q: %w", s.path, r.offer, err)
	}
	return err
}

// rowOf reads a row of selectGroups.
func rowOf(stmt *sqlite.Stmt, offer string) row {
	commands := stmt.ColumnLen(2)
	both := make([]byte, commands+stmt.ColumnLen(3))
	r := row{offer: offer, first: uint64(stmt.ColumnInt64(0)), last: uint64(stmt.ColumnInt64(1)), commands: both[:commands:commands], encoded: both[commands:]}
	stmt.ColumnBytes(2, r.commands)
	stmt.ColumnBytes(3, r.encoded)
	return r
}

// orDone gives the context's error for the interruption that it caused.
func (s *Store) orDone(ctx context.Context, err error) error {
	if ctx.Err() != nil && sqlite.ErrCode(err).ToPrimary() == sqlite.ResultInterrupt {
		return ctx.Err()
	}
	return err
}

// Head implements desk.Journal.
func (s *Store) Head(ctx context.Context, offer string) (journal.Receipt, error) {
	conn, err := s.pool.Take(ctx)
	if err != nil {
		return journal.Receipt{}, fmt.Errorf("%s: %w", s.path, err)
	}
	defer s.pool.Put(conn)
	stmt, err := conn.Prepare(selectHead)
	if err != nil {
		return journal.Receipt{}, fmt.Errorf("%s: %w", s.path, s.orDone(ctx, err))
	}
	defer stmt.Reset()
	last, _, err := head(stmt, offer)
	if err != nil {
		return last, fmt.Errorf("%s: head of offer %q: %w", s.path, offer, s.orDone(ctx, err))
	}
	return last, nil
}

// head runs selectHead; the caller resets it.
func head(stmt *sqlite.Stmt, offer string) (r journal.Receipt, repeats int64, err error) {
	stmt.BindText(1, offer)
	found, err := stmt.Step()
	if err != nil || !found {
		return r, 0, err
	}
	r = journal.Receipt{Offer: offer, Seq: uint64(stmt.ColumnInt64(0)), At: time.Unix(0, stmt.ColumnInt64(1)).UTC()}
	stmt.ColumnBytes(2, r.Hash[:])
	stmt.ColumnBytes(3, r.Body[:])
	return r, stmt.ColumnInt64(4), nil
}

// Offers implements desk.Journal.
func (s *Store) Offers(ctx context.Context) (offers []string, err error) {
	conn, err := s.pool.Take(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.path, err)
	}
	defer s.pool.Put(conn)
	err = sqlitex.Execute(conn, "SELECT offer_id FROM heads ORDER BY offer_id", &sqlitex.ExecOptions{
		ResultFunc: func(row *sqlite.Stmt) error {
			offers = append(offers, row.ColumnText(0))
			return nil
		},
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.path, s.orDone(ctx, err))
	}
	return offers, nil
}

// pollEvery is how often a follower looks for entries of other processes.
const pollEvery = 200 * time.Millisecond

// Follow implements desk.Follower.
func (s *Store) Follow(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) error {
	return s.hub.Follow(ctx, s.Read, offer, from, pollEvery, each)
}
