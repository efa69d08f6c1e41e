package report

import (
	"tenderbook/allocation"
)

// A rest is what was tendered of a series and took part at no step, so that the
// lines of a waterfall add up to what was tendered.
type rest struct {
	line  allocation.Line // series, timing, tendered and returned
	level string          // in place of a level
	why   string          // what cut it
}

// rests lists what took part at no step: series that are terminated, tenders
// whose own condition was not met, bids worse than the one at which an auction
// cleared.
func (v *view) rests() (all []rest) {
	for i := range v.series {
		for _, timing := range []allocation.Timing{allocation.Early, allocation.Late} {
			left := v.tendered(i, timing) - v.served(i, timing)
			add := func(n int64, level, why string) {
				if n > 0 {
					all = append(all, rest{allocation.Line{Series: i, Timing: timing, Tendered: n, Returned: n, BoundBy: -1}, level, why})
				}
			}
			if i < len(v.Terminated) && v.Terminated[i] != "" {
				add(left, "ended", "terminated")
				continue
			}
			dropped := v.dropped(i, timing)
			add(dropped, "at least", "condition of the tender")
			add(left-dropped, "worse", "bid worse than clearing")
		}
	}
	return all
}

// tendered is what was tendered of a series in time for a timing.
func (v *view) tendered(i int, timing allocation.Timing) int64 {
	sum := v.series[i].sum
	if timing == allocation.Early {
		return sum.early
	}
	return sum.tendered - sum.early
}

// served is what of it took part at a step. At the later levels of a series
// that is what the earlier ones left of the same tenders.
func (v *view) served(i int, timing allocation.Timing) (sum int64) {
	for _, step := range v.Decision.Steps {
		for _, l := range step.Lines {
			if l.Series == i && l.Timing == timing && l.Place == 0 {
				sum += l.Tendered
			}
		}
	}
	return sum
}

func (v *view) dropped(i int, timing allocation.Timing) (sum int64) {
	for _, x := range v.Decision.Dropped {
		if x.Series == i && x.Timing == timing {
			sum += x.Principal
		}
	}
	return sum
}

// row is a rest as a line of the waterfall.
func (r *rest) row(fields []lineField) (row Row) {
	for _, f := range fields {
		switch f.Key {
		case "level":
			row.Cells = append(row.Cells, textCell(r.level))
		case "factor", "available":
			row.Cells = append(row.Cells, none)
		case "cut_by":
			row.Cells = append(row.Cells, textCell(r.why))
		default:
			row.Cells = append(row.Cells, f.of(&allocation.Step{}, &r.line))
		}
	}
	return row
}

// severalLevels says how the lines of series at several levels add up.
func (v *view) severalLevels() []string {
	for _, step := range v.Decision.Steps {
		for _, l := range step.Lines {
			if l.Place > 0 {
				return []string{"Of a series at several levels each takes up what the one before left: its tenders count once in the totals."}
			}
		}
	}
	return nil
}
