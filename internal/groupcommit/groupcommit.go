// Package groupcommit lets concurrent appends share a transaction: while one
// group is being made durable, the next one gathers.
package groupcommit

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

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

	state atomic.Int32 // waiting, then taken or given up
	done  chan answer
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
// of a group.
func (r *Request) Answer(receipts []journal.Receipt, err error) {
	r.done <- answer{receipts, err}
}

// Limits of a group. What comes beyond them waits for the next one.
const (
	maxRequests = 1024
	maxBytes    = 8 << 20 // of bodies; a group holds at least one request
)

// A Line hands groups of requests to one function, one group at a time.
type Line struct {
	commit func([]*Request)

	mu      sync.Mutex
	pending []*Request
	closed  error
	running bool
	idle    *sync.Cond // broadcast when running becomes false
}

// New is a line before the function commit, which answers every request it is
// given.
func New(commit func([]*Request)) *Line {
	l := &Line{commit: commit}
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
	r := &Request{Offer: offer, Drafts: drafts, Bodies: make([][32]byte, len(drafts)), done: make(chan answer, 1)}
	for i := range drafts {
		r.Bodies[i] = drafts[i].BodyHash()
	}
	if err := l.join(r); err != nil {
		return nil, err
	}
	select {
	case a := <-r.done:
		return a.receipts, a.err
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
		l.commit(group)
		l.gather(len(group))
	}
}

// gather lets the callers just answered come back with their next append before
// the next group is closed: it stops as soon as none comes. Without it, callers
// fall into two halves that wait for each other's syncs.
func (l *Line) gather(answered int) {
	waiting := -1
	for range answered {
		l.mu.Lock()
		n := len(l.pending)
		l.mu.Unlock()
		if n == waiting {
			return
		}
		waiting = n
		runtime.Gosched()
	}
}

// take claims the next group from those who wait. l.mu is held.
func (l *Line) take() []*Request {
	var group []*Request
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
	l.pending = append([]*Request(nil), l.pending[next:]...)
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
// still wait. It returns when the group at work is answered.
func (l *Line) Close(err error) {
	l.Refuse(err)
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.running {
		l.idle.Wait()
	}
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
