// Package reference decides what is accepted a second time, slowly.
//
// It is the check on package allocation and nothing else: it was written from
// docs/allocation.md (cited as §) and docs/decisions/0003-allocation-gaps.md
// (cited as G1 to G15) without a look at the engine, and takes the most obvious
// way at every point. Amounts under caps are exact fractions, factors are found
// by walking every point at which some rounded amount changes, and a
// conditional tender that falls short makes everything run again.
//
// It is not fast (a book of forty tenders takes a millisecond), checks no terms
// and sums principal in 64 bits. [Generate] makes offers for both allocators
// and [Compare] says where they differ.
package reference

import (
	"math/big"
	"slices"

	"tenderbook/allocation"
)

// A Result is what the reference makes of a book.
type Result struct {
	Accepted      []int64   // by position in the book, minor units
	Consideration []int64   // by position in the book, minor units, half up
	Interest      []int64   // by position in the book, minor units, half up
	Lines         []Line    // one for each step, series, place and timing, in the order served
	Steps         []StepUse // one for each step, in the order served
	Caps          []CapUse  // by cap of the terms
	ClearingBids  []*int64  // by series in an auction, nil where nothing was tendered
	Dropped       []int     // rows of the conditional tenders that were dropped, in that order
	Settled       *allocation.Settled
	Events        map[string]int // what happened on the way, for coverage
}

// A Line is one series at one place in one step, one timing of it.
type Line struct {
	Step     int
	Level    int // 0 in an auction
	Small    bool
	Series   int
	Place    int
	Timing   allocation.Timing
	Units    int64
	Tendered int64 // minor units that took part
	Accepted int64 // minor units
	Plain    *big.Rat
	Factor   *big.Rat
	BoundBy  int // index of the cap, len(Caps)+place for a place, -1 for none
}

// StepUse is what a step found under each cap of the terms.
type StepUse struct {
	Before, Demand, After []*big.Rat // by cap, in the cap's measure: room, what came, room less what was accepted
}

// CapUse is what became of a cap, in its own measure.
type CapUse struct {
	Used   *big.Rat // taken by its series and by the series it is net of, earlier runs included
	Left   *big.Rat // what is left of it, never negative
	Closed bool
}

// Allocate decides the book by the terms. The terms must be valid: the
// reference checks nothing.
//
// §7.5, G14: while a conditional tender falls short one is dropped and
// everything is run again without it.
func Allocate(t *allocation.Terms, book []allocation.Tender) *Result {
	live := slices.Clone(book)
	var dropped []int
	for {
		r := newRun(t, live)
		r.serve()
		short := r.firstShortfall()
		if short < 0 {
			return r.result(book, dropped)
		}
		dropped = append(dropped, live[short].Row)
		live = slices.Delete(live, short, short+1)
	}
}

// firstShortfall finds the conditional tender to drop, by position in the live
// book, or -1. Of those that fell short in the earliest step it is the one that
// is the furthest off; equal ones: the later receipt, then the greater id (G14).
func (r *run) firstShortfall() int {
	worst := -1
	for i, u := range r.unitOf {
		if !u.conditional() || u.lastStep < 0 || u.accepted >= u.atLeast {
			continue
		}
		if worst < 0 || dropsBefore(u, r.unitOf[worst]) {
			worst = i
		}
	}
	return worst
}

func dropsBefore(u, v *unit) bool {
	if u.lastStep != v.lastStep {
		return u.lastStep < v.lastStep
	}
	su, sv := u.atLeast-u.accepted, v.atLeast-v.accepted
	if su != sv {
		return su > sv
	}
	x, y := u.tenders[0], v.tenders[0]
	if x.ReceivedAt != y.ReceivedAt {
		return x.ReceivedAt > y.ReceivedAt
	}
	return x.ID > y.ID
}
