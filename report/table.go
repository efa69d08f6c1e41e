package report

import "slices"

// A Table is a grid of figures with the notes that belong under it. Writers
// give it as text, CSV, HTML and JSON.
type Table struct {
	Name    string // short name for file names and anchors: "final"
	Title   string
	Columns []Column
	Rows    []Row
	Notes   []string // footnotes, each a sentence or more
}

// Kind says what a column holds, and so how its cells are aligned.
type Kind uint8

// The kinds. All but Text and Word are aligned to the right.
const (
	Text      Kind = iota // may be broken over lines
	Word                  // text that stays on one line
	Principal             // an amount of notes
	Cash                  // an amount of money, with all decimals
	Price                 // per so much principal
	Percent
	Count
)

// Right reports whether cells of the kind are aligned to the right.
func (k Kind) Right() bool { return k > Word }

// String gives the kind's name as JSON has it.
func (k Kind) String() string {
	return [...]string{"text", "text", "principal", "cash", "price", "percent", "count"}[k]
}

// A Column is the head of a column.
type Column struct {
	Key      string // name for machines: "principal_tendered"
	Name     string // head for people: "Principal Amount Tendered"
	Kind     Kind
	DataOnly bool // in CSV and JSON only: the currency, where people see it in each cell
}

// A Row is one line of a table. It has a cell for each column.
type Row struct {
	Cells []Cell
	Total bool // a sum of other rows: set apart
}

// A Cell is one figure, twice: as people and as machines read it.
type Cell struct {
	Show  string // "$249,457,000"; "–" where nothing applies
	Plain string // "249457000.00"; "" where nothing applies
}

// none is the cell of a figure that does not apply.
var none = Cell{Show: "–"}

func textCell(s string) Cell { return Cell{s, s} }

// shown gives the indexes of the columns that people see.
func (t *Table) shown() []int {
	var cols []int
	for i, c := range t.Columns {
		if !c.DataOnly {
			cols = append(cols, i)
		}
	}
	return cols
}

// dropEmpty hides those of the columns of these keys from people in which no row
// has anything.
func (t *Table) dropEmpty(keys ...string) {
	for c := range t.Columns {
		if !slices.Contains(keys, t.Columns[c].Key) {
			continue
		}
		t.Columns[c].DataOnly = !slices.ContainsFunc(t.Rows, func(r Row) bool { return r.Cells[c].Show != none.Show })
	}
}
