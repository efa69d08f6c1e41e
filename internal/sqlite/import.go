package sqlite

import (
	"context"
	"fmt"

	"tenderbook/internal/groupcommit"
	"tenderbook/journal"
)

// Import implements desk.Importer.
func (s *Store) Import(ctx context.Context, entries ...*journal.Entry) error {
	if len(entries) == 0 {
		return ctx.Err()
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.writable(ctx); err != nil {
		return err
	}
	s.finishCheckpoint()
	t := newTransaction(s.writer)
	if err := t.do(func() error { return t.importAll(entries) }); err != nil {
		return s.judge(err)
	}
	s.logged(t)
	s.wake(t)
	return nil
}

// writable says why there can be no writing now; s.writing is held.
func (s *Store) writable(ctx context.Context) error {
	if s.closed {
		return groupcommit.ErrClosed
	}
	if err := s.Err(); err != nil {
		return err
	}
	return ctx.Err()
}

// importAll places entries of one offer as they are, after its last one.
func (t *transaction) importAll(entries []*journal.Entry) error {
	a, err := t.on(entries[0].Offer)
	if err != nil {
		return err
	}
	if err := groupcommit.CheckImport(a.chain.head, entries); err != nil {
		return refusal{err}
	}
	for _, e := range entries {
		command := commandHash(e.Actor, e.Key)
		first, err := t.find(a, &e.Draft, command)
		if err != nil {
			return err
		}
		if first != nil {
			return refusal{fmt.Errorf("offer %q: entry %d repeats key %q of %q", e.Offer, e.Seq, e.Key, e.Actor)}
		}
		if err := t.place(a, *e, command, e.BodyHash()); err != nil {
			return err
		}
	}
	return nil
}
