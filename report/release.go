package report

import (
	"fmt"

	"tenderbook/allocation"
)

// Launch makes the table of the announcement that starts an offer: what is
// sought, in which order and at which price.
func Launch(in Input) (*Table, error) {
	v, err := look(in)
	if err != nil {
		return nil, err
	}
	fields := []field{fieldSeries(), fieldTitle(), fieldCurrency()}
	if v.hasIdentifiers() {
		fields = append(fields, fieldIdentifiers())
	}
	fields = append(fields, withoutTotal(v.fieldOutstanding()), v.fieldMaximum(), fieldLevel())
	fields = append(fields, v.fieldsPrice()...)
	notes := []string{v.perNote()}
	if v.hypothetical() {
		notes = append(notes, "Hypothetical prices show how the offer prices the securities. They are from yields that are not those of price determination.")
	}
	return v.bySeries("launch", "Securities sought", fields, notes...), nil
}

// Early makes the table of the announcement after the early tender deadline:
// what was tendered by then. It needs a decision.
func Early(in Input) (*Table, error) {
	v, err := lookDecided(in, "early")
	if err != nil {
		return nil, err
	}
	tendered := func(s seriesView) int64 { return s.sum.early }
	fields := []field{
		fieldSeries(), fieldTitle(), fieldCurrency(), fieldLevel(),
		v.fieldOutstanding(), v.fieldMaximum(),
		v.principalField("principal_tendered", v.words.Principal+" Tendered as of Early Tender Date", tendered),
		shareField("percent_of_outstanding", "% of Outstanding Tendered", tendered,
			func(s seriesView) int64 { return s.Outstanding.Minor }),
	}
	fields = append(fields, v.fieldsPrice()...)
	return v.bySeries("early", "Tendered by the early tender date", fields, v.perNote()), nil
}

// Pricing makes the table of the announcement that fixes the prices: from
// determinations where the input has them, else as far as the terms hold the
// prices. It needs prices in one of them, or in the terms of the decision.
func Pricing(in Input) (*Table, error) {
	v, err := look(in)
	if err != nil {
		return nil, err
	}
	if len(v.Prices) > 0 {
		return v.pricesTable(), nil
	}
	fields := []field{
		fieldSeries(), fieldTitle(), fieldCurrency(), fieldLevel(),
		fieldReference(), fieldYield(),
		v.fieldPricing(),
	}
	priced := v.fieldsPrice()
	if priced[0].Key == "reference_security" {
		return nil, fmt.Errorf("pricing table: no series has a price yet, needs a reference yield or a clearing bid")
	}
	return v.bySeries("pricing", "Prices", append(fields, priced...), v.perNote()), nil
}

// Final makes the table of the final results: what was accepted and what stays
// outstanding. It needs a decision.
func Final(in Input) (*Table, error) {
	v, err := lookDecided(in, "final")
	if err != nil {
		return nil, err
	}
	fields := []field{
		fieldSeries(), fieldTitle(), fieldCurrency(),
		v.principalField("principal_tendered", v.words.Principal+" Tendered",
			func(s seriesView) int64 { return s.sum.tendered + s.sum.tenderedBefore }),
		v.principalField("principal_accepted", v.words.Principal+" Accepted",
			func(s seriesView) int64 { return s.sum.accepted }),
		v.fieldFactor(),
		v.principalField("principal_remaining", v.words.Principal+" Remaining Outstanding",
			func(s seriesView) int64 { return s.Outstanding.Minor - s.sum.accepted }),
	}
	title := "Accepted for purchase"
	if !v.done() {
		title = "What would be accepted for purchase"
	}
	t := v.bySeries("final", title, fields, v.factorNote())
	if v.Alloc.Settled != nil {
		t.Notes = append(t.Notes, v.earlierNote())
	}
	return t, nil
}

// factorNote says what the factor is, and how this offer makes it.
func (v *view) factorNote() string {
	s := fmt.Sprintf("The %s is the part of each tender that is accepted, before rounding to the authorized multiple; it is shown to four decimals of a percent and applied ", v.words.factor)
	if n := v.Alloc.FactorDecimals; n > 0 {
		s += fmt.Sprintf("as a decimal cut to %d places.", n)
	} else {
		s += "unrounded."
	}
	switch v.Alloc.Leftover {
	case allocation.RaiseFactor:
		s += " It was raised from the plain ratio so that the rounded amounts fill the cap."
	case allocation.LargestRemainder:
		s += " What rounding leaves goes to the largest fractions cut off, one multiple each."
	}
	return s
}

// earlierNote says how figures after an early settlement are to be read.
func (v *view) earlierNote() string {
	s := fmt.Sprintf("Amounts include the early settlement; the %s is that of tenders after it.", v.words.factor)
	if v.Earlier == nil {
		return "Accepted amounts include what was accepted at the early settlement; tendered amounts are those after it."
	}
	var cut []string
	for _, step := range v.Earlier.Steps {
		for _, l := range step.Lines {
			f, ok := l.Factor.rat()
			if !ok || f.Cmp(ratInt(1)) == 0 {
				continue
			}
			for _, series := range v.series {
				if series.ID == l.Series {
					cut = append(cut, fmt.Sprintf("%s for the %s", percentText(f, 4), series.Title))
				}
			}
		}
	}
	if len(cut) > 0 {
		s += " At the early settlement it was " + list(cut) + "."
	}
	return s
}

func (v *view) hasIdentifiers() bool {
	for _, s := range v.series {
		if len(s.CUSIPs)+len(s.ISINs) > 0 {
			return true
		}
	}
	return false
}

// ByStage makes the table of the input's stage.
func ByStage(in Input) (*Table, error) {
	makeTable := Launch
	switch in.Stage {
	case AtEarly:
		makeTable = Early
	case AtPricing:
		makeTable = Pricing
	case AtFinal:
		makeTable = Final
	}
	t, err := makeTable(in)
	if err != nil {
		return nil, err
	}
	return t.addRecord(in.Record), nil
}

func lookDecided(in Input, table string) (*view, error) {
	if in.Decision == nil || in.Alloc == nil {
		return nil, fmt.Errorf("%s table needs a decision, got terms only", table)
	}
	return look(in)
}
