package report

import (
	"io"
	"strings"
	"unicode/utf8"
)

// WriteJSON writes the explanation as indented JSON.
func (e *Explanation) WriteJSON(w io.Writer) error { return writeJSON(w, e) }

// WriteText writes the explanation as a terminal shows it, within width
// characters.
func (e *Explanation) WriteText(w io.Writer, width int) error {
	width = max(width, minWidth)
	var b strings.Builder
	paragraph := func(s string) { b.WriteString(strings.Join(wrap(s, width), "\n") + "\n") }
	if e.Provisional != "" {
		paragraph(e.Provisional)
		b.WriteByte('\n')
	}
	paragraph(e.Answer)
	b.WriteByte('\n')
	writeFacts(&b, e.Facts, width)
	b.WriteByte('\n')
	writeLines(&b, e.Sum, true, width)
	if len(e.Money) > 0 {
		b.WriteByte('\n')
		writeLines(&b, e.Money, true, width)
	}
	b.WriteByte('\n')
	for _, r := range e.Rest {
		paragraph(r)
	}
	if len(e.WouldChange) > 0 {
		b.WriteString("\nWhat would have changed it (computed again, not advice)\n")
		for _, c := range e.WouldChange {
			b.WriteString("- " + strings.Join(wrap(c, width-2), "\n  ") + "\n")
		}
	}
	if len(e.Proof) > 0 {
		b.WriteString("\nOn record\n")
		writeFacts(&b, e.Proof, width)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeFacts(b *strings.Builder, facts []Fact, width int) {
	lines := make([]SumLine, len(facts))
	for i, f := range facts {
		lines[i] = SumLine{Label: f.Label, Value: f.Value, Source: f.Note}
	}
	writeLines(b, lines, false, width)
}

// writeLines aligns label, value and source; values of a sum stand to the right.
// A source that does not fit goes on a line of its own.
func writeLines(b *strings.Builder, lines []SumLine, right bool, width int) {
	label, value := 0, 0
	for _, l := range lines {
		label = max(label, utf8.RuneCountInString(l.Label))
		value = max(value, utf8.RuneCountInString(l.Value))
	}
	for _, l := range lines {
		pad := strings.Repeat(" ", value-utf8.RuneCountInString(l.Value))
		row := l.Label + strings.Repeat(" ", label-utf8.RuneCountInString(l.Label)+gap)
		if right {
			row += pad + l.Value
		} else {
			row += l.Value + pad
		}
		switch {
		case l.Source == "":
		case label+value+2*gap+utf8.RuneCountInString(l.Source) > width:
			row = strings.TrimRight(row, " ") + "\n" + strings.Repeat(" ", 2*gap) + l.Source
		default:
			row += strings.Repeat(" ", gap) + l.Source
		}
		b.WriteString(strings.TrimRight(row, " ") + "\n")
	}
}
