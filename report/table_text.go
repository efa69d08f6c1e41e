package report

import (
	"io"
	"strings"
	"unicode/utf8"
)

// The least and the most columns of characters that WriteText is asked for.
const (
	minWidth = 60
	gap      = 2 // blanks between columns
)

// WriteText writes the table with blanks between aligned columns, as terminals
// and wires want it, within width characters (80 to 120 are usual; less than 60
// counts as 60). Heads are broken over lines, and so are texts where the table
// would be too wide; figures never are, so that a table with many of them may be
// wider than asked.
func (t *Table) WriteText(w io.Writer, width int) error {
	width = max(width, minWidth)
	cols := t.shown()
	widths := t.textWidths(cols, width)
	var b strings.Builder
	if t.Title != "" {
		b.WriteString(t.Title + "\n\n")
	}
	heads := make([]Cell, len(t.Columns))
	for i, c := range t.Columns {
		heads[i].Show = c.Name
	}
	t.textRow(&b, cols, widths, heads, true)
	rule := textRule(widths)
	b.WriteString(rule)
	inTotals := false
	for _, r := range t.Rows {
		if r.Total && !inTotals {
			inTotals = true
			b.WriteString(rule)
		}
		t.textRow(&b, cols, widths, r.Cells, false)
	}
	for i, n := range t.Notes {
		if i == 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.Join(wrap(n, width), "\n") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// textWidths gives each shown column the width of its widest figure or of the
// longest word of its head, and what is left of the width to its texts.
func (t *Table) textWidths(cols []int, width int) []int {
	widths := make([]int, len(cols))
	flexible, total := []int{}, gap*(len(cols)-1)
	for i, c := range cols {
		widths[i] = longestWord(t.Columns[c].Name)
		for _, r := range t.Rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(r.Cells[c].Show))
		}
		total += widths[i]
		if t.Columns[c].Kind == Text {
			flexible = append(flexible, i)
		}
	}
	for _, i := range flexible {
		if total <= width {
			break
		}
		least := longestWord(t.Columns[cols[i]].Name)
		for _, r := range t.Rows {
			least = max(least, longestWord(r.Cells[cols[i]].Show))
		}
		narrow := max(least, min(16, widths[i]), widths[i]-(total-width))
		total -= widths[i] - narrow
		widths[i] = narrow
	}
	return widths
}

// textRow writes one row, over as many lines as its longest cell needs. Heads
// stand on the last line, cells on the first.
func (t *Table) textRow(b *strings.Builder, cols, widths []int, cells []Cell, head bool) {
	broken := make([][]string, len(cols))
	lines := 0
	for i, c := range cols {
		broken[i] = wrap(cells[c].Show, widths[i])
		lines = max(lines, len(broken[i]))
	}
	for n := range lines {
		var line strings.Builder
		for i, c := range cols {
			at := n
			if head {
				at = n - lines + len(broken[i])
			}
			part := ""
			if at >= 0 && at < len(broken[i]) {
				part = broken[i][at]
			}
			pad := strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(part)))
			if i > 0 {
				line.WriteString(strings.Repeat(" ", gap))
			}
			if t.Columns[c].Kind.Right() {
				line.WriteString(pad + part)
			} else {
				line.WriteString(part + pad)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

func textRule(widths []int) string {
	parts := make([]string, len(widths))
	for i, w := range widths {
		parts[i] = strings.Repeat("-", w)
	}
	return strings.Join(parts, strings.Repeat(" ", gap)) + "\n"
}

// wrap breaks a text at blanks into lines of at most width characters. A
// longer word stands alone.
func wrap(s string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(s) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

func longestWord(s string) int {
	n := 0
	for _, word := range strings.Fields(s) {
		n = max(n, utf8.RuneCountInString(word))
	}
	return n
}
