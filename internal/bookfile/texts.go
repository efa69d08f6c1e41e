package bookfile

import "tenderbook/allocation"

// A texts makes the text of rows, from the series on, by the number of their
// class. It keeps the texts it made last, since a few sizes make up most of a
// book, but not all of them: there can be as many as rows, and making one costs
// no more than fetching it from far memory. It is for one goroutine.
type texts struct {
	*job
	*settled
	phrases []phrase // by batch and reason
	kept    [keptTexts]keptText
	seen    byte
}

// keptTexts is a power of two; all that are kept fit the second level cache of a
// processor.
const keptTexts = 1 << 13

// A keptText has two lines of a processor's cache.
type keptText struct {
	next   uint32 // 1 more than the class's number; 0: free
	length uint8
	used   bool // it came again since another class wanted its place
	text   [122]byte
}

// A phrase is what the texts of many classes have in common: all but the amounts.
type phrase struct {
	cut                *allocation.Line
	head, middle, tail []byte
}

const reasons = int(allocation.BidNotAccepted) + 1

func newTexts(j *job, s *settled) *texts { return &texts{job: j, settled: s} }

// appendText appends the text of a class, line end included unless the book
// brings columns of its own.
func (t *texts) appendText(out []byte, number uint32) []byte {
	kept := &t.kept[t.place(number)]
	if kept.next == number+1 {
		kept.used = true
		return append(out, kept.text[:kept.length]...)
	}
	start := len(out)
	out = t.makeText(out, number)
	if kept.used { // a second chance for a class that comes often
		kept.used = false
		return out
	}
	if n := copy(kept.text[:], out[start:]); n == len(out)-start {
		kept.next, kept.length = number+1, uint8(n)
	} else {
		kept.next = 0
	}
	return out
}

// ahead is how many rows have their texts fetched together.
const ahead = 32

// fetch looks at where the texts of some rows would be kept. A processor waits
// for many places in the time it waits for one, and has them near when the rows
// are written.
func (t *texts) fetch(worker int, refs []uint32) {
	seen := byte(0)
	for _, ref := range refs {
		if ref&refAlone == 0 {
			kept := &t.kept[t.place(t.number(worker, ref))]
			seen |= kept.length | kept.text[len(kept.text)-1]
		}
	}
	t.seen = seen // so that the compiler does not leave it out
}

// place is where the text of a class is kept: equal sizes of different series
// apart, and neighbouring sizes of one series side by side.
func (t *texts) place(number uint32) uint32 {
	if int(number) < len(t.classes.cells) {
		number += number >> t.classes.grid.shift * 1031 // a prime above the number of sizes that is usual
	}
	return number % keptTexts
}

// makeText writes the text of a class.
func (t *texts) makeText(out []byte, number uint32) []byte {
	c := t.classes.class(number)
	if c.standing != counts {
		e := t.classEntry(t.decision, &c)
		return t.appendEnd(t.appendEntry(out, &e))
	}
	o := t.decision.BriefCount(int(c.batch), c.principal)
	p := t.phraseOf(&c, &o)
	e := entry{
		series: int(c.series), tendered: c.principal, accepted: o.Accepted, returned: o.Returned,
		consideration: o.Consideration, interest: o.Interest, exchanged: t.exchange(int(c.series), o.Accepted, o.Consideration),
	}
	digits := t.job.series[c.series].currency.Digits
	out = append(out, p.head...)
	out = appendPrincipals(out, &e, digits)
	out = append(out, p.middle...)
	out = appendPayments(out, &e, t.cash(&e), digits)
	out = append(out, p.tail...)
	if t.exchanges {
		out = t.appendExchanged(out, &e)
	}
	return t.appendEnd(out)
}

func (t *texts) appendEnd(out []byte) []byte {
	if len(t.layout.extras) == 0 {
		out = append(out, '\n')
	}
	return out
}

// phraseOf finds or makes the phrase of an outcome. A batch has one price, and
// one reason nearly always has one line that decided it.
func (t *texts) phraseOf(c *class, o *allocation.Outcome) *phrase {
	at := int(c.batch)*reasons + int(o.Reason)
	for at >= len(t.phrases) {
		t.phrases = append(t.phrases, phrase{})
	}
	p := &t.phrases[at]
	if p.head == nil || p.cut != o.Cut {
		price := t.priceText(int(c.series), c.timing, o.Price)
		p.cut = o.Cut
		p.head = t.appendHead(nil, int(c.series), c.timing.String())
		p.middle = t.appendMiddle(nil, int(c.series), price)
		p.tail = appendField([]byte(","), []byte(t.decision.Reason(*o)))
	}
	return p
}
