package book

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"math/big"
	"slices"

	"tenderbook/allocation"
	"tenderbook/journal"
	"tenderbook/money"
)

// ErrSnapshot is wrapped where a snapshot cannot be used. The journal is the
// truth: read it from the start instead.
var ErrSnapshot = errors.New("snapshot cannot be used")

// SnapshotSeq gives the entry that a snapshot says it stands at, without checking
// its bytes: where to find what [Restore] compares it with.
func SnapshotSeq(snapshot []byte) (uint64, error) {
	if len(snapshot) < len(snapshotFormat) || string(snapshot[:len(snapshotFormat)]) != snapshotFormat {
		return 0, fmt.Errorf("%w: it begins %.20q, needs %q", ErrSnapshot, snapshot, snapshotFormat)
	}
	r := &reader{rest: snapshot[len(snapshotFormat):]}
	s := r.head()
	return s.seq, r.failed()
}

// Restore makes the state that a snapshot was taken of. The head is the receipt
// of the journal's entry at the snapshot's position: a snapshot of another
// journal is refused, and so is one of entries that a later version of the program
// wrote, with [journal.ErrNewer]. All errors wrap [ErrSnapshot].
func Restore(snapshot []byte, head journal.Receipt) (*State, error) {
	r, err := openSnapshot(snapshot)
	if err != nil {
		return nil, err
	}
	s := r.head()
	if got := s.Head(); r.fault == nil && (got.Offer != head.Offer || got.Seq != head.Seq || got.Hash != head.Hash || !got.At.Equal(head.At)) {
		return nil, fmt.Errorf("%w: it is of offer %q, entry %d, %x; the journal has %q, %d, %x", ErrSnapshot, got.Offer, got.Seq, got.Hash[:6], head.Offer, head.Seq, head.Hash[:6])
	}
	r.folded(s)
	r.terms(s)
	r.roles(s)
	r.series(s)
	r.records(s)
	r.proposals(s)
	r.results(s)
	r.keys(s)
	if r.fault == nil && len(r.rest) > 0 {
		r.fail("%d bytes are left over", len(r.rest))
	}
	if err := r.failed(); err != nil {
		return nil, err
	}
	s.reenter()
	return s, nil
}

// reenter works out what snapshots leave out.
func (s *State) reenter() {
	s.index = newIndex(len(s.records))
	for i := range s.records {
		s.enter(maphash.Bytes(s.index.seed, s.texts.id(s.records[i].text)), i)
	}
	if s.accepted == nil && (s.results[0] != nil || s.results[1] != nil) {
		s.accepted = make([]int64, len(s.records))
	}
	s.recount()
	s.clock.owed = s.owes()
	s.clock.wind()
}

func (r *reader) head() *State {
	s := New(r.text())
	s.seq, s.at, s.hash = r.uint(), r.int(), r.hash()
	return s
}

// folded refuses kinds and versions of entries that this program does not know.
func (r *reader) folded(s *State) {
	for kind := r.uint(); kind != 0 && r.fault == nil; kind = r.uint() {
		version := r.uint()
		if kind > math.MaxUint8 || version > math.MaxUint8 || !Knows(journal.Kind(kind), uint8(version)) {
			r.fail("it was folded from entries of kind %d, version %d, %w", kind, version, journal.ErrNewer)
			return
		}
		s.folded[kind] = uint8(version)
	}
}

// terms reads the files again, in the order in which they were approved.
func (r *reader) terms(s *State) {
	if !r.bool() || r.fault != nil {
		return
	}
	draft := &Offer{Name: r.text(), File: r.text()}
	h, refusal := s.readOffer(draft)
	if refusal != nil {
		r.fail("%w", refusal)
		return
	}
	s.draft = draft
	events, rules := []OfferEvent{DoDraft}, []Rules{0}
	for range r.len(1) {
		x := enacted{name: r.text(), file: r.text(), notBefore: r.int(), seq: r.uint(), event: OfferEvent(r.uint()), rules: Rules(r.uint())}
		s.history = h
		if h, refusal = s.amended(x.name, x.file, x.notBefore); refusal != nil {
			r.fail("%w", refusal)
			return
		}
		s.files = append(s.files, x)
		events, rules = append(events, x.event), append(rules, x.rules)
	}
	s.history = h
	rules[0] = Rules(r.uint())
	s.clock.versions, s.clock.events, s.clock.rules = h.Versions(), events, rules
	s.clock.life, s.clock.current, s.clock.missed = OfferLife(r.uint()), int(r.uint()), r.bool()
	if s.clock.current >= len(s.clock.versions) {
		r.fail("version %d of %d is in force", s.clock.current, len(s.clock.versions))
		s.clock.current = 0
	}
}

func (r *reader) roles(s *State) {
	for range r.len(3) {
		s.roles = append(s.roles, Holding{Actor: r.text(), Role: Role(r.text()), Participant: r.text()})
	}
	if !slices.IsSortedFunc(s.roles, compareHoldings) {
		r.fail("the roles are not in their order")
	}
	for range r.len(2) {
		actor := r.text()
		s.persons[actor] = r.text()
	}
}

func (r *reader) series(s *State) {
	for range r.len(1) {
		s.series.of(r.text())
		s.tallied = append(s.tallied, newTallied())
	}
	for range r.len(1) {
		s.participants.of(r.text())
	}
	s.clock.ids = s.series.names
	for _, t := range s.tallied {
		s.clock.series = append(s.clock.series, SeriesLife(r.uint()))
		for range r.len(1) {
			t.position = append(t.position, r.int())
		}
		for range r.len(5) {
			h := r.int()
			t.hours[h] = &Flow{r.int(), r.int(), r.int(), r.int()}
		}
	}
	if s.history != nil && r.fault == nil {
		s.clock.load()
	}
}

func (r *reader) records(s *State) {
	for range r.len(2) {
		coef, scale := r.int(), r.uint()
		if scale > 18 {
			r.fail("a bid has %d decimals", scale)
			return
		}
		s.bidNumberOf(money.DecimalOf(coef, int(scale)))
	}
	s.texts.buf = slices.Clone(r.bytes())
	s.records = make([]record, r.len(recordSize))
	for i := range s.records {
		s.records[i].read(r.take(recordSize))
	}
	s.happened = make([]happening, r.len(happeningSize))
	for i := range s.happened {
		s.happened[i].read(r.take(happeningSize))
	}
	for range r.len(3) {
		i := uint32(r.uint())
		s.rare[i] = rare{r.int(), r.int(), r.int()}
	}
	if n := r.len(1); n > 0 {
		s.accepted = make([]int64, n)
	}
	for i := range s.accepted {
		s.accepted[i] = r.int()
	}
	for range r.len(4) {
		s.refusals = append(s.refusals, refused{uint32(r.uint()), uint32(r.uint()), Code(r.uint()), r.text()})
	}
}

func (r *record) read(b []byte) {
	if b == nil {
		return
	}
	eight := func(i int) uint64 { return binary.LittleEndian.Uint64(b[8*i:]) }
	four := func(i int) uint32 { return binary.LittleEndian.Uint32(b[32+4*i:]) }
	r.at, r.principal, r.left, r.text = int64(eight(0)), int64(eight(1)), int64(eight(2)), eight(3)
	r.seq, r.row, r.participant, r.link, r.bid, r.last = four(0), four(1), four(2), four(3), four(4), four(5)
	r.series = binary.LittleEndian.Uint16(b[56:])
	r.action, r.life, r.run, r.whole = Action(b[58]), Life(b[59]), b[60], b[61]&recordWhole != 0
	r.stood = b[61]&recordStood != 0
}

func (h *happening) read(b []byte) {
	if b == nil {
		return
	}
	h.at, h.amount = int64(binary.LittleEndian.Uint64(b)), int64(binary.LittleEndian.Uint64(b[8:]))
	h.seq, h.row, h.before = binary.LittleEndian.Uint32(b[16:]), binary.LittleEndian.Uint32(b[20:]), binary.LittleEndian.Uint32(b[24:])
	h.event, h.life = Event(b[28]), Life(b[29])
}

func (r *reader) proposals(s *State) {
	for range r.len(8) {
		seq := r.uint()
		body, rules := r.bytes(), r.uint()
		c, err := Decode(&journal.Draft{Kind: journal.KindProposal, Version: uint8(rules), Body: body})
		if err != nil {
			r.fail("proposal %d: %w", seq, err)
			return
		}
		s.proposals[seq] = &proposed{
			Proposal: *c.(*Proposal), rules: Rules(rules), maker: r.text(), at: r.int(), digest: r.hash(), state: ProposalState(r.uint()), decider: r.text(), decided: r.uint(),
		}
		s.order = append(s.order, seq)
	}
}

func (r *reader) results(s *State) {
	for i := range s.results {
		if !r.bool() {
			continue
		}
		x := &result{seq: r.uint(), hash: r.hash(), rules: Rules(r.uint()), terms: int(r.uint()), counted: r.counted(), terminated: r.texts()}
		x.digest, x.settled, x.released, x.payments, x.used = r.text(), r.bool(), r.uint(), r.text(), &allocation.Settled{}
		if x.terms >= len(s.clock.versions) {
			r.fail("a result is of version %d of %d", x.terms, len(s.clock.versions))
			return
		}
		for range r.len(2) {
			used, ok := new(big.Rat).SetString(r.text())
			if !ok {
				r.fail("a result holds no ratio")
				return
			}
			x.used.Used, x.used.ClosedAt = append(x.used.Used, used), append(x.used.ClosedAt, r.int())
		}
		for range r.len(1) {
			x.used.Taken = append(x.used.Taken, r.ints())
		}
		s.results[i] = x
	}
}
