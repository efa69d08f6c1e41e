package desk_test

import (
	"fmt"
	"maps"
	"time"

	"github.com/anishathalye/porcupine"

	"tenderbook/book"
)

// A deadline of the specification: the instant, and whether it is still in time.
type deadline struct {
	at        time.Time
	inclusive bool
}

func (d deadline) met(at time.Time) bool {
	return at.Before(d.at) || d.inclusive && at.Equal(d.at)
}

// A spec is what a race is held to: one offer as one would write it down first,
// to which commands come one by one. It is a value; take gives the next one.
type spec struct {
	seq                    uint64
	at                     time.Time // of the last receipt
	expiration, withdrawal deadline
	extended               deadline // what an approval makes the expiration
	steady                 bool     // the clock never goes back
	tenders                map[string]specTender
}

// A specTender is a tender, or the id of a withdrawal, which is none.
type specTender struct {
	left     int64
	life     book.Life
	received time.Time
	isNone   bool
}

// An asking is what a client did: sent a row or an approval, or looked.
type asking struct {
	row    *book.Row // nil: an approval, or a look
	looks  string    // id of the tender that is looked at
	called time.Time // the clock at the call
}

// An answered is what it was answered.
type answered struct {
	seq      uint64
	at       time.Time
	code     book.Code
	differs  bool      // sent again under the same key it was answered otherwise
	returned time.Time // the clock at the answer
	left     int64     // of a look: of the tender
	life     book.Life // of a look: of the tender; 0: not on record
	total    int64     // of a look: what all tenders come to
}

func (q asking) String() string {
	switch {
	case q.looks != "":
		return "look at " + q.looks
	case q.row == nil:
		return "approve the extension"
	}
	return fmt.Sprintf("%s %s of %q, %d, called %s", q.row.Action, q.row.ID, q.row.RefersTo, q.row.Principal, q.called.Format(clockTime))
}

func (a answered) String() string {
	return fmt.Sprintf("entry %d at %s, returned %s: %s, differs %t; it is %s, left %d, total %d",
		a.seq, a.at.Format(clockTime), a.returned.Format(clockTime), a.code, a.differs, a.life, a.left, a.total)
}

const clockTime = "15:04:05.000000000"

// step is one step of the specification, and whether the answer is right for it.
func (s spec) step(q asking, a answered) (bool, spec) {
	if q.looks != "" {
		x := s.tenders[q.looks]
		return a.seq == s.seq && a.life == x.life && a.left == x.left && a.total == s.total(), s
	}
	inside := !a.at.After(a.returned) && (!s.steady || !a.at.Before(q.called))
	if a.differs || a.seq != s.seq+1 || a.at.Before(s.at) || !inside {
		return false, s
	}
	next := s
	next.seq, next.at = a.seq, a.at
	next.tenders = maps.Clone(s.tenders)
	if q.row == nil {
		return a.code == book.Taken, next.extend()
	}
	return a.code == next.take(q.row), next
}

func (s spec) total() int64 {
	var sum int64
	for _, x := range s.tenders {
		if x.life == book.Received {
			sum += x.left
		}
	}
	return sum
}

// extend moves the expiration, and takes late tenders in that are timely now.
func (s spec) extend() spec {
	s.expiration = s.extended
	for id, x := range s.tenders {
		if x.life == book.LateReceived && s.expiration.met(x.received) {
			x.life = book.Received
			s.tenders[id] = x
		}
	}
	return s
}

// take does what a row says, or gives the code of its refusal.
func (s spec) take(r *book.Row) book.Code {
	if _, twice := s.tenders[r.ID]; twice {
		return book.DuplicateOther // no two clients say the same
	}
	var old specTender
	if r.RefersTo != "" {
		var known bool
		switch old, known = s.tenders[r.RefersTo]; {
		case !known:
			return book.UnknownInstruction
		case old.isNone:
			return book.WrongTarget
		case old.life != book.Received:
			return book.WrongMove
		}
	}
	if r.Action == book.Withdraw {
		return s.withdraw(r, old)
	}
	x := specTender{left: r.Principal, life: book.Received, received: s.at}
	switch late := !s.expiration.met(s.at); {
	case late && r.RefersTo != "":
		return book.Late
	case late:
		x.life = book.LateReceived
		s.tenders[r.ID] = x
		return book.Late
	case r.Principal < old.left && !s.withdrawal.met(s.at):
		return book.WithdrawalLate
	}
	if r.RefersTo != "" {
		if r.Principal <= old.left {
			x.received = old.received
		}
		s.tenders[r.RefersTo] = specTender{left: old.left, life: book.Withdrawn, received: old.received}
	}
	s.tenders[r.ID] = x
	return book.Taken
}

func (s spec) withdraw(r *book.Row, old specTender) book.Code {
	amount := r.Principal
	if amount == 0 {
		amount = old.left
	}
	switch {
	case !s.withdrawal.met(s.at):
		return book.WithdrawalLate
	case amount > old.left:
		return book.MoreThanLeft
	}
	if old.left -= amount; old.left == 0 {
		old.life = book.Withdrawn
	}
	s.tenders[r.RefersTo] = old
	s.tenders[r.ID] = specTender{isNone: true}
	return book.Taken
}

// model is the specification as porcupine asks for it. States after the same
// commands are the same, so that their number tells them apart.
func model(start spec) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return start },
		Step: func(state, input, output any) (bool, any) {
			return state.(spec).step(input.(asking), output.(answered))
		},
		Equal: func(a, b any) bool {
			return a.(spec).seq == b.(spec).seq && maps.Equal(a.(spec).tenders, b.(spec).tenders)
		},
		Hash: func(state any) uint64 { return state.(spec).seq },
		DescribeOperation: func(input, output any) string {
			return fmt.Sprintf("%s -> %s", input, output)
		},
	}
}
