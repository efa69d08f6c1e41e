package bookfile

import (
	"bytes"
	"context"
	"math"
	"testing"

	"tenderbook/bench/books"
)

// A book of many classes fills several shelves; whether a text is kept or made
// for each row must not show.
func TestKeptTextsAreThoseThatAreMade(t *testing.T) {
	name, o := madeBook(t, books.Offer{Series: 152, Rows: 30_000})
	allocated := func(often int64) []byte {
		src, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer src.Close()
		var out bytes.Buffer
		o.often = often
		if _, err := Allocate(context.Background(), src, o, &out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	made := allocated(math.MaxInt64)
	for _, often := range []int64{0, 1, 2, 16} {
		if !bytes.Equal(allocated(often), made) {
			t.Errorf("with the texts of classes of %d rows and more kept, the allocation differs", often)
		}
	}
}
