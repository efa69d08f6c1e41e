package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tenderbook/book"
	"tenderbook/internal/bookfile"
	"tenderbook/money"
	"tenderbook/offer"
)

// submitColumns are those of docs/book-file.md. A book that is submitted needs
// no received_at: the record time decides, and the sender's is kept beside.
var submitColumns = []string{
	"instruction", "received_at", "series", "principal", "action", "participant", "account", "holder", "bid", "at_least", "refers_to", "problem",
}

var submitActions = map[string]book.Action{"": book.Tender, "tender": book.Tender, "withdraw": book.Withdraw, "guarantee": book.Guarantee, "deliver": book.Deliver, "consent": book.Consent}

// A sentRow is a row with the line of the book on which it begins.
type sentRow struct {
	book.Row
	line int64
}

// A rowReader reads the rows of a book that is submitted.
type rowReader struct {
	name     string
	csv      *csv.Reader
	columns  map[string]int
	terms    *offer.Terms // nil: rows are not judged
	names    *bookfile.SeriesNames
	seriesOf func(id string) string // of an instruction on record

	sent     map[string]string // series, by instruction of the book
	fields   []string
	line     int64
	problems []bookfile.Problem
}

// newRowReader fails on terms in which one name stands for two series.
func newRowReader(name string, in io.Reader, terms *offer.Terms, seriesOf func(string) string) (*rowReader, error) {
	names, err := bookfile.NewSeriesNames(terms)
	if err != nil {
		return nil, err
	}
	return &rowReader{name: name, csv: csv.NewReader(in), terms: terms, names: names, seriesOf: seriesOf, sent: map[string]string{}}, nil
}

// unread stands for what is not read of rows and positions that the book refuses
// for their sender, whatever they are.
const unread = "-"

// newUnjudged makes a reader for a book that is sent by somebody who may not see
// the terms: of its rows it reads whose they are, and says nothing that depends on
// the terms.
func newUnjudged(name string, in io.Reader) *rowReader {
	return &rowReader{name: name, csv: csv.NewReader(in)}
}

// unjudged is a row of which is read whose it is. It names no series, so that it
// is never taken.
func (r *rowReader) unjudged() sentRow {
	row := sentRow{line: r.line, Row: book.Row{Action: book.Tender, Series: unread, Principal: 1}}
	row.ID, row.Participant = r.field("instruction"), r.field("participant")
	r.named(&row)
	return row
}

// rows reads a book. Rows with problems are left out and their problems listed;
// only a book without a header that can be used is an error.
func (r *rowReader) rows() ([]sentRow, *bookfile.Refused, error) {
	if err := r.header(submitColumns, []string{"instruction", "series", "principal", "participant"}); err != nil {
		return nil, nil, err
	}
	var rows []sentRow
	refused := &bookfile.Refused{Name: r.name}
	for {
		row, err := r.next()
		if err == io.EOF {
			return rows, refused, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if len(r.problems) > 0 {
			r.leaveOut(refused)
			continue
		}
		rows = append(rows, row)
	}
}

// header reads the names of the columns: of those that are known, all that are
// needed.
func (r *rowReader) header(known, needed []string) error {
	names, err := r.csv.Read()
	if err == io.EOF {
		return &bookfile.Refused{Name: r.name, Total: 1, Problems: []bookfile.Problem{{Line: 1, Column: "row", Why: "is missing: the file is empty and needs a header, such as " + strings.Join(needed, ",")}}}
	}
	if err != nil {
		return r.broken(err)
	}
	r.columns = map[string]int{}
	refused := &bookfile.Refused{Name: r.name}
	for i, name := range names {
		plain := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))))
		if _, twice := r.columns[plain]; twice {
			refused.Problems = append(refused.Problems, bookfile.Problem{Line: 1, Column: "column", Value: name, Why: "stands in the header twice"})
		}
		if !slices.Contains(known, plain) {
			refused.Problems = append(refused.Problems, bookfile.Problem{Line: 1, Column: "column", Value: name, Why: "is not one of " + strings.TrimSuffix(strings.Join(known, ", "), ", problem")})
		}
		r.columns[plain] = i
	}
	for _, name := range needed {
		if _, ok := r.columns[name]; !ok {
			refused.Problems = append(refused.Problems, bookfile.Problem{Line: 1, Column: "column", Value: name, Why: "is missing"})
		}
	}
	if refused.Total = int64(len(refused.Problems)); refused.Total > 0 {
		return refused
	}
	return nil
}

// broken is a book that is no CSV from some line on.
func (r *rowReader) broken(err error) error {
	var bad *csv.ParseError
	if !errors.As(err, &bad) {
		return cannot("read", r.name, err)
	}
	return &bookfile.Refused{Name: r.name, Total: 1, Rows: 1, Problems: []bookfile.Problem{{Line: int64(bad.StartLine), Column: "row", Why: "is not CSV: " + bad.Err.Error()}}}
}

// fetch reads the fields of the next row; its error is io.EOF behind the last. A
// row with more or fewer fields than the header has that as its problem, and
// fields that cannot be told apart.
func (r *rowReader) fetch() error {
	var err error
	r.fields, err = r.csv.Read()
	uneven := errors.Is(err, csv.ErrFieldCount)
	switch {
	case err == io.EOF:
		return err
	case err != nil && !uneven:
		return r.broken(err)
	}
	line, _ := r.csv.FieldPos(0)
	r.line, r.problems = int64(line), nil
	if uneven {
		why := fmt.Sprintf("has %d fields, the header has %d", len(r.fields), len(r.columns))
		r.problems = []bookfile.Problem{{Line: r.line, Column: "row", Why: why}}
	}
	return nil
}

// leaveOut counts the row among those that are refused.
func (r *rowReader) leaveOut(refused *bookfile.Refused) {
	refused.Problems = append(refused.Problems, r.problems...)
	refused.Total += int64(len(r.problems))
	refused.Rows++
}

// next reads one row; what is wrong with it is in r.problems.
func (r *rowReader) next() (sentRow, error) {
	if err := r.fetch(); err != nil {
		return sentRow{}, err
	}
	row := sentRow{line: r.line}
	if len(r.problems) > 0 {
		return row, nil
	}
	if r.terms == nil {
		return r.unjudged(), nil
	}
	row.ID, row.Series, row.RefersTo = r.field("instruction"), r.series(), r.field("refers_to")
	row.Participant, row.Account, row.Holder = r.field("participant"), r.field("account"), r.field("holder")
	var known bool
	if row.Action, known = submitActions[r.field("action")]; !known {
		r.refuse("action", "is not one of tender, withdraw, guarantee, deliver, consent")
	}
	if r.field("action") == "" && r.terms.Kind == "consent" {
		row.Action = book.Consent
	}
	r.needs(&row)
	currency := r.currency(&row.Row)
	row.Principal = r.amount("principal", currency)
	row.AtLeast = r.amount("at_least", currency)
	r.bid(&row.Row)
	r.sentAt(&row.Row)
	if row.Series != "" {
		r.sent[row.ID] = row.Series
	}
	return row, nil
}

// field gives a column of the row, without the quote that guards it from
// spreadsheets.
func (r *rowReader) field(name string) string {
	i, ok := r.columns[name]
	if !ok {
		return ""
	}
	s := r.fields[i]
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@\t\r", rune(s[1])) {
		return s[1:]
	}
	return s
}

// series is the id of the series that the row names by id, CUSIP or ISIN. A name
// that finds none stays as it is: the book refuses it, on record.
func (r *rowReader) series() string {
	name := r.field("series")
	if id, ok := r.names.ID(name); ok {
		return id
	}
	return name
}

func (r *rowReader) refuse(column, why string) {
	r.problems = append(r.problems, bookfile.Problem{Line: r.line, Column: column, Value: r.field(column), Why: why})
}

// named refuses a row that does not say which it is, or whose.
func (r *rowReader) named(row *sentRow) {
	for _, x := range [...]struct{ column, text string }{{"instruction", row.ID}, {"participant", row.Participant}} {
		if x.text == "" {
			r.refuse(x.column, "is empty")
		}
	}
}

// needs refuses a row that lacks what every one of its kind has.
func (r *rowReader) needs(row *sentRow) {
	r.named(row)
	onOther := row.Action == book.Withdraw || row.Action == book.Deliver
	switch {
	case onOther && row.RefersTo == "":
		r.refuse("refers_to", "is empty: needs the instruction that this one is about")
	case !onOther && row.Series == "":
		r.refuse("series", "is empty")
	case !onOther && r.field("principal") == "":
		r.refuse("principal", "is empty: needs an amount such as 1,000,000")
	case row.Action == book.Guarantee && row.RefersTo != "":
		r.refuse("refers_to", "has no meaning here: a notice takes the place of nothing")
	case row.Action == book.Consent && row.RefersTo != "":
		r.refuse("refers_to", "has no meaning here: a consent takes the place of nothing")
	case (onOther || row.Action == book.Consent) && r.field("bid") != "":
		r.refuse("bid", "has no meaning here: only a tender bids")
	case (onOther || row.Action == book.Consent) && r.field("at_least") != "":
		r.refuse("at_least", "has no meaning here: only a tender is conditional")
	}
}

// currency is that of the row's series, or of the tender that it refers to. A
// series that is not in the terms is refused by the book, in whatever currency.
func (r *rowReader) currency(row *book.Row) money.Currency {
	id := row.Series
	if id == "" {
		if id = r.sent[row.RefersTo]; id == "" {
			id = r.seriesOf(row.RefersTo)
		}
	}
	for i := range r.terms.Series {
		if r.terms.Series[i].ID == id {
			return r.terms.Series[i].Currency
		}
	}
	return r.terms.Series[0].Currency
}

// amount reads an amount above zero, or nothing.
func (r *rowReader) amount(column string, c money.Currency) int64 {
	text := r.field(column)
	if text == "" {
		return 0
	}
	a, err := money.ParseAmount(text, c)
	switch {
	case err != nil:
		r.refuse(column, "is no amount of "+c.Code+": needs digits alone, such as 1,000,000")
	case a.Minor <= 0:
		r.refuse(column, "is not above zero")
	}
	return a.Minor
}

func (r *rowReader) bid(row *book.Row) {
	text := r.field("bid")
	if text == "" {
		return
	}
	bid, err := money.ParseDecimal(text)
	if err != nil {
		r.refuse("bid", "is not a number")
		return
	}
	row.HasBid, row.Bid = true, bid
}

func (r *rowReader) sentAt(row *book.Row) {
	text := r.field("received_at")
	if text == "" {
		return
	}
	at, err := bookfile.ParseReceived(text, r.terms.Zone)
	if err != nil {
		r.refuse("received_at", err.Error())
		return
	}
	row.SentAt = at.UTC()
}
