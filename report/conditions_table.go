package report

import (
	"strings"

	"tenderbook/offer"
)

// Conditions makes the table of the conditions of an offer: what must be so, for
// which series, and how it stands. Columns in which nothing stands are left out.
// A table without rows means that the offer has no conditions.
func Conditions(in Input) (*Table, error) {
	v, err := look(in)
	if err != nil {
		return nil, err
	}
	t := &Table{Name: "conditions", Title: "Conditions", Columns: []Column{
		{Key: "condition", Name: "Condition", Kind: Word},
		{Key: "kind", Name: "Kind", DataOnly: true},
		{Key: "text", Name: "What Must Be So"},
		{Key: "series", Name: "For Series", Kind: Word},
		{Key: "waivable", Name: "May Be Waived", Kind: Word},
		{Key: "status", Name: "Status", Kind: Word},
		{Key: "since", Name: "Since", Kind: Word},
		{Key: "why", Name: "By the Count"},
	}}
	for _, c := range v.conditions() {
		t.Rows = append(t.Rows, v.conditionRow(c))
	}
	t.Notes = v.terminatedSentences()
	t.dropEmpty("series", "since", "why")
	return t, nil
}

func (v *view) conditionRow(c offer.ConditionState) Row {
	orNone := func(s string) Cell {
		if s == "" {
			return none
		}
		return textCell(s)
	}
	series, waivable := orNone(strings.Join(c.Series, ", ")), Cell{"no", "false"}
	if c.Waivable {
		waivable = Cell{"yes", "true"}
	}
	text := c.Text
	switch {
	case v.onlyForCap(c.ID) != "":
		series = Cell{Show: v.onlyForCap(c.ID), Plain: ""} // it ends nothing: only a cap falls back
	case c.Series == nil && v.anyRestricted():
		series = Cell{Show: "all", Plain: ""}
	}
	return Row{Cells: []Cell{
		textCell(c.ID), textCell(c.Kind), textCell(strings.TrimSuffix(text, ".")), series, waivable,
		textCell(c.Status), orNone(c.At), orNone(c.Why),
	}}
}

// onlyForCap names the cap that depends on a condition, which then ends nothing;
// "" if there is none.
func (v *view) onlyForCap(condition string) string {
	for _, k := range v.Terms.Caps {
		if k.If != nil && k.If.Condition == condition {
			return k.Name
		}
	}
	return ""
}

// anyRestricted reports whether some condition is for some series or a cap only.
func (v *view) anyRestricted() bool {
	for _, c := range v.Terms.Conditions {
		if c.Series != nil || v.onlyForCap(c.ID) != "" {
			return true
		}
	}
	return false
}

// conditionsTable is the table of conditions, nil where the offer has none.
func (v *view) conditionsTable() (*Table, error) {
	if len(v.conditions()) == 0 && v.terminatedSentences() == nil {
		return nil, nil
	}
	return Conditions(v.Input)
}
