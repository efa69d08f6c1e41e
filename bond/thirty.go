package bond

import (
	"time"

	"tenderbook/calendar"
)

// A dayPair holds the day numbers of a start and an end after a 30/360
// convention has moved those at month ends.
type dayPair struct{ start, end int }

// thirtyDays counts with twelve months of thirty days.
func thirtyDays(start, end calendar.Date, d dayPair) int {
	return 360*(end.Year-start.Year) + 30*int(end.Month-start.Month) + d.end - d.start
}

// dayNumbers applies what sets the 30/360 conventions apart: which month ends
// count as the thirtieth.
func (c DayCount) dayNumbers(start, end calendar.Date, ref Reference) dayPair {
	d := dayPair{start.Day, end.Day}
	switch c {
	case ThirtyE360:
		return dayPair{min(d.start, 30), min(d.end, 30)}
	case ThirtyE360ISDA:
		if start.IsMonthEnd() {
			d.start = 30
		}
		if end.IsMonthEnd() && (end.Month != time.February || end != ref.Termination) {
			d.end = 30
		}
		return d
	case Thirty360PSA:
		if isFebruaryEnd(start) {
			d.start = 30
		}
	case Thirty360US, ThirtyU360:
		if isFebruaryEnd(start) && (c == Thirty360US || ref.EndOfMonth) {
			d.start = 30
			if isFebruaryEnd(end) {
				d.end = 30
			}
		}
	}
	d.start = min(d.start, 30)
	if d.start == 30 {
		d.end = min(d.end, 30)
	}
	return d
}

func isFebruaryEnd(d calendar.Date) bool { return d.Month == time.February && d.IsMonthEnd() }
