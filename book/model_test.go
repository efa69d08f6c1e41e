package book

import (
	"fmt"
	"slices"
	"strings"
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

// A modelPlay plays one history on the fold and on the model.
type modelPlay struct {
	p       *play
	m       *model
	actions []Action // of rows, with their weight
}

func newModelPlay(p *play, actions ...Action) *modelPlay {
	m := &model{tenders: map[string]*modelTender{}, others: map[string]Row{}, positions: map[string]int64{}, asks: map[string]bool{}, ended: map[string]bool{}}
	m.terms = func(now time.Time) (a, b, c, d interface{ Met(time.Time) bool }) {
		dates := p.s.At(now).Terms.Dates
		return dates.EarlyTender, dates.Withdrawal, dates.GuaranteedDelivery, dates.Expiration
	}
	return &modelPlay{p, m, actions}
}

// Few names and amounts, so that they meet.
var (
	modelIDs     = rapid.Custom(func(t *rapid.T) string { return fmt.Sprint("I", rapid.IntRange(0, 25).Draw(t, "n")) })
	modelWho     = rapid.SampledFrom([]string{"0443", "0161"})
	modelSeries  = rapid.SampledFrom([]string{"11", "10.5"})
	modelAmounts = rapid.Custom(func(t *rapid.T) int64 {
		return rapid.SampledFrom([]int64{1000, 2000, 3000, 5000, 9000, 500, 1500}).Draw(t, "amount") * 100
	})
	modelDeadlines = []string{"2004-11-12 17:00", "2004-11-30 00:00", "2004-12-01 17:00"}
)

// row draws a row of any kind.
func (x *modelPlay) row(t *rapid.T) Row {
	r := Row{ID: modelIDs.Draw(t, "id"), Participant: modelWho.Draw(t, "who"), Series: modelSeries.Draw(t, "series"), Principal: modelAmounts.Draw(t, "principal")}
	switch r.Action = rapid.SampledFrom(x.actions).Draw(t, "action"); r.Action {
	case Tender:
		if rapid.IntRange(0, 3).Draw(t, "changes") == 0 {
			r.RefersTo = modelIDs.Draw(t, "refers to")
		}
	case Withdraw, Deliver:
		r.RefersTo = modelIDs.Draw(t, "refers to")
		if rapid.Bool().Draw(t, "all") {
			r.Principal = 0
		}
	}
	return r
}

// tick has the clock of both pass.
func (x *modelPlay) tick() {
	x.p.s.Apply(x.p.entry(ann, &Note{Text: "the clock moves"}))
	x.m.pass(x.p.now)
}

// steps are what may happen to instructions and positions.
func (x *modelPlay) steps() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"rows": x.rows, "a defect": x.defect, "a cure": x.cure, "a position": x.position, "time": x.time,
		"": func(t *rapid.T) { x.m.compare(t, x.p) },
	}
}

func (x *modelPlay) rows(t *rapid.T) {
	b := &Instructions{Rows: rapid.SliceOfN(rapid.Custom(x.row), 1, 6).Draw(t, "rows")}
	x.tick()
	want := make([]string, len(b.Rows))
	for i, r := range b.Rows {
		want[i] = x.m.take(r, x.p.now)
	}
	if got := codesOf(x.p.send(acme, b), len(b.Rows)); got != strings.Join(want, " ") {
		t.Fatalf("%+v\nat %s\ngot  %s\nwant %s", b.Rows, x.p.now, got, strings.Join(want, " "))
	}
}

func (x *modelPlay) defect(t *rapid.T) {
	id := modelIDs.Draw(t, "id")
	x.m.pass(x.p.now)
	o := x.p.send(ann, &Review{Action: "defect", Instruction: id, Why: "x"})
	y := x.m.tenders[id]
	if (o.Refusal == nil) != (y != nil && x.m.counts(y)) {
		t.Fatalf("a defect of %s: %v", id, o.Refusal)
	}
	if o.Refusal == nil {
		y.life = "defective"
	}
}

func (x *modelPlay) cure(t *rapid.T) {
	id := modelIDs.Draw(t, "id")
	if o := x.p.send(ann, &Review{Action: "cure", Instruction: id}); o.Refusal == nil {
		if x.m.tenders[id].life != "defective" {
			t.Fatalf("%s is cured and was %s", id, x.m.tenders[id].life)
		}
		x.m.tenders[id].life = "cured"
	}
	x.m.pass(x.p.now)
}

func (x *modelPlay) position(t *rapid.T) {
	held := Position{modelWho.Draw(t, "who"), modelSeries.Draw(t, "series"), modelAmounts.Draw(t, "holds") * 3}
	x.p.must(ann, &Positions{List: []Position{held}})
	x.m.pass(x.p.now)
	x.m.positions[held.Participant+"/"+held.Series] = held.Principal
}

func (x *modelPlay) time(t *rapid.T) {
	to := newYork(x.p, rapid.SampledFrom(modelDeadlines).Draw(t, "to")).Add(rapid.SampledFrom([]time.Duration{-1, 0, 1, -24 * time.Hour}).Draw(t, "beside"))
	if to.After(x.p.now) && rapid.IntRange(0, 2).Draw(t, "jump") == 0 {
		x.p.now = to
	}
}

// again plays the history from a snapshot, and from its first entry.
func (x *modelPlay) again(t testing.TB, rt *rapid.T) {
	p := x.p
	again := restored(t, p.s)
	e := p.entry(acme, batch(t, "tender LAST 0443 in 11 3000", "withdraw W-LAST 0443 of LAST"))
	a, b := p.s.Apply(e), again.Apply(e)
	if fmt.Sprintf("%+v", a) != fmt.Sprintf("%+v", b) || p.s.Digest() != again.Digest() {
		rt.Fatalf("after a snapshot the next entry gives %+v, without %+v", b, a)
	}
	if p.replay().Digest() != p.s.Digest() {
		rt.Fatal("the journal played again gives another state")
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
