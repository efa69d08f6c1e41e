package sqlite

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"tenderbook/journal"
)

// A group is a run of entries of one offer that will make one row: for each the
// beginning of its command's hash, and its length and encoding.
type group struct {
	first    uint64
	last     uint64 // 0 while there is none
	commands []byte
	encoded  []byte
	leaf     []byte // what is hashed of an entry, made again for each
}

// maxGroup is how many bytes of encodings end a row. A row of one entry may have
// more.
const maxGroup = 4 << 20

// add puts an entry behind the others and returns its hash. The entry gets a body
// that is a part of the group, because the caller's may change.
func (g *group) add(e *journal.Entry, command uint64) [32]byte {
	if g.last == 0 {
		g.first = e.Seq
	}
	g.last = e.Seq
	g.commands = binary.BigEndian.AppendUint64(g.commands, command)
	g.leaf = e.AppendBinary(append(g.leaf[:0], 0)) // RFC 6962: a leaf begins with a zero byte
	g.encoded = binary.BigEndian.AppendUint32(g.encoded, uint32(len(g.leaf)-1))
	g.encoded = append(g.encoded, g.leaf[1:]...)
	end := len(g.encoded)
	e.Body = g.encoded[end-len(e.Body) : end : end]
	return sha256.Sum256(g.leaf)
}

// full says whether the row should end.
func (g *group) full() bool { return len(g.encoded) >= maxGroup }

// A row is a group as it was read.
type row struct {
	offer       string
	first, last uint64
	commands    []byte
	encoded     []byte
}

// check refuses a row whose parts do not fit together, or that does not hold
// entry next.
func (r *row) check(next uint64) error {
	switch {
	case r.first > next || r.last < next:
		return fmt.Errorf("entry %d follows where %d should: the file is damaged", r.first, next)
	case r.last < r.first || uint64(len(r.commands)) != hashSize*(r.last-r.first+1):
		return fmt.Errorf("entries %d to %d have %d bytes of command hashes: the file is damaged", r.first, r.last, len(r.commands))
	}
	return nil
}

// each calls do for the entries from sequence number from on. It says which
// entry is damaged. Bodies are parts of the row.
func (r *row) each(from uint64, do func(*journal.Entry) error) error {
	rest, commands := r.encoded, r.commands
	for seq := r.first; seq <= r.last; seq++ {
		if len(rest) < 4 || uint64(binary.BigEndian.Uint32(rest)) > uint64(len(rest)-4) {
			return fmt.Errorf("entry %d breaks off: the file is damaged", seq)
		}
		size := 4 + int(binary.BigEndian.Uint32(rest))
		encoding, command := rest[4:size], binary.BigEndian.Uint64(commands)
		rest, commands = rest[size:], commands[hashSize:]
		if seq < from {
			continue
		}
		e, err := r.entry(seq, encoding, command)
		if err != nil {
			return err
		}
		if err := do(e); err != nil {
			return err
		}
	}
	if len(rest) > 0 {
		return fmt.Errorf("%d bytes too many behind entry %d: the file is damaged", len(rest), r.last)
	}
	return nil
}

// entry reads one entry and holds it to its place and to the hash by which its
// command is found.
func (r *row) entry(seq uint64, encoding []byte, command uint64) (*journal.Entry, error) {
	e, err := journal.ParseEntry(encoding)
	switch {
	case errors.Is(err, journal.ErrNewer):
		return nil, fmt.Errorf("entry %d: %w", seq, err)
	case err != nil:
		return nil, fmt.Errorf("entry %d: %w: the file is damaged", seq, err)
	case e.Offer != r.offer || e.Seq != seq:
		return nil, fmt.Errorf("entry %d of offer %q stands where entry %d should: the file is damaged", e.Seq, e.Offer, seq)
	case commandHash(e.Actor, e.Key) != command:
		return nil, fmt.Errorf("entry %d cannot be found by its key %q of %q: the file is damaged", seq, e.Key, e.Actor)
	}
	return e, nil
}
