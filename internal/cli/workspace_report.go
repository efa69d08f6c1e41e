package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/offer"
	"tenderbook/report"
)

// onWorkspace makes a report from the record of an offer.
func (r *reportCommand) onWorkspace(c *cobra.Command, args []string) error {
	for _, name := range []string{"amend", "settled"} {
		if c.Flags().Changed(name) {
			return usagef("", "--%s belongs to an offer in files, %q is one of a workspace", name, args[1])
		}
	}
	write, stage, words, err := r.form(args[0])
	if err != nil {
		return err
	}
	w := r.workspace
	w.asOf = r.asOf
	if firstOf(w.actor, w.Env("TENDER_USER")) == "" {
		return usagef("give --user USER, or set TENDER_USER", "nobody is named: who may see what depends on who asks")
	}
	return w.in(func(ctx context.Context, args []string) error {
		var in report.Input
		var about book.Inquiry
		err := w.look(ctx, args[1], func(s *book.State) error { about.Subject = subjectOfReport(s, stage); return nil })
		if err != nil {
			return err
		}
		err = w.see(ctx, args[1], about, func(s *book.State) (err error) {
			in, err = r.fromRecord(s, stage)
			return err
		})
		if err != nil {
			return err
		}
		in.Vocabulary = words
		in.Command = fmt.Sprintf("tender report %s %s --as-of %d --as %s", stage, args[1], in.Record.Seq, r.as)
		return r.toFile(r.output, func(to io.Writer) error { return write(to, in) })
	})(c, args)
}

// subjectOfReport is what a report shows: terms, a result, or what the result
// would be.
func subjectOfReport(s *book.State, stage report.Stage) book.Subject {
	switch {
	case stage == report.AtLaunch:
		return book.SeeTerms
	case stage == report.AtPricing && (s.Terms() == nil || s.Terms().Acceptance.Order != "auction"):
		return book.SeeTerms
	}
	for _, done := range s.Results() {
		if (done.Run == book.Early) == (stage == report.AtEarly) {
			return book.SeeResult
		}
	}
	return book.SeePlan
}

// fromRecord makes what a stage speaks of as the record of an offer has it.
func (r *reportCommand) fromRecord(s *book.State, stage report.Stage) (report.Input, error) {
	w := r.workspace
	at := s.At(w.now())
	if at.Terms == nil {
		return report.Input{}, answered{exitTooLate, fmt.Errorf("offer %s has no terms yet", s.Offer())}
	}
	switch stage {
	case report.AtLaunch:
		first := s.History().Versions()[0]
		return report.Input{Terms: first.Terms, AsOf: first.Effective, Stage: stage, TermsDigest: "sha256:" + first.Terms.Digest(), Record: recordOf(s)}, nil
	case report.AtPricing:
		return r.pricesOnRecord(s, at)
	case report.AtEarly:
		return w.resultInput(s, at, book.Early)
	}
	return w.resultInput(s, at, book.Final)
}

// resultInput is a run's result: that which was accepted, worked out again and
// compared, or, after the run's deadline, that which would be.
func (w *workspace) resultInput(s *book.State, at book.Standing, run book.Run) (report.Input, error) {
	if err := announced(s, at, run, w); err != nil {
		return report.Input{}, err
	}
	plan, err := w.planNow(s, run)
	if err != nil {
		return report.Input{}, answered{exitTooLate, err}
	}
	in, err := w.planInput(s, plan)
	if err != nil {
		return in, err
	}
	in.AsOf, in.Rows = w.deadlineOf(plan), fatesOf(s)
	in.Record.Standing = "not accepted yet"
	for _, done := range s.Results() {
		if done.Run != run {
			continue
		}
		if done.Digest != plan.Digest {
			return in, damaged{fmt.Errorf("the %s result of %s that was accepted in #%s is %s, the book gives %s", run, s.Offer(), grouped(int64(done.Seq)), done.Digest, plan.Digest)}
		}
		in.Record.Standing = "accepted in #" + grouped(int64(done.Seq))
	}
	in.Participation = participationOf(s, plan)
	return in, nil
}

// announced refuses to report results of a run before there can be any.
func announced(s *book.State, at book.Standing, run book.Run, w *workspace) error {
	for _, done := range s.Results() {
		if done.Run == run {
			return nil
		}
	}
	deadline, name := at.Terms.Dates.Expiration, "the expiration"
	if run == book.Early {
		deadline, name = at.Terms.Dates.EarlyTender, "the early tender date"
	}
	hint := fmt.Sprintf("\n    \"tender plan %s --run %s\" shows what would be accepted now", s.Offer(), run)
	switch {
	case deadline.IsZero():
		return answered{exitTooLate, fmt.Errorf("offer %s has no early tender date", s.Offer())}
	case at.Life == book.Terminated || at.Life == book.Lapsed:
		return answered{exitTooLate, fmt.Errorf("offer %s is %s: there is no %s result", s.Offer(), at.Life, run)}
	case at.Life < book.Commenced:
		return answered{exitTooLate, fmt.Errorf("offer %s is %s: there is no %s result yet", s.Offer(), at.Life, run)}
	case deadline.Met(w.now()):
		return answered{exitTooLate, fmt.Errorf("%s results of %s: %s, %s, has not passed%s", run, s.Offer(), name, deadline, hint)}
	}
	return nil
}

// pricesOnRecord are the prices as the terms fix them and, in an auction, the
// clearing bids of the book.
func (r *reportCommand) pricesOnRecord(s *book.State, at book.Standing) (report.Input, error) {
	given, err := r.given(at.Terms)
	if err != nil {
		return report.Input{}, err
	}
	in := report.Input{Terms: at.Terms, AsOf: at.Terms.Dates.PriceDetermination.At, TermsDigest: "sha256:" + at.Terms.Digest(), Record: recordOf(s)}
	run := book.Final
	if at.Terms.HasEarly() {
		run = book.Early
	}
	plan, err := r.workspace.planNow(s, run)
	switch {
	case err == nil:
		if in, err = r.workspace.planInput(s, plan); err != nil {
			return in, err
		}
		if err := addClearingBids(&given, in); err != nil {
			return in, refused{err}
		}
	case !errors.Is(err, offer.ErrUndetermined):
		return in, answered{exitTooLate, err}
	}
	return determined(in, given)
}

// fatesOf counts the instructions of a record by what became of them.
func fatesOf(s *book.State) []report.RowsByFate {
	var counts [256]int64
	for x := range s.Instructions() {
		if x.Action == book.Withdraw || x.Action == book.Deliver {
			counts[0]++
			continue
		}
		counts[x.Life]++
	}
	var all []report.RowsByFate
	for life, n := range counts {
		switch {
		case n == 0:
		case life == 0:
			all = append(all, report.RowsByFate{Fate: "withdrawals and deliveries", Count: n})
		default:
			all = append(all, report.RowsByFate{Fate: strings.ReplaceAll(book.Life(life).String(), "-", " "), Count: n})
		}
	}
	return all
}

// participationOf is what came in over time, for the chart, as far as the run
// looks.
func participationOf(s *book.State, p *book.Plan) []report.Point {
	var points []report.Point
	last := p.Terms.Dates.Expiration.At
	if p.Run == book.Early {
		last = p.Terms.Dates.EarlyTender.At
	}
	for i := range p.Terms.Series {
		for _, h := range s.Participation(p.Terms.Series[i].ID) {
			if h.Start.Before(last) {
				points = append(points, report.Point{Hour: h.Start, Series: p.Terms.Series[i].ID, Tendered: h.Tendered, Withdrawn: h.Withdrawn})
			}
		}
	}
	return points
}
