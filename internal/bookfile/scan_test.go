package bookfile

import (
	"slices"
	"testing"

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
