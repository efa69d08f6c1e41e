package bond_test

import (
	"math/big"
	"testing"

	"tenderbook/bond"
)

// No published table of accreted values was found; these are worked out from the
// definition.
func TestAccretion(t *testing.T) {
	// Ten percent twice a year for two years: 100/1.05^4 is 82.2702474791...
	notes := bond.Accretion{
		Issued: date(t, "2024-05-01"), IssuePrice: dec(t, "82.270247479188197"), Yield: dec(t, "10"),
		Dates: on(t, "May 1, Nov 1"), Until: date(t, "2026-05-01"),
	}
	straight := notes
	straight.StraightLine = true
	late := straight // issued within a period
	late.Issued, late.IssuePrice = date(t, "2024-08-01"), dec(t, "84.5")
	for _, c := range []struct {
		claim string
		notes bond.Accretion
		on    string
		want  string // to nine decimals
	}{
		{"the issue price at issue", notes, "2024-05-01", "82.270247479"},
		{"one period: 82.27... x 1.05 = 100/1.05^3", notes, "2024-11-01", "86.383759853"},
		{"three periods: 100/1.05", notes, "2025-11-01", "95.238095238"},
		{"half a period compounds: 100/1.05^3.5", notes, "2024-08-01", "84.301917542"},
		{"half a period in a straight line: the middle of the two", straight, "2024-08-01", "84.327003666"},
		{"a straight line to maturity: the middle of 95.23... and 100", straight, "2026-02-01", "97.619047619"},
		{"a straight line from issue: a third of the way to 84.5 x 1.05^.5", late, "2024-09-01", "85.195577991"},
		{"the principal from the last day on", notes, "2026-05-01", "100.000000000"},
		{"and after it", notes, "2027-05-01", "100.000000000"},
	} {
		got, err := c.notes.Value(date(t, c.on))
		if err != nil {
			t.Errorf("%s: %v", c.claim, err)
			continue
		}
		if got.Value.FloatString(9) != c.want || got.ErrorBound.Cmp(rat(t, "1e-30")) > 0 {
			t.Errorf("%s: %s within %s, want %s", c.claim, got.Value.FloatString(9), got.ErrorBound.FloatString(40), c.want)
		}
		rounded, err := got.Round(3)
		if err != nil || rounded.Rat().Cmp(rat(t, got.Value.FloatString(3))) != 0 {
			t.Errorf("%s: rounded %s, %v, want %s", c.claim, rounded, err, got.Value.FloatString(3))
		}
	}
}

// Discount notes at their own constant yield are worth their accreted value.
func TestAccretedValueIsThePriceAtTheSameYield(t *testing.T) {
	b := bond.Bond{Interest: bond.Interest{Maturity: date(t, "2034-05-01")}, Convention: bond.Convention{Method: bond.Compound, Frequency: 2}}
	issued, err := b.Price(dec(t, "9.75"), date(t, "2024-05-01"))
	if err != nil {
		t.Fatal(err)
	}
	price, err := bond.Bounded{Value: issued.Clean, ErrorBound: issued.ErrorBound}.Round(15)
	if err != nil {
		t.Fatal(err)
	}
	notes := bond.Accretion{Issued: date(t, "2024-05-01"), IssuePrice: price, Yield: dec(t, "9.75"), Dates: on(t, "May 1, Nov 1"), Until: date(t, "2034-05-01")}
	for _, day := range []string{"2024-05-02", "2024-10-31", "2027-02-28", "2033-12-31"} {
		accreted, err := notes.Value(date(t, day))
		if err != nil {
			t.Fatal(err)
		}
		p, err := b.Price(dec(t, "9.75"), date(t, day))
		if err != nil {
			t.Fatal(err)
		}
		if tolerance := big.NewRat(3, 1_000_000_000_000_000); !near(accreted.Value, p.Clean, tolerance) { // the issue price has 15 decimals and grows by 2.6
			t.Errorf("on %s: accreted %s, price %s", day, accreted.Value.FloatString(18), p.Clean.FloatString(18))
		}
	}
}

func TestAccretionRefuses(t *testing.T) {
	sound := bond.Accretion{Issued: date(t, "2024-05-01"), IssuePrice: dec(t, "60"), Yield: dec(t, "10"), Dates: on(t, "May 1, Nov 1"), Until: date(t, "2034-05-01")}
	for _, c := range []struct {
		claim  string
		change func(*bond.Accretion)
		on     string
		want   string
	}{
		{"a day before issue", func(*bond.Accretion) {}, "2024-04-30", "accreted value on 2024-04-30 is asked for before the notes were issued on 2024-05-01"},
		{"no dates", func(a *bond.Accretion) { a.Dates = nil }, "2025-04-30", "accretion: no interest dates, needs at least one such as May 1"},
		{"dates not evenly spaced", func(a *bond.Accretion) { a.Dates = on(t, "May 1, Jun 1") }, "2025-04-30", "accretion: dates [May 1 Jun 1] do not part the year evenly"},
		{"a yield that loses everything", func(a *bond.Accretion) { a.Yield = dec(t, "-200") }, "2025-04-30", "accretion: yield -200% loses everything"},
	} {
		a := sound
		c.change(&a)
		if _, err := a.Value(date(t, c.on)); err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v, want %s", c.claim, err, c.want)
		}
	}
}
