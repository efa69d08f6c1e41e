package offer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// The bounds of an offer file. The largest published offers fit a hundredth of
// either.
const (
	maxBytes = 4 << 20
	maxDepth = 24
)

// parse turns the bytes of a file into nodes. It takes the part of YAML that
// people read the same way as machines do: one document of keys, lists and
// scalars, without anchors, tags, merges or tabs.
func parse(name string, data []byte) (*node, Problems) {
	p := &parser{name: name, data: data}
	if !p.encodingIsSound() {
		return nil, p.problems
	}
	doc := p.document()
	if doc == nil {
		return nil, p.problems
	}
	root := p.convert(doc.Content[0], 1)
	if root.kind != mapping && len(p.problems) == 0 {
		p.report(root.at, "the file holds "+root.describe(), `keys, such as "tenderbook: 1" and "offer: LVLT-2004"`, "")
	}
	return root, p.problems
}

// parseValue turns a single value, as a file would have it behind a colon, into
// a node.
func parseValue(name, value string) (*node, Problems) {
	p := &parser{name: name, data: []byte(value)}
	if !p.encodingIsSound() {
		return nil, p.problems
	}
	if strings.TrimSpace(value) == "" {
		p.report(p.position(1, 1), "no value is given", `a value, or "none" to take the key out`, "")
		return nil, p.problems
	}
	doc := p.document()
	if doc == nil {
		return nil, p.problems
	}
	return p.convert(doc.Content[0], 1), p.problems
}

var tooDeep = fmt.Sprintf("more than %d groups inside each other", maxDepth)

type parser struct {
	name     string
	data     []byte
	problems Problems
}

func (p *parser) report(at Position, found, needed, hint string) {
	p.problems = append(p.problems, Problem{Position: at, Found: found, Needed: needed, Hint: hint})
}

func (p *parser) position(line, column int) Position {
	return Position{p.name, max(line, 1), max(column, 1)}
}

// at gives the position of a byte.
func (p *parser) at(offset int) Position {
	before := p.data[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return p.position(bytes.Count(before, []byte{'\n'})+1, utf8.RuneCount(before[start:])+1)
}

// encodingIsSound reports what no YAML reader could explain: bytes that are
// not text, and tabs in front of keys.
func (p *parser) encodingIsSound() bool {
	switch {
	case len(p.data) > maxBytes:
		p.report(p.position(1, 1), fmt.Sprintf("the file has %d bytes", len(p.data)), fmt.Sprintf("at most %d", maxBytes), "")
	case bytes.HasPrefix(p.data, []byte("\xff\xfe")) || bytes.HasPrefix(p.data, []byte("\xfe\xff")):
		p.report(p.position(1, 1), "the file is in UTF-16", "UTF-8", `save it as "UTF-8" or "plain text"`)
	case bytes.HasPrefix(p.data, []byte("PK\x03\x04")):
		p.report(p.position(1, 1), "the file is a ZIP archive, such as a workbook or a document", "a text file", "")
	case !utf8.Valid(p.data):
		p.reportBytes()
	default:
		p.data = bytes.TrimPrefix(p.data, []byte("\xef\xbb\xbf")) // the mark that some editors put first
		p.reportTabs()
		p.reportControls()
	}
	return len(p.problems) == 0
}

func (p *parser) reportBytes() {
	for i := 0; i < len(p.data); {
		r, size := utf8.DecodeRune(p.data[i:])
		if r == utf8.RuneError && size == 1 {
			p.report(p.at(i), fmt.Sprintf("byte 0x%02x is not UTF-8", p.data[i]), "a file in UTF-8", `save it as "UTF-8" instead of "Windows" or "Latin-1"`)
			return
		}
		i += size
	}
}

// reportTabs reports the first tab of an indentation: YAML forbids it, and its
// own message does not say so.
func (p *parser) reportTabs() {
	line := 1
	for text := range bytes.Lines(p.data) {
		indent := text[:len(text)-len(bytes.TrimLeft(text, " \t"))]
		blank := len(bytes.TrimSpace(text)) == 0
		if i := bytes.IndexByte(indent, '\t'); i >= 0 && !blank {
			p.report(p.position(line, i+1), "a tab stands in front of the text", "spaces", "")
			return
		}
		line++
	}
}

func (p *parser) reportControls() {
	for i, b := range p.data {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' || b == 0x7f {
			p.report(p.at(i), fmt.Sprintf("control character 0x%02x", b), "text", "")
			return
		}
	}
}

// document loads the one document of the file, or reports why it cannot.
func (p *parser) document() *yaml.Node {
	// Duplicate keys are found later, where both places are known.
	loader, err := yaml.NewLoader(bytes.NewReader(p.data), yaml.WithV4Defaults(), yaml.WithUniqueKeys(false))
	if err != nil {
		p.report(p.position(1, 1), err.Error(), "", "")
		return nil
	}
	var doc, second yaml.Node
	err = loader.Load(&doc)
	if errors.Is(err, io.EOF) || err == nil && (len(doc.Content) == 0 || doc.Content[0].Tag == "!!null") {
		p.report(p.position(1, 1), "the file is empty", `an offer, beginning with "tenderbook: 1"`, "")
		return nil
	}
	if err != nil {
		p.reportSyntax(err)
		return nil
	}
	switch err = loader.Load(&second); {
	case err == nil:
		p.report(p.position(second.Line, second.Column), "a second document begins here", "one offer in one file", `take out the "---" line, or make it two files`)
		return nil
	case !errors.Is(err, io.EOF):
		p.reportSyntax(err)
		return nil
	}
	return &doc
}

// wrongSyntax says in plain words what the YAML parser says in its own.
var wrongSyntax = []struct{ theirs, found, hint string }{
	{"mapping values are not allowed", `a ":" that cannot be a key`, `put text that contains ": " in quotes, and keys of one group in one column`},
	{"cannot start any token", "a character that cannot begin a value", "put the text in quotes"},
	{"unexpected end of stream", "the quotation mark that begins here has no end", ""},
	{"expected ',' or ']'", `the list that begins here has no "]"`, `close it with "]", and part its items with ","`},
	{"expected ',' or '}'", `the group that begins here has no "}"`, `close it with "}", and part its keys with ","`},
	{"expected '-' indicator", `a key among items that begin with "-"`, "check the indentation"},
	{"expected key", "the text is not indented as the keys before it", "keys of one group stand in one column"},
	{"could not find expected ':'", `a key without ":"`, `put ": " behind the key, or indent text that goes on from the line before`},
	{"unknown anchor", "an alias (*)", "write the value out"},
	{"max depth", tooDeep, ""},
	{"incompatible YAML document", "a %YAML line", "take it out"},
}

var lineInMessage = regexp.MustCompile(`line (\d+)(?:, column (\d+))?`)

func (p *parser) reportSyntax(err error) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	at := p.position(1, 1)
	var load *yaml.LoadError
	if errors.As(err, &load) {
		message = load.Message
		at = p.position(load.Mark.Line, load.Mark.Column)
		if strings.Contains(message, "end of stream") || strings.Contains(message, "expected ',' or") || load.Mark.Line == 0 {
			at = p.position(load.ContextMark.Line, load.ContextMark.Column)
		}
	}
	if m := lineInMessage.FindStringSubmatch(message); m != nil && at.Line == 1 && at.Column == 1 {
		line, _ := strconv.Atoi(m[1])
		column, _ := strconv.Atoi(m[2])
		at = p.position(line, column)
	}
	for _, w := range wrongSyntax {
		if strings.Contains(message, w.theirs) {
			p.report(at, w.found, "", w.hint)
			return
		}
	}
	p.report(at, "the file is not YAML: "+message, "", "")
}

// convert copies what the offer file uses of a YAML node and reports the rest.
func (p *parser) convert(y *yaml.Node, depth int) *node {
	n := &node{at: p.position(y.Line, y.Column), flow: y.Style&yaml.FlowStyle != 0}
	if depth > maxDepth {
		p.report(n.at, tooDeep, "", "")
		return n
	}
	switch {
	case y.Kind == yaml.AliasNode:
		p.report(n.at, fmt.Sprintf("an alias (*%s)", y.Value), "", "write the value out: an offer file is read by people, line by line")
	case y.Anchor != "":
		p.report(n.at, fmt.Sprintf("an anchor (&%s)", y.Anchor), "", "take it out: values are written where they are used")
	case y.Style&yaml.TaggedStyle != 0:
		p.report(n.at, fmt.Sprintf("a tag (%s)", y.Tag), "", "take it out: each key knows its own type")
	}
	switch y.Kind {
	case yaml.MappingNode:
		n.kind = mapping
		for i := 0; i+1 < len(y.Content); i += 2 {
			n.keys = append(n.keys, p.member(y.Content[i], y.Content[i+1], depth+1))
		}
	case yaml.SequenceNode:
		n.kind = list
		for _, item := range y.Content {
			n.items = append(n.items, p.convert(item, depth+1))
		}
	default:
		n.text = y.Value
		n.plain = y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	}
	return n
}

func (p *parser) member(k, v *yaml.Node, depth int) member {
	key := p.convert(k, depth)
	m := member{key: key.text, at: key.at, plain: key.plain, value: p.convert(v, depth)}
	if key.kind != scalar {
		p.report(key.at, key.describe()+" stands for a key", "a word", "")
	}
	return m
}
