package bookfile

// units are the minor units of one unit, by the decimals of a currency.
var units = [...]uint64{1, 10, 100, 1_000, 10_000}

// appendMinor writes minor units with all decimals of the currency.
func appendMinor(out []byte, minor int64, digits int) []byte {
	if minor < 0 {
		out, minor = append(out, '-'), -minor
	}
	whole, rest := parts(uint64(minor), digits)
	out = appendDigits(out, whole)
	if digits == 0 {
		return out
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

const pairs = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"

// appendDigits is strconv.AppendUint without the choice of a base: writing
// numbers is half of what a row's text costs.
func appendDigits(out []byte, v uint64) []byte {
	var text [20]byte
	at := len(text)
	for v >= 100 {
		pair := v % 100 * 2
		v /= 100
		at -= 2
		text[at], text[at+1] = pairs[pair], pairs[pair+1]
	}
	if v >= 10 {
		at -= 2
		text[at], text[at+1] = pairs[2*v], pairs[2*v+1]
	} else {
		at--
		text[at] = byte('0' + v)
	}
	return append(out, text[at:]...)
}
