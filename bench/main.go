//go:build unix

// Command bench times tender allocate beside DuckDB and Polars doing the same
// work on the same book, and beside copying the files. It compares what they
// write byte by byte before it times anything.
//
//	go run ./bench                           10,000 to 10,000,000 rows, 4 and 152 series
//	go run ./bench -sizes 10000000x4         rows x series, several with commas
//	go run ./bench -o docs/performance.md    and write the tables there
//
// The peers need Node and npm; without them only our own figures are taken.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"tenderbook/bench/books"
)

func main() {
	list := flag.String("sizes", "10000x4,1000000x4,1000000x152,10000000x4,10000000x152", "books to time: `ROWSxSERIES,...`")
	runs := flag.Int("runs", 3, "timed runs of each program")
	peers := flag.Bool("peers", true, "run DuckDB and Polars")
	doc := flag.String("o", "", "`FILE` to write the table into, between its bench marks")
	flag.Parse()

	sizes, err := parseSizes(*list)
	if err == nil {
		err = bench(sizes, *runs, *peers, *doc)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parseSizes(list string) (sizes []books.Offer, err error) {
	for _, size := range strings.Split(list, ",") {
		var o books.Offer
		if _, err := fmt.Sscanf(size, "%dx%d", &o.Rows, &o.Series); err != nil || o.Rows < 1 || o.Series < 1 || o.Series > 999 {
			return nil, fmt.Errorf("size %q is not ROWSxSERIES, such as 1000000x4", size)
		}
		sizes = append(sizes, o)
	}
	return sizes, nil
}

func bench(sizes []books.Offer, runs int, withPeers bool, doc string) error {
	dir, err := os.MkdirTemp("", "tender-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tender := filepath.Join(dir, "tender")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", tender, "./cmd/tender").CombinedOutput(); err != nil {
		return fmt.Errorf("building tender: %v\n%s", err, out)
	}
	peers := filepath.Join("bench", "peers")
	if withPeers {
		if withPeers, err = install(peers); err != nil {
			return err
		}
	}
	var report bytes.Buffer
	fmt.Fprintf(&report, "%s\n", machine(withPeers, peers))
	for _, size := range sizes {
		b := &comparison{dir: dir, offer: size, runs: runs}
		if err := b.prepare(); err != nil {
			return err
		}
		b.programs = programs(tender, peers, withPeers, b)
		if err := b.agree(); err != nil {
			return err
		}
		if err := b.time(); err != nil {
			return err
		}
		b.table(&report)
	}
	if err := engine(&report); err != nil {
		return err
	}
	if _, err := os.Stdout.Write(report.Bytes()); err != nil || doc == "" {
		return err
	}
	return replaceTable(doc, report.String())
}

// install brings the peers if they are not there. It reports false, and says
// so, where there is no npm.
func install(peers string) (bool, error) {
	if _, err := exec.LookPath("npm"); err != nil {
		fmt.Fprintln(os.Stderr, "bench: no npm, so no DuckDB and no Polars: only our own figures")
		return false, nil
	}
	if _, err := os.Stat(filepath.Join(peers, "node_modules")); err == nil {
		return true, nil
	}
	c := exec.Command("npm", "install", "--no-package-lock", "--no-audit", "--no-fund")
	c.Dir = peers
	if out, err := c.CombinedOutput(); err != nil {
		return false, fmt.Errorf("npm install in %s: %v\n%s", peers, err, out)
	}
	return true, nil
}

// programs are what is compared; the first one's output is the measure.
func programs(tender, peers string, withPeers bool, b *comparison) []program {
	all := []program{{
		name: "tender allocate",
		args: func(out string) []string {
			return []string{tender, "allocate", b.path("offer.yaml"), b.path("book.csv"), "-o", out, "--quiet"}
		},
	}}
	if withPeers {
		for _, peer := range []string{"duckdb", "polars"} {
			all = append(all, program{name: peer, args: func(out string) []string {
				return []string{"node", filepath.Join(peers, peer+".mjs"), b.path("terms.json"), b.path("book.csv"), out}
			}})
		}
	}
	return append(all, program{name: "cp, input and output", args: func(out string) []string {
		return []string{"sh", "-c", `cp "$1" "$3.in" && cp "$2" "$3" && rm "$3.in"`, "cp", b.path("book.csv"), b.path("want.csv"), out}
	}})
}

const openMark, closeMark = "<!-- bench -->", "<!-- /bench -->"

// replaceTable puts the tables into a document between its marks.
func replaceTable(doc, tables string) error {
	text, err := os.ReadFile(doc)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), openMark)
	_, after, ok2 := strings.Cut(rest, closeMark)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no %s ... %s", doc, openMark, closeMark)
	}
	return os.WriteFile(doc, []byte(before+openMark+"\n"+tables+closeMark+after), 0o644)
}

func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
