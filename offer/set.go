package offer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// An Override is one changed value, for a what-if.
type Override struct {
	Path  string // as in [Difference]: caps.Tender Cap.amount; items also by number from 0: caps.0.amount
	Value string // as an offer file writes it: USD 1,105,000,000; none takes the key out
}

// Set gives the history with one value changed; see [History.SetAll].
func (h *History) Set(path, value string) (*History, error) {
	return h.SetAll(Override{path, value})
}

// SetAll gives the history with values changed in every version that has a
// place for them, and leaves h as it is. All changes are made before the terms
// are read and checked again, so that they may depend on each other.
//
// Ids may contain points: series.9.125.level finds the series 9.125. The path
// must lead somewhere in the final terms. Problems name the path as their file.
// A ladder may have a gap that a change of levels leaves.
func (h *History) SetAll(changes ...Override) (*History, error) {
	out := &History{}
	for i, v := range h.versions {
		final := i == len(h.versions)-1
		root, problems := setAll(v.root, changes, final)
		if len(problems) > 0 {
			return nil, problems
		}
		doc, problems, warnings := readTree(root, aWhatIf)
		if len(problems) > 0 {
			return nil, problems
		}
		out.versions = append(out.versions, Version{v.Effective, v.File, &doc.Terms, root})
		out.warnings = append(out.warnings, warnings...)
	}
	out.warnings = ordered(out.warnings)
	return out, nil
}

func setAll(root *node, changes []Override, final bool) (*node, Problems) {
	var all Problems
	for _, change := range changes {
		value, problems := parseValue("set "+change.Path, change.Value)
		if len(problems) > 0 {
			all = append(all, problems...)
			continue
		}
		s := setter{value: value}
		changed := s.set(root, documentShape, change.Path)
		switch {
		case s.problem == nil:
			root = changed
		case final:
			all = append(all, *s.problem)
		}
	}
	return root, all
}

var documentShape = shape{kind: "group", fields: func() []keyDoc { return documentKeys.docs() }}

// A setter puts one value into a tree, of which it copies what lies on the way.
type setter struct {
	value   *node
	done    string // the part of the path that was found
	problem *Problem
}

func (s *setter) fail(found string, known []string, word string) *node {
	needed := ""
	if Nearest(word, known) == "" && len(known) > 0 {
		needed = oneOf(known)
	}
	s.problem = &Problem{s.value.at, s.done, found, needed, didYouMean(word, known)}
	return nil
}

// set gives a copy of n in which path has the value. A nil n is a group that is
// not there yet.
func (s *setter) set(n *node, sh shape, path string) *node {
	if path == "" {
		if sh.kind == "groups" || sh.kind == "group" && s.value.kind != mapping {
			return s.fail("is a whole group", nil, "")
		}
		return s.value
	}
	switch sh.kind {
	case "group":
		return s.setKey(n, sh, path)
	case "groups":
		return s.setItem(n, sh, path)
	case "rates", "facts", "curve":
		return s.setEntry(n, path)
	}
	return s.fail(fmt.Sprintf("has no keys, such as %s", quote(path)), nil, "")
}

// step takes the first name off a path: the longest of the known names that the
// path begins with.
func step(path string, known []string) (name, rest string, ok bool) {
	for _, k := range known {
		after, found := strings.CutPrefix(path, k)
		if found && (after == "" || after[0] == '.') && len(k) >= len(name) && k != "" {
			name, rest, ok = k, strings.TrimPrefix(after, "."), true
		}
	}
	return name, rest, ok
}

func (s *setter) walk(name string) { s.done = strings.TrimPrefix(s.done+"."+name, ".") }

func (s *setter) setKey(n *node, sh shape, path string) *node {
	docs := sh.fields()
	docs = slices.DeleteFunc(docs, func(d keyDoc) bool {
		return slices.Contains([]string{"tenderbook", "amends", "effective", "remove"}, d.key)
	})
	names := make([]string, len(docs))
	for i, d := range docs {
		names[i] = d.key
	}
	name, rest, ok := step(path, names)
	if !ok {
		word, _, _ := strings.Cut(path, ".")
		return s.fail(fmt.Sprintf("unknown key %s", quote(word)), names, word)
	}
	s.walk(name)
	doc := docs[slices.Index(names, name)]
	if n == nil {
		n = &node{at: s.value.at, kind: mapping}
	}
	out := &node{at: n.at, kind: mapping, flow: n.flow, keys: slices.Clone(n.keys)}
	at := indexOf(out.keys, func(m *member) bool { return m.key == name })
	if rest == "" && s.value.is("none") && doc.removable() {
		if at >= 0 {
			out.keys = slices.Delete(out.keys, at, at+1)
		}
		return out
	}
	child := s.set(n.child(name), doc.shape, rest)
	if s.problem != nil {
		return nil
	}
	if at < 0 {
		out.keys = append(out.keys, member{key: name, at: s.value.at, plain: true, value: child})
	} else {
		out.keys[at].value = child
	}
	if other, ok := displaces[name]; ok && rest == "" {
		out.keys = slices.DeleteFunc(out.keys, func(m member) bool { return m.key == other })
	}
	return out
}

func (s *setter) setItem(n *node, sh shape, path string) *node {
	if n == nil || n.kind != list {
		return s.fail("has no items", nil, "")
	}
	names, numbers := make([]string, len(n.items)), make([]string, len(n.items))
	for i, item := range n.items {
		names[i], numbers[i] = itemName(item, sh.label, i), strconv.Itoa(i)
	}
	name, rest, ok := step(path, names)
	at := slices.Index(names, name)
	if !ok {
		name, rest, ok = step(path, numbers)
		at = slices.Index(numbers, name)
	}
	if !ok {
		word, _, _ := strings.Cut(path, ".")
		return s.fail(fmt.Sprintf("no item is called %s", quote(word)), names, word)
	}
	s.walk(names[at])
	child := s.set(n.items[at], *sh.item, rest)
	out := &node{at: n.at, kind: list, flow: n.flow, items: slices.Clone(n.items)}
	out.items[at] = child
	return out
}

// setEntry sets a key of a map whose keys are free.
func (s *setter) setEntry(n *node, path string) *node {
	s.walk(path)
	if n == nil {
		n = &node{at: s.value.at, kind: mapping}
	}
	out := &node{at: n.at, kind: mapping, keys: slices.Clone(n.keys)}
	at := indexOf(out.keys, func(m *member) bool { return m.key == path })
	switch {
	case s.value.is("none") && at >= 0:
		out.keys = slices.Delete(out.keys, at, at+1)
	case at >= 0:
		out.keys[at].value = s.value
	default:
		out.keys = append(out.keys, member{key: path, at: s.value.at, plain: true, value: s.value})
	}
	return out
}
