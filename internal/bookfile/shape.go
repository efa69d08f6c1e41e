package bookfile

import "encoding/binary"

// A shape says where a plain row of less than 256 bytes has its names, so that
// the second reading need not take it apart again: its length in the lowest
// byte, then a begin and an end for each [nameRun]. It is 0 for other rows, for
// those with a name that must be guarded, and where the book brings columns of
// its own.
type shape uint64

func (l *layout) shape(r *row) shape {
	length := int(r.next - r.at)
	if !r.plain || r.why != noFlaw || length > 255 || len(l.extras) > 0 || len(r.ends) != l.fields {
		return 0
	}
	s := shape(length)
	for i, run := range l.runs {
		if run.first < 0 {
			continue
		}
		from := 0
		if run.first > 0 {
			from = int(r.ends[run.first-1]) + 1 - r.start
		}
		to := int(r.ends[run.last]) - r.start
		s |= shape(from|to<<8) << (8 + 16*i)
	}
	return s
}

// guardsNames reports whether a name in the row is one that a spreadsheet would
// run.
func (l *layout) guardsNames(r *row) bool {
	for _, c := range nameColumns {
		if text := r.field(l.at[c]); len(text) > 0 && runsAsFormula[text[0]] {
			return true
		}
	}
	return false
}

func (s shape) length() int { return int(s & 0xff) }

// appendNames appends the names of a row, each with the comma behind it. Both
// the row and the room in out must go on for 256 bytes more.
func (s shape) appendNames(out, row []byte, runs int) []byte {
	for s >>= 8; runs > 0; runs-- {
		from, to := int(s&0xff), int(s>>8&0xff)
		out = appendShort(out, row[from:], to-from)
		out = append(out, ',')
		s >>= 16
	}
	return out
}

// appendShort appends the first n bytes of from, 32 at a time: copying a few
// bytes too many costs less than finding out how many there are. It needs room
// for 256 bytes, and as many to read.
func appendShort(out, from []byte, n int) []byte {
	at := len(out)
	to := out[at : at+256]
	for i := 0; i < n; i += 32 {
		copy32(to[i:i+32], from[i:i+32])
	}
	return out[:at+n]
}

// copy32 copies 32 bytes without the call that copying a [32]byte is.
func copy32(to, from []byte) {
	_, _ = to[31], from[31]
	a, b := binary.LittleEndian.Uint64(from), binary.LittleEndian.Uint64(from[8:])
	c, d := binary.LittleEndian.Uint64(from[16:]), binary.LittleEndian.Uint64(from[24:])
	binary.LittleEndian.PutUint64(to, a)
	binary.LittleEndian.PutUint64(to[8:], b)
	binary.LittleEndian.PutUint64(to[16:], c)
	binary.LittleEndian.PutUint64(to[24:], d)
}
