package report

import (
	"fmt"
	"strconv"
	"time"

	"tenderbook/money"
)

// A Record is the place in an offer's journal that figures come from: all entries
// up to one, and none after it.
type Record struct {
	Seq  uint64    // of the last entry, from 1
	At   time.Time // its record time
	Hash string    // its SHA-256, hexadecimal

	Standing string // of the result: "accepted in #1,206"; may be empty
}

// String gives "#1,206".
func (r *Record) String() string { return "#" + money.Group(strconv.FormatUint(r.Seq, 10)) }

// recordWords says which record the figures come from; "" where they come from
// files.
func (v *view) recordWords() string {
	if v.Record == nil {
		return ""
	}
	at := v.Record.At.UTC()
	if v.Terms.Zone != nil {
		at = at.In(v.Terms.Zone)
	}
	words := fmt.Sprintf("as of %s, %s", v.Record, stamp(at, v.Terms.ZoneName))
	if v.Record.Standing != "" {
		words += "; " + v.Record.Standing
	}
	return words
}

// entryHash names the hash of the last entry; "" where there is no record.
func (v *view) entryHash() string {
	if v.Record == nil {
		return ""
	}
	return "sha256:" + v.Record.Hash
}

// addRecord puts the place in the record behind every row of a table, for
// programs; people read it once.
func (t *Table) addRecord(r *Record) *Table {
	if r == nil {
		return t
	}
	t.Columns = append(t.Columns, Column{Key: "as_of_entry", Name: "As of entry", Kind: Count, DataOnly: true},
		Column{Key: "as_of", Name: "As of", DataOnly: true})
	for i := range t.Rows {
		t.Rows[i].Cells = append(t.Rows[i].Cells, Cell{r.String(), strconv.FormatUint(r.Seq, 10)}, textCell(r.At.UTC().Format(time.RFC3339)))
	}
	return t
}
