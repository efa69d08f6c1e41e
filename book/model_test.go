package book

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tenderbook/allocation"
)

// A model is the fold of rows as one would write it first: maps, whole strings,
// deadlines asked as deadlines, everything counted again when asked.
type model struct {
	terms     func(time.Time) (early, withdrawal, delivery, expiration interface{ Met(time.Time) bool })
	tenders   map[string]*modelTender
	others    map[string]Row // withdrawals and deliveries
	positions map[string]int64
	asks      map[string]bool // series of which consents are asked
	ended     map[string]bool // series that were terminated
}

type modelTender struct {
	Row
	received        time.Time
	life            string
	left, delivered int64
	late            bool // when it came
	stood           bool // it counted until its series was terminated
}

func (m *model) holds(x *modelTender) bool {
	return m.counts(x) || x.life == "defective"
}

func (m *model) counts(x *modelTender) bool {
	return slices.Contains([]string{"received", "cured", "blocked", "guaranteed", "delivered", "failed-to-deliver"}, x.life)
}

func (m *model) room(r Row, more int64) bool {
	position, known := m.positions[r.Participant+"/"+r.Series]
	if !known || more <= 0 {
		return true
	}
	for _, x := range m.tenders {
		if m.holds(x) && x.Participant == r.Participant && x.Series == r.Series {
			position -= x.left
		}
	}
	return more <= position
}

// take gives the code of a row and does what it says.
func (m *model) take(r Row, now time.Time) string {
	if old, ok := m.tenders[r.ID]; ok {
		if old.Row == r {
			return "duplicate-same"
		}
		return "duplicate-other"
	}
	if old, ok := m.others[r.ID]; ok {
		if old == r {
			return "duplicate-same"
		}
		return "duplicate-other"
	}
	_, withdrawal, delivery, expiration := m.terms(now)
	switch acts := r.Action == Withdraw || r.Action == Deliver; {
	case !acts && m.ended[r.Series]:
		return "series-closed"
	case r.Action == Consent && !m.asks[r.Series]:
		return "no-consents"
	}
	var old *modelTender
	if r.RefersTo != "" {
		old = m.tenders[r.RefersTo]
		_, isOther := m.others[r.RefersTo]
		switch {
		case old == nil && !isOther:
			return "unknown-instruction"
		case isOther && m.others[r.RefersTo].Participant != r.Participant, !isOther && old.Participant != r.Participant:
			return "unknown-instruction"
		case isOther, r.Series != "" && r.Series != old.Series, r.Action == Deliver && old.Action != Guarantee, r.Action == Tender && old.Action != Tender:
			return "wrong-target"
		case r.Action == Deliver && !slices.Contains([]string{"guaranteed", "cured", "failed-to-deliver"}, old.life):
			return "wrong-move"
		case r.Action != Deliver && !m.holds(old):
			return "wrong-move"
		}
	}
	switch r.Action {
	case Withdraw:
		return m.withdraw(r, old, now, withdrawal)
	case Deliver:
		return m.deliver(r, old, now, delivery)
	}
	x := &modelTender{Row: r, received: now, life: "received", left: r.Principal}
	if r.Action == Guarantee {
		x.life = "guaranteed"
	}
	switch {
	case r.Principal < 1000_00:
		return "below-minimum"
	case r.Principal%1000_00 != 0:
		return "wrong-multiple"
	case !expiration.Met(now) && old == nil:
		x.life, x.late = "late", true
		m.tenders[r.ID] = x
		return "late"
	case !expiration.Met(now):
		return "late"
	case old == nil && !m.room(r, r.Principal):
		return "over-tendered"
	case old != nil && r.Principal < old.left && !withdrawal.Met(now):
		return "withdrawal-late"
	case old != nil && !m.room(r, r.Principal-old.left):
		return "over-tendered"
	}
	if old != nil {
		if r.Principal <= old.left {
			x.received = old.received
		}
		old.life = "withdrawn"
	}
	m.tenders[r.ID] = x
	return "taken"
}

func (m *model) withdraw(r Row, old *modelTender, now time.Time, deadline interface{ Met(time.Time) bool }) string {
	amount := r.Principal
	if amount == 0 {
		amount = old.left
	}
	left := old.left - amount
	switch {
	case !deadline.Met(now):
		return "withdrawal-late"
	case left < 0:
		return "more-than-left"
	case left > 0 && left%1000_00 != 0, left > 0 && left < old.delivered:
		return "leaves-too-little"
	}
	m.others[r.ID] = r
	old.left = left
	if left == 0 {
		old.life = "withdrawn"
	} else if old.Action == Guarantee && left == old.delivered && slices.Contains([]string{"guaranteed", "cured", "failed-to-deliver"}, old.life) {
		old.life = "delivered"
	}
	return "taken"
}

func (m *model) deliver(r Row, old *modelTender, now time.Time, deadline interface{ Met(time.Time) bool }) string {
	amount := r.Principal
	if amount == 0 {
		amount = old.left - old.delivered
	}
	switch {
	case !deadline.Met(now):
		return "delivery-late"
	case old.left == old.delivered:
		return "nothing-left"
	case amount > old.left-old.delivered:
		return "more-than-left"
	}
	m.others[r.ID] = r
	old.delivered += amount
	if old.delivered == old.left {
		old.life = "delivered"
	}
	return "taken"
}

// pass does what the clock does: guarantees that did not come have failed.
func (m *model) pass(now time.Time) {
	_, _, delivery, _ := m.terms(now)
	for _, x := range m.tenders {
		if !delivery.Met(now) && x.Action == Guarantee && x.left > x.delivered && slices.Contains([]string{"guaranteed", "cured"}, x.life) {
			x.life = "failed-to-deliver"
		}
	}
}

// TestTheFoldAgreesWithASlowOne plays random offers against the model: tenders,
// changes, withdrawals, guarantees, deliveries, defects, positions, duplicates,
// times around all deadlines. Every row's code, every instruction, every total
// and every snapshot must agree.
func TestTheFoldAgreesWithASlowOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := newModelPlay(open(t), Tender, Tender, Tender, Withdraw, Withdraw, Guarantee, Deliver)
		rt.Repeat(x.steps())
		x.again(t, rt)
	})
}

// compare holds the state to the model.
func (m *model) compare(t *rapid.T, p *play) {
	early, _, _, _ := m.terms(p.now)
	want := map[string]Total{}
	for id, x := range m.tenders {
		got, ok := p.s.Instruction(id)
		if !ok || got.Life.String() != x.life && !p.s.Time().Before(p.now) || got.Left != x.left && x.life != "withdrawn" || got.Delivered != x.delivered || !got.Received.Equal(x.received) {
			t.Fatalf("%s is %+v, want %+v", id, got, x)
		}
		if m.counts(x) && x.Action != Consent {
			k := x.Series + "/early"
			if !early.Met(x.received) {
				k = x.Series + "/late"
			}
			want[k] = Total{want[k].Tenders + 1, want[k].Principal + x.left}
		}
	}
	if p.s.Len() != len(m.tenders)+len(m.others) {
		t.Fatalf("%d instructions, want %d and %d", p.s.Len(), len(m.tenders), len(m.others))
	}
	for _, series := range []string{"11", "10.5"} {
		for _, timing := range []allocation.Timing{allocation.Early, allocation.Late} {
			if got := p.s.Total(series, timing); got != want[series+"/"+timing.String()] {
				t.Fatalf("total of %s %s: %+v, want %+v", series, timing, got, want[series+"/"+timing.String()])
			}
		}
		var flow int64
		for _, h := range p.s.Participation(series) {
			flow += h.Tendered - h.Withdrawn
		}
		var held int64
		for _, x := range m.tenders {
			if x.Series == series && x.Action != Consent && !x.late && x.life != "withdrawn" {
				held += x.left
			}
		}
		if flow != held {
			t.Fatalf("hours of %s bring %d, %d is held", series, flow, held)
		}
	}
}
