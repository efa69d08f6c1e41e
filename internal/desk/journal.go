// Package desk takes commands: it authorises them, puts them on record, folds them
// and answers.
package desk

import (
	"context"
	"fmt"

	"tenderbook/journal"
)

// A Journal keeps the entries of offers: each offer has one order, one chain and
// no gap, whoever appends. Package journaltest says in tests what each method
// means; every store passes them.
type Journal interface {
	// Append puts the drafts on record, all or none, next to each other, and
	// returns a receipt for each when they are on disk. The store assigns the
	// sequence, the time (its clock, or the time of the entry before if that is
	// later) and the hash of the entry before.
	//
	// A draft whose actor and key are on record for the offer is not written
	// again: its receipt is the first one, with Existing set. The store writes
	// all the same, so that the answer is as durable as a first one. Compare
	// Receipt.Body to tell a repeated command from another under the same key.
	//
	// An error that wraps journal.ErrUnknown says that the drafts may be on
	// record or not. Every other error says that they are not.
	Append(ctx context.Context, offer string, drafts ...journal.Draft) ([]journal.Receipt, error)

	// Read calls each for the entries of the offer in order, from sequence
	// number from on (0 and 1 are the same), as far as the journal goes. It
	// stops at an error of each and returns that error unchanged.
	Read(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) error

	// Head is the receipt of the offer's last entry; zero if there is none.
	Head(ctx context.Context, offer string) (journal.Receipt, error)

	// Offers lists the offers that have entries, in byte order.
	Offers(ctx context.Context) ([]string, error)
}

// A Follower is a Journal that can wait for what comes.
type Follower interface {
	// Follow is Read that does not end: it goes on with new entries, from
	// whatever process, until ctx is done, whose error it returns, or each
	// returns one.
	Follow(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) error
}

// An Announcer is a Journal that tells of the entries that this process appends,
// so that they need not be read back.
type Announcer interface {
	// Announce has told called with the entries of each commit, of one offer and in
	// order, and the hash of the last of them, when they are on disk and before
	// their Append returns. told must not wait nor call the journal. It may keep the entries and must not change them.
	// What is imported, or appended by other processes, is not told. It ends with a call of stop.
	Announce(told func(offer string, entries []journal.Entry, last [32]byte)) (stop func())
}

// An Importer is a Journal that takes entries that another one made: a backup
// restored, an offer moved between stores.
type Importer interface {
	// Import puts entries of one offer on record as they are, all or none. They
	// must continue the offer's chain: next sequence number, hash of the entry
	// before, no earlier time, no key used twice.
	Import(ctx context.Context, entries ...*journal.Entry) error
}

// Copy copies an offer's entries up to and with sequence number upTo (0: all)
// from src to dst, byte for byte. Entries that dst has already must be the same
// ones; so a copy that was cut off is taken up again by the same call. It
// returns the sequence number of the last entry in dst.
func Copy(ctx context.Context, dst interface {
	Journal
	Importer
}, src Journal, offer string, upTo uint64,
) (uint64, error) {
	head, err := dst.Head(ctx, offer)
	if err != nil {
		return 0, err
	}
	if upTo > 0 && head.Seq > upTo {
		return head.Seq, fmt.Errorf("offer %q: the copy has %d entries already, more than the %d asked for", offer, head.Seq, upTo)
	}
	c := copier{ctx: ctx, dst: dst, head: head, last: head.Seq}
	err = src.Read(ctx, offer, max(head.Seq, 1), func(e *journal.Entry) error {
		if upTo > 0 && e.Seq > upTo {
			return errCopied
		}
		return c.take(e)
	})
	if err != nil && err != errCopied {
		return c.last, err
	}
	if err := c.flush(); err != nil {
		return c.last, err
	}
	if c.last < max(upTo, head.Seq) || head.Seq > 0 && !c.joined {
		return c.last, fmt.Errorf("offer %q: the source ends before entry %d", offer, max(upTo, head.Seq))
	}
	return c.last, nil
}

// errCopied ends reading at the entry asked for.
var errCopied = fmt.Errorf("copied")

// A copier gathers entries and imports them by the megabyte.
type copier struct {
	ctx     context.Context
	dst     Importer
	head    journal.Receipt // what dst had before
	joined  bool            // the entry at head was seen in the source, and is the same
	pending []*journal.Entry
	bytes   int
	last    uint64
}

const copyBytes = 8 << 20

func (c *copier) take(e *journal.Entry) error {
	if e.Seq == c.head.Seq {
		if e.Hash() != c.head.Hash {
			return fmt.Errorf("offer %q: entry %d of the copy is another one than the source's", e.Offer, e.Seq)
		}
		c.joined = true
		return nil
	}
	c.pending = append(c.pending, e)
	if c.bytes += len(e.Body); c.bytes < copyBytes && len(c.pending) < 4096 {
		return nil
	}
	return c.flush()
}

func (c *copier) flush() error {
	if len(c.pending) == 0 {
		return nil
	}
	if err := c.dst.Import(c.ctx, c.pending...); err != nil {
		return err
	}
	c.last = c.pending[len(c.pending)-1].Seq
	c.pending, c.bytes = nil, 0
	return nil
}
