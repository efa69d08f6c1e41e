package bookfile

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
		for c := run.first; c <= run.last; c++ {
			if text := r.field(c); len(text) > 0 && runsAsFormula[text[0]] {
				return 0
			}
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

func (s shape) length() int { return int(s & 0xff) }

// appendNames appends the names of a row, each with the comma behind it. The
// row must be readable for 256 bytes.
func (s shape) appendNames(out, row []byte, runs []nameRun) []byte {
	s >>= 8
	for range runs {
		from, to := int(s&0xff), int(s>>8&0xff)
		out = append(append(out, row[from:to]...), ',')
		s >>= 16
	}
	return out
}
