package bookfile

import (
	"context"
	"io"
	"slices"
	"sync"
)

// A scribe writes the allocation of the blocks it is given.
type scribe struct {
	*texts
	kept *keptTexts
	next lookAhead
	rows rows
	out  []byte
}

// writeAgain is the second reading: it writes one row for each instruction, in
// the order of the book.
func (j *job) writeAgain(ctx context.Context, out io.Writer, d *settled) error {
	if _, err := out.Write(j.layout.outputHeader(j.exchanges)); err != nil {
		return err
	}
	order := newInOrder(out, 2*j.opts.workers)
	index := make(map[*block]int, len(j.blocks))
	for i, b := range j.blocks {
		index[b] = i
	}
	kept := keepTexts(newTexts(j, d))
	return j.parallel(ctx, j.opts.workers, func(int) func(*block) error {
		s := &scribe{texts: newTexts(j, d), kept: kept, rows: j.newRows()}
		return func(b *block) error {
			err := s.block(b)
			if err != nil {
				order.fail(err)
				return err
			}
			s.out, err = order.put(index[b], s.out)
			return err
		}
	})
}

// block writes the rows of one block into s.out.
func (s *scribe) block(b *block) error {
	s.out = s.out[:0]
	if b.rows == 0 {
		return nil
	}
	w := &s.rows.window
	if err := w.load(b.start, int(b.end-b.start)); err != nil {
		return err
	}
	from := 0
	for i, ref := range b.refs {
		if i%ahead == 0 {
			s.next.look(s.kept, s.settled, b.worker, b.refs[i:min(i+ahead, len(b.refs))])
		}
		for from < w.n && s.rows.blankLine(from) > 0 {
			from += s.rows.blankLine(from)
		}
		form := b.shapes[i]
		if form == 0 || ref&refAlone != 0 {
			after, err := s.row(b, from, form, ref, s.next.at[i%ahead])
			if err != nil {
				return err
			}
			from = after
			continue
		}
		if need := len(s.out) + 1024; need > cap(s.out) {
			s.out = slices.Grow(s.out, 2*need-len(s.out))
		}
		after := from + form.length()
		if after > w.n {
			return ErrChanged
		}
		s.out = form.appendNames(s.out, w.buf[from:], len(s.layout.runs))
		s.appendText(b, ref, s.next.at[i%ahead])
		from = after
	}
	return nil
}

// appendText writes the text of a row's class: the kept one, if there is one.
func (s *scribe) appendText(b *block, ref, kept uint32) {
	if kept != 0 {
		s.out = s.kept.append(s.out, kept)
		return
	}
	s.out = s.makeText(s.out, s.number(b.worker, ref))
}

// row writes a row that is not like most, and gives the place after it in the
// window.
func (s *scribe) row(b *block, from int, form shape, ref, kept uint32) (int, error) {
	w := &s.rows.window
	if from >= w.n {
		return 0, ErrChanged
	}
	v, after, why := s.rows.splitter.split(w.buf[:w.n], from, false)
	switch {
	case ref == refRefused && after < 0:
		return w.n, nil
	case ref == refRefused && form != 0:
		return from + form.length(), nil
	case ref == refRefused:
		return after, nil
	case why != noFlaw || len(v.ends) != s.layout.fields:
		return 0, ErrChanged
	}
	for _, column := range nameColumns {
		s.out = append(appendField(s.out, v.field(s.layout.at[column])), ',')
	}
	if ref&refAlone != 0 {
		x := &b.loners[ref&^refAlone]
		e := s.lonerEntry(s.decision, x, b.firstRow+int64(x.row))
		s.out = s.appendEntry(s.out, &e)
		if len(s.layout.extras) == 0 {
			s.out = append(s.out, '\n')
		}
	} else {
		s.appendText(b, ref, kept)
	}
	if len(s.layout.extras) > 0 {
		s.appendExtras(&v)
	}
	return after, nil
}

// appendExtras writes the columns that the book brings along, and the line end.
func (s *scribe) appendExtras(v *view) {
	for _, column := range s.layout.extras {
		s.out = appendField(append(s.out, ','), v.field(column))
	}
	s.out = append(s.out, '\n')
}

// An inOrder writes numbered pieces in their order, from several goroutines,
// to a writer that is used by one at a time. Pieces that come early wait.
type inOrder struct {
	mu      sync.Mutex
	turn    sync.Cond
	out     io.Writer
	next    int
	waiting map[int][]byte
	room    int      // how many may wait
	spare   [][]byte // buffers to use again
	err     error
}

func newInOrder(out io.Writer, room int) *inOrder {
	o := &inOrder{out: out, waiting: map[int][]byte{}, room: room}
	o.turn.L = &o.mu
	return o
}

// put writes a piece when its turn comes, and gives a buffer in exchange for it.
func (o *inOrder) put(number int, piece []byte) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.err == nil && number != o.next && len(o.waiting) >= o.room {
		o.turn.Wait()
	}
	if number != o.next || o.err != nil {
		o.waiting[number] = piece
		return o.takeSpare(), o.err
	}
	for ok := true; ok && o.err == nil; piece, ok = o.waiting[o.next] {
		o.write(piece)
	}
	return o.takeSpare(), o.err
}

// write writes the next piece with the lock given up, so that others may put
// theirs down to wait meanwhile.
func (o *inOrder) write(piece []byte) {
	o.mu.Unlock()
	_, err := o.out.Write(piece)
	o.mu.Lock()
	o.err = err
	o.spare = append(o.spare, piece)
	delete(o.waiting, o.next)
	o.next++
	o.turn.Broadcast()
}

func (o *inOrder) takeSpare() []byte {
	if n := len(o.spare); n > 0 {
		b := o.spare[n-1]
		o.spare = o.spare[:n-1]
		return b
	}
	return nil
}

// fail wakes those who wait for a piece that will not come.
func (o *inOrder) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = err
	}
	o.turn.Broadcast()
}
