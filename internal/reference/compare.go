package reference

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"tenderbook/allocation"
)

// Compare runs an offer through both allocators and gives what they disagree
// on, a line for each point, and what the reference made of the first and, if
// there is one, the later run. No lines: they agree, and the results of the
// engine keep what is always true (see [Check]).
func Compare(o *Offer) (differences []string, results []*Result) {
	first, decision, lines := compareRun(o.First(), o.Book)
	results = append(results, first)
	if len(lines) > 0 || o.Later == nil {
		return lines, results
	}
	settled := decision.Settled()
	if lines = compareSettled(settled, first.Settled); len(lines) > 0 {
		return lines, results
	}
	terms := o.Second(settled)
	second, _, lines := compareRun(terms, o.Later.Book)
	for i := range lines {
		lines[i] = "later run: " + lines[i]
	}
	return lines, append(results, second)
}

func compareRun(t *allocation.Terms, book []allocation.Tender) (*Result, *allocation.Decision, []string) {
	want := Allocate(t, book)
	decision, outcomes, err := engine(t, book)
	if err != nil {
		return want, nil, []string{fmt.Sprintf("the engine refuses: %v", err)}
	}
	d := &differ{}
	d.tenders(book, outcomes, want)
	d.decision(decision, want)
	return want, decision, append(d.lines, Check(t, book, decision, outcomes)...)
}

// engine runs the engine; a panic of it is an error here, so that the offer can
// be shrunk and written down like any other.
func engine(t *allocation.Terms, book []allocation.Tender) (d *allocation.Decision, o []allocation.Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return allocation.Allocate(t, book)
}

// A differ collects what the engine has (got) and the reference does not (want).
type differ struct{ lines []string }

func (d *differ) addf(format string, args ...any) {
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

func (d *differ) numbers(what string, got, want int64) {
	if got != want {
		d.addf("%s: engine %d, reference %d", what, got, want)
	}
}

func (d *differ) ratios(what string, got, want *big.Rat) {
	if got == nil || got.Cmp(want) != 0 {
		d.addf("%s: engine %s, reference %s", what, got, want.RatString())
	}
}

func (d *differ) tenders(book []allocation.Tender, got []allocation.Outcome, want *Result) {
	for i, x := range book {
		what := fmt.Sprintf("tender %d", x.Row)
		d.numbers(what+" accepted", got[i].Accepted, want.Accepted[i])
		d.numbers(what+" returned", got[i].Returned, x.Principal-want.Accepted[i])
		d.numbers(what+" consideration", got[i].Consideration, want.Consideration[i])
		d.numbers(what+" interest", got[i].Interest, want.Interest[i])
	}
}

func (d *differ) decision(got *allocation.Decision, want *Result) {
	for i, bid := range want.ClearingBids {
		what := "clearing bid of series " + seriesName(i)
		switch {
		case bid == nil: // nothing tendered is left: it clears nothing
		case got.ClearingBids[i] == nil:
			d.addf("%s: engine none, reference %d", what, *bid)
		default:
			d.numbers(what, *got.ClearingBids[i], *bid)
		}
	}
	var dropped []int
	for _, x := range got.Dropped {
		dropped = append(dropped, x.Row)
	}
	if !slices.Equal(dropped, want.Dropped) {
		d.addf("dropped: engine %v, reference %v", dropped, want.Dropped)
	}
	for k, c := range want.Caps {
		what := "cap " + got.Terms.Caps[k].Name
		d.ratios(what+" used", got.Caps[k].Used, c.Used)
		if got.Caps[k].Left.Sign() >= 0 {
			d.ratios(what+" left", got.Caps[k].Left, c.Left)
		}
		if got.Caps[k].Closed != c.Closed {
			d.addf("%s closed: engine %t, reference %t", what, got.Caps[k].Closed, c.Closed)
		}
	}
	d.steps(got, want)
}

// steps compares step by step: the lines of each, and each cap over its series.
func (d *differ) steps(got *allocation.Decision, want *Result) {
	if len(got.Steps) != len(want.Steps) {
		d.addf("steps: engine %d, reference %d", len(got.Steps), len(want.Steps))
		return
	}
	for i, s := range got.Steps {
		for _, c := range s.Caps {
			what := fmt.Sprintf("step %d cap %s", i, got.Terms.Caps[c.Cap].Name)
			d.ratios(what+" before", c.Before, want.Steps[i].Before[c.Cap])
			d.ratios(what+" demand", c.Demand, want.Steps[i].Demand[c.Cap])
			d.ratios(what+" after", c.After, want.Steps[i].After[c.Cap])
		}
		for _, w := range want.Lines {
			if w.Step == i {
				d.line(fmt.Sprintf("step %d series %s %s", i, seriesName(w.Series), w.Timing), s, w)
			}
		}
	}
}

// line compares one series and timing of a step. Where an auction pays each its
// bid the engine has a line for each bid.
func (d *differ) line(what string, s allocation.Step, want Line) {
	var tendered, accepted int64
	found := false
	for _, l := range s.Lines {
		if l.Series != want.Series || l.Timing != want.Timing {
			continue
		}
		found = true
		tendered += l.Tendered
		accepted += l.Accepted
		d.numbers(what+" place", int64(l.Place), int64(want.Place))
		d.ratios(what+" plain factor", l.Plain, want.Plain)
		d.ratios(what+" factor", l.Factor, want.Factor)
		d.numbers(what+" bound by", int64(l.BoundBy), int64(want.BoundBy))
	}
	if !found || s.Small != want.Small || s.Level != want.Level {
		d.addf("%s: no such line in the engine's step (level %d, small %t)", what, s.Level, s.Small)
	}
	d.numbers(what+" tendered", tendered, want.Tendered)
	d.numbers(what+" accepted", accepted, want.Accepted)
}

func compareSettled(got, want *allocation.Settled) []string {
	d := &differ{}
	for k := range want.Used {
		d.ratios(fmt.Sprintf("settled cap %d used", k), got.Used[k], want.Used[k])
		d.numbers(fmt.Sprintf("settled cap %d closed at", k), got.ClosedAt[k], want.ClosedAt[k])
	}
	for s := range want.Taken {
		if !slices.Equal(got.Taken[s], want.Taken[s]) {
			d.addf("settled series %s taken: engine %v, reference %v", seriesName(s), got.Taken[s], want.Taken[s])
		}
	}
	return d.lines
}

// Explain writes an offer and what the allocators disagree on.
func Explain(o *Offer, differences []string) string {
	return o.String() + "--\n" + strings.Join(differences, "\n") + "\n"
}
