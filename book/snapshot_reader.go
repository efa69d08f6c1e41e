package book

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"tenderbook/offer"
)

// A reader reads what a writer wrote. After a fault it gives zeros.
type reader struct {
	rest  []byte
	fault error
}

func openSnapshot(b []byte) (*reader, error) {
	n := len(b) - sha256.Size
	if n < len(snapshotFormat) {
		return nil, fmt.Errorf("%w: it has %d bytes", ErrSnapshot, len(b))
	}
	if string(b[:len(snapshotFormat)]) != snapshotFormat {
		return nil, fmt.Errorf("%w: it begins %.20q, needs %q", ErrSnapshot, b, snapshotFormat)
	}
	if sum := sha256.Sum256(b[:n]); string(sum[:]) != string(b[n:]) {
		return nil, fmt.Errorf("%w: its digest does not fit its bytes", ErrSnapshot)
	}
	return &reader{rest: b[len(snapshotFormat):n]}, nil
}

func (r *reader) fail(format string, args ...any) {
	if r.fault == nil {
		r.fault = fmt.Errorf(format, args...)
	}
	r.rest = nil
}

func (r *reader) failed() error {
	if r.fault != nil {
		return fmt.Errorf("%w: %w", ErrSnapshot, r.fault)
	}
	return nil
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.fail("it breaks off")
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) uint() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.fail("it breaks off")
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) int() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.fail("it breaks off")
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

// len is how many things follow, each of which takes at least size bytes.
func (r *reader) len(size int) int {
	n := r.uint()
	if n > uint64(len(r.rest)/max(size, 1)) {
		r.fail("it breaks off")
		return 0
	}
	return int(n)
}

func (r *reader) bool() bool { return r.uint() == 1 }

func (r *reader) bytes() []byte { return r.take(r.len(1)) }

func (r *reader) text() string { return string(r.bytes()) }

func (r *reader) hash() (h [32]byte) {
	if b := r.bytes(); len(b) == len(h) {
		return [32]byte(b)
	}
	r.fail("a hash is not of 32 bytes")
	return h
}

// ints reads a list; nil if it is empty.
func (r *reader) ints() []int64 {
	n := r.len(1)
	if n == 0 {
		return nil
	}
	list := make([]int64, n)
	for k := range list {
		list[k] = r.int()
	}
	return list
}

// texts reads a list; nil if it is empty.
func (r *reader) texts() (list []string) {
	for range r.len(1) {
		list = append(list, r.text())
	}
	return list
}

// counted reads what conditions counted. A list of consents that is empty is
// told from none.
func (r *reader) counted() (c offer.Counted) {
	c.Tendered = r.ints()
	some := r.bool()
	if c.Consents = r.ints(); some && c.Consents == nil {
		c.Consents = []int64{}
	}
	c.Final = r.bool()
	return c
}
