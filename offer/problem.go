package offer

import (
	"fmt"
	"strings"
)

// A Position is a place in a file. Lines and columns count from 1; columns are
// characters, not bytes.
type Position struct {
	File   string
	Line   int
	Column int
}

// String gives "offer.yaml:9:11".
func (p Position) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// A Problem is one thing that is wrong with an offer file.
type Problem struct {
	Position
	Path   string // the keys that lead there: "series.9.125.consideration.total"; empty for the file as a whole
	Found  string // what is there, in a clause
	Needed string // what would be right, in a clause; empty where Found says it
	Hint   string // what was probably meant; empty where nothing is near
}

// String gives the problem on one line, and the hint on a second one:
//
//	offer.yaml:31:5: series.11: unknown key "levle"
//	    did you mean "level"?
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Position.String())
	b.WriteString(": ")
	if p.Path != "" {
		b.WriteString(p.Path)
		b.WriteString(": ")
	}
	b.WriteString(p.Found)
	if p.Needed != "" {
		b.WriteString(": needs ")
		b.WriteString(p.Needed)
	}
	if p.Hint != "" {
		b.WriteString("\n    ")
		b.WriteString(p.Hint)
	}
	return b.String()
}

// Problems are all the problems of a file, in the order of their lines. It is
// the error that [Read] and [NewHistory] return for a file that can be mended.
type Problems []Problem

// Error lists the problems, one a line, each with its hint below it.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
