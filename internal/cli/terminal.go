package cli

import (
	"os"
	"strconv"
)

// isTerminal reports whether a person may be looking at a file: a character
// device that is not the null device.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// tableWidth is how wide a table on standard output may be: as wide as the
// terminal says it is, else what a page holds.
func (p *program) tableWidth() int {
	if n, err := strconv.Atoi(p.Env("COLUMNS")); err == nil && n >= 40 && p.OutIsTerminal {
		return n
	}
	return 110
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
