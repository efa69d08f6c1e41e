package journal

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// maxProof is the most hashes that a proof over 2^63 entries can have.
const maxProof = 128

func writeProof(b *bytes.Buffer, proof []tlog.Hash) {
	fmt.Fprintf(b, "proof %d\n", len(proof))
	for _, h := range proof {
		fmt.Fprintf(b, "%s\n", h)
	}
}

// writeNote writes a signed checkpoint behind the number of its lines.
func writeNote(b *bytes.Buffer, signed []byte) {
	fmt.Fprintf(b, "checkpoint %d\n%s", bytes.Count(signed, []byte("\n")), signed)
}

// lines takes the lines of a text one by one. After the first thing wrong it
// gives zero values.
type lines struct {
	rest string
	line int
	err  error
}

func (p *lines) next() string {
	if p.err != nil {
		return ""
	}
	line, rest, ended := strings.Cut(p.rest, "\n")
	p.line++
	if !ended {
		p.failf("the text breaks off")
		return ""
	}
	p.rest = rest
	return line
}

func (p *lines) failf(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("line %d: %w", p.line, fmt.Errorf(format, args...))
	}
}

func (p *lines) want(line string) {
	if got := p.next(); p.err == nil && got != line {
		p.failf("%q, needs %q", got, line)
	}
}

func (p *lines) field(name string) string {
	line := p.next()
	value, ok := strings.CutPrefix(line, name+" ")
	if p.err == nil && !ok {
		p.failf("%q, needs %s and a value", line, name)
	}
	return value
}

func (p *lines) number(name string) uint64 {
	s := p.field(name)
	n, err := strconv.ParseUint(s, 10, 63)
	if p.err == nil && err != nil {
		p.failf("%s %q, needs a number", name, s)
	}
	return n
}

func (p *lines) time(name string) time.Time {
	s := p.field(name)
	if p.err != nil {
		return time.Time{}
	}
	t, err := parseTime(s)
	if err != nil {
		p.failf("%w", err)
	}
	return t
}

func (p *lines) hash(name string) [32]byte { return p.parseHash(p.field(name)) }

func (p *lines) parseHash(s string) [32]byte {
	if p.err != nil {
		return [32]byte{}
	}
	h, err := parseHash(s)
	if err != nil {
		p.failf("%w", err)
	}
	return h
}

func (p *lines) bytes(name string) []byte {
	b, err := base64.StdEncoding.Strict().DecodeString(p.field(name))
	if p.err == nil && err != nil {
		p.failf("%s: %w", name, err)
	}
	return b
}

func (p *lines) proof() []tlog.Hash {
	n := p.number("proof")
	if p.err == nil && n > maxProof {
		p.failf("proof of %d hashes, at most %d are needed", n, maxProof)
	}
	var proof []tlog.Hash
	for i := uint64(0); i < n && p.err == nil; i++ {
		proof = append(proof, p.parseHash(p.next()))
	}
	return proof
}

func (p *lines) note() []byte {
	n := p.number("checkpoint")
	var b []byte
	for i := uint64(0); i < n && p.err == nil; i++ {
		b = append(append(b, p.next()...), '\n')
	}
	return b
}

// end says what was wrong: a line, something behind the last, or a form that is
// not the one in which what was read is written.
func (p *lines) end(text []byte, read encoding.TextMarshaler) error {
	if p.err != nil {
		return p.err
	}
	if p.rest != "" {
		p.line++
		p.failf("text behind the end")
		return p.err
	}
	if again, err := read.MarshalText(); err != nil || !bytes.Equal(again, text) {
		return errors.New("the text is not in the one form that it has")
	}
	return nil
}
