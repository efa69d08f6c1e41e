package offer

import (
	"bytes"
	"encoding/json"
	stdflag "flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"
	"go.yaml.in/yaml/v4"
)

var update = stdflag.Bool("update", false, "rewrite the expected files")

// golden compares a file with what it should hold, or with -update rewrites it.
func golden(t *testing.T, name string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is out of date: run go test ./offer -update and read the change\n%s", name, cmp.Diff(string(got), string(want)))
	}
}

func TestSchemaIsPublished(t *testing.T) { golden(t, "../docs/offer.schema.json", Schema()) }

func resolved(t *testing.T) *jsonschema.Resolved {
	t.Helper()
	var s jsonschema.Schema
	if err := json.Unmarshal(Schema(), &s); err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// asEditorsSeeIt is the YAML as an editor's parser hands it to a schema.
func asEditorsSeeIt(t *testing.T, data []byte) any {
	t.Helper()
	var root yaml.Node
	if err := yaml.Load(data, &root, yaml.WithV4Defaults()); err != nil {
		t.Fatal(err)
	}
	var v any
	datesAreText(&root)
	if err := root.Decode(&v); err != nil {
		t.Fatal(err)
	}
	js, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(js, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// datesAreText, as YAML 1.2 has them.
func datesAreText(n *yaml.Node) {
	if n.Tag == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, c := range n.Content {
		datesAreText(c)
	}
}

func TestSchemaTakesWhatTheReaderTakes(t *testing.T) {
	r := resolved(t)
	for name, yaml := range map[string]string{
		"Level 3":      string(mustRead(t, "testdata/level3-2004.yaml")),
		"an amendment": supplement,
		"a removal":    supplement + "  - {name: Pool, remove: true}\nacceptance: {factor_decimals: none}\n",
		"everything":   string(mustRead(t, "testdata/everything.yaml")),
	} {
		if err := r.Validate(asEditorsSeeIt(t, []byte(yaml))); err != nil {
			t.Errorf("%s: the schema refuses it: %v", name, err)
		}
	}
}

func TestSchemaRefusesWhatIsMisspelt(t *testing.T) {
	r := resolved(t)
	for _, x := range []struct{ claim, old, new string }{
		{"an unknown key", "offeror:", "oferror:"},
		{"an unknown word", "order: early-first", "order: early-frist"},
		{"a date of another form", "commenced: 2025-03-03", "commenced: 3 March 2025"},
		{"a deadline without a side", "expiration: by 2025", "expiration: 2025"},
		{"a missing key", "time_zone: Europe/London\n", ""},
		{"a missing key inside a series", "    title: 5% Notes due 2030\n", ""},
		{"a removal in an offer", "series: all}", "series: all, remove: true}"},
	} {
		if err := r.Validate(asEditorsSeeIt(t, []byte(strings.Replace(small, x.old, x.new, 1)))); err == nil {
			t.Errorf("%s: the schema takes it", x.claim)
		}
	}
}
