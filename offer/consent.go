package offer

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"tenderbook/money"
)

// A Consent is what is asked of the holders of a series beside, or instead of,
// their notes: to change its terms.
type Consent struct {
	Threshold Threshold
	Carried   bool          // a tender carries the consent of its notes, and its withdrawal takes it back
	Alone     bool          // a consent may be given without a tender
	Payment   money.Decimal // per 1,000 of principal consented without a tender
	Early     money.Decimal // per 1,000 more, if in time for the early tender date
	Whole     bool          // the consents have effect only if all tendered notes are accepted
}

// Pays is what a consent without a tender is paid for, in minor units: principal
// times [Consent.Payment] for 1,000, and [Consent.Early] more if it came in time
// for the early tender date; rounded half up.
func (c *Consent) Pays(principal int64, early bool) (int64, error) {
	exact := new(big.Rat).Mul(new(big.Rat).SetInt64(principal), c.per1000(early))
	return money.RoundRat(exact.Quo(exact, big.NewRat(1000, 1)), money.HalfUp)
}

// per1000 is what a consent without a tender is paid per 1,000.
func (c *Consent) per1000(early bool) *big.Rat {
	if !early {
		return c.Payment.Rat()
	}
	return new(big.Rat).Add(c.Payment.Rat(), c.Early.Rat())
}

// A Threshold is a part of what is outstanding: "more than 50%", "at least 66
// 2/3%".
type Threshold struct {
	Over bool     // more than the part; otherwise at least
	Part *big.Rat // percent, above 0, up to 100; nil: not read
	text string
}

// String gives the threshold as the file has it.
func (t Threshold) String() string { return t.text }

// Reached reports whether consents, in minor units, reach the threshold of what
// is outstanding.
func (t Threshold) Reached(consents, outstanding int64) bool {
	bound := new(big.Rat).Mul(t.Part, new(big.Rat).SetInt64(outstanding))
	bound.Quo(bound, big.NewRat(100, 1))
	at := new(big.Rat).SetInt64(consents).Cmp(bound)
	return at > 0 || at == 0 && !t.Over
}

var thresholdForm = regexp.MustCompile(`^(more than|at least) ([0-9]+(?:\.[0-9]+)?)(?: ([0-9]+)/([0-9]+))?%$`)

func threshold[T any](to func(*T) *Threshold) value[T] {
	return scalarOf(shape{kind: "threshold"}, to, func(_ *reader, n *node) (Threshold, error) {
		return parseThreshold(n.text)
	}, func(_ *T, t Threshold) []line { return showText(t.text) })
}

func parseThreshold(s string) (Threshold, error) {
	m := thresholdForm.FindStringSubmatch(s)
	if m == nil {
		hint := ""
		if strings.HasPrefix(s, "majority") {
			hint = `did you mean "more than 50%"?`
		}
		return Threshold{}, wrong{quote(s) + " does not say which part, and on which side of it", "more than or at least, and a percentage, such as at least 66 2/3%", hint}
	}
	part, _ := new(big.Rat).SetString(m[2])
	if m[3] != "" {
		fraction, ok := new(big.Rat).SetString(m[3] + "/" + m[4])
		if !ok || fraction.Cmp(big.NewRat(1, 1)) >= 0 {
			return Threshold{}, wrong{quote(s) + " has no proper fraction", "a fraction below one, such as 2/3", ""}
		}
		part.Add(part, fraction)
	}
	if part.Sign() == 0 || part.Cmp(big.NewRat(100, 1)) > 0 {
		return Threshold{}, wrong{quote(s) + " is not a part of what is outstanding", "more than 0%, up to 100%", ""}
	}
	return Threshold{m[1] == "more than", part, s}, nil
}

// A ConsentState is how the consents of a series stand.
type ConsentState struct {
	Series      int   // index
	Consents    int64 // principal, minor units
	Outstanding int64
	Reached     bool
}

// ConsentStates lists the series of which consents are asked, with what the book
// has of them.
func (t *Terms) ConsentStates(book *Counted) (all []ConsentState) {
	for i := range t.Series {
		s := &t.Series[i]
		if s.Consent == nil || book == nil || book.Consents == nil {
			continue
		}
		n := book.Consents[i]
		all = append(all, ConsentState{i, n, s.Outstanding.Minor, s.Consent.Threshold.Reached(n, s.Outstanding.Minor)})
	}
	return all
}

// AsksConsents reports whether consents are asked of any series.
func (t *Terms) AsksConsents() bool {
	return slices.ContainsFunc(t.Series, func(s Series) bool { return s.Consent != nil })
}

// measureConsents wants the thresholds of all series that a condition names.
func (t *Terms) measureConsents(c *Condition, book *Counted) (status, why string) {
	for _, s := range t.ConsentStates(book) {
		of := &t.Series[s.Series]
		if !slices.Contains(c.Of, of.ID) || s.Reached {
			continue
		}
		why = fmt.Sprintf("consents for %s of series %s, needs %s of %s",
			money.New(s.Consents, of.Currency).Grouped(), of.ID, of.Consent.Threshold, of.Outstanding.Grouped())
		if book.Final {
			return "failed", why
		}
		return "open", why
	}
	return "satisfied", "consents of series " + joined(c.Of, "and") + " reach their thresholds"
}

// checkConsents checks what is said of consents.
func (c *checker) checkConsents() {
	asked := map[string]bool{}
	for i := range c.terms.Series {
		s := &c.terms.Series[i]
		if s.Consent == nil {
			continue
		}
		asked[s.ID] = true
		at := func(key string) []any { return keys("series", i, "consent", key) }
		switch {
		case s.Consent.Payment.Sign() < 0:
			c.wrong(at("payment"), fmt.Sprintf("%s is below zero", s.Consent.Payment), "a payment per 1,000", "")
		case s.Consent.Early.Sign() < 0:
			c.wrong(at("early_payment"), fmt.Sprintf("%s is below zero", s.Consent.Early), "a payment per 1,000", "")
		case s.Consent.Early.Sign() > 0 && c.terms.Dates.EarlyTender.IsZero():
			c.wrong(at("early_payment"), "stands without dates.early_tender", "the date by which it is earned", "")
		case s.Consent.Early.Sign() > 0 && !s.Consent.Alone && c.has(at("alone")...):
			c.wrong(at("early_payment"), "stands with alone: false", "to be left out", "what tenders are paid for their consent is a part of their consideration")
		case s.Consent.Payment.Sign() > 0 && !s.Consent.Alone && c.has(at("alone")...):
			c.wrong(at("payment"), "stands with alone: false", "to be left out", "what tenders are paid for their consent is a part of their consideration")
		case !s.Consent.Alone && !s.Consent.Carried && c.has(at("alone")...) && c.has(at("carried")...):
			c.wrong(at("alone"), "false stands beside carried: false, so that nobody can consent", "one of them true", "")
		}
	}
	for i, cond := range c.terms.Conditions {
		for j, id := range cond.Of {
			if cond.Kind == "consent" && !asked[id] {
				c.wrong(keys("conditions", i, "of", j), fmt.Sprintf("series %s asks no consents", quote(id)), "consent: {threshold: ...} for the series", "")
			}
		}
	}
}
