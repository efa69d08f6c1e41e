//go:build unix

package main

import (
	"context"
	"fmt"
	"time"

	"tenderbook/allocation"
	"tenderbook/book"
	"tenderbook/internal/desk"
)

// A place takes commands for offers over one store.
type place struct {
	store desk.Journal
	name  string
	runs  int
}

// raw times the store alone.
func (p *place) raw(l load) func(context.Context, time.Duration) (figures, error) {
	return func(ctx context.Context, lasts time.Duration) (figures, error) {
		return l.drive(ctx, lasts, l.append(p.store))
	}
}

// desk times whole commands: authorised, on disk, folded, answered with receipt
// and outcome.
func (p *place) desk(l load) func(context.Context, time.Duration) (figures, error) {
	return func(ctx context.Context, lasts time.Duration) (f figures, err error) {
		err = p.open(ctx, l, func(d *desk.Desk, id string) error {
			f, err = l.drive(ctx, lasts, l.do(d, id))
			return err
		})
		return f, err
	}
}

// open gives a desk with an offer that takes tenders.
func (p *place) open(ctx context.Context, l load, use func(d *desk.Desk, id string) error) error {
	p.runs++
	id := fmt.Sprintf("LVLT-%s-%d", p.name, p.runs)
	d := desk.Open(p.store)
	defer d.Close()
	if err := launch(ctx, d, id, l.callers); err != nil {
		return err
	}
	return use(d, id)
}

// read times a reader who asks for the totals of all series and for the state of
// one instruction, each time with a pause before, while callers submit. The
// figures are the reader's; intake is what went in meanwhile.
func (p *place) read(l load, pause time.Duration, intake *figures) func(context.Context, time.Duration) (figures, error) {
	return func(ctx context.Context, lasts time.Duration) (f figures, err error) {
		err = p.open(ctx, l, func(d *desk.Desk, id string) error {
			reading, stop := context.WithCancel(ctx)
			answered := make(chan figures, 1)
			failed := make(chan error, 1)
			go func() {
				f, err := ask(reading, d, id, pause)
				answered <- f
				failed <- err
			}()
			*intake, err = l.drive(ctx, lasts, l.do(d, id))
			stop()
			f = <-answered
			if again := <-failed; err == nil {
				err = again
			}
			return err
		})
		return f, err
	}
}

// ask asks until ctx ends.
func ask(ctx context.Context, d *desk.Desk, id string, pause time.Duration) (figures, error) {
	var times []time.Duration
	start, principal := time.Now(), int64(0)
	for ctx.Err() == nil {
		if pause > 0 {
			time.Sleep(pause)
		}
		asked := time.Now()
		err := d.View(context.WithoutCancel(ctx), id, func(s *book.State) error {
			sum := int64(0)
			for _, series := range s.Terms().Series {
				sum += s.Total(series.ID, allocation.Early).Principal
			}
			if sum < principal {
				return fmt.Errorf("the totals went from %d to %d", principal, sum)
			}
			principal = sum
			_, there := s.Instruction("10007000000000")
			if !there && len(times) > 10_000 {
				return fmt.Errorf("the first instruction of caller 7 is not on record")
			}
			return nil
		})
		if err != nil {
			return figures{}, err
		}
		times = append(times, time.Since(asked))
	}
	f := of(times)
	f.rows = float64(len(times)) / time.Since(start).Seconds()
	return f, nil
}
