package sqlite

import (
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"

	"tenderbook/internal/groupcommit"
	"tenderbook/journal"
)

// A writer is the connection that writes, with its statements.
type writer struct {
	conn                         *sqlite.Conn
	begin, commit, rollback      *sqlite.Stmt
	head, setHead                *sqlite.Stmt
	addCommand, askAgain, answer *sqlite.Stmt
	addEntry                     *sqlite.Stmt
}

func newWriter(conn *sqlite.Conn) (*writer, error) {
	w := &writer{conn: conn}
	for _, s := range []struct {
		to  **sqlite.Stmt
		sql string
	}{
		{&w.begin, "BEGIN IMMEDIATE"},
		{&w.commit, "COMMIT"},
		{&w.rollback, "ROLLBACK"},
		{&w.head, selectHead},
		{&w.setHead, `INSERT INTO heads (offer_id, seq, at, hash, body_hash) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (offer_id) DO UPDATE SET seq = excluded.seq, at = excluded.at, hash = excluded.hash, body_hash = excluded.body_hash`},
		{&w.addCommand, "INSERT INTO commands (offer_id, actor, key, seq, asked) VALUES (?, ?, ?, ?, 1) ON CONFLICT DO NOTHING"},
		{&w.askAgain, "UPDATE commands SET asked = asked + 1 WHERE offer_id = ? AND actor = ? AND key = ?"},
		{&w.answer, `SELECT ` + entryColumns + ` FROM entries JOIN commands USING (offer_id, seq)
			WHERE commands.offer_id = ? AND commands.actor = ? AND commands.key = ?`},
		{&w.addEntry, "INSERT INTO entries (offer_id, seq, at, kind, version, actor, key, prev, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
	} {
		stmt, err := conn.Prepare(s.sql)
		if err != nil {
			return nil, err
		}
		*s.to = stmt
	}
	return w, nil
}

func (w *writer) close() error { return w.conn.Close() }

// commit writes a group of requests in one transaction and answers them.
func (s *Store) commit(group []*groupcommit.Request) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.finishCheckpoint()
	receipts, err := s.writer.write(group, s.clock)
	if err != nil {
		err = s.judge(err)
		for _, r := range group {
			r.Answer(nil, err)
		}
		return
	}
	for i, r := range group {
		r.Answer(receipts[i], nil)
	}
	s.grew(group)
}

// grew wakes followers and thinks of the log.
func (s *Store) grew(group []*groupcommit.Request) {
	bytes, drafts := 0, 0
	for i, r := range group {
		if i == 0 || r.Offer != group[i-1].Offer {
			s.hub.Wake(r.Offer)
		}
		drafts += len(r.Drafts)
		for j := range r.Drafts {
			bytes += len(r.Drafts[j].Body)
		}
	}
	s.logged(drafts, bytes)
}

// A commitError is an error of the commit itself: what it wrote may be there
// when the file is opened next.
type commitError struct{ error }

// A refusal is an answer to one request: nothing was written, nothing is wrong
// with the store.
type refusal struct{ error }

// judge says what an error while writing means to those who asked, and ends
// writing unless it was only another process that had the file too long.
func (s *Store) judge(err error) error {
	failed, atCommit := err.(commitError)
	no, isRefusal := err.(refusal)
	switch {
	case isRefusal:
		return no.error
	case atCommit:
		err = fmt.Errorf("%s: commit: %w: %w", s.path, journal.ErrUnknown, failed.error)
	case sqlite.ErrCode(err).ToPrimary() == sqlite.ResultBusy:
		return fmt.Errorf("%s: another process has held the file for %s: %w", s.path, busyTimeout, err)
	default:
		err = fmt.Errorf("%s: %w", s.path, err)
	}
	s.stop(err)
	return err
}

// write is the transaction.
func (w *writer) write(group []*groupcommit.Request, clock func() time.Time) ([][]journal.Receipt, error) {
	all := make([][]journal.Receipt, len(group))
	err := w.inTransaction(func() error {
		heads := map[string]journal.Receipt{}
		for i, r := range group {
			last, known := heads[r.Offer]
			if !known {
				var err error
				if last, err = w.readHead(r.Offer); err != nil {
					return err
				}
			}
			receipts, err := w.request(r, &last, clock())
			if err != nil {
				return err
			}
			all[i], heads[r.Offer] = receipts, last
		}
		return w.writeHeads(heads)
	})
	return all, err
}

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

// request writes the drafts of one request after last, which it moves on.
func (w *writer) request(r *groupcommit.Request, last *journal.Receipt, now time.Time) ([]journal.Receipt, error) {
	receipts := make([]journal.Receipt, len(r.Drafts))
	for i := range r.Drafts {
		e := journal.Next(r.Offer, *last, now, r.Drafts[i])
		isNew, err := w.insertCommand(&e)
		switch {
		case err != nil:
		case isNew:
			receipts[i] = journal.Receipt{Offer: e.Offer, Seq: e.Seq, At: e.At, Hash: e.Hash(), Body: r.Bodies[i]}
			*last = receipts[i]
			err = w.insertEntry(&e)
		default:
			receipts[i], err = w.repeat(&e)
		}
		if err != nil {
			return nil, err
		}
	}
	return receipts, nil
}

// insertCommand says whether the entry's command is new, and notes it if so.
func (w *writer) insertCommand(e *journal.Entry) (isNew bool, err error) {
	w.addCommand.BindText(1, e.Offer)
	w.addCommand.BindText(2, e.Actor)
	w.addCommand.BindText(3, e.Key)
	w.addCommand.BindInt64(4, int64(e.Seq))
	err = exec(w.addCommand)
	return w.conn.Changes() > 0, err
}

func (w *writer) insertEntry(e *journal.Entry) error {
	s := w.addEntry
	s.BindText(1, e.Offer)
	s.BindInt64(2, int64(e.Seq))
	s.BindInt64(3, e.At.UnixNano())
	s.BindInt64(4, int64(e.Kind))
	s.BindInt64(5, int64(e.Version))
	s.BindText(6, e.Actor)
	s.BindText(7, e.Key)
	s.BindBytes(8, e.Prev[:])
	s.BindBytes(9, e.Body)
	return exec(s)
}

// repeat counts a command asked for again and reads its first entry back.
func (w *writer) repeat(asked *journal.Entry) (journal.Receipt, error) {
	bindCommand(w.askAgain, asked)
	if err := exec(w.askAgain); err != nil {
		return journal.Receipt{}, err
	}
	bindCommand(w.answer, asked)
	defer w.answer.Reset()
	found, err := w.answer.Step()
	if err != nil {
		return journal.Receipt{}, err
	}
	if !found {
		return journal.Receipt{}, fmt.Errorf("offer %q: command %q of %q is on record, its entry is not: the file is damaged", asked.Offer, asked.Key, asked.Actor)
	}
	first := entry(w.answer, asked.Offer)
	receipt := journal.ReceiptOf(&first)
	receipt.Existing = true
	return receipt, nil
}

func bindCommand(s *sqlite.Stmt, e *journal.Entry) {
	s.BindText(1, e.Offer)
	s.BindText(2, e.Actor)
	s.BindText(3, e.Key)
}

func (w *writer) readHead(offer string) (journal.Receipt, error) {
	defer w.head.Reset()
	return head(w.head, offer)
}

func (w *writer) writeHeads(heads map[string]journal.Receipt) error {
	for offer, last := range heads {
		s := w.setHead
		s.BindText(1, offer)
		s.BindInt64(2, int64(last.Seq))
		s.BindInt64(3, last.At.UnixNano())
		s.BindBytes(4, last.Hash[:])
		s.BindBytes(5, last.Body[:])
		if err := exec(s); err != nil {
			return err
		}
	}
	return nil
}

// exec runs a statement that returns no rows.
func exec(s *sqlite.Stmt) error {
	_, err := s.Step()
	if again := s.Reset(); err == nil {
		err = again
	}
	return err
}
