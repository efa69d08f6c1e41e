package offer

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const contract = "../docs/offer-file.md"

// keyTables writes the tables of all keys as Markdown, group by group.
func keyTables(title string, docs []keyDoc) string {
	var b, below strings.Builder
	fmt.Fprintf(&b, "\n### %s\n\n| key | value | | meaning |\n|---|---|---|---|\n", title)
	for _, d := range docs {
		needed := map[bool]string{true: "needed"}[d.needed]
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", d.key, valueText(d.shape), needed, d.doc)
		name := strings.TrimPrefix(title+"."+d.key, "An offer.")
		switch d.shape.kind {
		case "group":
			below.WriteString(keyTables(name, d.shape.fields()))
		case "groups":
			below.WriteString(keyTables(name+"[ ]", d.shape.item.fields()))
		}
	}
	return b.String() + below.String()
}

func valueText(s shape) string {
	switch s.kind {
	case "group":
		return "keys"
	case "groups":
		return "list"
	case "list":
		return "list of: " + kinds[s.item.kind].needs
	case "rates":
		return "pairs with rates"
	case "facts":
		return "free keys with texts"
	case "whole", "level":
		return fmt.Sprintf("%d to %d", s.least, s.most)
	}
	if len(s.words) > 0 {
		return "`" + strings.Join(s.words, "`, `") + "`"
	}
	return kinds[s.kind].needs
}

func TestContractListsEveryKey(t *testing.T) {
	text := string(mustRead(t, contract))
	const from, to = "-update from the tables that the reader follows -->\n", "<!-- end of keys -->"
	head, rest, ok := strings.Cut(text, from)
	_, tail, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the tables", contract)
	}
	golden(t, contract, []byte(head+from+keyTables("An offer", documentKeys.docs())+"\n"+to+tail))
}

func TestExamplesOfTheContractAreRead(t *testing.T) {
	parts := strings.Split(string(mustRead(t, contract)), "```yaml\n")
	read := 0
	for _, part := range parts[1:] {
		yaml, _, _ := strings.Cut(part, "```")
		if !strings.HasPrefix(yaml, "tenderbook:") {
			continue // a part of an offer
		}
		read++
		if _, err := Read(contract, []byte(yaml)); err != nil {
			t.Errorf("an example is refused:\n%v", err)
		}
	}
	if read != 2 {
		t.Errorf("read %d examples, want the offer and the amendment", read)
	}
}

// usedKeys collects the paths of all keys of a file.
func usedKeys(n *node, docs []keyDoc, path string, used map[string]bool) {
	for _, m := range n.keys {
		i := indexOf(docs, func(d *keyDoc) bool { return d.key == m.key })
		if i < 0 {
			continue
		}
		name := path + "." + m.key
		used[name] = true
		switch docs[i].shape.kind {
		case "group":
			usedKeys(m.value, docs[i].shape.fields(), name, used)
		case "groups":
			for _, item := range m.value.items {
				usedKeys(item, docs[i].shape.item.fields(), name, used)
			}
		}
	}
}

func allKeys(docs []keyDoc, path string) (all []string) {
	for _, d := range docs {
		all = append(all, path+"."+d.key)
		switch d.shape.kind {
		case "group":
			all = append(all, allKeys(d.shape.fields(), path+"."+d.key)...)
		case "groups":
			all = append(all, allKeys(d.shape.item.fields(), path+"."+d.key)...)
		}
	}
	return all
}

func TestEveryKeyIsUsedInTestdata(t *testing.T) {
	names, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, name := range names {
		usedKeys(readFile(t, name).root, documentKeys.docs(), "", used)
	}
	for _, key := range allKeys(documentKeys.docs(), "") {
		if !used[key] {
			t.Errorf("no file of testdata uses %s", key)
		}
	}
}

// Every key that a file of testdata gives leaves a trace in what Diff and
// Digest see. Without one a change of it would go unnoticed.
func TestEveryKeyShowsInTheTerms(t *testing.T) {
	silent := []string{".tenderbook", ".amends", ".effective", ".remove"}
	for _, name := range []string{"testdata/everything.yaml", "testdata/auction.yaml", "testdata/exchange.yaml"} {
		f := readFile(t, name)
		used := map[string]bool{}
		usedKeys(f.root, documentKeys.docs(), "", used)
		for key := range used {
			keys := strings.Split(strings.TrimPrefix(key, "."), ".")
			isShown := slices.ContainsFunc(f.Terms.lines(), func(l line) bool { return leadsThrough(l.path, keys) })
			if !isShown && !slices.Contains(silent, key) {
				t.Errorf("%s: nothing shows of %s", name, key)
			}
		}
	}
}

// leadsThrough reports whether keys are a path with names of items left out.
func leadsThrough(path, keys []string) bool {
	for _, p := range path {
		if len(keys) > 0 && p == keys[0] {
			keys = keys[1:]
		}
	}
	return len(keys) == 0
}

func TestTheAmendmentOfEverythingFits(t *testing.T) {
	h, err := NewHistory(readFile(t, "testdata/everything.yaml"), readFile(t, "testdata/amendment.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	final := h.Final()
	if len(final.Caps) != 2 || len(final.Conditions) != 0 || final.Acceptance.FactorDecimals != 0 || final.Series[1].Maximum != nil {
		t.Errorf("not all of the amendment is in force: %+v", final)
	}
}
