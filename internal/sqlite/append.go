package sqlite

import (
	"fmt"

	"zombiezen.com/go/sqlite"

	"tenderbook/internal/groupcommit"
	"tenderbook/journal"
)

// commit writes a group of requests in one transaction and leaves it to tell of
// it and to answer them.
func (s *Store) commit(requests []*groupcommit.Request) (answer func()) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.finishCheckpoint()
	t := newTransaction(s.writer)
	results, err := t.run(requests, s.clock)
	if err != nil {
		err = s.judge(err)
		return func() {
			for _, r := range requests {
				r.Answer(nil, err)
			}
		}
	}
	s.logged(t)
	return func() {
		s.announce(t)
		s.wake(t)
		for i, r := range requests {
			if no := results[i].refused; no != nil {
				r.Answer(nil, no)
				continue
			}
			r.Answer(results[i].receipts, nil)
		}
	}
}

// wake wakes those who follow.
func (s *Store) wake(t *transaction) {
	for offer, a := range t.appends {
		if len(a.entries) > 0 {
			s.hub.Wake(offer)
		}
	}
}

// A listener is told of what is appended.
type listener struct {
	told func(offer string, entries []journal.Entry, last [32]byte)
}

// Announce implements desk.Announcer.
func (s *Store) Announce(told func(offer string, entries []journal.Entry, last [32]byte)) (stop func()) {
	l := &listener{told}
	s.telling.Lock()
	defer s.telling.Unlock()
	s.told[l] = true
	return func() {
		s.telling.Lock()
		defer s.telling.Unlock()
		delete(s.told, l)
	}
}

// announce tells those who asked.
func (s *Store) announce(t *transaction) {
	s.telling.Lock()
	defer s.telling.Unlock()
	for offer, a := range t.appends {
		for l := range s.told {
			if len(a.entries) > 0 {
				l.told(offer, a.entries, a.last)
			}
		}
	}
}

// A commitError is an error of the commit itself: what it wrote may be there
// when the file is opened next.
type commitError struct{ error }

// A refusal is an answer to who asked for all of a transaction: nothing was
// written, nothing is wrong with the store.
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
