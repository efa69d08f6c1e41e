package bookfile

import "slices"

// often is how many rows a class must have for its text to be kept: what is kept
// then takes at most 255 bytes for 16 rows, and with texts as they are, 5 bytes
// a row.
const often = 16

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
	t.classes.eachOften(t.opts.often, func(number uint32) {
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

// newShelf gives an empty shelf. Place 0 stays free, as it means that a text is
// not kept.
func (k *keptTexts) newShelf() []byte {
	shelf := make([]byte, shelfSize+shelfRoom)
	k.shelves = append(k.shelves, shelf)
	return shelf[:1]
}

// append appends the text at a place of a shelf. Most are shorter than 128 bytes,
// and copying these takes no branch.
func (k *keptTexts) append(out []byte, at uint32) []byte {
	text := k.shelves[at>>shelfBits][at&(shelfSize-1):]
	n, text := int(text[0]), text[1:]
	if cap(out)-len(out) < 256 {
		out = slices.Grow(out, 256)
	}
	if n > 128 {
		return appendShort(out, text, n)
	}
	from, to := text[:128], out[len(out):len(out)+128]
	for i := 0; i < 128; i += 32 {
		*(*[32]byte)(to[i:]) = [32]byte(from[i:])
	}
	return out[:len(out)+n]
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
		seen |= text[0] | text[64]
	}
	l.seen = seen
}
