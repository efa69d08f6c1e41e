package bookfile

import (
	"errors"
	"fmt"
	"math/bits"
	"sync"

	"tenderbook/allocation"
	"tenderbook/offer"
	"tenderbook/settlement"
)

// ErrTooLarge is returned when what a book is paid does not fit 64 bits of
// minor units.
var ErrTooLarge = errors.New("payments of a currency do not fit 64 bits")

// A lines holds the text of each class, by its number.
type lines struct {
	text  [][]byte
	total []Total // by series and timing
}

// A Total adds up the rows of one series and timing that count, as they are
// paid. Amounts are minor units.
type Total struct {
	Series        int
	Timing        allocation.Timing
	Tenders       int64
	Tendered      int64
	Accepted      int64
	Returned      int64
	Consideration int64
	Interest      int64
	Exchanged     offer.Exchanged // of the consideration; all cash outside an exchange
}

// add counts n rows alike.
func (t *Total) add(e *entry, n int64) bool {
	ok := true
	sum := func(to *int64, minor int64) {
		hi, lo := bits.Mul64(uint64(minor), uint64(n))
		if hi != 0 || lo > 1<<62 || *to+int64(lo) > 1<<62 {
			ok = false
			return
		}
		*to += int64(lo)
	}
	t.Tenders += n
	sum(&t.Tendered, e.tendered)
	sum(&t.Accepted, e.accepted)
	sum(&t.Returned, e.returned)
	sum(&t.Consideration, e.consideration)
	sum(&t.Interest, e.interest)
	sum(&t.Exchanged.NewNotes, e.exchanged.NewNotes)
	sum(&t.Exchanged.Cash, e.exchanged.Cash)
	sum(&t.Exchanged.Fraction, e.exchanged.Fraction)
	return ok
}

func (j *job) newTotals() []Total {
	all := make([]Total, 2*len(j.series))
	for i := range all {
		all[i].Series, all[i].Timing = i/2, allocation.Timing(i%2)
	}
	return all
}

// write makes the text of each class, line end included unless the book brings
// columns of its own.
func (j *job) write(d *allocation.Decision, classes []class) (*lines, error) {
	l := &lines{text: make([][]byte, len(classes)), total: j.newTotals()}
	ok := true
	var (
		mu sync.Mutex
		wg sync.WaitGroup
	)
	part := (len(classes) + j.opts.workers - 1) / max(j.opts.workers, 1)
	for from := 0; from < len(classes); from += part {
		to := min(from+part, len(classes))
		wg.Go(func() {
			fits, totals := true, j.newTotals()
			var chunk []byte
			for i := from; i < to; i++ {
				c := &classes[i]
				if c.count == 0 {
					continue
				}
				e := j.classEntry(d, c)
				if c.standing == counts {
					fits = totals[2*e.series+int(c.timing)].add(&e, c.count) && fits
				}
				chunk = j.appendText(chunk, &e, &l.text[i])
			}
			mu.Lock()
			defer mu.Unlock()
			ok = ok && fits
			for i := range totals {
				ok = l.total[i].merge(&totals[i]) && ok
			}
		})
	}
	wg.Wait()
	if !ok {
		return nil, fmt.Errorf("%s: %w", j.src.Name, ErrTooLarge)
	}
	return l, nil
}

// appendText appends the text of an entry to a chunk, or to a new one if it is
// full, and keeps it in text.
func (j *job) appendText(chunk []byte, e *entry, text *[]byte) []byte {
	const size = 64 << 10
	if cap(chunk)-len(chunk) < 1024+len(e.reason)*2 {
		chunk = make([]byte, 0, size+len(e.reason)*2)
	}
	start := len(chunk)
	chunk = j.appendEntry(chunk, e)
	if len(j.layout.extras) == 0 {
		chunk = append(chunk, '\n')
	}
	*text = chunk[start:len(chunk):len(chunk)]
	return chunk
}

func (t *Total) merge(o *Total) bool {
	e := entry{tendered: o.Tendered, accepted: o.Accepted, returned: o.Returned, consideration: o.Consideration, interest: o.Interest, exchanged: o.Exchanged}
	ok := t.add(&e, 1)
	t.Tenders += o.Tenders - 1
	return ok
}

// payLoners settles what each row that stands by itself is paid.
func (j *job) payLoners(d *allocation.Decision, l *lines) error {
	if j.payByHolder {
		if err := j.payByParticipant(d); err != nil {
			return err
		}
	}
	ok := true
	j.eachLoner(func(_ *block, x *loner, row int64) {
		if !x.live() {
			return
		}
		o := d.Brief(x.tender(row))
		if !j.payByHolder {
			x.consideration, x.interest = o.Consideration, o.Interest
		}
		settlement.Correct(d, &o, settlement.Payment{Consideration: x.consideration, Interest: x.interest})
		e := entry{tendered: x.left, accepted: o.Accepted, returned: o.Returned, consideration: x.consideration, interest: x.interest}
		e.exchanged = j.exchange(x.series, x.paid(o.Accepted), x.consideration)
		ok = l.total[2*x.series+int(x.timing)].add(&e, 1) && ok
	})
	if !ok {
		return fmt.Errorf("%s: %w", j.src.Name, ErrTooLarge)
	}
	return nil
}

// payByParticipant has each participant paid once for each series, see
// [settlement.ByPayee].
func (j *job) payByParticipant(d *allocation.Decision) error {
	var (
		tenders []*loner
		claims  []settlement.Claim
	)
	j.eachLoner(func(_ *block, x *loner, row int64) {
		if !x.live() {
			return
		}
		t := x.tender(row)
		o := d.Brief(t)
		tenders = append(tenders, x)
		claims = append(claims, settlement.ClaimOf(j.alloc, x.participant, t, &o))
	})
	paid, err := settlement.ByPayee(claims)
	if err != nil {
		return fmt.Errorf("%s: %w", j.src.Name, err)
	}
	for i, x := range tenders {
		x.consideration, x.interest = paid[i].Consideration, paid[i].Interest
	}
	return nil
}
