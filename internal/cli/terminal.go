package cli

import (
	"os"
	"strconv"

	"golang.org/x/term"
)

// isTerminal reports whether a person may be looking at a file.
func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// widthOf is how many columns a terminal has; 0 if it does not say.
func widthOf(f *os.File) int {
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}

const (
	pageWidth  = 110 // columns of a table that nobody watches: what a page holds
	leastWidth = 40  // narrower than this a table says nothing
)

// tableWidth is how wide a table on standard output may be: as COLUMNS says or,
// without it, the terminal itself; else as a page.
func (p *program) tableWidth() int {
	if !p.OutIsTerminal {
		return pageWidth
	}
	columns := p.OutColumns
	if n, err := strconv.Atoi(p.Env("COLUMNS")); err == nil && n >= leastWidth {
		columns = n
	}
	if columns <= 0 {
		return pageWidth
	}
	return max(columns, leastWidth)
}

// A colour is an escape sequence that sets the look of what follows.
type colour string

// The colours. Each goes with a word that says the same.
const (
	red    colour = "\x1b[31m"
	green  colour = "\x1b[32m"
	yellow colour = "\x1b[33m"
	bold   colour = "\x1b[1m"
	plain  colour = "\x1b[0m"
)

// paint colours words on standard output, where a person watches and did not
// say no.
func (p *program) paint(c colour, s string) string {
	if !p.OutIsTerminal || p.noColor || p.Env("NO_COLOR") != "" || p.Env("TERM") == "dumb" {
		return s
	}
	return string(c) + s + string(plain)
}
