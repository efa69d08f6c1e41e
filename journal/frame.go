package journal

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
)

// A bundle is a line that names its format, then frames: type, number, length
// of the payload, payload, CRC-32 of all these. The checksum finds where damage
// is; that the content is right is shown by the chain, the checkpoints and the
// digest at the end.
type frameType byte

const (
	frameOffer      frameType = 'O' // the offer's name; the first frame
	frameEntry      frameType = 'E' // the encoding of an entry
	frameCheckpoint frameType = 'C' // a signed checkpoint, behind the last entry it covers
	frameAttach     frameType = 'A' // the name of an attachment
	frameData       frameType = 'D' // a piece of it
	frameAttached   frameType = 'Z' // its size and SHA-256
	frameEnd        frameType = 'F' // entries, root, SHA-256 of all before this frame; the last frame
)

const (
	bundleFormat   = 1
	bundleTitle    = "tenderbook bundle "
	frameHead      = 1 + 4 + 4
	frameTail      = 4
	maxFrame       = MaxEntry
	attachmentStep = 64 << 10 // bytes of an attachment in one frame
)

// A frame is one frame as it was read.
type frame struct {
	typ     frameType
	number  uint32
	payload []byte
	place   Place
}

// appendFrame puts a frame around a payload.
func appendFrame(dst []byte, typ frameType, number uint32, payload []byte) []byte {
	start := len(dst)
	dst = append(dst, byte(typ))
	dst = binary.BigEndian.AppendUint32(dst, number)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(payload)))
	dst = append(dst, payload...)
	return binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(dst[start:]))
}

// A frameError is what is wrong with a frame by itself.
type frameError struct {
	typ  frameType // as it stands there; 0 where the file breaks off before it
	code Code
	why  string
}

func (e *frameError) Error() string { return e.why }

// A frameReader reads frames one by one.
type frameReader struct {
	src    *bufio.Reader
	offset int64
	number uint32    // of the next frame
	digest hash.Hash // of all that was read, but for the last frame
	last   []byte    // the last frame
	keep   bool      // payloads are kept by the caller
}

func newFrameReader(r io.Reader) *frameReader {
	return &frameReader{src: bufio.NewReaderSize(r, 256<<10), digest: sha256.New()}
}

// next reads a frame. Errors of the reader other than the end are returned as
// they are; what is wrong with the frame is a frameError. The frame's number is
// for the caller to check.
func (r *frameReader) next() (frame, error) {
	f := frame{place: Place{Offset: r.offset}}
	r.digest.Write(r.last)
	buf := r.last[:0]
	if r.keep {
		buf = nil
	}
	buf, err := r.fill(buf, frameHead)
	r.last = buf
	if err != nil {
		return f, err
	}
	f.typ = frameType(buf[0])
	f.number = binary.BigEndian.Uint32(buf[1:])
	size := binary.BigEndian.Uint32(buf[5:])
	if size > maxFrame {
		return f, &frameError{f.typ, BadFrame, fmt.Sprintf("frame of %d bytes, at most %d are needed", size, maxFrame)}
	}
	buf, err = r.fill(buf, int(size)+frameTail)
	r.last = buf
	if short, ok := err.(*frameError); ok {
		short.typ = f.typ
	}
	if err != nil {
		return f, err
	}
	end := len(buf) - frameTail
	if got, want := crc32.ChecksumIEEE(buf[:end]), binary.BigEndian.Uint32(buf[end:]); got != want {
		return f, &frameError{f.typ, BadFrame, fmt.Sprintf("bytes were changed: the frame's checksum is %08x, theirs %08x", want, got)}
	}
	f.payload = buf[frameHead:end:end]
	return f, nil
}

// fill appends n bytes that are read. It makes room for no more than a step
// ahead of what has come, so that a wrong length costs nothing.
func (r *frameReader) fill(buf []byte, n int) ([]byte, error) {
	const step = 1 << 20
	for n > 0 {
		now := min(n, step)
		at := len(buf)
		if cap(buf)-at < now {
			buf = append(buf, make([]byte, now)...)
		}
		buf = buf[:at+now]
		got, err := io.ReadFull(r.src, buf[at:])
		r.offset += int64(got)
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return buf[:at+got], &frameError{0, CutOff, "the bundle breaks off here, at byte " + fmt.Sprint(r.offset)}
		case err != nil:
			return buf[:at+got], err
		}
		n -= now
	}
	return buf, nil
}

// title reads the first line and gives the format's number.
func (r *frameReader) title() (string, error) {
	var line []byte
	for len(line) < len(bundleTitle)+10 && !bytes.HasSuffix(line, []byte("\n")) {
		b, err := r.src.ReadByte()
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", err
		}
		line = append(line, b)
	}
	r.offset = int64(len(line))
	r.last = line
	return string(line), nil
}
