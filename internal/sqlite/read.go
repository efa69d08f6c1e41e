package sqlite

import (
	"context"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"tenderbook/journal"
)

const (
	selectHead   = "SELECT seq, at, hash, body_hash FROM heads WHERE offer_id = ?"
	entryColumns = "entries.seq, entries.at, kind, version, entries.actor, entries.key, prev, body"
)

// page is how many entries are read in one go. Between pages the log may be
// taken into the file, so a slow reader does not make it grow.
const page = 512

// Read implements desk.Journal. It refuses to go on over a gap.
func (s *Store) Read(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) error {
	from = max(from, 1)
	for {
		n, err := s.readPage(ctx, offer, from, each)
		if err != nil || n < page {
			return err
		}
		from += uint64(n)
	}
}

func (s *Store) readPage(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) (n int, err error) {
	conn, err := s.pool.Take(ctx)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", s.path, err)
	}
	defer s.pool.Put(conn)
	stmt, err := conn.Prepare("SELECT " + entryColumns + " FROM entries WHERE offer_id = ? AND seq >= ? ORDER BY seq LIMIT ?")
	if err != nil {
		return 0, fmt.Errorf("%s: %w", s.path, s.orDone(ctx, err))
	}
	defer stmt.Reset()
	stmt.BindText(1, offer)
	stmt.BindInt64(2, int64(from))
	stmt.BindInt64(3, page)
	for ; ; n++ {
		found, err := stmt.Step()
		if err != nil {
			return n, fmt.Errorf("%s: offer %q from entry %d: %w", s.path, offer, from, s.orDone(ctx, err))
		}
		if !found {
			return n, nil
		}
		e := entry(stmt, offer)
		if want := from + uint64(n); e.Seq != want {
			return n, fmt.Errorf("%s: offer %q: entry %d follows where %d should: the file is damaged", s.path, offer, e.Seq, want)
		}
		if err := each(&e); err != nil {
			return n, err
		}
	}
}

// orDone gives the context's error for the interruption that it caused.
func (s *Store) orDone(ctx context.Context, err error) error {
	if ctx.Err() != nil && sqlite.ErrCode(err).ToPrimary() == sqlite.ResultInterrupt {
		return ctx.Err()
	}
	return err
}

// entry reads entryColumns.
func entry(row *sqlite.Stmt, offer string) journal.Entry {
	e := journal.Entry{
		Offer: offer,
		Seq:   uint64(row.ColumnInt64(0)),
		At:    time.Unix(0, row.ColumnInt64(1)).UTC(),
		Draft: journal.Draft{
			Kind:    journal.Kind(row.ColumnInt64(2)),
			Version: uint8(row.ColumnInt64(3)),
			Actor:   row.ColumnText(4),
			Key:     row.ColumnText(5),
			Body:    make([]byte, row.ColumnLen(7)),
		},
	}
	row.ColumnBytes(6, e.Prev[:])
	row.ColumnBytes(7, e.Body)
	return e
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
	last, err := head(stmt, offer)
	if err != nil {
		return last, fmt.Errorf("%s: head of offer %q: %w", s.path, offer, s.orDone(ctx, err))
	}
	return last, nil
}

// head runs selectHead; the caller resets it.
func head(stmt *sqlite.Stmt, offer string) (journal.Receipt, error) {
	stmt.BindText(1, offer)
	found, err := stmt.Step()
	if err != nil || !found {
		return journal.Receipt{}, err
	}
	r := journal.Receipt{Offer: offer, Seq: uint64(stmt.ColumnInt64(0)), At: time.Unix(0, stmt.ColumnInt64(1)).UTC()}
	stmt.ColumnBytes(2, r.Hash[:])
	stmt.ColumnBytes(3, r.Body[:])
	return r, nil
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
