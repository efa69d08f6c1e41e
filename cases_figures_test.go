package tenderbook_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"tenderbook/internal/bookfile"
	"tenderbook/money"
	"tenderbook/offer"
)

// figures are what a run must give, by series unless said otherwise. A value
// "x ± y" may be missed by y: what was published is rounded.
type figures struct {
	Source string // of published and fitted figures: the page that prints them
	Why    string // of all but the published: how they follow, or what was fitted

	Tendered     map[string]string
	Accepted     map[string]string
	AcceptedLate map[string]string `yaml:"accepted_late"`
	Remaining    map[string]string // outstanding after this run and those before it
	Outcome      map[string]string // accepted, by instruction
	Factor       map[string]string // "51.7%", rounded half up to the decimals printed
	Price        map[string]string // total consideration, for the principal that prices are for
	LatePrice    map[string]string `yaml:"late_price"`
	Accrued      map[string]string // interest on 1,000 of early tenders, to the decimals printed
	Clearing     map[string]string // clearing bid
	Cost         map[string]string // consideration paid
	Spent        map[string]string // consideration paid, by currency
	Interest     map[string]string // accrued interest paid, by currency
	Used         map[string]string // by cap
	Left         map[string]string // by cap
	NewNotes     map[string]string `yaml:"new_notes"` // principal of new notes issued, by currency
	Cash         map[string]string // of the consideration, by currency: accrued interest is not in it
	Caps         map[string]string // amount in force, by cap
	Maximum      map[string]string // series maximum in force; "none"
	Level        map[string]string // acceptance priority level in force
}

// check compares every figure with what the engine made.
func (f *figures) check(t *testing.T, got *outturn) {
	compared := 0
	each := func(what string, want map[string]string, give func(t *testing.T, key string) string) {
		for key, value := range want {
			compared++
			compare(t, what+" "+key, value, give(t, key))
		}
	}
	each("tendered", f.Tendered, func(t *testing.T, id string) string { return got.amount(t, id, got.soFar(id, tendered)) })
	each("accepted", f.Accepted, func(t *testing.T, id string) string { return got.amount(t, id, got.sum(id, "", accepted)) })
	each("accepted late", f.AcceptedLate, func(t *testing.T, id string) string { return got.amount(t, id, got.sum(id, "late", accepted)) })
	each("remaining", f.Remaining, got.remaining)
	each("outcome", f.Outcome, got.outcome)
	each("factor", f.Factor, func(t *testing.T, id string) string { return got.factor(t, id, decimalsOf(f.Factor[id])) })
	each("price", f.Price, func(t *testing.T, id string) string { return got.price(t, id, false) })
	each("late price", f.LatePrice, func(t *testing.T, id string) string { return got.price(t, id, true) })
	each("accrued", f.Accrued, func(t *testing.T, id string) string { return got.accrued(t, id, decimalsOf(f.Accrued[id])) })
	each("clearing bid", f.Clearing, func(t *testing.T, id string) string { return got.clearing(t, id).String() })
	each("cost", f.Cost, func(t *testing.T, id string) string { return got.amount(t, id, got.sum(id, "", consideration)) })
	each("spent", f.Spent, func(t *testing.T, code string) string { return got.paid(t, code, consideration) })
	each("interest", f.Interest, func(t *testing.T, code string) string { return got.paid(t, code, interest) })
	each("new notes", f.NewNotes, func(t *testing.T, code string) string { return got.paid(t, code, newNotes) })
	each("cash", f.Cash, func(t *testing.T, code string) string { return got.paid(t, code, cash) })
	each("used", f.Used, func(t *testing.T, name string) string { return got.capUse(t, name, false) })
	each("left", f.Left, func(t *testing.T, name string) string { return got.capUse(t, name, true) })
	each("cap", f.Caps, func(t *testing.T, name string) string { return got.cap(t, name).Amount.String() })
	each("maximum", f.Maximum, got.maximum)
	each("level", f.Level, func(t *testing.T, id string) string { return fmt.Sprint(got.series(t, id).Levels[0].Level) })
	if compared == 0 {
		t.Error("nothing to compare")
	}
}

// compare reports a value that is not the one wanted. 1000 and 1,000.00 are
// the same; "x ± y" may be missed by y.
func compare(t *testing.T, what, want, got string) {
	t.Helper()
	if want == got {
		return
	}
	center, margin, loose := strings.Cut(want, " ± ")
	w, errW := money.ParseDecimal(strings.TrimSuffix(center, "%"))
	g, errG := money.ParseDecimal(strings.TrimSuffix(got, "%"))
	if errW != nil || errG != nil {
		t.Errorf("%s: got %s, want %s", what, got, want)
		return
	}
	off := new(big.Rat).Sub(g.Rat(), w.Rat())
	allowed := new(big.Rat)
	if loose {
		m, err := money.ParseDecimal(margin)
		if err != nil {
			t.Fatalf("%s: %q: %v", what, want, err)
		}
		allowed = m.Rat()
	}
	if off.Abs(off).Cmp(allowed) > 0 {
		t.Errorf("%s: got %s, want %s", what, got, want)
	}
}

// decimalsOf counts the decimals that a figure was printed with.
func decimalsOf(figure string) int {
	center, _, _ := strings.Cut(figure, " ± ")
	_, decimals, _ := strings.Cut(strings.TrimSuffix(center, "%"), ".")
	return len(decimals)
}

func (o *outturn) series(t *testing.T, id string) *offer.Series {
	t.Helper()
	for i := range o.terms.Series {
		if o.terms.Series[i].ID == id {
			return &o.terms.Series[i]
		}
	}
	t.Fatalf("series %q is not in the offer", id)
	return nil
}

func (o *outturn) amount(t *testing.T, id string, minor int64) string {
	return money.New(minor, o.series(t, id).Currency).String()
}

func (o *outturn) remaining(t *testing.T, id string) string {
	return o.amount(t, id, o.series(t, id).Outstanding.Minor-o.soFar(id, accepted))
}

func (o *outturn) outcome(t *testing.T, instruction string) string {
	got, ok := o.accepted[instruction]
	if !ok {
		t.Fatalf("instruction %q is not in the book", instruction)
	}
	return got
}

// factor is the factor of the last step that the series took part in: the one
// that cut it, if any did.
func (o *outturn) factor(t *testing.T, id string, decimals int) string {
	var last *big.Rat
	for _, step := range o.decision.Steps {
		for _, line := range step.Lines {
			if o.terms.Series[line.Series].ID == id {
				last = line.Factor
			}
		}
	}
	if last == nil {
		t.Fatalf("no tender of series %q took part", id)
	}
	return new(big.Rat).Mul(last, big.NewRat(100, 1)).FloatString(decimals) + "%" // big.Rat rounds halves away from zero
}

func (o *outturn) price(t *testing.T, id string, late bool) string {
	s := o.series(t, id)
	priced, err := s.PriceAt(late, o.settle)
	if o.clearingBid(id) != nil {
		priced, err = s.PriceAtBid(o.clearing(t, id), late, o.settle)
	}
	if err != nil {
		t.Fatal(err)
	}
	return priced.Amount.String()
}

// clearingBid is that of a series, in steps of its grid; nil if there is none.
func (o *outturn) clearingBid(id string) *int64 {
	for i, s := range o.terms.Series {
		if s.ID == id && o.decision.ClearingBids != nil {
			return o.decision.ClearingBids[i]
		}
	}
	return nil
}

func (o *outturn) clearing(t *testing.T, id string) money.Decimal {
	steps := o.clearingBid(id)
	if steps == nil {
		t.Fatal("no clearing bid")
	}
	bid, err := o.series(t, id).Pricing.Bid(*steps)
	if err != nil {
		t.Fatal(err)
	}
	return bid
}

func (o *outturn) accrued(t *testing.T, id string, decimals int) string {
	accrual, err := o.series(t, id).Accrued(o.settle.Early)
	if err != nil {
		t.Fatal(err)
	}
	per1000, err := accrual.Round(1000, decimals)
	if err != nil {
		t.Fatal(err)
	}
	return per1000.String()
}

// paid is the consideration or the interest of all payments in one currency.
func (o *outturn) paid(t *testing.T, code string, figure func(bookfile.Total) int64) string {
	c, err := money.ParseCurrency(code)
	if err != nil {
		t.Fatal(err)
	}
	var minor int64
	for _, s := range o.terms.Series {
		if s.Currency == c {
			minor += o.sum(s.ID, "", figure)
		}
	}
	return money.New(minor, c).String()
}

func (o *outturn) cap(t *testing.T, name string) *offer.Cap {
	t.Helper()
	for i := range o.terms.Caps {
		if o.terms.Caps[i].Name == name {
			return &o.terms.Caps[i]
		}
	}
	t.Fatalf("no cap %q", name)
	return nil
}

// capUse is what was used of a cap, or is left of it, in its own measure to
// the minor unit, rounded half up.
func (o *outturn) capUse(t *testing.T, name string, left bool) string {
	k := o.cap(t, name)
	for i, c := range o.decision.Terms.Caps {
		if c.Name != name {
			continue
		}
		use := o.decision.Caps[i]
		minor := use.Used
		if left {
			minor = use.Left
		}
		whole, err := money.RoundRat(minor, money.HalfUp)
		if err != nil {
			t.Fatal(err)
		}
		return money.New(whole, k.Amount.Currency).String()
	}
	t.Fatalf("cap %q took no part", name)
	return ""
}

func (o *outturn) maximum(t *testing.T, id string) string {
	if most := o.series(t, id).Maximum; most != nil {
		return most.String()
	}
	return "none"
}
