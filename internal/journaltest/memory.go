package journaltest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"tenderbook/journal"
)

// Memory is the journal of desk.Journal in the plainest form: slices under a
// lock. It is what the stores are compared with, and what tests of others may
// use where nothing has to survive.
type Memory struct {
	clock func() time.Time

	mu     sync.Mutex
	offers map[string]*memoryOffer
}

type memoryOffer struct {
	entries  []journal.Entry
	commands map[[2]string]int // actor and key to place in entries
	grown    chan struct{}     // closed at the next entry
}

// NewMemory is an empty journal whose record time is clock's.
func NewMemory(clock func() time.Time) *Memory {
	return &Memory{clock: clock, offers: map[string]*memoryOffer{}}
}

// Append implements desk.Journal.
func (m *Memory) Append(ctx context.Context, offer string, drafts ...journal.Draft) ([]journal.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := journal.CheckOffer(offer); err != nil {
		return nil, err
	}
	if len(drafts) == 0 {
		return nil, errors.New("nothing to append: no drafts")
	}
	for i := range drafts {
		if err := drafts[i].Check(); err != nil {
			return nil, err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	o, now := m.offer(offer), m.clock()
	receipts := make([]journal.Receipt, len(drafts))
	for i, d := range drafts {
		if at, known := o.commands[[2]string{d.Actor, d.Key}]; known {
			receipts[i] = journal.ReceiptOf(&o.entries[at])
			receipts[i].Existing = true
			continue
		}
		d.Body = slices.Clone(d.Body)
		e := journal.Next(offer, o.head(), now, d)
		o.add(e)
		receipts[i] = journal.ReceiptOf(&e)
	}
	return receipts, nil
}

func (m *Memory) offer(name string) *memoryOffer {
	o := m.offers[name]
	if o == nil {
		o = &memoryOffer{commands: map[[2]string]int{}, grown: make(chan struct{})}
		m.offers[name] = o
	}
	return o
}

func (o *memoryOffer) head() journal.Receipt {
	if len(o.entries) == 0 {
		return journal.Receipt{}
	}
	return journal.ReceiptOf(&o.entries[len(o.entries)-1])
}

func (o *memoryOffer) add(e journal.Entry) {
	o.commands[[2]string{e.Actor, e.Key}] = len(o.entries)
	o.entries = append(o.entries, e)
	close(o.grown)
	o.grown = make(chan struct{})
}

// Read implements desk.Journal.
func (m *Memory) Read(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) error {
	m.mu.Lock()
	var entries []journal.Entry
	if o := m.offers[offer]; o != nil {
		entries = o.entries[min(max(from, 1)-1, uint64(len(o.entries))):]
	}
	m.mu.Unlock()
	for i := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		e := entries[i]
		e.Body = slices.Clone(e.Body)
		if err := each(&e); err != nil {
			return err
		}
	}
	return nil
}

// Head implements desk.Journal.
func (m *Memory) Head(_ context.Context, offer string) (journal.Receipt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if o := m.offers[offer]; o != nil {
		return o.head(), nil
	}
	return journal.Receipt{}, nil
}

// Offers implements desk.Journal.
func (m *Memory) Offers(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for name, o := range m.offers {
		if len(o.entries) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Follow implements desk.Follower.
func (m *Memory) Follow(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) error {
	for {
		m.mu.Lock()
		grown := m.offer(offer).grown
		m.mu.Unlock()
		err := m.Read(ctx, offer, from, func(e *journal.Entry) error {
			from = e.Seq + 1
			return each(e)
		})
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-grown:
		}
	}
}

// Import implements desk.Importer.
func (m *Memory) Import(_ context.Context, entries ...*journal.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(entries) == 0 {
		return nil
	}
	offer := entries[0].Offer
	last, seen := journal.Receipt{}, map[[2]string]bool{}
	if o := m.offers[offer]; o != nil {
		last = o.head()
		for k := range o.commands {
			seen[k] = true
		}
	}
	for _, e := range entries {
		want := journal.Next(offer, last, e.At, e.Draft)
		name := [2]string{e.Actor, e.Key}
		if want.Hash() != e.Hash() || seen[name] {
			return errors.New("entries do not continue the offer's chain")
		}
		last, seen[name] = journal.ReceiptOf(e), true
	}
	for _, e := range entries {
		m.offer(offer).add(*e)
	}
	return nil
}
