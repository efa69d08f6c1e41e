package bookfile

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
)

// An event is a withdrawal or a delivery.
type event struct {
	block *block
	index int // in the block's loners
}

func (e event) loner() *loner { return &e.block.loners[e.index] }

func (e event) sighting() *sighting {
	x := e.loner()
	return &sighting{block: e.block, row: x.row, line: x.line, at: x.at, length: x.length, id: x.id, facts: x.facts, good: true}
}

// relate finds rows with one id and applies withdrawals and deliveries to the
// tenders that they refer to.
func (j *job) relate(ctx context.Context) error {
	sets := make([]*idSet, len(j.workers))
	for i, w := range j.workers {
		sets[i] = w.ids
		w.ids = nil
		j.participation.add(&w.participation)
	}
	wanted := twice(sets, j.opts.workers)
	suspects := len(wanted)
	events := j.events(wanted)
	if len(wanted) == 0 {
		return nil
	}
	sightings, err := j.lookUp(ctx, wanted)
	if err != nil {
		return err
	}
	if suspects > 0 {
		j.refuseDoubles(sightings)
	}
	j.apply(events, sightings)
	return nil
}

// events lists the withdrawals and deliveries of a book, and asks for what they
// refer to.
func (j *job) events(wanted map[uint64]bool) []event {
	var all []event
	for _, b := range j.blocks {
		for i := range b.loners {
			if x := &b.loners[i]; x.isEvent() {
				all = append(all, event{b, i})
				wanted[maphash.String(j.seed, x.refersTo)] = true
			}
		}
	}
	return all
}

// refuseDoubles refuses all rows that share their id with another.
func (j *job) refuseDoubles(sightings map[uint64][]sighting) {
	for _, seen := range sightings {
		if len(seen) < 2 {
			continue
		}
		first, times := map[string]*sighting{}, map[string]int{}
		for i := range seen {
			if first[seen[i].id] == nil {
				first[seen[i].id] = &seen[i]
			}
			times[seen[i].id]++
		}
		named := map[string]bool{}
		for i := range seen {
			s := &seen[i]
			if times[s.id] < 2 {
				continue
			}
			other := first[s.id]
			if other == s {
				other = nextOf(seen[i+1:], s.id)
			}
			named[s.id] = true
			j.refuseRow(s, Problem{
				Column: j.layout.names[j.layout.at[colInstruction]], Value: s.id,
				Why: fmt.Sprintf("is also the instruction of line %d: an id stands once in a book", other.block.firstLine+other.line),
			})
		}
	}
}

func nextOf(seen []sighting, id string) *sighting {
	return &seen[slices.IndexFunc(seen, func(s sighting) bool { return s.id == id })]
}

// apply takes the events of each tender in the order in which they were
// received, equal times by id.
func (j *job) apply(events []event, sightings map[uint64][]sighting) {
	slices.SortFunc(events, func(a, b event) int {
		x, y := a.loner(), b.loner()
		return cmp.Or(cmp.Compare(x.received, y.received), strings.Compare(x.id, y.id), cmp.Compare(x.at, y.at))
	})
	for _, e := range events {
		if e.loner().refused {
			continue
		}
		column, why := j.applyOne(e, sightings)
		if why == "" {
			continue
		}
		value := e.loner().refersTo
		if column == colPrincipal {
			value = ""
			if !e.loner().all {
				value = j.series[e.loner().series].amount(e.loner().principal)
			}
		}
		j.refuseRow(e.sighting(), Problem{Column: columnNames[column], Value: value, Why: why})
	}
}

// applyOne applies an event, or says which of its columns is wrong and why.
func (j *job) applyOne(e event, sightings map[uint64][]sighting) (column int, why string) {
	seen := sightings[maphash.String(j.seed, e.loner().refersTo)]
	i := slices.IndexFunc(seen, func(s sighting) bool { return s.id == e.loner().refersTo })
	if i < 0 {
		return colRefersTo, "is not an instruction of this book"
	}
	target := j.lonerOf(&seen[i])
	x := e.loner() // after lonerOf, which may move it
	line := seen[i].block.firstLine + seen[i].line
	switch {
	case target == nil:
		return colRefersTo, fmt.Sprintf("is the instruction of line %d, which is refused itself", line)
	case target.isEvent():
		return colRefersTo, fmt.Sprintf("is a %s (line %d): needs a tender", nounOf[target.action], line)
	case x.action == delivers && target.action != guarantees:
		return colRefersTo, fmt.Sprintf("is not a notice of guaranteed delivery (line %d)", line)
	case x.action == withdraws && x.participant != target.participant:
		return colRefersTo, fmt.Sprintf("is an instruction of participant %s (line %d), this row is of %s", quote(target.participant), line, quote(x.participant))
	case x.series != target.series:
		return colRefersTo, fmt.Sprintf("is a tender of series %s (line %d), this row is of series %s", j.series[target.series].id, line, j.series[x.series].id)
	case x.received < target.received:
		return colRefersTo, fmt.Sprintf("was received later, at %s (line %d)", j.localTime(target.received), line)
	}
	if x.action == delivers {
		return colPrincipal, j.deliver(x, target)
	}
	return colPrincipal, j.withdraw(x, target)
}

var nounOf = [...]string{"tender", "withdrawal", "notice of guaranteed delivery", "delivery", "consent"}

// withdraw takes a part or all of a tender back.
func (j *job) withdraw(x, target *loner) (why string) {
	s := &j.series[x.series]
	switch {
	case x.received > j.withdrawal:
		x.void = "received after the withdrawal deadline"
		return ""
	case x.received > j.asOf:
		x.void = j.afterAsOfText()
		return ""
	case x.all:
		x.principal = target.left
	}
	left := target.left - x.principal
	switch {
	case x.principal == 0:
		return fmt.Sprintf("is all of %s, of which nothing is left", quote(x.refersTo))
	case left < 0:
		return fmt.Sprintf("is more than the %s that is left of %s", s.amount(target.left), quote(x.refersTo))
	case left > 0 && !s.takes(left):
		return fmt.Sprintf("leaves %s of %s, which %s", s.amount(left), quote(x.refersTo), s.misfit(left))
	case left < target.delivered:
		return fmt.Sprintf("leaves less of %s than the %s already delivered", quote(x.refersTo), s.amount(target.delivered))
	}
	target.left = left
	if target.action == guarantees {
		target.undelivered = max(0, left-target.delivered)
	}
	if target.standing == counts {
		j.participation.withdraw(x.series, x.received, x.principal)
	}
	return ""
}

// deliver delivers a part or all of what was guaranteed.
func (j *job) deliver(x, target *loner) (why string) {
	switch {
	case x.received > j.delivery:
		x.void = "received after the guaranteed delivery deadline"
		return ""
	case x.received > j.asOf:
		x.void = j.afterAsOfText()
		return ""
	case x.all:
		x.principal = target.undelivered
	}
	switch {
	case x.principal == 0:
		return fmt.Sprintf("is all of %s, of which nothing is left to deliver", quote(x.refersTo))
	case x.principal > target.undelivered:
		return fmt.Sprintf("is more than the %s not yet delivered of %s", j.series[x.series].amount(target.undelivered), quote(x.refersTo))
	}
	target.undelivered -= x.principal
	target.delivered += x.principal
	return ""
}

func (j *job) afterAsOfText() string {
	if j.asOf == j.early {
		return "received after the early tender deadline"
	}
	return "received after " + j.localTime(j.asOf)
}
