package bookfile

import (
	"bytes"
	"strings"
)

// writeRefused writes the rows that are left out as a book of their own: the
// same columns, and one that says what is wrong. That column is not read, so
// the rows can be mended there and sent again.
func (j *job) writeRefused() error {
	out := j.opts.Refused
	if out == nil {
		return nil
	}
	var line []byte
	for i, name := range j.layout.names {
		if i != j.layout.at[colProblem] {
			line = append(appendField(line, []byte(name)), ',')
		}
	}
	if _, err := out.Write(append(line, columnNames[colProblem]+"\n"...)); err != nil {
		return err
	}
	var s splitter
	for _, b := range j.blocks {
		for i := range b.refused {
			line, err := j.refusedLine(line[:0], &s, &b.refused[i])
			if err != nil {
				return err
			}
			if _, err := out.Write(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// refusedLine writes a refused row. What does not come to the columns of the
// header goes into the first one as it stands.
func (j *job) refusedLine(line []byte, s *splitter, r *RefusedRow) ([]byte, error) {
	raw := make([]byte, min(r.length, maxRow), min(r.length, maxRow)+1)
	if _, err := j.src.readAt(raw, r.at); err != nil {
		return nil, err
	}
	if !bytes.HasSuffix(raw, []byte{'\n'}) {
		raw = append(raw, '\n')
	}
	v, _, why := s.split(raw, 0, false)
	if why != noFlaw || len(v.ends) != j.layout.fields {
		v = view{buf: bytes.TrimRight(raw, "\r\n")}
		v.ends = []uint32{uint32(len(v.buf))}
	}
	for c := range j.layout.fields {
		if c == j.layout.at[colProblem] {
			continue
		}
		if c < len(v.ends) {
			line = appendField(line, v.field(c))
		}
		line = append(line, ',')
	}
	said := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		said[i] = p.String()
	}
	return append(appendField(line, []byte(strings.Join(said, "; "))), '\n'), nil
}
