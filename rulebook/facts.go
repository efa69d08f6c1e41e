package rulebook

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tenderbook/calendar"
	"tenderbook/offer"
)

// A Fact is an answer that rules ask for and terms do not show. It stands in
// the offer file under facts, as "key: value".
type Fact struct {
	Key     string
	Form    string // what the value looks like
	Meaning string
}

// Facts lists the keys of offer.Terms.Facts that rules look at, in
// alphabetical order. The caller may keep it.
func Facts() []Fact { return slices.Clone(facts) }

const (
	yesNo     = "yes or no"
	localTime = "local time of the offer's zone: 2025-07-11 09:15"
)

var facts = []Fact{
	{"amount_disclosed", yesNo, "the notice of an extension says about how much has been tendered so far"},
	{"consideration", "cash, qualified-debt, cash-and-qualified-debt or other", "what an exchange offer pays with"},
	{"convertible", yesNo, "some of the securities sought can be converted into equity"},
	{"dealer_fee", "any text that changes when the fee does", "the dealer's soliciting fee"},
	{"exit_consent", yesNo, "holders are asked for consents together with their tenders"},
	{"filing", localTime + ", or not-reporting", "when the launch was filed on Form 8-K, or furnished on Form 6-K"},
	{"financed_by_senior_debt", yesNo, "the offer is paid for with proceeds of senior indebtedness"},
	{"means_published", "date: 2025-07-11", "when holders were first given the means to tender"},
	{"net_long_attested", yesNo, "tendering holders attest that they tender no more than their net long position"},
	{"offeror_relation", "issuer, wholly-owned-subsidiary, parent-100 or other", "what the offeror is to the issuer of the securities"},
	{"press_release", localTime, "when the launch was announced over a wide newswire"},
	{"press_release_link", yesNo, "the announcement has a link to the offer documents"},
	{"prompt_days", "a whole number of settlement days", "how soon after expiration payment counts as prompt; 3 if left out"},
	{"proration_announcement", yesNo, "the offeror will make reasonable efforts to announce the proration factor by press release"},
	{"restricted_to_eligible", yesNo, "an exchange into qualified debt is open only to QIBs, institutional accredited investors and non-US persons"},
}

// ask looks up a fact, and says which key to add where it is missing.
func ask(t *offer.Terms, key string) (string, error) {
	i := slices.IndexFunc(facts, func(f Fact) bool { return f.Key == key })
	if i < 0 {
		panic("rulebook: no such fact: " + key)
	}
	v, ok := t.Facts[key]
	if v = strings.TrimSpace(v); !ok || v == "" {
		return "", fmt.Errorf("the terms do not show it: add facts.%s (%s), which says: %s", key, facts[i].Form, facts[i].Meaning)
	}
	return v, nil
}

// askOne looks up a fact that takes one of a few words.
func askOne(t *offer.Terms, key string, words ...string) (string, error) {
	v, err := ask(t, key)
	if err != nil {
		return "", err
	}
	if !slices.Contains(words, v) {
		return "", fmt.Errorf("facts.%s is %q, needs %s", key, v, strings.Join(words, " or "))
	}
	return v, nil
}

// askYes looks up a fact that is yes or no.
func askYes(t *offer.Terms, key string) (bool, error) {
	v, err := askOne(t, key, "yes", "no")
	return v == "yes", err
}

func askTime(t *offer.Terms, key string) (time.Time, error) {
	v, err := ask(t, key)
	if err != nil {
		return time.Time{}, err
	}
	at, err := calendar.ParseLocal(v, t.Zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("facts.%s: %w", key, err)
	}
	return at, nil
}

func askDate(t *offer.Terms, key string) (calendar.Date, error) {
	v, err := ask(t, key)
	if err != nil {
		return calendar.Date{}, err
	}
	d, err := calendar.ParseDate(v)
	if err != nil {
		return calendar.Date{}, fmt.Errorf("facts.%s: %w", key, err)
	}
	return d, nil
}

// askNumber looks up a whole number from 0 up, or takes the one that stands
// for a missing fact.
func askNumber(t *offer.Terms, key string, missing int) (int, error) {
	v, ok := t.Facts[key]
	if !ok {
		return missing, nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(v))
	if err != nil || n < 0 {
		return 0, fmt.Errorf("facts.%s is %q, needs a whole number", key, v)
	}
	return n, nil
}
