package book

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"
)

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

// texts reads a column of n texts, all of them UTF-8.
func (c *cursor) texts(n int, into func(i int, s string)) {
	column, short := c.rest, true
	for i := range n {
		s := c.text()
		short = short && len(s) < utf8.RuneSelf
		into(i, s)
	}
	// A length below 128 is a character of its own, so the column is UTF-8 if and
	// only if its texts are.
	if c.fault == nil && !(short && utf8.ValidString(column[:len(column)-len(c.rest)])) {
		c.checkTexts(column, n)
	}
}

// checkTexts names the first of n texts that is not UTF-8.
func (c *cursor) checkTexts(column string, n int) {
	again := cursor{rest: column}
	for i := range n {
		if s := again.text(); !utf8.ValidString(s) {
			c.fail(fmt.Errorf("text %q, %d of a column of %d, is not UTF-8", s, i+1, n))
			return
		}
	}
}

// numbers reads for each row which text of a list it has. A list is in the order
// of first use, and all of it is used.
func (c *cursor) numbers(rows, texts int, into func(i, n int)) {
	next := uint64(0)
	for i := range rows {
		n := c.uvarint()
		if c.fault != nil {
			return
		}
		if n > next || n >= uint64(texts) {
			c.fail(errForm)
			return
		}
		if n == next {
			next++
		}
		into(i, int(n))
	}
	if next != uint64(texts) {
		c.fail(errForm)
	}
}

// list reads a list of texts, each of which stands there once.
func (c *cursor) list(rows int, texts []string) []string {
	n := c.uvarint()
	if n == 0 || n > uint64(rows) {
		c.fail(errForm)
		return nil
	}
	c.texts(int(n), func(_ int, s string) { texts = append(texts, s) })
	if c.fault == nil && repeats(texts) {
		c.fail(errForm)
	}
	return texts
}

// repeats reports whether a text stands in a list twice.
func repeats(texts []string) bool {
	if len(texts) <= few {
		for i, s := range texts {
			if slices.Contains(texts[:i], s) {
				return true
			}
		}
		return false
	}
	seen := make(map[string]bool, len(texts))
	for _, s := range texts {
		seen[s] = true
	}
	return len(seen) < len(texts)
}
