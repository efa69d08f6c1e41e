package bookfile

import "bytes"

// What the number of a row says where it is not the number of a class.
const (
	refAlone   = 1 << 31   // this bit and the index of a [loner] of the block
	refRefused = 1<<32 - 1 // the row was refused
)

// A block is a stretch of a book and what its rows came to. It owns the rows
// that begin in its stretch.
type block struct {
	from, to int64 // its stretch
	start    int64 // where its first row begins; to or later if none does
	end      int64 // where the row after its last begins
	rows     int
	lines    int64    // line ends in its rows
	worker   int      // whose classes the numbers are
	refs     []uint32 // of each row
	shapes   []shape  // of each row
	loners   []loner
	refused  []RefusedRow

	firstRow, firstLine int64 // of the book; known when all blocks are read
}

// A rows takes blocks apart into rows. Its buffers are used again for each
// block. Places are those of the window unless said otherwise.
type rows struct {
	window   window
	places   []uint32 // of what marks found
	next     int      // of places: the first that no row has used
	splitter splitter
	fields   int // that a row should have
}

// A row is one row of a block.
type row struct {
	view
	why   flaw  // why it could not be taken apart
	index int   // in the block, blank lines not counted
	line  int64 // in the block, from 0
	at    int64 // in the book
	next  int64 // in the book: where the row after it begins
}

// each calls f for the rows of a block until it fails. If exact is not set, the
// first line end in the block (or just before it) is taken for the end of a row;
// whether it was is for the caller to find out, see inLine.
func (r *rows) each(b *block, exact bool, f func(*row) error) error {
	b.rows, b.lines = 0, 0
	from, limit, err := r.open(b, exact)
	if err != nil || from >= limit {
		return err
	}
	var one row
	for from < limit {
		if blank := r.blankLine(from); blank > 0 {
			from += blank
			b.lines++
			continue
		}
		after, err := r.take(&one, from)
		if err != nil {
			return err
		}
		one.index, one.line, one.at = b.rows, b.lines, r.window.at+int64(from)
		if after < 0 {
			after = limit
			if one.next, err = afterLine(r.window.src, one.at); err != nil {
				return err
			}
		} else {
			one.next = min(r.window.at+int64(after), r.window.src.size)
		}
		b.lines += r.linesOf(&one, from, after)
		if err := f(&one); err != nil {
			return err
		}
		b.rows++
		b.end = one.next
		from = after
	}
	b.end = max(b.end, min(r.window.at+int64(from), r.window.src.size))
	return nil
}

// take takes apart the row at a place and gives the place after it, or -1 if
// the row has no end in the window.
func (r *rows) take(one *row, from int) (int, error) {
	for r.next < len(r.places) && int(r.places[r.next]) < from {
		r.next++
	}
	if after := r.plainRow(&one.view, from); after > 0 {
		one.why = noFlaw
		r.next += r.fields
		return after, nil
	}
	w := &r.window
	for {
		v, after, why := r.splitter.split(w.buf[:w.n], from, !w.tail)
		if why != flawMore {
			one.view, one.why = v, why
			return after, nil
		}
		if err := w.extend(overhang + w.n - from); err != nil {
			return 0, err
		}
	}
}

// plainRow takes apart a row of printable ASCII without quotes, as almost all
// are: its commas and its line end are the next places. It gives -1 if the row
// is not so.
func (r *rows) plainRow(v *view, from int) int {
	if len(r.places)-r.next < r.fields {
		return -1
	}
	buf := r.window.buf
	ends := r.places[r.next : r.next+r.fields : r.next+r.fields]
	for _, end := range ends[:len(ends)-1] {
		if buf[end] != ',' {
			return -1
		}
	}
	last := int(ends[len(ends)-1])
	after := last + 1
	if buf[last] == '\r' && buf[after] == '\n' {
		after++
	} else if buf[last] != '\n' {
		return -1
	}
	if last-from > maxField {
		return -1
	}
	v.buf, v.start, v.ends, v.plain = buf, from, ends, true
	return after
}

// blankLine is the length of the line end at a place, or 0 if there is a row.
func (r *rows) blankLine(from int) int {
	switch buf := r.window.buf; {
	case buf[from] == '\n':
		return 1
	case buf[from] == '\r' && buf[from+1] == '\n':
		return 2
	}
	return 0
}

func (r *rows) linesOf(one *row, from, after int) int64 {
	if one.plain || one.why != noFlaw {
		return 1
	}
	return int64(bytes.Count(r.window.buf[from:after], []byte{'\n'}))
}

// open loads a block, finds where its first row begins and marks what the rows
// are made of. There are no rows if from is not before limit.
func (r *rows) open(b *block, exact bool) (from, limit int, err error) {
	w := &r.window
	if exact {
		if b.end = b.start; b.start >= b.to {
			return 0, 0, nil
		}
		limit = int(b.to - b.start)
		err = w.load(b.start, limit+overhang)
	} else {
		limit = int(b.to-b.from) + 1
		err = w.load(b.from-1, limit+overhang)
	}
	if err != nil {
		return 0, 0, err
	}
	if !exact {
		from = bytes.IndexByte(w.buf[:limit-1], '\n') + 1
		if from == 0 {
			b.start, b.end = b.to, b.to
			return 0, 0, nil
		}
		b.start, b.end = w.at+int64(from), w.at+int64(from)
	}
	until, err := w.untilLine(limit - 1)
	if until < 0 {
		until = w.n
	}
	r.places, r.next = marks(r.places[:0], w.buf, from, until), 0
	return from, limit, err
}

// cutExactly finds where the first row of each block begins by reading the book
// from the start, for books whose quoted fields have line ends in them.
func cutExactly(src *Source, fields int, blocks []*block) error {
	if len(blocks) == 0 {
		return nil
	}
	r := rows{window: window{src: src}, fields: fields}
	at := blocks[0].start
	for _, b := range blocks {
		b.start = at
		if err := r.each(b, true, func(*row) error { return nil }); err != nil {
			return err
		}
		at = b.end
	}
	return nil
}

// inLine reports whether each block begins where the one before ends.
func inLine(blocks []*block) bool {
	for i := 1; i < len(blocks); i++ {
		end := blocks[i-1].end
		if end >= blocks[i].to { // a long row covers the whole block
			if blocks[i].start < blocks[i].to {
				return false
			}
			blocks[i].start, blocks[i].end = end, end
			continue
		}
		if blocks[i].start != end {
			return false
		}
	}
	return true
}

// number gives each block the place of its first row and line in the book.
func number(blocks []*block, headerLines int64) (total int64) {
	line := headerLines
	for _, b := range blocks {
		b.firstRow, b.firstLine = total, line+1
		total += int64(b.rows)
		line += b.lines
		for i := range b.refused {
			b.refused[i].setLine(b.firstLine + b.refused[i].Line)
		}
	}
	return total
}

func (r *RefusedRow) setLine(line int64) {
	r.Line = line
	for i := range r.Problems {
		r.Problems[i].Line = line
	}
}
