package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tenderbook/internal/groupcommit"
	"tenderbook/journal"
)

// commit writes a group of requests for one offer in one transaction and leaves
// it to answer them. Nobody's context ends it: those who leave are told that the
// outcome is unknown.
func (s *Store) commit(group []*groupcommit.Request) (answer func()) {
	results, err := s.write(context.Background(), group)
	offer := group[0].Offer
	return func() {
		if err == nil {
			s.grew(offer)
		}
		for i, r := range group {
			if err != nil {
				r.Answer(nil, err)
			} else {
				r.Answer(results[i].receipts, results[i].refused)
			}
		}
	}
}

// A result is what a request came to.
type result struct {
	receipts []journal.Receipt
	refused  error // nothing of it is written; nil: it was taken
}

// write is the transaction.
func (s *Store) write(ctx context.Context, group []*groupcommit.Request) ([]result, error) {
	offer := group[0].Offer
	var all []result
	err := s.inTransaction(ctx, func(tx pgx.Tx) error {
		known, last, err := lock(ctx, tx, offer, names(group))
		if err != nil {
			return err
		}
		p := plan{last: last, known: known, most: s.most}
		for _, r := range group {
			all = append(all, p.place(r, s.clock()))
		}
		return p.write(ctx, tx, offer)
	})
	if err != nil {
		return nil, fmt.Errorf("offer %q: %w", offer, err)
	}
	return all, nil
}

// inTransaction runs do and commits. An error of the commit, or a doubt about
// it, is [journal.ErrUnknown]; after any other error nothing is written.
//
// Read committed is enough, and wanted: what is read after the lock is what
// those who held it before have committed.
func (s *Store) inTransaction(ctx context.Context, do func(pgx.Tx) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return s.explain(err)
	}
	defer conn.Release()
	delete(conn.Conn().PgConn().CustomData(), doubt)
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted, AccessMode: pgx.ReadWrite})
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		_ = tx.Rollback(ctx) // a connection that cannot roll back is closed, which does
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w: %w", journal.ErrUnknown, err)
	}
	if warning := conn.Conn().PgConn().CustomData()[doubt]; warning != nil {
		return fmt.Errorf("commit: %w: the server warns: %v", journal.ErrUnknown, warning)
	}
	return nil
}

// A name is what a command is known by in its offer.
type name struct{ actor, key string }

func names(group []*groupcommit.Request) []name {
	var all []name
	for _, r := range group {
		for i := range r.Drafts {
			all = append(all, name{r.Drafts[i].Actor, r.Drafts[i].Key})
		}
	}
	return all
}

func columns(all []name) (actors, keys []string) {
	for _, n := range all {
		actors, keys = append(actors, n.actor), append(keys, n.key)
	}
	return actors, keys
}

// lock takes the offer's row until the end of the transaction, and reads the
// first entries of those commands that are on record already.
func lock(ctx context.Context, tx pgx.Tx, offer string, asked []name) (map[name]journal.Receipt, journal.Receipt, error) {
	var none [32]byte
	actors, keys := columns(asked)
	known := map[name]journal.Receipt{}
	last := journal.Receipt{Offer: offer}
	batch := &pgx.Batch{}
	batch.Queue(`INSERT INTO heads (offer_id, seq, at, hash, body_hash) VALUES ($1, 0, 0, $2, $2) ON CONFLICT DO NOTHING`, offer, none[:])
	batch.Queue(selectHead+" FOR UPDATE", offer).QueryRow(func(row pgx.Row) error { return scanHead(row, &last) })
	batch.Queue(`
		SELECT `+entryColumns+`
		FROM unnest($2::text[], $3::text[]) AS asked (actor, key)
		CROSS JOIN LATERAL (SELECT seq FROM commands WHERE offer_id = $1 AND key = asked.key AND actor = asked.actor LIMIT 1) AS c
		CROSS JOIN LATERAL (SELECT * FROM entries WHERE offer_id = $1 AND seq = c.seq LIMIT 1) AS e`, offer, actors, keys).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			e, err := scanEntry(rows, offer)
			if err != nil {
				return err
			}
			known[name{e.Actor, e.Key}] = journal.ReceiptOf(e)
		}
		return rows.Err()
	})
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return nil, last, err
	}
	if last.Seq == 0 {
		last = journal.Receipt{}
	}
	return known, last, nil
}

// A plan is what a transaction will write.
type plan struct {
	last    journal.Receipt
	known   map[name]journal.Receipt // on record, or placed by this plan
	entries []journal.Entry
	again   []name // commands asked for again
	most    uint64 // entries that the offer may have
}

// place gives the drafts of a request their entries, or their first receipts. It
// refuses a request that the offer has no room for.
func (p *plan) place(r *groupcommit.Request, now time.Time) result {
	more := 0
	for i := range r.Drafts {
		if _, isKnown := p.known[name{r.Drafts[i].Actor, r.Drafts[i].Key}]; !isKnown {
			more++
		}
	}
	if err := groupcommit.CheckRoom(r.Offer, p.last.Seq, more, p.most); err != nil {
		return result{refused: err}
	}
	receipts := make([]journal.Receipt, len(r.Drafts))
	for i, d := range r.Drafts {
		n := name{d.Actor, d.Key}
		first, isKnown := p.known[n]
		if isKnown {
			p.again = append(p.again, n)
			first.Existing = true
			receipts[i] = first
			continue
		}
		e := journal.Next(r.Offer, p.last, now, d)
		p.entries = append(p.entries, e)
		p.last = journal.Receipt{Offer: e.Offer, Seq: e.Seq, At: e.At, Hash: e.Hash(), Body: r.Bodies[i]}
		p.known[n], receipts[i] = p.last, p.last
	}
	return result{receipts: receipts}
}

// write puts the plan into the tables. Commands asked for again are written too,
// so that their answer waits for the disk, and for replication, as a first one.
func (p *plan) write(ctx context.Context, tx pgx.Tx, offer string) error {
	batch := &pgx.Batch{}
	if len(p.entries) > 0 {
		p.queueEntries(batch, offer)
	}
	if len(p.again) > 0 {
		actors, keys := columns(p.again)
		batch.Queue(`
			UPDATE commands AS c SET asked = c.asked + again.times
			FROM (SELECT actor, key, count(*) AS times FROM unnest($2::text[], $3::text[]) AS u (actor, key) GROUP BY actor, key) AS again
			WHERE c.offer_id = $1 AND c.actor = again.actor AND c.key = again.key`, offer, actors, keys)
	}
	return tx.SendBatch(ctx, batch).Close()
}

// queueEntries adds entries, their commands and the new head.
func (p *plan) queueEntries(batch *pgx.Batch, offer string) {
	n := len(p.entries)
	seqs, ats := make([]int64, n), make([]int64, n)
	kinds, versions := make([]int16, n), make([]int16, n)
	actors, keys := make([]string, n), make([]string, n)
	prevs, bodies := make([][]byte, n), make([][]byte, n)
	for i := range p.entries {
		e := &p.entries[i]
		seqs[i], ats[i], kinds[i], versions[i] = int64(e.Seq), e.At.UnixNano(), int16(e.Kind), int16(e.Version)
		actors[i], keys[i], prevs[i], bodies[i] = e.Actor, e.Key, e.Prev[:], e.Body
		if e.Body == nil {
			bodies[i] = []byte{} // nil is null
		}
	}
	batch.Queue(`INSERT INTO commands (offer_id, actor, key, seq, asked)
		SELECT $1, actor, key, seq, 1 FROM unnest($2::text[], $3::text[], $4::bigint[]) AS new (actor, key, seq)`, offer, actors, keys, seqs)
	batch.Queue(`INSERT INTO entries (offer_id, seq, at, kind, version, actor, key, prev, body)
		SELECT $1, new.* FROM unnest($2::bigint[], $3::bigint[], $4::smallint[], $5::smallint[], $6::text[], $7::text[], $8::bytea[], $9::bytea[]) AS new`,
		offer, seqs, ats, kinds, versions, actors, keys, prevs, bodies)
	batch.Queue(`UPDATE heads SET seq = $2, at = $3, hash = $4, body_hash = $5 WHERE offer_id = $1`,
		offer, int64(p.last.Seq), p.last.At.UnixNano(), p.last.Hash[:], p.last.Body[:])
}

// Import implements desk.Importer.
func (s *Store) Import(ctx context.Context, entries ...*journal.Entry) error {
	if len(entries) == 0 {
		return ctx.Err()
	}
	offer := entries[0].Offer
	var asked []name
	for _, e := range entries {
		asked = append(asked, name{e.Actor, e.Key})
	}
	err := s.inTransaction(context.WithoutCancel(ctx), func(tx pgx.Tx) error {
		known, last, err := lock(ctx, tx, offer, asked)
		if err != nil {
			return err
		}
		if err := groupcommit.CheckImport(last, entries); err != nil {
			return err
		}
		p := plan{last: journal.ReceiptOf(entries[len(entries)-1])}
		for _, e := range entries {
			n := name{e.Actor, e.Key}
			if _, twice := known[n]; twice {
				return fmt.Errorf("entry %d repeats key %q of %q", e.Seq, e.Key, e.Actor)
			}
			known[n] = journal.Receipt{}
			p.entries = append(p.entries, *e)
		}
		return errors.Join(p.write(ctx, tx, offer), ctx.Err())
	})
	if err != nil {
		return fmt.Errorf("offer %q: %w", offer, err)
	}
	s.grew(offer)
	return nil
}
