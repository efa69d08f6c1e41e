package desk

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"tenderbook/book"
	"tenderbook/journal"
)

// Snapshots keeps an image of the state of each offer, the newest one, so that a
// desk need not fold a long journal from its start. It holds nothing that the
// journal has not: an image that is gone, damaged, of another journal or of
// another version of the program is folded again and written anew.
type Snapshots interface {
	// Load gives the image of an offer; nil if there is none.
	Load(offer string) ([]byte, error)
	// Save puts what write writes in the place of the offer's image, whole or
	// not at all.
	Save(offer string, write func(io.Writer) error) error
}

// KeepSnapshots has the desk begin from snapshots, and write one whenever it
// folded as many entries and instructions at once, and half as many as the state
// had before. It is called before the desk is used.
func (d *Desk) KeepSnapshots(s Snapshots, every uint64) {
	d.snapshots, d.every = s, every
}

// restore has a room begin from the offer's snapshot, if there is one that the
// journal bears out: its entry at that position has the snapshot's hash.
// r.folding is held.
func (d *Desk) restore(ctx context.Context, r *room, offer string) {
	if d.snapshots == nil || r.at.Load() > 0 {
		return
	}
	image, err := d.snapshots.Load(offer)
	if err != nil || image == nil {
		return
	}
	seq, err := book.SnapshotSeq(image)
	if err != nil {
		return
	}
	head, err := d.Receipt(ctx, offer, seq)
	if err != nil {
		return
	}
	s, err := book.Restore(image, head)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state, r.kept = s, weight(s)
	r.answers.beginAfter(head.Seq)
	r.at.Store(head.Seq)
}

// weight is what folding a state takes, roughly: its entries and instructions.
func weight(s *book.State) uint64 { return s.Head().Seq + uint64(s.Len()) }

// keep writes a snapshot if it is worth it. One that cannot be written is no
// matter: the journal has it all. r.folding is held, so nobody changes the state.
func (d *Desk) keep(r *room, offer string) {
	now := weight(r.state)
	if d.snapshots == nil || now < r.kept+max(d.every, r.kept/2) {
		return
	}
	err := d.snapshots.Save(offer, func(w io.Writer) error { _, err := r.state.WriteTo(w); return err })
	if err == nil {
		r.kept = now
	}
}

// outcomeBefore finds the outcome of an entry that lies before the snapshot from
// which a room began, by folding the journal up to it.
func (d *Desk) outcomeBefore(ctx context.Context, receipt journal.Receipt) (found book.Outcome, err error) {
	s := book.New(receipt.Offer)
	err = d.journal.Read(ctx, receipt.Offer, 1, func(e *journal.Entry) (err error) {
		if found, err = judged(e, s.Apply(e)); err != nil {
			return err
		}
		if e.Seq == receipt.Seq {
			return errThere
		}
		return nil
	})
	if err == errThere {
		err = nil
	}
	return found, err
}

// A Folder keeps snapshots as files. It can be deleted at any time.
type Folder string

func (f Folder) file(offer string) string {
	return filepath.Join(string(f), fmt.Sprintf("%x.snapshot", sha256.Sum256([]byte(offer))))
}

// Load reads the file of an offer.
func (f Folder) Load(offer string) ([]byte, error) {
	image, err := os.ReadFile(f.file(offer))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return image, err
}

// Save writes a file beside and renames it, so that a reader sees the one before
// or this one. It is not synced: what a power cut leaves of it fails its digest.
func (f Folder) Save(offer string, write func(io.Writer) error) error {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return err
	}
	beside, err := os.CreateTemp(string(f), "writing-*")
	if err != nil {
		return err
	}
	defer os.Remove(beside.Name()) // gone already, if it was renamed
	err = errors.Join(write(beside), beside.Close())
	if err != nil {
		return err
	}
	return os.Rename(beside.Name(), f.file(offer))
}
