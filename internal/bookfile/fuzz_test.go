package bookfile

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
)

// FuzzAllocate feeds any bytes: the run must end, and end the same however the
// book is cut up.
func FuzzAllocate(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(brokenBooks, "*.csv"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range append(files, "testdata/all-actions.csv") {
		book, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(book)
	}
	f.Fuzz(func(t *testing.T, book []byte) {
		type ending struct{ out, refused, err string }
		want := map[bool]ending{}
		for i, size := range []int64{blockSize, 16, 1} {
			for _, skip := range []bool{true, false} {
				o := level3Options(t)
				o.blockSize, o.SkipBad, o.thorough = size, skip, i == 1
				var out, refused bytes.Buffer
				o.Refused = &refused
				_, err := Allocate(context.Background(), Bytes("book.csv", book), o, &out)
				got := ending{out: out.String(), refused: refused.String()}
				if err != nil {
					got.err = err.Error()
				}
				if i == 0 {
					want[skip] = got
				} else if got != want[skip] {
					t.Fatalf("blocks of %d: %+v\nin one block: %+v", size, got, want[skip])
				}
			}
		}
	})
}
