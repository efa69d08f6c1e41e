package calendar

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // zones come from the program, not from the machine it runs on
)

// A Side says whether the instant of a deadline is itself in time.
type Side uint8

// The two sides of a deadline.
const (
	By     Side = iota // at or earlier: "at or prior to 5:00 p.m."
	Before             // strictly earlier: "prior to 5:00 p.m."
)

// String gives the word of the offer file: "by" or "before".
func (s Side) String() string {
	if s == Before {
		return "before"
	}
	return "by"
}

// A Deadline is an instant with a side, as it was written in the zone of an
// offer. The zero value is no deadline.
type Deadline struct {
	At   time.Time // the instant, in the offer's zone
	Side Side
	text string // the local date and time as written: "2004-11-29 24:00"
}

// ParseDeadline reads "before 2004-11-12 17:00" or "by 2004-11-29 24:00" in a
// zone. 24:00 is the end of that day. It refuses "midnight" and "00:00", which
// do not say which end of the day is meant, local times that a change of clocks
// skips or repeats, and a deadline without a side.
func ParseDeadline(s string, zone *time.Location) (Deadline, error) {
	word, local, _ := strings.Cut(s, " ")
	side, ok := map[string]Side{"by": By, "before": Before}[word]
	if !ok {
		return Deadline{}, fmt.Errorf("%q has no side: write \"before ...\" (strictly earlier) or \"by ...\" (at or earlier)", s)
	}
	at, err := ParseLocal(local, zone)
	if err != nil {
		return Deadline{}, err
	}
	return Deadline{at, side, local}, nil
}

// ParseLocal reads a local time "2004-11-12 17:00", with seconds if wanted, in
// a zone, and refuses what [ParseDeadline] refuses.
func ParseLocal(s string, zone *time.Location) (time.Time, error) {
	day, clock, _ := strings.Cut(s, " ")
	if clock == "24:00" {
		d, err := ParseDate(day)
		if err != nil {
			return time.Time{}, err
		}
		return inZone(s, d.AddDays(1).utc(), zone)
	}
	if strings.Contains(strings.ToLower(s), "midnight") {
		return time.Time{}, bothEnds(s)
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05"} {
		wall, err := time.Parse(layout, s)
		if err != nil || len(s) != len(layout) {
			continue
		}
		if DateOf(wall).utc().Equal(wall) {
			return time.Time{}, bothEnds(s)
		}
		return inZone(s, wall, zone)
	}
	return time.Time{}, fmt.Errorf("%q is not a local time such as 2004-11-12 17:00", s)
}

func bothEnds(s string) error {
	return fmt.Errorf("%q does not say which end of the day is meant: write 24:00 for the end of that day, or 24:00 of the day before for its start", s)
}

// inZone finds the one instant at which a clock in the zone shows the wall
// time, given as if it were UTC. text is how it was written.
func inZone(text string, wall time.Time, zone *time.Location) (time.Time, error) {
	var found []time.Time
	// Offsets in force around the wall time: a day and the widest offset on
	// either side are enough, and no zone changes its clocks twice in so short
	// a time.
	offsets := map[int]bool{}
	for _, h := range []int{-26, 0, 26} {
		_, off := wall.Add(time.Duration(h) * time.Hour).In(zone).Zone()
		offsets[off] = true
	}
	for off := range offsets {
		t := wall.Add(-time.Duration(off) * time.Second).In(zone)
		if t.Format(time.DateTime) == wall.Format(time.DateTime) {
			found = append(found, t)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return time.Time{}, fmt.Errorf("%s does not exist in %s: clocks skip it", text, zone)
	}
	return time.Time{}, fmt.Errorf("%s comes twice in %s: clocks go back over it", text, zone)
}

// IsZero reports whether d is no deadline.
func (d Deadline) IsZero() bool { return d.At.IsZero() }

// Met reports whether something received at t is in time.
func (d Deadline) Met(t time.Time) bool {
	return t.Before(d.At) || d.Side == By && t.Equal(d.At)
}

// Date is the day that the deadline ends: for 24:00 the day that is ending, not
// the one that begins.
func (d Deadline) Date() Date {
	if strings.HasSuffix(d.text, " 24:00") {
		return DateOf(d.At.AddDate(0, 0, -1))
	}
	return DateOf(d.At)
}

// String gives the deadline as the offer file writes it.
func (d Deadline) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Side.String() + " " + d.text
}
