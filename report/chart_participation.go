package report

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"tenderbook/calendar"
)

const (
	panelHeight = 56
	panelGap    = 40 // for the panel's words
	maxTicks    = 9
)

// A course is what came in of one series over time.
type course struct {
	seriesView
	points []Point // by hour, ascending
	live   int64   // tendered less withdrawn in the end, minor units
	gone   int64   // withdrawn
	most   int64   // the highest that live or withdrawn reached
}

// courses parts the points by series, in the order of the ladder.
func (v *view) courses() []course {
	var all []course
	for _, i := range v.ladder() {
		c := course{seriesView: v.series[i]}
		for _, p := range v.Participation {
			if p.Series == c.ID {
				c.points = append(c.points, p)
			}
		}
		slices.SortStableFunc(c.points, func(a, b Point) int { return a.Hour.Compare(b.Hour) })
		for _, p := range c.points {
			c.live += p.Tendered - p.Withdrawn
			c.gone += p.Withdrawn
			c.most = max(c.most, c.live, c.gone)
		}
		all = append(all, c)
	}
	return all
}

// ParticipationChart draws, for each series, what is tendered and not withdrawn
// over time, and what was withdrawn, with the early tender date. It needs
// points.
func ParticipationChart(in Input) (*Chart, error) {
	v, err := look(in)
	if err != nil {
		return nil, err
	}
	if len(in.Participation) == 0 {
		return nil, fmt.Errorf("participation chart has no points")
	}
	return v.participationChart(), nil
}

func (v *view) participationChart() *Chart {
	c := newChart("participation-chart", "Tendered and withdrawn over time", chartWidth)
	x := v.timeScale()
	y := 26
	deadlines := []namedDeadline{
		{v.Terms.Dates.EarlyTender, "early tender date"}, {v.Terms.Dates.Expiration, "expiration"},
	}
	for _, d := range deadlines {
		c.deadlineName(x, d)
	}
	var said []string
	for _, course := range v.courses() {
		c.panel(course, x, y+panelGap-14)
		for _, d := range deadlines {
			c.deadline(x, d.Deadline, y+panelGap-16)
		}
		figures := principalText(course.live, v.notes(course.Currency)) + " live, " + principalText(course.gone, v.notes(course.Currency)) + " withdrawn"
		c.text(chartLeft, y+panelGap-22, "", shorten(course.Title, 66))
		c.text(chartRight, y+panelGap-22, "e q", figures)
		said = append(said, course.Title+": "+figures)
		y += panelGap + panelHeight
	}
	y -= 12
	y = c.days(x, v, y) + 26
	c.legend(y, legendEntry{words: "tendered and not withdrawn", line: "line"},
		legendEntry{words: "withdrawn so far", line: "gone"}, legendEntry{words: "deadline", line: "limit"})
	c.height = y + 10
	c.Desc = "As of " + v.asOfStamp() + ". " + strings.Join(said, "; ") + ". Each panel has its own scale."
	return c
}

// A timeScale places instants along the width.
type timeScale struct {
	from, to time.Time
}

func (v *view) timeScale() timeScale {
	s := timeScale{v.Participation[0].Hour, v.AsOf}
	for _, p := range v.Participation {
		if p.Hour.Before(s.from) {
			s.from = p.Hour
		}
		if end := p.Hour.Add(time.Hour); end.After(s.to) {
			s.to = end
		}
	}
	if early := v.Terms.Dates.EarlyTender; !early.IsZero() && early.At.After(s.to) {
		s.to = early.At
	}
	s.to = s.to.Add(s.to.Sub(s.from) / 25) // room beside a deadline at the end
	return s
}

func (s timeScale) at(t time.Time) int {
	span := int64(s.to.Sub(s.from) / time.Second)
	if span <= 0 {
		return chartLeft
	}
	return chartLeft + int(int64(t.Sub(s.from)/time.Second)*int64(chartRight-chartLeft)/span)
}

func (s timeScale) holds(t time.Time) bool { return !t.Before(s.from) && !t.After(s.to) }

// panel draws one series. An hour's tenders show at its end.
func (c *Chart) panel(of course, x timeScale, top int) {
	base := top + panelHeight
	c.line("axis", chartLeft, base, chartRight, base)
	if of.most <= 0 {
		return
	}
	y := func(v int64) int {
		h := new(big.Int).Mul(big.NewInt(v), big.NewInt(panelHeight))
		return base - int(h.Quo(h, big.NewInt(of.most)).Int64())
	}
	var live, gone int64
	var liveSteps, goneSteps []step
	for _, p := range of.points {
		live += p.Tendered - p.Withdrawn
		gone += p.Withdrawn
		at := x.at(p.Hour.Add(time.Hour))
		liveSteps = append(liveSteps, step{at, y(live)})
		goneSteps = append(goneSteps, step{at, y(gone)})
	}
	outline := stairs(liveSteps, base)
	c.path("area", outline+fmt.Sprintf("V%dH%dZ", base, chartLeft))
	c.path("line", outline)
	if of.gone > 0 {
		c.path("gone", stairs(goneSteps, base))
	}
}

type step struct{ x, y int }

// stairs is a path that keeps its height until the next step, to the right end.
func stairs(steps []step, base int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", chartLeft, base)
	y := base
	for i, s := range steps {
		if i+1 < len(steps) && steps[i+1].x == s.x || s.y == y {
			continue // the last of a pixel stands for all of it
		}
		fmt.Fprintf(&b, "H%dV%d", s.x, s.y)
		y = s.y
	}
	fmt.Fprintf(&b, "H%d", chartRight)
	return b.String()
}

type namedDeadline struct {
	calendar.Deadline
	name string
}

// deadline draws a deadline over a panel where it falls into the time shown.
func (c *Chart) deadline(x timeScale, d calendar.Deadline, top int) {
	if !d.IsZero() && x.holds(d.At) {
		c.line("limit", x.at(d.At), top, x.at(d.At), top+panelHeight+6)
	}
}

// deadlineName writes what a deadline is above all panels.
func (c *Chart) deadlineName(x timeScale, d namedDeadline) {
	if d.IsZero() || !x.holds(d.At) {
		return
	}
	at := x.at(d.At)
	when := d.At.Format("2 Jan 15:04")
	if endsDay(d.Deadline) {
		day := d.Date()
		when = fmt.Sprintf("%d %s 24:00", day.Day, day.Month.String()[:3])
	}
	class := "b m"
	switch {
	case at > chartRight-90:
		class = "b e"
	case at < 90:
		class = "b"
	}
	c.text(at, 14, class, d.name+", "+when)
}

// days marks days under the panels, as many as fit.
func (c *Chart) days(x timeScale, v *view, y int) int {
	zone := v.Terms.Zone
	if zone == nil {
		zone = time.UTC
	}
	first := calendar.DateOf(x.from.In(zone))
	last := calendar.DateOf(x.to.In(zone))
	every := max(1, (last.DaysSince(first)+maxTicks-1)/maxTicks)
	for d := first; !d.After(last); d = d.AddDays(every) {
		start := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
		if start.Before(x.from) {
			start = x.from
		}
		at := x.at(start)
		c.line("axis", at, y, at, y+5)
		if at < chartRight-40 {
			c.text(at, y+18, "q", fmt.Sprintf("%d %s", d.Day, d.Month.String()[:3]))
		}
	}
	return y + 18
}
