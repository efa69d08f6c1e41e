package cli

import (
	"fmt"
	"strings"

	"tenderbook/internal/bookfile"
	"tenderbook/offer"
	"tenderbook/report"
	"tenderbook/rulebook"
)

// checkJSON is what "tender check --json" prints.
type checkJSON struct {
	Offer    string        `json:"offer,omitempty"`
	Problems []problemJSON `json:"problems"` // why the input is refused; the rest is empty then
	Warnings []problemJSON `json:"warnings,omitempty"`
	Findings []findingJSON `json:"findings,omitempty"`
	Rows     []rowsJSON    `json:"rows,omitempty"` // of the book, by what became of them

	Conditions []report.SummaryCondition `json:"conditions,omitempty"` // with a book as it has them at expiration
}

type problemJSON struct {
	File   string `json:"file"`
	Line   int64  `json:"line"`
	Column string `json:"column"` // number in an offer file, name in a book
	Path   string `json:"path,omitempty"`
	Found  string `json:"found"`
	Needed string `json:"needed,omitempty"`
	Hint   string `json:"hint,omitempty"`
}

type findingJSON struct {
	Rule      string            `json:"rule"`
	Title     string            `json:"title"`
	Change    int               `json:"change"` // 0 the launch, then the amendments
	Verdict   string            `json:"verdict"`
	Inputs    map[string]string `json:"inputs"`
	Why       string            `json:"why"`
	Earliest  string            `json:"earliest_lawful,omitempty"`
	Citation  string            `json:"citation"`
	InForce   string            `json:"in_force"`
	Confirmed bool              `json:"confirmed"`
}

type rowsJSON struct {
	Fate  string `json:"fate"`
	Count int64  `json:"count"`
}

func checkResult(h *offer.History, findings []rulebook.Finding, d *decided) checkJSON {
	out := checkJSON{Offer: h.Final().ID, Problems: []problemJSON{}, Warnings: offerProblems(h.Warnings())}
	for _, f := range findings {
		j := findingJSON{
			Rule: f.Rule, Title: f.Title, Change: f.Change, Verdict: f.Verdict.String(), Inputs: map[string]string{},
			Why: f.Why, Earliest: f.Earliest.String(), Citation: f.Citation, InForce: f.InForce, Confirmed: f.Confirmed,
		}
		for _, in := range f.Inputs {
			j.Inputs[in.Name] = in.Value
		}
		out.Findings = append(out.Findings, j)
	}
	if d != nil {
		for _, r := range d.fates() {
			out.Rows = append(out.Rows, rowsJSON(r))
		}
	}
	states := h.Final().ConditionStates(nil)
	if d != nil {
		states = d.states
	}
	for _, c := range states {
		out.Conditions = append(out.Conditions, report.SummaryCondition{ID: c.ID, Kind: c.Kind, Status: c.Status, At: c.At, Why: c.Why})
	}
	return out
}

func offerProblems(ps offer.Problems) []problemJSON {
	all := make([]problemJSON, len(ps))
	for i, p := range ps {
		all[i] = problemJSON{p.File, int64(p.Line), fmt.Sprint(p.Column), p.Path, p.Found, p.Needed, p.Hint}
	}
	return all
}

func bookProblems(r *bookfile.Refused) []problemJSON {
	all := make([]problemJSON, len(r.Problems))
	for i, p := range r.Problems {
		all[i] = problemJSON{File: r.Name, Line: p.Line, Column: p.Column, Found: p.String()}
	}
	return all
}

// verdicts counts findings: "12 findings: 9 pass, 2 warn, 1 needs-human".
func verdicts(findings []rulebook.Finding) string {
	parts := []string{}
	for v := rulebook.Fail; ; v-- {
		n := 0
		for _, f := range findings {
			if f.Verdict == v {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		}
		if v == rulebook.Pass {
			break
		}
	}
	if len(parts) == 0 {
		return "no findings: the offer names no rules"
	}
	return count(len(findings), "finding") + ": " + strings.Join(parts, ", ")
}

// wrapped breaks a text at blanks into lines of a width, the later ones
// indented.
func wrapped(s string, width int, indent string) string {
	var b strings.Builder
	line := 0
	for i, word := range strings.Fields(s) {
		switch n := len([]rune(word)); {
		case i == 0:
			line = n
		case line+1+n > width:
			b.WriteString("\n" + indent)
			line = n
		default:
			b.WriteByte(' ')
			line += 1 + n
		}
		b.WriteString(word)
	}
	return b.String()
}
