package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"

	"tenderbook/journal"
)

// moveEntries is the third version of the schema. The first kept each entry as a
// row, and the place of its command as another; they go into groups as they are,
// gaps included: it is for who reads to find damage.
var moveEntries = goose.NewGoMigration(3, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
	m := mover{ctx: ctx, tx: tx}
	if err := m.all(); err != nil {
		return err
	}
	for _, table := range []string{"entries", "commands"} {
		if _, err := tx.ExecContext(ctx, "DROP TABLE "+table); err != nil {
			return err
		}
	}
	return nil
}}, nil)

// A mover gathers entries of version 1 into rows.
type mover struct {
	ctx   context.Context
	tx    *sql.Tx
	offer string
	row   group
}

// movedEntries is how many entries go into one row, if they are short.
const movedEntries = 256

func (m *mover) all() (err error) {
	rows, err := m.tx.QueryContext(m.ctx, "SELECT offer_id, seq, at, kind, version, actor, key, prev, body FROM entries ORDER BY offer_id, seq")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var e journal.Entry
		var at int64
		var prev []byte
		if err := rows.Scan(&e.Offer, &e.Seq, &at, &e.Kind, &e.Version, &e.Actor, &e.Key, &prev, &e.Body); err != nil {
			return err
		}
		e.At = time.Unix(0, at).UTC()
		if copy(e.Prev[:], prev) != len(e.Prev) {
			return fmt.Errorf("offer %q: entry %d names the entry before with %d bytes: the file is damaged", e.Offer, e.Seq, len(prev))
		}
		if err := m.take(&e); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), m.flush())
}

func (m *mover) take(e *journal.Entry) error {
	ends := e.Offer != m.offer || e.Seq != m.row.last+1 || e.Seq-m.row.first >= movedEntries || m.row.full()
	if m.row.last > 0 && ends {
		if err := m.flush(); err != nil {
			return err
		}
	}
	m.offer = e.Offer
	m.row.add(e, commandHash(e.Actor, e.Key))
	return nil
}

func (m *mover) flush() error {
	if m.row.last == 0 {
		return nil
	}
	_, err := m.tx.ExecContext(m.ctx, insertGroup, m.offer, int64(m.row.first), int64(m.row.last), m.row.commands, m.row.encoded)
	m.row = group{}
	return err
}
