package tenderbook_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"tenderbook/calendar"
	"tenderbook/offer"
)

// A realOffer is a folder of testdata/offers.
type realOffer struct {
	name, dir string
	history   *offer.History
	book      []row
	expected  expected
}

// An expected is expected.yaml: what was published about an offer, and what
// this repository reproduces of it.
type expected struct {
	Case       int    `yaml:"case"`       // running number of the offer in the collection
	Reproduces string `yaml:"reproduces"` // for docs/cases.md, as the next three
	Precision  string `yaml:"precision"`
	Missing    string `yaml:"missing"`
	Book       string `yaml:"book"` // how book.csv was made from the published totals
	Runs       []expectedRun
}

// An expectedRun is one run of the engine and the figures it must give.
type expectedRun struct {
	Claim     string
	Terms     string // "announced", or the local time whose terms are in force
	Tenders   string // "early": those received by the early tender deadline; else all
	Continues bool   // late tenders only, after the run before
	Published *figures
	Fitted    *figures
	Derived   *figures
	Inferred  *figures
}

func (r expectedRun) figures() map[string]*figures {
	all := map[string]*figures{"published": r.Published, "fitted": r.Fitted, "derived": r.Derived, "inferred": r.Inferred}
	for origin, f := range all {
		if f == nil {
			delete(all, origin)
		}
	}
	return all
}

// realOffers reads all folders. It fails the test where a file cannot be read.
func realOffers(t *testing.T) (offers []*realOffer) {
	t.Helper()
	dirs, err := filepath.Glob("testdata/offers/*/offer.yaml")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no offers in testdata/offers: %v", err)
	}
	for _, name := range dirs {
		dir := filepath.Dir(name)
		c := &realOffer{name: filepath.Base(dir), dir: dir}
		c.history = readHistory(t, dir)
		c.book = readBook(t, filepath.Join(dir, "book.csv"))
		readYAML(t, filepath.Join(dir, "expected.yaml"), &c.expected)
		offers = append(offers, c)
	}
	return offers
}

func readHistory(t *testing.T, dir string) *offer.History {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "amendment-*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	var files []*offer.File
	for _, name := range append([]string{filepath.Join(dir, "offer.yaml")}, names...) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := offer.Read(name, text)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	h, err := offer.NewHistory(files[0], files[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// termsOf gives the terms in force at a local time, or as announced.
func (c *realOffer) termsOf(t *testing.T, when string) *offer.Terms {
	t.Helper()
	first := c.history.Versions()[0]
	if when == "announced" {
		return first.Terms
	}
	at, err := calendar.ParseLocal(when, first.Terms.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return c.history.At(at)
}

func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Load(text, into, yaml.WithKnownFields()); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// A row is one instruction that counts as tendered. Notices of guaranteed
// delivery count at the amount they promise; the delivery itself does not
// count again.
type row struct {
	number     int
	id, series string
	receivedAt time.Time
	principal  string
	bid        string
}

// readBook reads the small books of this folder, which have no withdrawals.
// Package internal/bookfile, with its own tests, reads what people send.
func readBook(t *testing.T, name string) (rows []row) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil || len(lines) < 2 {
		t.Fatalf("%s: needs a header and rows: %v", name, err)
	}
	for i, line := range lines[1:] {
		cell := func(column string) string {
			if at := slices.Index(lines[0], column); at >= 0 {
				return line[at]
			}
			return ""
		}
		switch action := cell("action"); action {
		case "deliver":
			continue
		case "", "tender", "guarantee":
		default:
			t.Fatalf("%s:%d: action %q: needs tender, guarantee or deliver", name, i+2, action)
		}
		at, err := time.Parse(time.RFC3339, cell("received_at"))
		if err != nil {
			t.Fatalf("%s:%d: %v", name, i+2, err)
		}
		rows = append(rows, row{i + 1, cell("instruction"), cell("series"), at, cell("principal"), cell("bid")})
	}
	return rows
}

func containsLine(text []byte, part string) bool {
	for line := range bytes.Lines(text) {
		if strings.TrimSpace(string(line)) == "# - "+part {
			return true
		}
	}
	return false
}
