package rulebook

import (
	"slices"

	"tenderbook/calendar"
)

// table is the rulebook. The parts stand in files of their own, by the law
// they come from.
var table = slices.Concat(regulation14E, letter2015, order2026, equityRules, europeanPractice)

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic("rulebook: " + err.Error())
	}
	return d
}

// since gives open scopes from a date for several sets.
func since(from string, sets ...string) []Scope {
	var in []Scope
	for _, set := range sets {
		in = append(in, Scope{Set: set, From: day(from)})
	}
	return in
}

// Regulation 14E is dated from the day on which its amendments of 1986 were in
// force for certain. Offers before that have no rule here and say so.
const amended1986 = "1987-01-01"

// The staff letter of 23 January 2015 and the order of 30 June 2026 are relief
// from it: an offer under the five-day set that commenced before the letter is
// judged by Regulation 14E itself.
var (
	reliefBegins  = day("2015-01-23")
	orderReplaces = day("2026-06-30")

	in14E = append(since(amended1986, us14E), Scope{usFiveDay, day(amended1986), reliefBegins.AddDays(-1)})
	// Release 34-24296 speaks of all offers under Regulation 14E.
	inRelease24296 = append(since("1987-04-03", us14E, us13E4), Scope{usFiveDay, day("1987-04-03"), reliefBegins.AddDays(-1)})

	inLetter  = []Scope{{usFiveDay, reliefBegins, orderReplaces.AddDays(-1)}}
	inOrder   = []Scope{{Set: usFiveDay, From: orderReplaces}}
	inAllUS   = since(amended1986, us14E, usFiveDay, us13E4)
	inEquity  = since(amended1986, us13E4)
	inEuropes = since("2000-01-01", ukEUDebt)
)
