package desk

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"tenderbook/book"
	"tenderbook/journal"
)

// ErrKeyReused is returned for a command whose key is on record with another
// body: the first command stands.
var ErrKeyReused = errors.New("this idempotency key is on record with another command")

// A Desk takes commands for the offers of one journal. Any number of desks, in
// any number of processes, may work on the same journal at once: what a command
// comes to is decided by its place in the journal alone.
type Desk struct {
	journal Journal
	stop    func() // of what the journal tells; nil if it tells nothing

	snapshots Snapshots // nil: none are kept
	every     uint64    // entries and instructions

	mu    sync.RWMutex
	rooms map[string]*room
}

// Open gives a desk over a journal. States are made when an offer is first asked
// for.
func Open(j Journal) *Desk {
	d := &Desk{journal: j, rooms: map[string]*room{}}
	if a, ok := j.(Announcer); ok {
		d.stop = a.Announce(d.told)
	}
	return d
}

// Close ends the desk; the journal stays open. A desk that is not closed lives as
// long as its journal.
func (d *Desk) Close() {
	if d.stop != nil {
		d.stop()
	}
}

// told takes what the journal tells of. Offers that nobody has asked this desk for
// have no room, and are read when somebody does.
func (d *Desk) told(offer string, entries []journal.Entry, last [32]byte) {
	d.mu.RLock()
	r := d.rooms[offer]
	d.mu.RUnlock()
	if r != nil {
		r.hear(entries, last)
	}
}

// An Answer is what a command came to.
type Answer struct {
	Receipt journal.Receipt
	Outcome book.Outcome
}

// Do puts a command on record for an actor and answers with its receipt and
// outcome. A command that was on record already under the same key gets its
// first answer again.
//
// A refusal is part of the answer and no error. Errors: [ErrKeyReused]; what
// wraps journal.ErrNewer, where a later version of the program has written to the
// offer; what wraps journal.ErrUnknown, after which the same call with the same
// key finds out; anything else says that nothing is on record.
func (d *Desk) Do(ctx context.Context, offer, actor, key string, c book.Command) (Answer, error) {
	draft, err := book.Draft(actor, key, c)
	if err != nil {
		return Answer{}, err
	}
	r := d.room(offer)
	if err := r.judges(); err != nil {
		return Answer{}, err
	}
	receipts, err := d.journal.Append(ctx, offer, draft)
	if err != nil {
		return Answer{}, err
	}
	receipt := receipts[0]
	if receipt.Existing && receipt.Body != draft.BodyHash() {
		return Answer{}, fmt.Errorf("offer %q, key %q of %s, entry %d: %w", offer, key, actor, receipt.Seq, ErrKeyReused)
	}
	outcome, err := d.outcome(ctx, r, receipt, c)
	if err != nil {
		// The command is on record; only its outcome could not be read.
		return Answer{}, fmt.Errorf("%w: recorded as entry %d, and its outcome could not be read: %w", journal.ErrUnknown, receipt.Seq, err)
	}
	return Answer{receipt, outcome}, nil
}

func (d *Desk) outcome(ctx context.Context, r *room, receipt journal.Receipt, c book.Command) (book.Outcome, error) {
	if err := d.follow(ctx, r, receipt.Offer, receipt.Seq); err != nil {
		return book.Outcome{}, err
	}
	o, refused, known := r.answers.of(receipt.Seq)
	if !known { // folds for long, and the offer goes on meanwhile
		return d.outcomeBefore(ctx, receipt)
	}
	if refused {
		return o, nil
	}
	o = book.Outcome{Seq: receipt.Seq}
	if batch, ok := c.(*book.Instructions); ok {
		o.Taken = len(batch.Rows)
	}
	return o, nil
}

func (d *Desk) room(offer string) *room {
	d.mu.RLock()
	r := d.rooms[offer]
	d.mu.RUnlock()
	if r != nil {
		return r
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.rooms[offer] == nil {
		d.rooms[offer] = newRoom(offer)
	}
	return d.rooms[offer]
}

// View calls look with the state of an offer as the journal has it now, or later.
// The state must not be kept.
func (d *Desk) View(ctx context.Context, offer string, look func(*book.State) error) error {
	head, err := d.journal.Head(ctx, offer)
	if err != nil {
		return err
	}
	r := d.room(offer)
	if err := d.follow(ctx, r, offer, head.Seq); err != nil {
		return err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return look(r.state)
}

// Offers lists the offers of the journal.
func (d *Desk) Offers(ctx context.Context) ([]string, error) { return d.journal.Offers(ctx) }
