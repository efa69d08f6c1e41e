package rulebook

import (
	"fmt"
	"strings"

	"tenderbook/calendar"
)

// doubtful are weekdays of which it is not settled whether they count as
// business days of Regulation 14E: closings of federal offices by executive
// order, which are no holidays of 5 U.S.C. 6103(a), and the first Juneteenth,
// for offers that had begun to count before it was one. General knowledge (K)
// but for 2021-06-18 and 2025-01-09. The calendar of the law takes the closings
// for business days and the first Juneteenth for a holiday; where a verdict
// depends on that, a person decides.
var doubtful = map[calendar.Date]string{
	day("1994-04-27"): mourning, day("2004-06-11"): mourning, day("2007-01-02"): mourning, day("2018-12-05"): mourning, day("2025-01-09"): mourning,
	day("2001-12-24"): closed, day("2003-12-26"): closed, day("2007-12-24"): closed, day("2008-12-26"): closed, day("2012-12-24"): closed,
	day("2014-12-26"): closed, day("2018-12-24"): closed, day("2019-12-24"): closed, day("2020-12-24"): closed, day("2024-12-24"): closed,
	day("2025-12-24"): closed, day("2025-12-26"): closed,
	day("2021-06-18"): "Juneteenth was made a federal holiday the day before",
}

const (
	mourning = "federal offices were closed for a day of mourning"
	closed   = "federal offices were closed by executive order"
)

// nthLawDay counts as [calendar.Calendar.NthBusinessDay] does by the calendar
// of the law, but for the doubtful days, which all count or none does. It
// lists those it met.
func nthLawDay(from calendar.Date, n int, doubtfulCount bool) (nth calendar.Date, met []calendar.Date, err error) {
	for d := from; ; d = d.AddDays(1) {
		business, err := calendar.USFederal.Business(d)
		if err != nil {
			return calendar.Date{}, nil, err
		}
		if doubtful[d] != "" {
			met = append(met, d)
			business = doubtfulCount
		}
		if business {
			n--
		}
		if n == 0 {
			return d, met, nil
		}
	}
}

// depends says which doubtful days a verdict depends on, and "" if it is the
// same whether they count or not.
func depends(end calendar.Deadline, from calendar.Date, n int) (string, error) {
	soonest, _, err := nthLawDay(from, n, true)
	if err != nil {
		return "", err
	}
	latest, met, err := nthLawDay(from, n, false)
	if err != nil || reaches(end, soonest) == reaches(end, latest) {
		return "", err
	}
	var days []string
	for _, d := range met {
		days = append(days, fmt.Sprintf("%s (%s)", d.Text(), doubtful[d]))
	}
	return strings.Join(days, ", "), nil
}
