package book

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"tenderbook/money"
)

// The encoding of a batch is by column. Numbers are varints in their shortest
// form, signed ones zigzag; texts have their length in front.
//
//	flags, channel, number of rows,
//	series: how many, texts in the order in which rows first name them,
//	participants: the same,
//	actions (a byte each), series and participants (numbers of the lists),
//	ids, principals,
//	and those of the columns below that some row uses.
//
// A batch of 1,000 tenders takes about 30 bytes a row.
const (
	flagAllOrNothing = 1 << iota
	flagAccount
	flagHolder
	flagRefersTo
	flagBid
	flagAtLeast
	flagSentAt
	flagEnd
)

// append appends the encoding of a batch that was checked.
func (b *Instructions) append(dst []byte) []byte {
	flags := b.flags()
	dst = append(dst, flags)
	dst = appendText(dst, b.Channel)
	dst = binary.AppendUvarint(dst, uint64(len(b.Rows)))
	series, ofSeries := b.list(func(r *Row) string { return r.Series })
	participants, ofParticipant := b.list(func(r *Row) string { return r.Participant })
	dst = appendList(appendList(dst, series), participants)
	for i := range b.Rows {
		dst = append(dst, byte(b.Rows[i].Action))
	}
	for _, n := range ofSeries {
		dst = binary.AppendUvarint(dst, n)
	}
	for _, n := range ofParticipant {
		dst = binary.AppendUvarint(dst, n)
	}
	for i := range b.Rows {
		dst = appendText(dst, b.Rows[i].ID)
	}
	for i := range b.Rows {
		dst = binary.AppendUvarint(dst, uint64(b.Rows[i].Principal))
	}
	return b.appendOptional(dst, flags)
}

func (b *Instructions) appendOptional(dst []byte, flags byte) []byte {
	column := func(flag byte, each func(r *Row)) {
		for i := range b.Rows {
			if flags&flag != 0 {
				each(&b.Rows[i])
			}
		}
	}
	column(flagAccount, func(r *Row) { dst = appendText(dst, r.Account) })
	column(flagHolder, func(r *Row) { dst = appendText(dst, r.Holder) })
	column(flagRefersTo, func(r *Row) { dst = appendText(dst, r.RefersTo) })
	column(flagBid, func(r *Row) {
		if !r.HasBid {
			dst = append(dst, 0)
			return
		}
		dst = append(dst, byte(r.Bid.Scale()+1))
		dst = binary.AppendVarint(dst, r.Bid.Coef())
	})
	column(flagAtLeast, func(r *Row) { dst = binary.AppendUvarint(dst, uint64(r.AtLeast)) })
	var before int64
	column(flagSentAt, func(r *Row) {
		at := sentNanos(r)
		dst = binary.AppendVarint(dst, at-before)
		before = at
	})
	return dst
}

// sentNanos is the sender's time in nanoseconds, 0 for none.
func sentNanos(r *Row) int64 {
	if r.SentAt.IsZero() {
		return 0
	}
	return r.SentAt.UnixNano()
}

func (b *Instructions) flags() (flags byte) {
	set := func(flag byte, used bool) {
		if used {
			flags |= flag
		}
	}
	set(flagAllOrNothing, b.AllOrNothing)
	for i := range b.Rows {
		r := &b.Rows[i]
		set(flagAccount, r.Account != "")
		set(flagHolder, r.Holder != "")
		set(flagRefersTo, r.RefersTo != "")
		set(flagBid, r.HasBid)
		set(flagAtLeast, r.AtLeast != 0)
		set(flagSentAt, !r.SentAt.IsZero())
	}
	return flags
}

// list gives the texts of a column in the order in which they come first, and
// their number for each row.
func (b *Instructions) list(of func(*Row) string) (texts []string, numbers []uint64) {
	var first firsts
	numbers = make([]uint64, len(b.Rows))
	for i := range b.Rows {
		numbers[i] = first.number(of(&b.Rows[i]))
	}
	return first.texts, numbers
}

// firsts numbers texts in the order in which they come first.
type firsts struct {
	texts []string
	known map[string]uint64 // made when there are more than few
}

// few is how many texts are looked through faster than a map is made.
const few = 8

func (f *firsts) number(s string) uint64 {
	if f.known == nil {
		if n := slices.Index(f.texts, s); n >= 0 {
			return uint64(n)
		}
	} else if n, ok := f.known[s]; ok {
		return n
	}
	n := uint64(len(f.texts))
	f.texts = append(f.texts, s)
	switch {
	case f.known != nil:
		f.known[s] = n
	case len(f.texts) > few:
		f.known = make(map[string]uint64, 4*few)
		for i, s := range f.texts {
			f.known[s] = uint64(i)
		}
	}
	return n
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

func appendList(dst []byte, texts []string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(texts)))
	for _, s := range texts {
		dst = appendText(dst, s)
	}
	return dst
}

// errForm is returned where bytes say what another encoding says.
var errForm = errors.New("the batch is not in its one encoding")

// A cursor takes values off an encoding. After a fault it gives zeros.
type cursor struct {
	rest  string
	fault error
}

func (c *cursor) fail(err error) {
	if c.fault == nil {
		c.fault = err
		c.rest = ""
	}
}

var errShort = errors.New("the batch breaks off")

func (c *cursor) byte() byte {
	if c.rest == "" {
		c.fail(errShort)
		return 0
	}
	b := c.rest[0]
	c.rest = c.rest[1:]
	return b
}

func (c *cursor) uvarint() uint64 {
	var x uint64
	for i := 0; i < len(c.rest); i++ {
		b := c.rest[i]
		if i == 9 && b > 1 {
			break
		}
		x |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			if b == 0 && i > 0 {
				c.fail(errForm) // a shorter form says the same
				return 0
			}
			c.rest = c.rest[i+1:]
			return x
		}
		if i == 9 {
			break
		}
	}
	c.fail(errShort)
	return 0
}

func (c *cursor) varint() int64 {
	u := c.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// amount is a number of minor units, 0 or more.
func (c *cursor) amount() int64 {
	u := c.uvarint()
	if u > math.MaxInt64 {
		c.fail(errForm)
		return 0
	}
	return int64(u)
}

func (c *cursor) text() string {
	n := c.uvarint()
	if n > maxName || n > uint64(len(c.rest)) {
		c.fail(errShort)
		return ""
	}
	s := c.rest[:n]
	c.rest = c.rest[n:]
	return s
}

// list reads a list of texts, each of which stands there once.
func (c *cursor) list(rows int, texts []string) []string {
	n := c.uvarint()
	if n == 0 || n > uint64(rows) {
		c.fail(errForm)
		return nil
	}
	for range n {
		texts = append(texts, c.text())
		if c.fault != nil {
			return nil
		}
	}
	if len(texts) == 1 {
		return texts
	}
	seen := make(map[string]bool, len(texts))
	for _, s := range texts {
		if seen[s] {
			c.fail(errForm)
		}
		seen[s] = true
	}
	return texts
}

// version is that of the encoding: 2 if a row consents, 1 otherwise.
func (b *Instructions) version() uint8 {
	for i := range b.Rows {
		if b.Rows[i].Action == Consent {
			return 2
		}
	}
	return 1
}

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
