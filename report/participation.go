package report

import (
	"time"

	"tenderbook/calendar"
)

// Participation makes the table behind the chart: what is live at the end of
// each day on which something happened, and what was withdrawn by then. It needs
// points.
func Participation(in Input) (*Table, error) {
	v, err := look(in)
	if err != nil {
		return nil, err
	}
	t := &Table{Name: "participation", Title: "Tendered and not withdrawn at the end of each day", Columns: []Column{
		{Key: "day", Name: "Day (" + zoneWord(v.Terms.ZoneName) + ")", Kind: Word},
		{Key: "series", Name: "Series", DataOnly: true},
		{Key: "title", Name: "Title of Security"},
		{Key: "currency", Name: "Currency", DataOnly: true},
		{Key: "tendered", Name: "Tendered that Day", Kind: Principal},
		{Key: "withdrawn", Name: "Withdrawn that Day", Kind: Principal},
		{Key: "live", Name: "Live", Kind: Principal},
		{Key: "percent_of_outstanding", Name: "% of Outstanding", Kind: Percent},
	}}
	for _, c := range v.courses() {
		v.addDays(t, c)
	}
	return t, nil
}

// addDays adds a row for each day of a course.
func (v *view) addDays(t *Table, c course) {
	zone := v.Terms.Zone
	if zone == nil {
		zone = time.UTC
	}
	var live int64
	for i := 0; i < len(c.points); {
		day := calendar.DateOf(c.points[i].Hour.In(zone))
		var tendered, withdrawn int64
		for ; i < len(c.points) && calendar.DateOf(c.points[i].Hour.In(zone)) == day; i++ {
			tendered += c.points[i].Tendered
			withdrawn += c.points[i].Withdrawn
		}
		live += tendered - withdrawn
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			{day.Text(), day.String()},
			textCell(c.ID), textCell(c.Title), textCell(c.Currency.Code),
			principalCell(tendered, v.notes(c.Currency)), principalCell(withdrawn, v.notes(c.Currency)), principalCell(live, v.notes(c.Currency)),
			percentCell(ratInt(live), ratInt(c.Outstanding.Minor), 2),
		}})
	}
}

// ParticipationSums makes the table of what came in of each series in all. It
// needs points.
func ParticipationSums(in Input) (*Table, error) {
	v, err := look(in)
	if err != nil {
		return nil, err
	}
	t := &Table{Name: "participation-sums", Title: "Tendered and withdrawn in all", Columns: []Column{
		{Key: "series", Name: "Series", DataOnly: true},
		{Key: "title", Name: "Title of Security"},
		{Key: "currency", Name: "Currency", DataOnly: true},
		{Key: "tendered", Name: "Tendered", Kind: Principal},
		{Key: "withdrawn", Name: "Withdrawn", Kind: Principal},
		{Key: "live", Name: "Live", Kind: Principal},
		{Key: "percent_of_outstanding", Name: "% of Outstanding", Kind: Percent},
	}}
	for _, c := range v.courses() {
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			textCell(c.ID), textCell(c.Title), textCell(c.Currency.Code),
			principalCell(c.live+c.gone, v.notes(c.Currency)), principalCell(c.gone, v.notes(c.Currency)), principalCell(c.live, v.notes(c.Currency)),
			percentCell(ratInt(c.live), ratInt(c.Outstanding.Minor), 2),
		}})
	}
	return t, nil
}
