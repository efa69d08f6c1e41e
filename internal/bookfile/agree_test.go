package bookfile

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tenderbook/allocation"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// aBook draws a book with everything that makes reading hard: quotes, commas and
// line ends in fields, CRLF, ids that spreadsheets would run, times around the
// deadlines, withdrawals and deliveries that may or may not be right.
func aBook(t *rapid.T) []byte {
	header := []string{"instruction", "received_at", "series", "principal", "participant", "account", "action", "refers_to"}
	if rapid.Bool().Draw(t, "extras") {
		header = append(header, "note", "desk")
	}
	header = rapid.Permutation(header).Draw(t, "header")
	times := []string{
		"2004-11-01T10:00:00-05:00", "2004-11-10 12:00:00", "2004-11-12T16:59:59.999999999-05:00", "2004-11-12T22:00:00Z",
		"2004-11-12T17:00:00-05:00", "2004-11-20T00:00:00Z", "2004-11-30T00:00:00-05:00", "2004-11-30T05:00:01Z", "2004-12-01T17:30:00-05:00",
	}
	text := rapid.SampledFrom([]string{"", "A", "plain words", `say "x"`, "a,b", "two\nlines", "=1+1", "-12.5", "-x", "ἀρχή", "@x", `"`, "\n", "trailing "})
	account := rapid.SampledFrom([]string{"", "A", "plain words", `say "x"`, "a,b", "=1+1", "-12.5", "ἀρχή", "@x"})
	n := rapid.IntRange(0, 30).Draw(t, "rows")
	var ids []string
	rows := [][]string{header}
	for i := range n {
		id := fmt.Sprintf("%sI-%d", rapid.SampledFrom([]string{"", "", "", "=", "ü"}).Draw(t, "prefix"), i)
		if len(ids) > 0 && rapid.IntRange(0, 19).Draw(t, "again") == 0 {
			id = rapid.SampledFrom(ids).Draw(t, "id")
		}
		get := map[string]string{
			"instruction": id, "received_at": rapid.SampledFrom(times).Draw(t, "time"),
			"series":      rapid.SampledFrom([]string{"9.125", "11", "10.5", "10.75", "52729NAA3", "11", "nope"}).Draw(t, "series"),
			"principal":   rapid.SampledFrom([]string{"1000", "1,000,000", "90000000", "250000000.00", "1500", "7000", "7000"}).Draw(t, "principal"),
			"participant": rapid.SampledFrom([]string{"P1", "P2", "Ünal, Bank"}).Draw(t, "participant"),
			"account":     account.Draw(t, "account"), "note": text.Draw(t, "note"), "desk": "d",
			"action": rapid.SampledFrom([]string{"", "tender", "", "guarantee"}).Draw(t, "action"),
		}
		if len(ids) > 0 && rapid.IntRange(0, 2).Draw(t, "event") == 0 {
			get["action"] = rapid.SampledFrom([]string{"withdraw", "deliver"}).Draw(t, "event action")
			get["refers_to"] = rapid.SampledFrom(append(ids, "I-none")).Draw(t, "refers to")
			get["principal"] = rapid.SampledFrom([]string{"", "1000", "3000", "500"}).Draw(t, "part")
		}
		ids = append(ids, id)
		row := make([]string, len(header))
		for c, name := range header {
			row[c] = get[name]
		}
		rows = append(rows, row)
	}
	var book bytes.Buffer
	w := csv.NewWriter(&book)
	w.UseCRLF = rapid.Bool().Draw(t, "crlf")
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	out := book.Bytes()
	if rapid.Bool().Draw(t, "no last line end") {
		out = bytes.TrimRight(out, "\r\n")
	}
	if rapid.Bool().Draw(t, "byte order mark") {
		out = append([]byte("\ufeff"), out...)
	}
	return out
}

// knobs draws how a book is cut up, which must not show.
func knobs(t *rapid.T, o *Options) {
	o.blockSize = rapid.SampledFrom([]int64{1, 7, 40, 100, 1000, blockSize}).Draw(t, "block size")
	o.workers = rapid.IntRange(1, 3).Draw(t, "workers")
	o.exact = rapid.Bool().Draw(t, "exact")
	o.thorough = rapid.Bool().Draw(t, "thorough")
	o.often = rapid.Int64Range(1, 4).Draw(t, "often")
}

func TestAgreesWithTheObviousReader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book := aBook(t)
		terms, alloc := level3()
		alloc.ProrateBy = rapid.SampledFrom([]allocation.ProrateBy{allocation.ByInstruction, allocation.ByParticipant}).Draw(t, "prorate by")
		want, wantRefused := slowly(book, terms, alloc)

		o := Options{Terms: terms, Alloc: alloc, SkipBad: true}
		knobs(t, &o)
		var out bytes.Buffer
		r, err := Allocate(context.Background(), Bytes("book.csv", book), o, &out)
		if err != nil {
			t.Fatalf("%v\n%s", err, book)
		}
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Fatalf("book:\n%s\nallocation (-slow +fast):\n%s", book, diff)
		}
		if got := idsOfRefused(t, book, r.Refused); !slices.Equal(got, wantRefused) {
			t.Fatalf("book:\n%s\nrefused %q, slow reader %q", book, got, wantRefused)
		}
		checkTotals(t, r, out.String())
	})
}

// idsOfRefused reads the ids from the lines that were refused.
func idsOfRefused(t *rapid.T, book []byte, refused []RefusedRow) (ids []string) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(book, []byte("\ufeff"))))
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(records[0], "instruction")
	byLine := map[int64]string{}
	line := int64(1)
	r = csv.NewReader(bytes.NewReader(bytes.TrimPrefix(book, []byte("\ufeff"))))
	for {
		record, err := r.Read()
		if err != nil {
			break
		}
		at, _ := r.FieldPos(0)
		line = int64(at)
		byLine[line] = record[column]
	}
	for _, x := range refused {
		ids = append(ids, byLine[x.Line])
	}
	return ids
}

// checkTotals compares the totals of a result with the columns it wrote.
func checkTotals(t *rapid.T, r *Result, out string) {
	records, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := int64(len(records)-1) + int64(len(r.Refused)); got != r.Rows {
		t.Fatalf("%d rows written and refused, the book has %d", got, r.Rows)
	}
	var cash, accepted, want, wantAccepted int64
	for _, row := range records[1:] {
		cash += minor(row[12])
		accepted += minor(row[6])
	}
	for _, x := range r.Live {
		want += x.Consideration + x.Interest
		wantAccepted += x.Accepted
	}
	if cash != want || accepted != wantAccepted {
		t.Fatalf("rows add up to %d cash, %d accepted; the totals are %d and %d", cash, accepted, want, wantAccepted)
	}
}

func minor(s string) int64 {
	m, ok := parseMinor([]byte(s), 2)
	if !ok {
		panic(s)
	}
	return m
}
