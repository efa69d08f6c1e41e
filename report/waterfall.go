package report

import (
	"fmt"
	"math/big"

	"tenderbook/allocation"
)

// Waterfall makes the table of the steps in the order they were served: what
// each could draw on, what was tendered and accepted, the factor and what cut
// it. It needs a decision.
func Waterfall(in Input) (*Table, error) {
	v, err := lookDecided(in, "waterfall")
	if err != nil {
		return nil, err
	}
	t := &Table{Name: "waterfall", Title: "Waterfall"}
	fields := v.waterfallFields()
	for _, f := range fields {
		t.Columns = append(t.Columns, f.Column)
	}
	for n := range v.Decision.Steps {
		step := &v.Decision.Steps[n]
		for i := range step.Lines {
			var row Row
			for _, f := range fields {
				row.Cells = append(row.Cells, f.of(step, &step.Lines[i]))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	for _, r := range v.rests() {
		t.Rows = append(t.Rows, r.row(fields))
	}
	if len(t.Rows) == 0 {
		t.Notes = append(t.Notes, v.nothingServed())
	}
	v.waterfallTotals(t, fields)
	if v.ended() {
		t.Notes = append(t.Notes, "The offer is terminated: nothing is accepted, nothing is paid, and all that was tendered is returned.")
		return t, nil
	}
	t.Notes = append(append(t.Notes, v.severalLevels()...), v.clearingSentences()...)
	for k := range v.caps {
		if !v.caps[k].Own {
			t.Notes = append(t.Notes, v.capSentence(k))
		}
	}
	t.Notes = append(append(t.Notes, v.priceSentences()...), v.interestSentence())
	return t, nil
}

// nothingServed says why a waterfall has no line.
func (v *view) nothingServed() string {
	if v.Alloc.Settled != nil {
		return "No line: no tender was left to decide on after the early settlement."
	}
	return "No line: no tender stands."
}

// A lineField is a column of the waterfall.
type lineField struct {
	Column
	of    func(*allocation.Step, *allocation.Line) Cell
	total func(t total) Cell
}

func (v *view) waterfallFields() []lineField {
	amount := func(key, name string, get func(*allocation.Line) int64, sum func(seriesView) int64) lineField {
		return lineField{
			Column{Key: key, Name: name, Kind: Principal},
			func(_ *allocation.Step, l *allocation.Line) Cell {
				return principalCell(get(l), v.notes(v.series[l.Series].Currency))
			},
			func(t total) Cell { return ratCell(t.add(sum), v.notes(t.currency)) },
		}
	}
	fields := []lineField{{
		Column{Key: "level", Name: "Lvl", Kind: Word},
		func(s *allocation.Step, _ *allocation.Line) Cell { return textCell(stepName(s)) }, nil,
	}}
	if v.hasLate() {
		fields = append(fields, lineField{
			Column{Key: "timing", Name: "Timing", Kind: Word},
			func(_ *allocation.Step, l *allocation.Line) Cell { return textCell(l.Timing.String()) }, nil,
		})
	}
	fields = append(fields,
		lineField{
			Column{Key: "series", Name: "Series", DataOnly: true},
			func(_ *allocation.Step, l *allocation.Line) Cell { return textCell(v.series[l.Series].ID) }, nil,
		},
		lineField{
			Column{Key: "title", Name: "Series"},
			func(_ *allocation.Step, l *allocation.Line) Cell { return textCell(v.series[l.Series].Title) }, nil,
		},
		lineField{
			Column{Key: "currency", Name: "Currency", DataOnly: true},
			func(_ *allocation.Step, l *allocation.Line) Cell { return textCell(v.series[l.Series].Currency.Code) }, nil,
		},
		lineField{Column{Key: "available", Name: "Available", Kind: Principal}, v.available, nil},
		amount("tendered", "Tendered", func(l *allocation.Line) int64 { return l.Tendered },
			func(s seriesView) int64 { return s.sum.tendered }),
		amount("accepted", "Accepted", func(l *allocation.Line) int64 { return l.Accepted },
			func(s seriesView) int64 { return s.sum.accepted - s.sum.before }),
		lineField{
			Column{Key: "factor", Name: "Factor", Kind: Percent},
			func(_ *allocation.Step, l *allocation.Line) Cell { return factorCell(l.Factor) }, nil,
		},
		amount("returned", "Returned", func(l *allocation.Line) int64 { return l.Returned },
			func(s seriesView) int64 { return s.sum.tendered - s.sum.accepted + s.sum.before }))
	fields = append(fields, v.cashFields()...)
	return append(fields, lineField{
		Column{Key: "cut_by", Name: "Cut by"},
		func(_ *allocation.Step, l *allocation.Line) Cell { return v.cutBy(l) }, nil,
	})
}

// cashFields are the price of what was accepted and, for machines, the interest
// and the sum of both; people find these in the notes.
func (v *view) cashFields() []lineField {
	cash := func(key, name string, dataOnly bool, get func(*allocation.Line) int64, sum func(currencySum) int64) lineField {
		return lineField{
			Column{Key: key, Name: name, Kind: Cash, DataOnly: dataOnly},
			func(_ *allocation.Step, l *allocation.Line) Cell {
				return cashCell(get(l), v.series[l.Series].Currency)
			},
			func(t total) Cell {
				for _, c := range v.byCurrency() {
					if !t.converted && c.currency == t.currency {
						return cashCell(sum(c), c.currency)
					}
				}
				return Cell{} // cash is paid in each currency, not in one
			},
		}
	}
	all := []lineField{
		cash("consideration", v.words.Price, false,
			func(l *allocation.Line) int64 { return l.Consideration }, func(c currencySum) int64 { return c.consideration }),
		cash("interest", "Interest", true,
			func(l *allocation.Line) int64 { return l.Interest }, func(c currencySum) int64 { return c.interest }),
		cash("cash", "Cash", true,
			func(l *allocation.Line) int64 { return l.Consideration + l.Interest }, func(c currencySum) int64 { return c.cash - c.consents }),
	}
	if v.Exchanged != nil {
		return all[:2] // what is cash is known by series only
	}
	return all
}

func (v *view) waterfallTotals(t *Table, fields []lineField) {
	plain := make([]field, len(fields))
	for i, f := range fields {
		plain[i] = field{Column: f.Column, total: f.total}
	}
	v.addTotals(t, plain)
}

// stepName is the level of a step, or its phase in an auction.
func stepName(s *allocation.Step) string {
	name := fmt.Sprint(s.Level)
	if s.Phase != "" {
		name = s.Phase
	}
	if s.Small {
		name += " small"
	}
	return name
}

// available is the room of the cap that leaves a line the least, in the
// cap's measure and currency.
func (v *view) available(s *allocation.Step, l *allocation.Line) Cell {
	at := v.tightest(s, l)
	if at == nil || at.Before.Sign() == 0 {
		return none
	}
	return ratCell(at.Before, v.caps[at.Cap].currency)
}

// tightest is the cap over a line's series with the least room for what the
// step demands of it; nil where no cap covers the series.
func (v *view) tightest(s *allocation.Step, l *allocation.Line) *allocation.StepCap {
	var least *allocation.StepCap
	var share *big.Rat
	for i := range s.Caps {
		c := &s.Caps[i]
		if !v.covers(c.Cap, l.Series) || c.Demand.Sign() == 0 {
			continue
		}
		if x := new(big.Rat).Quo(c.Before, c.Demand); least == nil || x.Cmp(share) < 0 {
			least, share = c, x
		}
	}
	return least
}

func (v *view) covers(limit, series int) bool {
	for _, s := range v.caps[limit].Series {
		if s == series {
			return true
		}
	}
	return false
}

func (v *view) cutBy(l *allocation.Line) Cell {
	by := v.boundBy(*l)
	switch {
	case by == "":
		return none
	case l.Rejected:
		return textCell("all or none: " + by)
	}
	return textCell(by)
}

func (v *view) hasLate() bool {
	for i := range v.series {
		if v.tendered(i, allocation.Late) > 0 {
			return true
		}
	}
	return false
}

// priceSentences say which series were accepted without a price.
func (v *view) priceSentences() []string {
	var ids []string
	for _, s := range v.series {
		if v.Alloc.Order != allocation.Auction && s.sum.accepted > s.sum.before && s.terms.Price == [2]*big.Rat{} {
			ids = append(ids, s.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return []string{"The price of " + list(ids) + " is not determined: what is paid for the principal is not in these figures."}
}

// interestSentence says what has to be paid besides the price.
func (v *view) interestSentence() string {
	var interest, cash, newNotes []string
	known := false
	for _, c := range v.byCurrency() {
		known = known || c.interest != 0
		interest = append(interest, cashText(c.interest, c.currency))
		cash = append(cash, cashText(c.cash, c.currency))
		if v.Exchanged != nil {
			newNotes = append(newNotes, principalText(c.newNotes, c.currency))
		}
	}
	if v.words.inShares {
		return "Cash to be paid: " + list(cash) + "."
	}
	if newNotes != nil && !known {
		return fmt.Sprintf("New notes issued: %s. Cash to be paid: %s; accrued interest is added at settlement.", list(newNotes), list(cash))
	}
	if !known {
		return "Accrued interest is not in these figures; it is added at settlement."
	}
	if newNotes != nil {
		return fmt.Sprintf("New notes issued: %s. Accrued interest up to, but not including, the settlement date: %s. Cash to be paid: %s.", list(newNotes), list(interest), list(cash))
	}
	return fmt.Sprintf("Accrued interest up to, but not including, the settlement date: %s. Cash to be paid: %s.",
		list(interest), list(cash))
}
