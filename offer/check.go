package offer

import (
	"fmt"
	"strconv"
)

// A checker looks at terms as a whole: what each key says for itself was
// checked when it was read. A value that could not be read is zero here and is
// not complained about a second time.
type checker struct {
	*reader
	root     *node
	terms    *Terms
	warnings Problems
	whatIf   bool
}

func (c *checker) check() {
	c.checkHeader()
	c.checkDates()
	c.checkReferences()
	c.checkSeries()
	c.checkCaps()
	c.checkShares()
	c.checkConsents()
	c.checkUpsizes()
	c.checkAcceptance()
	c.checkConditions()
	if len(c.problems) == 0 {
		c.terms.fillDefaults()
		c.warn()
	}
}

// place finds where keys (names and numbers of items) lead to, as far as they
// do, and how people write that path.
func (c *checker) place(keys []any) (Position, string) {
	n, at, label := c.root, c.root.at, ""
	var path []string
	for _, k := range keys {
		switch k := k.(type) {
		case string:
			path = append(path, k)
			if m, ok := n.get(k); ok {
				at = m.value.at
				if m.value.kind == mapping || m.value.kind == list {
					at = m.at
				}
			}
			n = n.child(k)
			label = map[string]string{"series": "id", "caps": "name", "conditions": "id", "references": "id"}[k]
		case int:
			name := strconv.Itoa(k)
			if n != nil && k < len(n.items) {
				n = n.items[k]
				at, name = n.at, itemName(n, label, k)
			}
			path = append(path, name)
		}
	}
	return at, joinPath(path)
}

// keys is a path of names and of numbers of items.
func keys(k ...any) []any { return k }

func (c *checker) wrong(keys []any, found, needed, hint string) {
	at, path := c.place(keys)
	c.problems = append(c.problems, Problem{at, path, found, needed, hint})
}

func (c *checker) missing(keys []any, needed, hint string) { c.wrong(keys, "is missing", needed, hint) }

func (c *checker) doubt(keys []any, found, needed, hint string) {
	at, path := c.place(keys)
	c.warnings = append(c.warnings, Problem{at, path, found, needed, hint})
}

// has reports whether the file has a key, read or not.
func (c *checker) has(keys ...any) bool { return c.node(keys...) != nil }

// node finds what keys (names and numbers of items) lead to, or nil.
func (c *checker) node(keys ...any) *node {
	n := c.root
	for _, k := range keys {
		switch k := k.(type) {
		case string:
			n = n.child(k)
		case int:
			if n == nil || k >= len(n.items) {
				return nil
			}
			n = n.items[k]
		}
	}
	return n
}

func (c *checker) checkHeader() {
	if c.has("effective") {
		c.wrong(keys("effective"), "stands in an offer", `to be in an amendment, beside "amends"`, "")
	}
	if c.has("series") && len(c.terms.Series) == 0 {
		c.wrong(keys("series"), "has no items", "at least one series", "")
	}
}

// checkUnique reports an id that an earlier item has too.
func (c *checker) checkUnique(first map[string]int, id, what, list string, i int, key string) {
	if id == "" {
		return
	}
	j, seen := first[id]
	if !seen {
		first[id] = i
		return
	}
	at, _ := c.place(keys(list, j, key))
	c.wrong(keys(list, i, key), fmt.Sprintf("%s is the %s of another %s already, in line %d", quote(id), key, what, at.Line), "a different one", "")
}
