package sqlite

import (
	"fmt"

	"zombiezen.com/go/sqlite"

	"tenderbook/journal"
)

// A writer is the connection that writes, with its statements and what it knows
// of the offers that it has written to.
type writer struct {
	conn                    *sqlite.Conn
	begin, commit, rollback *sqlite.Stmt
	head, setHead           *sqlite.Stmt
	commands, entries, add  *sqlite.Stmt

	chains map[string]*chain
	most   uint64 // entries that an offer may have
}

// A chain is what the writer knows of an offer. It holds in a transaction alone:
// other processes may append between two.
type chain struct {
	head    journal.Receipt // of the last entry; zero if there is none
	repeats int64           // how often commands on record were asked for again
	index   index
}

func newWriter(conn *sqlite.Conn) (*writer, error) {
	w := &writer{conn: conn, chains: map[string]*chain{}, most: journal.MaxEntries}
	for _, s := range []struct {
		to  **sqlite.Stmt
		sql string
	}{
		{&w.begin, "BEGIN IMMEDIATE"},
		{&w.commit, "COMMIT"},
		{&w.rollback, "ROLLBACK"},
		{&w.head, selectHead},
		{&w.setHead, `INSERT INTO heads (offer_id, seq, at, hash, body_hash, repeats) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (offer_id) DO UPDATE SET seq = excluded.seq, at = excluded.at, hash = excluded.hash,
				body_hash = excluded.body_hash, repeats = excluded.repeats`},
		{&w.commands, "SELECT first_seq, last_seq, commands FROM groups WHERE offer_id = ? AND last_seq >= ? ORDER BY last_seq"},
		{&w.entries, selectGroups},
		{&w.add, insertGroup},
	} {
		stmt, err := conn.Prepare(s.sql)
		if err != nil {
			return nil, err
		}
		*s.to = stmt
	}
	return w, nil
}

const insertGroup = "INSERT INTO groups (offer_id, first_seq, last_seq, commands, entries) VALUES (?, ?, ?, ?, ?)"

func (w *writer) close() error { return w.conn.Close() }

// inTransaction runs do between begin and commit. An error of the commit is a
// commitError; any other error means that nothing was written.
func (w *writer) inTransaction(do func() error) error {
	if err := exec(w.begin); err != nil {
		return err
	}
	if err := do(); err != nil {
		_ = exec(w.rollback) // SQLite may have rolled back on its own
		return err
	}
	if err := exec(w.commit); err != nil {
		_ = exec(w.rollback)
		return commitError{err}
	}
	return nil
}

// chain gives what is known of an offer, read up to its last entry. What another
// process wrote since the last transaction is read here; the transaction that has
// begun keeps others from writing until it ends.
func (w *writer) chain(offer string) (*chain, error) {
	c := w.chains[offer]
	if c == nil {
		c = &chain{}
		w.chains[offer] = c
	}
	before := c.head
	err := w.readHead(offer, c)
	switch {
	case err != nil:
	case c.head.Seq == before.Seq && c.head.Hash == before.Hash && c.index.len() == before.Seq:
	case c.head.Seq <= before.Seq:
		err = fmt.Errorf("offer %q: entry %d is the last one, and entry %d was on record: the file is another one now", offer, c.head.Seq, before.Seq)
	default:
		err = w.readCommands(offer, c)
	}
	if err != nil {
		delete(w.chains, offer)
	}
	return c, err
}

// readCommands takes into the index the commands that it does not have yet.
func (w *writer) readCommands(offer string, c *chain) error {
	defer w.commands.Reset()
	w.commands.BindText(1, offer)
	w.commands.BindInt64(2, int64(c.index.len()+1))
	for {
		found, err := w.commands.Step()
		if err != nil {
			return err
		}
		if !found {
			break
		}
		if err := c.index.addRow(w.commands); err != nil {
			return fmt.Errorf("offer %q: %w", offer, err)
		}
	}
	if c.index.len() != c.head.Seq {
		return fmt.Errorf("offer %q: the entries end with %d, the last one should be %d: the file is damaged", offer, c.index.len(), c.head.Seq)
	}
	return nil
}

// first is the entry of a command that is on record before the transaction, at
// sequence number seq, if it is the one that was asked for.
func (w *writer) first(offer string, seq uint64, actor, key string) (found *journal.Entry, err error) {
	defer w.entries.Reset()
	w.entries.BindText(1, offer)
	w.entries.BindInt64(2, int64(seq))
	there, err := w.entries.Step()
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, fmt.Errorf("offer %q: entry %d is not there: the file is damaged", offer, seq)
	}
	r := rowOf(w.entries, offer)
	err = r.each(seq, func(e *journal.Entry) error {
		if e.Seq == seq && e.Actor == actor && e.Key == key {
			found = e
		}
		return nil
	})
	return found, err
}

func (w *writer) readHead(offer string, c *chain) (err error) {
	defer w.head.Reset()
	c.head, c.repeats, err = head(w.head, offer)
	return err
}

func (w *writer) writeHead(offer string, c *chain) error {
	s := w.setHead
	s.BindText(1, offer)
	s.BindInt64(2, int64(c.head.Seq))
	s.BindInt64(3, c.head.At.UnixNano())
	s.BindBytes(4, c.head.Hash[:])
	s.BindBytes(5, c.head.Body[:])
	s.BindInt64(6, c.repeats)
	return exec(s)
}

// write adds a group as a row.
func (w *writer) write(offer string, g *group) error {
	w.add.BindText(1, offer)
	w.add.BindInt64(2, int64(g.first))
	w.add.BindInt64(3, int64(g.last))
	w.add.BindBytes(4, g.commands)
	w.add.BindBytes(5, g.encoded)
	return exec(w.add)
}

// exec runs a statement that returns no rows.
func exec(s *sqlite.Stmt) error {
	_, err := s.Step()
	if again := s.Reset(); err == nil {
		err = again
	}
	return err
}
