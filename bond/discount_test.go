package bond_test

import (
	"math/big"
	"testing"

	"tenderbook/bond"
)

// Payment by payment and all at once are two ways to one price.
func TestDiscountedPaymentsAddUpToThePublishedPrices(t *testing.T) {
	for _, r := range readRows(t, "price_yield.csv") {
		b, settlement, yield := bondOf(t, r), date(t, r["settlement"]), percentOf(t, r["yield"])
		d, err := b.Discount(yield, settlement)
		if err != nil {
			t.Errorf("%s: %v", r["id"], err)
			continue
		}
		sum, bound := new(big.Rat), new(big.Rat).Set(d.Price.ErrorBound)
		for _, f := range d.Flows {
			amount := new(big.Rat).Add(f.Interest, f.Principal)
			sum.Add(sum, new(big.Rat).Mul(amount, f.Factor.Value))
			bound.Add(bound, new(big.Rat).Mul(amount, f.Factor.ErrorBound))
		}
		off := sum.Mul(sum, big.NewRat(100, 1)).Sub(sum, d.Price.Dirty)
		bound.Mul(bound, big.NewRat(100, 1))
		if off.Abs(off).Cmp(bound) > 0 {
			t.Errorf("%s: payments add up to %s off the price, at most %s", r["id"], off.FloatString(40), bound.FloatString(40))
		}
		if p, err := b.Price(yield, settlement); err != nil || p.Clean.Cmp(d.Price.Clean) != 0 {
			t.Errorf("%s: Discount gives %s, Price %s, %v", r["id"], d.Price.Clean.FloatString(10), p.Clean.FloatString(10), err)
		}
	}
}

func TestDiscountingShowsWhereThePeriodsComeFrom(t *testing.T) {
	five := bond.Bond{
		Interest:   bond.Interest{Coupon: dec(t, "5.1"), Dates: bond.RegularDates(date(t, "2052-04-01"), 2, false), Maturity: date(t, "2052-04-01")},
		Convention: bond.Convention{Frequency: 2},
	}
	for _, x := range []struct {
		claim         string
		b             bond.Bond
		settlement    string
		gone, length  int64
		first, last   string
		flows         int
		simple        bool
		lastPrincipal string
	}{
		{"two of six months are gone", five, "2025-12-01", 60, 180, "2/3", "158/3", 53, false, "1"},                                                             // 52 + 120/180
		{"a call between interest dates ends in a part", five.To(date(t, "2026-06-01"), dec(t, "101")), "2025-12-01", 60, 180, "2/3", "1", 2, false, "101/100"}, // 4 + 2 months
		{"the last payment bears simple interest", five, "2051-12-01", 60, 180, "2/3", "2/3", 1, true, "1"},
	} {
		d, err := x.b.Discount(dec(t, "6.435"), date(t, x.settlement))
		if err != nil {
			t.Fatal(x.claim, err)
		}
		last := d.Flows[len(d.Flows)-1]
		if d.Gone != x.gone || d.Length != x.length || len(d.Flows) != x.flows || d.Simple != x.simple {
			t.Errorf("%s: %d of %d days, %d flows, simple %t", x.claim, d.Gone, d.Length, len(d.Flows), d.Simple)
		}
		if d.Flows[0].Periods.Cmp(rat(t, x.first)) != 0 || last.Periods.Cmp(rat(t, x.last)) != 0 || last.Principal.Cmp(rat(t, x.lastPrincipal)) != 0 {
			t.Errorf("%s: periods %s to %s, principal %s", x.claim, d.Flows[0].Periods, last.Periods, last.Principal)
		}
	}
}
