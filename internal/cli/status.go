package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/big"
	"time"

	"github.com/spf13/cobra"

	"tenderbook/allocation"
	"tenderbook/book"
	"tenderbook/calendar"
	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/report"
)

func (p *program) statusCommand() *cobra.Command {
	w := &workspace{program: p}
	var (
		watch, problems bool
		every           time.Duration
	)
	c := &cobra.Command{
		Use:     "status ID",
		Short:   "Shows clocks, totals, and what needs attention.",
		Example: "tender status LVLT-2004 --watch --as ann",
		Long: `Totals are shown to those who see them at any time and, from the early tender
date on, to all who may read the terms. A participant sees its own beside.`,
		Args: arguments(1, 1, "ID"),
		RunE: w.in(func(ctx context.Context, args []string) error {
			for {
				err := w.status(ctx, args[0], problems, watch)
				if err != nil || !watch {
					return err
				}
				select {
				case <-ctx.Done():
					return nil
				case <-time.After(every):
				}
			}
		}),
	}
	w.looking(c)
	c.Flags().BoolVar(&watch, "watch", false, "show it again and again, until interrupted")
	c.Flags().DurationVar(&every, "every", 2*time.Second, "`TIME` between two looks, with --watch")
	c.Flags().BoolVar(&problems, "problems", false, "list the instructions that need attention")
	return c
}

func (w *workspace) status(ctx context.Context, id string, problems, watch bool) error {
	var b bytes.Buffer
	if watch && w.OutIsTerminal && !w.json {
		b.WriteString("\x1b[H\x1b[2J")
	}
	err := w.see(ctx, id, book.Inquiry{Subject: book.SeeTerms}, func(s *book.State) error {
		if w.json {
			x, err := w.standing(s)
			if err != nil {
				return err
			}
			return w.printJSON(x)
		}
		return w.showStatus(ctx, &b, s, problems)
	})
	if err == nil {
		_, err = w.Out.Write(b.Bytes())
	}
	return err
}

func (w *workspace) showStatus(ctx context.Context, out io.Writer, s *book.State, problems bool) error {
	now := w.now()
	at := s.At(now)
	if at.Terms == nil {
		return w.show(out, s)
	}
	done, err := acceptedPlans(s)
	if err != nil {
		return err
	}
	w.title(out, s, at)
	for _, c := range clocks(at.Terms) {
		fmt.Fprintf(out, "  %-20s %s, %s (%s UTC)   %s\n", c.name, when(c.At, at.Terms), c.Side, c.At.UTC().Format("Mon 15:04"), until(now, c.Deadline))
	}
	for _, d := range paydays(at.Terms) {
		fmt.Fprintf(out, "  %-20s %s, expected\n", d.name, d.Text())
	}
	w.showCaps(out, s, at.Terms, done)
	fmt.Fprintln(out)
	w.seriesTable(s, at, done).write(out)
	showConditions(out, w.conditionsNow(s, at))
	w.showStanding(out, s, at)
	w.results(out, s, done)
	return w.attention(ctx, out, s, problems)
}

// seriesTable is what stands tendered by series: all of it, to those who see
// totals now, and of whom the user acts for.
func (w *workspace) seriesTable(s *book.State, at book.Standing, done []*book.Plan) grid {
	var (
		totals = w.sees(s, book.SeeTotals)
		own    = s.Accounts(w.actor)
		head   = []string{">Lvl", "Series", "", ">Maximum"}
	)
	if totals {
		head = append(head, ">Early", ">Late", ">Tenders", ">of max")
	}
	if len(own) > 0 {
		head = append(head, ">Yours")
	}
	g := grid{head}
	for i := range at.Terms.Series {
		x := &at.Terms.Series[i]
		t := seriesStanding(s, x, own, done)
		level := ""
		if len(x.Levels) > 0 {
			level = fmt.Sprint(x.Levels[0].Level)
		}
		row := []string{level, x.ID + stateNote(at.Series[x.ID]), x.Currency.Code, t.most.Grouped()}
		if totals {
			row = append(row, money.New(t.early.Principal, x.Currency).Grouped(), money.New(t.late.Principal, x.Currency).Grouped(), grouped(t.tenders()), t.share())
		}
		if len(own) > 0 {
			row = append(row, money.New(t.own, x.Currency).Grouped())
		}
		g.add(row...)
	}
	return g
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(int64(n)) + " " + many
}

func stateNote(l book.SeriesLife) string {
	if l == 0 || l == book.SeriesOpen {
		return ""
	}
	return " (" + l.String() + ")"
}

// A seriesTotal is what stands tendered of one series, and what stood when a
// result decided it.
type seriesTotal struct {
	most        money.Amount // maximum, or all that is outstanding
	early, late book.Total
	decided     int64 // tenders that a result decided
	own         int64 // tendered by whom the user acts for, defective tenders included
}

func seriesStanding(s *book.State, x *offer.Series, own []string, done []*book.Plan) seriesTotal {
	t := seriesTotal{most: x.Outstanding, early: s.Total(x.ID, allocation.Early), late: s.Total(x.ID, allocation.Late)}
	for _, participant := range own {
		_, tendered, _ := s.Position(participant, x.ID)
		t.own += tendered
	}
	for _, p := range done {
		for i := range p.Terms.Series {
			if p.Terms.Series[i].ID == x.ID {
				t.early.Principal += p.Tendered[i].Early
				t.late.Principal += p.Tendered[i].Late
				t.decided += p.Tendered[i].Count
			}
		}
	}
	if x.Maximum != nil {
		t.most = *x.Maximum
	}
	return t
}

func (t seriesTotal) tenders() int64 { return t.early.Tenders + t.late.Tenders + t.decided }

// share is what is tendered as a part of the maximum: "55.4%".
func (t seriesTotal) share() string {
	if t.most.Minor == 0 {
		return ""
	}
	sum := new(big.Int).Add(big.NewInt(t.early.Principal), big.NewInt(t.late.Principal))
	return percentOf(new(big.Rat).SetInt(sum), t.most.Minor)
}

// A namedClock is a deadline of the offer.
type namedClock struct {
	name string
	calendar.Deadline
}

func clocks(t *offer.Terms) (all []namedClock) {
	for _, c := range []namedClock{
		{"Early tender", t.Dates.EarlyTender},
		{"Withdrawal", t.Dates.Withdrawal},
		{"Price determination", t.Dates.PriceDetermination},
		{"Expiration", t.Dates.Expiration},
		{"Guaranteed delivery", t.Dates.GuaranteedDelivery},
	} {
		if !c.IsZero() {
			all = append(all, c)
		}
	}
	return all
}

// A payday is a day on which the terms expect to pay.
type payday struct {
	name string
	calendar.Date
}

func paydays(t *offer.Terms) (all []payday) {
	for _, d := range []payday{{"Early settlement", t.Dates.EarlySettlement}, {"Settlement", t.Dates.Settlement}} {
		if !d.IsZero() {
			all = append(all, d)
		}
	}
	return all
}

// until says how long a deadline is away, or that it has passed.
func until(now time.Time, d calendar.Deadline) string {
	if !d.Met(now) {
		return "passed"
	}
	left := d.At.Sub(now).Truncate(time.Minute)
	days, hours, minutes := int(left.Hours())/24, int(left.Hours())%24, int(left.Minutes())%60
	switch {
	case days > 0:
		return fmt.Sprintf("in %d d %d h", days, hours)
	case hours > 0:
		return fmt.Sprintf("in %d h %d min", hours, minutes)
	case minutes > 0:
		return fmt.Sprintf("in %d min", minutes)
	}
	return "in less than a minute"
}

// A standingJSON is what "tender status --json" prints.
type standingJSON struct {
	Offer     string            `json:"offer"`
	Life      string            `json:"life"`
	Seq       uint64            `json:"seq"`
	Deadlines map[string]string `json:"deadlines"`
	Series    []seriesJSON      `json:"series"`
	Results   []resultJSON      `json:"results"`

	Conditions []report.SummaryCondition  `json:"conditions,omitempty"`
	Terminated []report.SummaryTerminated `json:"terminated,omitempty"` // this and the next: to those who see totals
	Consents   []consentsJSON             `json:"consents,omitempty"`

	Pending   []string `json:"pending_proposals"`
	Attention []string `json:"need_attention"`
}

type consentsJSON struct {
	Series      string `json:"series"`
	Consents    string `json:"consents"` // principal for which consents stand
	Outstanding string `json:"outstanding"`
	Threshold   string `json:"threshold"`
	Reached     bool   `json:"reached"`
}

type seriesJSON struct {
	Series   string `json:"series"`
	Currency string `json:"currency"`
	Life     string `json:"life"`
	Early    string `json:"early,omitempty"` // this and the next two: to those who see totals
	Late     string `json:"late,omitempty"`
	Tenders  *int64 `json:"tenders,omitempty"`
	Own      string `json:"own,omitempty"` // tendered by whom the user acts for
}

func (w *workspace) standing(s *book.State) (standingJSON, error) {
	done, err := acceptedPlans(s)
	if err != nil {
		return standingJSON{}, err
	}
	at := s.At(w.now())
	x := standingJSON{
		Offer: s.Offer(), Life: at.Life.String(), Seq: s.Head().Seq, Deadlines: map[string]string{},
		Series: []seriesJSON{}, Results: w.resultsJSON(s), Pending: w.waiting(s), Attention: []string{},
	}
	for _, i := range w.problems(s) {
		x.Attention = append(x.Attention, i.ID)
	}
	if at.Terms == nil {
		return x, nil
	}
	for _, c := range clocks(at.Terms) {
		x.Deadlines[c.name] = c.At.UTC().Format(time.RFC3339)
	}
	totals, own := w.sees(s, book.SeeTotals), s.Accounts(w.actor)
	for i := range at.Terms.Series {
		r := &at.Terms.Series[i]
		t := seriesStanding(s, r, own, done)
		line := seriesJSON{Series: r.ID, Currency: r.Currency.Code, Life: at.Series[r.ID].String()}
		if totals {
			tenders := t.tenders()
			line.Early, line.Late, line.Tenders = money.New(t.early.Principal, r.Currency).String(), money.New(t.late.Principal, r.Currency).String(), &tenders
		}
		if len(own) > 0 {
			line.Own = money.New(t.own, r.Currency).String()
		}
		x.Series = append(x.Series, line)
	}
	for _, c := range w.conditionsNow(s, at) {
		x.Conditions = append(x.Conditions, report.SummaryCondition{ID: c.ID, Kind: c.Kind, Status: c.Status, At: c.At, Why: c.Why})
	}
	if totals {
		x.standingOf(at)
	}
	return x, nil
}

// standingOf adds what follows from conditions and consents.
func (x *standingJSON) standingOf(at book.Standing) {
	for i, why := range at.Terminated {
		if why != "" {
			x.Terminated = append(x.Terminated, report.SummaryTerminated{Series: at.Terms.Series[i].ID, Reason: why})
		}
	}
	for _, c := range at.Consents {
		s := &at.Terms.Series[c.Series]
		x.Consents = append(x.Consents, consentsJSON{
			s.ID, money.New(c.Consents, s.Currency).String(), money.New(c.Outstanding, s.Currency).String(), s.Consent.Threshold.String(), c.Reached,
		})
	}
}
