package sqlite

import (
	"fmt"

	"zombiezen.com/go/sqlite"

	"tenderbook/internal/groupcommit"
	"tenderbook/journal"
)

// commit writes a group of requests in one transaction and answers them.
func (s *Store) commit(requests []*groupcommit.Request) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.finishCheckpoint()
	t := newTransaction(s.writer)
	receipts, err := t.run(requests, s.clock)
	if err != nil {
		err = s.judge(err)
		for _, r := range requests {
			r.Answer(nil, err)
		}
		return
	}
	s.grew(t)
	for i, r := range requests {
		r.Answer(receipts[i], nil)
	}
}

// grew tells of what was appended and thinks of the log.
func (s *Store) grew(t *transaction) {
	bytes := 0
	for _, a := range t.appends {
		if len(a.entries) > 0 {
			s.announce(a.offer, a.entries)
			s.hub.Wake(a.offer)
		}
		bytes += a.bytes
	}
	s.logged(len(t.appends), bytes)
}

// Announce has told called with the entries of each commit of this process, in
// order, when they are on disk and before their Append returns. It must not wait,
// nor call the store, nor change what it is given, which it may keep.
func (s *Store) Announce(told func(offer string, entries []journal.Entry)) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.told = append(s.told, told)
}

// announce tells those who asked; Store.writing is held.
func (s *Store) announce(offer string, entries []journal.Entry) {
	for _, told := range s.told {
		told(offer, entries)
	}
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
