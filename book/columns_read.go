package book

import (
	"fmt"
	"time"

	"tenderbook/money"
)

// decode reads a batch into b, whose rows it uses again. It takes nothing that
// append would not write.
func (b *Instructions) decode(version uint8, body []byte) error {
	c := cursor{rest: string(body)}
	flags := c.byte()
	if flags >= flagEnd {
		return fmt.Errorf("instructions: flags %#x: %w", flags, ErrNotUnderstood)
	}
	b.AllOrNothing = flags&flagAllOrNothing != 0
	c.texts(1, func(_ int, s string) { b.Channel = s })
	n := c.uvarint()
	if n == 0 || n > MaxRows || n > uint64(len(c.rest)) {
		c.fail(fmt.Errorf("%d rows, needs 1 to %d", n, MaxRows))
		n = 0
	}
	if uint64(cap(b.Rows)) < n {
		b.Rows = make([]Row, n)
	}
	b.Rows = b.Rows[:n]
	clear(b.Rows)
	b.required(&c)
	b.optional(&c, flags)
	if c.fault == nil && c.rest != "" {
		c.fail(fmt.Errorf("%d bytes too many", len(c.rest)))
	}
	if c.fault == nil && (flags != b.flags() || version != b.version()) {
		c.fail(errForm)
	}
	if c.fault == nil {
		c.fault = b.checkDecoded()
	}
	if c.fault != nil {
		return fmt.Errorf("instructions: %w", c.fault)
	}
	return nil
}

func (b *Instructions) required(c *cursor) {
	series := c.list(len(b.Rows), b.lists[0][:0])
	participants := c.list(len(b.Rows), b.lists[1][:0])
	b.lists = [2][]string{series, participants}
	for i := range b.Rows {
		b.Rows[i].Action = Action(c.byte())
	}
	b.ofSeries = b.ofSeries[:0]
	c.numbers(len(b.Rows), len(series), func(i, n int) {
		b.Rows[i].Series = series[n]
		b.ofSeries = append(b.ofSeries, uint32(n))
	})
	c.numbers(len(b.Rows), len(participants), func(i, n int) { b.Rows[i].Participant = participants[n] })
	c.texts(len(b.Rows), func(i int, s string) { b.Rows[i].ID = s })
	for i := range b.Rows {
		b.Rows[i].Principal = c.amount()
	}
}

func (b *Instructions) optional(c *cursor, flags byte) {
	column := func(flag byte, each func(r *Row)) {
		for i := range b.Rows {
			if flags&flag == 0 || c.fault != nil {
				return
			}
			each(&b.Rows[i])
		}
	}
	texts := func(flag byte, into func(i int, s string)) {
		if flags&flag != 0 {
			c.texts(len(b.Rows), into)
		}
	}
	texts(flagAccount, func(i int, s string) { b.Rows[i].Account = s })
	texts(flagHolder, func(i int, s string) { b.Rows[i].Holder = s })
	texts(flagRefersTo, func(i int, s string) { b.Rows[i].RefersTo = s })
	column(flagBid, func(r *Row) {
		scale := c.byte()
		if scale == 0 {
			return
		}
		if scale > 19 {
			c.fail(errForm)
			return
		}
		r.HasBid, r.Bid = true, money.DecimalOf(c.varint(), int(scale-1))
	})
	column(flagAtLeast, func(r *Row) { r.AtLeast = c.amount() })
	var before int64
	column(flagSentAt, func(r *Row) {
		before += c.varint()
		if before != 0 {
			r.SentAt = time.Unix(0, before).UTC()
		}
	})
}

// checkDecoded is check for rows whose texts the cursor has checked.
func (b *Instructions) checkDecoded() error {
	for i := range b.Rows {
		if err := b.Rows[i].checkShape(); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	return nil
}
