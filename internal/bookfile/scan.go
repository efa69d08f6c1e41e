package bookfile

import (
	"encoding/binary"
	"math/bits"
)

const (
	everyByte = 0x0101010101010101
	lowBits   = 0x7f * everyByte
	highBits  = 0x80 * everyByte
)

// marks finds the bytes of a block that a reader of rows must look at: commas,
// quotes, control characters (line ends among them) and bytes beyond ASCII. It
// appends their places in buf[from:to] to found, ascending.
//
// It has no branch on what the bytes are but one for each 64 of them. The buffer
// must be readable for 64 bytes beyond to.
func marks(found []uint32, buf []byte, from, to int) []uint32 {
	var masks [64]uint64 // of some rows, near when they are looked at
	for from < to {
		n := min((to-from+63)/64, len(masks))
		masksOf(masks[:n], buf[from:from+64*n])
		for _, mask := range masks[:n] {
			if left := to - from; left < 64 {
				mask &= 1<<left - 1
			}
			found = appendPlaces(found, mask, uint32(from))
			from += 64
		}
	}
	return found
}

// masksInWords sets, for each 64 bytes, the bits of those that marks looks for.
// It looks at 8 bytes at a time as one number and has no branch on what they are.
func masksInWords(masks []uint64, buf []byte) {
	for i := range masks {
		window := buf[64*i : 64*i+64 : 64*i+64]
		var mask uint64
		for at := 0; at < 64; at += 8 {
			mask |= gather(interesting(binary.LittleEndian.Uint64(window[at:]))) << at
		}
		masks[i] = mask
	}
}

// interesting sets the highest bit of each byte of v that is a comma, a quote,
// below a space or beyond ASCII, and no other bit. No carry crosses from one
// byte to the next.
func interesting(v uint64) uint64 {
	low := v & lowBits
	notComma := (low ^ ','*everyByte) + lowBits
	notQuote := (low ^ '"'*everyByte) + lowBits
	notControl := (low | highBits) - ' '*everyByte
	return (^(notComma & notQuote & notControl) | v) & highBits
}

// gather collects the highest bits of 8 bytes into the 8 lowest bits.
func gather(high uint64) uint64 {
	return (high >> 7) * 0x0102040810204080 >> 56
}

// appendPlaces appends base plus the number of each set bit.
func appendPlaces(found []uint32, mask uint64, base uint32) []uint32 {
	n := len(found)
	if cap(found)-n < 64 {
		grown := make([]uint32, n, 2*cap(found)+1024)
		copy(grown, found)
		found = grown
	}
	room := found[n : n+64]
	i := 0
	for ; mask != 0; mask &= mask - 1 {
		room[i&63] = base + uint32(bits.TrailingZeros64(mask))
		i++
	}
	return found[:n+i]
}
