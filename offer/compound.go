package offer

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tenderbook/calendar"
	"tenderbook/money"
)

// sub is a group of keys inside another, always there in T.
func sub[T, U any](to func(*T) *U, g group[U]) value[T] {
	return value[T]{
		shape: shape{kind: "group", fields: g.docs},
		read:  func(r *reader, n *node, t *T) { g.read(r, n, to(t)) },
		show:  func(t *T) []line { return g.show(to(t)) },
	}
}

// optionalSub is a group of keys that T may lack.
func optionalSub[T, U any](to func(*T) **U, g group[U]) value[T] {
	return value[T]{
		shape: shape{kind: "group", fields: g.docs},
		read: func(r *reader, n *node, t *T) {
			*to(t) = new(U)
			g.read(r, n, *to(t))
		},
		show: func(t *T) []line {
			if *to(t) == nil {
				return nil
			}
			return g.show(*to(t))
		},
	}
}

// groups is a list of groups of keys. Items are told apart by their label key,
// or by their number where label is empty.
func groups[T, U any](to func(*T) *[]U, label string, name func(*U) string, g group[U]) value[T] {
	item := shape{kind: "group", fields: g.docs}
	return value[T]{
		shape: shape{kind: "groups", item: &item, label: label},
		read: func(r *reader, n *node, t *T) {
			if n.kind != list {
				r.report(n, n.describe()+" stands where a list belongs", `items that begin with "-"`, "")
				return
			}
			outer := r.currency
			for i, item := range n.items {
				var u U
				r.at(itemName(item, label, i), func() { g.read(r, item, &u) })
				*to(t) = append(*to(t), u)
				r.currency = outer
			}
		},
		show: func(t *T) (lines []line) {
			for i := range *to(t) {
				u := &(*to(t))[i]
				key := name(u)
				if key == "" {
					key = strconv.Itoa(i)
				}
				lines = append(lines, under(key, g.show(u))...)
			}
			return lines
		},
	}
}

// listOf is a list of single values.
func listOf[T, V any](kind string, to func(*T) *[]V, parse func(s string) (V, error), show func(V) string) value[T] {
	return value[T]{
		shape: shape{kind: "list", item: &shape{kind: kind}},
		read: func(r *reader, n *node, t *T) {
			if n.kind != list {
				hint := ""
				if n.kind == scalar && !n.empty() {
					hint = fmt.Sprintf("did you mean [%s]?", n.text)
				}
				r.report(n, n.describe()+" stands where a list belongs", "items in [ ], parted by commas", hint)
				return
			}
			*to(t) = make([]V, 0, len(n.items))
			for _, item := range n.items {
				readItem(r, item, to(t), parse)
			}
		},
		show: func(t *T) []line {
			var shown []string
			for _, v := range *to(t) {
				shown = append(shown, show(v))
			}
			return showText(strings.Join(shown, ", "))
		},
	}
}

func readItem[V any](r *reader, item *node, into *[]V, parse func(s string) (V, error)) {
	if item.kind != scalar || item.empty() {
		r.report(item, item.describe()+" stands where a single value belongs", "", "")
		return
	}
	v, err := parse(item.text)
	if err != nil {
		r.reportError(item, err)
		return
	}
	*into = append(*into, v)
}

func asText(s string) (string, error) { return s, nil }
func same(s string) string            { return s }

// ids is a list of series ids.
func ids[T any](to func(*T) *[]string) value[T] { return listOf("id", to, asText, same) }

// allOrIDs is the word all, kept as nil, or a list of series ids.
func allOrIDs[T any](to func(*T) *[]string) value[T] {
	some := ids(to)
	return value[T]{
		shape: shape{kind: "all-or-ids"},
		read: func(r *reader, n *node, t *T) {
			if n.is("all") {
				*to(t) = nil
				return
			}
			some.read(r, n, t)
		},
		show: func(t *T) []line {
			if *to(t) == nil {
				return showText("all")
			}
			return some.show(t)
		},
	}
}

// rates is the map of exchange rates, by pair.
func rates[T any](to func(*T) *[]money.Rate) value[T] {
	return value[T]{
		shape: shape{kind: "rates"},
		read: func(r *reader, n *node, t *T) {
			if n.kind != mapping {
				r.report(n, n.describe()+" stands where rates belong", "pairs with their rates, such as EUR/USD: 1.2950", "")
				return
			}
			for i, m := range n.keys {
				r.at(m.key, func() { readRate(r, n, i, to(t)) })
			}
		},
		show: func(t *T) (lines []line) {
			for _, rate := range *to(t) {
				lines = append(lines, under(rate.From.Code+"/"+rate.To.Code, showDecimal(rate.Value))...)
			}
			return lines
		},
	}
}

func readRate(r *reader, n *node, i int, into *[]money.Rate) {
	m := n.keys[i]
	if first, _ := n.get(m.key); first.at != m.at {
		r.reportAt(m.at, fmt.Sprintf("stands here a second time, first in line %d", first.at.Line), "to be given once", "")
		return
	}
	const pair = "a pair of currencies, such as EUR/USD: dollars for one euro"
	from, to, ok := strings.Cut(m.key, "/")
	if !ok {
		r.reportAt(m.at, quote(m.key)+" is not a pair", pair, pairHint(m.key))
		return
	}
	a, errA := parseCurrency(from)
	b, errB := parseCurrency(to)
	for _, err := range []error{errA, errB} {
		if err != nil {
			r.reportError(&node{at: m.at}, err)
			return
		}
	}
	if m.value.kind != scalar {
		r.report(m.value, m.value.describe()+" stands where a rate belongs", "a number", "")
		return
	}
	d, err := parseDecimal(m.value.text)
	switch {
	case err != nil:
		r.reportError(m.value, err)
	case d.Sign() <= 0:
		r.report(m.value, quote(m.value.text)+" is not a rate", "a number above zero", "")
	case a == b:
		r.reportAt(m.at, "a currency against itself", "two currencies", "")
	default:
		*into = append(*into, money.Rate{From: a, To: b, Value: d})
	}
}

func pairHint(s string) string {
	if letters := strings.ToUpper(strings.NewReplacer("-", "", " ", "", "_", "").Replace(s)); len(letters) == 6 {
		return fmt.Sprintf("did you mean %q?", letters[:3]+"/"+letters[3:])
	}
	return ""
}

// facts is a map of words to texts that the rulebook reads.
func facts[T any](to func(*T) *map[string]string) value[T] {
	return value[T]{
		shape: shape{kind: "facts"},
		read: func(r *reader, n *node, t *T) {
			if n.kind != mapping {
				r.report(n, n.describe()+" stands where facts belong", `keys with texts, such as press_release: 2024-05-01 09:30`, "")
				return
			}
			*to(t) = map[string]string{}
			for _, m := range n.keys {
				r.at(m.key, func() { readFact(r, n, m, *to(t)) })
			}
		},
		show: func(t *T) (lines []line) {
			for _, key := range sortedKeys(*to(t)) {
				lines = append(lines, under(key, showText((*to(t))[key]))...)
			}
			return lines
		},
	}
}

func readFact(r *reader, n *node, m member, into map[string]string) {
	switch first, _ := n.get(m.key); {
	case first.at != m.at:
		r.reportAt(m.at, fmt.Sprintf("stands here a second time, first in line %d", first.at.Line), "to be given once", "")
	case m.value.kind != scalar || m.value.empty():
		r.reportAt(m.value.at, m.value.describe()+" stands where a text belongs", "", "")
	default:
		into[m.key] = m.value.text
	}
}

// monthDay is a day of any year: May 1.
func parseMonthDay(s string) (MonthDay, error) {
	for _, layout := range []string{"Jan 2", "January 2", "2 Jan", "2 January"} {
		// 2000 had a 29 February.
		if t, err := time.Parse(layout+" 2006", s+" 2000"); err == nil {
			return MonthDay{t.Month(), t.Day()}, nil
		}
	}
	hint := ""
	if d, err := calendar.ParseDate("2000-" + strings.ReplaceAll(s, "/", "-")); err == nil {
		hint = fmt.Sprintf("did you mean %s?", MonthDay{d.Month, d.Day})
	}
	return MonthDay{}, wrong{quote(s) + " is not a day of the year", "a month and a day, such as May 1", hint}
}

// String gives "May 1".
func (m MonthDay) String() string { return fmt.Sprintf("%s %d", m.Month.String()[:3], m.Day) }
