package cli

import (
	"errors"
	"fmt"
	"strings"

	"tenderbook/journal"
)

// A found is what a check came to: what was shown, and what was left open.
type found struct {
	What    string   `json:"what"`   // offer, bundle, result, receipt, checkpoint, consistency
	Source  string   `json:"source"` // file or database
	Offer   string   `json:"offer"`
	Checked []string `json:"checked"`
	Open    []string `json:"not_checked"`

	Entries      uint64     `json:"entries,omitempty"`
	Instructions int        `json:"instructions,omitempty"`
	Refusals     int        `json:"refusals,omitempty"`
	Results      int        `json:"results,omitempty"`
	Root         string     `json:"root,omitempty"`
	State        string     `json:"state,omitempty"`
	Checksum     string     `json:"checksum,omitempty"`
	Attachments  []attached `json:"attachments,omitempty"`

	title string // how the text begins
}

type attached struct {
	Name   string `json:"name"`
	Size   uint64 `json:"size"`
	SHA256 string `json:"sha256"`
}

func (x *found) ok(format string, args ...any) {
	x.Checked = append(x.Checked, fmt.Sprintf(format, args...))
}

func (x *found) open(format string, args ...any) {
	x.Open = append(x.Open, fmt.Sprintf(format, args...))
}

// say prints what was found.
func (v *verifying) say(x *found) error {
	if x.Open == nil {
		x.Open = []string{}
	}
	if v.json {
		return v.printJSON(x)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", x.title, strings.Join(x.Checked, " | "))
	state := x.State
	if state != "" {
		state += fmt.Sprintf(" of %s and %s", plural(x.Instructions, "instruction", "instructions"), plural(x.Refusals, "refusal", "refusals"))
	}
	for _, f := range []struct{ name, value string }{{"root    ", x.Root}, {"state   ", state}, {"checksum", x.Checksum}} {
		if f.value != "" {
			fmt.Fprintf(&b, "    %s %s\n", f.name, f.value)
		}
	}
	for _, a := range x.Attachments {
		fmt.Fprintf(&b, "    attached %q, %s bytes, sha256 %s\n", a.Name, grouped(int64(a.Size)), a.SHA256)
	}
	for _, open := range x.Open {
		fmt.Fprintf(&b, "    not checked: %s\n", open)
	}
	_, err := fmt.Fprint(v.Out, b.String())
	return err
}

// A damageJSON is what is printed of damage, for programs.
type damageJSON struct {
	File   string       `json:"file,omitempty"`
	Offset int64        `json:"offset"` // in a file: bytes; in a database: the entry
	Entry  uint64       `json:"entry"`
	Code   journal.Code `json:"code,omitempty"`
	Why    string       `json:"why"`
}

// showDamage prints damage as JSON where that was asked for.
func (p *program) showDamage(harm error) {
	if !p.json {
		return
	}
	x := damageJSON{Why: harm.Error()}
	var located *journal.Damage
	if errors.As(harm, &located) {
		x = damageJSON{located.File, located.Offset, located.Seq, located.Code, located.Why}
	}
	_ = p.printJSON(map[string]any{"damage": x}) // the message on standard error says the same
}
