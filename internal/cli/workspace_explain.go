package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"tenderbook/allocation"
	"tenderbook/book"
	"tenderbook/internal/bookfile"
	"tenderbook/offer"
	"tenderbook/report"
)

// explain says why an instruction of a workspace got what it got, in the run
// that decided it, or what it would get now.
func (w *workspace) explain(ctx context.Context, args []string) error {
	id, instruction := args[0], args[1]
	var b bytes.Buffer
	about := book.Inquiry{Subject: book.SeeInstructions, Of: instruction}
	err := w.see(ctx, id, about, func(s *book.State) error {
		x, err := w.explanation(ctx, s, instruction)
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

// explanation says it of an instruction on record. Of one that no run decided
// it says why not, as the run would be that comes next.
func (w *workspace) explanation(ctx context.Context, s *book.State, instruction string) (*report.Explanation, error) {
	x, ok := s.Instruction(instruction)
	if !ok {
		return nil, w.noInstruction(s, instruction)
	}
	if x.Action == book.Withdraw || x.Action == book.Deliver {
		return nil, answered{exitRefused, fmt.Errorf("%q is a %s of instruction %q: explain that one", instruction, x.Action, x.RefersTo)}
	}
	var (
		plan    *book.Plan
		subject report.Subject
		others  *allocation.Tally
		counts  bool
	)
	for _, run := range w.runsToExplain(s) {
		var err error
		if plan, err = w.planNow(s, run); err != nil {
			return nil, answered{exitTooLate, err}
		}
		if subject, others, counts = subjectOf(plan, x); counts {
			break
		}
	}
	if plan == nil || x.Life.Live() && !counts && !w.sees(s, book.SeePlan) {
		return nil, errNoResultYet
	}
	in, err := w.planInput(s, plan)
	if err != nil {
		return nil, err
	}
	in.AsOf = w.deadlineOf(plan)
	var changed []report.WhatIf
	if !counts {
		if subject, err = notCounted(s, plan, x); err != nil {
			return nil, err
		}
	} else if changed, err = wouldChangeOn(s, plan, subject, others); err != nil {
		return nil, err
	}
	e, err := report.Explain(in, subject, changed...)
	if err != nil {
		return nil, err
	}
	e.Provisional = w.provisional(s, plan)
	later, err := w.deliveredLater(s, plan, x)
	if err != nil {
		return nil, err
	}
	e.Answer += later
	e.Proof, err = w.proofOf(ctx, s, plan, x)
	return e, err
}

// provisional says that a plan is no result yet, where it is none; "" of one
// that was accepted, and of an offer that ended without.
func (w *workspace) provisional(s *book.State, p *book.Plan) string {
	accepted := slices.ContainsFunc(s.Results(), func(x book.Result) bool { return x.Run == p.Run })
	if life := s.At(w.now()).Life; accepted || life == book.Terminated || life == book.Lapsed {
		return ""
	}
	return fmt.Sprintf("Nothing is accepted yet: this is what the record as of %s would come to.", recordOf(s))
}

// deliveredLater says what came of a guarantee after the early result accepted it,
// and is paid with the final one.
func (w *workspace) deliveredLater(s *book.State, p *book.Plan, x book.Instruction) (string, error) {
	if p.Run != book.Early || x.Action != book.Guarantee || x.Delivered == 0 {
		return "", nil
	}
	final, err := w.planNow(s, book.Final)
	if err != nil {
		return "", answered{exitTooLate, err}
	}
	for _, d := range final.Later() {
		if d.Instruction == x.ID {
			code := d.Principal.Currency.Code
			return fmt.Sprintf(" Of that %s %s was delivered since: %s %s and interest of %s %s are paid for it with the final result.",
				code, d.Principal.Grouped(), code, d.Consideration.GroupedFull(), code, d.Interest.GroupedFull()), nil
		}
	}
	return "", nil
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

// subjectOf finds an instruction among those that a plan is about, and counts all
// others.
func subjectOf(p *book.Plan, x book.Instruction) (subject report.Subject, others *allocation.Tally, found bool) {
	others = allocation.NewTally(p.Alloc)
	p.Each(func(y book.Instruction, tender allocation.Tender, o allocation.Outcome) bool {
		if y.ID != x.ID {
			others.Add(tender)
			return true
		}
		found = true
		subject = subjectFrom(p, x)
		subject.Series, subject.Tender, subject.Outcome = tender.Series, tender, o
		return true
	})
	return subject, others, found
}

func subjectFrom(p *book.Plan, x book.Instruction) report.Subject {
	at := slices.IndexFunc(p.Terms.Series, func(y offer.Series) bool { return y.ID == x.Series })
	return report.Subject{
		Instruction: x.ID, Participant: x.Participant, Account: x.Account, Received: x.Received.In(p.Terms.Zone),
		Series: at, Asked: x.Principal,
	}
}

// notCounted says why a run does not look at an instruction.
func notCounted(s *book.State, p *book.Plan, x book.Instruction) (report.Subject, error) {
	subject := subjectFrom(p, x)
	if subject.Series < 0 {
		return subject, answered{exitRefused, fmt.Errorf("%q is of series %q, which is no longer in the terms", x.ID, x.Series)}
	}
	if x.Action == book.Consent && consentOn(p, x, &subject) {
		return subject, nil
	}
	expires := p.Terms.Dates.Expiration
	if own := p.Terms.Series[subject.Series].Expiration; !own.IsZero() {
		expires = own
	}
	standing := s.At(s.Time())
	switch life := lifeBeforeResult(s, x); {
	case life == book.Withdrawn:
		subject.Fate = report.Withdrawn
	case life == book.LateReceived, !expires.Met(x.Received):
		subject.Fate = report.ReceivedLate
	case p.Terminated != nil && p.Terminated[subject.Series] != "":
		subject.Fate, subject.Defect = report.Terminated, p.Terminated[subject.Series]
	case life == book.Defective:
		subject.Fate, subject.Defect = report.Invalid, "a defect was found and neither cured nor waived"
	case standing.Life == book.Terminated, standing.Life == book.Lapsed:
		subject.Fate, subject.Defect = report.Terminated, "the offer is "+standing.Life.String()
	case standing.Series[x.Series] == book.SeriesTerminated:
		subject.Fate, subject.Defect = report.Terminated, "the series was terminated"
	default:
		return subject, answered{exitRefused, fmt.Errorf("%q counts in no result: it is %s", x.ID, x.Life)}
	}
	return subject, nil
}

// consentOn says what became of a consent without a tender that stands, or was
// withdrawn, and reports whether it did.
func consentOn(p *book.Plan, x book.Instruction, subject *report.Subject) bool {
	subject.Fate, subject.Timing = report.Consent, x.Timing
	found := x.Life == book.Withdrawn
	p.EachConsent(func(y book.Instruction, paid int64) bool {
		if y.ID != x.ID {
			return true
		}
		found = true
		subject.Consented, subject.ConsentPaid, subject.Unpaid = x.Left, paid, unpaidConsent(p, subject.Series, paid)
		return false
	})
	return found
}

// unpaidConsent says why a consent is not paid what the terms pay for it.
func unpaidConsent(p *book.Plan, series int, paid int64) string {
	asked := p.Terms.Series[series].Consent
	switch {
	case paid > 0 || asked.Payment.Sign() == 0 && asked.Early.Sign() == 0:
		return ""
	case p.Terminated[series] != "":
		return "not paid, the offer was terminated"
	case !p.Consents[series].Reached:
		return "not paid, the threshold is not reached"
	}
	return ""
}

// lifeBeforeResult is where an instruction stood before a result, or the end of
// the offer, returned it.
func lifeBeforeResult(s *book.State, x book.Instruction) book.Life {
	life := x.Life
	for _, e := range s.Events(x.ID) {
		if e.Event == book.OnReturn || e.Event == book.OnLose {
			return life
		}
		life = e.Life
	}
	return x.Life
}

// wouldChangeOn decides a plan again with one thing changed at a time.
func wouldChangeOn(s *book.State, p *book.Plan, subject report.Subject, others *allocation.Tally) ([]report.WhatIf, error) {
	r := &run{history: s.History(), terms: p.Terms, alloc: p.Alloc}
	switch {
	case p.Run == book.Early:
		r.only = bookfile.OnlyEarly
	case p.Alloc.Settled != nil:
		r.only = bookfile.OnlyLate
	}
	return r.wouldChange(&bookfile.Explanation{Live: true, Series: subject.Series, Tender: subject.Tender, Others: others})
}
