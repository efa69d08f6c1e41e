package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/calendar"
)

// A proposing is a command that makes a proposal.
type proposing struct {
	*workspace
	lasts time.Duration
	why   string
}

func (p *program) proposing() *proposing { return &proposing{workspace: &workspace{program: p}} }

// command makes a command on a workspace of one that proposes something, with
// the flags that all of them have.
func (w *proposing) command(c *cobra.Command, do func(ctx context.Context, args []string) error) *cobra.Command {
	w.writing(c)
	c.Flags().DurationVar(&w.lasts, "expires", 24*time.Hour, "`TIME` for which it can be approved")
	c.Flags().StringVar(&w.why, "why", "", "`REASON`, for the record")
	c.RunE = w.in(do)
	return c
}

// propose puts a proposal on record and shows it. A repeated one, under a key
// that was given, is made as it was the first time.
func (w *proposing) propose(ctx context.Context, id string, x *book.Proposal) error {
	if w.lasts <= 0 {
		return usagef("", "--expires %s needs more than 0", w.lasts)
	}
	x.Why = w.why
	if x.Basis == "" {
		if err := w.look(ctx, id, func(s *book.State) error { x.Basis = s.TermsDigest(); return nil }); err != nil {
			return err
		}
	}
	x.Expires = w.now().Add(w.lasts).UTC().Truncate(time.Second)
	if x.Basis == "" {
		return answered{exitTooLate, fmt.Errorf("offer %s has no terms yet", id)}
	}
	before, err := w.earlier(ctx, id)
	if err != nil {
		return err
	}
	if old, ok := before.(*book.Proposal); ok && old.What == x.What {
		x.Expires, x.Basis = old.Expires, old.Basis
	}
	a, err := w.do(ctx, id, x)
	if err != nil {
		return err
	}
	if w.json {
		r := w.receiptJSON(a)
		r.Digest, r.Expires = fmt.Sprintf("%x", x.Digest()), x.Expires.Format(time.RFC3339)
		return w.printJSON(r)
	}
	var b bytes.Buffer
	err = w.look(ctx, id, func(s *book.State) error {
		made, err := w.proposal(s, proposalName(a.Receipt.Seq))
		if err != nil {
			return err
		}
		return w.present(&b, s, made)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(&b, "\n%s\nNext, by another person: tender approve %s %s%s\n", recorded(a.Receipt), id, proposalName(a.Receipt.Seq), confirming(x.What, id))
	_, err = w.Out.Write(b.Bytes())
	return err
}

// confirming is the flag that an approval needs of what cannot be undone.
func confirming(w book.What, id string) string {
	if final(w) {
		return " --confirm " + id
	}
	return ""
}

// final reports whether a proposal, once approved, cannot be changed back by
// another one.
func final(w book.What) bool {
	switch w {
	case book.Launch, book.Accept, book.Settle, book.Release, book.Terminate, book.Lapse:
		return true
	}
	return false
}

func (p *program) offerLaunchCommand() *cobra.Command {
	w := p.proposing()
	return w.command(&cobra.Command{
		Use:     "launch ID",
		Short:   "Proposes to launch an offer as it is drafted.",
		Example: "tender offer launch LVLT-2004 --as ann",
		Long:    "Once approved the offer commences by itself on the day that its terms name.",
		Args:    arguments(1, 1, "ID"),
	}, func(ctx context.Context, args []string) error {
		return w.propose(ctx, args[0], &book.Proposal{What: book.Launch})
	})
}

func (p *program) offerAmendCommand() *cobra.Command {
	return p.amendingCommand(book.Amend, "Proposes an amendment of the terms.", "tender offer amend LVLT-2004 amendment-2004-11-17.yaml --as ann")
}

func (p *program) offerPriceCommand() *cobra.Command {
	return p.amendingCommand(book.Price, "Proposes an amendment that fixes rates and prices alone.", "tender offer price ACME-2024 prices.yaml --as ann")
}

func (p *program) amendingCommand(kind book.What, short, example string) *cobra.Command {
	w := p.proposing()
	return w.command(&cobra.Command{
		Use: string(kind) + " ID AMENDMENT", Short: short, Example: example,
		Args: arguments(2, 2, "ID and AMENDMENT"),
	}, func(ctx context.Context, args []string) error { return w.amend(ctx, kind, args[0], args[1]) })
}

func (w *proposing) amend(ctx context.Context, kind book.What, id, name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return cannot("read", name, err)
	}
	return w.propose(ctx, id, &book.Proposal{What: kind, Name: filepath.Base(name), File: string(data)})
}

func (p *program) offerExtendCommand() *cobra.Command {
	w := p.proposing()
	var to string
	c := w.command(&cobra.Command{
		Use:     "extend ID [AMENDMENT]",
		Short:   "Proposes a later expiration, or what an amendment of dates says.",
		Example: `tender offer extend LVLT-2004 --to "by 2004-12-01 24:00" --as ann`,
		Args:    arguments(1, 2, "ID and perhaps AMENDMENT"),
	}, func(ctx context.Context, args []string) error {
		switch {
		case (to == "") == (len(args) == 1):
			return usagef("", "an extension needs either an AMENDMENT or --to DEADLINE")
		case len(args) == 2:
			return w.amend(ctx, book.Extend, args[0], args[1])
		}
		return w.extend(ctx, args[0], to)
	})
	c.Flags().StringVar(&to, "to", "", "`DEADLINE` such as \"by 2004-12-01 24:00\", in the offer's zone")
	return c
}

// extend writes the amendment of an extension.
func (w *proposing) extend(ctx context.Context, id, to string) error {
	x := &book.Proposal{What: book.Extend, Name: "extension.yaml"}
	err := w.look(ctx, id, func(s *book.State) error {
		if s.Terms() == nil {
			return answered{exitTooLate, fmt.Errorf("offer %s has no terms yet", id)}
		}
		zone := s.Terms().Zone
		if _, err := calendar.ParseDeadline(to, zone); err != nil {
			return usagef("", "--to %w", err)
		}
		x.File = fmt.Sprintf("tenderbook: 1\namends: %s\neffective: %s\ndates: {expiration: %s}\n", id, w.now().In(zone).Format("2006-01-02 15:04"), to)
		return nil
	})
	if err != nil {
		return err
	}
	before, err := w.earlier(ctx, id)
	if err != nil {
		return err
	}
	if old, ok := before.(*book.Proposal); ok && strings.HasSuffix(old.File, "\ndates: {expiration: "+to+"}\n") {
		x.File = old.File // but for the minute it took effect, the same
	}
	return w.propose(ctx, id, x)
}

func (p *program) offerWaiveCommand() *cobra.Command {
	w := p.proposing()
	return w.command(&cobra.Command{
		Use:     "waive ID CONDITION|INSTRUCTION",
		Short:   "Proposes to waive a condition, a defect or lateness.",
		Example: "tender offer waive LVLT-2004 financing --as ann",
		Args:    arguments(2, 2, "ID and CONDITION or INSTRUCTION"),
	}, func(ctx context.Context, args []string) error {
		x := &book.Proposal{What: book.WaiveCondition, Subject: args[1]}
		err := w.look(ctx, args[0], func(s *book.State) error {
			if _, ok := s.Instruction(args[1]); ok {
				x.What = book.WaiveDefect
			}
			return nil
		})
		if err != nil {
			return err
		}
		return w.propose(ctx, args[0], x)
	})
}

func (p *program) offerTerminateCommand() *cobra.Command {
	w := p.proposing()
	var series string
	c := w.command(&cobra.Command{
		Use:     "terminate ID",
		Short:   "Proposes to end an offer, or one series of it.",
		Example: "tender offer terminate LVLT-2004 --series 11 --as ann",
		Args:    arguments(1, 1, "ID"),
	}, func(ctx context.Context, args []string) error {
		return w.propose(ctx, args[0], &book.Proposal{What: book.Terminate, Subject: series})
	})
	c.Flags().StringVar(&series, "series", "", "`SERIES` to be ended alone")
	return c
}

func (p *program) offerLapseCommand() *cobra.Command {
	w := p.proposing()
	return w.command(&cobra.Command{
		Use:     "lapse ID CONDITION",
		Short:   "Proposes to let an offer lapse by a condition that failed.",
		Example: "tender offer lapse HARBOUR-2026 minimum --why \"too few came\" --as ann",
		Long: `Once approved nothing is accepted and everything goes back. It needs a condition
of the whole offer that has failed and is not waived; "tender status" shows how
conditions stand. Without one, "tender offer terminate" ends the offer, and one
that failed for some series ends those by itself.`,
		Args: arguments(2, 2, "ID and CONDITION"),
	}, func(ctx context.Context, args []string) error {
		return w.propose(ctx, args[0], &book.Proposal{What: book.Lapse, Subject: args[1]})
	})
}

func (p *program) offerSettleCommand() *cobra.Command {
	w := p.proposing()
	var which string
	c := w.command(&cobra.Command{
		Use:     "settle ID",
		Short:   "Proposes to record that a result is paid.",
		Example: "tender offer settle LVLT-2004 --run final --as ann",
		Args:    arguments(1, 1, "ID"),
	}, func(ctx context.Context, args []string) error {
		run, err := parseRun(which)
		if err != nil {
			return err
		}
		result, err := w.resultOf(ctx, args[0], run)
		if err != nil {
			return err
		}
		return w.propose(ctx, args[0], &book.Proposal{What: book.Settle, Run: run, Result: result})
	})
	c.Flags().StringVar(&which, "run", "final", "`RUN` that was paid: early or final")
	return c
}

func parseRun(s string) (book.Run, error) {
	if r := book.Run(s); r == book.Early || r == book.Final {
		return r, nil
	}
	return "", usagef("", "--run %q needs early or final", s)
}
