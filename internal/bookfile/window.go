package bookfile

import "bytes"

const (
	// blockSize is how much of a book is read at a time. It fits the second
	// level cache of a processor together with what is made of it.
	blockSize = 1 << 20
	overhang  = 4 << 10 // read beyond a block, for the rest of its last row
	padding   = 64      // readable beyond what marks looks at
)

// A window is a part of a book in memory. Its buffer is used again.
type window struct {
	src  *Source
	buf  []byte // with padding behind n
	at   int64  // place of buf[0] in the book
	n    int    // bytes of the book in buf, and a line end if the book lacks its last
	tail bool   // the window reaches the end of the book
}

// load reads n bytes from a place on, or up to the end of the book.
func (w *window) load(at int64, n int) error {
	w.at, w.n = at, 0
	return w.extend(n)
}

// extend reads n bytes more.
func (w *window) extend(n int) error {
	if need := w.n + n + 1 + padding; len(w.buf) < need {
		grown := make([]byte, need+need/4)
		copy(grown, w.buf[:w.n])
		w.buf = grown
	}
	got, err := w.src.readAt(w.buf[w.n:w.n+n], w.at+int64(w.n))
	if err != nil {
		return err
	}
	w.n += got
	w.tail = w.at+int64(w.n) >= w.src.size
	if w.tail && w.n > 0 && w.buf[w.n-1] != '\n' {
		w.buf[w.n] = '\n'
		w.n++
	}
	return nil
}

// untilLine extends the window until a line ends at or after a place in it, and
// gives the place after that line end. It gives -1 if the line is longer than a
// row may be.
func (w *window) untilLine(from int) (int, error) {
	searched := from
	for {
		if i := bytes.IndexByte(w.buf[searched:w.n], '\n'); i >= 0 {
			return searched + i + 1, nil
		}
		if w.tail || w.n-from > maxRow {
			return -1, nil
		}
		searched = w.n
		if err := w.extend(overhang + w.n - from); err != nil {
			return 0, err
		}
	}
}

// afterLine finds the place in the book after the next line end, from a place
// in the book on.
func afterLine(src *Source, from int64) (int64, error) {
	buf := make([]byte, blockSize)
	for from < src.size {
		n, err := src.readAt(buf, from)
		if err != nil {
			return 0, err
		}
		if i := bytes.IndexByte(buf[:n], '\n'); i >= 0 {
			return from + int64(i) + 1, nil
		}
		from += int64(n)
	}
	return src.size, nil
}
