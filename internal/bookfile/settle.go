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

// ErrTooLarge is returned when what a book is paid, or the principal that it
// consents with or that does not count, does not fit 64 bits of minor units.
var ErrTooLarge = errors.New("sums of a currency do not fit 64 bits")

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
	sum := func(to *int64, minor int64) { ok = addTo(to, minor, n) && ok }
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

// addTo adds n times an amount, 0 or more, to a sum. It reports whether the sum is
// at most 2^62; otherwise it is left as it was.
func addTo(sum *int64, minor, n int64) bool {
	if minor == 0 { // as of half the amounts of a class
		return true
	}
	hi, lo := bits.Mul64(uint64(minor), uint64(n))
	if hi != 0 || lo > 1<<62 || *sum > 1<<62-int64(lo) {
		return false
	}
	*sum += int64(lo)
	return true
}

func (j *job) newTotals() []Total {
	all := make([]Total, 2*len(j.series))
	for i := range all {
		all[i].Series, all[i].Timing = i/2, allocation.Timing(i%2)
	}
	return all
}

// addUp adds up what the classes get.
func (j *job) addUp(s *settled) error {
	s.total = j.newTotals()
	ok := true
	var (
		mu sync.Mutex
		wg sync.WaitGroup
	)
	n := s.classes.size()
	part := (n + j.opts.workers - 1) / j.opts.workers
	for from := 0; from < n; from += part {
		wg.Go(func() {
			totals, fits := s.addUpRange(j, from, min(from+part, n))
			mu.Lock()
			defer mu.Unlock()
			ok = ok && fits
			for i := range totals {
				ok = s.total[i].merge(&totals[i]) && ok
			}
		})
	}
	wg.Wait()
	if !ok {
		return fmt.Errorf("%s: %w", j.src.Name, ErrTooLarge)
	}
	return nil
}

// addUpRange adds up what the classes with numbers in a range get.
func (s *settled) addUpRange(j *job, from, to int) (totals []Total, fits bool) {
	var (
		batch   = int32(-1)
		counted allocation.Counted
		a       allocation.Amounts
	)
	totals, fits = j.newTotals(), true
	s.classes.each(from, to, func(c *class) {
		if c.standing != counts {
			return
		}
		if c.batch != batch { // neighbours are of one batch
			batch, counted = c.batch, s.decision.Counted(int(c.batch))
		}
		counted.Amounts(c.principal, &a)
		e := entry{tendered: c.principal, accepted: a.Accepted, returned: a.Returned, consideration: a.Consideration, interest: a.Interest}
		e.exchanged = j.exchange(int(c.series), a.Accepted, a.Consideration)
		fits = totals[2*int(c.series)+int(c.timing)].add(&e, c.count) && fits
	})
	return totals, fits
}

func (t *Total) merge(o *Total) bool {
	e := entry{tendered: o.Tendered, accepted: o.Accepted, returned: o.Returned, consideration: o.Consideration, interest: o.Interest, exchanged: o.Exchanged}
	ok := t.add(&e, 1)
	t.Tenders += o.Tenders - 1
	return ok
}

// payLoners settles what each row that stands by itself is paid.
func (j *job) payLoners(s *settled) error {
	d := s.decision
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
		ok = s.total[2*x.series+int(x.timing)].add(&e, 1) && ok
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
