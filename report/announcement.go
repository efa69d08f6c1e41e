package report

import (
	"html/template"
	"io"
	"strings"
)

// An Announcement is a table of a release with the sentences that have to stand
// around it. It is a draft for lawyers, not advice.
type Announcement struct {
	Heading    string   `json:"heading"`
	Before     []string `json:"before"` // paragraphs
	Table      *Table   `json:"table"`
	Conditions *Table   `json:"conditions,omitempty"` // nil where the offer has none, and at pricing
	Consents   *Table   `json:"consents,omitempty"`   // nil where none are asked for, and before there is a book
	After      []string `json:"after"`
	Record     string   `json:"record,omitempty"` // "as of #1,206, Thu 2 Dec 2004 01:00:00 New York"
}

// Announce drafts the announcement of the input's stage.
func Announce(in Input) (*Announcement, error) {
	v, err := look(in)
	if err != nil {
		return nil, err
	}
	table, err := ByStage(in)
	if err != nil {
		return nil, err
	}
	a := &Announcement{Heading: v.heading(), Table: table, Record: v.recordWords()}
	switch {
	case v.ended():
		a.Before = v.endedWords()
	case in.Stage == AtLaunch:
		a.Before = v.launchWords()
	case in.Stage == AtEarly:
		a.Before = v.earlyWords()
	case in.Stage == AtPricing:
		a.Before = v.pricingWords()
	case in.Stage == AtFinal:
		a.Before = v.finalWords()
	}
	a.After = v.afterWords()
	if in.Stage != AtPricing {
		if a.Conditions, err = v.conditionsTable(); err != nil {
			return nil, err
		}
	}
	if in.Consents != nil && in.Stage != AtPricing {
		a.Consents, err = Consents(in)
	}
	return a, err
}

// more are the tables that stand behind the first, where there are any.
func (a *Announcement) more() (all []*Table) {
	for _, t := range []*Table{a.Conditions, a.Consents} {
		if t != nil {
			all = append(all, t)
		}
	}
	return all
}

// WriteText writes the announcement as a wire takes it, within width characters.
func (a *Announcement) WriteText(w io.Writer, width int) error {
	width = max(width, minWidth)
	var b strings.Builder
	paragraph := func(s string) { b.WriteString(strings.Join(wrap(s, width), "\n") + "\n\n") }
	paragraph(a.Heading)
	for _, p := range a.Before {
		paragraph(p)
	}
	if err := a.Table.WriteText(&b, width); err != nil {
		return err
	}
	b.WriteByte('\n')
	for _, t := range a.more() {
		if err := t.WriteText(&b, width); err != nil {
			return err
		}
		b.WriteByte('\n')
	}
	for _, p := range a.After {
		paragraph(p)
	}
	if a.Record != "" {
		paragraph("Figures from the record " + a.Record + ".")
	}
	_, err := io.WriteString(w, strings.TrimSuffix(b.String(), "\n"))
	return err
}

var announcementHTML = template.Must(template.New("announcement").Parse(`<h2>{{.Heading}}</h2>
{{range .Before}}<p>{{.}}</p>
{{end}}{{.Table}}{{range .More}}{{.}}{{end}}{{range .After}}<p>{{.}}</p>
{{end}}{{with .Record}}<p>Figures from the record {{.}}.</p>
{{end}}`))

// WriteHTML writes the announcement as a fragment that pastes into a word
// processor.
func (a *Announcement) WriteHTML(w io.Writer) error {
	table, err := a.Table.fragment()
	if err != nil {
		return err
	}
	var more []template.HTML
	for _, t := range a.more() {
		f, err := t.fragment()
		if err != nil {
			return err
		}
		more = append(more, f)
	}
	return announcementHTML.Execute(w, struct {
		Heading       string
		Before, After []string
		Table         template.HTML
		More          []template.HTML
		Record        string
	}{a.Heading, a.Before, a.After, table, more, a.Record})
}

// WriteJSON writes the announcement as indented JSON.
func (a *Announcement) WriteJSON(w io.Writer) error { return writeJSON(w, a) }
