package bookfile

import "tenderbook/allocation"

// A texts makes the text of rows, from the series on, by the number of their
// class. It is for one goroutine.
type texts struct {
	*job
	*settled
	recipes []recipe // by batch
	amounts allocation.Amounts
	entry   entry
}

// A recipe is what the texts of a batch have in common: all but the amounts, and
// with them the reason.
type recipe struct {
	allocation.Counted
	digits int // decimals of the amounts
	series int
	reason allocation.Reason // of tail
	cut    *allocation.Line  // of tail
	head   []byte            // up to the amounts tendered, accepted and returned
	middle []byte            // between these and the payments
	tail   []byte            // behind the payments
}

func newTexts(j *job, s *settled) *texts { return &texts{job: j, settled: s} }

// makeText appends the text of a class, line end included unless the book brings
// columns of its own.
func (t *texts) makeText(out []byte, number uint32) []byte {
	batch, principal := t.classes.counted(number)
	if batch < 0 {
		c := t.classes.class(number)
		e := t.uncountedEntry(&c)
		return t.appendEnd(t.appendEntry(out, &e))
	}
	r := t.recipe(batch, number)
	a := &t.amounts
	r.Amounts(principal, a)
	if r.reason != a.Reason || r.cut != a.Cut || r.tail == nil {
		r.reason, r.cut = a.Reason, a.Cut
		reason := t.decision.Reason(allocation.Outcome{Reason: a.Reason, Cut: a.Cut})
		r.tail = padded(t.appendEndUnlessExchanged(appendField([]byte(","), []byte(reason))))
	}
	e := &t.entry // filled field by field: copying it whole would wait for the stores
	e.series, e.tendered, e.accepted, e.returned = r.series, principal, a.Accepted, a.Returned
	e.consideration, e.interest = a.Consideration, a.Interest
	cash := a.Consideration + a.Interest
	if t.exchanges {
		e.exchanged = t.exchange(r.series, a.Accepted, a.Consideration)
		cash = t.cash(e)
	}
	out = appendPadded(out, r.head)
	out = appendPrincipals(out, e, r.digits)
	out = appendPadded(out, r.middle)
	out = appendPayments(out, e, cash, r.digits)
	out = appendPadded(out, r.tail)
	if t.exchanges {
		out = t.appendEnd(t.appendExchanged(out, e))
	}
	return out
}

// recipe finds or makes the recipe of a batch, given the number of one of its
// classes.
func (t *texts) recipe(batch int, number uint32) *recipe {
	for batch >= len(t.recipes) {
		t.recipes = append(t.recipes, recipe{})
	}
	r := &t.recipes[batch]
	if r.head == nil {
		c := t.classes.class(number)
		r.Counted, r.series = t.decision.Counted(batch), int(c.series)
		r.digits = t.job.series[c.series].currency.Digits
		r.head = padded(t.appendHead(nil, r.series, c.timing.String()))
		r.middle = padded(t.appendMiddle(nil, r.series, t.priceText(r.series, c.timing, r.Price())))
	}
	return r
}

func (t *texts) appendEnd(out []byte) []byte {
	if len(t.layout.extras) == 0 {
		out = append(out, '\n')
	}
	return out
}

// appendEndUnlessExchanged ends a row whose last column is the reason.
func (t *texts) appendEndUnlessExchanged(out []byte) []byte {
	if t.exchanges {
		return out
	}
	return t.appendEnd(out)
}

// chunk is how much appendPadded copies at once.
const chunk = 32

// padded gives a text room behind it, so that appendPadded may copy more than
// there is.
func padded(text []byte) []byte {
	return append(make([]byte, 0, len(text)+chunk), text...)
}

// appendPadded appends a padded text. Copying a few bytes too many costs less
// than finding out how many there are.
func appendPadded(out, text []byte) []byte {
	at := len(out)
	if len(text) > chunk || cap(out)-at < chunk {
		return append(out, text...)
	}
	copy32(out[at:at+chunk], text[:chunk])
	return out[:at+len(text)]
}
