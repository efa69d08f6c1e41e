package desk

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"tenderbook/book"
	"tenderbook/journal"
)

// A room holds the present state of one offer. One goroutine folds at a time, and
// readers come in between any two entries: a long backlog keeps nobody waiting for
// longer than its longest entry takes.
type room struct {
	told    inbox
	at      atomic.Uint64         // sequence number at which state stands
	newer   atomic.Pointer[error] // why the offer cannot be judged by this program
	answers outcomes

	folding sync.Mutex // held by who changes state
	kept    uint64     // weight of the last snapshot's image; 0: none

	saving sync.Mutex // held by who writes a snapshot
	saved  uint64     // weight of the last one written; 0: none

	mu    sync.RWMutex // held for one entry, or one look
	state *book.State
}

func newRoom(offer string) *room {
	return &room{state: book.New(offer), answers: outcomes{refused: map[uint64]book.Outcome{}}}
}

// outcomes keeps what entries came to. It has a lock of its own, so that those who
// are answered are not in the way of who folds.
type outcomes struct {
	mu      sync.RWMutex
	base    uint64                  // entry of the snapshot that the state began from; 0: none
	refused map[uint64]book.Outcome // by entry behind base: those that were not taken whole
}

// of gives the outcome of an entry that is folded, where it was not taken whole.
// known is false for an entry before the snapshot.
func (o *outcomes) of(seq uint64) (out book.Outcome, refused, known bool) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	out, refused = o.refused[seq]
	return out, refused, seq > o.base
}

func (o *outcomes) keep(seq uint64, out book.Outcome) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.refused[seq] = out
}

func (o *outcomes) beginAfter(seq uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.base = seq
}

// judges fails for an offer that is known to have entries of a later version of
// the program.
func (r *room) judges() error {
	if err := r.newer.Load(); err != nil {
		return *err
	}
	return nil
}

// follow folds entries until the state stands at seq or later: those that the
// journal told of, and what is missing as the journal has it.
func (d *Desk) follow(ctx context.Context, r *room, offer string, seq uint64) error {
	if err := r.judges(); err != nil || r.at.Load() >= seq {
		return err
	}
	due, err := d.catchUp(ctx, r, offer, seq)
	if due != nil {
		d.keep(r, offer, due)
	}
	return err
}

// catchUp is follow with the right to fold. It gives the image of a snapshot that
// is due.
func (d *Desk) catchUp(ctx context.Context, r *room, offer string, seq uint64) (due *image, err error) {
	r.folding.Lock()
	defer r.folding.Unlock()
	if err = r.judges(); err == nil {
		err = r.foldTold(seq)
	}
	if err != nil || r.at.Load() >= seq {
		return nil, err
	}
	d.restore(ctx, r, offer)
	if err := d.journal.Read(ctx, offer, r.at.Load()+1, r.fold); err != nil {
		return nil, err
	}
	due = d.image(r)
	if at := r.at.Load(); at < seq {
		return due, fmt.Errorf("offer %q: the journal reads up to entry %d, and entry %d is on record: was it read from a replica that lags?", offer, at, seq)
	}
	return due, nil
}

// foldTold folds what the journal told of, up to seq, as far as it goes on from
// where the state stands. What lies behind seq is left to those who wait for it.
// r.folding is held.
func (r *room) foldTold(seq uint64) error {
	for at := r.at.Load(); at < seq; at++ {
		e := r.told.next(at + 1)
		if e == nil {
			return nil
		}
		if err := r.fold(e); err != nil {
			return err
		}
	}
	return nil
}

// fold applies one entry; r.folding is held.
func (r *room) fold(e *journal.Entry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.folded(e, r.state.Apply(e))
}

// folded takes down what an entry came to that was just applied; r.folding and
// r.mu are held.
func (r *room) folded(e *journal.Entry, o book.Outcome) error {
	o, err := judged(e, o)
	if errors.Is(err, journal.ErrNewer) {
		r.newer.Store(&err)
	}
	if err != nil {
		return err
	}
	if o.Refusal != nil || len(o.Rows) > 0 {
		r.answers.keep(e.Seq, o)
	}
	r.at.Store(e.Seq)
	return nil
}

// judged fails where an entry does not follow from those before it, and with
// [journal.ErrNewer] where it is of a later version of the program: a state that
// leaves it out answers nothing.
func judged(e *journal.Entry, o book.Outcome) (book.Outcome, error) {
	switch o.Code() {
	case book.BrokenChain:
		return o, fmt.Errorf("entry %d of offer %q does not follow from what was read before it: %w", e.Seq, e.Offer, o.Refusal)
	case book.NotUnderstood:
		return o, fmt.Errorf("entry %d of offer %q: %s: %w", e.Seq, e.Offer, o.Refusal.Why, journal.ErrNewer)
	}
	return o, nil
}

// hear takes entries that the journal told of, the last of which has a hash. A few
// short ones are folded before those who appended them wake up, so that they need
// not queue for it; others are left to them.
func (r *room) hear(entries []journal.Entry, last [32]byte) {
	if left := r.foldAtOnce(entries, last); len(left) > 0 {
		r.told.put(left)
	}
}

// foldAtOnce folds what is short and returns what it leaves. It waits for nobody:
// somebody may look or fold just now.
func (r *room) foldAtOnce(entries []journal.Entry, last [32]byte) (left []journal.Entry) {
	if !short(entries) || !r.folding.TryLock() {
		return entries
	}
	defer r.folding.Unlock()
	at := r.at.Load()
	for ; at+1 < entries[0].Seq; at++ {
		if !r.tryTold(at + 1) {
			return entries
		}
	}
	for i := range entries {
		if entries[i].Seq <= at { // read from the journal meanwhile
			continue
		}
		hash := &last
		if i+1 < len(entries) {
			hash = &entries[i+1].Prev
		}
		if !r.tryFold(&entries[i], hash) {
			return entries[i:]
		}
	}
	return nil
}

// tryTold folds an entry that was left before, unless somebody looks: then it is
// left again.
func (r *room) tryTold(seq uint64) bool {
	if !r.mu.TryLock() {
		return false
	}
	defer r.mu.Unlock()
	e := r.told.next(seq)
	return e != nil && r.folded(e, r.state.Apply(e)) == nil
}

// tryFold folds an entry, whose hash is given, unless somebody looks. Who asks for
// the outcome of one that cannot be folded meets the error again.
func (r *room) tryFold(e *journal.Entry, hash *[32]byte) bool {
	if !r.mu.TryLock() {
		return false
	}
	defer r.mu.Unlock()
	return r.folded(e, r.state.ApplyHashed(e, *hash)) == nil
}

// shortBytes is how much may be folded before the callers are answered: some
// hundred single instructions.
const shortBytes = 32 << 10

func short(entries []journal.Entry) bool {
	bytes := 0
	for i := range entries {
		bytes += len(entries[i].Body)
	}
	return bytes <= shortBytes
}

// An inbox holds entries that the journal told of and that are not folded yet. It
// saves reading them back, and is no record: it may have a gap, or be empty.
type inbox struct {
	mu      sync.Mutex
	entries []journal.Entry // next to each other
	bytes   int             // of their bodies
}

// inboxBytes is how much an inbox keeps where nobody folds.
const inboxBytes = 64 << 20

// put adds what follows on what was told before; otherwise that is forgotten.
func (b *inbox) put(entries []journal.Entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.entries); n > 0 && b.entries[n-1].Seq+1 != entries[0].Seq || b.bytes > inboxBytes {
		b.entries, b.bytes = nil, 0
	}
	b.entries = append(b.entries, entries...)
	for i := range entries {
		b.bytes += len(entries[i].Body)
	}
}

// next takes the entry with a sequence number out, and forgets those before it;
// nil if it is not there.
func (b *inbox) next(seq uint64) *journal.Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.entries) > 0 && b.entries[0].Seq <= seq {
		e := &b.entries[0]
		b.entries = b.entries[1:]
		b.bytes -= len(e.Body)
		if e.Seq == seq {
			return e
		}
	}
	return nil
}
