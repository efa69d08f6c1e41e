package report

import (
	"encoding/csv"
	"io"
	"strings"
)

// WriteCSV writes the column keys and the plain values of the rows, sums
// included, notes left out. A text that a spreadsheet would take for a formula
// is preceded by a single quote.
func (t *Table) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.Key
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for i, cell := range row.Cells {
			record[i] = cell.Plain
			if !t.Columns[i].Kind.Right() {
				record[i] = guardFormula(cell.Plain)
			}
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// guardFormula keeps a spreadsheet from calculating what was meant as text
// (ASVS 1.2.10).
func guardFormula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\x00", rune(s[0])) {
		return "'" + s
	}
	return s
}
