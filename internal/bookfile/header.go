package bookfile

import (
	"fmt"
	"slices"
	"strings"

	"tenderbook/offer"
)

// The columns that a book may have, in the words of docs/book-file.md.
const (
	colInstruction = iota
	colReceivedAt
	colSeries
	colPrincipal
	colAction
	colParticipant
	colAccount
	colHolder
	colBid
	colAtLeast
	colRefersTo
	colProblem // what an earlier run wrote beside a refused row; not read
	knownColumns
)

var columnNames = [knownColumns]string{
	"instruction", "received_at", "series", "principal", "action", "participant", "account", "holder",
	"bid", "at_least", "refers_to", "problem",
}

const requiredColumns = 4 // the first ones

// outputColumns are those of the allocation, before the columns that the book
// brings along.
var outputColumns = []string{
	"instruction", "participant", "account", "series", "timing", "tendered", "accepted", "returned",
	"currency", "price", "consideration", "interest", "cash", "reason",
}

// exchangeColumns stand behind them where accepted notes are paid for in new ones.
var exchangeColumns = []string{"new_notes", "cash_for_fraction"}

// A layout is where a book has its columns.
type layout struct {
	names  []string // as the header has them
	at     [knownColumns]int
	extras []int // columns that come out again behind the others: holder, and all that are not ours
	fields int
	runs   []nameRun // instruction, participant and account
	texts  []int     // participant, account and holder, those that the book has
	absent []int     // bid, at_least and refers_to, those that the book has: mostly empty
}

// nameColumns are the columns that an allocation begins with.
var nameColumns = [...]int{colInstruction, colParticipant, colAccount}

// A nameRun is some of the nameColumns, one after the other, that stand side by
// side in the book; or one that the book has not.
type nameRun struct{ first, last int } // columns of the book; -1: none

// newLayout reads a header. Names may differ from ours in case, and have spaces
// or dashes where ours have underscores.
func newLayout(header []string) (*layout, []Problem) {
	l := &layout{names: header, fields: len(header)}
	for c := range l.at {
		l.at[c] = -1
	}
	var problems []Problem
	refuse := func(name, why string) {
		problems = append(problems, Problem{Line: 1, Column: "column", Value: name, Why: why})
	}
	seen := map[string]bool{}
	for i, name := range header {
		plain := plainName(name)
		switch known := slices.Index(columnNames[:], plain); {
		case plain == "":
			refuse(name, fmt.Sprintf("is the %s and has no name", ordinal(i+1)))
			continue
		case seen[plain]:
			refuse(name, "stands in the header twice")
		case known >= 0:
			l.at[known] = i
		default:
			l.extras = append(l.extras, i)
		}
		seen[plain] = true
	}
	if missing := l.missing(); len(missing) == 1 && missing[0].Column == "row" {
		problems = missing
	} else {
		problems = append(problems, missing...)
	}
	if l.at[colHolder] >= 0 {
		l.extras = slices.Insert(l.extras, 0, l.at[colHolder])
	}
	l.findRuns()
	l.texts = l.having(colParticipant, colAccount, colHolder)
	l.absent = l.having(colBid, colAtLeast, colRefersTo)
	return l, problems
}

// having gives where the book has these columns, those that it has.
func (l *layout) having(columns ...int) (at []int) {
	for _, c := range columns {
		if l.at[c] >= 0 {
			at = append(at, l.at[c])
		}
	}
	return at
}

func (l *layout) findRuns() {
	for _, c := range nameColumns {
		at := l.at[c]
		if n := len(l.runs); n > 0 && at > 0 && l.runs[n-1].last == at-1 {
			l.runs[n-1].last = at
			continue
		}
		l.runs = append(l.runs, nameRun{at, at})
	}
}

// missing finds required columns that are not there and columns that are almost
// ours: a misspelt "action" would turn withdrawals into tenders.
func (l *layout) missing() []Problem {
	var absent []string
	for c, name := range columnNames[:colProblem] {
		if l.at[c] < 0 {
			absent = append(absent, name)
		}
	}
	var problems []Problem
	meant := map[string]bool{}
	for _, i := range l.extras {
		if near := offer.Nearest(plainName(l.names[i]), absent); near != "" {
			meant[near] = true
			problems = append(problems, Problem{
				Line: 1, Column: "column", Value: l.names[i],
				Why: fmt.Sprintf("is not one of ours: did you mean %q? rename it if it is your own", near),
			})
		}
	}
	if len(absent) >= requiredColumns && slices.Equal(absent[:requiredColumns], columnNames[:requiredColumns]) && len(meant) == 0 {
		return []Problem{{Line: 1, Column: "row", Why: "is not a header, such as instruction,received_at,series,principal" + l.separatorHint()}}
	}
	for _, name := range columnNames[:requiredColumns] {
		if slices.Contains(absent, name) && !meant[name] {
			problems = append(problems, Problem{Line: 1, Column: "column", Value: name, Why: "is missing" + l.separatorHint()})
		}
	}
	return problems
}

// separatorHint recognises a file that is not parted by commas.
func (l *layout) separatorHint() string {
	if l.fields != 1 {
		return ""
	}
	for sep, name := range map[string]string{";": "semicolons", "\t": "tabs"} {
		if strings.Contains(l.names[0], sep) {
			return fmt.Sprintf(": columns are parted by %s, and must be by commas", name)
		}
	}
	return ""
}

func plainName(name string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(name)))
}

func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprintf("%d%s column", n, suffix)
}

// outputHeader is the header of the allocation. A column of the book that has
// the name of one of the allocation's comes out as book_NAME.
func (l *layout) outputHeader(exchanges bool) []byte {
	var out []byte
	taken := slices.Clone(outputColumns)
	if exchanges {
		taken = append(taken, exchangeColumns...)
	}
	for i, name := range taken {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, name...)
	}
	for _, i := range l.extras {
		name := l.names[i]
		for slices.Contains(taken, plainName(name)) {
			name = "book_" + name
		}
		taken = append(taken, plainName(name))
		out = appendField(append(out, ','), []byte(name))
	}
	return append(out, '\n')
}
