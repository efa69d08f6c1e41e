package sqlite

import (
	"time"

	"tenderbook/internal/groupcommit"
	"tenderbook/journal"
)

// A transaction writes what several callers append, to one or more offers.
type transaction struct {
	*writer
	appends map[string]*appending // by offer
	drafts  int                   // how many were asked for
	bytes   int                   // of their entries
}

// An appending is what a transaction does to one offer.
type appending struct {
	offer   string
	chain   *chain
	base    uint64          // sequence number of the last entry before
	entries []journal.Entry // appended, in order
	last    [32]byte        // hash of the last of them
	row     group           // those of them that are not written yet
	bytes   int             // of encodings written
}

func newTransaction(w *writer) *transaction {
	return &transaction{writer: w, appends: map[string]*appending{}}
}

// mostRoom is how many bytes are made room for at once, for each offer.
const mostRoom = 64 << 10

// entryBytes is what a row has of an entry besides its texts and body.
const entryBytes = 4 + 1 + 3*2 + 8 + 8 + 2 + 32 + 4

// room is made for the first offer of the transaction; most have one.
func (t *transaction) room() (entries []journal.Entry, row group) {
	n := min(t.drafts, 1024)
	return make([]journal.Entry, 0, n), group{commands: make([]byte, 0, hashSize*n), encoded: make([]byte, 0, min(t.bytes, mostRoom))}
}

// A result is what a request came to.
type result struct {
	receipts []journal.Receipt
	refused  error // nothing of it is written; nil: it was taken
}

// run writes the requests and returns what they came to. After an error nothing is
// kept of what they would have been, unless it is that of the commit.
func (t *transaction) run(requests []*groupcommit.Request, clock func() time.Time) (all []result, err error) {
	for _, r := range requests {
		t.drafts += len(r.Drafts)
		for i := range r.Drafts {
			d := &r.Drafts[i]
			t.bytes += entryBytes + len(r.Offer) + len(d.Actor) + len(d.Key) + len(d.Body)
		}
	}
	receipts := make([]journal.Receipt, t.drafts)
	all = make([]result, len(requests))
	err = t.do(func() (err error) {
		if err := t.fetch(requests); err != nil {
			return err
		}
		for i, r := range requests {
			n := len(r.Drafts)
			all[i].receipts, receipts = receipts[:n:n], receipts[n:]
			if all[i].refused, err = t.request(r, all[i].receipts, clock()); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// fetch begins to look for the commands of all requests.
func (t *transaction) fetch(requests []*groupcommit.Request) error {
	for _, r := range requests {
		a, err := t.on(r.Offer)
		if err != nil {
			return err
		}
		a.chain.index.fetch(r.Names)
	}
	return nil
}

// do runs a function in the transaction and writes what it has placed.
func (t *transaction) do(place func() error) error {
	err := t.inTransaction(func() error {
		if err := place(); err != nil {
			return err
		}
		return t.flush()
	})
	if err != nil { // also that of a commit, after which the file must be read anew
		for offer := range t.appends {
			delete(t.chains, offer)
		}
	}
	return err
}

// on gives what the transaction does to an offer.
func (t *transaction) on(offer string) (*appending, error) {
	if a := t.appends[offer]; a != nil {
		return a, nil
	}
	c, err := t.chain(offer)
	if err != nil {
		return nil, err
	}
	a := &appending{offer: offer, chain: c, base: c.head.Seq}
	if len(t.appends) == 0 {
		a.entries, a.row = t.room()
	}
	t.appends[offer] = a
	return a, nil
}

// request places the drafts of one request and fills in their receipts, or refuses
// it whole. An error is one of the store.
func (t *transaction) request(r *groupcommit.Request, receipts []journal.Receipt, now time.Time) (refused, err error) {
	a, err := t.on(r.Offer)
	if err != nil {
		return nil, err
	}
	if refused, err := t.fits(a, r); refused != nil || err != nil {
		return refused, err
	}
	for i := range r.Drafts {
		d := &r.Drafts[i]
		first, err := t.find(a, d, r.Names[i])
		if err != nil {
			return nil, err
		}
		if first != nil {
			a.chain.repeats++
			receipts[i] = journal.ReceiptOf(first)
			receipts[i].Existing = true
			continue
		}
		if err := t.place(a, journal.Next(r.Offer, a.chain.head, now, *d), r.Names[i], r.Bodies[i]); err != nil {
			return nil, err
		}
		receipts[i] = a.chain.head
	}
	return nil, nil
}

// fits refuses a request that the offer has no room for. Commands that are on
// record need none.
func (t *transaction) fits(a *appending, r *groupcommit.Request) (refused, err error) {
	if a.chain.head.Seq+uint64(len(r.Drafts)) <= t.most {
		return nil, nil
	}
	more := 0
	for i := range r.Drafts {
		first, err := t.find(a, &r.Drafts[i], r.Names[i])
		if err != nil {
			return nil, err
		}
		if first == nil {
			more++
		}
	}
	return groupcommit.CheckRoom(r.Offer, a.chain.head.Seq, more, t.most), nil
}

// find is the first entry of a command, on record or placed by this transaction;
// nil if there is none.
func (t *transaction) find(a *appending, d *journal.Draft, command uint64) (first *journal.Entry, err error) {
	err = a.chain.index.find(command, func(seq uint64) (bool, error) {
		if seq <= a.base {
			first, err = t.first(a.offer, seq, d.Actor, d.Key)
			return first != nil, err
		}
		if e := &a.entries[seq-a.base-1]; e.Actor == d.Actor && e.Key == d.Key {
			first = e
		}
		return first != nil, nil
	})
	return first, err
}

// place puts an entry behind the offer's last one.
func (t *transaction) place(a *appending, e journal.Entry, command uint64, body [32]byte) error {
	if err := a.chain.index.add(command); err != nil {
		return err
	}
	hash := a.row.add(&e, command)
	a.entries, a.last = append(a.entries, e), hash
	a.chain.head = journal.Receipt{Offer: e.Offer, Seq: e.Seq, At: e.At, Hash: hash, Body: body}
	if a.row.full() {
		return t.flushRow(a)
	}
	return nil
}

// flush writes what is left of each offer, and its head. A head is written also
// where commands were only asked for again, so that their answer is as durable as
// the first one.
func (t *transaction) flush() error {
	for _, a := range t.appends {
		if a.row.last > 0 {
			if err := t.flushRow(a); err != nil {
				return err
			}
		}
		if a.chain.head.Seq == 0 { // what was asked for was refused
			continue
		}
		if err := t.writeHead(a.offer, a.chain); err != nil {
			return err
		}
	}
	return nil
}

func (t *transaction) flushRow(a *appending) error {
	if err := t.write(a.offer, &a.row); err != nil {
		return err
	}
	a.bytes += len(a.row.encoded)
	a.row = group{leaf: a.row.leaf}
	return nil
}
