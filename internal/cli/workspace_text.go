package cli

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/journal"
	"tenderbook/offer"
)

// moment shows a time in an offer's zone, or in UTC before there are terms.
func moment(at time.Time, t *offer.Terms) string {
	if t == nil {
		return at.UTC().Format("Mon 2 Jan 2006 15:04:05 UTC")
	}
	return when(at, t)
}

// recorded says where a command stands in the journal.
func recorded(r journal.Receipt) string {
	text := fmt.Sprintf("recorded as #%d at %s, sha256 %x", r.Seq, r.At.UTC().Format(time.RFC3339), r.Hash[:8])
	if r.Existing {
		text += " (was on record already)"
	}
	return text
}

// tell says what a command came to: a sentence and where it is on record.
func (w *workspace) tell(a desk.Answer, format string, args ...any) error {
	if w.json {
		return w.printJSON(w.receiptJSON(a))
	}
	_, err := fmt.Fprintf(w.Out, "%s\n    %s\n", fmt.Sprintf(format, args...), recorded(a.Receipt))
	return err
}

// proposalName is how people name a proposal: "P-17".
func proposalName(seq uint64) string { return fmt.Sprintf("P-%d", seq) }

// parseProposal reads "P-17", "p17" or "17".
func parseProposal(s string) (uint64, error) {
	digits := strings.TrimPrefix(strings.TrimLeft(s, "Pp"), "-")
	var seq uint64
	if n, err := fmt.Sscanf(digits+"\n", "%d\n", &seq); n != 1 || err != nil || fmt.Sprint(seq) != digits || seq == 0 {
		return 0, usagef("", "%q is not a proposal, such as P-17", s)
	}
	return seq, nil
}

// what names a proposal in words: "accept early", "terminate series 11".
func what(p *book.Proposal) string {
	words := strings.ReplaceAll(string(p.What), "-", " ")
	switch {
	case p.Run != "":
		words += " " + string(p.Run)
	case p.What == book.Terminate && p.Subject != "":
		words += " series " + p.Subject
	case p.Subject != "":
		words += " " + p.Subject
	case p.Name != "":
		words += " by " + p.Name
	}
	return words
}

// A grid is rows of cells that are printed in columns; those of which the head
// begins with '>' stand to the right. The first row is the heads.
type grid [][]string

func (g *grid) add(cells ...string) { *g = append(*g, cells) }

func (g grid) write(w io.Writer) {
	widths := make([]int, len(g[0]))
	for _, row := range g {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(strings.TrimPrefix(cell, ">")))
		}
	}
	for i, row := range g {
		if i == 0 && strings.Join(row, "") == "" {
			continue // columns without heads
		}
		var line strings.Builder
		for i, cell := range row {
			cell = strings.TrimPrefix(cell, ">")
			gap := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if strings.HasPrefix(g[0][i], ">") {
				line.WriteString("  " + gap + cell)
			} else {
				line.WriteString("  " + cell + gap)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}
