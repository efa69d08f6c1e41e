package book

import (
	"encoding/binary"
	"hash/maphash"
	"unsafe"
)

// A record is one instruction in 64 bytes. What few have stands in [rare].
type record struct {
	at          int64  // receipt that decides early or late, and order: nanoseconds since 1970
	principal   int64  // as instructed, minor units
	left        int64  // of a tender: after withdrawals
	text        uint64 // place of id, account and holder in the texts
	seq         uint32 // of its entry
	row         uint32 // in its entry, from 0
	participant uint32
	link        uint32 // number + 1 of the tender referred to; 0: none
	bid         uint32 // number + 1 in State.bids; 0: none
	last        uint32 // number + 1 of its last event; 0: none
	series      uint16
	action      Action
	life        Life
	run         uint8 // that decided it: 1 early, 2 final; 0: none
	early       bool  // counted as early in the totals
	whole       bool  // of a withdrawal or delivery: of all that was left
	stood       bool  // it counted until it was decided or returned
}

const _ = uint(64 - unsafe.Sizeof(record{})) // does not compile if a record grows

// isTender reports whether the instruction offers notes.
func (r *record) isTender() bool { return r.action == Tender || r.action == Guarantee }

// counts reports whether the instruction is one that totals are about.
func (r *record) counts() bool { return r.isTender() || r.action == Consent }

// kind is the place of tenders, or of consents, in [tallied.stood].
func (r *record) kind() int {
	if r.action == Consent {
		return 1
	}
	return 0
}

// rare is what few instructions have.
type rare struct {
	atLeast   int64 // minor units
	delivered int64 // of a guarantee, minor units
	counted   int64 // of that, what had been delivered when a result decided it
}

// A happening is one event in the life of an instruction, linked to the one
// before.
type happening struct {
	at     int64
	amount int64 // withdrawn or delivered, minor units; 0: none
	seq    uint32
	row    uint32
	before uint32 // number + 1 of the instruction's event before; 0: none
	event  Event
	life   Life // after it
}

// texts holds strings one after the other.
type texts struct{ buf []byte }

// add keeps the texts of an instruction and gives their place.
func (t *texts) add(id, account, holder string) uint64 {
	at := uint64(len(t.buf))
	t.buf = appendText(t.buf, id)
	t.buf = appendText(t.buf, account)
	t.buf = appendText(t.buf, holder)
	return at
}

// get gives the text at a place, and the place after it.
func (t *texts) get(at uint64) ([]byte, uint64) {
	n, size := binary.Uvarint(t.buf[at:])
	from := at + uint64(size)
	return t.buf[from : from+n], from + n
}

func (t *texts) id(at uint64) []byte { id, _ := t.get(at); return id }

// rest gives account and holder.
func (t *texts) rest(at uint64) (account, holder []byte) {
	_, at = t.get(at)
	account, at = t.get(at)
	holder, _ = t.get(at)
	return account, holder
}

// An index finds instructions by id: an open-addressing table of their numbers,
// each with half of the hash of its id. The same half says where its search
// begins, so that the table can grow without a look at the ids, from one end to the
// other. The seed differs from run to run, which nothing that is kept depends on.
type index struct {
	seed  maphash.Seed
	slots []uint64 // high half: of the hash; low half: number + 1; 0: free
	shift uint8    // from a hash to its place: what is left are the bits of the size
	used  int

	fetched uint64 // means nothing: it keeps fetch from being left out
}

const emptied = 1<<32 - 1 // low half of a slot whose instruction was taken back

func newIndex(n int) index {
	bits := 10
	for 1<<bits < 2*n {
		bits++
	}
	return index{seed: maphash.MakeSeed(), slots: make([]uint64, 1<<bits), shift: uint8(64 - bits)}
}

// find gives the number of the instruction with an id, or -1.
func (s *State) find(id string) int {
	return s.look(id, maphash.String(s.index.seed, id))
}

// look is find for an id whose hash is known.
func (s *State) look(id string, h uint64) int {
	mask := uint64(len(s.index.slots) - 1)
	for at := h >> s.index.shift; ; at = (at + 1) & mask {
		slot := s.index.slots[at]
		if slot == 0 {
			return -1
		}
		if slot>>32 != h>>32 || uint32(slot) == emptied {
			continue
		}
		if n := uint32(slot) - 1; string(s.texts.id(s.records[n].text)) == id {
			return int(n)
		}
	}
}

// enter puts an instruction into the index, by the hash of its id.
func (s *State) enter(h uint64, n int) {
	if 2*(s.index.used+1) > len(s.index.slots) {
		s.index.grow(2 * len(s.records))
	}
	s.index.put(h>>32<<32 | uint64(n+1))
}

// fetch has the slots of hashes brought near. Reads that do not wait for each
// other go at once.
func (x *index) fetch(hashes []uint64) {
	for _, h := range hashes {
		x.fetched ^= x.slots[h>>x.shift]
	}
}

func (x *index) put(slot uint64) {
	mask := uint64(len(x.slots) - 1)
	at := slot >> x.shift
	for x.slots[at] != 0 {
		at = (at + 1) & mask
	}
	x.slots[at] = slot
	x.used++
}

// grow makes the index again, with room for n instructions.
func (x *index) grow(n int) {
	old := *x
	*x = newIndex(max(n, old.used))
	x.seed = old.seed
	for _, slot := range old.slots {
		if slot != 0 && uint32(slot) != emptied {
			x.put(slot)
		}
	}
}

// leave takes an instruction out of the index.
func (s *State) leave(id []byte, n int) {
	h := maphash.Bytes(s.index.seed, id)
	mask := uint64(len(s.index.slots) - 1)
	for at := h >> s.index.shift; s.index.slots[at] != 0; at = (at + 1) & mask {
		if s.index.slots[at] == h>>32<<32|uint64(n+1) {
			s.index.slots[at] |= emptied
			return
		}
	}
}

// A list numbers texts in the order in which they come first.
type list struct {
	names  []string
	number map[string]uint32
}

func newList() list { return list{number: map[string]uint32{}} }

// of gives the number of a name, which it adds if it is new.
func (l *list) of(name string) uint32 {
	if n, ok := l.number[name]; ok {
		return n
	}
	n := uint32(len(l.names))
	kept := string(append([]byte(nil), name...)) // not a part of a batch's bytes
	l.names = append(l.names, kept)
	l.number[kept] = n
	return n
}

// cut forgets the names from a number on.
func (l *list) cut(n int) {
	for _, name := range l.names[n:] {
		delete(l.number, name)
	}
	l.names = l.names[:n]
}
