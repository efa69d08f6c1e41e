package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"tenderbook/allocation"
	"tenderbook/internal/bookfile"
	"tenderbook/offer"
	"tenderbook/report"
)

// A decided is a run with its book read and decided.
type decided struct {
	*run
	book *bookfile.Result
}

// decide reads a book and decides it. The allocation goes to out, unless that
// is nil.
func (p *program) decide(ctx context.Context, r *run, src *bookfile.Source, o bookfile.Options, out io.Writer) (*decided, error) {
	o.Terms, o.Alloc, o.AsOf, o.Only = r.terms, r.alloc, r.cut, r.only
	line := p.progress("reading " + src.Name)
	defer line.done()
	o.Progress = line.tell
	if err := r.lookBefore(ctx, src, o); err != nil {
		return nil, err
	}
	o.Terminated = r.terminated
	do := bookfile.Count
	if out != nil {
		do = func(ctx context.Context, src *bookfile.Source, o bookfile.Options) (*bookfile.Result, error) {
			return bookfile.Allocate(ctx, src, o, out)
		}
	}
	book, err := do(ctx, src, o)
	if err != nil {
		return nil, err
	}
	return &decided{r, book}, nil
}

// openBook opens a book file for reading.
func openBook(name string) (*bookfile.Source, error) {
	src, err := bookfile.Open(name)
	if err != nil {
		return nil, cannot("read", name, err)
	}
	return src, nil
}

// input gives a decided run to package report.
func (d *decided) input() report.Input {
	in := report.Input{
		Terms: d.terms, Alloc: d.alloc, Decision: d.book.Decision, AsOf: d.asOf, Stage: d.stage,
		TermsDigest: "sha256:" + d.terms.Digest(), BookDigest: digestText(d.book.Digest),
		Tendered: make([]report.Tendered, len(d.alloc.Series)),
		Rows:     d.fates(),
	}
	addLive(in.Tendered, d.book.Live)
	if d.liveBefore != nil {
		in.Tendered = d.liveBefore
	}
	if d.terms.Exchanges() {
		in.Exchanged = make([]offer.Exchanged, len(d.alloc.Series))
		for _, t := range d.book.Live {
			x := &in.Exchanged[t.Series]
			x.NewNotes += t.Exchanged.NewNotes
			x.Cash += t.Exchanged.Cash
			x.Fraction += t.Exchanged.Fraction
		}
	}
	in.Conditions, in.Terminated = d.states, d.terminated
	for _, c := range d.book.Consents {
		in.Consents = append(in.Consents, report.Consented(c))
	}
	in.Participation = d.participation()
	return in
}

// addLive adds live tenders up by series.
func addLive(into []report.Tendered, live []bookfile.Total) {
	for _, t := range live {
		s := &into[t.Series]
		s.Count += t.Tenders
		if t.Timing == allocation.Early {
			s.Early += t.Tendered
		} else {
			s.Late += t.Tendered
		}
	}
}

// digestText names the algorithm of a digest; "" for none.
func digestText(sum string) string {
	if sum == "" {
		return ""
	}
	return "sha256:" + sum
}

// participation is what came in over time, for the chart.
func (d *decided) participation() []report.Point {
	var points []report.Point
	of := d.book.Participation
	for s, hours := range of.Series {
		for i, h := range hours {
			if h.Tendered != 0 || h.Withdrawn != 0 {
				points = append(points, report.Point{
					Hour: of.From.Add(of.Step * time.Duration(i)), Series: d.terms.Series[s].ID,
					Tendered: h.Tendered, Withdrawn: h.Withdrawn,
				})
			}
		}
	}
	return points
}

// fates counts the rows of the book by what became of them.
func (d *decided) fates() []report.RowsByFate {
	var all []report.RowsByFate
	add := func(fate string, n int64) {
		for i := range all {
			if all[i].Fate == fate {
				all[i].Count += n
				return
			}
		}
		if n > 0 {
			all = append(all, report.RowsByFate{Fate: fate, Count: n})
		}
	}
	for _, t := range d.book.Live {
		add("counted", t.Tenders)
	}
	for _, u := range d.book.NotLive {
		add(u.Reason, u.Tenders)
	}
	add("withdrawals", d.book.Withdrawals)
	add("deliveries", d.book.Deliveries)
	add("refused", int64(len(d.book.Refused)))
	return all
}

// fatesText says the fates in a line: "1,213 counted, 22 withdrawn".
func fatesText(rows []report.RowsByFate) string {
	parts := make([]string, len(rows))
	for i, r := range rows {
		parts[i] = fmt.Sprintf("%s %s", grouped(r.Count), r.Fate)
	}
	return strings.Join(parts, ", ")
}
