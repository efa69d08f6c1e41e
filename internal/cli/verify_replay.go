package cli

import (
	"context"
	"fmt"
	"time"

	"tenderbook/book"
	"tenderbook/journal"
)

// A replay reads a journal from its first entry on. What it holds at the end is
// what everything else is compared with.
type replay struct {
	source string // file or database, for messages
	state  *book.State
	tree   journal.Tree
	at     []int64 // record times, by entry
	hashes [][32]byte
	sent   map[command]uint64 // which entry answers it
	kept   map[uint64][]kept  // receipts to be compared, by entry
}

// A command is told from others by who sent it and its key.
type command struct{ actor, key string }

func newReplay(source, offer string, receipts []kept) *replay {
	r := &replay{source: source, state: book.New(offer), sent: map[command]uint64{}, kept: map[uint64][]kept{}}
	for _, k := range receipts {
		r.kept[k.Receipt.Seq] = append(r.kept[k.Receipt.Seq], k)
	}
	return r
}

// take takes the next entry, of which encoding, number, time and chain are
// checked already.
func (r *replay) take(e *journal.Entry, place journal.Place) error {
	receipt := journal.ReceiptOf(e)
	r.tree.Add(receipt.Hash)
	r.at, r.hashes = append(r.at, e.At.UnixNano()), append(r.hashes, receipt.Hash)
	damage := &journal.Damage{Place: place, Seq: e.Seq}
	if first, twice := r.sent[command{e.Actor, e.Key}]; twice {
		damage.Code, damage.Why = journal.Repeated, fmt.Sprintf("answers key %q of %s, which entry %d answers", e.Key, e.Actor, first)
		return damage
	}
	r.sent[command{e.Actor, e.Key}] = e.Seq
	if o := r.state.Apply(e); o.Code() == book.BrokenChain {
		damage.Code, damage.Why, damage.Err = journal.WrongPrev, o.Refusal.Error(), o.Refusal
		return damage
	}
	for _, k := range r.kept[e.Seq] {
		if got := k.Receipt; got.Hash != receipt.Hash || got.Body != receipt.Body || !got.At.Equal(receipt.At) || got.Offer != receipt.Offer {
			damage.Code, damage.Why = journal.WrongReceipt, fmt.Sprintf("is not the entry that %s is a receipt of: that was recorded at %s with sha256 %x, this at %s with %x",
				k.file, got.At.Format(time.RFC3339Nano), got.Hash[:8], receipt.At.Format(time.RFC3339Nano), receipt.Hash[:8])
			return damage
		}
	}
	return nil
}

// receiptsMet says of receipts whose entries did not come that they are missing.
func (r *replay) receiptsMet() error {
	n := r.tree.Size()
	for seq, all := range r.kept {
		if seq > n || all[0].Receipt.Offer != r.state.Offer() {
			return &journal.Damage{
				Place: journal.Place{File: r.source, Offset: int64(n)}, Seq: n + 1, Code: journal.CutOff,
				Why: fmt.Sprintf("missing: %s is the receipt of entry %d of %s, the journal of %s ends after %d", all[0].file, seq, all[0].Receipt.Offer, r.state.Offer(), n),
			}
		}
	}
	return nil
}

// read reads an offer of a workspace back from where it is kept.
func (r *replay) read(ctx context.Context, w *workspace, chain *journal.Verifier) (journal.Place, error) {
	place := journal.Place{File: r.source}
	var encoded []byte
	var broken error
	err := w.store.Read(ctx, r.state.Offer(), 1, func(e *journal.Entry) error {
		place.Offset = int64(e.Seq)
		encoded = e.AppendBinary(encoded[:0])
		if _, broken = chain.Add(encoded, place); broken == nil {
			broken = r.take(e, place)
		}
		return broken
	})
	switch {
	case ctx.Err() != nil:
		return place, ctx.Err()
	case broken != nil:
		return place, damaged{broken}
	case err != nil: // what cannot be read back is not what was written
		return place, damaged{fmt.Errorf("%s: offer %s, after entry %d: %w", r.source, r.state.Offer(), r.tree.Size(), err)}
	}
	return place, nil
}

// meetHead compares the journal with the last entry that the store speaks of.
func (r *replay) meetHead(head journal.Receipt, end journal.Place) error {
	n := r.tree.Size()
	switch {
	case head.Seq > n:
		return &journal.Damage{Place: end, Seq: n + 1, Code: journal.CutOff, Why: fmt.Sprintf("missing: the last entry is %d, the journal ends after %d", head.Seq, n)}
	case r.hashes[head.Seq-1] != head.Hash:
		return &journal.Damage{Place: end, Seq: head.Seq, Code: journal.WrongPrev, Why: fmt.Sprintf("is not the one that the store answered with: %x, needs %x", r.hashes[head.Seq-1], head.Hash)}
	}
	return nil
}

// receipt is that of an entry, without its body's hash.
func (r *replay) receipt(seq uint64) journal.Receipt {
	return journal.Receipt{Offer: r.state.Offer(), Seq: seq, At: time.Unix(0, r.at[seq-1]).UTC(), Hash: r.hashes[seq-1]}
}
