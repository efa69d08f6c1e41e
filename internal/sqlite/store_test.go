package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"tenderbook/internal/journaltest"
	"tenderbook/internal/sqlite"
)

func open(t *testing.T, path string, o sqlite.Options) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestContract(t *testing.T) {
	journaltest.Run(t, func(t *testing.T) journaltest.Place {
		path := filepath.Join(t.TempDir(), "offers ?#%41.db") // a name that a URL would read otherwise
		return func(t *testing.T, clock func() time.Time) journaltest.Store {
			return open(t, path, sqlite.Options{Clock: clock})
		}
	})
}
