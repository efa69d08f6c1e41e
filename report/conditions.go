package report

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"tenderbook/money"
	"tenderbook/offer"
)

// A SummaryCondition is how a condition stands.
type SummaryCondition struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Status string `json:"status"` // open | satisfied | waived | failed
	At     string `json:"at,omitempty"`
	Why    string `json:"why,omitempty"` // the count that it follows from
}

// SummaryTerminated is a series of which nothing is accepted, with the reason.
type SummaryTerminated struct {
	Series string `json:"series"`
	Reason string `json:"reason"`
}

// SummaryConsents are the consents of a series.
type SummaryConsents struct {
	Series      string `json:"series"`
	Consents    string `json:"consents"` // principal for which consents stand
	Alone       string `json:"without_tender"`
	Outstanding string `json:"outstanding"`
	Threshold   string `json:"threshold"`
	Reached     bool   `json:"reached"`
	Effective   bool   `json:"effective"` // reached, and, where the terms ask for it, all tendered notes are accepted
	Paid        string `json:"consent_payments"`
}

// conditions are those given, or those of the terms.
func (v *view) conditions() []offer.ConditionState {
	if v.Conditions != nil {
		return v.Conditions
	}
	return v.Terms.ConditionStates(nil)
}

func (v *view) summaryConditions() (all []SummaryCondition) {
	for _, c := range v.conditions() {
		all = append(all, SummaryCondition{c.ID, c.Kind, c.Status, c.At, c.Why})
	}
	return all
}

func (v *view) summaryTerminated() (all []SummaryTerminated) {
	for i, why := range v.Terminated {
		if why != "" {
			all = append(all, SummaryTerminated{v.series[i].ID, why})
		}
	}
	return all
}

func (v *view) summaryConsents() (all []SummaryConsents) {
	for i, c := range v.Consents {
		s := v.series[i]
		if s.Consent == nil {
			continue
		}
		text := func(minor int64) string { return money.New(minor, s.Currency).String() }
		all = append(all, SummaryConsents{
			Series: s.ID, Consents: text(c.Principal), Alone: text(c.Alone), Outstanding: text(s.Outstanding.Minor),
			Threshold: s.Consent.Threshold.String(), Reached: v.consentsReached(i), Effective: v.consentsEffective(i), Paid: text(c.Paid),
		})
	}
	return all
}

func (v *view) consentsReached(i int) bool {
	s := v.series[i]
	return s.Consent.Threshold.Reached(v.Consents[i].Principal, s.Outstanding.Minor)
}

// consentsEffective reports whether the consents of a series have effect.
func (v *view) consentsEffective(i int) bool {
	s := v.series[i]
	terminated := i < len(v.Terminated) && v.Terminated[i] != ""
	return v.consentsReached(i) && !terminated && (!s.Consent.Whole || s.sum.accepted == s.sum.tendered+s.sum.before)
}

// Standing says in sentences how the conditions of an offer stand: what is
// terminated, and what the figures are subject to. It gives nothing where no
// condition is open, waived or failed.
func Standing(in Input) []string {
	v, err := look(in)
	if err != nil {
		return nil
	}
	by := map[string][]string{}
	for _, c := range v.conditions() {
		name := c.ID
		if c.Why != "" && c.Status != "satisfied" {
			name += " (" + c.Why + ")"
		}
		by[c.Status] = append(by[c.Status], name)
	}
	all := v.terminatedSentences()
	if v.ended() {
		return all // no condition matters any more
	}
	for _, s := range []struct{ status, words string }{{"open", "subject to conditions that are open: "}, {"waived", "conditions waived: "}} {
		if names := by[s.status]; names != nil {
			all = append(all, s.words+list(names))
		}
	}
	return all
}

// done reports whether what the decision accepts is accepted. The final results
// of files are drafted as they will be announced, with their conditions beside
// them: there is no record to ask.
func (v *view) done() bool {
	return v.Accepted || v.Stage == AtFinal && v.Record == nil
}

// ifSatisfied says that the open conditions must be satisfied first: "if the
// condition financing is satisfied". It is "" where none is open.
func (v *view) ifSatisfied() string {
	var open []string
	how := "satisfied"
	for _, c := range v.conditions() {
		if c.Status != "open" {
			continue
		}
		open = append(open, c.ID)
		if c.Waivable {
			how = "satisfied or waived"
		}
	}
	switch len(open) {
	case 0:
		return ""
	case 1:
		return "if the condition " + open[0] + " is " + how
	}
	return "if the conditions " + list(open) + " are " + how
}

// ended reports whether nothing is accepted of any series, because the offer was
// terminated.
func (v *view) ended() bool {
	return len(v.Terminated) > 0 && !slices.Contains(v.Terminated, "")
}

// terminatedSentences say for which series nothing is accepted, series of one
// reason together.
func (v *view) terminatedSentences() (all []string) {
	series := map[string][]string{}
	var reasons []string
	for i, why := range v.Terminated {
		if why == "" {
			continue
		}
		if series[why] == nil {
			reasons = append(reasons, why)
		}
		series[why] = append(series[why], v.series[i].ID)
	}
	for _, why := range reasons {
		what := "the offer"
		if len(series[why]) < len(v.series) {
			what = "the offer for series " + list(series[why])
		}
		all = append(all, fmt.Sprintf("terminated: %s: %s; nothing is accepted and everything is returned", what, strings.TrimSuffix(why, ".")))
	}
	return all
}

// Consents makes the table of consents by series: how much of each consents,
// how much is needed, and whether the changes have effect. It needs a decision.
func Consents(in Input) (*Table, error) {
	v, err := lookDecided(in, "consents")
	if err != nil {
		return nil, err
	}
	t := &Table{Name: "consents", Title: "Consents", Columns: []Column{
		{Key: "series", Name: "Series", DataOnly: true},
		{Key: "title", Name: "Title of Security"},
		{Key: "outstanding", Name: v.words.Principal + " Outstanding", Kind: Principal},
		{Key: "consents", Name: "Consents", Kind: Principal},
		{Key: "alone", Name: "Of That Without Tender", Kind: Principal},
		{Key: "percent", Name: "Consenting", Kind: Percent},
		{Key: "needed", Name: "Needed"},
		{Key: "state", Name: "State"},
		{Key: "paid", Name: "Consent Payments", Kind: Cash},
	}}
	for i, c := range v.Consents {
		s := v.series[i]
		if s.Consent == nil {
			continue
		}
		part := percentCell(new(big.Rat).SetInt64(c.Principal), new(big.Rat).SetInt64(s.Outstanding.Minor), 2)
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			textCell(s.ID), textCell(s.Title), principalCell(s.Outstanding.Minor, s.Currency), principalCell(c.Principal, s.Currency),
			principalCell(c.Alone, s.Currency), part, textCell(s.Consent.Threshold.String()), textCell(v.consentState(i)), cashCell(c.Paid, s.Currency),
		}})
	}
	return t, nil
}

func (v *view) consentState(i int) string {
	switch {
	case v.consentsEffective(i):
		return "reached"
	case v.consentsReached(i) && v.series[i].Consent.Whole:
		return "reached, without effect: not all tendered notes are accepted"
	case v.consentsReached(i):
		return "reached, without effect: terminated"
	case v.Stage == AtFinal:
		return "not reached"
	}
	return "not reached yet"
}
