// Package rulebook judges an offer by the law of its own dates.
//
// Each rule is an entry in a table, with its citation and the dates between
// which it is in force: Level 3's offers of 2004 are judged by twenty business
// days, a five-day offer of 2019 by the staff letter of 2015, one of July 2026
// by the order that replaced it. docs/rules.md is printed from the table.
//
// It is a calculator, not a lawyer. [Check] says which tests ran, on what
// inputs, and what each found and needed; it never says that an offer is
// lawful. What the terms do not show is asked for by name (offer.Terms.Facts),
// and a rule whose text was not confirmed does not fail an offer: it hands it
// to a person.
//
// Days are law days, [calendar.USFederal]; a day ends at 24:00 in New York.
package rulebook

import (
	"fmt"
	"time"

	"tenderbook/calendar"
	"tenderbook/offer"
)

// A Verdict is what a rule makes of an offer.
type Verdict uint8

// The verdicts, from the lightest to the gravest.
const (
	Pass       Verdict = iota // the test ran and found what the rule asks for
	Warn                      // custom or caution: nothing that blocks
	NeedsHuman                // the test cannot decide: a fact is missing, or the rule's text was not confirmed
	Fail                      // the test ran and found something else
)

// String gives "pass", "warn", "needs-human" or "fail".
func (v Verdict) String() string {
	return [...]string{"pass", "warn", "needs-human", "fail"}[v]
}

// A Version is the terms from one time on. The first of a history is the
// launch; each later one is a change of terms.
type Version struct {
	Effective time.Time    // when notice of it was first given to holders
	Terms     *offer.Terms // all terms then in force, not only what changed
}

// A Finding is what one rule found in an offer, or in one change of it.
type Finding struct {
	Rule      string // stable id, such as "R2"
	Title     string
	Change    int // index of the Version that was judged: 0 the launch, i a change
	Verdict   Verdict
	Inputs    []Input           // what the test looked at, in a fixed order
	Why       string            // what was found and what was needed, in one clause
	Earliest  calendar.Deadline // the earliest lawful deadline; zero where the rule sets none
	Citation  string
	InForce   string // from when until when, for this set of rules: "since 1987-01-01"
	Confirmed bool   // whether the rule's text was read in a source
}

// An Input is a value that a test looked at, by its name in the offer file.
type Input struct{ Name, Value string }

// EarliestText says the earliest lawful deadline for people, "24:00 on Mon 29
// Nov 2004, New York time", and "" where there is none.
func (f Finding) EarliestText() string {
	if f.Earliest.IsZero() {
		return ""
	}
	return endText(f.Earliest.Date())
}

// Worst is the gravest verdict among findings, and Pass for none.
func Worst(findings []Finding) Verdict {
	worst := Pass
	for _, f := range findings {
		worst = max(worst, f.Verdict)
	}
	return worst
}

// Check judges a history by every rule of the offer's set (offer.Terms.Rules)
// that was in force on the day of its commencement. Periods are measured to
// the expiration that the last version announces. Findings come in the order
// of the table. A rule about changes finds something for each change that it
// is about, and nothing where there is none.
//
// A set without a rule in force on the offer's date, and one that is not known,
// give a single finding that says so; the set "none" gives none. The history
// must not be empty.
func Check(history []Version) []Finding {
	s := newSituation(history)
	set := s.last.Rules
	if set == "none" {
		return nil
	}
	for i := range table {
		r := &table[i]
		for _, f := range r.check(r, s) {
			if scope, ok := r.inForce(set, s.launch.Commenced); ok {
				s.done = append(s.done, r.finish(f, scope))
			}
		}
	}
	if len(s.done) == 0 {
		s.done = []Finding{{
			Rule: "R0", Title: "There is a rule to judge by", Verdict: NeedsHuman,
			Inputs: []Input{{"rules", set}, {"commenced", s.launch.Commenced.String()}},
			Why:    fmt.Sprintf("no rule of the set %q is dated for an offer commenced on %s", set, s.launch.Commenced),
		}}
	}
	return s.done
}

// finish fills in what the rule knows about itself, and takes the edge off a
// rule whose text was not confirmed.
func (r *Rule) finish(f Finding, in Scope) Finding {
	f.Rule, f.Title, f.Citation, f.Confirmed = r.ID, r.Title, r.Citation, r.Confirmed
	f.InForce = in.Text()
	if f.Verdict == Fail && !r.Confirmed {
		f.Verdict = NeedsHuman
		f.Why += "; the text of this rule was not confirmed, so a person decides"
	}
	return f
}
