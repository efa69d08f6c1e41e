package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/internal/bookfile"
	"tenderbook/internal/desk"
	"tenderbook/money"
)

// batchRows is how many rows one entry takes where rows stand for themselves.
const batchRows = 10_000

// A submitting is "tender submit" with its flags.
type submitting struct {
	*workspace
	from    string
	channel string
	skipBad bool
	stdin   io.Reader
	names   *bookfile.SeriesNames // of the series in force
}

func (p *program) submitCommand() *cobra.Command {
	s := &submitting{workspace: &workspace{program: p}}
	c := &cobra.Command{
		Use:     "submit ID",
		Short:   "Puts tenders, withdrawals and deliveries on record.",
		Example: "tender submit LVLT-2004 --from book.csv --as ann",
		Long: `The columns are those of docs/book-file.md, and participant is needed. The time
on record decides whether a tender is in time; received_at is kept beside.

A book is taken as a whole or not at all. With --skip-bad each row stands for
itself, also late ones, which are kept as late.`,
		Args: arguments(1, 1, "ID"),
		RunE: func(c *cobra.Command, args []string) error {
			s.stdin = c.InOrStdin()
			return s.in(func(ctx context.Context, args []string) error { return s.submit(ctx, args[0]) })(c, args)
		},
	}
	s.writing(c)
	c.Flags().StringVar(&s.from, "from", "-", "book `FILE`, - for standard input")
	c.Flags().StringVar(&s.channel, "channel", "file", "`WAY` in which the instructions came, for the record")
	c.Flags().BoolVar(&s.skipBad, "skip-bad", false, "take the rows that can be taken")
	return c
}

func (s *submitting) submit(ctx context.Context, id string) error {
	rows, bad, err := s.read(ctx, id)
	if errors.Is(err, errDenied) {
		return s.denied(ctx, id)
	}
	if err != nil {
		return err
	}
	if bad.Total > 0 && !s.skipBad {
		bad.Problems = bad.Problems[:min(len(bad.Problems), 50)]
		return bad
	}
	for _, p := range bad.Problems {
		fmt.Fprintf(s.Err, "%s:%d: %s\n", bad.Name, p.Line, p)
	}
	if len(rows) == 0 {
		return answered{exitRefused, fmt.Errorf("%s has no row that can be taken", s.from)}
	}
	size := batchRows
	if !s.skipBad {
		size = len(rows)
	}
	if size > book.MaxRows {
		return answered{exitRefused, fmt.Errorf("%s has %s rows, a book taken whole has at most %s: part it, or use --skip-bad", s.from, grouped(int64(size)), grouped(book.MaxRows))}
	}
	return s.send(ctx, id, rows, size, bad.Rows)
}

// errDenied is what a book comes to of somebody who may instruct for nobody.
var errDenied = errors.New("no account to instruct for")

// denied puts on record that somebody who may instruct for nobody sent a book.
func (s *submitting) denied(ctx context.Context, id string) error {
	row := book.Row{Action: book.Tender, ID: unread, Series: unread, Participant: unread, Principal: 1}
	a, err := s.do(ctx, id, &book.Instructions{AllOrNothing: true, Channel: s.channel, Rows: []book.Row{row}})
	if err == nil || a.Receipt.Seq == 0 {
		return err
	}
	why := a.Outcome.Refusal
	if len(a.Outcome.Rows) > 0 {
		why = &a.Outcome.Rows[0].Refusal
	}
	return answered{codeOf(&a.Outcome), fmt.Errorf("%w\n    %s", why, recorded(a.Receipt))}
}

// read reads the book under the terms in force. All of it is in memory before
// anything goes on record. Who may instruct for nobody is told nothing of it, and
// whose role does not show the terms yet nothing that they would judge.
func (s *submitting) read(ctx context.Context, id string) (rows []sentRow, bad *bookfile.Refused, err error) {
	in := s.stdin
	if s.from != "-" {
		f, err := os.Open(s.from)
		if err != nil {
			return nil, nil, cannot("read", s.from, err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, nil, cannot("read", s.from, err)
	}
	err = s.look(ctx, id, func(state *book.State) error {
		if !state.May(s.actor, book.MaySubmit) && !state.May(s.actor, book.MaySubmitAny) {
			return errDenied
		}
		if !s.sees(state, book.SeeTerms) {
			rows, bad, err = newUnjudged(s.from, bytes.NewReader(data)).rows()
			return err
		}
		terms := state.At(s.now()).Terms
		if terms == nil {
			return answered{exitTooLate, fmt.Errorf("offer %s has no terms yet", id)}
		}
		seriesOf := func(instruction string) string {
			x, ok := state.Instruction(instruction)
			if !ok || !state.Sees(s.actor, x.Participant) { // as if it were not there
				return ""
			}
			return x.Series
		}
		r, err := newRowReader(s.from, bytes.NewReader(data), terms, seriesOf)
		if err != nil {
			return err
		}
		s.names = r.names
		rows, bad, err = r.rows()
		return err
	})
	return rows, bad, err
}

// send puts the rows on record in batches. The first has the key of the command,
// the others have it with their number: a command that is repeated gets the same
// answers.
func (s *submitting) send(ctx context.Context, id string, rows []sentRow, size int, bad int64) error {
	sum := submitted{Offer: id, Refused: bad, Key: s.theKey(), Batches: []receiptJSON{}}
	var answers []desk.Answer
	code := exitDone
	for n := 1; len(rows) > 0; n++ {
		part := rows[:min(size, len(rows))]
		rows = rows[len(part):]
		key := s.key
		if n > 1 {
			key = fmt.Sprintf("%s.%d", s.key, n)
		}
		batch := s.batch(part)
		a, err := s.doAs(ctx, id, key, batch)
		var no answered
		if err != nil && (!errors.As(err, &no) || a.Receipt.Seq == 0) {
			return err
		}
		for _, r := range a.Outcome.Rows {
			s.tellRow(&part[r.Row], &r.Refusal)
		}
		if a.Outcome.Refusal != nil && len(a.Outcome.Rows) == 0 {
			return err
		}
		if len(a.Outcome.Rows) > 0 && code != exitRefused {
			code = codeOf(&a.Outcome)
		}
		answers = append(answers, a)
		sum.add(s.receiptJSON(a), batch, &a.Outcome)
	}
	if bad > 0 {
		code = exitRefused
	}
	if err := s.report(sum, answers); err != nil || code == exitDone {
		return err
	}
	return s.verdict(sum, code)
}

// tellRow says why a row was refused, with a guess where its series was not
// known.
func (s *submitting) tellRow(row *sentRow, why *book.Refusal) {
	fmt.Fprintf(s.Err, "%s:%d: %s %v\n", s.from, row.line, row.ID, why)
	if why.Code != book.UnknownSeries || s.names == nil {
		return
	}
	if near := s.names.Guess(row.Series); near != "" {
		fmt.Fprintf(s.Err, "    did you mean %q?\n", near)
	}
}

// verdict is the exit of a book of which rows were refused. A late tender is
// refused and kept on record: a waiver or an extension can make it count.
func (s *submitting) verdict(sum submitted, code int) error {
	var parts []string
	if n := sum.Refused - sum.Late; n > 0 {
		parts = append(parts, plural(int(n), "row", "rows")+" refused")
	}
	if sum.Late > 0 {
		parts = append(parts, plural(int(sum.Late), "row", "rows")+" late, kept on record")
	}
	text := strings.Join(append(parts, grouped(int64(sum.Taken))+" taken"), ", ")
	switch {
	case sum.Taken == 0 && sum.Late > 0:
		text = strings.Join(parts, ", ") + "; nothing counts"
	case sum.Taken == 0:
		text = parts[0] + "; nothing was taken"
	}
	return answered{code, errors.New(text)}
}

func (s *submitting) batch(rows []sentRow) *book.Instructions {
	b := &book.Instructions{AllOrNothing: !s.skipBad, Channel: s.channel, Rows: make([]book.Row, len(rows))}
	for i := range rows {
		b.Rows[i] = rows[i].Row
	}
	return b
}

// A submitted is what a book came to.
type submitted struct {
	Offer   string        `json:"offer"`
	Taken   int           `json:"taken"`
	Refused int64         `json:"refused"` // late ones included
	Late    int64         `json:"late"`    // kept on record, and not counting
	Key     string        `json:"key"`
	Batches []receiptJSON `json:"batches"`
}

func (s *submitted) add(r receiptJSON, sent *book.Instructions, o *book.Outcome) {
	s.Taken += o.Taken
	s.Refused += int64(len(o.Rows))
	for _, x := range o.Rows {
		if x.Code == book.Late && !sent.AllOrNothing && sent.Rows[x.Row].RefersTo == "" {
			s.Late++ // a changed tender that is late leaves the one before as it was
		}
	}
	s.Batches = append(s.Batches, r)
}

func (s *submitting) report(sum submitted, answers []desk.Answer) error {
	if s.json {
		return s.printJSON(sum)
	}
	if sum.Taken == 0 {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s taken into %s\n", countRows(int64(sum.Taken)), sum.Offer)
	for _, a := range answers {
		fmt.Fprintf(&b, "    %s\n", recorded(a.Receipt))
	}
	_, err := io.WriteString(s.Out, b.String())
	return err
}

func (p *program) withdrawCommand() *cobra.Command {
	w := &workspace{program: p}
	var principal, name string
	c := &cobra.Command{
		Use:     "withdraw ID INSTRUCTION",
		Short:   "Withdraws all or part of a tender.",
		Example: "tender withdraw LVLT-2004 I-000731 --principal 250,000 --as ann",
		Args:    arguments(2, 2, "ID and INSTRUCTION"),
		RunE: w.in(func(ctx context.Context, args []string) error {
			return w.withdraw(ctx, args[0], args[1], principal, name)
		}),
	}
	w.writing(c)
	c.Flags().StringVar(&principal, "principal", "", "`AMOUNT` to withdraw (default all that is left)")
	c.Flags().StringVar(&name, "id", "", "`ID` of the withdrawal itself (default W- and the key)")
	return c
}

func (w *workspace) withdraw(ctx context.Context, id, instruction, principal, name string) error {
	row := book.Row{Action: book.Withdraw, RefersTo: instruction}
	var currency money.Currency
	about := book.Inquiry{Subject: book.SeeInstructions, Of: instruction}
	err := w.see(ctx, id, about, func(s *book.State) error {
		x, ok := s.Instruction(instruction)
		if !ok {
			return w.noInstruction(s, instruction)
		}
		row.Participant, row.Series, currency = x.Participant, x.Series, currencyOf(s, x.Series)
		return nil
	})
	if err != nil {
		return err
	}
	if principal != "" {
		amount, err := money.ParseAmount(principal, currency)
		if err != nil || amount.Minor <= 0 {
			return usagef("", "--principal %q is no amount above zero, such as 250,000", principal)
		}
		row.Principal = amount.Minor
	}
	row.ID = firstOf(name, "W-"+w.theKey())
	a, err := w.do(ctx, id, &book.Instructions{AllOrNothing: true, Channel: "command line", Rows: []book.Row{row}})
	if len(a.Outcome.Rows) == 1 {
		return answered{codeOf(&a.Outcome), fmt.Errorf("%s: %w", instruction, &a.Outcome.Rows[0].Refusal)}
	}
	if err != nil {
		return err
	}
	var left int64
	if err := w.look(ctx, id, func(s *book.State) error { x, _ := s.Instruction(instruction); left = x.Left; return nil }); err != nil {
		return err
	}
	return w.tell(a, "%s withdrawn by %s; %s %s of it is left", instruction, row.ID, currency.Code, money.New(left, currency).Grouped())
}
