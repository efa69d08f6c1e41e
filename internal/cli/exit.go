package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/internal/bookfile"
	"tenderbook/offer"
)

// The exit codes; they are a contract.
const (
	exitDone    = 0
	exitFailed  = 1 // the world's: a file that cannot be read or written
	exitUsage   = 2 // the command line's
	exitRefused = 3 // the input's: an answer, with every problem listed
	exitDamaged = 6 // found by verify: the file is not what it should be
	exitStopped = 130
)

// wrongUse is an error of the command line.
type wrongUse struct{ error }

// usagef makes a wrongUse with a hint for the line below, which may be empty.
func usagef(hint, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	if hint != "" {
		err = fmt.Errorf("%w\n    %s", err, hint)
	}
	return wrongUse{err}
}

// refused is input that was not taken, after its problems were printed.
type refused struct{ error }

// exitWith is an exit code after output that says all.
type exitWith int

func (e exitWith) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// exit prints an error where it belongs and gives the exit code.
func (p *program) exit(called *cobra.Command, err error) int {
	var (
		only  exitWith
		use   wrongUse
		no    refused
		ans   answered
		harm  damaged
		offer offer.Problems
		book  *bookfile.Refused
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &only):
		return int(only)
	case errors.As(err, &ans):
		fmt.Fprintf(p.Err, "tender: %v\n%s", ans.error, nextStep(ans.error))
		return ans.code
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(p.Err, "tender: interrupted; nothing was written")
		return exitStopped
	case errors.As(err, &use):
		fmt.Fprintf(p.Err, "tender: %v\n    see %s --help\n", use.error, called.CommandPath())
		return exitUsage
	case errors.As(err, &harm):
		p.showDamage(harm.error)
		fmt.Fprintln(p.Err, harm.error)
		return exitDamaged
	case errors.As(err, &no):
		if no.error != nil {
			fmt.Fprintln(p.Err, no.error)
		}
		return exitRefused
	case errors.As(err, &offer):
		fmt.Fprintf(p.Err, "%v\n%s; nothing was decided\n", offer, count(len(offer), "problem"))
		return exitRefused
	case errors.As(err, &book):
		fmt.Fprintf(p.Err, "%v\n%s; nothing was taken\n", book, countProblems(book))
		return exitRefused
	}
	fmt.Fprintf(p.Err, "tender: %v\n", err)
	return exitFailed
}

// nextStep is a line with what can be done about a refusal of the record, or ""
// where that is nothing.
func nextStep(err error) string {
	var no *book.Refusal
	if !errors.As(err, &no) || strings.HasPrefix(no.Code.Next(), "nothing") {
		return ""
	}
	return "    " + no.Code.Next() + "\n"
}

// count gives "1 problem", "2 problems".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// countProblems gives "3 problems in 2 rows".
func countProblems(r *bookfile.Refused) string {
	problems := count(int(r.Total), "problem")
	if r.Rows == 0 {
		return problems + " in the header"
	}
	return problems + " in " + count(int(r.Rows), "row")
}
