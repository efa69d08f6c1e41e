package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tenderbook/journal"
)

const (
	selectHead   = "SELECT seq, at, hash, body_hash FROM heads WHERE offer_id = $1"
	entryColumns = "e.seq, e.at, e.kind, e.version, e.actor, e.key, e.prev, e.body"
)

// page is how many entries are asked for at once. Bodies of a page are on their
// way together, so it also bounds what a slow reader holds up.
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
	rows, err := s.pool.Query(ctx, "SELECT "+entryColumns+" FROM entries AS e WHERE offer_id = $1 AND seq >= $2 ORDER BY seq LIMIT $3", offer, int64(from), page)
	if err != nil {
		return 0, fmt.Errorf("offer %q from entry %d: %w", offer, from, s.explain(err))
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		e, err := scanEntry(rows, offer)
		if err != nil {
			return n, err
		}
		if want := from + uint64(n); e.Seq != want {
			return n, fmt.Errorf("offer %q: entry %d follows where %d should: the tables are damaged", offer, e.Seq, want)
		}
		if err := each(e); err != nil {
			return n, err
		}
	}
	if err := rows.Err(); err != nil {
		return n, fmt.Errorf("offer %q from entry %d: %w", offer, from, err)
	}
	return n, nil
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
