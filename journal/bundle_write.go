package journal

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
)

// A BundleWriter writes a whole offer as one file: its entries in order, signed
// checkpoints between and behind them, then attachments such as results. What it
// is given is verified on the way, so that no damaged journal becomes a bundle.
type BundleWriter struct {
	out     *bufio.Writer
	digest  hash.Hash
	number  uint32
	buf     []byte
	journal *Verifier
	names   map[string]bool
	read    int64 // entries, as the place in messages
	err     error
}

// NewBundleWriter begins a bundle. Close must be called to end it.
func NewBundleWriter(w io.Writer, offer string) (*BundleWriter, error) {
	v, err := NewVerifier(offer)
	if err != nil {
		return nil, err
	}
	b := &BundleWriter{digest: sha256.New(), journal: v, names: map[string]bool{}}
	b.out = bufio.NewWriterSize(w, 256<<10)
	b.write(fmt.Appendf(nil, "%s%d\n", bundleTitle, bundleFormat))
	b.frame(frameOffer, []byte(offer))
	return b, b.err
}

// Entry adds the next entry, in its encoding.
func (b *BundleWriter) Entry(encoding []byte) error {
	if b.err == nil && len(b.names) > 0 {
		b.err = errors.New("entry behind an attachment, entries come first")
	}
	if b.err != nil {
		return b.err
	}
	if _, err := b.journal.Add(encoding, Place{File: "the journal to export", Offset: b.read}); err != nil {
		b.err = err
		return err
	}
	b.read++
	return b.frame(frameEntry, encoding)
}

// Checkpoint adds a signed checkpoint of the entries so far.
func (b *BundleWriter) Checkpoint(signed []byte) error {
	if b.err == nil && len(b.names) > 0 {
		b.err = errors.New("checkpoint behind an attachment, checkpoints come first")
	}
	if b.err != nil {
		return b.err
	}
	c, err := OpenCheckpoint(signed, nil)
	if err == nil {
		err = b.journal.Meet(c, Place{File: "the journal to export", Offset: b.read})
	}
	if err != nil {
		b.err = err
		return err
	}
	return b.frame(frameCheckpoint, signed)
}

// checkAttachment refuses names that are not a plain file name.
func checkAttachment(name string) error {
	if err := checkText("attachment", name); err != nil {
		return err
	}
	if strings.ContainsAny(name, `/\:`) || name[0] == '.' {
		return fmt.Errorf("attachment %q, needs a file name without a folder or a leading dot", name)
	}
	return nil
}

// Attach adds an attachment under a file name of its own.
func (b *BundleWriter) Attach(name string, content io.Reader) error {
	if b.err != nil {
		return b.err
	}
	if b.err = checkAttachment(name); b.err == nil && b.names[name] {
		b.err = fmt.Errorf("attachment %q is there already", name)
	}
	if b.err != nil {
		return b.err
	}
	b.names[name] = true
	b.frame(frameAttach, []byte(name))
	sum, size := sha256.New(), uint64(0)
	for piece := make([]byte, attachmentStep); b.err == nil; {
		n, err := io.ReadFull(content, piece)
		if n > 0 {
			sum.Write(piece[:n])
			size += uint64(n)
			b.frame(frameData, piece[:n])
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil && b.err == nil {
			b.err = fmt.Errorf("attachment %q: %w", name, err)
		}
	}
	return b.frame(frameAttached, sum.Sum(binary.BigEndian.AppendUint64(nil, size)))
}

// Close ends the bundle and gives the SHA-256 that stands in its last frame. It
// does not close the writer below.
func (b *BundleWriter) Close() (digest [32]byte, err error) {
	if b.err != nil {
		return digest, b.err
	}
	digest = [32]byte(b.digest.Sum(nil))
	root := b.journal.Root()
	payload := binary.BigEndian.AppendUint64(nil, b.journal.Size())
	payload = append(append(payload, root[:]...), digest[:]...)
	if err := b.frame(frameEnd, payload); err != nil {
		return digest, err
	}
	b.err = errors.New("bundle is closed")
	return digest, b.out.Flush()
}

func (b *BundleWriter) frame(typ frameType, payload []byte) error {
	if b.err == nil {
		b.buf = appendFrame(b.buf[:0], typ, b.number, payload)
		b.number++
		b.write(b.buf)
	}
	return b.err
}

func (b *BundleWriter) write(p []byte) {
	b.digest.Write(p)
	_, b.err = b.out.Write(p)
}
