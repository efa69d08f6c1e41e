package bookfile

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestInstants(t *testing.T) {
	for _, c := range []struct {
		claim, text, want string // want in UTC; "" if it is refused
	}{
		{"RFC 3339 with an offset", "2004-11-12T16:59:59-05:00", "2004-11-12T21:59:59Z"},
		{"in UTC", "2004-11-12T21:59:59Z", "2004-11-12T21:59:59Z"},
		{"with a fraction", "2004-11-12T21:59:59.123456789Z", "2004-11-12T21:59:59.123456789Z"},
		{"with a short fraction", "2004-11-12T21:59:59.5Z", "2004-11-12T21:59:59.5Z"},
		{"a space for the T, as databases write it", "2004-11-12 16:59:59.25-05:00", "2004-11-12T21:59:59.25Z"},
		{"an offset of half an hour", "2004-11-12T12:00:00+05:30", "2004-11-12T06:30:00Z"},
		{"a leap day", "2004-02-29T12:00:00Z", "2004-02-29T12:00:00Z"},
		{"no leap day in 1900", "1900-02-29T12:00:00Z", ""},
		{"a leap day in 2000", "2000-02-29T12:00:00Z", "2000-02-29T12:00:00Z"},
		{"local time in winter: New York is UTC-5", "2004-11-12 16:59", "2004-11-12T21:59:00Z"},
		{"local time in summer: UTC-4", "2004-10-29 09:00:30", "2004-10-29T13:00:30Z"},
		{"local time with a fraction", "2004-11-12 16:59:59.999", "2004-11-12T21:59:59.999Z"},
		{"local time with a T", "2004-10-29T09:00:30", "2004-10-29T13:00:30Z"},
		{"the day that clocks go back, before they do", "2004-10-31 00:59", "2004-10-31T04:59:00Z"},
		{"an hour that comes twice", "2004-10-31 01:30", ""},
		{"after they did", "2004-10-31 02:00", "2004-10-31T07:00:00Z"},
		{"an hour that clocks skip", "2005-04-03 02:30", ""},
		{"the hour after", "2005-04-03 03:00", "2005-04-03T07:00:00Z"},
		{"midnight to the second", "2004-11-12 00:00:00", "2004-11-12T05:00:00Z"},
		{"midnight to the minute does not say which", "2004-11-12 00:00", ""},
		{"24:00 is no time of receipt", "2004-11-12 24:00", ""},
		{"a leap second", "2005-12-31T23:59:60Z", ""},
		{"an offset without colon", "2004-11-12T16:59:59-0500", ""},
		{"ten digits of fraction", "2004-11-12T21:59:59.1234567891Z", ""},
		{"a point without fraction", "2004-11-12T21:59:59.Z", ""},
		{"no such month", "2004-13-01T00:00:00Z", ""},
		{"beyond 64 bits of nanoseconds", "2200-01-01T00:00:00Z", ""},
	} {
		p := instants{zone: newYork}
		for range 2 { // the second time from what it remembers
			at, ok := p.parse([]byte(c.text))
			got := ""
			if ok {
				got = time.Unix(0, at).UTC().Format(time.RFC3339Nano)
			}
			if got != c.want {
				t.Errorf("%s: %q is %q, want %q", c.claim, c.text, got, c.want)
			}
			if !ok && whyNotInstant(c.text, newYork) == "" {
				t.Errorf("%s: %q is refused without saying why", c.claim, c.text)
			}
		}
	}
}

func TestInstantsAgreeWithTime(t *testing.T) {
	p := instants{zone: newYork}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-2208988800, 7258118399).Draw(t, "seconds"), rapid.Int64Range(0, 999999999).Draw(t, "ns"))
		offset := rapid.IntRange(-23*60, 23*60).Draw(t, "offset minutes") * 60
		text := at.In(time.FixedZone("", offset)).Format(time.RFC3339Nano)
		if year := at.In(time.FixedZone("", offset)).Year(); year < firstYear || year > lastYear {
			return
		}
		got, ok := p.parse([]byte(text))
		if !ok || got != at.UnixNano() {
			t.Fatalf("%s is %d, %v; want %d", text, got, ok, at.UnixNano())
		}
		local := at.Truncate(time.Second).In(newYork)
		text = local.Format(time.DateTime)
		got, ok = p.parse([]byte(text))
		if ok && time.Unix(0, got).In(newYork).Format(time.DateTime) != text {
			t.Fatalf("local time %s is read as %s", text, time.Unix(0, got).In(newYork))
		}
		if _, off := local.Zone(); local.Year() > firstYear && local.Year() < lastYear && !ok && off == offsetAnHourAway(local, -3) && off == offsetAnHourAway(local, 3) {
			t.Fatalf("local time %s is refused, far from any change of clocks", text)
		}
	})
}

func offsetAnHourAway(t time.Time, hours int) int {
	_, off := t.Add(time.Duration(hours) * time.Hour).Zone()
	return off
}
