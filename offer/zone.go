package offer

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

var zoneForm = regexp.MustCompile(`^[A-Za-z_]+(/[A-Za-z0-9_+-]+)+$`)

// zonesMeant are the names that people write for a zone. Abbreviations are
// refused even where the tz database has them: EST there is five hours behind
// Greenwich all year.
var zonesMeant = map[string]string{
	"est": "America/New_York", "edt": "America/New_York", "et": "America/New_York", "est5edt": "America/New_York",
	"eastern time": "America/New_York", "new york": "America/New_York", "new york city": "America/New_York", "new york city time": "America/New_York", "nyc": "America/New_York", "us/eastern": "America/New_York",
	"cst": "America/Chicago", "cdt": "America/Chicago", "ct": "America/Chicago", "mst": "America/Denver", "mdt": "America/Denver", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles",
	"gmt": "Europe/London", "bst": "Europe/London", "london": "Europe/London", "london time": "Europe/London", "uk": "Europe/London",
	"cet": "Europe/Paris", "cest": "Europe/Paris", "paris": "Europe/Paris", "frankfurt": "Europe/Berlin", "met": "Europe/Berlin", "luxembourg": "Europe/Luxembourg", "zurich": "Europe/Zurich",
	"jst": "Asia/Tokyo", "tokyo": "Asia/Tokyo", "hkt": "Asia/Hong_Kong", "hong kong": "Asia/Hong_Kong", "sgt": "Asia/Singapore", "singapore": "Asia/Singapore", "sydney": "Australia/Sydney", "toronto": "America/Toronto",
	"z": "UTC", "utc+0": "UTC",
}

// commonZones are the zones that a misspelt name is compared with.
var commonZones = []string{
	"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto", "America/Sao_Paulo", "America/Mexico_City", "America/Bogota", "America/Santiago",
	"Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Luxembourg", "Europe/Brussels", "Europe/Amsterdam", "Europe/Madrid", "Europe/Rome", "Europe/Vienna", "Europe/Zurich", "Europe/Dublin", "Europe/Lisbon",
	"Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen", "Europe/Helsinki", "Europe/Warsaw", "Europe/Athens", "Europe/Istanbul", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata",
	"Asia/Tokyo", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Seoul", "Asia/Shanghai", "Australia/Sydney", "Pacific/Auckland", "UTC",
}

// zone is the zone of the offer. It sets the zone of the deadlines.
func zone[T any](to func(*T) *Terms) value[T] {
	name := scalarOf(shape{kind: "zone"}, func(t *T) *string { return &to(t).ZoneName },
		func(r *reader, n *node) (string, error) { return n.text, nil },
		func(_ *T, s string) []line { return showText(s) })
	read := name.read
	name.read = func(r *reader, n *node, t *T) {
		read(r, n, t)
		if n.kind != scalar {
			return
		}
		z, err := loadZone(n.text)
		if err != nil {
			r.reportError(n, err)
			return
		}
		to(t).Zone, r.zone = z, z
	}
	return name
}

// loadZone finds a zone of the tz database by its full name.
func loadZone(name string) (*time.Location, error) {
	if name == "UTC" {
		return time.UTC, nil
	}
	meant := zonesMeant[strings.ToLower(name)]
	if zoneForm.MatchString(name) && meant == "" && !strings.HasPrefix(name, "Etc/") {
		if z, err := time.LoadLocation(name); err == nil {
			return z, nil
		}
	}
	hint := didYouMean(name, commonZones)
	if meant != "" {
		hint = fmt.Sprintf("did you mean %q?", meant)
	}
	return nil, wrong{quote(name) + " is not a zone with a place in its name", "an IANA zone, such as America/New_York, which knows its changes of clocks", hint}
}
