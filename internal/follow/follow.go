// Package follow wakes readers of a journal when it grows.
package follow

import (
	"context"
	"sync"
	"time"

	"tenderbook/journal"
)

// A Hub knows who waits for entries of which offer. The zero Hub is ready.
type Hub struct {
	mu      sync.Mutex
	waiting map[string]chan struct{} // closed when the offer grows
}

// Grown is closed the next time that the offer grows.
func (h *Hub) Grown(offer string) <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.waiting == nil {
		h.waiting = map[string]chan struct{}{}
	}
	if h.waiting[offer] == nil {
		h.waiting[offer] = make(chan struct{})
	}
	return h.waiting[offer]
}

// Wake wakes those who wait for the offer.
func (h *Hub) Wake(offer string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c := h.waiting[offer]; c != nil {
		close(c)
		delete(h.waiting, offer)
	}
}

// Read is the Read method of a store.
type Read func(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) error

// Page is how many entries a store reads in one go, or a few more. A slow reader
// holds up no more than what comes with a page.
const Page = 512

// Pages calls page, with the number of the entry to begin with, as long as there is
// more. page returns the number behind the last entry that it read.
func Pages(from uint64, page func(from uint64) (next uint64, more bool, err error)) error {
	from, more := max(from, 1), true
	for more {
		var err error
		if from, more, err = page(from); err != nil {
			return err
		}
	}
	return nil
}

// Follow reads on and on, from sequence number from, until ctx is done or each
// fails. It looks when the hub says so, and every so often for growth that the
// hub did not hear of.
func (h *Hub) Follow(ctx context.Context, read Read, offer string, from uint64, every time.Duration, each func(*journal.Entry) error) error {
	for {
		grown := h.Grown(offer) // before reading, so that nothing falls between
		err := read(ctx, offer, from, func(e *journal.Entry) error {
			from = e.Seq + 1
			return each(e)
		})
		if err != nil {
			return err
		}
		timer := time.NewTimer(every)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-grown:
		case <-timer.C:
		}
		timer.Stop()
	}
}
