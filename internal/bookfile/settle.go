package bookfile

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"tenderbook/allocation"
	"tenderbook/money"
	"tenderbook/offer"
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
		correct(d, &o, x.consideration-o.Consideration, x.interest-o.Interest)
		e := entry{tendered: x.left, accepted: o.Accepted, returned: o.Returned, consideration: x.consideration, interest: x.interest}
		e.exchanged = j.exchange(x.series, x.paid(o.Accepted), x.consideration)
		ok = l.total[2*x.series+int(x.timing)].add(&e, 1) && ok
	})
	if !ok {
		return fmt.Errorf("%s: %w", j.src.Name, ErrTooLarge)
	}
	return nil
}

// correct brings the lines of a decision, which add up payments rounded for each
// tender, to what a tender is paid: the difference goes to the last line that it
// took part in.
func correct(d *allocation.Decision, o *allocation.Outcome, consideration, interest int64) {
	if consideration == 0 && interest == 0 {
		return
	}
	last := o.Shares[len(o.Shares)-1]
	line := &d.Steps[last.Step].Lines[last.Line]
	line.Consideration += consideration
	line.Interest += interest
}

// A payee is paid once for each series: the sum of its tenders, rounded half up.
type payee struct {
	participant string
	series      int
}

// A claim is what one tender adds to a payment, exactly.
type claim struct {
	tender                  *loner
	consideration, interest *big.Rat
}

// payByParticipant rounds the payments of participants, and shares each among
// the tenders it is for: the whole minor units of each, and then one more by
// the fraction cut off, largest first, equal ones in order of receipt.
func (j *job) payByParticipant(d *allocation.Decision) error {
	claims := map[payee][]claim{}
	j.eachLoner(func(_ *block, x *loner, row int64) {
		if !x.live() {
			return
		}
		t := x.tender(row)
		o := d.Brief(t)
		paid := new(big.Rat).SetInt64(x.paid(o.Accepted))
		c := claim{x, new(big.Rat), new(big.Rat)}
		if o.Price != nil {
			c.consideration.Mul(paid, o.Price)
		}
		if i := j.alloc.Series[x.series].Interest[x.timing]; i != nil {
			c.interest.Mul(paid, i)
		}
		who := payee{x.participant, x.series}
		claims[who] = append(claims[who], c)
	})
	for who, of := range claims {
		slices.SortFunc(of, func(a, b claim) int {
			return cmp.Or(cmp.Compare(a.tender.received, b.tender.received), strings.Compare(a.tender.id, b.tender.id))
		})
		errA := share(of, func(c *claim) (*big.Rat, *int64) { return c.consideration, &c.tender.consideration })
		errB := share(of, func(c *claim) (*big.Rat, *int64) { return c.interest, &c.tender.interest })
		if err := cmp.Or(errA, errB); err != nil {
			return fmt.Errorf("payment of %s: %w", who.participant, err)
		}
	}
	return nil
}

// share rounds the sum of claims half up and gives it out, see payByParticipant.
func share(claims []claim, of func(*claim) (exact *big.Rat, paid *int64)) error {
	sum, given := new(big.Rat), int64(0)
	fractions := make([]*big.Rat, len(claims))
	order := make([]int, len(claims))
	for i := range claims {
		exact, paid := of(&claims[i])
		whole, err := money.RoundRat(exact, money.Down)
		if err != nil {
			return err
		}
		*paid = whole
		given += whole
		sum.Add(sum, exact)
		fractions[i] = new(big.Rat).Sub(exact, new(big.Rat).SetInt64(whole))
		order[i] = i
	}
	total, err := money.RoundRat(sum, money.HalfUp)
	if err != nil {
		return err
	}
	slices.SortStableFunc(order, func(a, b int) int { return fractions[b].Cmp(fractions[a]) })
	for _, i := range order[:total-given] {
		_, paid := of(&claims[i])
		*paid++
	}
	return nil
}
