package report

import (
	"fmt"
	"strings"
	"time"

	"tenderbook/calendar"
)

// A Vocabulary is the market whose words a report uses.
type Vocabulary uint8

// The vocabularies.
const (
	US Vocabulary = iota // principal amount, proration factor, consideration
	EU                   // nominal amount, scaling factor, purchase price
)

// ParseVocabulary reads "us" or "eu".
func ParseVocabulary(s string) (Vocabulary, error) {
	switch s {
	case "us":
		return US, nil
	case "eu":
		return EU, nil
	}
	return US, fmt.Errorf("%q is not a vocabulary: needs us or eu", s)
}

// vocabulary holds the words that differ between the markets. Those with a
// capital head columns.
type vocabulary struct {
	Principal, principal string // of notes
	Factor, factor       string
	Maximum              string // of one series
	ownMaximum           string // the same in a sentence
	TenderOffer          string // late price
	EarlyPayment         string
	Total                string // early price
	Price, price         string // what is paid for accepted notes
	percentPrices        bool   // a price per 100 is quoted as a percentage
	inShares             bool   // the offer is for shares, not for notes
	dayFirst             bool   // 12 November 2004 rather than November 12, 2004
}

func (v Vocabulary) words() vocabulary {
	if v == EU {
		return vocabulary{
			Principal: "Nominal Amount", principal: "nominal amount",
			Factor: "Scaling Factor", factor: "scaling factor",
			Maximum: "Maximum Acceptance Amount", ownMaximum: "its own maximum",
			TenderOffer: "Purchase Price", EarlyPayment: "Early Tender Premium", Total: "Early Purchase Price",
			Price: "Purchase Price", price: "purchase price",
			dayFirst: true, percentPrices: true,
		}
	}
	return vocabulary{
		Principal: "Principal Amount", principal: "principal amount",
		Factor: "Proration Factor", factor: "proration factor",
		Maximum: "Maximum Offer Amount", ownMaximum: "its own maximum",
		TenderOffer: "Tender Offer Consideration", EarlyPayment: "Early Tender Payment", Total: "Total Consideration",
		Price: "Consideration", price: "consideration",
	}
}

// ofShares gives the words for an offer of shares.
func (w vocabulary) ofShares() vocabulary {
	w.Principal, w.principal, w.Maximum, w.inShares = "Shares", "shares", "Maximum Shares", true
	w.TenderOffer, w.Price, w.price = "Purchase Price", "Purchase Price", "purchase price"
	return w
}

// say gives a sentence, its verbs not yet filled in, in the words of what is
// tendered.
func (w vocabulary) say(format string) string {
	if w.inShares {
		return strings.NewReplacer("notes", "shares", "Notes", "Shares").Replace(format)
	}
	return format
}

// number puts verbs in the plural where shares have taken the place of an
// amount of money.
func (w vocabulary) number(sentence string) string {
	if w.inShares && !strings.HasPrefix(sentence, "Nothing") {
		return strings.NewReplacer(" shares was ", " shares were ", " shares is ", " shares are ", " shares goes ", " shares go ").Replace(sentence)
	}
	return sentence
}

// date writes a day as a release does.
func (w vocabulary) date(d calendar.Date) string {
	t := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	if w.dayFirst {
		return t.Format("2 January 2006")
	}
	return t.Format("January 2, 2006")
}

// at writes an instant as a release does: "5:00 p.m., New York City time, on
// November 12, 2004".
func (w vocabulary) at(t time.Time, zoneName string) string {
	return w.clock(t) + ", " + cityTime(zoneName) + ", on " + w.date(calendar.DateOf(t))
}

// deadline writes a deadline in the same way. The end of a day stays on that
// day, so that nobody has to guess which midnight is meant.
func (w vocabulary) deadline(d calendar.Deadline, zoneName string) string {
	if endsDay(d) {
		return "the end of the day (24:00), " + cityTime(zoneName) + ", on " + w.date(d.Date())
	}
	return w.at(d.At, zoneName)
}

func endsDay(d calendar.Deadline) bool { return strings.HasSuffix(d.String(), " 24:00") }

func (w vocabulary) clock(t time.Time) string {
	if w.dayFirst {
		return t.Format("15:04")
	}
	layout := "3:04"
	if t.Second() != 0 {
		layout = "3:04:05"
	}
	if t.Hour() < 12 {
		return t.Format(layout) + " a.m."
	}
	return t.Format(layout) + " p.m."
}

// cityTime names a zone by its city, as announcements do.
func cityTime(zoneName string) string {
	switch zoneName {
	case "America/New_York":
		return "New York City time"
	case "", "UTC", "Etc/UTC":
		return "UTC"
	}
	return city(zoneName) + " time"
}

// city is the last part of an IANA zone name: "New York".
func city(zoneName string) string {
	name := zoneName[strings.LastIndexByte(zoneName, '/')+1:]
	return strings.ReplaceAll(name, "_", " ")
}

// stamp writes an instant for people who compare times: "Thu 11 Nov 2004
// 10:02:17 New York".
func stamp(t time.Time, zoneName string) string {
	return t.Format("Mon 2 Jan 2006 15:04:05") + " " + zoneWord(zoneName)
}

func zoneWord(zoneName string) string {
	if zoneName == "" {
		return "UTC"
	}
	return city(zoneName)
}

// list joins words with commas and a last "and".
func list(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

func plural(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// String gives "us" or "eu".
func (v Vocabulary) String() string {
	if v == EU {
		return "eu"
	}
	return "us"
}
