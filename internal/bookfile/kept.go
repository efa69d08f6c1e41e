package bookfile

import "slices"

// Texts are kept for the classes that come most often, for at most one in so many
// rows: 13 bytes a row if all have the greatest length, and 4 as texts are.
const rowsAText = 20

// A keptTexts holds the texts of the classes that come often, each made once,
// before the second reading. It is not changed then, so that all workers use one.
type keptTexts struct {
	at      []uint32 // by the number of the class: shelf and place of its text; 0: not kept
	shelves [][]byte // full of texts, each behind a byte that tells its length
}

// A text begins in the first shelfSize bytes of its shelf. Behind them is room for
// its end, and for copying more than there is.
const (
	shelfBits = 18
	shelfSize = 1 << shelfBits
	shelfRoom = 1 << 10
)

// keepTexts makes the texts of the classes that come often. Those of a series
// stand side by side, by their size.
func keepTexts(t *texts) *keptTexts {
	k := &keptTexts{at: make([]uint32, t.classes.size())}
	shelf := k.newShelf()
	var text []byte
	t.classes.eachOften(t.often(), func(number uint32, _ int64) {
		text = t.makeText(text[:0], number)
		if len(text) > 255 || len(k.shelves) == 1<<(32-shelfBits) {
			return
		}
		k.at[number] = uint32(len(k.shelves)-1)<<shelfBits | uint32(len(shelf))
		if shelf = append(append(shelf, byte(len(text))), text...); len(shelf) >= shelfSize {
			shelf = k.newShelf()
		}
	})
	return k
}

// often is the least number of rows that a class has whose text is kept.
func (t *texts) often() int64 {
	if t.opts.often > 0 {
		return t.opts.often
	}
	var (
		classes [33]int64 // by how many rows they have, at most 32
		all     int64
	)
	t.classes.eachOften(2, func(_ uint32, rows int64) {
		classes[min(rows, 32)]++
		all += rows
	})
	often, kept := int64(32), classes[32]
	for often > 2 && (kept+classes[often-1])*rowsAText <= all {
		often--
		kept += classes[often]
	}
	return often
}

// newShelf gives an empty shelf. Place 0 stays free, as it means that a text is
// not kept.
func (k *keptTexts) newShelf() []byte {
	shelf := make([]byte, shelfSize+shelfRoom)
	k.shelves = append(k.shelves, shelf)
	return shelf[:1]
}

// append appends the text at a place of a shelf.
func (k *keptTexts) append(out []byte, at uint32) []byte {
	text := k.shelves[at>>shelfBits][at&(shelfSize-1):]
	if cap(out)-len(out) < 256 {
		out = slices.Grow(out, 256)
	}
	return appendShort(out, text[1:], int(text[0]))
}

// ahead is how many rows have their texts looked up together. A processor waits
// for many far places in the time it waits for one, and has them near when the
// rows are written.
const ahead = 32

// A lookAhead is where the texts of the next rows are kept; 0: they are not.
type lookAhead struct {
	at   [ahead]uint32
	seen byte // so that the compiler does not leave looking at texts out
}

// look finds the texts of some rows by the numbers of their classes.
func (l *lookAhead) look(k *keptTexts, s *settled, worker int, refs []uint32) {
	for i, ref := range refs {
		l.at[i] = 0
		if ref&refAlone == 0 {
			l.at[i] = k.at[s.number(worker, ref)]
		}
	}
	seen := byte(0)
	for _, at := range l.at[:len(refs)] {
		text := k.shelves[at>>shelfBits][at&(shelfSize-1):]
		seen |= text[0] | text[48] | text[95] // all of 96 bytes, wherever lines of the cache end
	}
	l.seen = seen
}
