// Package groupcommit lets concurrent appends share a transaction: while one
// group is being made durable, the one before is answered and the next gathers.
package groupcommit

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"tenderbook/journal"
)

// ErrClosed is the answer to appends after the line was closed. They are not on
// record.
var ErrClosed = errors.New("store is closed")

// A Request is one append that waits for its answer.
type Request struct {
	Offer  string
	Drafts []journal.Draft
	Bodies [][32]byte // BodyHash of each draft
	Names  []uint64   // what the store knows each command by, if it says

	state atomic.Int32 // waiting, then taken or given up
	done  chan answer  // holds one
	body  [1][32]byte  // what Bodies is made of where there is one draft
	name  [1]uint64    // what Names is made of then
}

// requests are used again, unless their caller left before the answer.
var requests = sync.Pool{New: func() any { return &Request{done: make(chan answer, 1)} }}

// newRequest works out all that needs no place in the journal, so that callers do
// it beside each other.
func (l *Line) newRequest(offer string, drafts []journal.Draft) *Request {
	r := requests.Get().(*Request)
	r.Offer, r.Drafts, r.Bodies, r.Names = offer, drafts, r.body[:], r.name[:]
	if len(drafts) != 1 {
		r.Bodies, r.Names = make([][32]byte, len(drafts)), make([]uint64, len(drafts))
	}
	for i := range drafts {
		r.Bodies[i] = drafts[i].BodyHash()
		if l.name != nil {
			r.Names[i] = l.name(&drafts[i])
		}
	}
	r.state.Store(waiting)
	return r
}

// answered gives an answer, and the request back whose it was.
func (r *Request) answered(a answer) ([]journal.Receipt, error) {
	r.Offer, r.Drafts, r.Bodies, r.Names = "", nil, nil, nil
	requests.Put(r)
	return a.receipts, a.err
}

const (
	waiting = iota
	taken
	givenUp
)

type answer struct {
	receipts []journal.Receipt
	err      error
}

// Answer tells the caller the outcome. It must be called once for every request
// of a group, which must not be used after it.
func (r *Request) Answer(receipts []journal.Receipt, err error) {
	r.done <- answer{receipts, err}
}

// Limits of a group. What comes beyond them waits for the next one.
const (
	maxRequests = 1024
	maxBytes    = 8 << 20 // of bodies; a group holds at least one request
)

// A Commit makes a group durable, and returns what remains to be done: telling
// those who asked. That is done in the order of the groups, while the next one is
// made durable; it must answer every request.
type Commit func(group []*Request) (answer func())

// A Line hands groups of requests to one function, one group at a time.
type Line struct {
	commit Commit
	name   func(*journal.Draft) uint64 // nil: there are no names

	mu      sync.Mutex
	pending []*Request
	closed  error
	running bool
	idle    *sync.Cond // broadcast when running becomes false

	answers sync.WaitGroup // of one group at a time, so that they keep their order
	before  int            // how many the last group had; run's
}

// New is a line before the function commit.
func New(commit Commit) *Line { return NewNaming(commit, nil) }

// NewNaming is a line whose requests have the names that the function name gives
// their commands. It is called by the callers of Append.
func NewNaming(commit Commit, name func(*journal.Draft) uint64) *Line {
	l := &Line{commit: commit, name: name}
	l.idle = sync.NewCond(&l.mu)
	return l
}

// Append waits in line with the drafts and returns their receipts. If ctx ends
// before they are taken, they are not on record and the error is ctx's; if it
// ends later, the error also wraps [journal.ErrUnknown], and the commit goes on.
func (l *Line) Append(ctx context.Context, offer string, drafts []journal.Draft) ([]journal.Receipt, error) {
	if err := check(offer, drafts); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := l.newRequest(offer, drafts)
	if err := l.join(r); err != nil {
		return nil, err
	}
	if ctx.Done() == nil {
		return r.answered(<-r.done)
	}
	select {
	case a := <-r.done:
		return r.answered(a)
	case <-ctx.Done():
		if r.state.CompareAndSwap(waiting, givenUp) {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %w", journal.ErrUnknown, ctx.Err())
	}
}

func (l *Line) join(r *Request) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed != nil {
		return l.closed
	}
	l.pending = append(l.pending, r)
	if !l.running {
		l.running = true
		go l.run()
	}
	return nil
}

// Waiting is how many are in line.
func (l *Line) Waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.pending)
}

// run commits group after group until nobody waits.
func (l *Line) run() {
	for {
		l.mu.Lock()
		group := l.take()
		if len(group) == 0 {
			l.running = false
			l.idle.Broadcast()
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		answer := l.commit(group)
		l.answers.Wait()
		l.answers.Go(answer)
		l.gather((l.before + len(group) + 1) / 2)
		l.before = len(group)
	}
}

// patience is how long a group is held open for the next caller. It is about what
// a caller needs from an answer to its next append, and a small part of a sync.
const patience = 20 * time.Microsecond

// gather waits until enough callers are in line, or until none comes any more.
// Callers who append without a pause are in two halves: one is answered and comes
// back while the other is synced. Without it the halves drift apart, and small
// groups pay for whole syncs.
func (l *Line) gather(enough int) {
	seen, last := 0, time.Now()
	for {
		n, now := l.Waiting(), time.Now()
		switch {
		case n >= enough:
			return
		case n > seen:
			seen, last = n, now
		case now.Sub(last) > patience:
			return
		}
		runtime.Gosched()
	}
}

// take claims the next group from those who wait. l.mu is held.
func (l *Line) take() []*Request {
	group := make([]*Request, 0, min(len(l.pending), maxRequests))
	bytes, next := 0, 0
	for ; next < len(l.pending) && len(group) < maxRequests; next++ {
		r := l.pending[next]
		if len(group) > 0 && bytes+r.size() > maxBytes {
			break
		}
		if r.state.CompareAndSwap(waiting, taken) {
			group = append(group, r)
			bytes += r.size()
		}
	}
	left := copy(l.pending, l.pending[next:])
	clear(l.pending[left:])
	l.pending = l.pending[:left]
	return group
}

func (r *Request) size() int {
	n := 0
	for i := range r.Drafts {
		n += len(r.Drafts[i].Body)
	}
	return n
}

// Close refuses further appends with err ([ErrClosed] if nil) and those that
// still wait. It returns when the groups at work are answered.
func (l *Line) Close(err error) {
	l.Refuse(err)
	l.mu.Lock()
	for l.running {
		l.idle.Wait()
	}
	l.mu.Unlock()
	l.answers.Wait()
}

// Refuse is Close that does not wait, so that commit may call it.
func (l *Line) Refuse(err error) {
	if err == nil {
		err = ErrClosed
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed == nil {
		l.closed = err
	}
	for _, r := range l.pending {
		if r.state.CompareAndSwap(waiting, taken) {
			r.Answer(nil, l.closed)
		}
	}
	l.pending = nil
}

// MaxNames bounds offer, actor and key together, in bytes: they are one key of a
// table, and PostgreSQL takes keys up to a third of a page.
const MaxNames = 2 << 10

// check refuses what some store could not hold.
func check(offer string, drafts []journal.Draft) error {
	if err := journal.CheckOffer(offer); err != nil {
		return err
	}
	if len(drafts) == 0 {
		return errors.New("nothing to append: no drafts")
	}
	for i := range drafts {
		d := &drafts[i]
		err := d.Check()
		if n := len(offer) + len(d.Actor) + len(d.Key); err == nil && n > MaxNames {
			err = fmt.Errorf("offer, actor and key have %d bytes, at most %d are taken", n, MaxNames)
		}
		if err != nil {
			return fmt.Errorf("draft %d of %d: %w", i+1, len(drafts), err)
		}
	}
	return nil
}
