package postgres_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"tenderbook/internal/journaltest"
	"tenderbook/internal/postgres"
	"tenderbook/internal/postgrestest"
)

var (
	kills  = flag.Int("kills", 50, "how often TestKill kills the process that appends; every fifth time the server crashes too")
	points = flag.Int("points", 1, "how often TestKillAtPoints and TestKillServerAtPoints kill at each named point")
)

func TestMain(m *testing.M) {
	child, is := journaltest.IsChild()
	if !is {
		os.Exit(m.Run())
	}
	ctx := context.Background()
	s, err := postgres.Open(ctx, child.Where, postgres.OptionsForTests(newKiller()))
	if err != nil {
		fmt.Printf("error opening %q\n", err)
		os.Exit(1)
	}
	child.Run(ctx, s, os.Stdout)
	_ = s.Close()
}

func TestKill(t *testing.T) {
	server := postgrestest.Start(t)
	url := database(t, server)
	crashes := 0
	between := func(kill int) {
		if kill%5 != 4 {
			return
		}
		if err := server.Crash(); err != nil {
			t.Fatal(err)
		}
		if err := server.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		crashes++
	}
	journaltest.Kill(t, url, *kills, between, func() journaltest.Store { return open(t, url, postgres.Options{}) })
	t.Logf("the server crashed %d times", crashes)
}

// Several tender processes, one database, one offer.
func TestProcessesShareAnOffer(t *testing.T) {
	url := database(t, postgrestest.Start(t))
	journaltest.Together(t, url, 3, 60, 3, func() journaltest.Store { return open(t, url, postgres.Options{}) })
}
