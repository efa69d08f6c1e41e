package book

import (
	"encoding/hex"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// Limits of what a command holds, in bytes.
const (
	maxName = 255     // ids, accounts, actors
	maxFile = 8 << 20 // offer files, payment files
	maxWhy  = 64 << 10
)

// text checks that s is UTF-8 of at most n bytes, and something if needed.
func text(what, s string, n int, needed bool) error {
	switch {
	case needed && s == "":
		return fmt.Errorf("%s is missing", what)
	case len(s) > n:
		return fmt.Errorf("%s has %d bytes, at most %d are taken", what, len(s), n)
	case !utf8.ValidString(s):
		return fmt.Errorf("%s is not UTF-8", what)
	}
	return nil
}

func (o *Offer) check() error {
	return errors.Join(text("name", o.Name, maxName, true), text("file", o.File, maxFile, true))
}

func (g *Grant) check() error {
	return errors.Join(text("actor", g.Actor, maxName, true), text("person", g.Person, maxName, false),
		text("role", string(g.Role), maxName, true), text("participant", g.Participant, maxName, false))
}

func (p *Positions) check() error {
	if len(p.List) == 0 {
		return errors.New("no position is given")
	}
	if err := text("source", p.Source, maxName, false); err != nil {
		return err
	}
	for i := range p.List {
		x := &p.List[i]
		if err := errors.Join(text("participant", x.Participant, maxName, true), text("series", x.Series, maxName, true)); err != nil {
			return fmt.Errorf("position %d: %w", i+1, err)
		}
		if x.Principal < 0 {
			return fmt.Errorf("position %d: principal %d, needs 0 or more", i+1, x.Principal)
		}
	}
	return nil
}

func (r *Review) check() error {
	if _, ok := reviewEvents[r.Action]; !ok {
		return fmt.Errorf("action %q, needs defect, cure, ask-waiver, block or reject", r.Action)
	}
	return errors.Join(text("instruction", r.Instruction, maxName, true), text("why", r.Why, maxWhy, r.Action == "defect" || r.Action == "reject"))
}

func (p *Proposal) check() error {
	uses, ok := proposals[p.What]
	if !ok {
		return fmt.Errorf("proposal %q is of no known kind", p.What)
	}
	if _, offset := p.Expires.Zone(); p.Expires.IsZero() || offset != 0 || p.Expires.Location() != time.UTC {
		return errors.New("expires: needs a time in UTC")
	}
	needsFile := uses.file && p.What != Release // see fitsVersion
	return errors.Join(
		digest("basis", p.Basis, true), text("name", p.Name, maxName, needsFile), unused("name", p.Name, uses.file),
		text("file", p.File, maxFile, needsFile), unused("file", p.File, uses.file),
		text("subject", p.Subject, maxName, uses.subject && p.What != Terminate), unused("subject", p.Subject, uses.subject),
		checkRun(p.Run, uses.result), digest("result", p.Result, uses.result), text("why", p.Why, maxWhy, false),
		digest("payments", p.Payments, p.What == Release && p.Payments != ""),
	)
}

// fitsVersion refuses what commands of other versions hold: a release held a file,
// and since rules 3 names the payments that follow from the result.
func fitsVersion(c Command, version uint8) error {
	p, ok := c.(*Proposal)
	switch now := Rules(version) >= Rules3; {
	case !ok || p.What != Release:
		return nil
	case now && (p.Payments == "" || p.File != "" || p.Name != ""):
		return errors.New("a release names the digest of its payments, and holds no file")
	case !now && (p.Payments != "" || p.File == "" || p.Name == ""):
		return errors.New("a release holds a file")
	}
	return nil
}

func checkRun(r Run, used bool) error {
	if used && r != Early && r != Final || !used && r != "" {
		return fmt.Errorf("run %q does not belong here", r)
	}
	return nil
}

func unused(what, s string, used bool) error {
	if !used && s != "" {
		return fmt.Errorf("%s %q does not belong to this kind of proposal", what, s)
	}
	return nil
}

// digest checks 32 bytes in lower-case hexadecimal, or nothing if not needed.
func digest(what, s string, needed bool) error {
	if !needed && s == "" {
		return nil
	}
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 32 || hex.EncodeToString(b) != s || !needed {
		return fmt.Errorf("%s %q is not a SHA-256 in hexadecimal, or does not belong here", what, s)
	}
	return nil
}

func (d *Decision) check() error {
	return errors.Join(digest("digest", d.Digest, true), text("why", d.Why, maxWhy, false))
}

func (n *Note) check() error {
	return errors.Join(text("text", n.Text, maxWhy, true), text("instruction", n.Instruction, maxName, false))
}

func (q *Inquiry) check() error {
	return errors.Join(text("subject", string(q.Subject), maxName, true), text("of", q.Of, maxName, false))
}
