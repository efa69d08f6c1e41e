package book

import (
	"iter"
	"slices"
	"time"

	"tenderbook/allocation"
	"tenderbook/money"
)

// An Instruction is what is on record of one instruction.
type Instruction struct {
	ID          string
	Action      Action
	Life        Life
	Series      string
	Participant string
	Account     string
	Holder      string
	Received    time.Time // that decides early or late, UTC
	Timing      allocation.Timing
	Seq         uint64 // entry that brought it
	Row         int    // in the entry, from 0
	Principal   int64  // as instructed, minor units
	Left        int64  // after withdrawals
	Delivered   int64  // of a notice of guaranteed delivery
	Accepted    int64
	AtLeast     int64
	HasBid      bool
	Bid         money.Decimal
	RefersTo    string
}

// Len is how many instructions are on record, withdrawals and deliveries
// included.
func (s *State) Len() int { return len(s.records) }

// Instruction finds an instruction by its id.
func (s *State) Instruction(id string) (Instruction, bool) {
	i := s.find(id)
	if i < 0 {
		return Instruction{}, false
	}
	return s.view(i), true
}

// Instructions goes through all instructions in the order of the journal.
func (s *State) Instructions() iter.Seq[Instruction] {
	return func(yield func(Instruction) bool) {
		for i := range s.records {
			if !yield(s.view(i)) {
				return
			}
		}
	}
}

func (s *State) view(i int) Instruction {
	r := &s.records[i]
	account, holder := s.texts.rest(r.text)
	extra := s.rare[uint32(i)]
	x := Instruction{
		ID: string(s.texts.id(r.text)), Action: r.action, Life: r.life, Series: s.series.names[r.series],
		Participant: s.participants.names[r.participant], Account: string(account), Holder: string(holder),
		Received: time.Unix(0, r.at).UTC(), Timing: timingOf(r.at <= s.clock.limits.early), Seq: uint64(r.seq), Row: int(r.row),
		Principal: r.principal, Left: r.left, Delivered: extra.delivered, AtLeast: extra.atLeast,
	}
	if s.accepted != nil {
		x.Accepted = s.accepted[i]
	}
	if r.bid > 0 {
		x.HasBid, x.Bid = true, s.bids[r.bid-1]
	}
	if r.link > 0 {
		x.RefersTo = string(s.texts.id(s.records[r.link-1].text))
	}
	return x
}

// A Happening is one event in the life of an instruction.
type Happening struct {
	At     time.Time // record time, UTC
	Seq    uint64    // entry
	Row    int       // in the entry, from 0; -1: the entry as a whole, or the clock
	Event  Event
	Life   Life  // after it
	Amount int64 // withdrawn, delivered, accepted or returned, minor units; 0: none
}

// Events lists what happened to an instruction since it came, in order.
func (s *State) Events(id string) []Happening {
	i := s.find(id)
	if i < 0 {
		return nil
	}
	var all []Happening
	for n := s.records[i].last; n > 0; n = s.happened[n-1].before {
		h := &s.happened[n-1]
		row := int(h.row)
		if h.row == wholeEntry {
			row = -1
		}
		all = append(all, Happening{time.Unix(0, h.at).UTC(), uint64(h.seq), row, h.event, h.life, h.amount})
	}
	slices.Reverse(all)
	return all
}

// Problems lists the instructions that need attention: defective and late ones.
func (s *State) Problems() []Instruction {
	var all []Instruction
	for i := range s.records {
		if l := s.records[i].life; l == Defective || l == LateReceived {
			all = append(all, s.view(i))
		}
	}
	return all
}
