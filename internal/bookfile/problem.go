package bookfile

import (
	"fmt"
	"slices"
	"strings"
)

// listed is the most problems that a [Refused] names one by one.
const listed = 50

// A Problem is one thing that is wrong with a book.
type Problem struct {
	Line   int64  // line of the file on which the row begins, counted from 1; the header is line 1
	Column string // name of the column; "row" where it is the row as a whole, "column" in the header
	Value  string // what stands there
	Why    string // what is wrong with it and what was needed
}

// String gives the problem in a clause: principal "250500" is not a multiple of
// 1,000 (series 11).
func (p Problem) String() string {
	if p.Column == "row" {
		return "row " + p.Why
	}
	return p.Column + " " + quote(p.Value) + " " + p.Why
}

// Refused is the error for a book with problems: nothing of it was taken.
type Refused struct {
	Name     string    // of the book
	Problems []Problem // the first 50, in the order of the rows
	Total    int64     // how many there are
	Rows     int64     // rows that have a problem; 0 if it is the header
}

// Error lists the problems, one a line: book.csv:17: principal "250500" is not
// a multiple of 1,000 (series 11).
func (r *Refused) Error() string {
	var b strings.Builder
	for i, p := range r.Problems {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s:%d: %s", r.Name, p.Line, p)
	}
	if more := r.Total - int64(len(r.Problems)); more > 0 {
		fmt.Fprintf(&b, "\nand %d more", more)
	}
	return b.String()
}

// quote shows what was found, cut to a length that fits a line.
func quote(s string) string {
	const longest = 60
	if r := []rune(s); len(r) > longest {
		return fmt.Sprintf("%q", string(r[:longest])+"...")
	}
	return fmt.Sprintf("%q", s)
}

// A RefusedRow is a row that was left out because of its problems.
type RefusedRow struct {
	Line     int64
	Problems []Problem

	row        int   // of its block
	at, length int64 // its bytes in the book
}

func sortRefused(rows []RefusedRow) {
	slices.SortFunc(rows, func(a, b RefusedRow) int { return int(min(max(a.at-b.at, -1), 1)) })
}
