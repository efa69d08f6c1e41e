package book

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"maps"
	"slices"
)

// snapshotFormat begins every snapshot; the number is its version.
const snapshotFormat = "tenderbook state 4\n"

// Digest identifies the state: SHA-256 of what WriteTo writes, without the
// digest at its end. States of the same journal have the same.
func (s *State) Digest() [32]byte {
	w := newWriter(io.Discard)
	s.write(w)
	return w.sum()
}

// WriteTo writes a snapshot: all of the state that cannot be worked out from the
// rest, and its digest. [Restore] reads it.
func (s *State) WriteTo(to io.Writer) (int64, error) {
	w := newWriter(to)
	s.write(w)
	sum := w.sum()
	if w.err != nil {
		return w.n, w.err
	}
	n, err := to.Write(sum[:])
	return w.n + int64(n), err
}

// A writer encodes values: numbers as varints or eight bytes, texts with their
// length in front.
type writer struct {
	to  io.Writer
	h   interface{ Sum([]byte) []byte }
	all io.Writer // to and the hash
	buf []byte
	n   int64
	err error
}

func newWriter(to io.Writer) *writer {
	h := sha256.New()
	return &writer{to: to, h: h, all: io.MultiWriter(h, to), buf: make([]byte, 0, 1<<17)}
}

func (w *writer) flush() {
	if w.err == nil && len(w.buf) > 0 {
		_, w.err = w.all.Write(w.buf)
		w.n += int64(len(w.buf))
	}
	w.buf = w.buf[:0]
}

func (w *writer) room() {
	if len(w.buf) > 1<<16 {
		w.flush()
	}
}

func (w *writer) sum() [32]byte { w.flush(); return [32]byte(w.h.Sum(nil)) }

func (w *writer) uint(n uint64) { w.room(); w.buf = binary.AppendUvarint(w.buf, n) }
func (w *writer) int(n int64)   { w.room(); w.buf = binary.AppendVarint(w.buf, n) }
func (w *writer) len(n int)     { w.uint(uint64(n)) }
func (w *writer) bool(b bool)   { w.uint(map[bool]uint64{true: 1}[b]) }

func (w *writer) text(s string) {
	w.len(len(s))
	w.buf = append(w.buf, s...)
	w.room()
}

func (w *writer) bytes(b []byte) {
	w.len(len(b))
	w.flush()
	if w.err == nil {
		_, w.err = w.all.Write(b)
		w.n += int64(len(b))
	}
}

func (w *writer) texts(list []string) {
	w.len(len(list))
	for _, s := range list {
		w.text(s)
	}
}

func (w *writer) ints(list []int64) {
	w.len(len(list))
	for _, n := range list {
		w.int(n)
	}
}

func (s *State) write(w *writer) {
	w.buf = append(w.buf, snapshotFormat...)
	w.text(s.offer)
	w.uint(s.seq)
	w.int(s.at)
	w.bytes(s.hash[:])
	s.writeFolded(w)
	s.writeTerms(w)
	s.writeRoles(w)
	s.writeSeries(w)
	s.writeRecords(w)
	s.writeProposals(w)
	s.writeResults(w)
	s.writeKeys(w)
}

// writeFolded says what a program must know to go on from here.
func (s *State) writeFolded(w *writer) {
	for kind, version := range s.folded {
		if version > 0 {
			w.uint(uint64(kind))
			w.uint(uint64(version))
		}
	}
	w.uint(0)
}

func (s *State) writeTerms(w *writer) {
	w.bool(s.draft != nil)
	if s.draft == nil {
		return
	}
	w.text(s.draft.Name)
	w.text(s.draft.File)
	w.len(len(s.files))
	for _, x := range s.files {
		w.text(x.name)
		w.text(x.file)
		w.int(x.notBefore)
		w.uint(x.seq)
		w.uint(uint64(x.event))
		w.uint(uint64(x.rules))
	}
	w.uint(uint64(s.clock.rules[0]))
	w.uint(uint64(s.clock.life))
	w.len(s.clock.current)
	w.bool(s.clock.missed)
}

func (s *State) writeRoles(w *writer) {
	w.len(len(s.roles))
	for _, h := range s.roles {
		w.text(h.Actor)
		w.text(string(h.Role))
		w.text(h.Participant)
	}
	w.len(len(s.persons))
	for _, actor := range slices.Sorted(maps.Keys(s.persons)) {
		w.text(actor)
		w.text(s.persons[actor])
	}
}

func (s *State) writeSeries(w *writer) {
	w.texts(s.series.names)
	w.texts(s.participants.names)
	for n, t := range s.tallied {
		w.uint(uint64(s.clock.series[n]))
		w.len(len(t.position))
		for _, p := range t.position {
			w.int(p)
		}
		hours := slices.DeleteFunc(slices.Sorted(maps.Keys(t.hours)), func(h int64) bool { return *t.hours[h] == Flow{} })
		w.len(len(hours))
		for _, h := range hours {
			f := t.hours[h]
			for _, x := range [...]int64{h, f.Tenders, f.Tendered, f.Withdrawals, f.Withdrawn} {
				w.int(x)
			}
		}
	}
}

func (s *State) writeRecords(w *writer) {
	w.len(len(s.bids))
	for _, b := range s.bids {
		w.int(b.Coef())
		w.len(b.Scale())
	}
	w.bytes(s.texts.buf)
	w.len(len(s.records))
	for i := range s.records {
		w.room()
		w.buf = s.records[i].append(w.buf)
	}
	w.len(len(s.happened))
	for i := range s.happened {
		w.room()
		w.buf = s.happened[i].append(w.buf)
	}
	w.len(len(s.rare))
	for _, i := range slices.Sorted(maps.Keys(s.rare)) {
		w.uint(uint64(i))
		w.int(s.rare[i].atLeast)
		w.int(s.rare[i].delivered)
		w.int(s.rare[i].counted)
	}
	w.len(len(s.accepted))
	for _, n := range s.accepted {
		w.int(n)
	}
	w.len(len(s.refusals))
	for _, r := range s.refusals {
		w.uint(uint64(r.seq))
		w.uint(uint64(r.row))
		w.uint(uint64(r.code))
		w.text(r.id)
	}
}

// recordSize is that of the encoding of a record.
const recordSize = 8*4 + 4*6 + 2 + 4

func (r *record) append(b []byte) []byte {
	for _, x := range [...]uint64{uint64(r.at), uint64(r.principal), uint64(r.left), r.text} {
		b = binary.LittleEndian.AppendUint64(b, x)
	}
	for _, x := range [...]uint32{r.seq, r.row, r.participant, r.link, r.bid, r.last} {
		b = binary.LittleEndian.AppendUint32(b, x)
	}
	b = binary.LittleEndian.AppendUint16(b, r.series)
	flags := byte(0)
	if r.whole {
		flags |= recordWhole
	}
	if r.stood {
		flags |= recordStood
	}
	return append(b, byte(r.action), byte(r.life), r.run, flags)
}

const (
	recordWhole = 1 << iota
	recordStood
)

// happeningSize is that of the encoding of an event.
const happeningSize = 8*2 + 4*3 + 2

func (h *happening) append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, uint64(h.at))
	b = binary.LittleEndian.AppendUint64(b, uint64(h.amount))
	for _, x := range [...]uint32{h.seq, h.row, h.before} {
		b = binary.LittleEndian.AppendUint32(b, x)
	}
	return append(b, byte(h.event), byte(h.life))
}

func (s *State) writeProposals(w *writer) {
	w.len(len(s.order))
	for _, seq := range s.order {
		p := s.proposals[seq]
		body, err := canonical(&p.Proposal)
		w.err = cmp.Or(w.err, err)
		w.uint(seq)
		w.bytes(body)
		w.uint(uint64(p.rules))
		w.text(p.maker)
		w.int(p.at)
		w.bytes(p.digest[:])
		w.uint(uint64(p.state))
		w.text(p.decider)
		w.uint(p.decided)
	}
}

func (s *State) writeResults(w *writer) {
	for _, r := range s.results {
		w.bool(r != nil)
		if r == nil {
			continue
		}
		w.uint(r.seq)
		w.bytes(r.hash[:])
		w.uint(uint64(r.rules))
		w.len(r.terms)
		w.ints(r.counted.Tendered)
		w.bool(r.counted.Consents != nil)
		w.ints(r.counted.Consents)
		w.bool(r.counted.Final)
		w.texts(r.terminated)
		w.text(r.digest)
		w.bool(r.settled)
		w.uint(r.released)
		w.text(r.payments)
		w.len(len(r.used.Used))
		for k, used := range r.used.Used {
			w.text(used.RatString())
			w.int(r.used.ClosedAt[k])
		}
		w.len(len(r.used.Taken))
		for _, taken := range r.used.Taken {
			w.ints(taken)
		}
	}
}
