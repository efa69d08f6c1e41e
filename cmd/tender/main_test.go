package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"tenderbook/internal/cli"
	"tenderbook/internal/postgrestest"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tender": func() { os.Exit(cli.Run(os.Args[1:], cli.Standard())) },
	})
}

// Each script in testdata tells a story of the command line. $LEVEL3 and $TWO
// are the folders of the examples, $OFFERS that of the real offers.
func TestStories(t *testing.T) { tell(t, "testdata", func(*testscript.Env) error { return nil }) }

// Each script in testdata/stores tells a story of a workspace, $TENDER_DB, that
// is the same wherever the workspace is kept.
func TestStoriesOnBothStores(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		tell(t, "testdata/stores", func(env *testscript.Env) error {
			env.Setenv("TENDER_DB", filepath.Join(env.WorkDir, "offers.db"))
			return nil
		})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		server := postgrestest.Start(t)
		var stories atomic.Int32
		tell(t, "testdata/stores", func(env *testscript.Env) error {
			url, err := server.Database(t.Context(), fmt.Sprintf("story%d", stories.Add(1)))
			env.Setenv("TENDER_DB", url)
			return err
		})
	})
}

// tell runs the scripts of a folder.
func tell(t *testing.T, folder string, prepare func(*testscript.Env) error) {
	t.Helper()
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           folder,
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("LEVEL3", filepath.Join(examples, "level3-2004"))
			env.Setenv("TWO", filepath.Join(examples, "two-series"))
			env.Setenv("OFFERS", filepath.Join(examples, "..", "testdata", "offers"))
			return prepare(env)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit":   exitCode,
			"narrow": narrow,
		},
	})
}
