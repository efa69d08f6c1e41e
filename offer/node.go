package offer

import (
	"slices"
	"strings"
)

// A kind is the shape of a value in the file.
type kind uint8

const (
	scalar kind = iota
	mapping
	list
)

// A node is one value of an offer file with the place where it stands. Scalars
// keep the characters that were typed: nothing has turned 24:00 into minutes or
// 837.50 into a float.
//
// Nodes are never changed once parsed; merging and overriding build new ones
// around the old, so that each keeps the file it came from.
type node struct {
	at    Position
	kind  kind
	text  string // of a scalar
	plain bool   // of a scalar: not quoted
	flow  bool   // of a mapping or list: written with { } or [ ]
	keys  []member
	items []*node
}

// A member is one key of a mapping.
type member struct {
	key   string
	at    Position // of the key
	plain bool     // the key was not quoted
	value *node
}

// get finds the first member with a key.
func (n *node) get(key string) (member, bool) {
	if n == nil || n.kind != mapping {
		return member{}, false
	}
	i := slices.IndexFunc(n.keys, func(m member) bool { return m.key == key })
	if i < 0 {
		return member{}, false
	}
	return n.keys[i], true
}

// child finds a value by key, or nil.
func (n *node) child(key string) *node {
	m, _ := n.get(key)
	return m.value
}

// empty reports a key that was written without a value, or with ~ or null.
func (n *node) empty() bool {
	return n.kind == scalar && n.plain && (n.text == "" || n.text == "~" || strings.EqualFold(n.text, "null"))
}

// is reports whether n is a bare word.
func (n *node) is(word string) bool { return n.kind == scalar && n.plain && n.text == word }

// describe names a value in a problem: quoted text, or its shape.
func (n *node) describe() string {
	switch {
	case n.kind == mapping:
		return "a group of keys"
	case n.kind == list:
		return "a list"
	case n.empty():
		return "nothing"
	}
	return quote(n.text)
}
