package sqlite

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"zombiezen.com/go/sqlite"

	"tenderbook/journal"
)

// An index finds the entry of a command: actor and key are looked for by the
// beginning of their hash, and who finds one compares the entry itself. It is
// made from the commands column of an offer's rows and takes 13 to 21 bytes a
// command.
//
// It is an open-addressing table of sequence numbers over the hashes of all
// entries in order.
type index struct {
	hashes []uint64 // of entry 1, 2, 3, ...
	slots  []uint32 // sequence numbers; 0: free

	fetched uint64 // means nothing: it keeps fetch from being left out
}

// hashSize is how many bytes of a command's hash are kept.
const hashSize = 8

// commandHash is the beginning of SHA-256 of an actor's name, behind its length
// in two bytes, and its key. Half of a cryptographic hash is enough: two commands
// with the same one cost a look at the entry and are told apart by it.
func commandHash(actor, key string) uint64 {
	var room [256]byte
	text := binary.BigEndian.AppendUint16(room[:0], uint16(len(actor)))
	text = append(append(text, actor...), key...)
	sum := sha256.Sum256(text)
	return binary.BigEndian.Uint64(sum[:hashSize])
}

// nameOf is what the index knows a command by.
func nameOf(d *journal.Draft) uint64 { return commandHash(d.Actor, d.Key) }

// len is the sequence number of the last entry.
func (x *index) len() uint64 { return uint64(len(x.hashes)) }

// add enters the hash of the next entry's command.
func (x *index) add(hash uint64) error {
	if x.len() >= journal.MaxEntries {
		return fmt.Errorf("an offer has more than %d entries: the file is damaged", uint64(journal.MaxEntries))
	}
	if 4*(len(x.hashes)+1) > 3*len(x.slots) {
		x.grow()
	}
	x.hashes = append(x.hashes, hash)
	x.put(uint32(len(x.hashes)))
	return nil
}

// grow doubles the table.
func (x *index) grow() {
	x.slots = make([]uint32, max(64, 2*len(x.slots)))
	for i := range x.hashes {
		x.put(uint32(i + 1))
	}
}

func (x *index) put(seq uint32) {
	at := x.start(x.hashes[seq-1])
	for x.slots[at] != 0 {
		at = x.after(at)
	}
	x.slots[at] = seq
}

func (x *index) start(hash uint64) int { return int(hash & uint64(len(x.slots)-1)) }
func (x *index) after(at int) int      { return (at + 1) & (len(x.slots) - 1) }

// fetch has what find will look at brought near. The index of a long offer is far
// from the processor; reads that do not wait for each other go at once.
func (x *index) fetch(hashes []uint64) {
	if len(x.slots) == 0 {
		return
	}
	for _, hash := range hashes {
		if seq := x.slots[x.start(hash)]; seq != 0 {
			x.fetched ^= x.hashes[seq-1]
		}
	}
}

// find calls is with the sequence numbers of the entries whose commands have a
// hash, until it says yes or fails.
func (x *index) find(hash uint64, is func(seq uint64) (bool, error)) error {
	if len(x.slots) == 0 {
		return nil
	}
	for at := x.start(hash); x.slots[at] != 0; at = x.after(at) {
		seq := x.slots[at]
		if x.hashes[seq-1] != hash {
			continue
		}
		if yes, err := is(uint64(seq)); yes || err != nil {
			return err
		}
	}
	return nil
}

// addRow enters the commands of a row: first_seq, last_seq, commands. It must
// begin where the index ends.
func (x *index) addRow(stmt *sqlite.Stmt) error {
	r := row{first: uint64(stmt.ColumnInt64(0)), last: uint64(stmt.ColumnInt64(1)), commands: make([]byte, stmt.ColumnLen(2))}
	stmt.ColumnBytes(2, r.commands)
	if err := r.check(x.len() + 1); err != nil {
		return err
	}
	for rest := r.commands; len(rest) > 0; rest = rest[hashSize:] {
		if err := x.add(binary.BigEndian.Uint64(rest)); err != nil {
			return err
		}
	}
	return nil
}
