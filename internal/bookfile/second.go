package bookfile

import (
	"context"
	"io"
	"sync"

	"tenderbook/allocation"
)

// A scribe writes the allocation of the blocks it is given.
type scribe struct {
	*job
	rows     rows
	decision *allocation.Decision
	text     [][]byte   // of each class
	numbers  [][]uint32 // by worker: its classes among all
	names    [3]int     // the columns instruction, participant and account
	adjacent bool       // they stand side by side in the book
	out      []byte
}

func (j *job) newScribe(d *allocation.Decision, text [][]byte, numbers [][]uint32) *scribe {
	at := j.layout.at
	s := &scribe{job: j, rows: j.newRows(), decision: d, text: text, numbers: numbers}
	s.names = [3]int{at[colInstruction], at[colParticipant], at[colAccount]}
	s.adjacent = s.names[1] == s.names[0]+1 && s.names[2] == s.names[0]+2
	return s
}

// writeAgain is the second reading: it writes one row for each instruction, in
// the order of the book.
func (j *job) writeAgain(ctx context.Context, out io.Writer, d *allocation.Decision, text [][]byte, numbers [][]uint32) error {
	if _, err := out.Write(j.layout.outputHeader()); err != nil {
		return err
	}
	order := newInOrder(out, 2*j.opts.workers)
	index := make(map[*block]int, len(j.blocks))
	for i, b := range j.blocks {
		index[b] = i
	}
	return j.parallel(ctx, j.opts.workers, func(int) func(*block) error {
		s := j.newScribe(d, text, numbers)
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
	again := *b
	refs, number := b.refs, []uint32(nil)
	if b.worker < len(s.numbers) {
		number = s.numbers[b.worker]
	}
	err := s.rows.each(&again, true, func(r *row) error {
		if r.index >= len(refs) {
			return ErrChanged
		}
		ref := refs[r.index]
		if ref == refRefused {
			return nil
		}
		if r.why != noFlaw || len(r.ends) != s.layout.fields {
			return ErrChanged
		}
		s.appendNames(r)
		if ref&refAlone != 0 {
			x := &b.loners[ref&^refAlone]
			e := s.lonerEntry(s.decision, x, b.firstRow+int64(x.row))
			s.out = s.appendEntry(s.out, &e)
			if len(s.layout.extras) == 0 {
				s.out = append(s.out, '\n')
			}
		} else {
			if number != nil {
				ref = number[ref]
			}
			s.out = append(s.out, s.text[ref]...)
		}
		if len(s.layout.extras) > 0 {
			s.appendExtras(r)
		}
		return nil
	})
	if err == nil && (again.rows != b.rows || again.end != b.end) {
		err = ErrChanged
	}
	return err
}

// appendNames writes the first three columns and the comma after them.
func (s *scribe) appendNames(r *row) {
	if s.adjacent && r.plain && !s.guardsNames(r) {
		from := r.start
		if s.names[0] > 0 {
			from = int(r.ends[s.names[0]-1]) + 1
		}
		s.out = append(append(s.out, r.buf[from:r.ends[s.names[2]]]...), ',')
		return
	}
	for _, column := range s.names {
		s.out = append(appendField(s.out, r.field(column)), ',')
	}
}

func (s *scribe) guardsNames(r *row) bool {
	for _, column := range s.names {
		if text := r.field(column); len(text) > 0 && runsAsFormula[text[0]] {
			return true
		}
	}
	return false
}

// appendExtras writes the columns that the book brings along, and the line end.
func (s *scribe) appendExtras(r *row) {
	for _, column := range s.layout.extras {
		s.out = appendField(append(s.out, ','), r.field(column))
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
