package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/journal"
)

func (p *program) noteCommand() *cobra.Command {
	w := &workspace{program: p}
	var instruction string
	c := &cobra.Command{
		Use:   "note ID [TEXT]",
		Short: "Puts a remark on record, or lists those that are.",
		Example: `tender note LVLT-2004 "counsel of the offeror called" --as ann
tender note LVLT-2004 "holder asks for a cure" --instruction I-000731 --as ann`,
		Args: arguments(1, 2, "ID and perhaps TEXT"),
		RunE: w.in(func(ctx context.Context, args []string) error {
			if len(args) == 1 {
				return w.listNotes(ctx, args[0], instruction)
			}
			if args[1] == "" {
				return usagef("", "the remark is empty")
			}
			if _, err := w.head(ctx, args[0]); err != nil {
				return err
			}
			a, err := w.do(ctx, args[0], &book.Note{Text: args[1], Instruction: instruction})
			if err != nil {
				return err
			}
			return w.tell(a, "noted on %s", firstOf(instruction, args[0]))
		}),
	}
	w.writing(c)
	c.Flags().StringVar(&instruction, "instruction", "", "`INSTRUCTION` that it is about; in a list, those about it alone")
	return c
}

// A noted is a note on record.
type noted struct {
	Seq         uint64    `json:"seq"`
	At          time.Time `json:"at"`
	By          string    `json:"by"`
	Instruction string    `json:"instruction,omitempty"`
	Text        string    `json:"text"`
}

func (w *workspace) listNotes(ctx context.Context, id, instruction string) error {
	var (
		refused = map[uint64]bool{}
		shownAt = func(at time.Time) string { return moment(at, nil) }
	)
	err := w.see(ctx, id, book.Inquiry{Subject: book.SeeNotes}, func(s *book.State) error {
		for _, r := range s.Refusals() {
			refused[r.Seq] = refused[r.Seq] || r.Row < 0
		}
		if t := s.Terms(); t != nil {
			shownAt = func(at time.Time) string { return moment(at, t) }
		}
		return nil
	})
	if err != nil {
		return err
	}
	all, err := w.notes(ctx, id, instruction, refused)
	if err != nil {
		return err
	}
	if w.json {
		return w.printJSON(all)
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(w.Out, "no notes")
		return err
	}
	g := grid{{"Entry", "When", "By", "Instruction", "Note"}}
	for _, n := range all {
		g.add(fmt.Sprintf("#%d", n.Seq), shownAt(n.At), n.By, n.Instruction, n.Text)
	}
	g.write(w.Out)
	return nil
}

// notes reads the notes that were taken from the journal: the state keeps none.
func (w *workspace) notes(ctx context.Context, id, instruction string, refused map[uint64]bool) ([]noted, error) {
	all := []noted{}
	err := w.store.Read(ctx, id, 1, func(e *journal.Entry) error {
		if e.Kind != journal.KindNote || refused[e.Seq] {
			return nil
		}
		c, err := book.Decode(&e.Draft)
		if err != nil {
			return nil // of a later version: the fold refused it
		}
		if n := c.(*book.Note); instruction == "" || n.Instruction == instruction {
			all = append(all, noted{e.Seq, e.At, e.Actor, n.Instruction, n.Text})
		}
		return nil
	})
	return all, err
}

// errSeen ends reading at the entry asked for.
var errSeen = errors.New("seen")

// whoAndWhy reads from an entry who sent it and the reason that it gives.
func (w *workspace) whoAndWhy(ctx context.Context, id string, seq uint64) (by, why string, err error) {
	err = w.store.Read(ctx, id, seq, func(e *journal.Entry) error {
		by = e.Actor
		if e.Kind == journal.KindReview || e.Kind == journal.KindDecision {
			c, err := book.Decode(&e.Draft)
			if err != nil {
				return err
			}
			why = reasonOf(c)
		}
		return errSeen
	})
	if errors.Is(err, errSeen) {
		err = nil
	}
	return by, why, err
}

func reasonOf(c book.Command) string {
	switch c := c.(type) {
	case *book.Review:
		return c.Why
	case *book.Decision:
		return c.Why
	}
	return ""
}
