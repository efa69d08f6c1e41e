package cli

import (
	"fmt"
	"io"

	"tenderbook/book"
	"tenderbook/money"
)

// acceptedPlans are what the accepted results decided, worked out again from the
// record, in the order of the results.
func acceptedPlans(s *book.State) (all []*book.Plan, err error) {
	for _, r := range s.Results() {
		p, err := s.Plan(r.Run)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// results says what was accepted and what became of it; done are the plans of the
// results.
func (w *workspace) results(out io.Writer, s *book.State, done []*book.Plan) {
	if !w.sees(s, book.SeeResult) {
		return
	}
	for i, r := range s.Results() {
		fmt.Fprintf(out, "  %s result accepted in #%s", r.Run, grouped(int64(r.Seq)))
		if r.Released > 0 {
			fmt.Fprintf(out, ", payments released in #%s, sha256 %.16s", grouped(int64(r.Released)), r.Payments)
		}
		if r.Settled {
			fmt.Fprint(out, ", settled")
		}
		fmt.Fprintln(out)
		acceptedTable(done[i]).write(out)
	}
}

// acceptedTable is what a result took of each series, and what it pays for it.
func acceptedTable(p *book.Plan) grid {
	type sums struct{ accepted, cash int64 }
	took := make([]sums, len(p.Terms.Series))
	for _, step := range p.Decision.Steps {
		for _, l := range step.Lines {
			took[l.Series].accepted += l.Accepted
			took[l.Series].cash += l.Consideration + l.Interest
		}
	}
	g := grid{[]string{"", "Series", "", ">Tendered", ">Accepted", ">Returned", ">Consideration and interest"}}
	for i := range p.Terms.Series {
		x, t := &p.Terms.Series[i], p.Tendered[i]
		amount := func(minor int64) string { return money.New(minor, x.Currency).Grouped() }
		tendered := t.Early + t.Late
		g.add("", x.ID, x.Currency.Code, amount(tendered), amount(took[i].accepted), amount(tendered-took[i].accepted), money.New(took[i].cash, x.Currency).GroupedFull())
	}
	return g
}

// A resultJSON is what was accepted, as "tender status --json" has it.
type resultJSON struct {
	Run      string `json:"run"`
	Seq      uint64 `json:"seq"` // entry of the approval
	Digest   string `json:"digest"`
	Released uint64 `json:"released,omitempty"` // entry of the approved release
	Payments string `json:"payments,omitempty"` // SHA-256 of what was released
	Settled  bool   `json:"settled"`
}

func (w *workspace) resultsJSON(s *book.State) []resultJSON {
	all := []resultJSON{}
	if !w.sees(s, book.SeeResult) {
		return all
	}
	for _, r := range s.Results() {
		all = append(all, resultJSON{string(r.Run), r.Seq, r.Digest, r.Released, r.Payments, r.Settled})
	}
	return all
}
