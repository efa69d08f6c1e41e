package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"tenderbook/allocation"
	"tenderbook/book"
	"tenderbook/journal"
	"tenderbook/proof"
)

// publishCommand is "tender publish": an accepted result for everybody.
func (p *program) publishCommand() *cobra.Command {
	w := &workspace{program: p}
	var (
		key   signing
		to    publishing
		which string
	)
	c := &cobra.Command{
		Use:   "publish ID",
		Short: "Writes an accepted result and each tender's row, for all to check.",
		Example: `tender publish LVLT-2004 -o public --secret secret --sign-with agent.key
tender verify public/result.json --row public/rows/I-7.json --key agent.pub`,
		Long: `Writes result.json, which names the approval's place in the journal; its
signature, result.note; and rows, of which each holder gets its own. The same
secret and journal give the same result. docs/verify.md says what a holder does
with them.`,
		Args: arguments(1, 1, "ID"),
		RunE: w.in(func(ctx context.Context, args []string) error {
			run, err := parseRun(which)
			if err != nil {
				return err
			}
			return w.publish(ctx, args[0], run, to, &key)
		}),
	}
	w.reading(c)
	key.flag(c)
	c.Flags().StringVar(&which, "run", "final", "`RUN`: early or final")
	c.Flags().StringVarP(&to.dir, "out", "o", "", "`DIR` to write to")
	c.Flags().StringVar(&to.secret, "secret", "", "`FILE` of 16 random bytes or more, that hides rows")
	return c
}

func (w *workspace) publish(ctx context.Context, id string, run book.Run, to publishing, key *signing) error {
	if to.dir == "" || to.secret == "" {
		return usagef("the secret hides rows: 32 random bytes that the agent keeps, such as from\n    head -c 32 /dev/urandom > secret", "a folder and a secret are needed: -o DIR and --secret FILE")
	}
	signer, err := key.signer(w.Env)
	if err != nil {
		return err
	}
	if err := w.see(ctx, id, book.Inquiry{Subject: book.SeeJournal}, func(*book.State) error { return nil }); err != nil {
		return err
	}
	r, _, err := w.replayed(ctx, id)
	if err != nil {
		return err
	}
	accepted, err := r.accepted(run)
	if err != nil {
		return err
	}
	if signer != nil && !r.inUse(signer) {
		return notInUse(signer, id)
	}
	result, tenders, err := r.publish(ctx, run, to)
	if err == nil && signer != nil {
		err = w.announce(r.announcement(run, accepted.Seq, result), to, signer)
	}
	if err != nil {
		return err
	}
	return w.sayPublished(published{id, run, accepted.Seq, result.Checksum, tenders, signer != nil}, to.dir, signer)
}

// publish writes a result and its rows, and says how many.
func (r *replay) publish(ctx context.Context, run book.Run, to publishing) (*proof.Result, int, error) {
	in, err := r.input(run)
	if err != nil {
		return nil, 0, err
	}
	if in.Secret, err = to.readSecret(); err != nil {
		return nil, 0, err
	}
	result, err := to.publish(ctx, in)
	return result, len(in.Tenders), err
}

// note is the file of the result's signature.
func (p publishing) note() string { return noteOf(filepath.Join(p.dir, "result.json")) }

// announcement says of a published result in which entry it was accepted.
func (r *replay) announcement(run book.Run, accepted uint64, result *proof.Result) *proof.Announcement {
	return &proof.Announcement{
		Offer: r.state.Offer(), Run: string(run), Result: result.Checksum, Entry: accepted,
		Head: r.hashes[accepted-1], Root: result.Journal.Root,
	}
}

// announce signs a result, beside it.
func (p *program) announce(a *proof.Announcement, to publishing, signer note.Signer) error {
	text, err := note.Sign(&note.Note{Text: a.String()}, signer)
	if err != nil {
		return err
	}
	return p.toFile(to.note(), func(w io.Writer) error { _, err := w.Write(text); return err })
}

// published is what "tender publish" prints, here for programs.
type published struct {
	Offer    string     `json:"offer"`
	Run      book.Run   `json:"run"`
	Seq      uint64     `json:"seq"` // of the approval
	Checksum proof.Hash `json:"checksum"`
	Tenders  int        `json:"tenders"`
	Signed   bool       `json:"signed"`
}

func (p *program) sayPublished(x published, dir string, signer note.Signer) error {
	if p.json {
		return p.printJSON(x)
	}
	signed := "not signed"
	if x.Signed {
		signed = "signed by " + signer.Name()
	}
	_, err := fmt.Fprintf(p.Out, "%s: the %s result of %s, accepted in #%d, %s, %s\n    checksum %s\n", dir, x.Run, x.Offer, x.Seq,
		plural(x.Tenders, "tender", "tenders"), signed, x.Checksum)
	return err
}

// accepted finds a result on record.
func (r *replay) accepted(run book.Run) (book.Result, error) {
	for _, x := range r.state.Results() {
		if x.Run == run {
			return x, nil
		}
	}
	return book.Result{}, answered{exitTooLate, fmt.Errorf("offer %s has no %s result yet: what is not accepted is not published", r.state.Offer(), run)}
}

// inUse reports whether a key is on record and not retired.
func (r *replay) inUse(signer note.Signer) bool {
	for _, k := range r.state.Keys() {
		if v, err := note.NewVerifier(k.Public); err == nil && k.Retired == 0 && v.Name() == signer.Name() && v.KeyHash() == signer.KeyHash() {
			return true
		}
	}
	return false
}

func notInUse(signer note.Signer, id string) error {
	return answered{exitNotAllowed, fmt.Errorf("the key %s is not in use for %s\n    \"tender admin key add\" takes it into use, \"tender admin key list\" shows those that are", journal.KeyName(signer), id)}
}

// input is an accepted result as package proof takes it, without the secret.
func (r *replay) input(run book.Run) (proof.Input, error) {
	var in proof.Input
	if err := r.state.Verify(run); err != nil {
		return in, damaged{err}
	}
	plan, err := r.state.Plan(run)
	if err != nil {
		return in, err
	}
	root, err := r.tree.Root(plan.Seq)
	if err != nil {
		return in, err
	}
	in = proof.Input{
		Offer: r.state.Offer(), Terms: "sha256:" + plan.Terms.Digest(), Book: resultDigest(plan.Digest), Decision: plan.Decision,
		Journal: &proof.Position{Entries: plan.Seq, Root: root}, Tenders: make([]allocation.Tender, 0, plan.Len()),
	}
	if plan.PaysParticipants() {
		in.Payees = make([]string, 0, plan.Len())
	}
	plan.Each(func(i book.Instruction, x allocation.Tender, _ allocation.Outcome) bool {
		in.Tenders = append(in.Tenders, x)
		if in.Payees != nil {
			in.Payees = append(in.Payees, i.Participant)
		}
		return true
	})
	return in, nil
}
