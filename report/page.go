package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"tenderbook/calendar"
)

//go:embed page.html
var pageSource string

//go:embed page.css
var pageStyle string

var pageHTML = template.Must(template.New("page").Parse(pageSource))

// pageData is what page.html shows.
type pageData struct {
	Lang, Title, Offer, Offeror, Stage, AsOf, AsOfUTC string
	Style                                             template.CSS
	Digests                                           []Fact
	Headline                                          []Fact
	Before, After                                     []string
	Table                                             template.HTML
	Terms                                             []Fact
	Dates, Conditions, Consents                       template.HTML
	Decided                                           bool
	Waterfall, Caps, Totals                           template.HTML
	Falls                                             []template.HTML
	CapsChart                                         template.HTML
	Participation, Days, ParticipationChart           template.HTML
	Rows                                              template.HTML
	Command                                           string
}

// Page writes a report on one page that needs nothing else: style and drawings
// are inside, it has no script and asks for nothing from outside. It prints on
// A4 and Letter. After launch it needs a decision.
func Page(in Input, w io.Writer) error {
	v, err := look(in)
	if err != nil {
		return err
	}
	p, err := v.page()
	if err != nil {
		return err
	}
	return pageHTML.Execute(w, p)
}

func (v *view) page() (*pageData, error) {
	a, err := Announce(v.Input)
	if err != nil {
		return nil, err
	}
	p := &pageData{
		Lang: "en", Title: v.Terms.Title, Offer: v.Terms.ID, Offeror: v.Terms.Offeror, Stage: stageTitles[v.Stage],
		AsOf: v.asOfStamp(), AsOfUTC: v.AsOf.UTC().Format("Mon 2 Jan 2006 15:04:05") + " UTC",
		Style: template.CSS(pageStyle), Before: a.Before, After: a.After,
		Terms: v.keyTerms(), Command: v.Command, Headline: v.headline(),
	}
	for _, d := range []Fact{{"Record", v.recordWords(), ""}, {"Entry", v.entryHash(), ""}, {"Terms", v.TermsDigest, ""}, {"Book", v.BookDigest, ""}} {
		if d.Value != "" {
			p.Digests = append(p.Digests, d)
		}
	}
	tables := []struct {
		into *template.HTML
		make func(Input) (*Table, error)
		when bool
	}{
		{&p.Table, ByStage, true},
		{&p.Conditions, Conditions, a.Conditions != nil},
		{&p.Consents, Consents, a.Consents != nil},
		{&p.Dates, v.datesTable, true},
		{&p.Waterfall, Waterfall, v.Decision != nil},
		{&p.Caps, CapUse, v.Decision != nil && len(v.caps) > 0},
		{&p.Totals, Totals, v.Decision != nil},
		{&p.Participation, ParticipationSums, len(v.Participation) > 0},
		{&p.Days, Participation, len(v.Participation) > 0},
		{&p.Rows, v.rowsTable, len(v.Rows) > 0},
	}
	for _, t := range tables {
		if !t.when {
			continue
		}
		table, err := t.make(v.Input)
		if err != nil {
			return nil, err
		}
		if *t.into, err = table.fragment(); err != nil {
			return nil, err
		}
	}
	return p, v.draw(p)
}

// draw makes the charts of a page.
func (v *view) draw(p *pageData) error {
	p.Decided = v.Decision != nil
	for k := range v.caps {
		if v.caps[k].Own {
			continue
		}
		svg, err := drawn(v.waterfallChart(k))
		if err != nil {
			return err
		}
		p.Falls = append(p.Falls, svg)
	}
	var err error
	if len(v.caps) > 0 {
		if p.CapsChart, err = drawn(v.capsChart()); err != nil {
			return err
		}
	}
	if len(v.Participation) > 0 {
		p.ParticipationChart, err = drawn(v.participationChart())
	}
	return err
}

func drawn(c *Chart) (template.HTML, error) {
	var b strings.Builder
	err := c.WriteSVG(&b)
	return template.HTML(b.String()), err
}

var stageTitles = [...]string{"Launch", "Early results", "Pricing", "Final results"}

// headline is what a reader sees first: for each aggregate cap how far it is
// used, and the cash in each currency.
func (v *view) headline() []Fact {
	var facts []Fact
	if v.Decision == nil {
		for _, c := range v.Terms.Caps {
			facts = append(facts, Fact{c.Name, principalText(c.Amount.Minor, c.Amount.Currency), ""})
		}
		return facts
	}
	for k, c := range v.caps {
		if c.Own {
			continue
		}
		use := v.Decision.Caps[k]
		facts = append(facts, Fact{
			c.name + " used", percentCell(use.Used, ratInt(use.Amount), 2).Show,
			ratText(use.Used, c.currency) + " of " + principalText(use.Amount, c.currency),
		})
	}
	for _, c := range v.byCurrency() {
		facts = append(facts, Fact{
			"Accepted " + c.currency.Code, principalText(c.accepted, v.notes(c.currency)),
			v.provisional() + "of " + principalText(c.tendered, v.notes(c.currency)) + " tendered",
		})
		if c.accepted == 0 {
			continue
		}
		note := "accrued interest to be added"
		if c.interest > 0 {
			note = cashText(c.interest, c.currency) + " of it interest"
		}
		facts = append(facts, Fact{"Cash " + c.currency.Code, cashText(c.cash, c.currency), v.provisional() + note})
	}
	return facts
}

// provisional warns where nothing is accepted yet.
func (v *view) provisional() string {
	switch {
	case v.done():
		return ""
	case v.Stage == AtFinal:
		return "not accepted yet; "
	}
	return "if nothing changes; "
}

// keyTerms are the terms that decide, in words.
func (v *view) keyTerms() []Fact {
	a := v.Terms.Acceptance
	facts := []Fact{{"Order of acceptance", v.orderSentence(), ""}}
	for _, s := range v.capSentences() {
		facts = append(facts, Fact{"Cap", s, ""})
	}
	for _, r := range v.Terms.Rates {
		facts = append(facts, Fact{"Exchange rate", fmt.Sprintf("%s: %s for one %s", r, r.To.Code, r.From.Code), ""})
	}
	for _, t := range []struct{ label, word string }{
		{"If a cap is exceeded", a.IfExceeded},
		{"Prorated by", a.ProrateBy},
		{"What rounding leaves", a.Leftover},
		{"Remainder of a full cap", a.Remainder},
		{"Stubs", a.Stub},
	} {
		if said := termWords[t.word]; said != "" {
			facts = append(facts, Fact{t.label, said, ""})
		}
	}
	return facts
}

// termWords say what the words of the offer file mean.
var termWords = map[string]string{
	"prorate":             "tenders are prorated",
	"reject-and-continue": "nothing of that step is accepted, the next one is tried",
	"reject-and-stop":     "nothing of that step is accepted, nor of any later one under the cap",
	"instruction":         "instruction",
	"participant":         "participant",
	"holder":              "holder",
	"unused":              "stays unused",
	"raise-factor":        "the factor is raised until the rounded pieces fill the cap",
	"largest-remainder":   "one multiple each, to the largest fractions cut off",
	"lost":                "is not passed on",
	"next":                "is passed on to later steps",
	"ignore":              "pieces below the minimum denomination are allowed",
	"reject":              "a tender that would leave a piece below the minimum denomination is not accepted",
	"accept":              "a tender that would leave a piece below the minimum denomination is accepted whole",
	"minimum":             "no piece is left below the minimum denomination",
}

// datesTable gives the days and deadlines in the offer's zone, then UTC.
func (v *view) datesTable(Input) (*Table, error) {
	t := &Table{Name: "dates", Title: "Key dates", Columns: []Column{
		{Key: "event", Name: "Event"},
		{Key: "offer_zone", Name: zoneWord(v.Terms.ZoneName)},
		{Key: "utc", Name: "UTC"},
		{Key: "state", Name: "State"},
	}}
	day := func(name string, d calendar.Date) {
		if !d.IsZero() {
			t.Rows = append(t.Rows, Row{Cells: []Cell{textCell(name), {d.Text(), d.String()}, none, {}}})
		}
	}
	deadline := func(name string, d calendar.Deadline) {
		if !d.IsZero() {
			t.Rows = append(t.Rows, Row{Cells: []Cell{
				textCell(name), textCell(v.deadlineStamp(d)),
				{d.At.UTC().Format("Mon 2 Jan 2006 15:04"), d.At.UTC().Format(time.RFC3339)},
				textCell(v.passed(d)),
			}})
		}
	}
	d := v.Terms.Dates
	day("Commenced", v.Terms.Commenced)
	deadline("Early tender", d.EarlyTender)
	deadline("Withdrawal", d.Withdrawal)
	deadline("Price determination", d.PriceDetermination)
	day("Early settlement (expected)", d.EarlySettlement)
	deadline("Expiration", d.Expiration)
	deadline("Guaranteed delivery", d.GuaranteedDelivery)
	day("Settlement (expected)", d.Settlement)
	return t, nil
}

// deadlineStamp writes a deadline with its side: "before Fri 12 Nov 2004 17:00".
func (v *view) deadlineStamp(d calendar.Deadline) string {
	if endsDay(d) {
		return d.Side.String() + " " + d.Date().Text() + " 24:00"
	}
	return d.Side.String() + " " + d.At.Format("Mon 2 Jan 2006 15:04")
}

// passed says whether a deadline is behind the report, which looks at what came
// in until its moment: at the deadline itself there is nothing more to come.
func (v *view) passed(d calendar.Deadline) string {
	if v.AsOf.Before(d.At) {
		return "open"
	}
	return "passed"
}

func (v *view) rowsTable(Input) (*Table, error) {
	t := &Table{Name: "rows", Title: "Rows of the book", Columns: []Column{
		{Key: "fate", Name: "What became of it"},
		{Key: "rows", Name: "Rows", Kind: Count},
	}}
	var sum int64
	for _, r := range v.Rows {
		sum += r.Count
		t.Rows = append(t.Rows, Row{Cells: []Cell{textCell(r.Fate), countCell(r.Count)}})
	}
	t.Rows = append(t.Rows, Row{Total: true, Cells: []Cell{textCell("Total"), countCell(sum)}})
	return t, nil
}
