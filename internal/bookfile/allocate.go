package bookfile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"runtime"
	"slices"

	"tenderbook/allocation"
)

// A Result is what a run over a book came to.
type Result struct {
	Decision *allocation.Decision
	Tally    *allocation.Tally // the book as it was decided, for deciding it again under other terms
	Rows     int64             // instructions in the book, refused ones included
	Bytes    int64             // of the book
	Digest   string            // SHA-256 of the book, in hexadecimal; empty with Options.NoDigest

	Live          []Total       // tenders that count, by series and timing; only those that occur
	NotLive       []Uncounted   // tenders that do not, by reason and series
	Consents      []Consented   // by series; nil where the offer asks for none
	Withdrawals   int64         // rows with action withdraw, refused ones left out
	Deliveries    int64         // rows with action deliver, refused ones left out
	Participation Participation // what came in over time
	Refused       []RefusedRow  // left out with SkipBad, in the order of the book
}

// Uncounted adds up tenders that do not count for one reason.
type Uncounted struct {
	Reason    string
	Series    int
	Tenders   int64
	Principal int64 // minor units
}

// Allocate reads a book, decides it and writes the allocation: one row for each
// instruction, in the order of the book. A book with problems is refused with a
// [*Refused], and nothing is written, unless the options skip bad rows.
func Allocate(ctx context.Context, src *Source, o Options, out io.Writer) (*Result, error) {
	return run(ctx, src, o, out)
}

// Count does all that [Allocate] does but the writing.
func Count(ctx context.Context, src *Source, o Options) (*Result, error) {
	return run(ctx, src, o, nil)
}

func run(ctx context.Context, src *Source, o Options, out io.Writer) (*Result, error) {
	j, err := newJob(src, o)
	if err != nil {
		return nil, err
	}
	digest := j.startDigest()
	defer digest.stop()
	s, err := j.settle(ctx)
	if err != nil {
		return nil, err
	}
	r, err := j.result(s)
	if err != nil {
		return nil, err
	}
	if out != nil {
		if err := j.writeAgain(ctx, out, s); err != nil {
			return nil, err
		}
	}
	if r.Digest, err = digest.wait(); err != nil {
		return nil, err
	}
	return r, src.unchanged()
}

// settle does all but write the allocation.
func (j *job) settle(ctx context.Context) (*settled, error) {
	if err := j.readHeader(); err != nil {
		return nil, err
	}
	j.progress = progress{tell: j.opts.Progress, total: 2 * j.src.size}
	if err := j.readOnce(ctx); err != nil {
		return nil, err
	}
	if err := j.relate(ctx); err != nil {
		return nil, err
	}
	if err := j.refusals(); err != nil {
		return nil, err
	}
	if j.src.size > 64<<20 {
		runtime.GC() // a third of all memory was the ids', and serves what comes now
	}
	s, err := j.decide()
	if err != nil {
		return nil, err
	}
	if err := j.countConsents(s.classes); err != nil {
		return nil, err
	}
	if err := j.addUp(s); err != nil {
		return nil, err
	}
	if err := j.payLoners(s); err != nil {
		return nil, err
	}
	return s, nil
}

// refusals fails if rows were refused that may not be skipped, and writes those
// that may to where they can be mended.
func (j *job) refusals() error {
	all := &Refused{Name: j.src.Name}
	for _, b := range j.blocks {
		sortRefused(b.refused)
		all.Rows += int64(len(b.refused))
		for _, r := range b.refused {
			all.Total += int64(len(r.Problems))
			for _, p := range r.Problems {
				if len(all.Problems) < listed {
					all.Problems = append(all.Problems, p)
				}
			}
		}
	}
	if all.Total == 0 || j.opts.SkipBad {
		return j.writeRefused()
	}
	return all
}

func (j *job) result(s *settled) (*Result, error) {
	r := &Result{Decision: s.decision, Tally: s.tally, Bytes: j.src.size, Participation: j.participation.result(j.zone)}
	if n := len(j.blocks); n > 0 {
		r.Rows = j.blocks[n-1].firstRow + int64(j.blocks[n-1].rows)
	}
	for _, t := range s.total {
		if t.Tenders > 0 {
			r.Live = append(r.Live, t)
		}
	}
	for _, b := range j.blocks {
		r.Refused = append(r.Refused, b.refused...)
	}
	r.Consents = j.consented
	return r, j.addUncounted(r, s.classes)
}

func (j *job) addUncounted(r *Result, classes *classSet) error {
	fits := true
	add := func(reason string, series int, n, principal int64) {
		i := slices.IndexFunc(r.NotLive, func(u Uncounted) bool { return u.Reason == reason && u.Series == series })
		if i < 0 {
			i = len(r.NotLive)
			r.NotLive = append(r.NotLive, Uncounted{Reason: reason, Series: series})
		}
		r.NotLive[i].Tenders += n
		fits = addTo(&r.NotLive[i].Principal, principal, n) && fits
	}
	classes.each(len(classes.cells), classes.size(), func(c *class) { // what is in cells counts
		if c.standing != counts {
			add(j.notCounted(int(c.series), c.standing), int(c.series), c.count, c.principal)
		}
	})
	j.eachLoner(func(_ *block, x *loner, _ int64) {
		switch {
		case x.refused:
		case x.action == withdraws:
			r.Withdrawals++
		case x.action == delivers:
			r.Deliveries++
		case x.action == consents && x.left > 0 && x.consents():
			add("consenting without a tender", x.series, 1, 0)
		case x.left == 0:
			add("withdrawn", x.series, 1, 0)
		case x.standing != counts:
			add(j.notCounted(x.series, x.standing), x.series, 1, x.left)
		}
	})
	slices.SortFunc(r.NotLive, func(a, b Uncounted) int {
		if a.Series != b.Series {
			return a.Series - b.Series
		}
		if a.Reason < b.Reason {
			return -1
		}
		return 1
	})
	if !fits {
		return fmt.Errorf("%s: tenders that do not count: %w", j.src.Name, ErrTooLarge)
	}
	return nil
}

// A digest hashes a book beside the work on it.
type digest struct {
	done chan struct{}
	quit chan struct{}
	sum  string
	err  error
}

// startDigest hashes the book unless nobody asks for it.
func (j *job) startDigest() *digest {
	if !j.opts.NoDigest {
		return startDigest(j.src)
	}
	d := &digest{done: make(chan struct{}), quit: make(chan struct{})}
	close(d.done)
	return d
}

func startDigest(src *Source) *digest {
	d := &digest{done: make(chan struct{}), quit: make(chan struct{})}
	go func() {
		defer close(d.done)
		h, buf := sha256.New(), make([]byte, 256<<10)
		for at := int64(0); at < src.size; {
			select {
			case <-d.quit:
				return
			default:
			}
			n, err := src.readAt(buf, at)
			if err != nil {
				d.err = err
				return
			}
			h.Write(buf[:n])
			at += int64(n)
		}
		d.sum = hex.EncodeToString(h.Sum(nil))
	}()
	return d
}

func (d *digest) wait() (string, error) {
	<-d.done
	return d.sum, d.err
}

// stop ends the hashing if it still goes on.
func (d *digest) stop() {
	close(d.quit)
	<-d.done
}
