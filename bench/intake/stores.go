//go:build unix

package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"

	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/journal"
)

// A load is how many callers send how much at once.
type load struct {
	callers      int
	instructions int // in each command
}

var (
	singles = load{64, 1}
	batches = load{8, 1000}
)

// A send sends the next command of a caller and returns when it is acknowledged.
type send func(ctx context.Context, caller int, key string) error

// append gives sends that append to a store alone, bodies of as many bytes as a
// command of the load has: nothing is validated or folded.
func (l load) append(s desk.Journal) send {
	size := 60 + 34*(l.instructions-1)
	drafts := make([]journal.Draft, l.callers)
	for c := range drafts {
		drafts[c] = journal.Draft{Kind: journal.KindInstructions, Version: 1, Actor: participant(c), Body: make([]byte, size)}
	}
	return func(ctx context.Context, caller int, key string) error {
		d := drafts[caller]
		d.Key = key
		_, err := s.Append(ctx, "offer-2026", d)
		return err
	}
}

// do gives sends of tenders to a desk.
func (l load) do(d *desk.Desk, id string) send {
	sent := make([]int, l.callers)
	return func(ctx context.Context, caller int, key string) error {
		batch := &book.Instructions{Channel: "api", Rows: l.rows(caller, sent[caller])}
		sent[caller] += l.instructions
		a, err := taken(ctx, d, id, participant(caller), key, batch)
		if err == nil && a.Outcome.Taken != l.instructions {
			err = fmt.Errorf("%d of %d instructions were taken", a.Outcome.Taken, l.instructions)
		}
		return err
	}
}

// accounts are made before anything is timed, as the peers' rows are.
var accounts = func() (all [1000]string) {
	for i := range all {
		all[i] = fmt.Sprintf("A%06d", i)
	}
	return all
}()

// rows makes a caller's tenders from number n on. Their ids are parts of one text.
func (l load) rows(caller, n int) []book.Row {
	const size = 14
	series := [...]string{"9.125", "11", "10.5", "10.75"}
	text := make([]byte, 0, size*l.instructions)
	for i := range l.instructions {
		text = strconv.AppendInt(text, int64(10_000+caller)*1_000_000_000+int64(n+i), 10)
	}
	ids := string(text)
	rows := make([]book.Row, l.instructions)
	for i := range rows {
		rows[i] = book.Row{
			Action: book.Tender, ID: ids[size*i : size*(i+1)], Series: series[(n+i)%4], Participant: participant(caller),
			Account: accounts[(n+i)%len(accounts)], Principal: int64((n+i)%250+1) * 1000_00,
		}
	}
	return rows
}

// drive has the callers send, each as soon as the command before is acknowledged.
func (l load) drive(ctx context.Context, lasts time.Duration, next send) (figures, error) {
	taken := make([][]time.Duration, l.callers)
	failed := make([]error, l.callers)
	start, cpu := time.Now(), processor()
	var all sync.WaitGroup
	for c := range l.callers {
		all.Go(func() {
			for time.Since(start) < lasts {
				key, err := uuid.NewV7()
				if err != nil {
					failed[c] = err
					return
				}
				sent := time.Now()
				if err := next(ctx, c, key.String()); err != nil {
					failed[c] = err
					return
				}
				taken[c] = append(taken[c], time.Since(sent))
			}
		})
	}
	all.Wait()
	elapsed, cpu := time.Since(start).Seconds(), processor()-cpu
	for _, err := range failed {
		if err != nil {
			return figures{}, err
		}
	}
	times := slices.Concat(taken...)
	f := of(times)
	instructions := len(times) * l.instructions
	f.rows, f.cpu = float64(instructions)/elapsed, cpu/time.Duration(instructions)
	return f, nil
}

// processor is the processor time that this process has used.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// of gives the median and the 99th percentile.
func of(times []time.Duration) figures {
	slices.Sort(times)
	return figures{half: times[len(times)/2], p99: times[len(times)*99/100]}
}
