package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"tenderbook/journal"
)

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

// verifyBundle reads a bundle, which is an offer without its workspace.
func (v *verifying) verifyBundle(name string) error {
	if _, err := mustBe(name, aBundle); err != nil {
		return err
	}
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
