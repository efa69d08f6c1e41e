package bond

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"tenderbook/calendar"
)

// A DayCount says how many days and what part of a year lie between two dates.
// The zero value is [Thirty360], the convention of US corporate notes.
type DayCount uint8

// The day counts. The comment of each gives its name in an offer file and the
// definition it follows.
const (
	Thirty360      DayCount = iota // 30/360: ISDA 2006 4.16(f), bond basis
	Thirty360US                    // 30/360-us: as 30u/360 on a schedule that keeps to month ends
	ThirtyE360                     // 30e/360: ISDA 2006 4.16(g), Eurobond basis
	ThirtyE360ISDA                 // 30e/360-isda: ISDA 2006 4.16(h), looks at the termination date
	ThirtyU360                     // 30u/360: the end of February is a 30th, only on a schedule that keeps to month ends
	Thirty360PSA                   // 30/360-psa: the end of February is a 30th where it is the start
	Act360                         // act/360: ISDA 2006 4.16(e)
	Act365F                        // act/365f: ISDA 2006 4.16(d)
	ActActICMA                     // act/act-icma: ICMA rule 251, looks at the coupon period
	ActActISDA                     // act/act-isda: ISDA 2006 4.16(b)
	ActActAFB                      // act/act-afb: Association Française des Banques, 1994
	NL365                          // nl/365: actual days without any 29 February
	Act365Canadian                 // act/365-canadian: IIAC, act/365 from the nearer end of the half year
	dayCounts                      // how many there are
)

var dayCountNames = [dayCounts]string{
	"30/360", "30/360-us", "30e/360", "30e/360-isda", "30u/360", "30/360-psa", "act/360", "act/365f",
	"act/act-icma", "act/act-isda", "act/act-afb", "nl/365", "act/365-canadian",
}

// Names lists the day counts as offer files write them, the usual one first.
func Names() []string { return slices.Clone(dayCountNames[:]) }

// ParseDayCount finds a day count by its name in an offer file. Names are in
// lower case; the error lists them all.
func ParseDayCount(name string) (DayCount, error) {
	i := slices.Index(dayCountNames[:], name)
	if i < 0 {
		return 0, fmt.Errorf("day count %q is not known, needs one of %s", name, strings.Join(dayCountNames[:], ", "))
	}
	return DayCount(i), nil
}

// String gives the name that an offer file uses.
func (c DayCount) String() string {
	if c >= dayCounts {
		return fmt.Sprintf("DayCount(%d)", uint8(c))
	}
	return dayCountNames[c]
}

// thirty reports whether every month counts as thirty days.
func (c DayCount) thirty() bool { return c <= Thirty360PSA }

// A Reference is what some day counts look at besides the two dates. Each uses
// what it needs; the zero value does for all but act/act-icma and act/365-canadian.
type Reference struct {
	Start, End  calendar.Date // a regular coupon period, for act/act-icma and act/365-canadian
	EndOfMonth  bool          // the schedule keeps to month ends, for 30u/360; also how a coupon period is repeated
	Termination calendar.Date // last day of the notes, for 30e/360-isda
}

// Days counts the days from start to end as the convention does where it needs
// no [Reference]. It is negative if end is the earlier date.
func (c DayCount) Days(start, end calendar.Date) int { return c.DaysIn(start, end, Reference{}) }

// DaysIn is [DayCount.Days] with what the convention looks at besides the dates.
func (c DayCount) DaysIn(start, end calendar.Date, ref Reference) int {
	if c.thirty() {
		return thirtyDays(start, end, c.dayNumbers(start, end, ref))
	}
	days := end.DaysSince(start)
	if c == NL365 {
		days -= leapDays(start, end)
	}
	return days
}

// YearFraction gives the part of a year from start to end, exactly. The end
// must not be before the start. act/act-icma and act/365-canadian need the
// coupon period of the Reference, a whole number of months that divides a year.
func (c DayCount) YearFraction(start, end calendar.Date, ref Reference) (*big.Rat, error) {
	if end.Before(start) {
		return nil, fmt.Errorf("year fraction from %s to %s: the end is before the start", start, end)
	}
	switch c {
	case ActActICMA, Act365Canadian:
		grid, err := ref.grid()
		if err != nil {
			return nil, fmt.Errorf("day count %s: %w", c, err)
		}
		if c == ActActICMA {
			return icmaFraction(start, end, grid), nil
		}
		return canadianFraction(start, end, grid), nil
	case ActActISDA:
		return isdaFraction(start, end), nil
	case ActActAFB:
		return afbFraction(start, end), nil
	}
	return big.NewRat(int64(c.DaysIn(start, end, ref)), c.yearDays()), nil
}

// yearDays is the days of a year for the conventions that fix them.
func (c DayCount) yearDays() int64 {
	if c.thirty() || c == Act360 {
		return 360
	}
	return 365
}
