package desk

import (
	"context"
	"errors"
	"fmt"

	"tenderbook/book"
	"tenderbook/journal"
)

// ErrNoEntry is wrapped where a journal does not go as far as is asked.
var ErrNoEntry = errors.New("not on record yet")

// errThere ends reading at the entry asked for.
var errThere = errors.New("there")

// ViewAt calls look with the state of an offer as it stood after entry seq,
// folded from the journal's start; 0 means as it is now, as View does. It fails
// with [ErrNoEntry] where the journal ends before, and with [journal.ErrNewer]
// where a later version of the program wrote one of these entries.
func (d *Desk) ViewAt(ctx context.Context, offer string, seq uint64, look func(*book.State) error) error {
	if seq == 0 {
		return d.View(ctx, offer, look)
	}
	s := book.New(offer)
	err := d.journal.Read(ctx, offer, 1, func(e *journal.Entry) error {
		if _, err := judged(e, s.Apply(e)); err != nil {
			return err
		}
		if e.Seq == seq {
			return errThere
		}
		return nil
	})
	switch {
	case err == nil:
		return fmt.Errorf("entry %d of offer %q is %w: the last is %d", seq, offer, ErrNoEntry, s.Head().Seq)
	case err != errThere:
		return err
	}
	return look(s)
}

// Receipt is the receipt of one entry of an offer, 1 or later. It fails with
// [ErrNoEntry] where the journal ends before.
func (d *Desk) Receipt(ctx context.Context, offer string, seq uint64) (journal.Receipt, error) {
	var found journal.Receipt
	err := d.journal.Read(ctx, offer, seq, func(e *journal.Entry) error {
		found = journal.ReceiptOf(e)
		return errThere
	})
	switch {
	case err == errThere:
		return found, nil
	case err == nil:
		err = fmt.Errorf("entry %d of offer %q is %w", seq, offer, ErrNoEntry)
	}
	return found, err
}
