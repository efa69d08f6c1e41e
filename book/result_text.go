package book

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"

	"tenderbook/allocation"
)

// resultFormat begins the bytes of every result; the number is that of its rules.
const resultFormat = "tenderbook result %d\n"

// WriteTo writes the result: its offer, run and terms; from rules 2 on how the
// conditions and consents stood; and for each tender, in the order of the journal,
// its id and what it gets. It is the same for the same book on any machine. It
// reads the state, as [Plan.Each] does.
func (p *Plan) WriteTo(to io.Writer) (int64, error) {
	w := &counting{w: bufio.NewWriterSize(to, 1<<16)}
	fmt.Fprintf(w, resultFormat+"%q\n%s\n%s\n%d\n", p.Rules, p.tenderer.offer, p.Run, p.Terms.Digest(), len(p.records))
	if p.Rules >= Rules2 {
		p.writeStanding(w)
	}
	if len(p.later) > 0 {
		fmt.Fprintf(w, "%d deliveries\n", len(p.later))
	}
	p.writeTenders(w)
	for _, c := range p.consents {
		r := &p.tenderer.records[c.record]
		w.row(p.tenderer.texts.id(r.text), r.left, 0, c.paid, 0)
	}
	for _, d := range p.later {
		w.row([]byte(d.instruction), d.principal, 0, d.consideration, d.interest)
	}
	return w.n, w.w.Flush()
}

// writeStanding writes how conditions, series and consents stood.
func (p *Plan) writeStanding(w io.Writer) {
	fmt.Fprintf(w, "%d conditions\n", len(p.Conditions))
	for _, c := range p.Conditions {
		fmt.Fprintf(w, "%q %s\n", c.ID, c.Status)
	}
	for i, why := range p.Terminated {
		if why != "" {
			fmt.Fprintf(w, "%q terminated\n", p.Terms.Series[i].ID)
		}
	}
	fmt.Fprintf(w, "%d consents\n", len(p.consents))
	for i, c := range p.Consents {
		if p.Terms.Series[i].Consent != nil {
			fmt.Fprintf(w, "%q %d %d %t %d\n", p.Terms.Series[i].ID, c.Principal, c.Alone, c.Reached, c.Paid)
		}
	}
}

func (p *Plan) writeTenders(w *counting) {
	outcomes := newOutcomes(p.Decision, p.Tally.OneByOne())
	for k := range p.records {
		x, o := p.gets(k, outcomes)
		w.row([]byte(x.ID), o.accepted, x.Principal-o.accepted, o.consideration, o.interest)
	}
}

// counting counts the bytes of a result. Errors are kept by the buffer.
type counting struct {
	w   *bufio.Writer
	n   int64
	buf []byte
}

// Write writes as a bufio.Writer does.
func (c *counting) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// row writes an id behind its length and four amounts, minor units in eight bytes.
func (c *counting) row(id []byte, amounts ...int64) {
	c.buf = append(binary.AppendUvarint(c.buf[:0], uint64(len(id))), id...)
	for _, n := range amounts {
		c.buf = binary.BigEndian.AppendUint64(c.buf, uint64(n))
	}
	c.Write(c.buf)
}

// outcomes looks up what tenders get, each class once where tenders that are
// alike get the same.
type outcomes struct {
	decision *allocation.Decision
	single   bool
	known    map[class]got
}

// class is what tenders have in common that get the same.
type class struct {
	series                      int
	timing                      allocation.Timing
	hasBid                      bool
	bid, principal, undelivered int64
}

type got struct{ accepted, consideration, interest int64 }

func newOutcomes(d *allocation.Decision, single bool) *outcomes {
	return &outcomes{d, single, map[class]got{}}
}

// gets is the k-th tender of the plan and what it gets: what the book gives it or,
// where participants are paid, its share of the payment.
func (p *Plan) gets(k int, outcomes *outcomes) (allocation.Tender, got) {
	x := p.tenderer.tender(int(p.records[k]))
	o := outcomes.of(&x)
	if p.paid != nil {
		o.consideration, o.interest = p.paid[k].Consideration, p.paid[k].Interest
	}
	return x, o
}

func (o *outcomes) of(x *allocation.Tender) got {
	alike := !o.single && x.AtLeast == 0
	k := class{x.Series, x.Timing, x.HasBid, x.Bid, x.Principal, x.Undelivered}
	if g, ok := o.known[k]; ok && alike {
		return g
	}
	out := o.decision.Outcome(*x)
	g := got{out.Accepted, out.Consideration, out.Interest}
	if alike {
		o.known[k] = g
	}
	return g
}
