package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// BundleOptions say what a bundle is checked against and who gets what is in it.
type BundleOptions struct {
	File  string                 // name for messages
	Offer string                 // the offer it must be of; "" takes any
	Keys  Keys                   // whose signatures count; nil looks at none, see [OpenCheckpoint]
	Known []Checkpoint           // known from elsewhere, see [NewVerifier]
	Knows func(Kind, uint8) bool // see [Verifier]
	// Entry and Attachment are called in the order of the file; nil is not. An
	// entry may be kept. An attachment must be read within the call.
	Entry      func(*Entry, Place) error
	Attachment func(name string, content io.Reader) error
}

// A BundleReport says what a whole bundle holds.
type BundleReport struct {
	Offer             string
	Entries           uint64
	Root              [32]byte
	Checkpoints       []Checkpoint // in the order of the file
	Signed            [][]byte     // the same, signed
	Attachments       []Attachment
	Newer, FirstNewer uint64 // entries of unknown kinds, see [Verifier]
	Digest            [32]byte
	Size              int64 // bytes
}

// An Attachment is a file that goes with an offer.
type Attachment struct {
	Name   string
	Size   uint64
	SHA256 [32]byte
}

// VerifyBundle reads a bundle to its end and checks all of it. What is wrong is
// returned as [*Damage]: the first of it, with everything before known to be
// whole. Other errors are the reader's, or of the functions in the options, which
// get what is in the bundle before its end is checked; use [ImportBundle] where
// that matters.
func VerifyBundle(r io.Reader, o BundleOptions) (*BundleReport, error) {
	b := &bundleReader{BundleOptions: o, frames: newFrameReader(r), report: &BundleReport{}}
	if err := b.read(); err != nil {
		return nil, err
	}
	return b.report, nil
}

// ImportBundle verifies all of a bundle before it hands out anything, then reads
// it a second time. Should the file be another one by then, that is an error too:
// take what was handed out back.
func ImportBundle(src io.ReadSeeker, o BundleOptions) (*BundleReport, error) {
	look := o
	look.Entry, look.Attachment = nil, nil
	first, err := VerifyBundle(src, look)
	if err != nil {
		return nil, err
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("second reading: %w", err)
	}
	second, err := VerifyBundle(src, o)
	if err == nil && second.Digest != first.Digest {
		err = fmt.Errorf("%s was changed while it was imported", o.File)
	}
	if err != nil {
		return nil, err
	}
	return second, nil
}

// A bundleReader takes a bundle frame by frame.
type bundleReader struct {
	BundleOptions
	frames  *frameReader
	journal *Verifier // nil before the offer's frame
	report  *BundleReport
}

func (b *bundleReader) read() error {
	if err := b.begin(); err != nil {
		return err
	}
	for {
		b.frames.keep = b.Entry != nil
		f, err := b.next()
		if err != nil {
			return err
		}
		if len(b.report.Attachments) > 0 && (f.typ == frameEntry || f.typ == frameCheckpoint) {
			return b.wrongf(f.place, BadFrame, "an entry or checkpoint stands behind an attachment")
		}
		switch f.typ {
		case frameEntry:
			err = b.entry(f)
		case frameCheckpoint:
			err = b.checkpoint(f)
		case frameAttach:
			err = b.attachment(f)
		case frameEnd:
			return b.end(f)
		default:
			err = b.wrongf(f.place, BadFrame, "frame of type %q, needs an entry, a checkpoint, an attachment or the end", byte(f.typ))
		}
		if err != nil {
			return err
		}
	}
}

// begin reads the title and the offer's name.
func (b *bundleReader) begin() error {
	title, err := b.frames.title()
	if err != nil {
		return err
	}
	at := Place{File: b.File}
	format, ok := strings.CutPrefix(title, bundleTitle)
	n, err := strconv.ParseUint(strings.TrimSuffix(format, "\n"), 10, 31)
	switch {
	case !ok || err != nil || title != fmt.Sprintf("%s%d\n", bundleTitle, n) || n == 0:
		return b.wrongf(at, BadFrame, "not a bundle: it begins %q, needs %q", title, fmt.Sprintf("%s%d\n", bundleTitle, bundleFormat))
	case n > bundleFormat:
		return b.wrongf(at, NewerFormat, "bundle of format %d: %w", n, ErrNewer)
	}
	f, err := b.next()
	if err != nil {
		return err
	}
	offer := string(f.payload)
	if f.typ != frameOffer {
		return b.wrongf(f.place, BadFrame, "frame of type %q, needs the offer first", byte(f.typ))
	}
	if b.Offer != "" && b.Offer != offer {
		return b.wrongf(f.place, OtherOffer, "bundle of offer %q, needs %q", offer, b.Offer)
	}
	if b.journal, err = NewVerifier(offer, b.Known...); err != nil {
		return b.wrongf(f.place, OtherOffer, "%w", err)
	}
	b.journal.Knows = b.Knows
	b.report.Offer = offer
	return nil
}

// next reads a frame and checks that it is the one that is due.
func (b *bundleReader) next() (frame, error) {
	f, err := b.frames.next()
	f.place.File = b.File
	var broken *frameError
	switch {
	case errors.As(err, &broken):
		d := b.wrongf(f.place, broken.code, "%w", err)
		inEntries := b.journal != nil && len(b.report.Attachments) == 0
		if inEntries && (broken.typ == frameEntry || broken.typ == 0) {
			d.Seq++
		}
		return f, d
	case err != nil:
		return f, err
	case f.number != b.frames.number:
		if err := b.misplaced(f); err != nil {
			return f, err
		}
		return f, b.wrongf(f.place, BadFrame, "frame %d stands here, frame %d is due", f.number, b.frames.number)
	}
	b.frames.number++
	return f, nil
}

// misplaced says of a frame out of order, if it is an entry, which entry is
// missing or there twice.
func (b *bundleReader) misplaced(f frame) error {
	if b.journal == nil || f.typ != frameEntry || len(b.report.Attachments) > 0 {
		return nil
	}
	e, err := ParseEntry(f.payload)
	if err != nil {
		return nil
	}
	return b.journal.follows(e, f.place)
}

func (b *bundleReader) entry(f frame) error {
	e, err := b.journal.Add(f.payload, f.place)
	if err != nil || b.Entry == nil {
		return err
	}
	return b.Entry(e, f.place)
}

func (b *bundleReader) checkpoint(f frame) error {
	c, err := OpenCheckpoint(f.payload, b.Keys)
	if err != nil {
		return b.wrongf(f.place, BadCheckpoint, "%w", err)
	}
	if err := b.journal.Meet(c, f.place); err != nil {
		return err
	}
	b.report.Checkpoints = append(b.report.Checkpoints, c)
	b.report.Signed = append(b.report.Signed, bytes.Clone(f.payload))
	return nil
}

func (b *bundleReader) end(f frame) error {
	var want BundleReport
	if len(f.payload) != 8+32+32 {
		return b.wrongf(f.place, BadFrame, "end of %d bytes, needs 72", len(f.payload))
	}
	want.Entries = binary.BigEndian.Uint64(f.payload)
	want.Root, want.Digest = [32]byte(f.payload[8:40]), [32]byte(f.payload[40:])
	r := b.report
	r.Entries, r.Root, r.Digest = b.journal.Size(), b.journal.Root(), [32]byte(b.frames.digest.Sum(nil))
	r.Newer, r.FirstNewer, r.Size = b.journal.Newer, b.journal.FirstNewer, b.frames.offset
	switch {
	case want.Entries > r.Entries:
		d := b.wrongf(f.place, CutOff, "missing: the bundle was closed with %d entries, %d are there", want.Entries, r.Entries)
		d.Seq++
		return d
	case want.Entries != r.Entries || want.Root != r.Root:
		return b.wrongf(f.place, WrongRoot, "the %d entries are not the %d that the bundle was closed with", r.Entries, want.Entries)
	case want.Digest != r.Digest:
		return b.wrongf(f.place, BadFrame, "the bundle is not the one that was closed: its digest is %x, needs %x", r.Digest, want.Digest)
	}
	if err := b.journal.End(f.place); err != nil {
		return err
	}
	switch _, err := b.frames.src.ReadByte(); err {
	case io.EOF:
		return nil
	case nil:
		return b.wrongf(Place{b.File, r.Size}, BadFrame, "bytes stand behind the end of the bundle")
	default:
		return err
	}
}

// attachment reads the frames of one attachment.
func (b *bundleReader) attachment(f frame) error {
	a := Attachment{Name: string(f.payload)}
	if err := checkAttachment(a.Name); err != nil {
		return b.wrongf(f.place, BadAttachment, "%w", err)
	}
	for _, other := range b.report.Attachments {
		if other.Name == a.Name {
			return b.wrongf(f.place, BadAttachment, "attachment %q is there twice", a.Name)
		}
	}
	b.report.Attachments = append(b.report.Attachments, a)
	b.frames.keep = false
	content := &attachmentReader{bundle: b}
	sum := sha256.New()
	read := io.TeeReader(content, sum)
	if b.Attachment != nil {
		if err := b.Attachment(a.Name, read); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, read); err != nil {
		return err
	}
	last := content.last
	a.Size, a.SHA256 = content.size, [32]byte(sum.Sum(nil))
	if !bytes.Equal(last.payload, append(binary.BigEndian.AppendUint64(nil, a.Size), a.SHA256[:]...)) {
		return b.wrongf(last.place, BadAttachment, "attachment %q of %d bytes is not what was attached", a.Name, a.Size)
	}
	b.report.Attachments[len(b.report.Attachments)-1] = a
	return nil
}

// An attachmentReader gives the content of an attachment up to its last frame.
type attachmentReader struct {
	bundle *bundleReader
	rest   []byte
	size   uint64
	last   frame
	err    error
}

// Read implements [io.Reader].
func (a *attachmentReader) Read(p []byte) (int, error) {
	for len(a.rest) == 0 && a.err == nil {
		f, err := a.bundle.next()
		switch {
		case err != nil:
			a.err = err
		case f.typ == frameAttached:
			a.last, a.err = f, io.EOF
		case f.typ != frameData:
			a.err = a.bundle.wrongf(f.place, BadFrame, "frame of type %q inside an attachment", byte(f.typ))
		}
		if a.err == nil {
			a.rest = f.payload
		}
	}
	if len(a.rest) == 0 {
		return 0, a.err
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	a.size += uint64(n)
	return n, nil
}

// wrongf says what is wrong outside entries.
func (b *bundleReader) wrongf(at Place, code Code, format string, args ...any) *Damage {
	err := fmt.Errorf(format, args...)
	d := &Damage{Place: at, Code: code, Why: err.Error(), Err: err}
	if b.journal != nil {
		d.Seq = b.journal.Size()
	}
	return d
}
