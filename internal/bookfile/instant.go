package bookfile

import (
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"tenderbook/calendar"
)

// Receipt times lie in these years; each instant in them fits an int64 of
// nanoseconds since 1970.
const (
	firstYear = 1900
	lastYear  = 2199
)

const nanos = int64(time.Second)

// An instants reads receipt times and remembers what the last ones needed. It
// is for one goroutine.
type instants struct {
	zone *time.Location
	day  uint64 // the first 8 bytes of the date read last ...
	rest uint16 // ... and its other 2
	days int64  // that date, in days since 1970
	// The offset that holds on a whole local day, so that no local time of it
	// is skipped or repeated; by day modulo the length.
	local [64]struct {
		day    int64
		offset int64 // seconds east
		known  bool
	}
}

// ParseReceived reads a receipt time as a book has it in its received_at
// column. The error says what is wrong with it and what was needed.
func ParseReceived(text string, zone *time.Location) (time.Time, error) {
	p := instants{zone: zone}
	at, ok := p.parse([]byte(text))
	if !ok {
		return time.Time{}, errors.New(whyNotInstant(text, zone))
	}
	return time.Unix(0, at).In(zone), nil
}

// parse reads a receipt time as nanoseconds since 1970: RFC 3339 with an
// offset, a space in place of the T allowed as databases write it, or a local
// time of the offer's zone that a clock there shows once.
func (p *instants) parse(b []byte) (int64, bool) {
	if len(b) < len("2004-11-12 16:59") {
		return 0, false
	}
	days, ok := p.date(b)
	if !ok || b[10] != 'T' && b[10] != ' ' || b[13] != ':' {
		return 0, false
	}
	var bad uint32
	hour, minute, second := pair(b[11:], &bad), pair(b[14:], &bad), int64(0)
	rest := b[16:]
	withSeconds := len(rest) > 2 && rest[0] == ':'
	if withSeconds {
		second = pair(rest[1:], &bad)
		rest = rest[3:]
	}
	if bad != 0 || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	wall := days*86400 + hour*3600 + minute*60 + second
	if !withSeconds { // 00:00 without seconds could be either end of the day
		if len(rest) > 0 || hour|minute == 0 {
			return 0, false
		}
		return p.fromLocal(days, wall)
	}
	fraction, rest, ok := fraction(rest)
	if !ok {
		return 0, false
	}
	if len(rest) == 0 {
		at, ok := p.fromLocal(days, wall)
		return at + fraction, ok
	}
	offset, ok := zoneOffset(rest)
	return (wall-offset)*nanos + fraction, ok
}

// date reads 2004-11-12 as days since 1970.
func (p *instants) date(b []byte) (int64, bool) {
	day, rest := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint16(b[8:])
	if day == p.day && rest == p.rest {
		return p.days, true
	}
	var bad uint32
	year := pair(b, &bad)*100 + pair(b[2:], &bad)
	month, dom := pair(b[5:], &bad), pair(b[8:], &bad)
	if bad != 0 || b[4] != '-' || b[7] != '-' || year < firstYear || year > lastYear ||
		month < 1 || month > 12 || dom < 1 || dom > daysIn(year, month) {
		return 0, false
	}
	p.day, p.rest, p.days = day, rest, daysSince1970(year, month, dom)
	return p.days, true
}

// pair reads two digits and sets bad if they are not.
func pair(b []byte, bad *uint32) int64 {
	tens, ones := uint32(b[0])-'0', uint32(b[1])-'0'
	if tens > 9 || ones > 9 {
		*bad = 1
	}
	return int64(tens*10 + ones)
}

func leap(year int64) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func daysIn(year, month int64) int64 {
	if month == 2 && leap(year) {
		return 29
	}
	return int64([...]byte{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month])
}

// daysSince1970 counts a date of the Gregorian calendar, with years that begin
// in March so that the leap day is the last.
func daysSince1970(year, month, dom int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	const before1970 = 719468 // days from 0000-03-01 to 1970-01-01
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + dom - 1 - before1970
}

// fraction reads ".123" as nanoseconds, if there is one.
func fraction(b []byte) (int64, []byte, bool) {
	if len(b) == 0 || b[0] != '.' {
		return 0, b, true
	}
	b = b[1:]
	value, n := int64(0), 0
	for n < len(b) && n < 9 && b[n]-'0' <= 9 {
		value = value*10 + int64(b[n]-'0')
		n++
	}
	for i := n; i < 9; i++ {
		value *= 10
	}
	return value, b[n:], n > 0
}

// zoneOffset reads Z or -05:00 as seconds east.
func zoneOffset(b []byte) (int64, bool) {
	if len(b) == 1 && b[0] == 'Z' {
		return 0, true
	}
	if len(b) != 6 || b[0] != '+' && b[0] != '-' || b[3] != ':' {
		return 0, false
	}
	var bad uint32
	hour, minute := pair(b[1:], &bad), pair(b[4:], &bad)
	if bad != 0 || hour > 23 || minute > 59 {
		return 0, false
	}
	offset := hour*3600 + minute*60
	if b[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// fromLocal finds the one instant at which a clock in the zone shows a time of
// day; wall is that time in seconds as if it were UTC.
func (p *instants) fromLocal(day, wall int64) (int64, bool) {
	known := &p.local[uint64(day)%uint64(len(p.local))]
	if !known.known || known.day != day {
		if !p.steadyDay(day) {
			return p.onlyOne(wall)
		}
		known.day, known.offset, known.known = day, p.offsetAt(day*86400), true
	}
	return (wall - known.offset) * nanos, true
}

func (p *instants) offsetAt(utc int64) int64 {
	_, offset := time.Unix(utc, 0).In(p.zone).Zone()
	return int64(offset)
}

// steadyDay reports whether clocks in the zone do not change from a day before
// to a day after the end of a local day.
func (p *instants) steadyDay(day int64) bool {
	from := day*86400 - 26*3600
	for h := int64(0); h <= 76; h++ { // hourly: no zone has changed twice within one
		if p.offsetAt(from+h*3600) != p.offsetAt(from) {
			return false
		}
	}
	return true
}

// onlyOne is for days on which clocks change: it tries each offset in force
// around the time.
func (p *instants) onlyOne(wall int64) (int64, bool) {
	found, at := 0, int64(0)
	before, after := p.offsetAt(wall-26*3600), p.offsetAt(wall+26*3600)
	tries := []int64{before, after}
	if before == after {
		tries = tries[:1]
	}
	for _, offset := range tries {
		if p.offsetAt(wall-offset) == offset {
			found, at = found+1, wall-offset
		}
	}
	return at * nanos, found == 1
}

// whyNotInstant says what is wrong with a time that parse refuses.
func whyNotInstant(s string, zone *time.Location) string {
	const needed = "needs a time such as 2004-11-12T16:59:00-05:00"
	switch {
	case s == "":
		return "is empty: " + needed
	case strings.Count(s, "/") == 2 || strings.Count(strings.SplitN(s, " ", 2)[0], ".") == 2:
		return "can be read with day and month either way: " + needed
	case strings.HasSuffix(s, " 00:00") || strings.HasSuffix(s, "T00:00"):
		return "does not say which end of the day is meant: write the seconds for its start, 00:00:00"
	}
	local := strings.Replace(s, "T", " ", 1)
	_, err := calendar.ParseLocal(local, zone)
	if err == nil {
		return "is not a time: " + needed
	}
	for _, why := range []string{"does not exist", "comes twice"} { // clocks that change
		if _, rest, ok := strings.Cut(err.Error(), why); ok {
			return why + rest + ": write the offset, as in 2004-11-12T16:59:00-05:00"
		}
	}
	return "is not a time: " + needed
}
