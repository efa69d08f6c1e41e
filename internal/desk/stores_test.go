package desk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tenderbook/internal/journaltest"
	"tenderbook/internal/postgres"
	"tenderbook/internal/postgrestest"
	"tenderbook/internal/sqlite"
)

// A place opens the same store each time it is called, with a clock.
type place func(t testing.TB, clock func() time.Time) journaltest.Store

// onEachStore runs a test on SQLite and on PostgreSQL, each with places for
// stores that are empty at first.
func onEachStore(t *testing.T, try func(t *testing.T, fresh func(testing.TB) place)) {
	t.Run("SQLite", func(t *testing.T) { try(t, onFile) })
	t.Run("PostgreSQL", func(t *testing.T) { try(t, onServer) })
}

// server is the one PostgreSQL server of these tests, started when it is first
// asked for.
var server struct {
	*postgrestest.Server
	databases int
}

func TestMain(m *testing.M) {
	code := m.Run()
	if server.Server != nil {
		if err := server.Remove(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func onServer(t testing.TB) place {
	t.Helper()
	if server.Server == nil {
		s, err := postgrestest.Launch(context.Background())
		if errors.Is(err, postgrestest.ErrNotInstalled) && os.Getenv("CI") != "true" {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		server.Server = s
	}
	server.databases++
	name := fmt.Sprint("d", server.databases)
	url, err := server.Database(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // after the stores on it are closed
		if err := server.Drop(context.Background(), name); err != nil {
			t.Error(err)
		}
	})
	return func(t testing.TB, clock func() time.Time) journaltest.Store {
		t.Helper()
		s, err := postgres.Open(t.Context(), url, postgres.Options{Clock: clock})
		return closing(t, s, err)
	}
}

func onFile(t testing.TB) place {
	path := filepath.Join(t.TempDir(), "offers.db")
	return func(t testing.TB, clock func() time.Time) journaltest.Store {
		t.Helper()
		s, err := sqlite.Open(t.Context(), path, sqlite.Options{Clock: clock})
		return closing(t, s, err)
	}
}

// closing closes a store with the test; a test may do so before.
func closing(t testing.TB, s interface {
	journaltest.Store
	io.Closer
}, err error,
) journaltest.Store {
	t.Helper()
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
