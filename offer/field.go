package offer

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tenderbook/money"
)

// A field is one key of a group of keys: how it is spelt, read, shown and
// explained. The tables of fields in keys.go are the offer file; the reader,
// [Diff], [Terms.Digest], [Schema] and docs/offer-file.md all follow them, so
// that none can know a key that another does not.
type field[T any] struct {
	key    string
	value  value[T]
	doc    string
	needed bool // without it there is no offer, whatever the other keys say
}

// A value is how one key's value is read into a T and shown from it.
type value[T any] struct {
	shape shape
	read  func(r *reader, n *node, into *T)
	show  func(t *T) []line // nothing for what is not set
}

// A shape describes a value for people and editors.
type shape struct {
	kind   string // one of the kinds of schema.go
	words  []string
	least  int // of whole numbers
	most   int
	fields func() []keyDoc // of a group of keys
	item   *shape          // of a list, or of the values of a map
	label  string          // of a list of groups: the key that names an item
	orID   bool            // of a group of keys: an id may stand in its place
}

// A keyDoc is a field without its type.
type keyDoc struct {
	key    string
	shape  shape
	doc    string
	needed bool
}

// A line is one value of some terms, with the keys that lead to it.
type line struct {
	path []string
	text string // for people: USD 450,000,000
	same string // equal for equal values: 450000000.00 for 450,000,000 too
}

func showText(s string) []line {
	if s == "" {
		return nil
	}
	return []line{{text: s, same: s}}
}

func under(key string, lines []line) []line {
	for i := range lines {
		lines[i].path = append([]string{key}, lines[i].path...)
	}
	return lines
}

// A group is a table of fields.
type group[T any] []field[T]

func (g group[T]) docs() []keyDoc {
	docs := make([]keyDoc, len(g))
	for i := range g {
		docs[i] = g[i].keyDoc()
	}
	return docs
}

func (g group[T]) names() []string {
	names := make([]string, len(g))
	for i, f := range g {
		names[i] = f.key
	}
	return names
}

func (g group[T]) show(t *T) (lines []line) {
	for _, f := range g {
		lines = append(lines, under(f.key, f.value.show(t))...)
	}
	return lines
}

// read reads a mapping in the order of the table, not of the file: a deadline
// needs the zone, and an amount the currency, wherever they stand.
func (g group[T]) read(r *reader, n *node, into *T) {
	if n.kind != mapping {
		r.report(n, n.describe()+" stands where keys belong", oneOf(g.names()), "")
		return
	}
	meant := r.checkKeys(n, g.names())
	for i := range g {
		f := &g[i]
		m, ok := n.get(f.key)
		switch {
		case !ok && f.needed && !r.partial && !slices.Contains(meant, f.key):
			r.at(f.key, func() { r.reportAt(n.at, "is missing", f.doc, "") })
		case !ok:
		case r.partial && f.removable() && m.value.is("none"):
		case m.value.empty():
			r.at(f.key, func() {
				r.reportAt(m.at, "has no value", f.doc, "write the value behind the colon, or take the key out")
			})
		default:
			r.at(f.key, func() { f.value.read(r, m.value, into) })
		}
	}
}

// removable reports whether an amendment may take the key out with none.
func (f *field[T]) removable() bool { return f.keyDoc().removable() }

func (f *field[T]) keyDoc() keyDoc { return keyDoc{f.key, f.value.shape, f.doc, f.needed} }

func (d keyDoc) removable() bool { return !d.needed && !slices.Contains(d.shape.words, "none") }

// A reader turns nodes into terms and keeps what is wrong with them.
type reader struct {
	problems Problems
	path     []string
	partial  bool           // an amendment: keys may be missing, the zone and the currencies unknown
	zone     *time.Location // of the offer, once read
	currency money.Currency // of the series being read
}

// at runs read with the path one key longer.
func (r *reader) at(key string, read func()) {
	r.path = append(r.path, key)
	read()
	r.path = r.path[:len(r.path)-1]
}

func (r *reader) report(n *node, found, needed, hint string) { r.reportAt(n.at, found, needed, hint) }

func (r *reader) reportAt(at Position, found, needed, hint string) {
	r.problems = append(r.problems, Problem{at, joinPath(r.path), found, needed, hint})
}

// checkKeys reports keys that are not known, and keys given twice. It returns
// the keys that misspelt ones seem to mean: they are not missing as well.
func (r *reader) checkKeys(n *node, known []string) (meant []string) {
	for i, m := range n.keys {
		if number, ok := numberWithCommas(n, i); ok {
			r.reportAt(n.keys[i-1].value.at, fmt.Sprintf("%q inside { } is two values: YAML parts them at the comma", number), "a number without commas",
				fmt.Sprintf("did you mean %s?", withoutCommas(number)))
			continue
		}
		if isTail(n, i) {
			continue
		}
		first := slices.IndexFunc(n.keys, func(o member) bool { return o.key == m.key })
		switch {
		case !slices.Contains(known, m.key):
			meant = append(meant, Nearest(m.key, known))
			r.reportAt(m.at, fmt.Sprintf("unknown key %s", quote(m.key)), unknownNeeds(m.key, known), didYouMean(m.key, known))
		case first < i:
			r.at(m.key, func() {
				r.reportAt(m.at, fmt.Sprintf("stands here a second time, first in line %d", n.keys[first].at.Line), "to be given once", "")
			})
		}
	}
	return meant
}

// unknownNeeds lists the keys that are possible where no single one is near.
func unknownNeeds(key string, known []string) string {
	if Nearest(key, known) != "" {
		return ""
	}
	return oneOf(known)
}

var digitsOnly = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

// isTail reports whether key i is the 000 of {minimum: 1,000}, or the 5 of
// {total: 92,5}.
func isTail(n *node, i int) bool {
	return n.flow && i > 0 && n.keys[i].plain && n.keys[i].value.kind == scalar && n.keys[i].value.text == "" && digitsOnly.MatchString(n.keys[i].key)
}

// numberWithCommas puts a number together again that the commas of a flow
// mapping took apart, if key i is its first tail.
func numberWithCommas(n *node, i int) (string, bool) {
	if !isTail(n, i) || isTail(n, i-1) || n.keys[i-1].value.kind != scalar {
		return "", false
	}
	number := n.keys[i-1].value.text
	for ; i < len(n.keys) && isTail(n, i); i++ {
		number += "," + n.keys[i].key
	}
	return number, true
}

// withoutCommas takes commas that part thousands out of a number, and makes one
// that does not a decimal point.
func withoutCommas(number string) string {
	plain := strings.ReplaceAll(number, ",", "")
	if !looksNumeric(number) && strings.Count(number, ",") == 1 {
		plain = strings.Replace(number, ",", ".", 1)
	}
	return plain
}

// joinPath writes keys as people write them: series.9.125.level.
func joinPath(keys []string) string { return strings.Join(keys, ".") }

// itemName is how an item of a list is called in paths: by its label where it
// has one, else by its number from 0.
func itemName(n *node, label string, i int) string {
	if v := n.child(label); label != "" && v != nil && v.kind == scalar && v.text != "" {
		return v.text
	}
	return strconv.Itoa(i)
}
