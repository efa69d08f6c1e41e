package book

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"time"

	"tenderbook/journal"
	"tenderbook/money"
	"tenderbook/offer"
)

// A State is what the journal of one offer amounts to, up to one entry. It is
// changed by [State.Apply] alone and is for one goroutine at a time.
type State struct {
	offer string
	seq   uint64
	at    int64 // record time of the last entry, nanoseconds since 1970
	hash  [32]byte

	folded [256]uint8 // by kind: the highest version of the entries so far; 0: none

	clock   clockwork
	draft   *Offer
	history *offer.History
	files   []enacted

	roles   []Holding         // by actor, role and participant
	persons map[string]string // who is behind an actor, where it is not itself

	series       list // numbers never change
	participants list
	tallied      []*tallied // by series

	records   []record
	texts     texts
	index     index
	happened  []happening
	rare      map[uint32]rare
	bids      []money.Decimal
	bidNumber map[money.Decimal]uint32
	bidFits   map[bidOf]*Refusal // under the terms in force
	accepted  []int64            // by record, from the first result on; minor units
	refusals  []refused

	proposals map[uint64]*proposed
	order     []uint64 // of proposals, as they came
	results   [2]*result

	keys        []KeyOnRecord
	checkpoints []CheckpointOnRecord

	buffer  []byte       // for hashing entries
	batch   Instructions // for decoding batches
	hashes  []uint64     // of the ids of its rows
	numbers []int64      // of its series; -1: not known
	undo    []undone     // of the batch that is all or nothing
}

// An enacted file is an amendment that was approved.
type enacted struct {
	name, file string
	notBefore  int64 // record time of the approval
	seq        uint64
	event      OfferEvent
	rules      Rules
}

// A refused row, for those who ask about it later.
type refused struct {
	seq  uint32
	row  uint32
	code Code
	id   string
}

// New is the state of an offer that has no entries.
func New(offer string) *State {
	s := &State{
		offer: offer, persons: map[string]string{}, series: newList(), participants: newList(),
		index: newIndex(0), rare: map[uint32]rare{}, bidNumber: map[money.Decimal]uint32{}, bidFits: map[bidOf]*Refusal{},
		proposals: map[uint64]*proposed{}, at: math.MinInt64,
	}
	s.clock.next = never
	return s
}

// Offer is the id of the offer.
func (s *State) Offer() string { return s.offer }

// Head is the position of the journal that the state stands at.
func (s *State) Head() journal.Receipt {
	if s.seq == 0 {
		return journal.Receipt{Offer: s.offer}
	}
	return journal.Receipt{Offer: s.offer, Seq: s.seq, At: time.Unix(0, s.at).UTC(), Hash: s.hash}
}

// Time is the record time of the last entry; zero if there is none.
func (s *State) Time() time.Time { return s.Head().At }

// Life is where the offer stood at the last entry. [State.At] answers for later
// times.
func (s *State) Life() OfferLife { return s.clock.life }

// Terms are those in force at the last entry; nil if nothing is drafted.
func (s *State) Terms() *offer.Terms { return s.clock.terms() }

// History is the offer with its approved amendments; nil if nothing is drafted.
func (s *State) History() *offer.History { return s.history }

// An Outcome is the answer to an entry.
type Outcome struct {
	Seq     uint64
	Refusal *Refusal     // why the entry as a whole was refused; nil if it was taken
	Rows    []RowRefusal // of a batch: the rows that were refused, in order
	Taken   int          // of a batch: how many rows were taken
}

// Code is the code of the refusal of the whole, or Taken.
func (o *Outcome) Code() Code {
	if o.Refusal == nil {
		return Taken
	}
	return o.Refusal.Code
}

// A RowRefusal is one row that was not taken.
type RowRefusal struct {
	Row int // from 0
	Refusal
}

// Apply folds the next entry into the state. It never fails: what cannot be
// taken is refused, and changes nothing but the position. The same entries give
// the same states and outcomes on every machine.
//
// It checks that the entry is the next of the chain, by offer, number, time and
// hash; one that is not is refused with [BrokenChain] and leaves even the
// position as it was.
func (s *State) Apply(e *journal.Entry) Outcome { return s.ApplyHashed(e, s.hashOf(e)) }

// ApplyHashed is [State.Apply] for who has the entry's hash already, from the
// store that made it. The next entry is held to it.
func (s *State) ApplyHashed(e *journal.Entry, hash [32]byte) Outcome {
	if r := s.follows(e); r != nil {
		return Outcome{Seq: e.Seq, Refusal: r}
	}
	s.seq, s.at, s.hash = e.Seq, e.At.UnixNano(), hash
	s.folded[e.Kind] = max(s.folded[e.Kind], e.Version)
	if s.seq == 1 {
		s.found(e.Actor)
	}
	s.advance(s.at)
	if e.Kind == journal.KindInstructions && Knows(e.Kind, e.Version) {
		if err := s.batch.decode(e.Version, e.Body); err != nil {
			return s.refused(unreadable(err))
		}
		return s.intake(e.Actor)
	}
	c, err := Decode(&e.Draft)
	if err != nil {
		return s.refused(unreadable(err))
	}
	r := s.take(e, c)
	s.clock.wind()
	return s.refused(r)
}

// hashOf is the entry's hash, as [journal.Entry.Hash] gives it, in a buffer that
// is used again.
func (s *State) hashOf(e *journal.Entry) [32]byte {
	s.buffer = e.AppendBinary(append(s.buffer[:0], 0)) // RFC 6962: a leaf begins with a zero byte
	return sha256.Sum256(s.buffer)
}

func (s *State) refused(r *Refusal) Outcome {
	if r != nil {
		s.refusals = append(s.refusals, refused{seq: uint32(s.seq), row: wholeEntry, code: r.Code})
	}
	return Outcome{Seq: s.seq, Refusal: r}
}

// wholeEntry stands for the row where an entry was refused as a whole.
const wholeEntry = math.MaxUint32

func unreadable(err error) *Refusal {
	if errors.Is(err, ErrNotUnderstood) {
		return &Refusal{NotUnderstood, "journal", err.Error()}
	}
	return &Refusal{Unreadable, "journal", err.Error()}
}

// follows refuses an entry that is not the next one.
func (s *State) follows(e *journal.Entry) *Refusal {
	prev := s.hash
	if s.seq == 0 {
		prev = journal.Genesis(s.offer)
	}
	switch {
	case e.Offer != s.offer:
		return refuse(BrokenChain, "journal", "entry of offer %q, needs %q", e.Offer, s.offer)
	case e.Seq != s.seq+1:
		return refuse(BrokenChain, "journal", "entry %d, needs %d", e.Seq, s.seq+1)
	case e.Seq > journal.MaxEntries:
		return refuse(BrokenChain, "journal", "entry %d, and the journal of an offer holds %d at most", e.Seq, uint64(journal.MaxEntries))
	case e.Prev != prev:
		return refuse(BrokenChain, "journal", "entry %d names another entry before it", e.Seq)
	case e.At.UnixNano() < s.at:
		return refuse(BrokenChain, "journal", "entry %d is of an earlier time than the one before", e.Seq)
	}
	return nil
}

// take does what a command says, or refuses it.
func (s *State) take(e *journal.Entry, c Command) *Refusal {
	switch c := c.(type) {
	case *Offer:
		return s.redraft(e.Actor, c)
	case *Grant:
		return s.grant(e.Actor, c)
	case *Positions:
		return s.setPositions(e.Actor, c)
	case *Review:
		return s.review(e.Actor, c)
	case *Proposal:
		return s.propose(e, c)
	case *Decision:
		return s.decide(e, c)
	case *Note:
		return s.remark(e.Actor, c)
	case *Inquiry:
		return s.MayRead(e.Actor, c, e.At)
	case *Key:
		return s.setKey(e.Actor, c)
	case *Checkpoint:
		return s.keepCheckpoint(e.Actor, c)
	}
	panic(fmt.Sprintf("book: no case for %T", c))
}

// RefusedAt is where something was refused.
type RefusedAt struct {
	Seq  uint64
	Row  int // from 0; -1: the entry as a whole
	Code Code
	ID   string // of the instruction, where it was a row
}

// Refusals lists all that was refused, in order.
func (s *State) Refusals() []RefusedAt {
	all := make([]RefusedAt, len(s.refusals))
	for i, r := range s.refusals {
		all[i] = RefusedAt{uint64(r.seq), int(r.row), r.code, r.id}
		if r.row == wholeEntry {
			all[i].Row = -1
		}
	}
	return all
}
