package report

import (
	"html/template"
	"io"
	"strings"
)

// tableHTML is a fragment that also pastes into a word processor: alignment is
// on the cells, not only in a style sheet.
var tableHTML = template.Must(template.New("table").Parse(`<table id="{{.Name}}">
<caption>{{.Title}}</caption>
<thead>
<tr>{{range .Heads}}<th scope="col"{{if .Right}} style="text-align:right"{{end}}>{{.Text}}</th>{{end}}</tr>
</thead>
{{range .Bodies}}{{if .Total}}<tfoot>{{else}}<tbody>{{end}}
{{range .Rows}}<tr>{{range .}}{{if .Head}}<th scope="row">{{.Text}}</th>{{else}}<td{{if .Right}} style="text-align:right"{{end}}>{{.Text}}</td>{{end}}{{end}}</tr>
{{end}}{{if .Total}}</tfoot>{{else}}</tbody>{{end}}
{{end}}</table>
{{range .Notes}}<p class="note">{{.}}</p>
{{end}}`))

type htmlTable struct {
	Name, Title string
	Heads       []htmlCell
	Bodies      []htmlBody // the rows, then the sums
	Notes       []string
}

type htmlBody struct {
	Total bool
	Rows  [][]htmlCell
}

type htmlCell struct {
	Text  string
	Right bool
	Head  bool // names its row: the first text of it
}

// WriteHTML writes the table and its notes as a fragment. The title, or else
// the first column, heads each row; sums stand in the foot.
func (t *Table) WriteHTML(w io.Writer) error { return tableHTML.Execute(w, t.html()) }

// fragment is the same for use in a page.
func (t *Table) fragment() (template.HTML, error) {
	var b strings.Builder
	err := t.WriteHTML(&b)
	return template.HTML(b.String()), err
}

func (t *Table) html() htmlTable {
	out := htmlTable{Name: t.Name, Title: t.Title, Notes: t.Notes}
	cols, head := t.shown(), t.rowHead()
	for _, c := range cols {
		out.Heads = append(out.Heads, htmlCell{Text: t.Columns[c].Name, Right: t.Columns[c].Kind.Right()})
	}
	for _, total := range []bool{false, true} {
		body := htmlBody{Total: total}
		for _, r := range t.Rows {
			if r.Total != total {
				continue
			}
			var cells []htmlCell
			for _, c := range cols {
				cells = append(cells, htmlCell{r.Cells[c].Show, t.Columns[c].Kind.Right(), c == head})
			}
			body.Rows = append(body.Rows, cells)
		}
		if len(body.Rows) > 0 {
			out.Bodies = append(out.Bodies, body)
		}
	}
	return out
}

// rowHead is the column that names a row: the title, else the first.
func (t *Table) rowHead() int {
	cols := t.shown()
	for _, c := range cols {
		if t.Columns[c].Key == "title" {
			return c
		}
	}
	return cols[0]
}
