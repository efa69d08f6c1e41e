//go:build unix

package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"tenderbook/internal/desk"
	"tenderbook/journal"
)

// singles appends one command at a time from 64 callers.
func singles(s desk.Journal) func(context.Context, time.Duration) (figures, error) {
	return func(ctx context.Context, lasts time.Duration) (figures, error) {
		return drive(ctx, s, lasts, 64, 1, 120)
	}
}

// batches appends entries of 1,000 instructions from 8 callers.
func batches(s desk.Journal) func(context.Context, time.Duration) (figures, error) {
	return func(ctx context.Context, lasts time.Duration) (figures, error) {
		return drive(ctx, s, lasts, 8, 1000, 64_000)
	}
}

// drive has callers append bodies of that many instructions and bytes, each as
// soon as the one before is acknowledged.
func drive(ctx context.Context, s desk.Journal, lasts time.Duration, callers, instructions, size int) (figures, error) {
	taken := make([][]time.Duration, callers)
	failed := make([]error, callers)
	start := time.Now()
	var all sync.WaitGroup
	for c := range callers {
		all.Go(func() {
			d := journal.Draft{Kind: journal.KindInstructions, Version: 1, Actor: fmt.Sprintf("participant-%d", c), Body: make([]byte, size)}
			for time.Since(start) < lasts {
				key, err := uuid.NewV7()
				if err != nil {
					failed[c] = err
					return
				}
				d.Key = key.String()
				sent := time.Now()
				if _, err := s.Append(ctx, "offer-2026", d); err != nil {
					failed[c] = err
					return
				}
				taken[c] = append(taken[c], time.Since(sent))
			}
		})
	}
	all.Wait()
	elapsed := time.Since(start).Seconds()
	for _, err := range failed {
		if err != nil {
			return figures{}, err
		}
	}
	times := slices.Concat(taken...)
	slices.Sort(times)
	return figures{rows: float64(len(times)*instructions) / elapsed, half: times[len(times)/2], p99: times[len(times)*99/100]}, nil
}
