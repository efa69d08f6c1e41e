package offer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// A Difference is one value that differs between two versions of terms.
type Difference struct {
	Path string // caps.Tender Cap.amount
	From string // USD 450,000,000; empty where the value is new
	To   string // USD 1,105,000,000; empty where it is gone
}

// String gives "caps.Tender Cap.amount: USD 450,000,000 -> USD 1,105,000,000".
func (d Difference) String() string {
	none := func(s string) string {
		if s == "" {
			return "(none)"
		}
		return s
	}
	return fmt.Sprintf("%s: %s -> %s", d.Path, none(d.From), none(d.To))
}

// Diff lists what differs from a to b, in the order of the offer file. Values
// that are equal and written differently, such as 837.5 and 837.50, do not
// differ; nor does the order of series and caps.
func Diff(a, b *Terms) []Difference {
	was, is := a.lines(), b.lines()
	before, after := byPath(was), byPath(is)
	var all []Difference
	for _, l := range merged(was, is) {
		path := joinPath(l.path)
		x, y := before[path], after[path]
		if x.same != y.same {
			all = append(all, Difference{path, x.text, y.text})
		}
	}
	return all
}

// merged lists the paths of both, those that only b has behind their nearest
// forerunner in b.
func merged(a, b []line) []line {
	has := byPath(a)
	behind := map[string][]line{} // by the forerunner; "": at the start
	forerunner := ""
	for _, l := range b {
		path := joinPath(l.path)
		if _, ok := has[path]; ok {
			forerunner = path
			continue
		}
		behind[forerunner] = append(behind[forerunner], l)
	}
	all := slices.Clone(behind[""])
	for _, l := range a {
		all = append(all, l)
		all = append(all, behind[joinPath(l.path)]...)
	}
	return all
}

func byPath(lines []line) map[string]line {
	m := make(map[string]line, len(lines))
	for _, l := range lines {
		m[joinPath(l.path)] = l
	}
	return m
}

// lines shows terms value by value, in the order of the tables.
func (t *Terms) lines() []line {
	doc := document{Terms: *t}
	return documentKeys.show(&doc)
}

// Digest is the SHA-256 of the terms, in hexadecimal: the same for files that
// say the same, however they are laid out and commented.
func (t *Terms) Digest() string {
	sum := sha256.Sum256([]byte(t.canonical()))
	return hex.EncodeToString(sum[:])
}

// canonical writes one line for each value, quoted so that no text can look
// like a line of its own.
func (t *Terms) canonical() string {
	var b strings.Builder
	b.WriteString("tenderbook terms 1\n")
	for _, l := range t.lines() {
		fmt.Fprintf(&b, "%q = %q\n", l.path, l.same)
	}
	return b.String()
}
