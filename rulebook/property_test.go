package rulebook

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tenderbook/calendar"
	"tenderbook/offer"
)

// anyTerms draws an offer under one of the sets with random dates, limits and
// answers.
func anyTerms(t *rapid.T) *offer.Terms {
	base := rapid.SampledFrom([]func() *offer.Terms{level3, fiveDay, byOrder, shares, european}).Draw(t, "base")()
	start := calendar.NewDate(1985, 1, 1).AddDays(rapid.IntRange(0, 365*60).Draw(t, "commenced"))
	base.Commenced = start
	base.Dates.Expiration = anyDeadline(t, start, "expiration")
	base.Dates.Withdrawal = anyDeadline(t, start, "withdrawal")
	base.Dates.EarlyTender = anyDeadline(t, start, "early")
	base.Dates.Settlement = start.AddDays(rapid.IntRange(0, 60).Draw(t, "settlement"))
	base.Acceptance.Order = rapid.SampledFrom([]string{"priority", "early-first", "auction"}).Draw(t, "order")
	base.Acceptance.IfExceeded = rapid.SampledFrom([]string{"prorate", "reject-and-continue"}).Draw(t, "if_exceeded")
	if rapid.Bool().Draw(t, "forget") {
		clear(base.Facts)
	}
	return base
}

func anyDeadline(t *rapid.T, start calendar.Date, label string) calendar.Deadline {
	day := start.AddDays(rapid.IntRange(0, 60).Draw(t, label))
	clock := rapid.SampledFrom([]string{"12:00", "17:00", "23:59", "24:00"}).Draw(t, label+" time")
	return deadline("by "+day.String()+" "+clock, newYork)
}

func TestTheEarliestDeadlineOfARuleIsExactlyThat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := anyTerms(t)
		for _, f := range Check(launch(terms)) {
			if f.Earliest.IsZero() || f.Change != 0 || f.Rule == "R10" || f.Rule == "R12" || f.Rule == "R25" {
				continue
			}
			atEarliest := with(terms, func(x *offer.Terms) { x.Dates.Expiration = f.Earliest })
			if g := find(Check(launch(atEarliest)), f.Rule); g.Verdict != Pass && !strings.Contains(g.Why, "counts or not") || !g.Earliest.At.Equal(f.Earliest.At) {
				t.Fatalf("%s names %s, and there says %s: %s", f.Rule, f.Earliest, g.Verdict, g.Why)
			}
			before := deadline("by "+calendar.DateOf(f.Earliest.At.Add(-26*time.Hour)).String()+" 17:00", newYork)
			tooEarly := with(terms, func(x *offer.Terms) { x.Dates.Expiration = before })
			if g := find(Check(launch(tooEarly)), f.Rule); g.Verdict == Pass {
				t.Fatalf("%s names %s, and lets %s pass", f.Rule, f.Earliest, before)
			}
		}
	})
}

func find(fs []Finding, rule string) Finding {
	for _, f := range fs {
		if f.Rule == rule {
			return f
		}
	}
	return Finding{}
}

func TestALaterExpirationNeverMakesAPeriodWorse(t *testing.T) {
	periods := map[string]bool{"R1": true, "R2": true, "R6": true, "R10h": true, "R10i": true, "R11": true, "R12f": true, "R12g": true, "R20": true, "R20a": true, "R30": true}
	rapid.Check(t, func(t *rapid.T) {
		terms := anyTerms(t)
		notice := terms.Commenced.AddDays(rapid.IntRange(0, 40).Draw(t, "notice"))
		h := []Version{{Terms: terms}, {time.Date(notice.Year, notice.Month, notice.Day, 12, 0, 0, 0, newYork), with(terms, raisePrice, withdrawal("by 2030-01-02 17:00"))}}
		later := anyDeadline(t, terms.Dates.Expiration.Date(), "later")
		if later.At.Before(terms.Dates.Expiration.At) {
			t.Skip("the same day, at an earlier hour")
		}
		long := []Version{h[0], {h[1].Effective, with(h[1].Terms, func(x *offer.Terms) { x.Dates.Expiration = later })}}
		for _, f := range Check(long) {
			if g := find(Check(h), f.Rule); periods[f.Rule] && f.Verdict > g.Verdict && g.Why != "" {
				t.Fatalf("%s: %s at %s, %s at %s", f.Rule, g.Verdict, terms.Dates.Expiration, f.Verdict, later)
			}
		}
	})
}

func TestFindingsAreCompleteAndTheSameEachTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := launch(anyTerms(t))
		first, second := Check(h), Check(h)
		if len(first) == 0 {
			t.Fatal("nothing was found, not even that there is nothing to judge by")
		}
		for i, f := range first {
			if f.Rule == "" || f.Title == "" || f.Why == "" || f.Verdict == Fail && !f.Confirmed {
				t.Fatalf("finding is not complete: %+v", f)
			}
			if g := second[i]; g.Rule != f.Rule || g.Verdict != f.Verdict || g.Why != f.Why {
				t.Fatalf("found %+v, then %+v", f, g)
			}
		}
	})
}
