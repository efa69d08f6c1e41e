package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A jsonFlag is "--json", alone or with the fields that are wanted.
type jsonFlag program

// String implements pflag.Value.
func (f *jsonFlag) String() string { return "" }

// Type implements pflag.Value: the flag needs no value.
func (f *jsonFlag) Type() string { return "bool" }

// Set takes "true", "false" or fields. Output goes by the selection from then on.
func (f *jsonFlag) Set(s string) error {
	switch {
	case s == "true" || s == "false":
		f.json = s == "true"
		return nil
	case !fieldList.MatchString(s):
		return fmt.Errorf("needs names of fields, such as offer,seq")
	case f.picked != nil:
		return fmt.Errorf("fields are given twice")
	}
	f.json = true
	f.picked = &selection{to: f.Out, fields: strings.Split(s, ",")}
	f.Out = &f.picked.buf
	return nil
}

var fieldList = regexp.MustCompile(`^[a-z][a-z0-9_]*(,[a-z][a-z0-9_]*)*$`)

// joinFields makes "--json a,b" one argument, "--json=a,b", since the flag stands
// alone too. What follows it is fields if it has a comma or underscore; one plain
// word could be an argument, and is written --json=word.
func joinFields(args []string) []string {
	var joined []string
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return append(joined, args[i:]...)
		}
		if args[i] == "--json" && i+1 < len(args) && fieldList.MatchString(args[i+1]) && strings.ContainsAny(args[i+1], ",_") {
			joined = append(joined, "--json="+args[i+1])
			i++
			continue
		}
		joined = append(joined, args[i])
	}
	return joined
}

// A selection holds JSON back until it is complete, to print some fields of it.
type selection struct {
	to     io.Writer
	fields []string
	buf    bytes.Buffer
}

// write prints the selected fields of each value that was printed, or of each
// member where that is a list.
func (s *selection) write() error {
	if s == nil {
		return nil
	}
	dec := json.NewDecoder(&s.buf)
	for {
		var v json.RawMessage
		err := dec.Decode(&v)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return usagef("", "--json=%s: this command prints no JSON", strings.Join(s.fields, ","))
		}
		picked, err := s.pick(v)
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := json.Indent(&out, picked, "", "  "); err != nil {
			return err
		}
		out.WriteByte('\n')
		if _, err := s.to.Write(out.Bytes()); err != nil {
			return err
		}
	}
}

func (s *selection) pick(v json.RawMessage) ([]byte, error) {
	var list []json.RawMessage
	if json.Unmarshal(v, &list) == nil {
		picked := make([]json.RawMessage, len(list))
		for i := range list {
			var err error
			if picked[i], err = s.pick(list[i]); err != nil {
				return nil, err
			}
		}
		return json.Marshal(picked)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(v, &object); err != nil {
		return nil, errors.New("--json: what is printed is no object")
	}
	var b bytes.Buffer
	for i, name := range s.fields {
		value, ok := object[name]
		if !ok {
			known := slices.Sorted(maps.Keys(object))
			return nil, usagef(didYouMean(name, known), "--json: no field %q: there are %s", name, strings.Join(known, ", "))
		}
		sep := ","
		if i == 0 {
			sep = "{"
		}
		fmt.Fprintf(&b, "%s%q:%s", sep, name, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
