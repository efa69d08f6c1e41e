package book

import (
	"slices"
	"time"

	"tenderbook/allocation"
)

// A Total is what of one series counts with one timing, after withdrawals.
type Total struct {
	Tenders   int64
	Principal int64 // minor units of the series' currency
}

// A Flow is what one hour brought of one series.
type Flow struct {
	Tenders     int64
	Tendered    int64 // minor units
	Withdrawals int64
	Withdrawn   int64 // minor units
}

// An Hour is the flow of one series in the hour from Start on.
type Hour struct {
	Start time.Time // UTC, on the hour
	Flow
}

// tallied is what the state keeps of one series at intake.
type tallied struct {
	total    [2]Total // by timing
	alone    Total    // consents without a tender
	stood    [2]int64 // tenders, and consents, that counted until they were decided or returned; minor units
	hours    map[int64]*Flow
	lastHour int64
	lastFlow *Flow
	tendered []int64 // by participant: what its position must cover
	position []int64 // by participant: what it holds; -1: not on record
}

func newTallied() *tallied { return &tallied{hours: map[int64]*Flow{}} }

const nanosPerHour = int64(time.Hour)

// hour is the flow of the hour of an instant.
func (t *tallied) hour(at int64) *Flow {
	h := at / nanosPerHour
	if at%nanosPerHour < 0 {
		h--
	}
	if t.lastFlow != nil && t.lastHour == h {
		return t.lastFlow
	}
	f := t.hours[h]
	if f == nil {
		f = &Flow{}
		t.hours[h] = f
	}
	t.lastHour, t.lastFlow = h, f
	return f
}

// atParticipant gives the place of a participant in a column of the series.
func atParticipant(column *[]int64, p uint32, blank int64) *int64 {
	for uint32(len(*column)) <= p {
		*column = append(*column, blank)
	}
	return &(*column)[p]
}

// tenderedBy is what a participant has tendered of the series.
func (t *tallied) tenderedBy(p uint32) int64 {
	if int(p) < len(t.tendered) {
		return t.tendered[p]
	}
	return 0
}

// holds is what of a tender a position must cover.
func (s *State) holds(i int) int64 {
	r := &s.records[i]
	switch {
	case r.life.Live() || r.life == Defective || r.life == ConsentStands:
		return r.left
	case r.life == InFull || r.life == Prorated:
		return s.accepted[i]
	}
	return 0
}

// count adds a tender or consent to what is kept of its series, or with sign -1
// takes it off. It stands before and after every change of one.
func (s *State) count(i int, sign int64) {
	r := &s.records[i]
	if !r.counts() {
		return
	}
	t := s.tallied[r.series]
	if held := s.holds(i); held != 0 {
		*atParticipant(&t.tendered, r.participant, 0) += sign * held
	}
	if r.stood {
		t.stood[r.kind()] += sign * r.left
	}
	if !r.life.Live() || r.left == 0 {
		return
	}
	if sign > 0 {
		r.early = r.at <= s.clock.limits.early
	}
	total := &t.total[timingOf(r.early)]
	if r.action == Consent {
		total = &t.alone
	}
	total.Tenders += sign
	total.Principal += sign * r.left
}

func timingOf(early bool) allocation.Timing {
	if early {
		return allocation.Early
	}
	return allocation.Late
}

// recount makes all totals again, after the deadlines changed.
func (s *State) recount() {
	for _, t := range s.tallied {
		t.total, t.alone, t.stood = [2]Total{}, Total{}, [2]int64{}
		clear(t.tendered)
	}
	for i := range s.records {
		s.count(i, +1)
	}
}

// Total is what of a series counts with a timing now. A series that is not
// known has none.
func (s *State) Total(series string, timing allocation.Timing) Total {
	n, ok := s.series.number[series]
	if !ok || timing > allocation.Late {
		return Total{}
	}
	return s.tallied[n].total[timing]
}

// Participation lists what each hour brought of a series, in order of time.
func (s *State) Participation(series string) []Hour {
	n, ok := s.series.number[series]
	if !ok {
		return nil
	}
	var all []Hour
	for h, f := range s.tallied[n].hours {
		if *f != (Flow{}) {
			all = append(all, Hour{time.Unix(0, h*nanosPerHour).UTC(), *f})
		}
	}
	slices.SortFunc(all, func(a, b Hour) int { return a.Start.Compare(b.Start) })
	return all
}

// Position is what a participant holds of a series and what of it is tendered.
// known is false where no position is on record: nothing is checked then.
func (s *State) Position(participant, series string) (holds, tendered int64, known bool) {
	n, ok := s.series.number[series]
	p, okP := s.participants.number[participant]
	if !ok || !okP {
		return 0, 0, false
	}
	t := s.tallied[n]
	tendered = t.tenderedBy(p)
	if int(p) < len(t.position) && t.position[p] >= 0 {
		return t.position[p], tendered, true
	}
	return 0, tendered, false
}

// A Held is what a participant holds of one series, and what of it is tendered.
type Held struct {
	Participant, Series string
	Holds               int64 // minor units
	Known               bool  // a position is on record; without one nothing is checked
	Tendered            int64 // minor units; defective tenders included
}

// Over is what is tendered beyond the position on record, which may have been
// lowered since; minor units, 0 or more.
func (h *Held) Over() int64 {
	if !h.Known {
		return 0
	}
	return max(0, h.Tendered-h.Holds)
}

// Positions lists what participants hold and have tendered, by participant and
// series, of those that hold or have tendered something.
func (s *State) Positions() (all []Held) {
	for _, participant := range slices.Sorted(slices.Values(s.participants.names)) {
		for _, series := range slices.Sorted(slices.Values(s.series.names)) {
			holds, tendered, known := s.Position(participant, series)
			if known || tendered > 0 {
				all = append(all, Held{participant, series, holds, known, tendered})
			}
		}
	}
	return all
}

// setPositions keeps what participants hold. A position below what is tendered
// already refuses nothing that was taken: it only leaves no room for more.
func (s *State) setPositions(actor string, p *Positions) *Refusal {
	if r := s.need(actor, MayReview); r != nil {
		return r
	}
	for i := range p.List {
		if _, ok := s.series.number[p.List[i].Series]; !ok {
			return refuse(UnknownSeries, "series", "position %d: series %q is not in the terms", i+1, p.List[i].Series)
		}
	}
	for i := range p.List {
		x := &p.List[i]
		t := s.tallied[s.series.number[x.Series]]
		*atParticipant(&t.position, s.participants.of(x.Participant), -1) = x.Principal
	}
	return nil
}
