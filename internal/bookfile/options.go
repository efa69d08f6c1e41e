package bookfile

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"math"
	"runtime"
	"time"

	"tenderbook/allocation"
	"tenderbook/calendar"
	"tenderbook/offer"
)

// Only restricts a run to the tenders on one side of the early tender deadline,
// for offers that settle early ones first.
type Only uint8

// The runs.
const (
	Both      Only = iota // the whole book
	OnlyEarly             // the run at the early tender deadline
	OnlyLate              // the run at expiration after an early settlement
)

// Options say how a book is read and decided.
type Options struct {
	Terms *offer.Terms
	Alloc *allocation.Terms // of the same series, in the same order

	// AsOf is the time the run looks at: what was received later does not
	// count. The zero time looks at the whole book.
	AsOf time.Time
	Only Only

	// Terminated says by series why nothing of it is accepted, "" where it may be;
	// nil: nothing is terminated.
	Terminated []string

	// SkipBad leaves rows with problems out instead of refusing the book, and
	// writes them to Refused if that is set.
	SkipBad bool
	Refused io.Writer

	// NoDigest leaves the book's digest out, which costs an eighth of the time.
	NoDigest bool

	// NoParticipation leaves out what came in over time, which only charts show.
	NoParticipation bool

	// Progress, if set, is told how many bytes of all that will be read are
	// done. It is called from one goroutine at a time.
	Progress func(done, total int64)

	workers   int   // 0: as many as processors
	blockSize int64 // 0: blockSize
	exact     bool  // find the rows of each block by reading from the start
	thorough  bool  // read every row with all checks
	often     int64 // rows of a class whose text is kept; 0: by memory
}

// A job is one run over a book.
type job struct {
	src   *Source
	terms *offer.Terms
	alloc *allocation.Terms
	opts  Options

	zone   *time.Location
	series []series
	names  *names
	grid   *grid
	layout *layout
	needed [knownColumns]string // why a column may not be empty; "" if it may
	// needsTexts is set if a participant, account or holder may not be empty.
	needsTexts bool
	only       Only

	// Instants in nanoseconds since 1970: the first that is not too early, and
	// the last ones that are in time.
	commenced, early, asOf, withdrawal, delivery int64

	exchanges     bool // accepted notes are paid for in new ones
	oneByOne      bool // every tender stands by itself
	payByHolder   bool // payments are rounded for a participant, not for an instruction
	seed          maphash.Seed
	blocks        []*block
	headerLines   int64
	workers       []*worker
	participation participation
	consented     []Consented // by series
	progress      progress
}

func newJob(src *Source, o Options) (*job, error) {
	if o.Terms == nil || o.Alloc == nil || len(o.Terms.Series) != len(o.Alloc.Series) {
		return nil, errors.New("bookfile: the terms and the allocation's terms are not of the same series")
	}
	if len(o.Terms.Series) > math.MaxUint16 {
		return nil, fmt.Errorf("bookfile: %d series, at most %d are read", len(o.Terms.Series), math.MaxUint16)
	}
	j := &job{src: src, terms: o.Terms, alloc: o.Alloc, opts: o, zone: o.Terms.Zone, only: o.Only, seed: maphash.MakeSeed()}
	if j.zone == nil {
		j.zone = time.UTC
	}
	var err error
	if j.series, err = newSeries(o.Terms); err != nil {
		return nil, err
	}
	j.grid = newGrid(j.series, src.size)
	if j.names, err = newNames(o.Terms); err != nil {
		return nil, err
	}
	j.setInstants()
	j.exchanges = o.Terms.Exchanges()
	j.payByHolder = o.Terms.Payment.PayBy == "participant"
	j.oneByOne = j.payByHolder || allocation.NewTally(o.Alloc).OneByOne()
	if j.opts.workers == 0 {
		j.opts.workers = runtime.GOMAXPROCS(0)
	}
	if j.opts.blockSize == 0 {
		j.opts.blockSize = blockSize
	}
	if !o.NoParticipation {
		j.participation = newParticipation(j)
	}
	return j, nil
}

// setInstants turns the dates of the offer into instants.
func (j *job) setInstants() {
	d := j.terms.Dates
	j.commenced = math.MinInt64
	if c := j.terms.Commenced; !c.IsZero() {
		j.commenced = time.Date(c.Year, c.Month, c.Day, 0, 0, 0, 0, j.zone).UnixNano()
	}
	j.early, j.delivery = lastInstant(d.EarlyTender), lastInstant(d.GuaranteedDelivery)
	j.withdrawal = lastInstant(d.Withdrawal)
	if d.Withdrawal.IsZero() {
		j.withdrawal = lastInstant(d.Expiration)
	}
	j.asOf = math.MaxInt64
	if !j.opts.AsOf.IsZero() {
		j.asOf = j.opts.AsOf.UnixNano()
	}
}

// lastInstant is the last nanosecond that meets a deadline; without a deadline
// every one does.
func lastInstant(d calendar.Deadline) int64 {
	switch {
	case d.IsZero():
		return math.MaxInt64
	case d.Side == calendar.Before:
		return d.At.UnixNano() - 1
	}
	return d.At.UnixNano()
}

// readHeader finds the columns and cuts the rest of the book into blocks.
func (j *job) readHeader() error {
	w := window{src: j.src}
	if err := w.load(0, min(maxRow+overhang, int(j.src.size))); err != nil {
		return err
	}
	refuse := func(p ...Problem) error {
		return &Refused{Name: j.src.Name, Problems: p[:min(len(p), listed)], Total: int64(len(p))}
	}
	start, why := headerStart(w.buf[:w.n])
	if why != "" {
		return refuse(Problem{Line: 1, Column: "row", Why: why})
	}
	var s splitter
	v, after, flaw := s.split(w.buf[:w.n], start, !w.tail)
	if flaw != noFlaw {
		return refuse(Problem{Line: 1, Column: "row", Why: string(flaw)})
	}
	header := make([]string, len(v.ends))
	for i := range header {
		header[i] = string(unguard(v.field(i)))
	}
	layout, problems := newLayout(header)
	j.layout = layout
	problems = append(problems, j.needColumns()...)
	if len(problems) > 0 {
		return refuse(problems...)
	}
	for _, c := range w.buf[:after] {
		if c == '\n' {
			j.headerLines++
		}
	}
	j.cutBlocks(min(int64(after), j.src.size))
	return nil
}

// headerStart skips a byte order mark and blank lines.
func headerStart(buf []byte) (int, string) {
	const mark = "\xef\xbb\xbf"
	start := 0
	switch {
	case len(buf) >= 3 && string(buf[:3]) == mark:
		start = 3
	case len(buf) >= 2 && (string(buf[:2]) == "\xff\xfe" || string(buf[:2]) == "\xfe\xff"):
		return 0, `is UTF-16: save the book as "CSV UTF-8"`
	case len(buf) >= 4 && string(buf[:4]) == "PK\x03\x04":
		return 0, "begins a zip archive, as workbooks are: save the sheet as CSV"
	}
	for start < len(buf) && (buf[start] == '\n' || buf[start] == '\r') {
		start++
	}
	if start == len(buf) {
		return 0, "is missing: the book is empty and needs a header, such as instruction,received_at,series,principal"
	}
	return start, ""
}

// needColumns says which columns may not be empty beside the required ones.
func (j *job) needColumns() []Problem {
	j.needed[colInstruction] = "needs the sender's id of the instruction"
	if j.payByHolder {
		j.needed[colParticipant] = "the offer pays by participant"
	}
	switch j.alloc.ProrateBy {
	case allocation.ByParticipant:
		j.needed[colParticipant] = "the offer prorates by participant"
	case allocation.ByHolder:
		j.needed[colHolder] = "the offer prorates by holder"
	}
	j.needsTexts = j.needed[colParticipant] != "" || j.needed[colHolder] != ""
	var problems []Problem
	for c := requiredColumns; c < knownColumns; c++ {
		if j.needed[c] != "" && j.layout.at[c] < 0 {
			problems = append(problems, Problem{Line: 1, Column: "column", Value: columnNames[c], Why: "is missing: " + j.needed[c]})
		}
	}
	return problems
}

func (j *job) cutBlocks(start int64) {
	size := j.opts.blockSize
	for from := start; from < j.src.size; from += size {
		j.blocks = append(j.blocks, &block{from: from, to: min(from+size, j.src.size), start: from})
	}
}
