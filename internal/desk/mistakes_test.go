package desk_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/internal/journaltest"
	"tenderbook/journal"
)

// Mistakes that a store or those who run it could make, to show that the check
// of the races finds them.

// stampsEarly gives receipts the time at which they were asked for.
type stampsEarly struct {
	*journaltest.Memory
	clock *window
}

func (j stampsEarly) Append(ctx context.Context, offer string, drafts ...journal.Draft) ([]journal.Receipt, error) {
	asked := j.clock.Now()
	receipts, err := j.Memory.Append(ctx, offer, drafts...)
	for i := range receipts {
		receipts[i].At = asked
	}
	return receipts, err
}

// lags shows an offer as it was when it was last asked about.
type lags struct {
	*journaltest.Memory
	mu  sync.Mutex
	had uint64 // how many entries there were
}

func (j *lags) Read(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) error {
	upTo, err := j.ask(ctx, offer)
	if err != nil {
		return err
	}
	return j.Memory.Read(ctx, offer, from, func(e *journal.Entry) error {
		if e.Seq > upTo {
			return nil
		}
		return each(e)
	})
}

func (j *lags) Head(ctx context.Context, offer string) (head journal.Receipt, err error) {
	upTo, err := j.ask(ctx, offer)
	if err != nil {
		return head, err
	}
	err = j.Memory.Read(ctx, offer, max(upTo, 1), func(e *journal.Entry) error {
		if e.Seq == upTo {
			head = journal.ReceiptOf(e)
		}
		return nil
	})
	return head, err
}

// ask gives how many entries there were when it was last called.
func (j *lags) ask(ctx context.Context, offer string) (upTo uint64, err error) {
	j.mu.Lock() // before the head is read: what it shows lags, and does not go back
	defer j.mu.Unlock()
	head, err := j.Memory.Head(ctx, offer)
	upTo, j.had = j.had, head.Seq
	return upTo, err
}

// What is not read yet is not known to be taken.
func TestADeskOnAJournalThatLagsSaysUnknown(t *testing.T) {
	d := desk.Open(&lags{Memory: journaltest.NewMemory(time.Now)})
	if a, err := d.Do(t.Context(), id, "ann", "1", &book.Note{Text: "x"}); !errors.Is(err, journal.ErrUnknown) {
		t.Errorf("answered %+v, %v; want journal.ErrUnknown", a, err)
	}
	if a, err := d.Do(t.Context(), id, "ann", "1", &book.Note{Text: "x"}); err != nil || !a.Receipt.Existing || a.Receipt.Seq != 1 {
		t.Errorf("asked again: %+v, %v; want the first receipt", a, err)
	}
}

// splitBrain is a second desk over a journal of its own, which has what the first
// had so far.
func splitBrain(t *testing.T, first *journaltest.Memory, w *window, offer string) *desk.Desk {
	t.Helper()
	second := journaltest.NewMemory(w.Now)
	if _, err := desk.Copy(t.Context(), second, first, offer, 0); err != nil {
		t.Fatal(err)
	}
	return desk.Open(second)
}
