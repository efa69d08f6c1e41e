package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tenderbook/bench/books"
)

// BenchmarkWhatIf decides 1,000 amounts of the cap over one book of a million
// instructions, and sets it beside deciding the book once with tender allocate:
// "ratio" is how many times faster than 1,000 such runs. The goals are 10 s and
// 20 times, on two cores.
func BenchmarkWhatIf(b *testing.B) {
	const rows, variants = 1_000_000, 1_000
	offer, book := writeBook(b, rows)
	var once, many float64
	for b.Loop() {
		once += timed(b, "allocate", offer, book, "--summary", filepath.Join(b.TempDir(), "summary.json"))
		many += timed(b, "whatif", offer, book, "--json", "--vary", fmt.Sprintf("caps.0.amount=100m..%dm:160m", 100+160*(variants-1)))
	}
	b.ReportMetric(many/float64(b.N), "s/1000-variants")
	b.ReportMetric(once/float64(b.N), "s/allocate")
	b.ReportMetric(once*variants/many, "ratio")
}

func writeBook(b *testing.B, rows int) (offer, book string) {
	b.Helper()
	dir := b.TempDir()
	shape := books.Offer{Series: 4, Rows: rows}
	for name, write := range map[string]func(io.Writer) error{"offer.yaml": shape.WriteTerms, "book.csv": shape.WriteBook} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			b.Fatal(err)
		}
		if err := write(f); err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
	return filepath.Join(dir, "offer.yaml"), filepath.Join(dir, "book.csv")
}

// timed runs a command line and gives its seconds.
func timed(b *testing.B, args ...string) float64 {
	b.Helper()
	start := time.Now()
	if code := Run(args, Streams{Out: io.Discard, Err: os.Stderr, Env: func(string) string { return "" }}); code != 0 {
		b.Fatalf("tender %v: exit %d", args, code)
	}
	return time.Since(start).Seconds()
}
