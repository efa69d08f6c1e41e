package book

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

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
	b.Channel = c.text()
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
	pick := func(from []string, into func(*Row, string)) {
		next := uint64(0)
		for i := range b.Rows {
			n := c.uvarint()
			if c.fault != nil {
				return
			}
			if n > next || n >= uint64(len(from)) {
				c.fail(errForm) // the list is in the order of first use
				return
			}
			if n == next {
				next++
			}
			into(&b.Rows[i], from[n])
		}
		if next != uint64(len(from)) {
			c.fail(errForm)
		}
	}
	pick(series, func(r *Row, s string) { r.Series = s })
	pick(participants, func(r *Row, s string) { r.Participant = s })
	for i := range b.Rows {
		b.Rows[i].ID = c.text()
	}
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
	column(flagAccount, func(r *Row) { r.Account = c.text() })
	column(flagHolder, func(r *Row) { r.Holder = c.text() })
	column(flagRefersTo, func(r *Row) { r.RefersTo = c.text() })
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

// checkDecoded is check for rows whose lengths the cursor has checked.
func (b *Instructions) checkDecoded() error {
	if !utf8.ValidString(b.Channel) {
		return errors.New("channel is not UTF-8")
	}
	for i := range b.Rows {
		r := &b.Rows[i]
		if err := r.checkShape(); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
		if !utf8.ValidString(r.ID) || !utf8.ValidString(r.Series) || !utf8.ValidString(r.Participant) ||
			!utf8.ValidString(r.Account) || !utf8.ValidString(r.Holder) || !utf8.ValidString(r.RefersTo) {
			return fmt.Errorf("row %d: text is not UTF-8", i+1)
		}
	}
	return nil
}
