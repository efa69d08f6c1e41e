package bookfile

import (
	"bytes"
	"slices"
	"testing"

	"tenderbook/bench/books"

	"pgregory.net/rapid"
)

func TestMarksFindsWhatAByteLoopFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book := rapid.SliceOfN(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte(",\n\r\" 9!#\x1f\x7f\x80\xff"))), 0, 300).Draw(t, "bytes")
		from := rapid.IntRange(0, len(book)).Draw(t, "from")
		to := rapid.IntRange(from, len(book)).Draw(t, "to")
		var want []uint32
		for i := from; i < to; i++ {
			if c := book[i]; c == ',' || c == '"' || c < ' ' || c >= 0x80 {
				want = append(want, uint32(i))
			}
		}
		padded := append(slices.Clone(book), make([]byte, padding)...)
		if got := marks(nil, padded, from, to); !slices.Equal(got, want) {
			t.Fatalf("marks(%q, %d, %d) = %v, want %v", book, from, to, got, want)
		}
	})
}

func TestMasksOfThisProcessorAreThoseInWords(t *testing.T) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	check := func(t interface{ Fatalf(string, ...any) }, buf []byte) {
		got, want := make([]uint64, len(buf)/64), make([]uint64, len(buf)/64)
		masksOf(got, buf)
		masksInWords(want, buf)
		if !slices.Equal(got, want) {
			t.Fatalf("masks of %q: %x, want %x", buf, got, want)
		}
	}
	check(t, every)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 5).Draw(t, "masks")
		check(t, rapid.SliceOfN(rapid.Byte(), 64*n, 64*n).Draw(t, "bytes"))
	})
}

// BenchmarkMarks finds the commas and line ends of a book as books are.
func BenchmarkMarks(b *testing.B) {
	var book bytes.Buffer
	if err := (books.Offer{Series: 4, Rows: 15_000}).WriteBook(&book); err != nil {
		b.Fatal(err)
	}
	buf := append(book.Bytes(), make([]byte, padding)...)
	b.SetBytes(int64(book.Len()))
	var found []uint32
	for b.Loop() {
		found = marks(found[:0], buf, 0, book.Len())
	}
}
