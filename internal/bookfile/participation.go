package bookfile

import "time"

// maxCells is the most cells of a participation: beyond it the steps grow to
// several hours.
const maxCells = 1 << 18

// A participation counts what came in, by series and step of time. It is for
// charts.
type participation struct {
	from  int64 // nanoseconds since 1970
	step  int64 // nanoseconds
	steps int
	cells []Hour // by series, then step
}

// An Hour is what one series received in one hour (or several, see
// [Participation]) of the instructions that count.
type Hour struct {
	Tenders   int64 // instructions
	Tendered  int64 // principal, minor units
	Withdrawn int64 // principal that withdrawals took back in that hour
}

// Participation is what came in over time.
type Participation struct {
	From   time.Time     // the start of the first step
	Step   time.Duration // one hour, or several where an offer is long and has many series
	Series [][]Hour      // by index of the series
}

func newParticipation(j *job) participation {
	p := participation{from: j.commenced, step: int64(time.Hour)}
	last := int64(0)
	for _, s := range j.series {
		last = max(last, s.expires)
	}
	if d := j.terms.Dates; j.commenced < 0 || d.Expiration.IsZero() || last <= j.commenced {
		return p // no time over which to count
	}
	for {
		p.steps = int((last-p.from)/p.step) + 1
		if p.steps*len(j.series) <= maxCells {
			break
		}
		p.step += int64(time.Hour)
	}
	p.cells = make([]Hour, p.steps*len(j.series))
	return p
}

// empty is the same participation with nothing counted yet.
func (p *participation) empty() participation {
	e := *p
	e.cells = make([]Hour, len(p.cells))
	return e
}

// at is the cell of a series and time; nil if the time is outside, or nobody
// asked.
func (p *participation) at(series int, received int64) *Hour {
	if p.steps == 0 {
		return nil
	}
	step := (received - p.from) / p.step
	if uint64(step) >= uint64(p.steps) {
		return nil
	}
	return &p.cells[series*p.steps+int(step)]
}

func (p *participation) tender(series int, received, principal, n int64) {
	if cell := p.at(series, received); cell != nil {
		cell.Tenders += n
		cell.Tendered += n * principal
	}
}

func (p *participation) withdraw(series int, received, principal int64) {
	if cell := p.at(series, received); cell != nil {
		cell.Withdrawn += principal
	}
}

func (p *participation) add(o *participation) {
	for i, c := range o.cells {
		p.cells[i].Tenders += c.Tenders
		p.cells[i].Tendered += c.Tendered
		p.cells[i].Withdrawn += c.Withdrawn
	}
}

func (p *participation) result(zone *time.Location) Participation {
	r := Participation{From: time.Unix(0, p.from).In(zone), Step: time.Duration(p.step)}
	for at := 0; at < len(p.cells); at += p.steps {
		r.Series = append(r.Series, p.cells[at:at+p.steps])
	}
	return r
}
