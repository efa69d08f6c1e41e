//go:build unix

package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"time"

	"tenderbook/book"
	"tenderbook/internal/desk"
)

// terms are those of the example; each measurement has an offer of its own under
// them, so that none grows with the length of the run.
const terms = "examples/level3-2004/offer.yaml"

// clock is a time at which the example takes tenders. It moves as fast as time
// does.
func clock() func() time.Time {
	began := time.Now()
	return func() time.Time { return time.Date(2004, 11, 1, 15, 0, 0, 0, time.UTC).Add(time.Since(began)) }
}

// participants are 64, made before anything is timed.
var participants = func() (all [64]string) {
	for i := range all {
		all[i] = fmt.Sprintf("participant-%02d", i)
	}
	return all
}()

func participant(c int) string { return participants[c] }

// launch puts an offer on record as people would: drafted by one, launched by two,
// with a role for each participant.
func launch(ctx context.Context, d *desk.Desk, id string, callers int) error {
	file, err := os.ReadFile(terms)
	if err != nil {
		return err
	}
	text := strings.Replace(string(file), "offer: LVLT-2004", "offer: "+id, 1)
	commands := []book.Command{
		&book.Offer{Name: "offer.yaml", File: text},
		&book.Grant{Actor: "bob", Role: book.Approver},
	}
	for c := range callers {
		commands = append(commands, &book.Grant{Actor: participant(c), Role: book.Participant, Participant: participant(c)})
	}
	for i, c := range commands {
		if _, err := taken(ctx, d, id, "ann", fmt.Sprint("setting up ", i), c); err != nil {
			return err
		}
	}
	proposal := &book.Proposal{What: book.Launch}
	err = d.View(ctx, id, func(s *book.State) error {
		proposal.Basis, proposal.Expires = s.TermsDigest(), s.Time().Add(time.Hour)
		return nil
	})
	if err != nil {
		return err
	}
	made, err := taken(ctx, d, id, "ann", "launch", proposal)
	if err != nil {
		return err
	}
	digest := proposal.Digest()
	_, err = taken(ctx, d, id, "bob", "launch", &book.Decision{Proposal: made.Receipt.Seq, Digest: hex.EncodeToString(digest[:]), Approve: true})
	return err
}

// taken sends a command and fails if anything of it is refused: what is timed is
// work that was done.
func taken(ctx context.Context, d *desk.Desk, id, actor, key string, c book.Command) (desk.Answer, error) {
	a, err := d.Do(ctx, id, actor, key, c)
	switch {
	case err != nil:
		return a, err
	case a.Outcome.Refusal != nil:
		return a, fmt.Errorf("%T of %s: %w", c, actor, a.Outcome.Refusal)
	case len(a.Outcome.Rows) > 0:
		return a, fmt.Errorf("%T of %s: row %d: %s", c, actor, a.Outcome.Rows[0].Row, a.Outcome.Rows[0].Why)
	}
	return a, nil
}
