package offer

import (
	"cmp"
	"slices"
)

// A File is an offer file that has been read: an offer, or an amendment to one.
type File struct {
	Name     string
	Terms    *Terms   // nil in an amendment: [NewHistory] joins it to its offer
	Amends   string   // in an amendment: id of the offer
	Warnings Problems // what is allowed and looks wrong

	effective string // in an amendment: local time of the offer
	root      *node
}

// IsAmendment reports whether the file changes an offer rather than being one.
func (f *File) IsAmendment() bool { return f.Terms == nil }

// Read reads an offer file. The name is used in problems only.
//
// It reports every problem that it finds, as [Problems] in the order of the
// lines: what is not YAML, what is not known, what is missing, and what cannot
// all be true of one offer. Terms that it returns are complete: every word is
// one of those that docs/offer-file.md lists, defaults are filled in, and every
// name in a cap is a series.
//
// An amendment (a file with the key amends) is read as far as it can be without
// the offer that it changes.
func Read(name string, data []byte) (*File, error) {
	root, problems := parse(name, data)
	if len(problems) > 0 {
		return nil, ordered(problems)
	}
	_, isAmendment := root.get("amends")
	of := wholeOffer
	if isAmendment {
		of = anAmendment
	}
	doc, problems, warnings := readTree(root, of)
	if len(problems) > 0 {
		return nil, problems
	}
	f := &File{Name: name, Warnings: warnings, root: root}
	if isAmendment {
		f.Amends, f.effective = doc.amends, doc.effective
		return f, nil
	}
	f.Terms = &doc.Terms
	return f, nil
}

// A treeKind is what a tree of nodes is to be read as.
type treeKind uint8

const (
	wholeOffer  treeKind = iota
	anAmendment          // holds only what changes
	aWhatIf              // an offer that nobody wrote: a series moved in the ladder may leave a gap behind
)

// readTree reads a tree of nodes, which may come from several files, and checks
// what it says.
func readTree(root *node, kind treeKind) (*document, Problems, Problems) {
	isAmendment := kind == anAmendment
	r := &reader{partial: isAmendment}
	doc := &document{}
	documentKeys.read(r, root, doc)
	if isAmendment {
		r.checkAmendment(root)
		return doc, ordered(r.problems), nil
	}
	c := &checker{reader: r, root: root, terms: &doc.Terms, whatIf: kind == aWhatIf}
	c.check()
	return doc, ordered(r.problems), ordered(c.warnings)
}

// fixedKeys are what an amendment cannot change: which offer it is, and what its
// times mean.
var fixedKeys = []string{"offer", "time_zone", "commenced"}

// checkAmendment checks the keys that make a file an amendment.
func (r *reader) checkAmendment(root *node) {
	for key, needed := range map[string]string{"tenderbook": "the version of this format, always 1", "effective": "the time from which the amendment is in force"} {
		if _, ok := root.get(key); !ok {
			r.at(key, func() { r.reportAt(root.at, "is missing", needed, "") })
		}
	}
	for _, key := range fixedKeys {
		if m, ok := root.get(key); ok {
			r.at(key, func() { r.reportAt(m.at, "stands in an amendment, which cannot change it", "to be left out", "") })
		}
	}
}

// doc is what the table says about a key.
func (g group[T]) doc(key string) string {
	return g[indexOf(g, func(f *field[T]) bool { return f.key == key })].doc
}

// ordered sorts problems by file and place, and takes out repeated ones.
func ordered(ps Problems) Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Path, b.Path))
	})
	return slices.Compact(ps)
}
