package offer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tenderbook/calendar"
)

// The values of this file are the vocabulary of the tables in keys.go. Each
// takes the field of T that it fills.

// scalarOf reads a single value with parse, whose error says what was found
// and what was needed.
func scalarOf[T, V any](s shape, to func(*T) *V, parse func(r *reader, n *node) (V, error), show func(*T, V) []line) value[T] {
	return value[T]{
		shape: s,
		read: func(r *reader, n *node, t *T) {
			if n.kind != scalar {
				r.report(n, n.describe()+" stands where one value belongs", kinds[s.kind].needs, "")
				return
			}
			v, err := parse(r, n)
			if err != nil {
				r.reportError(n, err)
				return
			}
			*to(t) = v
		},
		show: func(t *T) []line { return show(t, *to(t)) },
	}
}

// A wrong is an error of a single value, with the parts of a [Problem].
type wrong struct{ found, needed, hint string }

func (w wrong) Error() string { return w.found }

func (r *reader) reportError(n *node, err error) {
	if w, ok := err.(wrong); ok {
		r.report(n, w.found, w.needed, w.hint)
		return
	}
	r.report(n, err.Error(), "", "")
}

// text is any text on one or several lines.
func text[T any](to func(*T) *string) value[T] {
	return scalarOf(shape{kind: "text"}, to, func(r *reader, n *node) (string, error) {
		s := strings.TrimSpace(n.text)
		if s == "" {
			return "", wrong{"is empty", "text", ""}
		}
		return s, nil
	}, func(_ *T, s string) []line { return showText(s) })
}

// word is one of a few words.
func word[T any](to func(*T) *string, words ...string) value[T] {
	return scalarOf(shape{kind: "word", words: words}, to, func(r *reader, n *node) (string, error) {
		return oneWord(n.text, words)
	}, func(_ *T, s string) []line { return showText(s) })
}

func oneWord(s string, words []string) (string, error) {
	if slices.Contains(words, s) {
		return s, nil
	}
	return "", wrong{quote(s) + " is not known here", oneOf(words), didYouMean(s, words)}
}

// flag is true or false.
func flag[T any](to func(*T) *bool) value[T] {
	return scalarOf(shape{kind: "flag"}, to, func(r *reader, n *node) (bool, error) {
		switch n.text {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
		hint := map[string]string{"yes": "did you mean true?", "no": "did you mean false?"}[strings.ToLower(n.text)]
		return false, wrong{quote(n.text) + " is neither true nor false", `"true" or "false"`, hint}
	}, func(_ *T, b bool) []line {
		return showText(strconv.FormatBool(b))
	})
}

// whole is a whole number between two bounds.
func whole[T any](to func(*T) *int, least, most int) value[T] {
	return scalarOf(shape{kind: "whole", least: least, most: most}, to, func(r *reader, n *node) (int, error) {
		i, err := strconv.Atoi(n.text)
		if err != nil || i < least || i > most {
			return 0, wrong{quote(n.text) + " does not fit", fmt.Sprintf("a whole number from %d to %d", least, most), ""}
		}
		return i, nil
	}, func(_ *T, i int) []line {
		if i == 0 {
			return nil
		}
		return showText(strconv.Itoa(i))
	})
}

// date is a day: 2004-10-29.
func date[T any](to func(*T) *calendar.Date) value[T] {
	return scalarOf(shape{kind: "date"}, to, func(r *reader, n *node) (calendar.Date, error) {
		return parseDate(n.text)
	}, func(_ *T, d calendar.Date) []line { return showText(d.String()) })
}

func parseDate(s string) (calendar.Date, error) {
	d, err := calendar.ParseDate(s)
	if err == nil && (d.Year < 1900 || d.Year > 2200) {
		return d, wrong{quote(s) + " lies outside the years 1900 to 2200", "a date such as 2004-10-29", ""}
	}
	if err != nil {
		return d, wrong{quote(s) + " is not a date of the calendar", "year-month-day, such as 2004-10-29", dateHint(s)}
	}
	return d, nil
}

// dateHint tries the other ways in which people write dates.
func dateHint(s string) string {
	for _, layout := range []string{"2 January 2006", "2 Jan 2006", "January 2, 2006", "Jan 2, 2006", "2006/01/02", "2006-1-2", "20060102", "2006-01-02T15:04:05Z07:00", "2.1.2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return fmt.Sprintf("did you mean %s?", calendar.DateOf(t))
		}
	}
	if us, err := time.Parse("1/2/2006", s); err == nil {
		if uk, err := time.Parse("2/1/2006", s); err == nil && uk != us {
			return fmt.Sprintf("did you mean %s or %s?", calendar.DateOf(us), calendar.DateOf(uk))
		}
		return fmt.Sprintf("did you mean %s?", calendar.DateOf(us))
	}
	return ""
}

// deadline is a local time of the offer's zone with a side.
func deadline[T any](to func(*T) *calendar.Deadline) value[T] {
	return scalarOf(shape{kind: "deadline"}, to, func(r *reader, n *node) (calendar.Deadline, error) {
		zone := r.zone
		if zone == nil {
			zone = time.UTC // the zone is a problem of its own, or in another file
		}
		d, err := calendar.ParseDeadline(n.text, zone)
		if err != nil {
			return d, wrong{err.Error(), "", deadlineHint(n.text)}
		}
		return d, nil
	}, func(_ *T, d calendar.Deadline) []line { return showText(d.String()) })
}

// deadlineHint shows both readings of what names no end of the day, and both
// sides of what has none.
func deadlineHint(s string) string {
	side, local, ok := strings.Cut(s, " ")
	if !ok || side != "by" && side != "before" {
		if _, err := calendar.ParseLocal(s, time.UTC); err == nil {
			return fmt.Sprintf("did you mean \"by %s\" or \"before %s\"?", s, s)
		}
		return dayEnds("by ", s)
	}
	return dayEnds(side+" ", local)
}

// dayEnds offers the two ends of a day where a local time names neither.
func dayEnds(side, local string) string {
	day, clock, _ := strings.Cut(local, " ")
	d, err := calendar.ParseDate(day)
	if err != nil || !strings.HasPrefix(clock, "00:00") && !strings.Contains(strings.ToLower(clock), "midnight") {
		return ""
	}
	return fmt.Sprintf("did you mean \"%s%s 24:00\" (the start of that day) or \"%s%s 24:00\" (its end)?", side, d.AddDays(-1), side, d)
}

// localTime is a local time of the offer's zone, kept as text: an amendment
// does not know the zone.
func localTime[T any](to func(*T) *string) value[T] {
	return scalarOf(shape{kind: "local-time"}, to, func(r *reader, n *node) (string, error) {
		if _, err := calendar.ParseLocal(n.text, time.UTC); err != nil {
			return "", wrong{err.Error(), "", dayEnds("", n.text)}
		}
		return n.text, nil
	}, func(*T, string) []line { return nil }) // of the file, not of the terms
}
