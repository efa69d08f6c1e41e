package bookfile

import (
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"

	"tenderbook/allocation"
)

// A worker reads blocks and counts what is in them.
type worker struct {
	*reader
	number        int
	rows          rows
	classes       *classSet
	ids           *idSet
	participation participation
	refs          []uint32
	shapes        []shape
	facts         facts
	class         class
	texts         map[string]string // each participant's name once
}

func (j *job) newWorker(number int) *worker {
	return &worker{
		reader: j.newReader(), number: number, rows: j.newRows(), classes: newClassSet(j.grid), ids: new(idSet),
		participation: j.participation.empty(), texts: map[string]string{},
	}
}

func (j *job) newRows() rows {
	return rows{window: window{src: j.src}, fields: j.layout.fields}
}

// parallel gives the blocks to n workers in turn, and returns the first error.
func (j *job) parallel(ctx context.Context, n int, work func(worker int) func(*block) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		next atomic.Int64
		wg   sync.WaitGroup
	)
	for i := range n {
		wg.Go(func() {
			do := work(i)
			for k := next.Add(1) - 1; k < int64(len(j.blocks)) && ctx.Err() == nil; k = next.Add(1) - 1 {
				if err := do(j.blocks[k]); err != nil {
					cancel(err)
				}
				j.progress.add(j.blocks[k].to - j.blocks[k].from)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// readOnce is the first reading: it checks and counts every row.
func (j *job) readOnce(ctx context.Context) error {
	exact := j.opts.exact
	if exact {
		if err := cutExactly(j.src, j.layout.fields, j.blocks); err != nil {
			return err
		}
	}
	for {
		j.workers = make([]*worker, min(j.opts.workers, max(len(j.blocks), 1)))
		err := j.parallel(ctx, len(j.workers), func(i int) func(*block) error {
			w := j.newWorker(i)
			j.workers[i] = w
			return func(b *block) error { return w.read(b, exact) }
		})
		if err != nil {
			return err
		}
		if exact || inLine(j.blocks) {
			number(j.blocks, j.headerLines)
			return nil
		}
		exact = true // some quoted field has line ends where a block was cut
		if err := cutExactly(j.src, j.layout.fields, j.blocks); err != nil {
			return err
		}
	}
}

// read reads one block.
func (w *worker) read(b *block, exact bool) error {
	b.worker, b.loners, b.refused = w.number, nil, nil
	w.refs, w.shapes = w.refs[:0], w.shapes[:0]
	err := w.rows.each(b, exact || b == w.blocks[0], func(r *row) error {
		ref, form := w.take(b, r), w.layout.shape(r)
		if form != 0 && !w.facts.plainNames && w.layout.guardsNames(r) {
			form = 0
		}
		w.refs, w.shapes = append(w.refs, ref), append(w.shapes, form)
		return nil
	})
	w.classes.count(w.refs)
	b.refs = append([]uint32(nil), w.refs...)
	b.shapes = append([]shape(nil), w.shapes...)
	return err
}

// take counts one row and gives what stands for it.
func (w *worker) take(b *block, r *row) uint32 {
	f := &w.facts
	if r.why != noFlaw {
		w.problems = append(w.problems[:0], Problem{Column: "row", Why: string(r.why)})
		return w.leaveOut(b, r)
	}
	good := w.reader.read(&r.view, f)
	if len(f.id) > 0 {
		w.ids.add(maphash.Bytes(w.seed, f.id))
	}
	if !good {
		return w.leaveOut(b, r)
	}
	if f.action != tenders || f.atLeast > 0 || w.oneByOne {
		b.loners = append(b.loners, w.loner(r, f))
		return refAlone | uint32(len(b.loners)-1)
	}
	c := &w.class
	c.principal, c.series, c.hasBid, c.bid = f.principal, uint16(f.series), f.hasBid, f.bid
	c.timing, c.standing = w.stand(f.series, f.received)
	if c.standing == counts {
		w.participation.tender(f.series, f.received, f.principal, 1)
	}
	return w.classes.number(c, f.steps)
}

// leaveOut records a row that is refused.
func (w *worker) leaveOut(b *block, r *row) uint32 {
	problems := append([]Problem(nil), w.problems...)
	b.refused = append(b.refused, RefusedRow{
		Line: r.line, Problems: problems, row: r.index, at: r.at, length: r.next - r.at,
	})
	return refRefused
}

// loner takes a row that stands by itself.
func (w *worker) loner(r *row, f *facts) loner {
	x := loner{
		row: r.index, line: r.line, at: r.at, length: r.next - r.at,
		facts: *f, participant: w.text(w.name(&r.view, colParticipant)),
	}
	x.id = string(f.id)
	x.facts.id = nil
	x.left = f.principal
	x.refersTo = string(w.name(&r.view, colRefersTo))
	switch w.alloc.ProrateBy {
	case allocation.ByParticipant:
		x.unit = x.participant
	case allocation.ByHolder:
		x.unit = w.text(w.name(&r.view, colHolder))
	}
	x.timing, x.standing = w.stand(f.series, f.received)
	if f.action == guarantees {
		x.undelivered = f.principal
	}
	if x.isTender() && x.standing == counts {
		w.participation.tender(f.series, f.received, f.principal, 1)
	}
	return x
}

// text keeps one copy of each name.
func (w *worker) text(b []byte) string {
	if s, ok := w.texts[string(b)]; ok {
		return s
	}
	s := string(b)
	w.texts[s] = s
	return s
}
