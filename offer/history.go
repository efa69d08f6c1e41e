package offer

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"tenderbook/calendar"
)

// A Version is the terms of an offer from one time to the next amendment.
type Version struct {
	Effective time.Time // from when; the first version: the start of the day on which the offer commenced
	File      string    // the file that made it
	Terms     *Terms

	root *node
}

// A History is an offer with its amendments.
type History struct {
	versions []Version
	warnings Problems
}

// NewHistory joins amendments to their offer, in the order in which they take
// effect. It returns [Problems] where an amendment is of another offer, reaches
// back before the offer commenced or before another that has the same time,
// sets a deadline that has passed, or changes nothing, and where the terms that
// it leads to could not have been read as an offer. A problem points into the
// file that the key came from.
func NewHistory(base *File, amendments ...*File) (*History, error) {
	if base == nil || base.IsAmendment() {
		return nil, errors.New("a history begins with an offer, not with an amendment")
	}
	start := time.Date(base.Terms.Commenced.Year, base.Terms.Commenced.Month, base.Terms.Commenced.Day, 0, 0, 0, 0, base.Terms.Zone)
	h := &History{warnings: slices.Clone(base.Warnings)}
	h.versions = []Version{{start, base.Name, base.Terms, base.root}}
	timed, problems := inForce(base, amendments)
	for _, a := range timed {
		if len(problems) > 0 {
			break // later files would only show the consequences
		}
		problems = h.add(a)
	}
	if len(problems) > 0 {
		return nil, ordered(problems)
	}
	return h, nil
}

// A timedFile is an amendment with the instant at which it takes effect.
type timedFile struct {
	*File
	at time.Time
}

// inForce finds when each amendment takes effect and puts them in order.
func inForce(base *File, amendments []*File) (timed []timedFile, problems Problems) {
	for _, a := range amendments {
		if p, ok := a.misfit(base); ok {
			problems = append(problems, p)
			continue
		}
		effective := a.root.child("effective")
		at, err := calendar.ParseLocal(a.effective, base.Terms.Zone)
		switch {
		case err != nil:
			problems = append(problems, Problem{effective.at, "effective", err.Error(), "", dayEnds("", a.effective)})
		case calendar.DateOf(at).Before(base.Terms.Commenced):
			problems = append(problems, Problem{effective.at, "effective", fmt.Sprintf("%q lies before the offer commenced", a.effective), fmt.Sprintf("a time from %s on", base.Terms.Commenced), ""})
		default:
			timed = append(timed, timedFile{a, at})
		}
	}
	slices.SortStableFunc(timed, func(a, b timedFile) int { return a.at.Compare(b.at) })
	for i := 1; i < len(timed); i++ {
		if timed[i].at.Equal(timed[i-1].at) {
			problems = append(problems, Problem{timed[i].root.child("effective").at, "effective", fmt.Sprintf("%q is the time of %s too", timed[i].effective, timed[i-1].Name), "a time of its own, as it decides the order", ""})
		}
	}
	return timed, problems
}

// misfit says why a file cannot amend an offer at all.
func (f *File) misfit(base *File) (Problem, bool) {
	if !f.IsAmendment() {
		return Problem{f.root.at, "", fmt.Sprintf("is an offer of its own, %s", f.Terms.ID), fmt.Sprintf("an amendment, with the key amends: %s", base.Terms.ID), ""}, true
	}
	if f.Amends != base.Terms.ID {
		return Problem{f.root.child("amends").at, "amends", fmt.Sprintf("%q is another offer", f.Amends), fmt.Sprintf("%q, the offer of %s", base.Terms.ID, base.Name), ""}, true
	}
	return Problem{}, false
}

// add joins one amendment to the terms in force before it.
func (h *History) add(a timedFile) Problems {
	before := h.versions[len(h.versions)-1]
	root, problems := amend(before.root, a.root)
	if len(problems) > 0 {
		return problems
	}
	doc, problems, warnings := readTree(root, wholeOffer)
	if len(problems) > 0 {
		return problems
	}
	if len(Diff(before.Terms, &doc.Terms)) == 0 {
		return Problems{{a.root.at, "", "the amendment changes nothing", "at least one key that differs from the terms before", ""}}
	}
	if problems = passedDeadlines(a, before.Terms, &doc.Terms); len(problems) > 0 {
		return problems
	}
	for _, w := range warnings {
		if !slices.Contains(h.warnings, w) {
			h.warnings = append(h.warnings, w)
		}
	}
	h.versions = append(h.versions, Version{a.at, a.Name, &doc.Terms, root})
	return nil
}

// passedDeadlines finds deadlines that an amendment moves to a time before it
// takes effect: nobody could have kept to them.
func passedDeadlines(a timedFile, before, after *Terms) (problems Problems) {
	for _, d := range []struct {
		key      string
		old, new calendar.Deadline
	}{
		{"early_tender", before.Dates.EarlyTender, after.Dates.EarlyTender},
		{"withdrawal", before.Dates.Withdrawal, after.Dates.Withdrawal},
		{"expiration", before.Dates.Expiration, after.Dates.Expiration},
	} {
		if n := a.root.child("dates").child(d.key); n != nil && d.old != d.new && !d.new.IsZero() && d.new.At.Before(a.at) {
			problems = append(problems, Problem{n.at, "dates." + d.key, fmt.Sprintf("%q lies before the amendment takes effect, %s", d.new, a.effective), "a time after it", ""})
		}
	}
	return problems
}

// At gives the terms in force at a time. Before the offer commenced it gives
// the first ones.
func (h *History) At(t time.Time) *Terms {
	in := h.versions[0].Terms
	for _, v := range h.versions {
		if !v.Effective.After(t) {
			in = v.Terms
		}
	}
	return in
}

// Final gives the terms after all amendments.
func (h *History) Final() *Terms { return h.versions[len(h.versions)-1].Terms }

// Versions lists the terms in the order of time, the offer as made first.
func (h *History) Versions() []Version { return slices.Clone(h.versions) }

// Warnings are what is allowed and looks wrong, in the offer and its
// amendments.
func (h *History) Warnings() Problems { return slices.Clone(h.warnings) }
