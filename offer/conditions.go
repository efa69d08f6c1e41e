package offer

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"tenderbook/money"
)

// Counted is what a book came to at a time, in minor units, by index of the
// series.
type Counted struct {
	Tendered []int64 // live principal, early and late
	Consents []int64 // principal for which consents stand; nil where none are asked for, or they are not counted
	Final    bool    // nothing more can come in: what is not met now has failed
}

// A ConditionState is how a condition stands.
type ConditionState struct {
	*Condition
	Status string // open | satisfied | waived | failed
	Why    string // the count that it follows from; "" where the terms state it
}

// ConditionStates says how the conditions stand: as the terms state it, or,
// where they leave it open, as the count of the book has it. A nil count leaves
// everything open that is not stated.
func (t *Terms) ConditionStates(book *Counted) []ConditionState {
	states := make([]ConditionState, len(t.Conditions))
	for i := range t.Conditions {
		c := &t.Conditions[i]
		states[i] = ConditionState{Condition: c, Status: "open"}
		switch {
		case c.Status != "" && c.Status != "open":
			states[i].Status = c.Status
		case c.Kind == "cross":
			states[i].Status, states[i].Why = c.followed(states[:i])
		case book != nil && c.measured() && (c.Kind != "consent" || book.Consents != nil):
			states[i].Status, states[i].Why = t.measure(c, book)
		}
	}
	return states
}

// measured reports whether a book decides the condition.
func (c *Condition) measured() bool {
	return c.Percent != nil || c.Amount != nil || c.Kind == "consent" && c.Of != nil
}

// Measured reports whether a book decides some condition that the terms leave
// open.
func (t *Terms) Measured() bool {
	return slices.ContainsFunc(t.Conditions, func(c Condition) bool {
		return (c.Status == "" || c.Status == "open") && c.measured()
	})
}

// followed is the status of a condition that others must be met first.
func (c *Condition) followed(before []ConditionState) (status, why string) {
	status = "satisfied"
	for _, s := range before {
		if !slices.Contains(c.Needs, s.ID) {
			continue
		}
		switch {
		case s.Status == "failed":
			return "failed", "condition " + s.ID + " failed"
		case s.Status == "open":
			status, why = "open", "condition "+s.ID+" is open"
		}
	}
	return status, why
}

// measure compares a condition with the book.
func (t *Terms) measure(c *Condition, book *Counted) (status, why string) {
	if c.Kind == "consent" {
		return t.measureConsents(c, book)
	}
	tendered, outstanding := new(big.Rat), new(big.Rat)
	var currency money.Currency
	for i := range t.Series {
		s := &t.Series[i]
		if c.Of != nil && !slices.Contains(c.Of, s.ID) {
			continue
		}
		if currency.Code == "" {
			currency = s.Currency
		}
		rate, ok := t.Rate(s.Currency, currency)
		if !ok {
			return "open", fmt.Sprintf("no exchange rate %s/%s", s.Currency.Code, currency.Code)
		}
		tendered.Add(tendered, new(big.Rat).Mul(rate.Minor(), new(big.Rat).SetInt64(book.Tendered[i])))
		outstanding.Add(outstanding, new(big.Rat).Mul(rate.Minor(), new(big.Rat).SetInt64(s.Outstanding.Minor)))
	}
	bound, words := c.bound(outstanding, currency)
	met := tendered.Cmp(bound) >= 0
	side := "at least"
	if c.Kind == "maximum-tender" {
		met, side = tendered.Cmp(bound) <= 0, "at most"
	}
	why = fmt.Sprintf("%s tendered, needs %s %s", ratAmount(tendered, currency), side, words)
	switch {
	case met && (book.Final || c.Kind == "minimum-tender"):
		return "satisfied", why // a withdrawal may still change it
	case met || !book.Final:
		return "open", why
	}
	return "failed", why
}

// bound is the principal that a condition speaks of, and how it says so.
func (c *Condition) bound(outstanding *big.Rat, currency money.Currency) (*big.Rat, string) {
	if c.Amount != nil {
		minor := new(big.Rat).Mul(c.Amount.Rat(), unitsOf(currency))
		return minor, ratAmount(minor, currency)
	}
	bound := new(big.Rat).Mul(outstanding, c.Percent.Rat())
	bound.Quo(bound, big.NewRat(100, 1))
	return bound, fmt.Sprintf("%s%% of %s", c.Percent, ratAmount(outstanding, currency))
}

func unitsOf(c money.Currency) *big.Rat {
	units := big.NewRat(1, 1)
	for range c.Digits {
		units.Mul(units, big.NewRat(10, 1))
	}
	return units
}

// ratAmount shows minor units as people write them, rounded down to the minor
// unit.
func ratAmount(minor *big.Rat, c money.Currency) string {
	down, err := money.RoundRat(minor, money.Down)
	if err != nil {
		return minor.FloatString(0)
	}
	return c.Code + " " + money.New(down, c).Grouped()
}

// A Termination ends the offer, or the part for some series: nothing of it is
// accepted.
type Termination struct {
	Series []string // ids; nil means all
	Reason string
}

// Terminated says by index of the series why nothing of it is accepted, "" where
// it may be: the offer was terminated by an amendment, or a condition failed and
// was not waived. A condition that only a cap depends on (see [Cap.If])
// terminates nothing.
func (t *Terms) Terminated(states []ConditionState) []string {
	why := make([]string, len(t.Series))
	set := func(series []string, reason string) {
		for i := range t.Series {
			if why[i] == "" && (series == nil || slices.Contains(series, t.Series[i].ID)) {
				why[i] = reason
			}
		}
	}
	if t.Termination != nil {
		set(t.Termination.Series, t.Termination.Reason)
	}
	for _, s := range states {
		if s.Status == "failed" && !t.OnlyForCaps(s.ID) {
			reason := fmt.Sprintf("condition %s failed", s.ID)
			if s.Why != "" {
				reason += ": " + s.Why
			}
			set(s.Series, reason)
		}
	}
	return why
}

// OnlyForCaps reports whether a condition is one that a cap depends on (see
// [Cap.If]): its failing ends nothing.
func (t *Terms) OnlyForCaps(condition string) bool {
	return slices.ContainsFunc(t.Caps, func(k Cap) bool { return k.If != nil && k.If.Condition == condition })
}

// A Fallback makes a cap depend on a condition.
type Fallback struct {
	Condition string       // id
	Otherwise money.Amount // the amount of the cap where the condition failed
}

// checkConditions checks what conditions say of each other, of series and of
// amounts.
func (c *checker) checkConditions() {
	first := map[string]int{}
	for i := range c.terms.Conditions {
		cond := &c.terms.Conditions[i]
		c.checkUnique(first, cond.ID, "condition", "conditions", i, "id")
		c.checkSeriesList(cond.Of, "conditions", i, "of")
		c.checkSeriesList(cond.Series, "conditions", i, "series")
		c.checkMeasure(i, cond)
		c.checkNeeds(i, cond)
		if cond.Status == "waived" && !cond.Waivable && c.has("conditions", i, "waivable") {
			c.wrong(keys("conditions", i, "status"), `"waived" stands with waivable: false`, "a condition that may be waived", "")
		}
		if cond.At != "" && (cond.Status == "" || cond.Status == "open") {
			c.wrong(keys("conditions", i, "at"), "stands without the status that it dates", "status: satisfied, waived or failed", "")
		}
	}
	if t := c.terms.Termination; t != nil {
		c.checkSeriesList(t.Series, "termination", "series")
	}
	for i, k := range c.terms.Caps {
		if k.If != nil {
			c.checkFallback(i, &k)
		}
	}
}

// checkSeriesList wants ids of this offer, each once.
func (c *checker) checkSeriesList(ids []string, path ...any) {
	var known []string
	for _, s := range c.terms.Series {
		known = append(known, s.ID)
	}
	for j, id := range ids {
		at := append(slices.Clone(path), j)
		switch {
		case !slices.Contains(known, id):
			c.wrong(at, fmt.Sprintf("%q is not a series of this offer", id), "one of "+joined(known, "or"), didYouMean(id, known))
		case slices.Index(ids, id) < j:
			c.wrong(at, fmt.Sprintf("%q is named twice", id), "each series once", "")
		}
	}
}

func (c *checker) checkMeasure(i int, cond *Condition) {
	at := func(key string) []any { return keys("conditions", i, key) }
	tender := cond.Kind == "minimum-tender" || cond.Kind == "maximum-tender"
	for _, key := range []string{"percent", "amount"} {
		if c.has(at(key)...) && !tender && cond.Kind != "" {
			c.wrong(at(key), fmt.Sprintf("stands with kind: %s", cond.Kind), "kind: minimum-tender or maximum-tender", "")
		}
	}
	switch {
	case cond.Percent != nil && cond.Amount != nil:
		c.wrong(at("amount"), "stands beside percent", "one of the two", "")
	case cond.Percent != nil && (cond.Percent.Sign() <= 0 || cond.Percent.Cmp(money.DecimalOf(100, 0)) > 0):
		c.wrong(at("percent"), fmt.Sprintf("%s is not a part of what is outstanding", cond.Percent), "a number above 0, up to 100", "")
	case cond.Amount != nil && cond.Amount.Sign() <= 0:
		c.wrong(at("amount"), fmt.Sprintf("%s is not an amount", cond.Amount), "an amount above zero", "")
	case c.has(at("of")...) && !tender && cond.Kind != "consent":
		c.wrong(at("of"), fmt.Sprintf("stands with kind: %s", cond.Kind), "kind: minimum-tender, maximum-tender or consent", "")
	}
}

// checkNeeds wants a cross-condition to name conditions that stand before it, so
// that none waits for itself.
func (c *checker) checkNeeds(i int, cond *Condition) {
	if cond.Kind == "cross" && c.has("conditions", i, "needs") || len(cond.Needs) > 0 {
		var before []string
		for _, other := range c.terms.Conditions[:i] {
			before = append(before, other.ID)
		}
		for j, id := range cond.Needs {
			switch {
			case cond.Kind != "cross" && cond.Kind != "":
				c.wrong(keys("conditions", i, "needs"), fmt.Sprintf("stands with kind: %s", cond.Kind), "kind: cross", "")
				return
			case !slices.Contains(before, id):
				c.wrong(keys("conditions", i, "needs", j), fmt.Sprintf("%q is not a condition before this one", id), oneOrElse(before, "conditions that stand before it"), didYouMean(id, before))
			}
		}
	}
}

func oneOrElse(known []string, none string) string {
	if len(known) == 0 {
		return none
	}
	return "one of " + joined(known, "or")
}

func (c *checker) checkFallback(i int, k *Cap) {
	var known []string
	for _, cond := range c.terms.Conditions {
		known = append(known, cond.ID)
	}
	if id := k.If.Condition; id != "" && !slices.Contains(known, id) {
		c.wrong(keys("caps", i, "if", "condition"), fmt.Sprintf("%q is not a condition of this offer", id), oneOrElse(known, "a condition, and the offer has none"), didYouMean(id, known))
	}
	if a := k.If.Otherwise; a.Currency.Code != "" && a.Currency != k.Amount.Currency {
		c.wrong(keys("caps", i, "if", "otherwise"), fmt.Sprintf("is in %s, the cap in %s", a.Currency.Code, k.Amount.Currency.Code), "an amount in "+k.Amount.Currency.Code, "")
	}
}

// capInForce is the amount of a cap before a right to take more: the fallback,
// where the condition that it depends on is stated to have failed.
func (t *Terms) capInForce(k *Cap) money.Amount {
	if k.If != nil {
		for _, c := range t.Conditions {
			if c.ID == k.If.Condition && c.Status == "failed" {
				return k.If.Otherwise
			}
		}
	}
	return k.Amount
}

// statusTime is the local time at which a status came about.
func statusTime[T any](to func(*T) *string) value[T] {
	v := localTime(to)
	v.show = func(t *T) []line { return showText(strings.TrimSpace(*to(t))) }
	return v
}

// restricted is all, the usual case, which is not shown, or a list of series.
func restricted[T any](to func(*T) *[]string) value[T] {
	v := allOrIDs(to)
	show := v.show
	v.show = func(t *T) []line {
		if *to(t) == nil {
			return nil
		}
		return show(t)
	}
	return v
}
