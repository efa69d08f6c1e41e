package bookfile

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"tenderbook/bench/books"
	"tenderbook/offer"
)

// madeBook writes a book of the benchmarks to a file and reads its offer.
func madeBook(b testing.TB, o books.Offer) (string, Options) {
	b.Helper()
	var terms bytes.Buffer
	if err := o.WriteTerms(&terms); err != nil {
		b.Fatal(err)
	}
	file, err := offer.Read("offer.yaml", terms.Bytes())
	if err != nil {
		b.Fatal(err)
	}
	t := file.Terms
	alloc, err := t.Allocation(t.Settlements())
	if err != nil {
		b.Fatal(err)
	}
	name := filepath.Join(b.TempDir(), "book.csv")
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if err := o.WriteBook(f); err != nil {
		b.Fatal(err)
	}
	return name, Options{Terms: t, Alloc: alloc}
}

func BenchmarkAllocate(b *testing.B) {
	for _, o := range []books.Offer{{Series: 4, Rows: 10_000}, {Series: 4, Rows: 1_000_000}, {Series: 152, Rows: 1_000_000}} {
		b.Run(fmt.Sprintf("series=%d/rows=%d", o.Series, o.Rows), func(b *testing.B) {
			name, options := madeBook(b, o)
			b.ResetTimer()
			for b.Loop() {
				src, err := Open(name)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(src.Size())
				if _, err := Allocate(context.Background(), src, options, io.Discard); err != nil {
					b.Fatal(err)
				}
				src.Close()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(o.Rows), "ns/row")
		})
	}
}

// BenchmarkMakeText makes the texts of the classes of a book of 152 series in
// the order in which they come, which is any.
func BenchmarkMakeText(b *testing.B) {
	name, options := madeBook(b, books.Offer{Series: 152, Rows: 1_000_000})
	src, err := Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer src.Close()
	j, err := newJob(src, options)
	if err != nil {
		b.Fatal(err)
	}
	s, err := j.settle(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	t := newTexts(j, s)
	refs := j.blocks[len(j.blocks)/2].refs
	out := make([]byte, 0, 1<<10)
	made := 0
	for b.Loop() {
		for _, ref := range refs {
			out = t.makeText(out[:0], ref)
		}
		made += len(refs)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(made), "ns/text")
}
