package cli

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tenderbook/allocation"
	"tenderbook/calendar"
	"tenderbook/internal/bookfile"
	"tenderbook/offer"
	"tenderbook/report"
)

// A question is what the flags of a command ask of an offer: as of when, after
// which earlier run, and with what changed.
type question struct {
	offer   offerArg
	asOf    string   // early | final | a time
	settled string   // summary of the run that settled early; empty: none
	sets    []string // path=value, for what-if
}

// flags adds the flags of a question to a command.
func (q *question) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&q.offer.amends, "amend", nil, "amendment `FILE` besides those in the folder")
	f.StringVar(&q.asOf, "as-of", "final", "`WHEN` to look: early, final, or a time such as \"2004-11-17 12:00\" in the offer's zone")
	f.StringVar(&q.settled, "settled", "", "`SUMMARY` of the run that settled early")
	f.StringArrayVar(&q.sets, "set", nil, "what-if: `PATH=VALUE`, such as caps.0.amount=\"USD 1,105,000,000\"")
}

// A run is a question with its terms found: what is decided, and as of when.
type run struct {
	history *offer.History
	terms   *offer.Terms
	alloc   *allocation.Terms
	stage   report.Stage
	asOf    time.Time     // the moment that the figures speak of
	cut     time.Time     // rows received later do not count; zero: all may
	only    bookfile.Only // which side of the early tender deadline is decided

	states     []offer.ConditionState // of the conditions, as the book has them
	terminated []string               // by series: why nothing of it is accepted, "" where it may be
	liveBefore []report.Tendered      // by series, where something is terminated and the decision does not show it
}

// newRun finds the terms of a question.
func newRun(h *offer.History, q question) (*run, error) {
	h, err := whatIf(h, q.sets)
	if err != nil {
		return nil, err
	}
	r := &run{history: h}
	if err := r.lookAt(q.asOf); err != nil {
		return nil, err
	}
	if r.alloc, err = r.terms.Allocation(r.terms.Settlements()); err != nil {
		return nil, refused{r.located(err)}
	}
	if q.settled == "" {
		return r, nil
	}
	return r, r.after(q.settled)
}

// located says where a price stands that acceptance must wait for.
func (r *run) located(err error) error {
	var open *offer.UndeterminedError
	if !errors.As(err, &open) {
		return err
	}
	at := r.history.Where(r.terms, open.Series)
	return fmt.Errorf("%s:%d:%d: series.%s.pricing: %w, and cap %q counts money: needs the price before anything is accepted\n    give the reference yield, or what fixes the price, in an amendment",
		at.File, at.Line, at.Column, open.Series, offer.ErrUndetermined, open.Cap)
}

// lookAt finds the terms in force at a moment, and what of the book counts then.
//
// "early" is the early tender deadline. Where early tenders are settled first,
// the terms are those in force when that is done: an amendment between deadline
// and settlement, usually a raised cap, is in time for it.
func (r *run) lookAt(when string) error {
	last := r.history.Final()
	switch when {
	case "final":
		r.terms, r.stage, r.asOf = last, report.AtFinal, last.Dates.Expiration.At
		return nil
	case "early":
		d := last.Dates
		if d.EarlyTender.IsZero() {
			return usagef("", "--as-of early: the offer %s has no early tender date", last.ID)
		}
		r.stage, r.asOf, r.cut = report.AtEarly, d.EarlyTender.At, lastInTime(d.EarlyTender)
		r.terms = r.history.At(r.asOf)
		if !d.EarlySettlement.IsZero() {
			r.terms, r.only = r.history.At(startOf(d.EarlySettlement, last.Zone)), bookfile.OnlyEarly
		}
		return nil
	}
	at, err := parseTime(when, last.Zone)
	if err != nil {
		return usagef("", "--as-of %w", err)
	}
	r.terms, r.stage, r.asOf, r.cut = r.history.At(at), report.AtFinal, at, at
	if e := r.terms.Dates.EarlyTender; !e.IsZero() && e.Met(at) {
		r.stage = report.AtEarly
	}
	return nil
}

// lastInTime is the last instant that meets a deadline.
func lastInTime(d calendar.Deadline) time.Time {
	if d.Side == calendar.Before {
		return d.At.Add(-1)
	}
	return d.At
}

func startOf(d calendar.Date, zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
}

// parseTime reads a time with an offset, or a local one in the offer's zone.
func parseTime(s string, zone *time.Location) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at, nil
	}
	at, err := calendar.ParseLocal(s, zone)
	if err != nil {
		return at, fmt.Errorf("needs early, final or a time: %w", err)
	}
	return at, nil
}

// after takes from the caps what an earlier, settled run used of them.
func (r *run) after(summary string) error {
	data, err := os.ReadFile(summary)
	if err != nil {
		return cannot("read", summary, err)
	}
	f, err := report.ParseSummary(data)
	if err != nil {
		return refused{fmt.Errorf("%s: %w", summary, err)}
	}
	if f.Offer != r.terms.ID {
		return refused{fmt.Errorf("%s: is a summary of %s, the offer is %s", summary, f.Offer, r.terms.ID)}
	}
	if early := report.AtEarly.String(); f.Stage != early {
		return refused{fmt.Errorf("%s: is the summary of a %s run, needs that of the %s one", summary, f.Stage, early)}
	}
	if r.terms.Dates.EarlySettlement.IsZero() {
		return refused{fmt.Errorf("%s: %s has no early settlement (dates.early_settlement): nothing is accepted before expiration", summary, f.Offer)}
	}
	if r.alloc.Settled, err = f.Settled.For(r.alloc); err != nil {
		return refused{fmt.Errorf("%s: %w", summary, err)}
	}
	r.only = bookfile.OnlyLate
	return nil
}

// when shows a moment in the zone of an offer. The end of a day is shown as
// 24:00 of that day.
func when(at time.Time, t *offer.Terms) string {
	local, clock := at.In(t.Zone), "15:04"
	if local.Second() != 0 {
		clock = "15:04:05"
	}
	if local.Format(time.TimeOnly) == "00:00:00" {
		local, clock = local.AddDate(0, 0, -1), "24:00"
		return local.Format("Mon 2 Jan 2006 ") + clock + " " + t.ZoneName
	}
	return local.Format("Mon 2 Jan 2006 "+clock) + " " + t.ZoneName
}
