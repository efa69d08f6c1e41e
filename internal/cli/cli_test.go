package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tenderbook/offer"
)

// watched runs a command line as a person at a terminal sees it.
func watched(env map[string]string, args ...string) (stdout string, code int) {
	var out, errs bytes.Buffer
	code = Run(args, Streams{
		Out: &out, Err: &errs, OutIsTerminal: true, ErrIsTerminal: true,
		Env: func(name string) string { return env[name] },
	})
	return out.String(), code
}

func TestColourIsForPersonsWhoWantIt(t *testing.T) {
	for _, c := range []struct {
		claim  string
		env    map[string]string
		flag   string
		colour bool
	}{
		{"a person at a terminal sees colour", nil, "", true},
		{"NO_COLOR turns it off", map[string]string{"NO_COLOR": "1"}, "", false},
		{"an empty NO_COLOR does not count", map[string]string{"NO_COLOR": ""}, "", true},
		{"--no-color turns it off", nil, "--no-color", false},
		{"a dumb terminal gets none", map[string]string{"TERM": "dumb"}, "", false},
	} {
		args := []string{"check", "../../examples/two-series"}
		if c.flag != "" {
			args = append(args, c.flag)
		}
		got, code := watched(c.env, args...)
		if code != 0 || strings.Contains(got, "\x1b[") != c.colour {
			t.Errorf("%s: exit code %d, output %q", c.claim, code, got)
		}
	}
}

// Also those that come later: a page begins with what the command does and an
// example, and fits 80 columns.
func TestEveryHelpPageShowsAnExampleAndFits(t *testing.T) {
	root := (&program{Streams: Streams{Env: func(string) string { return "" }}}).rootCommand()
	for _, c := range root.Commands() {
		page, code := watched(nil, "help", c.Name())
		if !strings.HasPrefix(page, c.Short+"\n\nExample:\n  ") || code != 0 {
			t.Errorf("help %s does not begin with an example:\n%s", c.Name(), page)
		}
		for line := range strings.Lines(page) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > helpWidth {
				t.Errorf("help %s: %d characters, at most %d: %s", c.Name(), n, helpWidth, line)
			}
		}
	}
}

// An example that was typed off the help page once named a book that is not
// there.
func TestExamplesOfTheHelpPagesRun(t *testing.T) {
	t.Chdir("../..")
	root := (&program{Streams: Streams{Env: func(string) string { return "" }}}).rootCommand()
	ran := 0
	for _, c := range append(root.Commands(), root) {
		for line := range strings.Lines(c.Example) {
			args := strings.Fields(line)
			if !strings.Contains(line, "examples/") || args[0] != "tender" {
				continue // its files are the reader's
			}
			ran++
			if got, code := watched(nil, args[1:]...); code != 0 {
				t.Errorf("%s: exit code %d\n%s", line, code, got)
			}
		}
	}
	if ran < 5 {
		t.Errorf("%d examples name files of the examples folder, want 5 or more", ran)
	}
}

// A book is confidential: an output that only its owner may read stays so.
func TestAnOutputKeepsWhoMayReadIt(t *testing.T) {
	name := filepath.Join(t.TempDir(), "allocation.csv")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, code := watched(nil, "allocate", "../../examples/two-series", "../../examples/two-series/book.csv", "-o", name); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 || info.Size() == 0 {
		t.Errorf("%d bytes with mode %v, want some with -rw-------", info.Size(), info.Mode())
	}
}

func TestTablesFitTheTerminal(t *testing.T) {
	wide, _ := watched(map[string]string{"COLUMNS": "200"}, "allocate", "../../examples/level3-2004", "../../examples/level3-2004/book.csv")
	if !strings.Contains(wide, "10 1/2% Senior Discount Notes due 2008  ") {
		t.Errorf("a wide terminal breaks a title:\n%s", wide)
	}
	narrow, _ := watched(map[string]string{"COLUMNS": "80"}, "allocate", "../../examples/level3-2004", "../../examples/level3-2004/book.csv")
	if strings.Contains(narrow, "10 1/2% Senior Discount Notes due 2008  ") {
		t.Errorf("a narrow terminal does not break a title:\n%s", narrow)
	}
}

func TestTablesAreAsWideAsTheTerminalSays(t *testing.T) {
	for _, c := range []struct {
		claim   string
		watched bool
		says    int
		columns string
		want    int
	}{
		{"a terminal says how wide it is", true, 83, "", 83},
		{"COLUMNS says it better", true, 83, "60", 60},
		{"COLUMNS that is no width does not count", true, 83, "wide", 83},
		{"a terminal that does not say is as wide as a page", true, 0, "", pageWidth},
		{"a very narrow one gets tables that can be read", true, 12, "", leastWidth},
		{"a file is as wide as a page", false, 83, "60", pageWidth},
	} {
		p := &program{Streams: Streams{OutIsTerminal: c.watched, OutColumns: c.says, Env: func(string) string { return c.columns }}}
		if got := p.tableWidth(); got != c.want {
			t.Errorf("%s: %d columns, want %d", c.claim, got, c.want)
		}
	}
}

func TestProgressWaitsAndCleansUp(t *testing.T) {
	var w bytes.Buffer
	p := &program{Streams: Streams{Err: &w, ErrIsTerminal: true, Env: func(string) string { return "" }}}
	quick := p.progress("reading book.csv")
	quick.tell(50, 100)
	quick.done()
	if w.Len() != 0 {
		t.Errorf("work of no length shows %q", &w)
	}
	long := p.progress("reading book.csv")
	long.started = time.Now().Add(-time.Second)
	long.tell(50, 100)
	if want := "\rreading book.csv [" + strings.Repeat("#", 15) + strings.Repeat(".", 15) + "]  50%"; w.String() != want {
		t.Errorf("got %q, want %q", &w, want)
	}
	shown := w.Len() - 1
	long.done()
	if cleared := strings.Repeat(" ", shown); !strings.Contains(w.String(), "\r"+cleared+"\r") {
		t.Errorf("the line is not cleared: %q", &w)
	}
	p.ErrIsTerminal = false
	w.Reset()
	unseen := p.progress("reading book.csv")
	unseen.started = time.Now().Add(-time.Second)
	unseen.tell(50, 100)
	if w.Len() != 0 {
		t.Errorf("progress where nobody watches: %q", &w)
	}
}

func TestMomentsAreShownAsOffersSayThem(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	terms := &offer.Terms{Zone: zone, ZoneName: "America/New_York"}
	for _, c := range []struct{ at, want string }{
		{"2004-11-12T22:00:00Z", "Fri 12 Nov 2004 17:00 America/New_York"},
		{"2004-12-02T05:00:00Z", "Wed 1 Dec 2004 24:00 America/New_York"}, // the end of a day is that day's
		{"2004-11-11T15:02:17Z", "Thu 11 Nov 2004 10:02:17 America/New_York"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := when(at, terms); got != c.want {
			t.Errorf("%s: got %q, want %q", c.at, got, c.want)
		}
	}
}

func TestADemoThatDiffersFromHistoryFails(t *testing.T) {
	c := comparison{Figures: []publishedRow{{"tendered", "$2", "$2", true}, {"accepted", "$1", "$3", false}}}
	if err := c.agree(); err == nil || err.Error() != "accepted: $1 was published, the book gives $3" {
		t.Errorf("got %v", err)
	}
	var w bytes.Buffer
	c.write(&w)
	if !strings.Contains(w.String(), "DIFFERS") {
		t.Errorf("no mark on what differs:\n%s", &w)
	}
}

func TestEveryFolderNameIsTakenAsItIs(t *testing.T) {
	dir := t.TempDir() + "/odd[1]*?"
	copyExample(t, dir)
	got, code := watched(nil, "check", "--no-color", dir)
	if code != 0 || !strings.Contains(got, "Change of Wed 17 Nov 2004") {
		t.Errorf("exit code %d, the amendment was not found:\n%s", code, got)
	}
}

// copyExample copies the files of the Level 3 offer into a new folder.
func copyExample(t *testing.T, dir string) {
	t.Helper()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"offer.yaml", "amendment-2004-11-17.yaml"} {
		data, err := os.ReadFile("../../examples/level3-2004/" + name)
		if err == nil {
			err = os.WriteFile(dir+"/"+name, data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
