package bookfile

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"tenderbook/allocation"
	"tenderbook/money"
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

func (r *reader) readPrincipal(v *view, f *facts) {
	raw := v.field(r.layout.at[colPrincipal])
	if len(raw) == 0 && (f.action == withdraws || f.action == delivers) {
		f.all = true
		return
	}
	amount, ok := r.readAmount(colPrincipal, raw, f)
	if !ok || f.series < 0 || f.action == withdraws || f.action == delivers {
		return
	}
	s := &r.series[f.series]
	if f.steps, ok = s.steps(amount); !ok {
		r.refuse(colPrincipal, raw, s.misfit(amount))
	}
	f.principal = amount
}

// readAmount reads an amount of the row's series, above zero.
func (r *reader) readAmount(column int, raw []byte, f *facts) (int64, bool) {
	currency := money.Currency{Code: "it", Digits: 3} // of an unknown series: the most that any has
	if f.series >= 0 {
		currency = r.series[f.series].currency
	}
	minor, ok := parseMinor(raw, currency.Digits)
	if !ok {
		amount, err := money.ParseAmount(string(raw), currency)
		if err != nil {
			r.refuse(column, raw, whyNotAmount(string(raw), err))
			return 0, false
		}
		minor = amount.Minor
	}
	f.principalIfUnset(column, minor)
	if minor <= 0 {
		r.refuse(column, raw, "is not above zero")
		return 0, false
	}
	return minor, true
}

// principalIfUnset keeps the part that a withdrawal or delivery speaks of.
func (f *facts) principalIfUnset(column int, minor int64) {
	if column == colPrincipal {
		f.principal = minor
	}
}

// parseMinor reads digits with at most one point, as most books have them,
// without separators.
func parseMinor(b []byte, digits int) (int64, bool) {
	if len(b) == 0 || len(b) > 15 {
		return 0, false
	}
	value, decimals := int64(0), -1
	for _, c := range b {
		if d := c - '0'; d <= 9 {
			value = value*10 + int64(d)
			if decimals >= 0 {
				decimals++
			}
		} else if c == '.' && decimals < 0 {
			decimals = 0
		} else {
			return 0, false
		}
	}
	if decimals == 0 || decimals > digits || b[0] == '.' {
		return 0, false
	}
	for i := max(decimals, 0); i < digits; i++ {
		value *= 10
	}
	return value, true
}

// whyNotAmount takes the value off the front of an error of package money.
func whyNotAmount(s string, err error) string {
	switch {
	case s == "":
		return "is empty: needs an amount such as 1,000,000"
	case strings.Trim(s, "0123456789.,_-") != "":
		return "is not a number: needs digits alone, such as 1,000,000"
	}
	for _, joint := range []string{" ", ": "} {
		if why, ok := strings.CutPrefix(err.Error(), fmt.Sprintf("%q%s", s, joint)); ok {
			return why
		}
	}
	return err.Error()
}

func (r *reader) readBid(v *view, f *facts) {
	raw := v.field(r.layout.at[colBid])
	if len(raw) == 0 || f.series < 0 {
		return
	}
	if f.action == withdraws || f.action == delivers {
		r.refuse(colBid, raw, "has no meaning here: only a tender bids")
		return
	}
	grid := r.series[f.series].bids
	if grid == nil {
		r.refuse(colBid, raw, "is not asked for: the offer is not an auction")
		return
	}
	key := append(append([]byte(nil), byte(f.series), byte(f.series>>8)), raw...)
	step, known := r.bidSteps[string(key)]
	if !known {
		var why string
		if step, why = bidSteps(grid, string(raw)); why != "" {
			r.refuse(colBid, raw, why)
			return
		}
		r.bidSteps[string(key)] = step
	}
	f.hasBid, f.bid = true, step
}

// bidSteps turns a bid into steps of the grid, or says why it cannot be made.
func bidSteps(grid *offer.Pricing, text string) (int64, string) {
	bid, err := money.ParseDecimal(text)
	if err != nil {
		return 0, whyNotAmount(text, err)
	}
	if bid.Cmp(grid.Minimum) < 0 || bid.Cmp(grid.Maximum) > 0 {
		return 0, fmt.Sprintf("is outside the range of bids, %s to %s", grid.Minimum, grid.Maximum)
	}
	steps, err := grid.Steps(bid)
	if err != nil {
		return 0, fmt.Sprintf("is not a whole number of steps of %s from %s", grid.Increment, grid.Base)
	}
	return steps, ""
}

func (r *reader) readAtLeast(v *view, f *facts) {
	raw := v.field(r.layout.at[colAtLeast])
	if len(raw) == 0 {
		return
	}
	if f.action == withdraws || f.action == delivers {
		r.refuse(colAtLeast, raw, "has no meaning here: only a tender is conditional")
		return
	}
	amount, ok := r.readAmount(colAtLeast, raw, f)
	if ok && f.principal > 0 && amount > f.principal {
		r.refuse(colAtLeast, raw, fmt.Sprintf("is more than the principal %s", v.field(r.layout.at[colPrincipal])))
	}
	f.atLeast = amount
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
