//go:build unix

// Command intake times how fast a desk takes commands, validated, on disk and
// folded, beside a PostgreSQL server that it starts itself, on the same disk, in
// the same run. It runs in the root of the repository, whose example it offers.
//
//	go run ./bench/intake                           print the table
//	go run ./bench/intake -o docs/performance.md    write it between its marks
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

func main() {
	only := flag.String("only", "", "part of the `NAME` of what to time; the peers are timed too")
	lasts := flag.Duration("time", 3*time.Second, "how long each measurement lasts")
	rounds := flag.Int("rounds", 3, "interleaved rounds; medians count")
	doc := flag.String("o", "", "`FILE` to write the table into, between its intake marks")
	flag.Parse()
	uuid.EnableRandPool() // the callers' keys are theirs to make
	if err := bench(context.Background(), *only, *rounds, *lasts, *doc); err != nil {
		fmt.Fprintln(os.Stderr, "intake:", err)
		os.Exit(1)
	}
}

// A contender is one way to put rows on disk.
type contender struct {
	name string
	peer string // what it is compared with; nothing if empty
	run  func(ctx context.Context, lasts time.Duration) (figures, error)
}

// The peers.
const (
	insert = "single-row INSERT"
	copies = "COPY"
)

// besideReader ends the names of those whose figures are a reader's other half.
const besideReader = "beside that reader"

// figures of one measurement.
type figures struct {
	rows      float64       // instructions a second
	cpu       time.Duration // of this process, for each instruction; 0: not known
	half, p99 time.Duration
}

func bench(ctx context.Context, only string, rounds int, lasts time.Duration, doc string) (err error) {
	g, err := openGround(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.close(ctx)) }()
	contenders := slices.DeleteFunc(g.contenders(), func(c contender) bool {
		half := only != "" && strings.HasSuffix(c.name, besideReader) && !strings.Contains(only, "reader")
		timed := strings.Contains(c.name, only) && !half
		return !timed && !strings.HasPrefix(c.name, "PostgreSQL, ")
	})
	all := make([][]figures, len(contenders))
	for range rounds {
		for i, c := range contenders {
			f, err := c.run(ctx, lasts)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			all[i] = append(all[i], f)
		}
	}
	return publish(table(contenders, all, rounds, lasts), doc)
}

// table compares medians: single commands with INSERT, batches with COPY.
func table(contenders []contender, all [][]figures, rounds int, lasts time.Duration) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Medians of %d interleaved rounds of %s each; a batch is one entry of 1,000 instructions\n\n", rounds, lasts)
	fmt.Fprint(&b, "| what | instructions/s | against the peer | cpu µs each | p50 ms | p99 ms |\n| --- | ---: | ---: | ---: | ---: | ---: |\n")
	peers := map[string]float64{}
	for i, c := range contenders {
		slices.SortFunc(all[i], func(a, b figures) int { return int(a.rows - b.rows) })
		f := all[i][len(all[i])/2]
		if peers[c.peer] == 0 {
			peers[c.peer] = f.rows // the peer stands first
		}
		ratio := ""
		if c.peer != "" {
			ratio = fmt.Sprintf("%.2f", f.rows/peers[c.peer])
		}
		fmt.Fprintf(&b, "| %s | %.0f | %s | %s | %s | %s |\n", c.name, f.rows, ratio, micros(f.cpu), ms(f.half), ms(f.p99))
	}
	return b.Bytes()
}

func ms(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", d.Seconds()*1000)
}

func micros(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", float64(d.Nanoseconds())/1000)
}

// same gives the figures that another measurement has left.
func same(f *figures) func(context.Context, time.Duration) (figures, error) {
	return func(context.Context, time.Duration) (figures, error) { return *f, nil }
}

const openMark, closeMark = "<!-- intake -->\n", "<!-- /intake -->"

// publish prints the table, or puts it into a document between its marks.
func publish(table []byte, doc string) error {
	if doc == "" {
		_, err := os.Stdout.Write(table)
		return err
	}
	text, err := os.ReadFile(doc)
	if err != nil {
		return err
	}
	before, rest, opened := bytes.Cut(text, []byte(openMark))
	_, after, closed := bytes.Cut(rest, []byte(closeMark))
	if !opened || !closed {
		return fmt.Errorf("%s: no marks %q and %q to write between", doc, openMark, closeMark)
	}
	return os.WriteFile(doc, slices.Concat(before, []byte(openMark), table, []byte(closeMark), after), 0o644)
}
