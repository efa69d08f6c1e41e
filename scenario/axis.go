package scenario

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"tenderbook/money"
	"tenderbook/offer"
)

// An Axis is a value of the terms that varies.
type Axis struct {
	Path   string   // as offer.Override has it: caps.0.amount
	Values []string // as an offer file writes them
}

// MaxValues is the most values of one axis, and the most variants of all.
const MaxValues = 100_000

// ParseAxis reads PATH=VALUE,VALUE,... or PATH=FROM..TO:STEP. Numbers may end in
// k, m or bn. The values of an amount may leave out the currency; see
// [Variants].
func ParseAxis(s string) (Axis, error) {
	path, list, ok := strings.Cut(s, "=")
	if !ok || path == "" || list == "" {
		return Axis{}, fmt.Errorf("%q needs PATH=VALUE,VALUE or PATH=FROM..TO:STEP, such as caps.0.amount=400m..1200m:50m", s)
	}
	a := Axis{Path: path}
	if from, rest, isRange := strings.Cut(list, ".."); isRange {
		to, step, _ := strings.Cut(rest, ":")
		var err error
		if a.Values, err = spread(from, to, step); err != nil {
			return Axis{}, fmt.Errorf("%q: %w", s, err)
		}
		return a, nil
	}
	for v := range strings.SplitSeq(list, ",") {
		v = strings.TrimSpace(v)
		if n, err := ParseNumber(v); err == nil {
			v = n.String()
		}
		a.Values = append(a.Values, v)
	}
	return a, nil
}

// spread lists from, from+step, ... up to and including to.
func spread(from, to, step string) ([]string, error) {
	a, err := ParseNumber(from)
	if err != nil {
		return nil, err
	}
	b, err := ParseNumber(to)
	if err != nil {
		return nil, err
	}
	if step == "" {
		return nil, fmt.Errorf("a range needs a step: FROM..TO:STEP")
	}
	by, err := ParseNumber(step)
	if err != nil {
		return nil, err
	}
	if by.Sign() <= 0 || a.Cmp(b) > 0 {
		return nil, fmt.Errorf("a range goes up in steps above zero, from %s to %s by %s does not", from, to, step)
	}
	count := new(big.Rat).Sub(b.Rat(), a.Rat())
	if count.Quo(count, by.Rat()).Cmp(big.NewRat(MaxValues, 1)) >= 0 {
		return nil, fmt.Errorf("from %s to %s by %s is more than %d values", from, to, step, MaxValues)
	}
	var values []string
	for ; a.Cmp(b) <= 0; a, err = a.Add(by) {
		if err != nil {
			return nil, err
		}
		values = append(values, a.String())
	}
	return values, nil
}

var magnitudes = []struct {
	suffix string
	zeros  int64
}{{"bn", 1_000_000_000}, {"k", 1_000}, {"m", 1_000_000}}

// ParseNumber reads 400m, 1.2bn, 50k or a plain decimal.
func ParseNumber(s string) (money.Decimal, error) {
	s = strings.TrimSpace(s)
	for _, m := range magnitudes {
		plain, found := strings.CutSuffix(strings.ToLower(s), m.suffix)
		if !found {
			continue
		}
		d, err := money.ParseDecimal(plain)
		if err != nil {
			return money.Decimal{}, err
		}
		x := d.Rat()
		whole, err := money.RoundRat(x.Mul(x, new(big.Rat).SetInt64(m.zeros)), money.Exact)
		if err != nil {
			return money.Decimal{}, fmt.Errorf("%q is not a whole number: %w", s, err)
		}
		return money.DecimalOf(whole, 0), nil
	}
	return money.ParseDecimal(s)
}

// Variants is every combination of the axes' values, the last axis moving
// fastest, as variants of the terms in force at the end of a history. Each is
// read and checked as an offer file; the first that is refused is the error.
// Amounts of caps without a currency get the cap's own. Values that change what
// of a book counts, such as dates, cannot vary over one tally and are refused.
func Variants(h *offer.History, settle func(*offer.Terms) offer.Settlements, axes []Axis) ([]Variant, error) {
	total := 1
	for _, a := range axes {
		if err := a.variable(); err != nil {
			return nil, err
		}
		if total *= len(a.Values); total > MaxValues {
			return nil, fmt.Errorf("%d axes make more than %d variants", len(axes), MaxValues)
		}
	}
	variants := make([]Variant, total)
	for i := range variants {
		rest := i
		changes := make([]offer.Override, len(axes))
		for k := len(axes) - 1; k >= 0; k-- {
			a := axes[k]
			changes[k] = offer.Override{Path: a.Path, Value: withCurrency(h.Final(), a.Path, a.Values[rest%len(a.Values)])}
			rest /= len(a.Values)
		}
		v, err := Of(h, settle, changes)
		if err != nil {
			return nil, err
		}
		variants[i] = v
	}
	return variants, nil
}

// Of is one variant of the terms in force at the end of a history.
func Of(h *offer.History, settle func(*offer.Terms) offer.Settlements, changes []offer.Override) (Variant, error) {
	changed, err := h.SetAll(changes...)
	if err != nil {
		return Variant{}, err
	}
	v := Variant{Changes: changes, Terms: changed.Final()}
	v.Settle = settle(v.Terms)
	v.Alloc, err = v.Terms.Allocation(v.Settle)
	if err != nil {
		return Variant{}, fmt.Errorf("%s: %w", v.Name(), err)
	}
	return v, nil
}

// Methods is the offer by every way of accepting: both orders, each with
// proration and every use of what rounding leaves, and with all-or-none series.
// With an early settlement early tenders come first in all of them. An auction
// stays one: it pays the clearing bid or each its own, and cuts the
// tenders at the clearing bid or all that are no worse.
func Methods(h *offer.History, settle func(*offer.Terms) offer.Settlements) ([]Variant, error) {
	first, of := "acceptance.order", []string{"priority", "early-first"}
	paths := []string{"acceptance.if_exceeded", "acceptance.leftover"}
	ways := [][]string{
		{"prorate", "unused"},
		{"prorate", "raise-factor"},
		{"prorate", "largest-remainder"},
		{"reject-and-continue", "unused"},
		{"reject-and-stop", "unused"},
	}
	switch final := h.Final(); {
	case final.Acceptance.Order == "auction":
		first, of = "acceptance.auction.pays", []string{"clearing", "bid"}
		paths = []string{"acceptance.auction.prorate", "acceptance.leftover"}
		ways = [][]string{
			{"at-clearing", "unused"},
			{"at-clearing", "raise-factor"},
			{"at-clearing", "largest-remainder"},
			{"all", "unused"},
			{"all", "raise-factor"},
			{"all", "largest-remainder"},
		}
	case !final.Dates.EarlySettlement.IsZero(): // level cannot beat time where the early are settled first
		of = []string{"early-first"}
	}
	var variants []Variant
	for _, value := range of {
		for _, way := range ways {
			changes := []offer.Override{{Path: first, Value: value}}
			for i, path := range paths {
				changes = append(changes, offer.Override{Path: path, Value: way[i]})
			}
			v, err := Of(h, settle, changes)
			if err != nil {
				return nil, err
			}
			variants = append(variants, v)
		}
	}
	return variants, nil
}

// fixed are the parts of the terms that say which tenders count and how they are
// read.
var fixed = []string{"offer", "commenced", "time_zone", "dates", "tenderbook", "kind"}

func (a Axis) variable() error {
	first, rest, _ := strings.Cut(a.Path, ".")
	for _, f := range fixed {
		if first == f {
			return fmt.Errorf("%s cannot vary over one book: it decides which tenders count", a.Path)
		}
	}
	if first == "series" && (strings.Contains(rest, "denomination") || strings.HasSuffix(rest, ".id") || strings.HasSuffix(rest, ".currency")) {
		return fmt.Errorf("%s cannot vary over one book: it decides which tenders are valid", a.Path)
	}
	return nil
}

// withCurrency puts the currency of the cap before a bare amount.
func withCurrency(t *offer.Terms, path, value string) string {
	name, isAmount := strings.CutSuffix(path, ".amount")
	name, isCap := strings.CutPrefix(name, "caps.")
	if _, err := money.ParseDecimal(value); err != nil || !isAmount || !isCap {
		return value
	}
	for i, c := range t.Caps {
		if name == strconv.Itoa(i) || name == c.Name {
			return c.Amount.Currency.Code + " " + value
		}
	}
	return value
}

// Name says what a variant changes: "caps.0.amount=USD 450000000".
func (v Variant) Name() string {
	if len(v.Changes) == 0 {
		return "as it stands"
	}
	parts := make([]string, len(v.Changes))
	for i, c := range v.Changes {
		parts[i] = c.Path + "=" + c.Value
	}
	return strings.Join(parts, " ")
}
