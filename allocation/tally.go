package allocation

import (
	"errors"
	"slices"
	"sync"
)

// ErrTooLarge is returned when a sum does not fit 64 bits of minor units.
var ErrTooLarge = errors.New("principal of a series does not fit 64 bits")

// ErrPaymentsTooLarge is returned when the consideration or the interest of a
// series in one step does not fit 64 bits of minor units.
var ErrPaymentsTooLarge = errors.New("payments for a series do not fit 64 bits")

// A lot is what decides when a tender is served and at which price.
type lot struct {
	series int
	timing Timing
	hasBid bool
	bid    int64
}

func lotOf(x *Tender) lot { return lot{x.Series, x.Timing, x.HasBid, x.Bid} }

// A batchKey is what counted tenders have in common that differ in size alone.
type batchKey struct {
	lot
	undelivered int64 // of each tender
}

// A size is how many tenders of a batch have one principal.
type size struct {
	principal int64 // minor units
	count     int64
}

// A batch is the counted tenders of one key. What one of them gets follows from
// its size, so a decision keeps nothing for a size but this count, however many
// sizes there are.
type batch struct {
	batchKey
	sizes []size
}

// A Tally is a book as [Decide] needs it: how many tenders there are of each
// size, and the tenders themselves only where the terms tell them apart. It is
// filled by one goroutine; then any number may decide over it at once.
type Tally struct {
	terms   *Terms
	batches []batch // in the order they were begun
	number  map[batchKey]int
	last    int // the batch that was found last: tenders of one come together
	at      map[sizeKey]int
	single  []Tender

	mu    sync.Mutex
	ready *ledger // made by the first run; nil again after a change
}

// A sizeKey finds the size that [Tally.Add] counted a tender under.
type sizeKey struct {
	batch     int
	principal int64
}

// NewTally returns an empty tally for offers with these terms.
func NewTally(t *Terms) *Tally {
	return &Tally{terms: t, number: map[batchKey]int{}, at: map[sizeKey]int{}}
}

// OneByOne reports whether the terms decide between single tenders, so that
// every one must be given to [Tally.Add]: proration by participant or holder,
// and leftovers by largest remainder.
func (t *Tally) OneByOne() bool { return t.terms.oneByOne() }

func (t *Terms) oneByOne() bool {
	return t.ProrateBy != ByInstruction || t.Leftover == LargestRemainder
}

// Add counts one live tender.
func (t *Tally) Add(x Tender) {
	t.change()
	if t.OneByOne() || x.AtLeast > 0 {
		t.single = append(t.single, x)
		return
	}
	g := t.batchOf(batchKey{lotOf(&x), x.Undelivered})
	sizes := &t.batches[g].sizes
	key := sizeKey{g, x.Principal}
	i, known := t.at[key]
	if !known {
		i = len(*sizes)
		t.at[key] = i
		*sizes = append(*sizes, size{principal: x.Principal})
	}
	(*sizes)[i].count++
}

// AddCount counts n tenders that are alike in series, timing, bid, principal
// and delivery, unconditional, where the tally is not [Tally.OneByOne]. It
// returns the number of their batch, the tenders alike in all but principal, by
// which [Decision.BriefCount] finds what they got without looking for it.
func (t *Tally) AddCount(x Tender, n int64) int {
	if t.OneByOne() || x.AtLeast > 0 {
		panic("allocation: AddCount of tenders that are decided one by one")
	}
	t.change()
	g := t.batchOf(batchKey{lotOf(&x), x.Undelivered})
	t.batches[g].sizes = append(t.batches[g].sizes, size{x.Principal, n})
	return g
}

// change parts the tally from the ledger that earlier decisions go on using.
func (t *Tally) change() {
	if t.ready == nil {
		return
	}
	t.ready = nil
	for i := range t.batches {
		t.batches[i].sizes = slices.Clone(t.batches[i].sizes)
	}
}

// batchOf finds or begins a batch.
func (t *Tally) batchOf(key batchKey) int {
	if t.last < len(t.batches) && t.batches[t.last].batchKey == key {
		return t.last
	}
	g, known := t.number[key]
	if !known {
		g = len(t.batches)
		t.number[key] = g
		t.batches = append(t.batches, batch{batchKey: key})
	}
	t.last = g
	return g
}

// Merge adds what another tally of the same terms has counted.
func (t *Tally) Merge(o *Tally) {
	t.change()
	for i := range o.batches {
		g := t.batchOf(o.batches[i].batchKey)
		t.batches[g].sizes = append(t.batches[g].sizes, o.batches[i].sizes...)
	}
	t.single = append(t.single, o.single...)
}
