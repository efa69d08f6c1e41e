package book

import (
	"errors"
	"math"
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
