package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"tenderbook/book"
)

// see gives a command the state of an offer, to show a subject to the user. One
// who may not see it is denied, and the denial is put on record. Of the past a
// user sees what it may see now too.
func (w *workspace) see(ctx context.Context, offer string, q book.Inquiry, f func(*book.State) error) error {
	var denied *book.Refusal
	if w.asOf != "" {
		if _, err := w.head(ctx, offer); err != nil {
			return err
		}
		err := w.desk.View(ctx, offer, func(s *book.State) error { denied = s.MayRead(w.actor, &q, w.now()); return nil })
		if err != nil {
			return err
		}
		if denied != nil {
			return w.deny(ctx, offer, q, denied)
		}
	}
	err := w.look(ctx, offer, func(s *book.State) error {
		if denied = s.MayRead(w.actor, &q, w.now()); denied != nil {
			return nil
		}
		return f(s)
	})
	if err != nil || denied == nil {
		return err
	}
	return w.deny(ctx, offer, q, denied)
}

// deny puts on record that a user asked for what it may not see. A denial stands
// also where the store cannot be written.
func (w *workspace) deny(ctx context.Context, offer string, q book.Inquiry, why *book.Refusal) error {
	a, err := w.desk.Do(ctx, offer, w.actor, strings.ToLower(rand.Text()), &q)
	switch {
	case err != nil:
		return answered{exitNotAllowed, fmt.Errorf("%w\n    this denial is not on record: %v", why, err)}
	case a.Outcome.Refusal != nil:
		why = a.Outcome.Refusal
	}
	return answered{exitNotAllowed, fmt.Errorf("%w\n    %s", why, recorded(a.Receipt))}
}

// sees reports whether the user may see a subject now.
func (w *workspace) sees(s *book.State, subject book.Subject) bool {
	return s.MayRead(w.actor, &book.Inquiry{Subject: subject}, w.now()) == nil
}

// people are those whose roles the user sees: all, or itself.
func (w *workspace) people(s *book.State) []book.Holding {
	all := s.Roles()
	if w.sees(s, book.SeePeople) {
		return all
	}
	return slices.DeleteFunc(all, func(h book.Holding) bool { return h.Actor != w.actor })
}

// proposals are those that the user sees, as they stand now.
func (w *workspace) proposals(s *book.State) []book.Proposed {
	return s.Proposals(w.now(), func(x *book.Proposed) bool { return s.SeesProposal(w.actor, x.Seq) })
}

// waiting names the proposals that wait for a decision and that the user sees.
func (w *workspace) waiting(s *book.State) []string {
	names := []string{}
	for _, x := range w.proposals(s) {
		if x.State == book.Pending {
			names = append(names, proposalName(x.Seq))
		}
	}
	return names
}

// problems are the instructions that need attention and that the user sees.
func (w *workspace) problems(s *book.State) []book.Instruction {
	return slices.DeleteFunc(s.Problems(), func(x book.Instruction) bool { return !s.Sees(w.actor, x.Participant) })
}
