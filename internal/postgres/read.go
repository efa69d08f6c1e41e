package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tenderbook/internal/follow"
	"tenderbook/journal"
)

const (
	selectHead   = "SELECT seq, at, hash, body_hash FROM heads WHERE offer_id = $1"
	entryColumns = "e.seq, e.at, e.kind, e.version, e.actor, e.key, e.prev, e.body"
)

// Read implements desk.Journal. It refuses to go on over a gap.
func (s *Store) Read(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) error {
	return follow.Pages(from, func(from uint64) (uint64, bool, error) { return s.readPage(ctx, offer, from, each) })
}

// readPage reads some entries and returns the sequence number of the one behind
// them, and whether there may be more.
func (s *Store) readPage(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) (next uint64, more bool, err error) {
	rows, err := s.pool.Query(ctx, "SELECT "+entryColumns+" FROM entries AS e WHERE offer_id = $1 AND seq >= $2 ORDER BY seq LIMIT $3", offer, int64(from), follow.Page)
	if err != nil {
		return from, false, fmt.Errorf("offer %q from entry %d: %w", offer, from, s.explain(err))
	}
	defer rows.Close()
	for next = from; rows.Next(); next++ {
		e, err := scanEntry(rows, offer)
		if err != nil {
			return next, false, err
		}
		if e.Seq != next {
			return next, false, fmt.Errorf("offer %q: entry %d follows where %d should: the tables are damaged", offer, e.Seq, next)
		}
		if err := each(e); err != nil {
			return next, false, err
		}
	}
	if err := rows.Err(); err != nil {
		return next, false, fmt.Errorf("offer %q from entry %d: %w", offer, from, s.explain(err))
	}
	return next, next == from+follow.Page, nil
}

// scanEntry reads entryColumns.
func scanEntry(rows pgx.Rows, offer string) (*journal.Entry, error) {
	var seq, at int64
	var kind, version int16
	var prev []byte
	e := &journal.Entry{Offer: offer}
	if err := rows.Scan(&seq, &at, &kind, &version, &e.Actor, &e.Key, &prev, &e.Body); err != nil {
		return nil, fmt.Errorf("offer %q: %w", offer, err)
	}
	if len(prev) != len(e.Prev) {
		return nil, fmt.Errorf("offer %q: entry %d names %d bytes as the entry before, needs %d: the tables are damaged", offer, seq, len(prev), len(e.Prev))
	}
	e.Seq, e.At, e.Kind, e.Version, e.Prev = uint64(seq), time.Unix(0, at).UTC(), journal.Kind(kind), uint8(version), [32]byte(prev)
	return e, nil
}

// Head implements desk.Journal.
func (s *Store) Head(ctx context.Context, offer string) (journal.Receipt, error) {
	r := journal.Receipt{Offer: offer}
	err := scanHead(s.pool.QueryRow(ctx, selectHead, offer), &r)
	switch {
	case errors.Is(err, pgx.ErrNoRows), err == nil && r.Seq == 0:
		return journal.Receipt{}, nil
	case err != nil:
		return journal.Receipt{}, fmt.Errorf("head of offer %q: %w", offer, s.explain(err))
	}
	return r, nil
}

// scanHead reads selectHead into r.
func scanHead(row pgx.Row, r *journal.Receipt) error {
	var seq, at int64
	var hash, body []byte
	if err := row.Scan(&seq, &at, &hash, &body); err != nil {
		return err
	}
	if len(hash) != 32 || len(body) != 32 {
		return fmt.Errorf("hashes of %d and %d bytes, need 32: the tables are damaged", len(hash), len(body))
	}
	r.Seq, r.At, r.Hash, r.Body = uint64(seq), time.Unix(0, at).UTC(), [32]byte(hash), [32]byte(body)
	return nil
}

// Offers implements desk.Journal.
func (s *Store) Offers(ctx context.Context) ([]string, error) {
	rows, err := s.pool.Query(ctx, `SELECT offer_id FROM heads WHERE seq > 0 ORDER BY offer_id COLLATE "C"`)
	if err != nil {
		return nil, s.explain(err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
