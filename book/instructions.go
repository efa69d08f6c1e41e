package book

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"tenderbook/money"
)

// Instructions is a batch of rows that came in together. All have the record
// time of their entry.
type Instructions struct {
	AllOrNothing bool   // one row refused refuses all
	Channel      string // how they came: "api", "paper", "swift"; for the record
	Rows         []Row  // 1 to MaxRows

	lists    [2][]string // of the decoder: its series and participants, to be used again
	ofSeries []uint32    // of the decoder: which of the series each row has
}

// MaxRows is the most rows of one batch.
const MaxRows = 1 << 20

// An Action is what a row asks for. Codes never change their meaning.
type Action uint8

// The actions.
const (
	Tender    Action = 1 // with RefersTo: a changed tender, in place of the one named
	Withdraw  Action = 2 // of the tender named, in part or whole
	Guarantee Action = 3 // a notice of guaranteed delivery
	Deliver   Action = 4 // of the guaranteed notes named, in part or whole
	Consent   Action = 5 // to the change of terms that is asked for, without a tender
)

var actionNames = [...]string{Tender: "tender", Withdraw: "withdrawal", Guarantee: "notice of guaranteed delivery", Deliver: "delivery", Consent: "consent"}

// String is the noun: "withdrawal".
func (a Action) String() string {
	if int(a) < len(actionNames) && a > 0 {
		return actionNames[a]
	}
	return fmt.Sprintf("action %d", uint8(a))
}

// A Row is one instruction.
type Row struct {
	Action      Action
	ID          string // unique in the offer
	Series      string // id in the terms; may be empty for a withdrawal or delivery
	Participant string
	Account     string // the participant's own account
	Holder      string
	Principal   int64  // minor units; 0 for a withdrawal or delivery: all that is left
	RefersTo    string // id of the tender that a withdrawal, delivery or changed tender is about; or of the consent that is withdrawn
	HasBid      bool
	Bid         money.Decimal
	AtLeast     int64     // conditional tender: accept this much or nothing; 0: unconditional
	SentAt      time.Time // the sender's own time of receipt, kept beside; zero: not given
}

// check refuses what no batch can hold.
func (b *Instructions) check() error {
	if len(b.Rows) == 0 || len(b.Rows) > MaxRows {
		return fmt.Errorf("%d rows, needs 1 to %d", len(b.Rows), MaxRows)
	}
	if err := text("channel", b.Channel, maxName, false); err != nil {
		return err
	}
	for i := range b.Rows {
		if err := b.Rows[i].check(); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	return nil
}

func (r *Row) check() error {
	if err := r.checkShape(); err != nil {
		return err
	}
	for _, s := range [...]string{r.ID, r.Series, r.Participant, r.Account, r.Holder, r.RefersTo} {
		if len(s) > maxName || !utf8.ValidString(s) {
			return fmt.Errorf("%q is too long or not UTF-8: needs at most %d bytes", s[:min(len(s), 40)], maxName)
		}
	}
	if !r.SentAt.IsZero() && !timeFits(r.SentAt) {
		return fmt.Errorf("the sender's time %s cannot be kept: needs a time from 1678 to 2262 and not the first instant of 1970", r.SentAt)
	}
	return nil
}

// timeFits reports whether a time survives its encoding, nanoseconds since 1970
// with 0 for none.
func timeFits(t time.Time) bool { n := t.UnixNano(); return n != 0 && time.Unix(0, n).Equal(t) }

// checkShape refuses rows that lack what their action needs.
func (r *Row) checkShape() error {
	tenders := r.Action == Tender || r.Action == Guarantee
	acts := r.Action == Withdraw || r.Action == Deliver
	switch {
	case r.Action < Tender || r.Action > Consent:
		return fmt.Errorf("%s is not known", r.Action)
	case r.ID == "":
		return errors.New("the instruction has no id")
	case r.Participant == "":
		return errors.New("the instruction has no participant")
	case !acts && r.Series == "":
		return fmt.Errorf("the %s names no series", r.Action)
	case r.Principal < 0 || !acts && r.Principal == 0:
		return fmt.Errorf("principal %d, needs more than 0", r.Principal)
	case r.AtLeast < 0:
		return fmt.Errorf("least accepted %d, needs 0 or more", r.AtLeast)
	case !tenders && (r.HasBid || r.AtLeast != 0):
		return fmt.Errorf("a %s has no bid or condition", r.Action)
	case acts && r.RefersTo == "":
		return fmt.Errorf("the %s names no instruction", r.Action)
	case (r.Action == Guarantee || r.Action == Consent) && r.RefersTo != "":
		return fmt.Errorf("a %s takes the place of nothing", r.Action)
	case !r.HasBid && r.Bid != money.Decimal{}:
		return errors.New("a bid is given and not given")
	}
	return nil
}
