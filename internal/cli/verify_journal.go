package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
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

// verifyOffer reads an offer of a workspace.
func (v *verifying) verifyOffer(ctx context.Context, id string) error {
	head, err := v.head(ctx, id)
	if err != nil {
		return err
	}
	chain, err := journal.NewVerifier(id, v.known...)
	if err != nil {
		return refused{err}
	}
	r := newReplay(shownDatabase(v.db), id, v.receipts)
	end, err := r.read(ctx, v.workspace, chain)
	if err != nil {
		return err
	}
	if err := chain.End(end); err != nil {
		return damaged{err}
	}
	if err := r.meetHead(head, end); err != nil {
		return damaged{err}
	}
	return v.verified(&found{What: "offer", Source: r.source, Offer: id, title: id}, r, nil)
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

// verifyBundle reads a bundle, which is an offer without its workspace.
func (v *verifying) verifyBundle(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return cannot("read", name, err)
	}
	defer f.Close()
	var r *replay
	report, err := journal.VerifyBundle(f, journal.BundleOptions{
		File: name, Known: v.known,
		Entry: func(e *journal.Entry, at journal.Place) error {
			if r == nil {
				r = newReplay(name, e.Offer, v.receipts)
			}
			return r.take(e, at)
		},
	})
	var damage *journal.Damage
	switch {
	case errors.As(err, &damage) && damage.Code == journal.NewerFormat:
		return refused{damage}
	case errors.As(err, &damage):
		return damaged{damage}
	case err != nil:
		return cannot("read", name, err)
	}
	if r == nil {
		r = newReplay(name, report.Offer, v.receipts)
	}
	x := &found{What: "bundle", Source: name, Offer: report.Offer, title: fmt.Sprintf("%s: offer %s", name, report.Offer)}
	for _, a := range report.Attachments {
		x.Attachments = append(x.Attachments, attached{a.Name, a.Size, fmt.Sprintf("%x", a.SHA256)})
	}
	return v.verified(x, r, report.Signed)
}

// verified checks what follows from a journal that is whole: results, receipts,
// checkpoints.
func (v *verifying) verified(x *found, r *replay, signed [][]byte) error {
	s, n := r.state, r.tree.Size()
	if err := r.receiptsMet(); err != nil {
		return damaged{err}
	}
	results := s.Results()
	for _, result := range results {
		if err := s.Verify(result.Run); err != nil {
			return damaged{fmt.Errorf("%s: entry %d: %w", r.source, result.Seq, err)}
		}
	}
	last, err := v.checkpoints(x, r, signed)
	if err != nil {
		return err
	}
	proved, err := r.prove(last)
	if err != nil {
		return err
	}
	for _, c := range s.Checkpoints() {
		signed = append(signed, c.Signed)
	}
	x.Checked = append([]string{
		fmt.Sprintf("journal %s ok", plural(int(n), "entry", "entries")), "chain and times ok",
		rebuilt(len(results)),
		fmt.Sprintf("%s ok", plural(proved, "receipt", "receipts")),
	}, x.Checked...)
	if len(v.receipts) > 0 {
		x.Checked = append(x.Checked, plural(len(v.receipts), "receipt given is", "receipts given are")+" of this journal")
	}
	if err := v.resultsOf(x, r); err != nil {
		return err
	}
	root, _ := r.tree.Root(n)
	digest := s.Digest()
	x.Entries, x.Instructions, x.Refusals, x.Results = n, s.Len(), len(s.Refusals()), len(results)
	x.Root, x.State = fmt.Sprintf("%x", root), fmt.Sprintf("%x", digest)
	v.leftOpen(x, r, last)
	return v.say(x)
}

// rebuilt says what deciding all entries again came to.
func rebuilt(results int) string {
	if results == 0 {
		return "state rebuilt from #1, no result yet"
	}
	return plural(results, "result", "results") + " rebuilt from #1: same bytes"
}

// checkpoints compares the root of each checkpoint with that of its entries, and
// gives the one that covers most.
func (v *verifying) checkpoints(x *found, r *replay, signed [][]byte) (last []byte, err error) {
	var public []string
	for _, k := range r.state.Keys() {
		public = append(public, k.Public)
	}
	onRecord, err := journal.NewKeys(public...)
	if err != nil {
		return nil, err
	}
	for _, c := range r.state.Checkpoints() {
		if !has(signed, c.Signed) {
			signed = append(signed, c.Signed)
		}
	}
	var most uint64
	trusted := 0
	for _, one := range signed {
		c, err := journal.OpenCheckpoint(one, onRecord)
		if err != nil && v.keys == nil || c.Size == 0 {
			c, err = journal.OpenCheckpoint(one, v.keys)
		}
		if err != nil {
			return nil, damaged{fmt.Errorf("%s: checkpoint: %w", r.source, err)}
		}
		if err := r.meet(c); err != nil {
			return nil, damaged{err}
		}
		if _, err := journal.OpenCheckpoint(one, v.keys); v.keys != nil && err == nil {
			trusted++
		}
		if c.Size >= most {
			most, last = c.Size, one
		}
	}
	line := fmt.Sprintf("%s ok", plural(len(signed), "checkpoint", "checkpoints"))
	if v.keys != nil && len(signed) > 0 {
		if trusted == 0 {
			return nil, damaged{fmt.Errorf("%s: none of its %s is signed by the key given", r.source, plural(len(signed), "checkpoint", "checkpoints"))}
		}
		line += fmt.Sprintf(", %d signed by the key given", trusted)
	}
	x.Checked = append(x.Checked, line)
	if n := len(v.known); n > 0 {
		x.Checked = append(x.Checked, fmt.Sprintf("holds all of %s given", plural(n, "checkpoint", "checkpoints")))
	}
	return last, nil
}

func has(list [][]byte, x []byte) bool {
	for _, y := range list {
		if bytes.Equal(x, y) {
			return true
		}
	}
	return false
}

// meet compares a checkpoint with the entries that it is of.
func (r *replay) meet(c journal.Checkpoint) error {
	damage := &journal.Damage{Place: journal.Place{File: r.source, Offset: int64(c.Size)}, Seq: c.Size, Code: journal.WrongRoot}
	root, err := r.tree.Root(c.Size)
	switch {
	case err != nil:
		damage.Seq, damage.Code, damage.Why = r.tree.Size()+1, journal.CutOff, fmt.Sprintf("missing: a checkpoint covers %d entries, %d are there", c.Size, r.tree.Size())
		return damage
	case root != c.Root || r.at[c.Size-1] != c.At.UnixNano():
		damage.Why = fmt.Sprintf("entries 1 to %d are not those of the signed checkpoint on record: its root is %x, theirs %x", c.Size, c.Root, root)
		return damage
	}
	return nil
}

// prove proves the receipts of all entries under a checkpoint, and says how many.
func (r *replay) prove(signed []byte) (int, error) {
	if signed == nil {
		return 0, nil
	}
	c, err := journal.OpenCheckpoint(signed, nil)
	if err != nil {
		return 0, err
	}
	for seq := uint64(1); seq <= c.Size; seq++ {
		if _, err := journal.Prove(&r.tree, r.receipt(seq), nil, signed); err != nil {
			return 0, damaged{fmt.Errorf("%s: %w", r.source, err)}
		}
	}
	return int(c.Size), nil
}

// receipt is that of an entry, without its body's hash.
func (r *replay) receipt(seq uint64) journal.Receipt {
	return journal.Receipt{Offer: r.state.Offer(), Seq: seq, At: time.Unix(0, r.at[seq-1]).UTC(), Hash: r.hashes[seq-1]}
}

// leftOpen says what no reading of a journal alone can show.
func (v *verifying) leftOpen(x *found, r *replay, last []byte) {
	var covered uint64
	if last != nil {
		c, _ := journal.OpenCheckpoint(last, nil)
		covered = c.Size
	}
	kept := r.state.Checkpoints()
	own := len(kept) > 0 && kept[len(kept)-1].Seq == r.tree.Size() && covered+1 == r.tree.Size()
	if rest := r.tree.Size() - covered; rest > 0 && !own { // the entry of a checkpoint cannot be under it
		x.open("%s no checkpoint covers: nobody has signed for them", plural(int(rest), "entry that", "entries that"))
	}
	if len(v.known) == 0 {
		x.open("whether entries were cut off at the end, or all was written anew: give --checkpoint FILE, one that was kept elsewhere")
	}
	if v.keys == nil && last != nil {
		x.open("whose the keys on record are: give --key, the public key that the agent published")
	}
}
