package offer

import (
	"fmt"
	"slices"
)

// A merger joins an amendment to the terms before it, key by key. Nodes keep
// the file that they came from, so that a problem of the result points to the
// line that made it.
type merger struct {
	problems Problems
	path     []string
}

// amend gives the tree of an offer with the changes of an amendment.
func amend(base, change *node) (*node, Problems) {
	m := &merger{}
	own := []string{"tenderbook", "amends", "effective"}
	body := &node{at: change.at, kind: mapping}
	for _, k := range change.keys {
		if !slices.Contains(own, k.key) {
			body.keys = append(body.keys, k)
		}
	}
	return m.group(base, body, documentKeys.docs()), m.problems
}

func (m *merger) report(at Position, found, needed, hint string) {
	m.problems = append(m.problems, Problem{at, joinPath(m.path), found, needed, hint})
}

// group merges the keys of one group.
func (m *merger) group(base, change *node, docs []keyDoc) *node {
	out := &node{at: base.at, kind: mapping, flow: base.flow, keys: slices.Clone(base.keys)}
	for _, k := range change.keys {
		i := indexOf(docs, func(d *keyDoc) bool { return d.key == k.key })
		if i < 0 {
			continue // reported when the amendment was read
		}
		m.path = append(m.path, k.key)
		m.key(out, k, docs[i])
		m.path = m.path[:len(m.path)-1]
	}
	return out
}

// key merges one key into the members of out.
func (m *merger) key(out *node, k member, doc keyDoc) {
	at := indexOf(out.keys, func(o *member) bool { return o.key == k.key })
	switch {
	case k.value.is("none") && doc.removable():
		if at < 0 {
			m.report(k.at, "is not there", "a key that the terms before have", "")
			return
		}
		out.keys = slices.Delete(out.keys, at, at+1)
		return
	case at < 0:
		k.value = m.value(nil, k.value, doc.shape)
		out.keys = append(out.keys, k)
	default:
		k.value = m.value(out.keys[at].value, k.value, doc.shape)
		out.keys[at] = k
	}
	if other, ok := displaces[k.key]; ok {
		out.keys = slices.DeleteFunc(out.keys, func(o member) bool { return o.key == other })
	}
}

// displaces names the key that stands for the same thing in another way: the
// new one takes its place. A price announced for a series priced by a spread
// stands beside its pricing.
var displaces = map[string]string{"level": "levels", "levels": "level", "pricing": "consideration"}

// value merges a value by its shape: groups key by key, lists of named items by
// name, all others whole. The base is nil for a new key.
func (m *merger) value(base, change *node, s shape) *node {
	switch {
	case s.kind == "group" && change.kind == mapping && base != nil && base.kind == mapping:
		return m.group(base, change, s.fields())
	case s.kind == "groups" && s.label != "" && change.kind == list:
		if base == nil || base.kind != list {
			base = &node{at: change.at, kind: list}
		}
		return m.items(base, change, s)
	case (s.kind == "rates" || s.kind == "facts" || s.kind == "curve") && change.kind == mapping && base != nil && base.kind == mapping:
		return m.entries(base, change)
	}
	return change
}

// entries merges a map whose keys are free.
func (m *merger) entries(base, change *node) *node {
	out := &node{at: base.at, kind: mapping, keys: slices.Clone(base.keys)}
	for _, k := range change.keys {
		at := indexOf(out.keys, func(o *member) bool { return o.key == k.key })
		switch {
		case k.value.is("none") && at >= 0:
			out.keys = slices.Delete(out.keys, at, at+1)
		case at >= 0:
			out.keys[at] = k
		default:
			out.keys = append(out.keys, k)
		}
	}
	return out
}

// items merges lists of named items: changes by name, removals, and new ones
// behind the old.
func (m *merger) items(base, change *node, s shape) *node {
	out := &node{at: base.at, kind: list, items: slices.Clone(base.items)}
	for i, item := range change.items {
		m.path = append(m.path, itemName(item, s.label, i))
		m.item(out, item, s)
		m.path = m.path[:len(m.path)-1]
	}
	return out
}

func (m *merger) item(out, item *node, s shape) {
	label := item.child(s.label)
	if item.kind != mapping || label == nil || label.kind != scalar {
		m.report(item.at, fmt.Sprintf("has no %s", s.label), fmt.Sprintf("the %s of the item that is changed or added", s.label), "")
		return
	}
	var known []string
	at := -1
	for i, o := range out.items {
		if name := itemName(o, s.label, i); name == label.text {
			at = i
		} else {
			known = append(known, name)
		}
	}
	remove := item.child("remove")
	switch {
	case remove != nil && remove.is("true") && at < 0:
		m.report(label.at, fmt.Sprintf("%s is not there to be removed", quote(label.text)), oneOf(known), didYouMean(label.text, known))
	case remove != nil && remove.is("true") && len(item.keys) > 2:
		m.report(item.at, "is changed and removed at once", "only its "+s.label+" beside remove: true", "")
	case remove != nil && remove.is("true"):
		out.items = slices.Delete(out.items, at, at+1)
	case at >= 0:
		out.items[at] = m.group(out.items[at], item, s.item.fields())
	default:
		out.items = append(out.items, item)
	}
}
