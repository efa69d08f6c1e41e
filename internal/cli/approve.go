package cli

import (
	"bytes"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tenderbook/book"
)

func (p *program) approveCommand() *cobra.Command {
	return p.decidingCommand(true, "approve ID PROPOSAL", "Approves what another person proposed, and does it.",
		"tender approve LVLT-2004 P-17 --confirm LVLT-2004 --as bob",
		`Shows the proposal with what it changes and its digest, and records the approval
of those exact bytes. Look first with "tender offer diff ID PROPOSAL". What
cannot be undone needs --confirm and the id of the offer. The maker of a
proposal cannot approve it, not by another key either.`)
}

func (p *program) rejectCommand() *cobra.Command {
	return p.decidingCommand(false, "reject ID PROPOSAL", "Rejects a proposal; its maker takes it back so.",
		"tender reject LVLT-2004 P-17 --why \"wrong cap\" --as bob", "")
}

// A deciding is "tender approve" or "tender reject".
type deciding struct {
	*workspace
	approve      bool
	confirm, why string
}

func (p *program) decidingCommand(approve bool, use, short, example, long string) *cobra.Command {
	d := &deciding{workspace: &workspace{program: p}, approve: approve}
	c := &cobra.Command{
		Use: use, Short: short, Example: example, Long: long,
		Args: arguments(2, 2, "ID and PROPOSAL"),
		RunE: d.in(func(ctx context.Context, args []string) error { return d.decide(ctx, args[0], args[1]) }),
	}
	d.writing(c)
	if approve {
		c.Flags().StringVar(&d.confirm, "confirm", "", "`ID` of the offer, again")
	}
	c.Flags().StringVar(&d.why, "why", "", "`REASON`, for the record")
	return c
}

// decide shows a proposal and records the decision on it. The digest is that of
// what was shown.
func (d *deciding) decide(ctx context.Context, id, name string) error {
	var (
		b bytes.Buffer
		x book.Proposed
		s struct {
			own  bool
			life book.OfferLife
		}
	)
	about, err := ofProposal(name)
	if err != nil {
		return err
	}
	err = d.see(ctx, id, about, func(state *book.State) (err error) {
		if x, err = d.proposal(state, name); err != nil {
			return err
		}
		s.own = state.Person(x.Maker) == state.Person(d.actor)
		return d.present(&b, state, x)
	})
	if err != nil {
		return err
	}
	shown := d.Out
	if d.json {
		shown = d.Err
	}
	if _, err := shown.Write(b.Bytes()); err != nil {
		return err
	}
	switch {
	case d.confirm != "" && d.confirm != id:
		return usagef("", "--confirm %q is not the offer %q", d.confirm, id)
	case d.approve && d.confirm == "" && final(x.What) && !s.own && x.State == book.Pending:
		return usagef("", "%s cannot be undone: needs --confirm %s", what(&x.Proposal), id)
	}
	a, err := d.do(ctx, id, &book.Decision{Proposal: x.Seq, Digest: x.Digest, Approve: d.approve, Why: d.why})
	if err != nil {
		return err
	}
	if err := d.look(ctx, id, func(state *book.State) error { s.life = state.At(d.now()).Life; return nil }); err != nil {
		return err
	}
	verb := "rejected"
	if d.approve {
		verb = "approved"
	}
	if !d.json {
		fmt.Fprintln(d.Out)
	}
	return d.tell(a, "%s %s by %s; %s is %s", proposalName(x.Seq), verb, d.actor, id, s.life)
}
