package journaltest_test

import (
	"testing"
	"time"

	"tenderbook/internal/journaltest"
)

func TestMemory(t *testing.T) {
	journaltest.Run(t, func(*testing.T) journaltest.Place {
		now := time.Now
		m := journaltest.NewMemory(func() time.Time { return now() })
		return func(_ *testing.T, clock func() time.Time) journaltest.Store {
			now = clock // the memory stays, the clock is the caller's
			return m
		}
	})
}
