//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"tenderbook/bench/books"
)

// A program is one of those compared.
type program struct {
	name string
	args func(out string) []string
	took []usage
}

// A usage is what one run of a program took, children included.
type usage struct {
	wall, cpu time.Duration
	peak      int64 // bytes resident
}

// A comparison is all programs on one book.
type comparison struct {
	dir      string
	offer    books.Offer
	runs     int
	programs []program
}

func (c *comparison) path(name string) string { return filepath.Join(c.dir, name) }

// prepare writes the offer, the book, and the terms as the peers read them.
func (c *comparison) prepare() error {
	if err := writeFile(c.path("offer.yaml"), c.offer.WriteTerms); err != nil {
		return err
	}
	if err := writeFile(c.path("book.csv"), c.offer.WriteBook); err != nil {
		return err
	}
	return writeFile(c.path("terms.json"), func(w io.Writer) error { return writePeerTerms(w, c.path("offer.yaml")) })
}

// agree runs each program once and compares what they write.
func (c *comparison) agree() error {
	want := c.path("want.csv")
	for i := range c.programs {
		p := &c.programs[i]
		out := want
		if i > 0 {
			out = c.path("out.csv")
		}
		if _, err := run(p.args(out)); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if i > 0 {
			if err := same(want, out); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
		}
	}
	return nil
}

// time runs the programs in turn, each as often as asked.
func (c *comparison) time() error {
	for range c.runs {
		for i := range c.programs {
			p := &c.programs[i]
			if err := os.Remove(c.path("out.csv")); err != nil && !os.IsNotExist(err) {
				return err
			}
			u, err := run(p.args(c.path("out.csv")))
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			p.took = append(p.took, u)
		}
	}
	return nil
}

func run(args []string) (usage, error) {
	var out bytes.Buffer
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return usage{}, fmt.Errorf("%v\n%s", err, out.String())
	}
	u := usage{wall: time.Since(start), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.peak = int64(r.Maxrss) * rssUnit
	}
	return u, nil
}

// same compares two files byte by byte.
func same(a, b string) error {
	x, err := os.Open(a)
	if err != nil {
		return err
	}
	defer x.Close()
	y, err := os.Open(b)
	if err != nil {
		return err
	}
	defer y.Close()
	p, q := make([]byte, 1<<20), make([]byte, 1<<20)
	for at := int64(0); ; {
		n, errX := io.ReadFull(x, p)
		m, errY := io.ReadFull(y, q)
		if n != m || !bytes.Equal(p[:n], q[:m]) {
			k := 0
			for k < min(n, m) && p[k] == q[k] {
				k++
			}
			return fmt.Errorf("its output differs from byte %d on: %q, wanted %q", at+int64(k), tail(q[:m], k), tail(p[:n], k))
		}
		if at += int64(n); errX != nil || errY != nil {
			return nil
		}
	}
}

func tail(b []byte, from int) []byte { return b[from:min(len(b), from+120)] }

// median gives the middle of the runs, by each measure.
func (p *program) median() usage {
	middle := func(of func(usage) int64) int64 {
		var all []int64
		for _, u := range p.took {
			all = append(all, of(u))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return usage{
		wall: time.Duration(middle(func(u usage) int64 { return int64(u.wall) })),
		cpu:  time.Duration(middle(func(u usage) int64 { return int64(u.cpu) })),
		peak: middle(func(u usage) int64 { return u.peak }),
	}
}

// table writes the medians, with each program's time against ours.
func (c *comparison) table(w io.Writer) {
	size := func(name string) int64 {
		info, err := os.Stat(c.path(name))
		if err != nil {
			return 0
		}
		return info.Size() >> 20
	}
	fmt.Fprintf(w, "\n%d rows, %d series: %d MiB in, %d MiB out, medians of %d interleaved runs\n\n", c.offer.Rows, c.offer.Series, size("book.csv"), size("want.csv"), c.runs)
	fmt.Fprintln(w, "| program | wall s | cpu s | peak MiB | rows/s | wall against ours | cpu against ours |")
	fmt.Fprintln(w, "| --- | --- | --- | --- | --- | --- | --- |")
	ours := c.programs[0].median()
	for i := range c.programs {
		u := c.programs[i].median()
		fmt.Fprintf(w, "| %s | %.3f | %.3f | %d | %.2f M | %.2f | %.2f |\n", c.programs[i].name, u.wall.Seconds(), u.cpu.Seconds(),
			u.peak>>20, float64(c.offer.Rows)/u.wall.Seconds()/1e6, u.wall.Seconds()/ours.wall.Seconds(), u.cpu.Seconds()/ours.cpu.Seconds())
	}
}
