package offer

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tenderbook/bond"
	"tenderbook/calendar"
)

// maxLevel bounds acceptance priority levels. Published ladders end near 40.
const maxLevel = 999

// kinds are the kinds of values, with what each needs for problems and for
// docs/offer-file.md, and the pattern by which an editor can tell it.
var kinds = map[string]struct{ needs, example, pattern string }{
	"text":       {"text", "Senior Notes due 2008", ""},
	"word":       {"a word", "", ""},
	"flag":       {"true or false", "true", ""},
	"removal":    {"true", "true", ""},
	"whole":      {"a whole number", "1", ""},
	"number":     {"a number, such as 837.50", "837.50", numberPattern},
	"amount":     {"an amount, such as 1,203,652,000", "1,203,652,000", numberPattern},
	"money":      {"a currency and an amount, such as USD 450,000,000", "USD 450,000,000", `^[A-Z]{3} [0-9][0-9,_]*(\.[0-9]+)?$`},
	"cap-amount": {"a currency and an amount, such as USD 450,000,000, or a number of shares, such as 6,500,000 shares", "USD 450,000,000", `^([A-Z]{3} [0-9][0-9,_]*(\.[0-9]+)?|[0-9][0-9,_]* shares)$`},
	"threshold":  {"more than or at least, and a percentage, such as more than 50% or at least 66 2/3%", "more than 50%", `^(more than|at least) [0-9]+(\.[0-9]+)?( [0-9]+/[0-9]+)?%$`},
	"currency":   {"an ISO 4217 code, such as USD", "USD", `^[A-Z]{3}$`},
	"date":       {"a date, such as 2004-10-29", "2004-10-29", `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`},
	"deadline":   {"a side and a local time, such as before 2004-11-12 17:00", "by 2004-11-29 24:00", `^(by|before) [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?$`},
	"local-time": {"a local time, such as 2004-11-17 08:30", "2004-11-17 08:30", `^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?$`},
	"version":    {"1", "1", `^1$`},
	"id":         {"an id, such as LVLT-2004", "LVLT-2004", idPattern},
	"zone":       {"an IANA zone, such as America/New_York", "America/New_York", `^(UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+)+)$`},
	"day-count":  {"a day count, such as 30/360", "30/360", ""},
	"to-date":    {"maturity, par-call, earlier-of-par-call-and-maturity, or a date", "maturity", `^(maturity|par-call|earlier-of-par-call-and-maturity|[0-9]{4}-[0-9]{2}-[0-9]{2})$`},
	"level":      {"a whole number from 1", "1", ""},
	"month-day":  {"a month and a day, such as May 1", "May 1", `^([A-Z][a-z]+ [0-9]{1,2}|[0-9]{1,2} [A-Z][a-z]+)$`},
	"cusip":      {"a CUSIP of nine characters", "594918104", `^[0-9A-Z*@#]{9}$`},
	"isin":       {"an ISIN of twelve characters", "US5949181045", `^[A-Z]{2}[0-9A-Z]{9}[0-9]$`},
	"all-or-ids": {"all, or a list of series ids", "all", ""},
	"bid-price":  {"a price such as 98.734375, or in 32nds such as 98-23+", "98-23+", `^[0-9]+(\.[0-9]+|-[0-9]{2}(\+| ?[1357]/[248])?)?$`},
	"curve":      {"terms with rates, such as 5y: 2.31", "", ""},
}

const (
	numberPattern = `^-?[0-9][0-9,_]*(\.[0-9]+)?$`
	idPattern     = `^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`
)

var idForm = regexp.MustCompile(idPattern)

// version is the number of the format. There is one so far.
func version[T any](to func(*T) *string) value[T] {
	return scalarOf(shape{kind: "version"}, to, func(r *reader, n *node) (string, error) {
		if n.text != "1" {
			return "", wrong{quote(n.text) + " is not a version of this format", "1", ""}
		}
		return n.text, nil
	}, func(*T, string) []line { return nil }) // of the file, not of the terms
}

// id is a short name that can stand in paths, columns and file names.
func id[T any](to func(*T) *string) value[T] {
	return scalarOf(shape{kind: "id"}, to, func(r *reader, n *node) (string, error) {
		if !idForm.MatchString(n.text) {
			return "", wrong{quote(n.text) + " is not an id", "at most 64 letters, digits, points, hyphens and underscores", idHint(n.text)}
		}
		return n.text, nil
	}, func(_ *T, s string) []line { return showText(s) })
}

func idHint(s string) string {
	s = regexp.MustCompile(`[^A-Za-z0-9._-]+`).ReplaceAllString(strings.TrimSpace(s), "-")
	if s = strings.Trim(s, "-"); idForm.MatchString(s) {
		return fmt.Sprintf("did you mean %q?", s)
	}
	return ""
}

// removal is the flag by which an amendment drops a cap or a condition.
func removal[T any](to func(*T) *bool) value[T] {
	v := flag(to)
	read := v.read
	v.read = func(r *reader, n *node, t *T) {
		if !r.partial {
			r.report(n, "only an amendment removes", "", "take out the whole item")
			return
		}
		read(r, n, t)
	}
	v.shape.kind = "removal"
	v.show = func(*T) []line { return nil }
	return v
}

// level is the one level of a series.
func level[T any](to func(*T) *[]Level) value[T] {
	return value[T]{
		shape: shape{kind: "level", least: 1, most: maxLevel},
		read: func(r *reader, n *node, t *T) {
			i, err := strconv.Atoi(n.text)
			if n.kind != scalar || err != nil || i < 1 || i > maxLevel {
				r.report(n, n.describe()+" is not a level", fmt.Sprintf("a whole number from 1 to %d", maxLevel), "")
				return
			}
			*to(t) = []Level{{Level: i}}
		},
		show: func(t *T) []line {
			if l := *to(t); len(l) == 1 && l[0].UpTo == nil {
				return showText(strconv.Itoa(l[0].Level))
			}
			return nil
		},
	}
}

// several are the levels of a series that stands at more than one.
func several[T any](to func(*T) *[]Level) value[T] {
	v := groups(to, "", func(*Level) string { return "" }, levelKeys)
	read, show := v.read, v.show
	v.read = func(r *reader, n *node, t *T) {
		*to(t) = nil // level beside levels is reported by the checks
		read(r, n, t)
	}
	v.show = func(t *T) []line {
		if l := *to(t); len(l) == 1 && l[0].UpTo == nil {
			return nil // shown as level
		}
		return show(t)
	}
	return v
}

// toDate is what a yield prices the notes to.
func toDate[T any](to func(*T) *string) value[T] {
	words := []string{"maturity", "par-call", "earlier-of-par-call-and-maturity"}
	return scalarOf(shape{kind: "to-date"}, to, func(r *reader, n *node) (string, error) {
		if slices.Contains(words, n.text) {
			return n.text, nil
		}
		if _, err := calendar.ParseDate(n.text); err == nil {
			_, err = parseDate(n.text)
			return n.text, err
		}
		return "", wrong{quote(n.text) + " is not known here", oneOf(words) + ", or a date", didYouMean(n.text, words)}
	}, func(_ *T, s string) []line { return showText(s) })
}

func dayCount[T any](to func(*T) *string) value[T] {
	return scalarOf(shape{kind: "day-count", words: bond.Names()}, to, func(r *reader, n *node) (string, error) {
		if _, err := bond.ParseDayCount(n.text); err == nil {
			return n.text, nil
		}
		return "", wrong{quote(n.text) + " is not a day count", oneOf(bond.Names()), dayCountHint(n.text)}
	}, func(_ *T, s string) []line { return showText(s) })
}

func dayCountHint(s string) string {
	s = strings.ToLower(strings.NewReplacer("actual", "act", "Actual", "act", "ACTUAL", "act", " ", "", "(", "-", ")", "").Replace(s))
	switch s {
	case "act/act":
		return `did you mean "act/act-icma" (bonds) or "act/act-isda" (swaps)?`
	case "act/365":
		return `did you mean "act/365f"?`
	case "30/360us", "bond":
		return `did you mean "30/360"?`
	}
	return didYouMean(s, bond.Names())
}
