package cli

import (
	"fmt"
	"slices"
	"time"

	"tenderbook/allocation"
	"tenderbook/book"
	"tenderbook/offer"
	"tenderbook/report"
)

// planInput gives a plan to package report, with the place in the record that it
// is shown from.
func (w *workspace) planInput(s *book.State, p *book.Plan) (report.Input, error) {
	in := report.Input{
		Terms: p.Terms, Alloc: p.Alloc, Decision: p.Decision, AsOf: w.now(), Stage: report.AtFinal,
		TermsDigest: "sha256:" + p.Terms.Digest(), Record: recordOf(s), Conditions: p.Conditions, Terminated: p.Terminated,
		Accepted: isAccepted(s, p),
	}
	for _, c := range p.Consents {
		in.Consents = append(in.Consents, report.Consented{Principal: c.Principal, Alone: c.Alone, Count: c.Count, Paid: c.Paid})
	}
	if err := addTenders(&in, p); err != nil {
		return in, err
	}
	if p.Run == book.Early {
		in.Stage = report.AtEarly
		return in, nil
	}
	if p.Alloc.Settled == nil {
		return in, nil
	}
	early, err := s.Plan(book.Early)
	if err != nil {
		return in, err
	}
	in.Earlier, err = w.summaryOf(s, early)
	return in, err
}

// isAccepted reports whether a plan is the result of its run that was accepted.
func isAccepted(s *book.State, p *book.Plan) bool {
	return slices.ContainsFunc(s.Results(), func(done book.Result) bool {
		return done.Run == p.Run && done.Digest == p.Digest
	})
}

// summaryOf is the summary of an earlier run, as the tables of a later one take
// it.
func (w *workspace) summaryOf(s *book.State, p *book.Plan) (*report.SummaryFile, error) {
	in, err := w.planInput(s, p)
	if err != nil {
		return nil, err
	}
	data, err := report.Summary(in)
	if err != nil {
		return nil, err
	}
	return report.ParseSummary(data)
}

func recordOf(s *book.State) *report.Record {
	head := s.Head()
	return &report.Record{Seq: head.Seq, At: head.At, Hash: fmt.Sprintf("%x", head.Hash)}
}

// addTenders adds the tenders of a plan up by series.
func addTenders(in *report.Input, p *book.Plan) error {
	for _, t := range p.Tendered {
		in.Tendered = append(in.Tendered, report.Tendered(t))
	}
	if !p.Terms.Exchanges() {
		return nil
	}
	in.Exchanged = make([]offer.Exchanged, len(p.Alloc.Series))
	var failed error
	p.Each(func(_ book.Instruction, x allocation.Tender, o allocation.Outcome) bool {
		if in.Exchanged != nil {
			failed = exchange(&in.Exchanged[x.Series], &p.Terms.Series[x.Series], x, o)
		}
		return failed == nil
	})
	return failed
}

// exchange adds what one tender gets for what is accepted of it, as far as it was
// delivered.
func exchange(into *offer.Exchanged, s *offer.Series, x allocation.Tender, o allocation.Outcome) error {
	got, err := s.Exchange(max(0, min(o.Accepted, x.Principal-x.Undelivered)), o.Consideration)
	into.NewNotes += got.NewNotes
	into.Cash += got.Cash
	into.Fraction += got.Fraction
	return err
}

// deadlineOf is the moment that the figures of a run speak of: its deadline once
// that has passed, now before.
func (w *workspace) deadlineOf(p *book.Plan) time.Time {
	now, d := w.now(), p.Terms.Dates.Expiration
	if p.Run == book.Early {
		d = p.Terms.Dates.EarlyTender
	}
	if d.IsZero() || d.Met(now) {
		return now
	}
	return d.At
}
