package tenderbook

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ring says how near a package stands to the world.
type ring string

const (
	computes     ring = "computes"      // values in, values out: no clock, file, database or network
	touchesWorld ring = "touches world" // internal/: files, terminals
	wires        ring = "wires"         // cmd/, examples/: ties the two together
)

// architecture is who may import whom: the picture of ARCHITECTURE.md. A
// package that is not listed is refused; std is free unless a check below says
// otherwise.
var architecture = map[string]struct {
	ring    ring
	imports string // packages of this module, then modules of others
}{
	"money":      {computes, ""},
	"calendar":   {computes, ""},
	"bond":       {computes, "money calendar"},
	"allocation": {computes, ""},
	"offer":      {computes, "money calendar bond allocation go.yaml.in/yaml/v4 github.com/google/jsonschema-go/jsonschema"},
	"rulebook":   {computes, "money calendar offer"},
	"pricing":    {computes, "money calendar bond offer"},
	"settlement": {computes, "money allocation"},
	"journal":    {computes, "golang.org/x/mod/sumdb/note golang.org/x/mod/sumdb/tlog"},
	"book":       {computes, "money calendar offer allocation journal settlement"},
	"proof":      {computes, "money allocation journal settlement"},
	"scenario":   {computes, "money offer allocation"},
	"report":     {computes, "money calendar bond offer allocation pricing rulebook scenario"},

	"internal/reference": {touchesWorld, "allocation"},
	"internal/bookfile":  {touchesWorld, "money calendar offer allocation report settlement"},
	"internal/cli": {touchesWorld, "money calendar bond offer allocation rulebook pricing report journal book proof internal/bookfile internal/desk internal/durable internal/sqlite internal/postgres scenario examples/level3-2004 " +
		"github.com/spf13/cobra golang.org/x/mod/sumdb/note golang.org/x/mod/sumdb/tlog golang.org/x/term"},

	"internal/desk":        {touchesWorld, "money calendar offer rulebook book allocation journal"},
	"internal/durable":     {touchesWorld, ""},
	"internal/follow":      {touchesWorld, "journal"},
	"internal/groupcommit": {touchesWorld, "journal"},
	"internal/journaltest": {touchesWorld, "journal internal/desk internal/groupcommit"},
	"internal/sqlite": {touchesWorld, "journal internal/desk internal/durable internal/follow internal/groupcommit " +
		"github.com/pressly/goose/v3 modernc.org/libc modernc.org/sqlite modernc.org/sqlite/lib zombiezen.com/go/sqlite zombiezen.com/go/sqlite/sqlitex"},
	"internal/postgres": {touchesWorld, "journal internal/desk internal/follow internal/groupcommit " +
		"github.com/jackc/pgx/v5 github.com/jackc/pgx/v5/pgconn github.com/jackc/pgx/v5/pgxpool github.com/jackc/pgx/v5/stdlib github.com/pressly/goose/v3"},
	"internal/postgrestest": {touchesWorld, "github.com/jackc/pgx/v5"},

	"cmd/tender":                    {wires, "internal/cli"},
	"examples/level3-2004":          {wires, ""},
	"examples/level3-2004/generate": {wires, "examples/level3-2004"},
	"bench":                         {wires, "offer bench/books"},
	"bench/books":                   {wires, ""},
	"bench/intake":                  {wires, "allocation book journal internal/desk internal/postgres internal/postgrestest internal/sqlite github.com/google/uuid github.com/jackc/pgx/v5"},
	"":                              {wires, ""},
}

// worldly are the parts of the standard library through which a program
// touches the world. A package that computes imports none of them.
var worldly = []string{"os", "os/exec", "os/signal", "os/user", "net", "net/http", "database/sql", "syscall", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"}

// vague are names that would fit any program, or hide a package of the
// standard library.
var vague = []string{"util", "utils", "common", "models", "model", "services", "helpers", "helper", "misc", "base", "shared", "types", "http", "time", "sql", "json", "core"}

// A sourcePackage is the Go files of one folder that are not tests.
type sourcePackage struct {
	dir   string
	fset  *token.FileSet
	files []*ast.File
}

func sourcePackages(t *testing.T) []*sourcePackage {
	t.Helper()
	byDir := map[string]*sourcePackage{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"testdata", "tools", "node_modules"}, d.Name())) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		dir := filepath.ToSlash(filepath.Dir(name))
		if dir == "." {
			dir = ""
		}
		p := byDir[dir]
		if p == nil {
			p = &sourcePackage{dir: dir, fset: token.NewFileSet()}
			byDir[dir] = p
		}
		f, err := parser.ParseFile(p.fset, name, nil, parser.ParseComments)
		p.files = append(p.files, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []*sourcePackage
	for _, p := range byDir {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *sourcePackage) int { return strings.Compare(a.dir, b.dir) })
	return all
}

// imports lists each import with its place.
func (p *sourcePackage) imports() map[string]token.Position {
	m := map[string]token.Position{}
	for _, f := range p.files {
		for _, s := range f.Imports {
			name, _ := strconv.Unquote(s.Path.Value)
			m[name] = p.fset.Position(s.Pos())
		}
	}
	return m
}

// inspect calls f for every node of every file.
func (p *sourcePackage) inspect(f func(ast.Node)) {
	for _, file := range p.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if n != nil {
				f(n)
			}
			return true
		})
	}
}

func isStd(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".") && first != "tenderbook"
}

func TestImportsPointDownAndInward(t *testing.T) {
	for _, p := range sourcePackages(t) {
		rules, ok := architecture[p.dir]
		if !ok {
			t.Errorf("package %q is not in the architecture table of arch_test.go: add it with its ring and what it may import", p.dir)
			continue
		}
		allowed := strings.Fields(rules.imports)
		for name, at := range p.imports() {
			switch ours, isOurs := strings.CutPrefix(name, "tenderbook/"); {
			case isStd(name):
				if rules.ring == computes && slices.Contains(worldly, name) {
					t.Errorf("%s: %s computes, it must not import %q", at, p.dir, name)
				}
			case isOurs && !slices.Contains(allowed, ours), !isOurs && !slices.Contains(allowed, name):
				t.Errorf("%s: %s must not import %q (arch_test.go lists what it may)", at, p.dir, name)
			}
		}
	}
}

func TestTableListsNoImportFromAnOuterRing(t *testing.T) {
	depth := map[ring]int{computes: 0, touchesWorld: 1, wires: 2}
	for dir, rules := range architecture {
		for name := range strings.FieldsSeq(rules.imports) {
			if to, ok := architecture[name]; ok && depth[to.ring] > depth[rules.ring] && name != "examples/level3-2004" {
				t.Errorf("%s (%s) may not be allowed %s (%s): imports point inward", dir, rules.ring, name, to.ring)
			}
		}
	}
}

func TestComputingPackagesReadNoClock(t *testing.T) {
	for _, p := range sourcePackages(t) {
		if architecture[p.dir].ring != computes {
			continue
		}
		p.inspect(func(n ast.Node) {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return
			}
			pkg, ok := sel.X.(*ast.Ident)
			if ok && pkg.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "After", "Tick", "NewTimer", "NewTicker", "Sleep", "Local"}, sel.Sel.Name) {
				t.Errorf("%s: %s computes: the time is an argument, not time.%s", p.fset.Position(n.Pos()), p.dir, sel.Sel.Name)
			}
		})
	}
}

func TestAmountsAreNeverFloats(t *testing.T) {
	for _, p := range sourcePackages(t) {
		if p.dir != "money" && p.dir != "allocation" {
			continue
		}
		p.inspect(func(n ast.Node) {
			id, ok := n.(*ast.Ident)
			if ok && slices.Contains([]string{"float32", "float64", "ParseFloat", "FormatFloat", "SetFloat64", "Float64"}, id.Name) {
				t.Errorf("%s: %s in a package of exact amounts", p.fset.Position(n.Pos()), id.Name)
			}
			lit, ok := n.(*ast.BasicLit)
			if ok && lit.Kind == token.FLOAT {
				t.Errorf("%s: float literal %s in a package of exact amounts", p.fset.Position(n.Pos()), lit.Value)
			}
		})
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for _, p := range sourcePackages(t) {
		var doc string
		for _, f := range p.files {
			if f.Doc != nil {
				if doc != "" {
					t.Errorf("%s: a second package comment for %q", p.fset.Position(f.Pos()), p.dir)
				}
				doc = f.Doc.Text()
			}
		}
		name := p.files[0].Name.Name
		want := fmt.Sprintf("Package %s ", name)
		if name == "main" {
			want = fmt.Sprintf("Command %s ", path.Base(p.dir))
		}
		if first, _, _ := strings.Cut(doc, "."); !strings.HasPrefix(first, want) || len(strings.Fields(first)) < 4 {
			t.Errorf("%s: the package comment begins %q, needs a sentence that begins %q", p.dir, first, want)
		}
	}
}

func TestPackageNamesAreNotVague(t *testing.T) {
	for _, p := range sourcePackages(t) {
		if name := path.Base(p.dir); slices.Contains(vague, name) {
			t.Errorf("package %s: the name %q would fit any program or hides another package", p.dir, name)
		}
	}
}
