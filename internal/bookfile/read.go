package bookfile

import (
	"bytes"
	"fmt"
	"time"

	"tenderbook/allocation"
	"tenderbook/offer"
)

// maxID is the most bytes of an instruction's id.
const maxID = 200

// An action is what a row asks for.
type action uint8

const (
	tenders action = iota
	withdraws
	guarantees
	delivers
	consents
)

var actionNames = []string{"tender", "withdraw", "guarantee", "deliver", "consent"}

// facts are what a row says, read and checked by itself.
type facts struct {
	id        []byte
	action    action
	series    int
	received  int64 // nanoseconds since 1970
	principal int64 // minor units
	steps     int64 // of a tender: denominations above the minimum
	all       bool  // a withdrawal or delivery of all that there is
	hasBid    bool
	bid       int64 // steps of the grid, as allocation has it
	atLeast   int64 // minor units; 0: unconditional

	plainNames bool // no name needs a guard; false if that is not known
}

// A reader reads rows. It is for one goroutine.
type reader struct {
	*job
	instants
	bidSteps map[string]int64 // what bids of each series came to
	problems []Problem        // of the row read last
}

func (j *job) newReader() *reader {
	return &reader{job: j, instants: instants{zone: j.zone}, bidSteps: map[string]int64{}}
}

// read checks a row and takes what it says. If it reports false, r.problems
// holds all that is wrong with it.
func (r *reader) read(v *view, f *facts) bool {
	if r.terms.Kind != "consent" && r.quick(v, f) {
		return true
	}
	r.problems = r.problems[:0]
	*f = facts{}
	if len(v.ends) != r.layout.fields || len(v.field(r.layout.at[colInstruction])) == 0 && allEmpty(v) {
		return r.ragged(v)
	}
	f.id = r.name(v, colInstruction)
	r.readAction(v, f)
	r.readSeries(v, f)
	r.readReceived(v, f)
	r.readPrincipal(v, f)
	if column := r.layout.at[colBid]; column >= 0 {
		r.readBid(v, f)
	}
	if column := r.layout.at[colAtLeast]; column >= 0 {
		r.readAtLeast(v, f)
	}
	r.readRefersTo(v, f)
	for _, c := range [...]int{colParticipant, colAccount, colHolder} {
		if r.layout.at[c] >= 0 {
			r.name(v, c)
		}
	}
	return len(r.problems) == 0
}

func (r *reader) refuse(column int, value []byte, why string) {
	name := columnNames[column]
	if at := r.layout.at[column]; at >= 0 {
		name = r.layout.names[at]
	}
	r.problems = append(r.problems, Problem{Column: name, Value: string(value), Why: why})
}

func (r *reader) refuseRow(why string) {
	r.problems = append(r.problems, Problem{Column: "row", Why: why})
}

func (r *reader) ragged(v *view) bool {
	if allEmpty(v) {
		r.refuseRow("has only empty cells: delete it")
	} else {
		r.refuseRow(fmt.Sprintf("has %d fields, the header has %d", len(v.ends), r.layout.fields))
	}
	return false
}

func allEmpty(v *view) bool {
	for c := range v.ends {
		if len(v.field(c)) > 0 {
			return false
		}
	}
	return true
}

// name reads a column that names somebody or something, without the single
// quote that guards it.
func (r *reader) name(v *view, column int) []byte {
	raw := v.field(r.layout.at[column])
	if len(raw) == 0 {
		if r.needed[column] != "" {
			r.refuse(column, raw, "is empty: "+r.needed[column])
		}
		return nil
	}
	text := raw
	if raw[0] == '\'' {
		text = unguard(raw)
	}
	switch {
	case text[0] == ' ' || text[len(text)-1] == ' ':
		r.refuse(column, raw, "begins or ends with a space")
	case len(text) > maxID && column == colInstruction:
		r.refuse(column, raw, fmt.Sprintf("has %d bytes, at most %d are allowed", len(text), maxID))
	case !v.plain && bytes.ContainsFunc(text, isControl):
		r.refuse(column, raw, "contains a line end, a tab or another control character")
	}
	return text
}

func isControl(c rune) bool { return c < ' ' || c >= 0x7f && c < 0xa0 }

func (r *reader) readAction(v *view, f *facts) {
	raw := v.field(r.layout.at[colAction])
	switch string(raw) {
	case "":
		if r.terms.Kind == "consent" {
			f.action = consents
		}
	case "tender":
		if r.terms.Kind == "consent" {
			r.refuse(colAction, raw, "is not open: the offer asks for consents, not for notes")
		}
	case "consent":
		f.action = consents
	case "withdraw":
		f.action = withdraws
	case "guarantee":
		f.action = guarantees
		if r.terms.Dates.GuaranteedDelivery.IsZero() {
			r.refuse(colAction, raw, "is not open: the offer has no guaranteed delivery")
		}
	case "deliver":
		f.action = delivers
	default:
		why := "is not one of tender, withdraw, guarantee, deliver, consent"
		if near := offer.Nearest(string(raw), actionNames); near != "" {
			why += fmt.Sprintf(": did you mean %q?", near)
		}
		r.refuse(colAction, raw, why)
	}
}

func (r *reader) readSeries(v *view, f *facts) {
	raw := v.field(r.layout.at[colSeries])
	f.series = r.names.find(raw)
	if f.series < 0 {
		r.refuse(colSeries, raw, r.names.unknown(string(raw)))
		return
	}
	if f.action == consents {
		if c := r.terms.Series[f.series].Consent; c == nil || !c.Alone {
			r.refuse(colAction, []byte("consent"), fmt.Sprintf("is not asked for alone: series %s takes no consents without a tender", r.series[f.series].id))
		}
	}
}

func (r *reader) readReceived(v *view, f *facts) {
	raw := v.field(r.layout.at[colReceivedAt])
	at, ok := r.instants.parse(raw)
	switch {
	case !ok:
		r.refuse(colReceivedAt, raw, whyNotInstant(string(raw), r.job.zone))
	case at < r.commenced:
		r.refuse(colReceivedAt, raw, fmt.Sprintf("is before the offer commenced on %s", r.terms.Commenced))
	}
	f.received = at
}

func (r *reader) readRefersTo(v *view, f *facts) {
	raw := v.field(r.layout.at[colRefersTo])
	needs := f.action == withdraws || f.action == delivers
	switch {
	case needs && len(raw) == 0:
		r.refuse(colRefersTo, raw, fmt.Sprintf("is empty: needs the instruction that this one %s", actionNames[f.action]+"s"))
	case needs:
		r.name(v, colRefersTo)
	case len(raw) > 0:
		r.refuse(colRefersTo, raw, "has no meaning here: only a withdrawal or delivery refers to another instruction")
	}
}

// stand says on which side of the deadlines a tender fell, and whether it
// counts.
func (j *job) stand(series int, received int64) (allocation.Timing, standing) {
	timing := allocation.Early
	if received > j.early || received > j.series[series].expires {
		timing = allocation.Late
	}
	switch {
	case received > j.series[series].expires:
		return timing, afterExpiration
	case received > j.asOf:
		return timing, afterAsOf
	case j.terminated(series) != "":
		return timing, ofTerminated
	case j.only == OnlyEarly && timing == allocation.Late, j.only == OnlyLate && timing == allocation.Early:
		return timing, otherTiming
	}
	return timing, counts
}

func (j *job) localTime(at int64) string {
	return time.Unix(0, at).In(j.zone).Format("2006-01-02 15:04:05 -07:00")
}
