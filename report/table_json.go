package report

import (
	"encoding/json"
	"io"
)

// jsonTable is a Table as machines read it: values are strings, in the order of
// the columns.
type jsonTable struct {
	Name    string       `json:"name"`
	Title   string       `json:"title"`
	Columns []jsonColumn `json:"columns"`
	Rows    []jsonRow    `json:"rows"`
	Notes   []string     `json:"notes,omitempty"`
}

type jsonColumn struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type jsonRow struct {
	Values []string `json:"values"`
	Total  bool     `json:"total,omitempty"`
}

// MarshalJSON gives the table with plain values as strings.
func (t Table) MarshalJSON() ([]byte, error) {
	out := jsonTable{Name: t.Name, Title: t.Title, Rows: []jsonRow{}, Notes: t.Notes}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, jsonColumn{c.Key, c.Name, c.Kind.String()})
	}
	for _, r := range t.Rows {
		values := make([]string, len(r.Cells))
		for i, c := range r.Cells {
			values[i] = c.Plain
		}
		out.Rows = append(out.Rows, jsonRow{values, r.Total})
	}
	return json.Marshal(out)
}

// WriteJSON writes the table as indented JSON with a line end.
func (t *Table) WriteJSON(w io.Writer) error { return writeJSON(w, t) }

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
