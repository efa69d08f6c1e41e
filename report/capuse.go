package report

import (
	"fmt"
	"math/big"

	"tenderbook/allocation"
)

// CapUse makes the table of the caps: how much of each was used and what is
// left of it. It needs a decision.
func CapUse(in Input) (*Table, error) {
	v, err := lookDecided(in, "caps")
	if err != nil {
		return nil, err
	}
	t := &Table{Name: "caps", Title: "Caps", Columns: []Column{
		{Key: "cap", Name: "Cap"},
		{Key: "counts", Name: "Counts"},
		{Key: "currency", Name: "Currency", DataOnly: true},
		{Key: "amount", Name: "Amount", Kind: Principal},
		{Key: "used", Name: "Used", Kind: Principal},
		{Key: "percent_used", Name: "% used", Kind: Percent},
		{Key: "left", Name: "Left", Kind: Principal},
		{Key: "state", Name: "State"},
	}}
	for i, c := range v.caps {
		use := v.Decision.Caps[i]
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			textCell(c.name), textCell(v.counts(c.Counts)), textCell(c.currency.Code),
			principalCell(use.Amount, c.currency), ratCell(use.Used, c.currency),
			percentCell(use.Used, ratInt(use.Amount), 2), ratCell(use.Left, c.currency), textCell(v.capState(i)),
		}})
	}
	return t, nil
}

// counts says what a cap counts.
func (v *view) counts(c allocation.Counts) string {
	switch c {
	case allocation.CountsPrice:
		return v.words.price
	case allocation.CountsPriceAndInt:
		return v.words.price + " and accrued interest"
	}
	return v.words.principal
}

// settledUse is what an early settlement used of a cap, in its measure.
func (v *view) settledUse(k int) *big.Rat {
	if s := v.Alloc.Settled; s != nil && k < len(s.Used) && s.Used[k] != nil {
		return s.Used[k]
	}
	return new(big.Rat)
}

// capState says whether a cap cut anything.
func (v *view) capState(k int) string {
	left := v.Decision.Caps[k].Left
	switch {
	case left.Sign() == 0:
		return "used up"
	case v.wasFull(k):
		return "full; the rest is left over by rounding down"
	}
	return "not reached"
}

// wasFull reports whether a cap stopped a series in some step.
func (v *view) wasFull(k int) bool {
	for _, s := range v.Decision.Steps {
		for _, c := range s.Caps {
			if c.Cap == k && c.Full {
				return true
			}
		}
	}
	return false
}

// capSentence says what a cap was used for, for the notes of a table.
func (v *view) capSentence(k int) string {
	c, use := v.caps[k], v.Decision.Caps[k]
	s := fmt.Sprintf("%s: %s of %s used", c.name, ratText(use.Used, c.currency), principalText(use.Amount, c.currency))
	if use.Amount > 0 {
		s += " (" + percentText(new(big.Rat).Quo(use.Used, ratInt(use.Amount)), 2) + ")"
	}
	switch {
	case use.Left.Sign() == 0:
		return s + "; nothing is left."
	case v.wasFull(k):
		return s + "; " + ratText(use.Left, c.currency) + " left over by rounding down."
	}
	return s + "; " + ratText(use.Left, c.currency) + " left."
}

// Totals makes the table of sums by currency, with the cash that each needs.
// It needs a decision.
func Totals(in Input) (*Table, error) {
	v, err := lookDecided(in, "totals")
	if err != nil {
		return nil, err
	}
	t := &Table{Name: "totals", Title: "Totals by currency", Columns: []Column{
		{Key: "currency", Name: "Currency", Kind: Word},
		{Key: "tendered", Name: v.words.Principal + " Tendered", Kind: Principal},
		{Key: "accepted", Name: v.words.Principal + " Accepted", Kind: Principal},
		{Key: "returned", Name: v.words.Principal + " Returned", Kind: Principal},
		{Key: "consideration", Name: v.words.Price, Kind: Cash},
		{Key: "interest", Name: "Accrued Interest", Kind: Cash},
		{Key: "cash", Name: "Cash", Kind: Cash},
	}}
	if v.Exchanged != nil {
		t.Columns = append(t.Columns, Column{Key: "new_notes", Name: "New Notes", Kind: Principal},
			Column{Key: "cash_for_fractions", Name: "Of Cash, For Fractions", Kind: Cash})
	}
	if v.Consents != nil {
		t.Columns = append(t.Columns, Column{Key: "cash_for_consents", Name: "Of Cash, For Consents", Kind: Cash})
	}
	for _, c := range v.byCurrency() {
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			textCell(c.currency.Code), principalCell(c.tendered, v.notes(c.currency)), principalCell(c.accepted, v.notes(c.currency)),
			principalCell(c.tendered-c.accepted, v.notes(c.currency)), cashCell(c.consideration, c.currency),
			cashCell(c.interest, c.currency), cashCell(c.cash, c.currency),
		}})
		if v.Exchanged != nil {
			row := &t.Rows[len(t.Rows)-1]
			row.Cells = append(row.Cells, principalCell(c.newNotes, c.currency), cashCell(c.fractions, c.currency))
		}
		if v.Consents != nil {
			row := &t.Rows[len(t.Rows)-1]
			row.Cells = append(row.Cells, cashCell(c.consents, c.currency))
		}
	}
	t.Notes = v.priceSentences()
	if v.Alloc.Settled != nil {
		t.Notes = append(t.Notes, "This run only; what was paid at the early settlement is not in it.")
	}
	return t, nil
}
