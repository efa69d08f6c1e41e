package postgres_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"tenderbook/internal/journaltest"
	"tenderbook/internal/postgres"
	"tenderbook/internal/postgrestest"
)

func open(t *testing.T, url string, o postgres.Options) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), url, o)
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

var databases atomic.Int64

// database makes a new one on the server.
func database(t *testing.T, server *postgrestest.Server) string {
	t.Helper()
	url, err := server.Database(t.Context(), fmt.Sprintf("d%d", databases.Add(1)))
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func TestContract(t *testing.T) {
	server := postgrestest.Start(t)
	journaltest.Run(t, func(t *testing.T) journaltest.Place {
		url := database(t, server)
		return func(t *testing.T, clock func() time.Time) journaltest.Store {
			return open(t, url, postgres.Options{Clock: clock})
		}
	})
}

func TestAnOfferWithoutRoomTakesNoMore(t *testing.T) {
	journaltest.Room(t, open(t, database(t, postgrestest.Start(t)), postgres.OptionsForFew(3)))
}
