package bookfile

import (
	"bytes"
	"unicode/utf8"
)

// maxRow is the most bytes that one row may take, line ends in quoted fields
// included. A longer one is refused up to its first line end, so that a quote
// left open costs one row and not the rest of the book.
const maxRow = 1 << 20

// maxField is the most bytes of a field: what a cell of a spreadsheet holds.
const maxField = 32767

// A view is one row with its fields found: field c ends before ends[c] and
// begins one byte after ends[c-1].
type view struct {
	buf   []byte
	start int
	ends  []uint32
	plain bool // printable ASCII without quotes: its bytes are its fields
}

// field gives the bytes of a field; nil for a column that the book has not.
func (v *view) field(column int) []byte {
	if column < 0 {
		return nil
	}
	from := v.start
	if column > 0 {
		from = int(v.ends[column-1]) + 1
	}
	return v.buf[from:v.ends[column]]
}

// A splitter takes quoted and unusual rows apart as RFC 4180 has them and
// encoding/csv reads them. Its buffers are used again for each row.
type splitter struct {
	text []byte
	ends []uint32
}

// A flaw is what keeps a row from being taken apart.
type flaw string

const (
	noFlaw      flaw = ""
	flawMore    flaw = "more bytes are needed" // not a flaw of the row: the buffer ends inside it
	flawQuote   flaw = `has a quote inside a field that does not begin with one: put the field in quotes and double the quotes in it`
	flawClosing flaw = `has text after the closing quote of a field: double the quotes that belong to the text`
	flawOpen    flaw = `opens a quote that nothing closes`
	flawLong    flaw = `is longer than 1 MiB`
	flawNUL     flaw = `contains a NUL byte`
	flawUTF8    flaw = `is not UTF-8: save the book as "CSV UTF-8"`
	flawField   flaw = `has a field longer than 32,767 bytes`
)

// split takes apart the row that begins at buf[at] and gives the place after
// it. If more is set, buf is a window that may end inside the row: flawMore then
// asks for a longer one. A flawed row ends at its first line end; next is -1 if
// there is none in maxRow bytes.
func (s *splitter) split(buf []byte, at int, more bool) (v view, next int, why flaw) {
	s.text, s.ends = s.text[:0], s.ends[:0]
	next, why = s.fields(buf, at)
	if why == flawMore && more && len(buf)-at <= maxRow {
		return view{}, 0, flawMore
	}
	if why == noFlaw && next-at <= maxRow {
		return view{buf: s.text, ends: s.ends}, next, s.unfit()
	}
	first := bytes.IndexByte(buf[at:min(len(buf), at+maxRow)], '\n')
	if first < 0 {
		return view{}, -1, flawLong
	}
	if why == noFlaw || why == flawMore {
		why = flawOpen // its first line is short enough, so it is a quote that makes it long
	}
	return view{}, at + first + 1, why
}

// unfit finds what no field may hold.
func (s *splitter) unfit() flaw {
	if bytes.IndexByte(s.text, 0) >= 0 {
		return flawNUL
	}
	if !utf8.Valid(s.text) {
		return flawUTF8
	}
	from := 0
	for _, end := range s.ends {
		if int(end)-from > maxField {
			return flawField
		}
		from = int(end) + 1
	}
	return noFlaw
}

// fields decodes the fields of one row into s.
func (s *splitter) fields(buf []byte, at int) (next int, why flaw) {
	for {
		var last bool
		if at < len(buf) && buf[at] == '"' {
			at, last, why = s.quoted(buf, at+1)
		} else {
			at, last, why = s.bare(buf, at)
		}
		if why != noFlaw {
			return at, why
		}
		s.ends = append(s.ends, uint32(len(s.text)))
		if last {
			return at, noFlaw
		}
		s.text = append(s.text, ',') // keeps the distance that view.field counts on
	}
}

// bare decodes a field without quotes, and gives the place after its comma or
// line end.
func (s *splitter) bare(buf []byte, at int) (next int, last bool, why flaw) {
	for i := at; i < len(buf); i++ {
		switch buf[i] {
		case ',':
			s.text = append(s.text, buf[at:i]...)
			return i + 1, false, noFlaw
		case '\n':
			s.text = append(s.text, trimCR(buf[at:i])...)
			return i + 1, true, noFlaw
		case '"':
			return i, false, flawQuote
		}
	}
	return len(buf), false, flawMore
}

// quoted decodes a field from after its opening quote on.
func (s *splitter) quoted(buf []byte, at int) (next int, last bool, why flaw) {
	for {
		i := bytes.IndexByte(buf[at:], '"')
		if i < 0 || at+i+1 >= len(buf) {
			return len(buf), false, flawMore
		}
		s.appendLines(buf[at : at+i])
		at += i + 1
		switch rest := buf[at:]; {
		case rest[0] == '"':
			s.text = append(s.text, '"')
			at++
		case rest[0] == ',':
			return at + 1, false, noFlaw
		case rest[0] == '\n':
			return at + 1, true, noFlaw
		case rest[0] == '\r' && len(rest) > 1 && rest[1] == '\n':
			return at + 2, true, noFlaw
		case rest[0] == '\r' && len(rest) == 1:
			return len(buf), false, flawMore
		default:
			return at, false, flawClosing
		}
	}
}

// appendLines appends quoted text, with each CR LF as one line feed.
func (s *splitter) appendLines(text []byte) {
	for {
		i := bytes.Index(text, []byte("\r\n"))
		if i < 0 {
			s.text = append(s.text, text...)
			return
		}
		s.text = append(append(s.text, text[:i]...), '\n')
		text = text[i+2:]
	}
}

func trimCR(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\r' {
		return b[:n-1]
	}
	return b
}
