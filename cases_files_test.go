package tenderbook_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"tenderbook/calendar"
	"tenderbook/offer"
)

// A realOffer is a folder of testdata/offers.
type realOffer struct {
	name, dir string
	history   *offer.History
	book      []byte
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
		if c.book, err = os.ReadFile(c.bookName()); err != nil {
			t.Fatal(err)
		}
		readYAML(t, filepath.Join(dir, "expected.yaml"), &c.expected)
		offers = append(offers, c)
	}
	return offers
}

func (c *realOffer) bookName() string { return filepath.Join(c.dir, "book.csv") }

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

func containsLine(text []byte, part string) bool {
	for line := range bytes.Lines(text) {
		if strings.TrimSpace(string(line)) == "# - "+part {
			return true
		}
	}
	return false
}
