package cli

import (
	"context"
	"fmt"
	"io"

	"tenderbook/book"
)

// attention says what waits for somebody.
func (w *workspace) attention(ctx context.Context, out io.Writer, s *book.State, list bool) error {
	for _, x := range w.proposals(s) {
		switch x.State {
		case book.Outrun:
			fmt.Fprintf(out, "  stale: %s %s, by %s: %s\n", proposalName(x.Seq), what(&x.Proposal), x.Maker, because(&x))
		case book.Pending:
			fmt.Fprintf(out, "  waiting for approval: %s %s, by %s%s\n", proposalName(x.Seq), what(&x.Proposal), x.Maker, hindered(&x))
		}
	}
	w.over(out, s)
	bad := w.problems(s)
	if len(bad) == 0 {
		return nil
	}
	fmt.Fprintf(out, "  %s attention", plural(len(bad), "instruction needs", "instructions need"))
	if !list {
		fmt.Fprintf(out, "   next: tender status %s --problems\n", s.Offer())
		return nil
	}
	fmt.Fprintln(out)
	g := grid{{"Instruction", "Participant", "Series", "State", "Received", "By", "Why"}}
	for _, x := range bad {
		by, why, err := w.fault(ctx, s, x)
		if err != nil {
			return err
		}
		g.add(x.ID, x.Participant, x.Series, x.Life.String(), moment(x.Received, s.Terms()), by, why)
	}
	g.write(out)
	return nil
}

// hindered says of a proposal that nobody decided why it would be refused.
func hindered(x *book.Proposed) string {
	if x.Hinders == nil {
		return ""
	}
	return "; it would be refused now, " + x.Hinders.Error()
}

// fault says who found what wrong with an instruction that needs attention.
func (w *workspace) fault(ctx context.Context, s *book.State, x book.Instruction) (by, why string, err error) {
	if x.Life == book.LateReceived {
		return "", "received after expiration", nil
	}
	events := s.Events(x.ID)
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Event == book.OnDefect {
			return w.whoAndWhy(ctx, s.Offer(), events[i].Seq)
		}
	}
	return "", "", nil
}

// over says whose positions on record are exceeded by what is tendered.
func (w *workspace) over(out io.Writer, s *book.State) {
	n := 0
	for _, x := range s.Positions() {
		if x.Over() > 0 && s.Sees(w.actor, x.Participant) {
			n++
		}
	}
	if n > 0 {
		fmt.Fprintf(out, "  more is tendered than %s   next: tender positions %s\n", plural(n, "position holds", "positions hold"), s.Offer())
	}
}
