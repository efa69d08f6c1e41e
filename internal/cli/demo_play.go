package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tenderbook/book"
	level3 "tenderbook/examples/level3-2004"
)

// conditionsMet is the statement that both conditions came out satisfied. That
// they did is history; hour and form are assumed.
const conditionsMet = `tenderbook: 1
amends: LVLT-2004
effective: 2004-12-01 16:00

conditions:
  - {id: financing, status: satisfied}
  - {id: general, status: satisfied}
`

// A play takes an offer through its record, as people would at their terminals:
// ann's and bob's commands are those of this program. The clock is that of the
// story.
type play struct {
	*program
	dir       string
	at        time.Time
	workspace *workspace // open: instructions come by the thousand
	rows      []playedRow
	commands  int    // that went on record under a key of the play
	late      int    // tenders that came after the end, and withdrawals after their deadline
	denied    string // what ann was told who would approve her own proposal
	life      string // where the offer stands at the end
}

// A playedRow is a row of the book and when it came.
type playedRow struct {
	at  time.Time
	row sentRow
}

var newYork = time.FixedZone("EST", -5*60*60) // as it was from 31 October 2004 on

// newPlay makes a folder ready to play in.
func newPlay(ctx context.Context, p *program, dir string) (*play, error) {
	y := &play{program: p, dir: dir, at: time.Date(2004, 10, 28, 17, 0, 0, 0, newYork)}
	for name, data := range map[string][]byte{
		"offer.yaml": level3.Offer, "amendment-2004-11-17.yaml": level3.Amendment, "conditions-2004-12-01.yaml": []byte(conditionsMet),
	} {
		if err := os.WriteFile(y.path(name), data, 0o600); err != nil {
			return nil, cannot("write", y.path(name), err)
		}
	}
	y.workspace = &workspace{program: p, db: y.path("offers.db"), actor: "ann", now: func() time.Time { return y.at }}
	return y, y.workspace.open(ctx, true)
}

func (y *play) close() { y.workspace.store.Close() }

func (y *play) path(parts ...string) string {
	return filepath.Join(append([]string{y.dir}, parts...)...)
}

// plainPaths takes the folder out of what a command printed.
func (y *play) plainPaths(s string) string {
	return strings.ReplaceAll(s, y.dir+string(filepath.Separator), "")
}

// tender runs a command of this program for a user at the time of the story.
func (y *play) tender(user string, args ...string) (stdout string, err error) {
	env := map[string]string{
		"TENDER_DB": y.path("offers.db"), "TENDER_USER": user, "TENDER_CLOCK": y.at.Format(time.RFC3339), "COLUMNS": "",
	}
	var out, errs bytes.Buffer
	code := Run(args, Streams{Out: &out, Err: &errs, Env: func(name string) string {
		if v, ok := env[name]; ok {
			return v
		}
		return y.Env(name)
	}})
	if code == exitStopped {
		return "", context.Canceled
	}
	if code != exitDone {
		return "", answered{code, errors.New(messages(errs.String()))}
	}
	return out.String(), nil
}

// messages are what a command said was wrong, without the key that it printed.
func messages(s string) string {
	if line, rest, _ := strings.Cut(s, "\n"); strings.HasPrefix(line, "key ") {
		s = rest
	}
	return strings.TrimSpace(strings.TrimPrefix(s, "tender: "))
}

// puts runs a command that goes on record. Its key is its number, so that every
// play makes the same journal.
func (y *play) puts(user string, args ...string) error {
	y.commands++
	_, err := y.tender(user, append(args, "--key", fmt.Sprintf("demo-%d", y.commands))...)
	return err
}

// agreed has ann make a proposal and bob approve it a few minutes later.
func (y *play) agreed(ctx context.Context, args ...string) error {
	if err := y.puts("ann", args...); err != nil {
		return err
	}
	head, err := y.workspace.head(ctx, demoOffer)
	if err != nil {
		return err
	}
	return y.approved(proposalName(head.Seq))
}

// approved has bob approve a proposal a few minutes after it was made.
func (y *play) approved(proposal string) error {
	y.at = y.at.Add(9 * time.Minute)
	return y.puts("bob", "approve", demoOffer, proposal, "--confirm", demoOffer)
}

func (y *play) playLaunch(ctx context.Context) error {
	if err := y.puts("ann", "offer", "new", y.path("offer.yaml")); err != nil {
		return err
	}
	if err := y.puts("ann", "admin", "user", "grant", demoOffer, "bob", "approver"); err != nil {
		return err
	}
	if err := y.agreed(ctx, "offer", "launch", demoOffer); err != nil {
		return err
	}
	return y.readBook(ctx)
}

func (y *play) playEarly(ctx context.Context) error {
	return y.until(ctx, time.Date(2004, 11, 12, 17, 0, 0, 0, newYork))
}

func (y *play) playAmendment(ctx context.Context) error {
	if err := y.until(ctx, time.Date(2004, 11, 17, 8, 10, 0, 0, newYork)); err != nil {
		return err
	}
	if err := y.agreed(ctx, "offer", "amend", demoOffer, y.path("amendment-2004-11-17.yaml")); err != nil {
		return err
	}
	y.at = time.Date(2004, 11, 17, 8, 30, 0, 0, newYork)
	return nil
}

func (y *play) playResult(ctx context.Context) error {
	if err := y.until(ctx, time.Date(2004, 12, 1, 15, 47, 0, 0, newYork)); err != nil {
		return err
	}
	if err := y.agreed(ctx, "offer", "amend", demoOffer, y.path("conditions-2004-12-01.yaml")); err != nil {
		return err
	}
	if err := y.until(ctx, time.Date(2004, 12, 2, 9, 30, 0, 0, newYork)); err != nil {
		return err
	}
	if _, err := y.tender("ann", "plan", demoOffer, "--out", y.path("final.plan")); err != nil {
		return err
	}
	if err := y.puts("ann", "apply", y.path("final.plan")); err != nil {
		return err
	}
	head, err := y.workspace.head(ctx, demoOffer)
	if err != nil {
		return err
	}
	proposal := proposalName(head.Seq)
	var no answered
	err = y.puts("ann", "approve", demoOffer, proposal, "--confirm", demoOffer)
	if !errors.As(err, &no) || no.code != exitNotAllowed {
		return fmt.Errorf("%s: its maker approved it, or was refused for another reason: %v", proposal, err)
	}
	y.denied, _, _ = strings.Cut(no.Error(), "\n")
	if err := y.approved(proposal); err != nil {
		return err
	}
	y.at = time.Date(2004, 12, 2, 16, 0, 0, 0, newYork)
	if err := y.agreed(ctx, "pay", "release", demoOffer); err != nil {
		return err
	}
	if err := y.agreed(ctx, "offer", "settle", demoOffer); err != nil {
		return err
	}
	return y.workspace.look(ctx, demoOffer, func(s *book.State) error { y.life = s.At(y.at).Life.String(); return nil })
}

// readBook reads the book of the example, in the order in which it came.
func (y *play) readBook(ctx context.Context) error {
	times, err := csv.NewReader(bytes.NewReader(level3.Book)).ReadAll()
	if err != nil {
		return err
	}
	return y.workspace.look(ctx, demoOffer, func(s *book.State) error {
		r, err := newRowReader("book.csv", bytes.NewReader(level3.Book), s.Terms(), func(string) string { return "" })
		if err != nil {
			return err
		}
		rows, bad, err := r.rows()
		if err != nil {
			return err
		}
		if bad.Total > 0 || len(rows) != len(times)-1 {
			return bad
		}
		for i, row := range rows {
			at, err := time.Parse(time.RFC3339, times[i+1][1])
			if err != nil {
				return err
			}
			y.rows = append(y.rows, playedRow{at, row})
		}
		return nil
	})
}

// until puts on record what came up to a time, each at its own.
func (y *play) until(ctx context.Context, to time.Time) error {
	line := y.progress("playing the book")
	defer line.done()
	for n := int64(0); len(y.rows) > 0 && y.rows[0].at.Before(to); n++ {
		y.at = y.rows[0].at
		if err := y.submit(ctx, y.rows[0].row.Row); err != nil {
			return err
		}
		line.tell(n, n+int64(len(y.rows)))
		y.rows = y.rows[1:]
	}
	y.at = to
	return nil
}

// submit puts one instruction on record. One that came too late is kept, and is
// no failure of the play.
func (y *play) submit(ctx context.Context, row book.Row) error {
	a, err := y.workspace.doAs(ctx, demoOffer, row.ID, &book.Instructions{Channel: "depository", Rows: []book.Row{row}})
	if len(a.Outcome.Rows) == 0 {
		return err
	}
	switch no := &a.Outcome.Rows[0].Refusal; no.Code {
	case book.Late, book.WithdrawalLate:
		y.late++
		return nil
	default:
		return fmt.Errorf("%s: %w", row.ID, no)
	}
}
