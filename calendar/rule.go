package calendar

import "time"

// A rule is one yearly holiday, as data: when it falls, where it goes when that
// is a weekend, and the years it holds for.
type rule struct {
	name        string
	on          day
	moves       move
	from, until int   // years; 0 leaves that side open
	except      []int // years in which a closing of its own stands instead
}

// A closing is a holiday of one date only.
type closing struct {
	date string // 2012-10-30
	name string
}

// A day says when a holiday falls: a date of the year (month and dayOfMonth),
// a weekday of a month (nth; -1 is the last), or days from Easter Sunday.
type day struct {
	month      time.Month // 0: counted from Easter
	dayOfMonth int
	weekday    time.Weekday
	nth        int // 0: a date of the year
	easter     int
}

func fixed(m time.Month, d int) day               { return day{month: m, dayOfMonth: d} }
func nth(n int, w time.Weekday, m time.Month) day { return day{month: m, weekday: w, nth: n} }
func last(w time.Weekday, m time.Month) day       { return day{month: m, weekday: w, nth: -1} }
func fromEaster(days int) day                     { return day{easter: days} }

// A move says where a holiday goes that falls on a weekend.
type move uint8

const (
	stays       move = iota
	sundayOnly       // Sunday to Monday; a Saturday is not made up for
	nearest          // Saturday to Friday, Sunday to Monday
	nextWeekday      // to the next weekday that is not a holiday already
)

// in is the date of a holiday in a year, before it is moved.
func (d day) in(year int) Date {
	switch {
	case d.month == 0:
		return easterSunday(year).AddDays(d.easter)
	case d.nth == 0:
		return Date{year, d.month, d.dayOfMonth}
	case d.nth < 0:
		end := NewDate(year, d.month+1, 0)
		return end.AddDays(-int(7+end.Weekday()-d.weekday) % 7)
	default:
		first := Date{year, d.month, 1}
		return first.AddDays(int(7+d.weekday-first.Weekday())%7 + 7*(d.nth-1))
	}
}

// holds reports whether a rule gives a holiday in a year.
func (r rule) holds(year int) bool {
	for _, y := range r.except {
		if y == year {
			return false
		}
	}
	return (r.from == 0 || year >= r.from) && (r.until == 0 || year <= r.until)
}

// observed makes the table of all holidays in the years of a calendar, moved
// ones on the day they are observed. Rules are looked at for a year more on
// either side, because a New Year's Day on a Saturday may be observed in
// December. Those that move to the next free weekday come last, in the order
// of the rules, so that Christmas Day makes room before Boxing Day does.
func (c *Calendar) observed() map[Date]string {
	days := map[Date]string{}
	for _, x := range c.closings {
		d, err := ParseDate(x.date)
		if err != nil {
			panic("calendar: " + c.name + ": " + err.Error())
		}
		days[d] = x.name
	}
	for year := c.first - 1; year <= c.last+1; year++ {
		var waiting []rule
		for _, r := range c.rules {
			if !r.holds(year) {
				continue
			}
			d := r.on.in(year)
			if r.moves == nextWeekday && weekend(d) {
				waiting = append(waiting, r)
				continue
			}
			days[r.moves.from(d)] = r.name
		}
		for _, r := range waiting {
			d := r.on.in(year)
			for weekend(d) || days[d] != "" {
				d = d.AddDays(1)
			}
			days[d] = r.name
		}
	}
	return days
}

// from is where a holiday on d is observed.
func (m move) from(d Date) Date {
	switch {
	case d.Weekday() == time.Sunday && (m == sundayOnly || m == nearest):
		return d.AddDays(1)
	case d.Weekday() == time.Saturday && m == nearest:
		return d.AddDays(-1)
	}
	return d
}

// easterSunday is the Gregorian Easter, by the method of J.-M. Oudin (1940) in
// whole numbers. The names are those of the usual presentation: g the golden
// number less one, h the days from 21 March to the full moon, before and after
// the two corrections.
func easterSunday(year int) Date {
	g := year % 19
	century := year / 100
	h := (century - century/4 - (8*century+13)/25 + 19*g + 15) % 30
	h -= h / 28 * (1 - h/28*(29/(h+1))*((21-g)/11))
	weekdayOfMoon := (year + year/4 + h + 2 - century + century/4) % 7
	fromMarch28 := h - weekdayOfMoon // days from 28 March to Easter Sunday, -6 to 28
	return NewDate(year, time.March, 28+fromMarch28)
}
