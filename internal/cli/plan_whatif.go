package cli

import (
	"strconv"
	"strings"
	"time"

	"tenderbook/book"
	"tenderbook/offer"
	"tenderbook/report"
)

// A planned is a plan with all that is printed of it.
type planned struct {
	*book.Plan
	file    planFile
	input   report.Input
	changes []string // "caps.0.amount=USD 1,200,000,000"; empty: the terms are those in force
	levels  *report.Table
}

// planned decides a run on the terms in force, or with some of their values
// changed.
func (w *planning) planned(s *book.State, run book.Run) (*planned, error) {
	x := &planned{}
	var err error
	if x.changes, err = w.changes(s); err != nil {
		return nil, err
	}
	if x.Plan, err = w.decide(s, run, x.changes); err != nil {
		return nil, err
	}
	x.file = planOf(s, x.Plan)
	if x.input, err = w.planInput(s, x.Plan); err != nil {
		return nil, err
	}
	x.levels, err = report.Waterfall(x.input)
	return x, err
}

func (w *planning) decide(s *book.State, run book.Run, changes []string) (*book.Plan, error) {
	if len(changes) == 0 {
		p, err := w.planNow(s, run)
		if err != nil {
			return nil, answered{exitTooLate, err}
		}
		return p, nil
	}
	h, err := whatIf(s.History(), changes)
	if err != nil {
		return nil, err
	}
	p, err := s.WhatIf(run, h.At(w.now()))
	if err != nil {
		return nil, refused{err}
	}
	return p, nil
}

// changes are --set and what --cap and --fx are short for.
func (w *planning) changes(s *book.State) ([]string, error) {
	changes := w.sets
	terms := s.At(w.now()).Terms
	if terms == nil {
		return changes, nil // planning says that there are no terms
	}
	for _, c := range w.caps {
		change, err := capChange(terms, c)
		if err != nil {
			return nil, err
		}
		changes = append(changes, change)
	}
	for _, rate := range w.fx {
		pair, value, ok := strings.Cut(rate, "=")
		if !ok || !strings.Contains(pair, "/") {
			return nil, usagef("", "--fx %q needs PAIR=RATE, such as EUR/USD=1.30", rate)
		}
		changes = append(changes, "exchange_rates."+pair+"="+value)
	}
	return changes, nil
}

// capChange reads "1,200,000,000", "1.2bn", "USD 1,200,000,000" or, of one cap of
// several, "NAME=AMOUNT".
func capChange(t *offer.Terms, s string) (string, error) {
	name, amount, named := strings.Cut(s, "=")
	if !named {
		name, amount = "0", s
		if len(t.Caps) != 1 {
			return "", usagef("", "--cap %q: the offer has %s, needs NAME=AMOUNT", s, count(len(t.Caps), "cap"))
		}
	}
	k, err := capIndex(t, name)
	if err != nil {
		return "", err
	}
	if amount = plainAmount(amount); amount != "" && amount[0] >= '0' && amount[0] <= '9' {
		amount = t.Caps[k].Amount.Currency.Code + " " + amount
	}
	return "caps." + strconv.Itoa(k) + ".amount=" + amount, nil
}

// returns reports whether anything that was tendered would go back.
func (p *planned) returns() bool {
	for _, step := range p.input.Decision.Steps {
		for _, l := range step.Lines {
			if l.Returned > 0 {
				return true
			}
		}
	}
	return len(p.input.Decision.Dropped) > 0
}

// A plannedJSON is what "tender plan --json" prints. Amounts are plain decimals;
// the totals are in the currency of the first cap where rates are known, and
// else of the last currency.
type plannedJSON struct {
	planFile
	AsOf          string              `json:"as_of"`
	WhatIf        []string            `json:"what_if"`
	TenderedTotal string              `json:"tendered_total"`
	AcceptedTotal string              `json:"accepted_total"`
	ReturnedTotal string              `json:"returned_total"`
	Returns       bool                `json:"returns_some"`
	Levels        []map[string]string `json:"levels"`
	Notes         []string            `json:"notes"`
}

func (p *planned) json() plannedJSON {
	x := plannedJSON{
		planFile: p.file, AsOf: p.input.AsOf.UTC().Format(time.RFC3339), WhatIf: append([]string{}, p.changes...),
		Returns: p.returns(), Levels: []map[string]string{}, Notes: p.levels.Notes,
	}
	for _, row := range p.levels.Rows {
		cells := map[string]string{}
		for i, c := range p.levels.Columns {
			cells[c.Key] = row.Cells[i].Plain
		}
		if row.Total {
			x.TenderedTotal, x.AcceptedTotal, x.ReturnedTotal = cells["tendered"], cells["accepted"], cells["returned"]
			continue
		}
		x.Levels = append(x.Levels, cells)
	}
	return x
}
