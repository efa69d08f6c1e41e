package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

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

// An image is a snapshot that is not written yet.
type image struct {
	bytes  []byte
	weight uint64
}

// image encodes the state if a snapshot of it is worth it. r.folding is held, so
// nobody changes the state, and intake waits for as long as the encoding takes:
// docs/journal.md, part 10, has the figure. The file is written behind that.
func (d *Desk) image(r *room) *image {
	now := weight(r.state)
	if d.snapshots == nil || now < r.kept+max(d.every, r.kept/2) {
		return nil
	}
	var b bytes.Buffer
	b.Grow(int(min(now, maxGrown) * imageBytes))
	if _, err := r.state.WriteTo(&b); err != nil {
		return nil
	}
	r.kept = now
	return &image{b.Bytes(), now}
}

const (
	imageBytes = 100     // about what an instruction takes of an image
	maxGrown   = 1 << 24 // instructions for which room is made at once; 32 bits hold their bytes
)

// keep writes an image in the place of an older one. One that cannot be written is
// no matter: the journal has it all.
func (d *Desk) keep(r *room, offer string, i *image) {
	r.saving.Lock()
	defer r.saving.Unlock()
	if i.weight < r.saved {
		return
	}
	err := d.snapshots.Save(offer, func(w io.Writer) error { _, err := w.Write(i.bytes); return err })
	if err == nil {
		r.saved = i.weight
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

// beside begins the name of a file that is being written; digits follow.
const beside = "writing-"

// Sweep removes what writers left that were killed: files that nobody has written
// to since a time. One whose writer lives all the same costs a snapshot and no
// more.
func (f Folder) Sweep(since time.Time) error {
	files, err := os.ReadDir(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, file := range files {
		digits, ours := strings.CutPrefix(file.Name(), beside)
		info, gone := file.Info()
		if !ours || strings.Trim(digits, "0123456789") != "" || gone != nil || !info.Mode().IsRegular() || info.ModTime().After(since) {
			continue
		}
		err = errors.Join(err, os.Remove(filepath.Join(string(f), file.Name())))
	}
	return err
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
	file, err := os.CreateTemp(string(f), beside+"*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // gone already, if it was renamed
	err = errors.Join(write(file), file.Close())
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), f.file(offer))
}
