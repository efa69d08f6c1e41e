package cli

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// patience is how long work may take before a person wants to see it move.
const patience = 400 * time.Millisecond

// A progressLine is one line on the terminal that shows how far a job is. It
// prints nothing until patience is over, and nothing where nobody watches.
type progressLine struct {
	w       io.Writer // nil: nobody watches
	what    string
	started time.Time
	printed time.Time
}

// progress makes the line of a job.
func (p *program) progress(what string) *progressLine {
	l := &progressLine{what: what, started: time.Now()}
	if p.ErrIsTerminal && !p.quiet && p.Env("TERM") != "dumb" {
		l.w = p.Err
	}
	return l
}

// tell shows how far the job is, ten times a second at most.
func (l *progressLine) tell(done, total int64) {
	now := time.Now()
	if l.w == nil || total <= 0 || now.Sub(l.started) < patience || now.Sub(l.printed) < patience/4 {
		return
	}
	l.printed = now
	const width = 30
	full := int(min(done, total) * width / total)
	fmt.Fprintf(l.w, "\r%s [%s%s] %3d%%", l.what, strings.Repeat("#", full), strings.Repeat(".", width-full), min(done, total)*100/total)
}

// done takes the line away.
func (l *progressLine) done() {
	if l.w != nil && !l.printed.IsZero() {
		fmt.Fprintf(l.w, "\r%s\r", strings.Repeat(" ", len(l.what)+38))
	}
}
