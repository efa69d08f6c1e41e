package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"tenderbook/internal/cli"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tender": func() { os.Exit(cli.Run(os.Args[1:], cli.Standard())) },
	})
}

// Each script in testdata tells a story of the command line. $LEVEL3 and $TWO
// are the folders of the examples, $OFFERS that of the real offers.
func TestStories(t *testing.T) {
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("LEVEL3", filepath.Join(examples, "level3-2004"))
			env.Setenv("TWO", filepath.Join(examples, "two-series"))
			env.Setenv("OFFERS", filepath.Join(examples, "..", "testdata", "offers"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit":   exitCode,
			"narrow": narrow,
		},
	})
}
