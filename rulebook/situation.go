package rulebook

import (
	"fmt"
	"strings"
	"time"

	"tenderbook/calendar"
	"tenderbook/offer"
)

// A situation is a history with what every rule needs of it.
type situation struct {
	history      []Version
	launch, last *offer.Terms
	changes      [][]Change // by version; none for the launch
	done         []Finding  // of the rules before this one
}

func newSituation(history []Version) *situation {
	s := &situation{history: history, launch: history[0].Terms, last: history[len(history)-1].Terms}
	s.changes = make([][]Change, len(history))
	for i := 1; i < len(history); i++ {
		s.changes[i] = Changes(history[i-1].Terms, history[i].Terms)
	}
	return s
}

// newYork is the zone in which days of Regulation 14E run.
var newYork = func() *time.Location {
	z, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic("rulebook: " + err.Error()) // package calendar brings the zones
	}
	return z
}()

// noticed is the day on which notice of a change was given, in New York.
func (s *situation) noticed(change int) calendar.Date {
	return calendar.DateOf(s.history[change].Effective.In(newYork))
}

// of lists the changes of one kind in a version.
func (s *situation) of(change int, kinds ...ChangeKind) []Change {
	var found []Change
	for _, c := range s.changes[change] {
		for _, k := range kinds {
			if c.Kind == k {
				found = append(found, c)
			}
		}
	}
	return found
}

// expiration is the earliest deadline at which the offer for one of the series
// ends, as the last version says; nil means all series.
func (s *situation) expiration(series []string) calendar.Deadline {
	return earliestExpiration(s.last, series)
}

func earliestExpiration(t *offer.Terms, series []string) calendar.Deadline {
	var first calendar.Deadline
	for _, x := range t.Series {
		if series != nil && !contains(series, x.ID) {
			continue
		}
		end := expirationOf(t, x)
		if first.IsZero() || end.At.Before(first.At) {
			first = end
		}
	}
	if first.IsZero() {
		return t.Dates.Expiration
	}
	return first
}

func expirationOf(t *offer.Terms, x offer.Series) calendar.Deadline {
	if x.Expiration.IsZero() {
		return t.Dates.Expiration
	}
	return x.Expiration
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// endOf is the end of a day of Regulation 14E: 24:00 in New York.
func endOf(d calendar.Date) calendar.Deadline {
	end, err := calendar.ParseDeadline("by "+d.String()+" 24:00", newYork)
	if err != nil {
		panic("rulebook: " + err.Error()) // New York never changes its clocks at midnight
	}
	return end
}

func endText(d calendar.Date) string { return "24:00 on " + d.Text() + ", New York time" }

// reaches judges whether a deadline lasts to the end of a day. The minute that
// the customary 11:59 p.m. leaves gives a warning.
func reaches(end calendar.Deadline, day calendar.Date) Verdict {
	need := endOf(day).At
	switch {
	case !end.At.Before(need):
		return Pass
	case !end.At.Before(need.Add(-time.Minute)):
		return Warn
	}
	return Fail
}

// opened judges whether the offer for some series stays open for the rule's
// period, counted from a day that is itself day 1.
func (s *situation) opened(r *Rule, from calendar.Date, series []string, since string) Finding {
	end := s.expiration(series)
	f := Finding{Inputs: []Input{{since, from.String()}, {"expiration", zoned(end)}}}
	day, err := calendar.USFederal.NthBusinessDay(from, r.Days)
	if err != nil {
		return f.cannot(err)
	}
	f.Earliest = endOf(day)
	f.Verdict = reaches(end, day)
	unsettled, err := depends(end, from, r.Days)
	if err != nil {
		return f.cannot(err)
	}
	need := fmt.Sprintf("business day %d counting %s is %s", r.Days, since, day.Text())
	switch {
	case unsettled != "":
		f.Verdict = NeedsHuman
		f.Why = fmt.Sprintf("expires %s; %s, a day more or less as %s counts or not", end, need, unsettled)
	case f.Verdict == Pass:
		f.Why = "expires " + end.String() + "; " + need
	case f.Verdict == Warn:
		f.Why = "expires " + end.String() + ", a minute before the day ends; " + need
	default:
		f.Why = "expires " + end.String() + ", needs to stay open to " + endText(day) + ": " + need
	}
	return f
}

// zoned prints a deadline with its zone, so that it means one instant.
func zoned(d calendar.Deadline) string { return d.String() + " " + d.At.Location().String() }

// cannot is the finding where a calendar or a fact gives no answer.
func (f Finding) cannot(err error) Finding {
	f.Verdict, f.Why, f.Earliest = NeedsHuman, err.Error(), calendar.Deadline{}
	return f
}

func whats(cs []Change) string {
	var parts []string
	for _, c := range cs {
		parts = append(parts, c.What)
	}
	return strings.Join(parts, "; ")
}

// affected is the union of the series of changes; nil means all.
func affected(cs []Change) []string {
	var ids []string
	for _, c := range cs {
		if c.Series == nil {
			return nil
		}
		for _, id := range c.Series {
			if !contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
