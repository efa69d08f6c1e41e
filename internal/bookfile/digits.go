package bookfile

import (
	"encoding/binary"
	"math/bits"
	"strconv"
)

// units are the minor units of one unit, by the decimals of a currency.
var units = [...]uint64{1, 10, 100, 1_000, 10_000}

// appendMinor writes minor units with all decimals of the currency.
func appendMinor(out []byte, minor int64, digits int) []byte {
	if minor < 0 {
		out, minor = append(out, '-'), -minor
	}
	whole, rest := parts(uint64(minor), digits)
	out = appendDigits(out, whole)
	switch digits {
	case 0:
		return out
	case 2:
		return append(out, '.', byte('0'+rest/10), byte('0'+rest%10))
	}
	out = append(out, '.')
	for d := digits - 1; d >= 0; d-- {
		out = append(out, byte('0'+rest/units[d]%10))
	}
	return out
}

// appendPrincipal writes whole principal without decimals.
func appendPrincipal(out []byte, minor int64, digits int) []byte {
	if minor >= 0 {
		if whole, rest := parts(uint64(minor), digits); rest == 0 {
			return appendDigits(out, whole)
		}
	}
	return appendMinor(out, minor, digits)
}

// parts takes minor units apart. Nearly all currencies have two decimals, and a
// division by a number that the compiler knows costs a tenth of another.
func parts(minor uint64, digits int) (whole, rest uint64) {
	if digits == 2 {
		return minor / 100, minor % 100
	}
	return minor / units[digits], minor % units[digits]
}

// tenTo8 is one more than the largest number of 8 digits.
const tenTo8 = 100_000_000

// appendDigits is strconv.AppendUint without the choice of a base and, for
// numbers of up to 8 digits, without a branch on how many they are: writing
// numbers is most of what a row's text costs, and their lengths are hard to
// foresee.
func appendDigits(out []byte, v uint64) []byte {
	at := len(out)
	if cap(out)-at < 24 {
		return strconv.AppendUint(out, v, 10)
	}
	if v >= tenTo8 {
		out = appendDigits(out, v/tenTo8)
		at = len(out)
		binary.LittleEndian.PutUint64(out[at:at+8], eightDigits(uint32(v%tenTo8))|'0'*everyByte)
		return out[:at+8]
	}
	text := eightDigits(uint32(v))
	zeros := bits.TrailingZeros64(text|1<<56) / 8 // in front; the last digit stays
	binary.LittleEndian.PutUint64(out[at:at+8], (text|'0'*everyByte)>>(8*zeros))
	return out[:at+8-zeros]
}

// eightDigits gives the digits of a number below 10^8, a byte each, the first
// one lowest. It halves the number into fours, twos and ones, all parts of one
// size at once: each division is a multiplication by an inverse that is exact
// for so few digits.
func eightDigits(v uint32) uint64 {
	fours := uint64(v/10_000) | uint64(v%10_000)<<32
	hundreds := fours * 5243 >> 19 & 0x7f_0000_007f // ÷ 100
	twos := hundreds | (fours-hundreds*100)<<16
	tens := twos * 103 >> 10 & 0x0f_000f_000f_000f // ÷ 10
	return tens | (twos-tens*10)<<8
}
