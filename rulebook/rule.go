package rulebook

import (
	"tenderbook/calendar"
)

// A Rule is one dated entry of the rulebook.
type Rule struct {
	ID        string // stable: a rule may retire, its id does not get a new meaning
	Title     string // what it asks for
	Citation  string
	Confirmed bool     // its text, or a summary of it, was read in a source; false: general knowledge, marked (K) in the docs
	In        []Scope  // the sets of rules it belongs to, each with its dates
	Days      int      // the period it sets, in business days counting the first; 0: none
	Facts     []string // keys of offer.Terms.Facts that it may ask for

	check func(*Rule, *situation) []Finding
}

// A Scope says in which set of rules a rule stands, and for offers commenced
// (changes noticed) on which dates.
type Scope struct {
	Set         string        // as in the offer file: us-14e, ...
	From, Until calendar.Date // both included; a zero Until is open
}

// The sets of rules of the offer file.
const (
	us14E     = "us-14e"
	usFiveDay = "us-14e-five-day"
	us13E4    = "us-13e-4"
	ukEUDebt  = "uk-eu-debt"
)

// Rules is the table, in the order in which [Check] goes through it. The
// caller may keep it.
func Rules() []Rule { return append([]Rule(nil), table...) }

// inForce finds the scope of a rule for a set on a date.
func (r *Rule) inForce(set string, on calendar.Date) (Scope, bool) {
	for _, in := range r.In {
		if in.Set == set && !on.Before(in.From) && (in.Until.IsZero() || !on.After(in.Until)) {
			return in, true
		}
	}
	return Scope{}, false
}

// Text says the dates of a scope: "since 1987-01-01", "2015-01-23 to
// 2026-06-29".
func (s Scope) Text() string {
	if s.Until.IsZero() {
		return "since " + s.From.String()
	}
	return s.From.String() + " to " + s.Until.String()
}
