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

	mu    sync.Mutex
	rooms map[string]*room
}

// A room holds the present state of one offer.
type room struct {
	mu      sync.RWMutex
	state   *book.State
	refused map[uint64]book.Outcome // by entry: those that were not taken whole
	newer   error                   // why the offer cannot be judged by this program
}

// Open gives a desk over a journal. States are made when an offer is first asked
// for.
func Open(j Journal) *Desk { return &Desk{journal: j, rooms: map[string]*room{}} }

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
	if err := d.judges(offer); err != nil {
		return Answer{}, err
	}
	receipts, err := d.journal.Append(ctx, offer, draft)
	if err != nil {
		return Answer{}, err
	}
	receipt := receipts[0]
	if receipt.Body != draft.BodyHash() {
		return Answer{}, fmt.Errorf("offer %q, key %q of %s, entry %d: %w", offer, key, actor, receipt.Seq, ErrKeyReused)
	}
	outcome, err := d.outcome(ctx, receipt, c)
	if err != nil {
		// The command is on record; only its outcome could not be read.
		return Answer{}, fmt.Errorf("%w: recorded as entry %d, and its outcome could not be read: %w", journal.ErrUnknown, receipt.Seq, err)
	}
	return Answer{receipt, outcome}, nil
}

func (d *Desk) outcome(ctx context.Context, receipt journal.Receipt, c book.Command) (book.Outcome, error) {
	r := d.room(receipt.Offer)
	if err := d.follow(ctx, r, receipt.Seq); err != nil {
		return book.Outcome{}, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if o, ok := r.refused[receipt.Seq]; ok {
		return o, nil
	}
	o := book.Outcome{Seq: receipt.Seq}
	if batch, ok := c.(*book.Instructions); ok {
		o.Taken = len(batch.Rows)
	}
	return o, nil
}

// judges fails for an offer that is known to have entries of a later version of
// the program: its commands are not for this one to take.
func (d *Desk) judges(offer string) error {
	r := d.room(offer)
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.newer
}

func (d *Desk) room(offer string) *room {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.rooms[offer]
	if r == nil {
		r = &room{state: book.New(offer), refused: map[uint64]book.Outcome{}}
		d.rooms[offer] = r
	}
	return r
}

// follow folds entries until the state stands at seq or later; 0 means the end
// of the journal. Callers of one group commit come here together, and the first
// folds for all.
func (d *Desk) follow(ctx context.Context, r *room, seq uint64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.newer != nil {
		return r.newer
	}
	at := r.state.Head().Seq
	if seq > 0 && at >= seq {
		return nil
	}
	err := d.journal.Read(ctx, r.state.Offer(), at+1, func(e *journal.Entry) error {
		o := r.state.Apply(e)
		switch {
		case o.Code() == book.BrokenChain:
			return fmt.Errorf("entry %d of offer %q does not follow from what was read before it: %w", e.Seq, e.Offer, o.Refusal)
		case o.Code() == book.NotUnderstood:
			r.newer = fmt.Errorf("entry %d of offer %q: %s: %w", e.Seq, e.Offer, o.Refusal.Why, journal.ErrNewer)
			return r.newer
		case o.Refusal != nil || len(o.Rows) > 0:
			r.refused[e.Seq] = o
		}
		return nil
	})
	if at := r.state.Head().Seq; err == nil && at < seq {
		return fmt.Errorf("offer %q: the journal reads up to entry %d, and entry %d is on record: was it read from a replica that lags?", r.state.Offer(), at, seq)
	}
	return err
}

// View calls look with the state of an offer as the journal has it now. The
// state must not be kept.
func (d *Desk) View(ctx context.Context, offer string, look func(*book.State) error) error {
	r := d.room(offer)
	if err := d.follow(ctx, r, 0); err != nil {
		return err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return look(r.state)
}

// Offers lists the offers of the journal.
func (d *Desk) Offers(ctx context.Context) ([]string, error) { return d.journal.Offers(ctx) }
