package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"tenderbook/allocation"
	"tenderbook/book"
	"tenderbook/report"
)

// explain says why an instruction of a workspace got what it got, in the run
// that decided it, or what it would get now.
func (w *workspace) explain(ctx context.Context, args []string) error {
	id, instruction := args[0], args[1]
	var b bytes.Buffer
	about := book.Inquiry{Subject: book.SeeInstructions, Of: instruction}
	err := w.see(ctx, id, about, func(s *book.State) error {
		x, err := w.explanation(s, instruction)
		if err != nil {
			return err
		}
		if w.json {
			return x.WriteJSON(&b)
		}
		return x.WriteText(&b, w.tableWidth())
	})
	if errors.Is(err, errNoResultYet) {
		return w.see(ctx, id, book.Inquiry{Subject: book.SeePlan}, func(*book.State) error { return nil })
	}
	if err == nil {
		_, err = w.Out.Write(b.Bytes())
	}
	return err
}

// errNoResultYet says that there is nothing to explain but what may come.
var errNoResultYet = errors.New("no result is accepted yet")

func (w *workspace) explanation(s *book.State, instruction string) (*report.Explanation, error) {
	x, ok := s.Instruction(instruction)
	if !ok {
		return nil, w.noInstruction(s, instruction)
	}
	if x.Action == book.Withdraw || x.Action == book.Deliver {
		return nil, answered{exitRefused, fmt.Errorf("%q is a %s of instruction %q: explain that one", instruction, x.Action, x.RefersTo)}
	}
	for _, run := range w.runsToExplain(s) {
		plan, err := s.Plan(run)
		if err != nil {
			return nil, answered{exitTooLate, err}
		}
		if subject, ok := subjectOf(plan, x); ok {
			return report.Explain(planInput(plan, w.now()), subject)
		}
	}
	if x.Life.Live() && !w.sees(s, book.SeePlan) {
		return nil, errNoResultYet
	}
	return nil, answered{exitRefused, fmt.Errorf("%q counts in no result: it is %s", instruction, x.Life)}
}

// runsToExplain are the runs that were accepted and, for who sees what would be
// accepted, the one that would be next.
func (w *workspace) runsToExplain(s *book.State) (runs []book.Run) {
	for _, r := range s.Results() {
		runs = append(runs, r.Run)
	}
	if w.sees(s, book.SeePlan) && (len(runs) == 0 || runs[len(runs)-1] != book.Final) {
		runs = append(runs, book.Final)
	}
	return runs
}

// subjectOf finds an instruction among those that a plan is about.
func subjectOf(p *book.Plan, x book.Instruction) (subject report.Subject, found bool) {
	p.Each(func(y book.Instruction, tender allocation.Tender, o allocation.Outcome) bool {
		if y.ID != x.ID {
			return true
		}
		found = true
		subject = report.Subject{
			Instruction: x.ID, Participant: x.Participant, Account: x.Account, Received: x.Received.In(p.Terms.Zone),
			Series: tender.Series, Asked: x.Principal, Tender: tender, Outcome: o,
		}
		return false
	})
	return subject, found
}
