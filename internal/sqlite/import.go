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
	if err := s.writer.inTransaction(func() error { return s.writer.importAll(entries) }); err != nil {
		return s.judge(err)
	}
	bytes := 0
	for _, e := range entries {
		bytes += len(e.Body)
	}
	s.hub.Wake(entries[0].Offer)
	s.logged(len(entries), bytes)
	return nil
}

// writable says why there can be no writing now; s.writing is held.
func (s *Store) writable(ctx context.Context) error {
	if s.writer == nil {
		return groupcommit.ErrClosed
	}
	if err := s.Err(); err != nil {
		return err
	}
	return ctx.Err()
}

// importAll writes entries of one offer as they are, after its last one.
func (w *writer) importAll(entries []*journal.Entry) error {
	offer := entries[0].Offer
	last, err := w.readHead(offer)
	if err != nil {
		return err
	}
	if err := groupcommit.CheckImport(last, entries); err != nil {
		return refusal{err}
	}
	for _, e := range entries {
		isNew, err := w.insertCommand(e)
		if err != nil {
			return err
		}
		if !isNew {
			return refusal{fmt.Errorf("offer %q: entry %d repeats key %q of %q", offer, e.Seq, e.Key, e.Actor)}
		}
		if err := w.insertEntry(e); err != nil {
			return err
		}
	}
	return w.writeHeads(map[string]journal.Receipt{offer: journal.ReceiptOf(entries[len(entries)-1])})
}
