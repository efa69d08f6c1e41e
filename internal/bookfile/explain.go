package bookfile

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"time"

	"tenderbook/allocation"
)

// An Explanation is what is known of one instruction: what its row says, and
// what became of it.
type Explanation struct {
	Line      int64             // line of the book on which its row begins
	Fields    map[string]string // by column, as the book has them
	Action    string            // tender, withdraw, guarantee, deliver or consent
	Series    int
	Received  time.Time // in the offer's zone
	Principal int64     // as written, minor units
	Timing    allocation.Timing
	Left      int64             // of it after withdrawals, minor units
	Live      bool              // the allocation decided on it
	Counts    bool              // of a consent without a tender: it stands
	Unpaid    string            // of one that the terms pay for: why it is paid nothing; "" if it is
	Tender    allocation.Tender // as the allocation took it; if Live
	Outcome   allocation.Outcome
	// What it is paid, minor units: where the offer pays by participant, the
	// share of this instruction in the rounded payment.
	Consideration, Interest int64
	Reason                  string  // as the reason column has it
	Delivered               int64   // of a guarantee, minor units
	Related                 []Event // withdrawals and deliveries of it, in the order they were received
	Result                  *Result // of the whole book

	// Others are all tenders that were decided but this one: with another tender
	// in its place they can be decided again.
	Others *allocation.Tally
}

// An Event is a withdrawal or delivery of an instruction.
type Event struct {
	Instruction string
	Line        int64
	Action      string // withdraw or deliver
	Received    time.Time
	Principal   int64  // minor units; 0 if it does not count
	Void        string // why it does not count; "" if it does
}

// UnknownError says that a book has no such instruction.
type UnknownError struct {
	Name        string // of the book
	Instruction string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("%s: there is no instruction %q", e.Name, e.Instruction)
}

// Explain decides a book and finds one instruction in it. It fails with an
// [*UnknownError] if there is none of that id, and as [Allocate] does.
func Explain(ctx context.Context, src *Source, o Options, instruction string) (*Explanation, error) {
	j, err := newJob(src, o)
	if err != nil {
		return nil, err
	}
	digest := startDigest(src)
	defer digest.stop()
	s, err := j.settle(ctx)
	if err != nil {
		return nil, err
	}
	h := maphash.String(j.seed, instruction)
	seen, err := j.lookUp(ctx, map[uint64]bool{h: true})
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(seen[h], func(s sighting) bool { return s.id == instruction && s.block.refs[s.row] != refRefused })
	if at < 0 {
		return nil, &UnknownError{src.Name, instruction}
	}
	x, err := j.explain(s, &seen[h][at])
	if err != nil {
		return nil, err
	}
	if x.Result, err = j.result(s); err != nil {
		return nil, err
	}
	if x.Result.Digest, err = digest.wait(); err != nil {
		return nil, err
	}
	return x, src.unchanged()
}

func (j *job) explain(s *settled, at *sighting) (*Explanation, error) {
	b := at.block
	x := &Explanation{
		Line: b.firstLine + at.line, Action: actionNames[at.facts.action], Series: at.facts.series,
		Received: time.Unix(0, at.facts.received).In(j.zone), Principal: at.facts.principal,
	}
	fields, err := j.fieldsOf(at)
	if err != nil {
		return nil, err
	}
	x.Fields = fields
	row := b.firstRow + int64(at.row)
	var (
		e   entry
		own *class // of the instruction, if it does not stand by itself
	)
	if ref := b.refs[at.row]; ref&refAlone != 0 {
		alone := &b.loners[ref&^refAlone]
		e = j.lonerEntry(s.decision, alone, row)
		x.Timing, x.Live, x.Tender, x.Delivered = alone.timing, alone.live(), alone.tender(row), alone.delivered
		x.Principal, x.Left = alone.principal, alone.left
		if x.Counts = alone.consents(); x.Counts {
			x.Unpaid = j.unpaidConsent(alone)
		}
	} else {
		c := s.classes.class(s.number(b.worker, ref))
		x.Left = x.Principal
		own = &c
		e = j.uncountedEntry(&c)
		x.Timing, x.Live, x.Tender = c.timing, c.standing == counts, c.tender()
		x.Tender.Row, x.Tender.ID, x.Tender.ReceivedAt = int(row), at.id, at.facts.received
		if x.Live {
			o := s.decision.Brief(x.Tender)
			e.consideration, e.interest, e.reason = o.Consideration, o.Interest, s.decision.Reason(o)
		}
	}
	if x.Live {
		x.Outcome = s.decision.Outcome(x.Tender)
	}
	x.Others = j.others(s, own, row)
	x.Consideration, x.Interest, x.Reason = e.consideration, e.interest, e.reason
	x.Related = j.eventsOf(at.id)
	return x, nil
}

// others counts the tenders that were decided, but for the one of a class or
// row.
func (j *job) others(s *settled, own *class, row int64) *allocation.Tally {
	tally := allocation.NewTally(j.alloc)
	s.classes.each(0, s.classes.size(), func(c *class) {
		n := c.count
		if own != nil && c.alike(own) {
			n--
		}
		if c.standing == counts && n > 0 {
			tally.AddCount(c.tender(), n)
		}
	})
	j.eachLoner(func(_ *block, x *loner, at int64) {
		if x.live() && at != row {
			tally.Add(x.tender(at))
		}
	})
	return tally
}

// fieldsOf reads the row again.
func (j *job) fieldsOf(at *sighting) (map[string]string, error) {
	raw := make([]byte, at.length, at.length+1)
	if _, err := j.src.readAt(raw, at.at); err != nil {
		return nil, err
	}
	var s splitter
	v, _, why := s.split(append(raw, '\n'), 0, false)
	if why != noFlaw {
		return nil, fmt.Errorf("%s: %w", j.src.Name, ErrChanged)
	}
	fields := map[string]string{}
	for c, name := range j.layout.names {
		fields[name] = string(v.field(c))
	}
	return fields, nil
}

func (j *job) eventsOf(id string) []Event {
	var all []Event
	j.eachLoner(func(b *block, x *loner, _ int64) {
		if !x.isEvent() || x.refused || x.refersTo != id {
			return
		}
		e := Event{
			Instruction: x.id, Line: b.firstLine + x.line, Action: actionNames[x.action],
			Received: time.Unix(0, x.received).In(j.zone), Principal: x.principal, Void: x.void,
		}
		if x.void != "" {
			e.Principal = 0
		}
		all = append(all, e)
	})
	slices.SortFunc(all, func(a, b Event) int { return a.Received.Compare(b.Received) })
	return all
}
