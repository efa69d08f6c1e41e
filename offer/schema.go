package offer

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/google/jsonschema-go/jsonschema"
)

// Schema is the JSON Schema (draft 7, which editors know best) of offer files
// and amendments, made from the tables that the reader follows. It checks the
// spelling and the form of each key; what keys say together only [Read] knows.
func Schema() []byte {
	s := &jsonschema.Schema{
		Schema:      "http://json-schema.org/draft-07/schema#",
		Title:       "Tenderbook offer file, version 1",
		Description: "The terms of a tender offer, or an amendment to them. See docs/offer-file.md.",
		If:          &jsonschema.Schema{Required: []string{"amends"}},
		Then:        &jsonschema.Schema{Ref: "#/definitions/amendment"},
		Else:        &jsonschema.Schema{Ref: "#/definitions/offer"},
		Definitions: map[string]*jsonschema.Schema{"offer": offerSchema(), "amendment": amendmentSchema()},
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		panic("offer: schema: " + err.Error()) // a table that cannot be written is a bug
	}
	return b.Bytes()
}

func offerSchema() *jsonschema.Schema {
	docs := slices.DeleteFunc(documentKeys.docs(), func(d keyDoc) bool { return d.key == "amends" || d.key == "effective" })
	return groupSchema(docs, "", false)
}

func amendmentSchema() *jsonschema.Schema {
	docs := slices.DeleteFunc(documentKeys.docs(), func(d keyDoc) bool { return slices.Contains(fixedKeys, d.key) })
	s := groupSchema(docs, "", true)
	s.Required = []string{"tenderbook", "amends", "effective"}
	return s
}

// groupSchema describes a group of keys. In an amendment only the label of an
// item is needed.
func groupSchema(docs []keyDoc, label string, partial bool) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}, AdditionalProperties: nothing()}
	for _, d := range docs {
		if d.key == "remove" && !partial {
			continue
		}
		value := shapeSchema(d.shape, partial)
		if partial && d.removable() && d.shape.kind != "removal" && d.key != "amends" && d.key != "effective" {
			value = orNone(value)
		}
		value.Description = d.doc
		s.Properties[d.key] = value
		s.PropertyOrder = append(s.PropertyOrder, d.key)
		if d.needed && !partial || d.key == label {
			s.Required = append(s.Required, d.key)
		}
	}
	return s
}

func nothing() *jsonschema.Schema { return &jsonschema.Schema{Not: &jsonschema.Schema{}} }

// orNone lets an amendment take a key out.
func orNone(s *jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{s, {Enum: []any{"none"}}}}
}

func shapeSchema(sh shape, partial bool) *jsonschema.Schema {
	switch sh.kind {
	case "group":
		group := groupSchema(sh.fields(), "", partial)
		if sh.orID {
			return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{group, scalarSchema(shape{kind: "id"})}}
		}
		return group
	case "curve":
		return &jsonschema.Schema{Type: "object", PatternProperties: map[string]*jsonschema.Schema{termPattern: shapeSchema(shape{kind: "number"}, partial)}, AdditionalProperties: nothing()}
	case "groups":
		return &jsonschema.Schema{Type: "array", Items: groupSchema(sh.item.fields(), sh.label, partial && sh.label != "")}
	case "list":
		return &jsonschema.Schema{Type: "array", Items: shapeSchema(*sh.item, partial)}
	case "all-or-ids":
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Enum: []any{"all"}}, {Type: "array", Items: shapeSchema(shape{kind: "id"}, partial)}}}
	case "rates":
		return &jsonschema.Schema{Type: "object", PatternProperties: map[string]*jsonschema.Schema{"^[A-Z]{3}/[A-Z]{3}$": shapeSchema(shape{kind: "number"}, partial)}, AdditionalProperties: nothing()}
	case "facts":
		return &jsonschema.Schema{Type: "object", AdditionalProperties: &jsonschema.Schema{Types: []string{"string", "number", "boolean"}}}
	}
	return scalarSchema(sh)
}

// scalarSchema describes a single value. YAML shows editors a bare 837.50 as a
// number and 1,203,652,000 as text: both forms are allowed.
func scalarSchema(sh shape) *jsonschema.Schema {
	k := kinds[sh.kind]
	s := &jsonschema.Schema{Type: "string", Pattern: k.pattern}
	switch sh.kind {
	case "word", "day-count":
		for _, w := range sh.words {
			s.Enum = append(s.Enum, w)
		}
	case "flag", "removal":
		return &jsonschema.Schema{Type: "boolean"}
	case "version":
		return &jsonschema.Schema{Enum: []any{1}}
	case "whole", "level":
		least, most := float64(sh.least), float64(sh.most)
		return &jsonschema.Schema{Type: "integer", Minimum: &least, Maximum: &most}
	case "number", "amount", "id", "cusip", "text", "bid-price":
		s.Type, s.Types = "", []string{"string", "number"}
	}
	return s
}
