package book

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

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
