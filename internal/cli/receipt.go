package cli

import (
	"cmp"
	"context"
	"encoding"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/journal"
)

func journalTime(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }

// receiptCommand is "tender receipt": what a sender keeps.
func (p *program) receiptCommand() *cobra.Command {
	w := &workspace{program: p}
	var out string
	var whole bool
	c := &cobra.Command{
		Use:   "receipt ID INSTRUCTION|ENTRY",
		Short: "Writes a receipt that can be checked without the journal.",
		Example: `tender receipt LVLT-2004 I-000731 -o I-000731.receipt
tender verify I-000731.receipt --key agent.pub`,
		Long: `The receipt proves that the entry is in the journal that the last checkpoint
stands for. Before a checkpoint covers the entry there is nothing to prove it
by: --json then prints the receipt alone, to be checked with the journal. The
entry itself holds all rows of its batch, and is shown with --with-entry only.`,
		Args: arguments(2, 2, "ID and INSTRUCTION or ENTRY"),
		RunE: w.in(func(ctx context.Context, args []string) error { return w.receipt(ctx, args[0], args[1], out, whole) }),
	}
	w.reading(c)
	c.Flags().StringVarP(&out, "out", "o", "", "`FILE` to write (default standard output)")
	c.Flags().BoolVar(&whole, "with-entry", false, "show the entry too: who sent what, and when")
	return c
}

func (w *workspace) receipt(ctx context.Context, id, which, out string, whole bool) error {
	r, _, err := w.replayed(ctx, id)
	if err != nil {
		return err
	}
	seq, err := r.entryOf(which)
	if err != nil { // said to those alone who may know what there is
		return cmp.Or(w.see(ctx, id, book.Inquiry{Subject: book.SeeInstructions, Of: which}, seen), err)
	}
	e, err := w.entry(ctx, id, seq)
	if err != nil {
		return err
	}
	if err := w.maySeeEntry(ctx, e, which, whole); err != nil {
		return err
	}
	receipt := journal.ReceiptOf(e)
	var encoding []byte
	if whole {
		encoding = e.AppendBinary(nil)
	}
	signed := r.lastCheckpoint(seq)
	switch {
	case signed == nil && !w.json:
		return answered{exitTooLate, fmt.Errorf("no checkpoint covers entry %d of %s yet\n    \"tender admin checkpoint %[2]s\" signs one; --json prints the receipt without a proof", seq, id)}
	case signed == nil:
		return w.toFile(out, func(to io.Writer) error { return encodeJSON(to, receiptOf(receipt)) })
	}
	evidence, err := journal.Prove(&r.tree, receipt, encoding, signed)
	if err != nil {
		return damaged{fmt.Errorf("%s: %w", r.source, err)}
	}
	return w.toFile(out, func(to io.Writer) error {
		if w.json {
			return encodeJSON(to, proved(evidence))
		}
		return writeText(to, evidence)
	})
}

func writeText(to io.Writer, x encoding.TextMarshaler) error {
	text, err := x.MarshalText()
	if err == nil {
		_, err = to.Write(text)
	}
	return err
}

// replayed reads an offer back from where it is kept, and checks it as "tender
// verify" does but for results.
func (w *workspace) replayed(ctx context.Context, id string) (*replay, *journal.Verifier, error) {
	head, err := w.head(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	chain, err := journal.NewVerifier(id)
	if err != nil {
		return nil, nil, err
	}
	r := newReplay(shownDatabase(w.db), id, nil)
	end, err := r.read(ctx, w, chain)
	if err != nil {
		return nil, nil, err
	}
	if err := r.meetHead(head, end); err != nil {
		return nil, nil, damaged{err}
	}
	for _, c := range r.state.Checkpoints() {
		known, err := journal.OpenCheckpoint(c.Signed, nil)
		if err == nil {
			err = r.meet(known)
		}
		if err != nil {
			return nil, nil, damaged{err}
		}
	}
	return r, chain, nil
}

// entryOf finds the entry that an instruction came in, or the one of a number.
func (r *replay) entryOf(which string) (uint64, error) {
	if x, ok := r.state.Instruction(which); ok {
		return x.Seq, nil
	}
	seq, err := strconv.ParseUint(strings.TrimPrefix(which, "#"), 10, 64)
	if err != nil || seq == 0 || seq > r.tree.Size() {
		return 0, answered{exitRefused, fmt.Errorf("offer %s has no instruction %q, nor an entry of that number", r.state.Offer(), which)}
	}
	return seq, nil
}

// lastCheckpoint is the last one on record that covers an entry; nil if none does.
func (r *replay) lastCheckpoint(seq uint64) (signed []byte) {
	for _, x := range r.state.Checkpoints() {
		if c, err := journal.OpenCheckpoint(x.Signed, nil); err == nil && c.Size >= seq {
			signed = x.Signed
		}
	}
	return signed
}

// entry reads one entry.
func (w *workspace) entry(ctx context.Context, id string, seq uint64) (found *journal.Entry, err error) {
	err = w.store.Read(ctx, id, seq, func(e *journal.Entry) error {
		found = e
		return io.EOF
	})
	if err == io.EOF {
		err = nil
	}
	return found, err
}

// maySeeEntry denies the receipt of an instruction to whom it is none of its
// business, and what an entry holds to all but its sender and who sees the book.
func (w *workspace) maySeeEntry(ctx context.Context, e *journal.Entry, which string, whole bool) error {
	q := book.Inquiry{Subject: book.SeeJournal}
	switch {
	case e.Actor == w.actor:
		return nil
	case !whole:
		q = book.Inquiry{Subject: book.SeeInstructions, Of: which}
	}
	return w.see(ctx, e.Offer, q, seen)
}

// seen is for who asks only whether something may be shown.
func seen(*book.State) error { return nil }

// adminCheckpointCommand is "tender admin checkpoint".
func (p *program) adminCheckpointCommand() *cobra.Command {
	w := &workspace{program: p}
	var (
		key        signing
		out, since string
	)
	c := &cobra.Command{
		Use:   "checkpoint ID",
		Short: "Signs what the journal is now, and puts that on record.",
		Example: `tender admin checkpoint LVLT-2004 --sign-with agent.key -o 1206.note --as ann
tender admin checkpoint LVLT-2004 --since 1206.note -o grown.proof --as ann`,
		Long: `All entries are read back from the database and checked before their root is
signed. The key must be in use for the offer (tender admin key add). Publish
checkpoints, or send them to others: one that is kept elsewhere shows what was
cut off or changed since. With --since the file also holds the proof that
nothing of an earlier one was.`,
		Args: arguments(1, 1, "ID"),
		RunE: w.in(func(ctx context.Context, args []string) error { return w.checkpoint(ctx, args[0], &key, out, since) }),
	}
	w.writing(c)
	key.flag(c)
	c.Flags().StringVarP(&out, "out", "o", "", "`FILE` to write (default standard output)")
	c.Flags().StringVar(&since, "since", "", "`FILE` of an earlier checkpoint: write the proof that it is still held")
	return c
}

func (w *workspace) checkpoint(ctx context.Context, id string, key *signing, out, since string) error {
	if err := apart([]string{since}, []string{out}); err != nil {
		return err
	}
	signer, err := key.needed(w.Env)
	if err != nil {
		return err
	}
	r, chain, err := w.replayed(ctx, id)
	if err != nil {
		return err
	}
	before, err := w.earlier(ctx, id)
	if err != nil {
		return err
	}
	if !r.inUse(signer) {
		return notInUse(signer, id)
	}
	signed, err := chain.Sign(signer)
	if err != nil {
		return err
	}
	if again, ok := before.(*book.Checkpoint); ok {
		signed = []byte(again.Signed)
	}
	text := func(to io.Writer) error { _, err := to.Write(signed); return err }
	if since != "" {
		g, err := r.grown(since, signed)
		if err != nil {
			return err
		}
		text = func(to io.Writer) error { return writeText(to, g) }
	}
	a, err := w.do(ctx, id, &book.Checkpoint{Signed: string(signed)})
	if err != nil {
		return err
	}
	if err := w.toFile(out, text); err != nil || out == "" || out == "-" {
		return err
	}
	c, err := journal.OpenCheckpoint(signed, nil)
	if err != nil {
		return err
	}
	return w.tell(a, "%s: checkpoint of %s of %s, signed by %s", out, plural(int(c.Size), "entry", "entries"), id, journal.KeyName(signer))
}

// grown proves that a checkpoint kept in a file is held by a new one.
func (r *replay) grown(file string, signed []byte) (*journal.Growth, error) {
	old, earlier, err := readKnown(file, nil)
	if err != nil {
		return nil, err
	}
	if old.Offer != r.state.Offer() {
		return nil, refused{fmt.Errorf("%s: checkpoint of offer %q, needs %q", file, old.Offer, r.state.Offer())}
	}
	if err := r.meet(old); err != nil {
		return nil, damaged{fmt.Errorf("%s: %w", file, err)}
	}
	return journal.Extend(&r.tree, earlier, signed)
}
