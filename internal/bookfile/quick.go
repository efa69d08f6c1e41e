package bookfile

// quick reads a plain row as almost all are: a tender without bid or condition,
// from names that are neither guarded nor mistyped. It reports false for every
// other row, good or bad, which is then read with all checks; what it takes is
// what they would take.
func (r *reader) quick(v *view, f *facts) bool {
	l := r.layout
	if r.opts.thorough || !v.plain || len(v.ends) != l.fields {
		return false
	}
	for _, c := range l.absent {
		if len(v.field(c)) > 0 {
			return false
		}
	}
	for _, c := range l.texts {
		if text := v.field(c); len(text) == 0 {
			if r.needsTexts {
				return false
			}
		} else if unusualStart[text[0]] || text[len(text)-1] == ' ' {
			return false
		}
	}
	id := v.field(l.at[colInstruction])
	if len(id) == 0 || len(id) > maxID || unusualStart[id[0]] || id[len(id)-1] == ' ' {
		return false
	}
	if c := l.at[colAction]; c >= 0 {
		if text := v.field(c); len(text) > 0 && string(text) != "tender" {
			return false
		}
	}
	series := r.names.find(v.field(l.at[colSeries]))
	if series < 0 {
		return false
	}
	received, ok := r.instants.parse(v.field(l.at[colReceivedAt]))
	if !ok || received < r.commenced {
		return false
	}
	s := &r.series[series]
	principal, ok := parseMinor(v.field(l.at[colPrincipal]), s.currency.Digits)
	if !ok || principal <= 0 {
		return false
	}
	steps, ok := s.steps(principal)
	if !ok {
		return false
	}
	f.id, f.action, f.series, f.received, f.principal, f.steps = id, tenders, series, received, principal, steps
	f.all, f.hasBid, f.bid, f.atLeast, f.plainNames = false, false, 0, 0, true
	return true
}

// unusualStart are the first letters of text that may need a guard, have one,
// or are a mistake.
var unusualStart = func() (all [256]bool) {
	all = runsAsFormula
	all[' '], all['\''] = true, true
	return all
}()
