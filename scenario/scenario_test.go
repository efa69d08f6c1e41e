package scenario_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"tenderbook/allocation"
	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/scenario"
)

func history(t testing.TB) *offer.History {
	t.Helper()
	data, err := os.ReadFile("../examples/level3-2004/offer.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := offer.Read("offer.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	h, err := offer.NewHistory(f)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// book is one early tender a series: 249,457,000, 62,118,000 and 335,600,000 in
// dollars, 120,000,000 in euro.
func book(alloc *allocation.Terms) (*allocation.Tally, error) {
	tally := allocation.NewTally(alloc)
	for i, principal := range []int64{249_457_000_00, 62_118_000_00, 335_600_000_00, 120_000_000_00} {
		tally.Add(allocation.Tender{Row: i, Series: i, Principal: principal})
	}
	return tally, nil
}

func settle(t *offer.Terms) offer.Settlements { return t.Settlements() }

func TestParseAxis(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"caps.0.amount=400m..600m:100m", "400000000 500000000 600000000"},
		{"caps.0.amount=0.5bn,1.2bn", "500000000 1200000000"},
		{"series.9.125.level=1,2", "1 2"},
		{"acceptance.leftover=unused, raise-factor", "unused raise-factor"},
		{"exchange_rates.EUR/USD=1.25..1.27:0.01", "1.25 1.26 1.27"},
	} {
		a, err := scenario.ParseAxis(c.in)
		if got := strings.Join(a.Values, " "); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.in, got, err, c.want)
		}
	}
	for _, bad := range []string{"", "caps.0.amount", "caps.0.amount=1..2", "caps.0.amount=2..1:1", "caps.0.amount=1..2:0", "a=1..9999999999:1", "=1", "a=x..y:z"} {
		if a, err := scenario.ParseAxis(bad); err == nil {
			t.Errorf("%q was read as %v", bad, a)
		}
	}
}

func TestTheCapMovesTheCut(t *testing.T) {
	axis, err := scenario.ParseAxis("caps.0.amount=300m..900m:300m")
	if err != nil {
		t.Fatal(err)
	}
	variants, err := scenario.Variants(history(t), settle, []scenario.Axis{axis})
	if err != nil {
		t.Fatal(err)
	}
	results, err := scenario.Decide(variants, book)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range results {
		if r.Cut == nil {
			got = append(got, "nothing")
			continue
		}
		got = append(got, r.Cut.Series+" "+allocation.FactorText(r.Cut.Factor, 6))
	}
	// 300,000,000 - 249,457,000 = 50,543,000 of 62,118,000; 600,000,000 - 311,575,000 = 288,425,000 of 335,600,000
	if want := "11 0.813661, 10.5 0.859430, nothing"; strings.Join(got, ", ") != want {
		t.Errorf("cuts %q, want %q", strings.Join(got, ", "), want)
	}
}

func TestTheCapThatTakesGivenLevels(t *testing.T) {
	s, err := scenario.NewSearch(history(t), settle, book, 0)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.ToAccept(1, 2)
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(311_575_000_00); a.Amount.Minor != want { // 249,457,000 + 62,118,000
		t.Errorf("levels 1 and 2 need a cap of %s, want 311,575,000", a.Amount.Grouped())
	}
	if cut := a.Result.Cut; cut == nil || cut.Level != 3 || cut.Factor.Sign() != 0 {
		t.Errorf("with that cap the cut is %+v, want level 3 at nothing", cut)
	}
	if _, err := s.ToAccept(7); !errors.Is(err, scenario.ErrNoCap) {
		t.Errorf("a level without tenders gave %v", err)
	}
}

func TestTheCapThatSpendsABudget(t *testing.T) {
	s, err := scenario.NewSearch(history(t), settle, book, 0)
	if err != nil {
		t.Fatal(err)
	}
	budget := money.New(213_909_377_50, money.USD) // 249,457,000 at 857.50 per 1,000
	a, err := s.ToSpend(budget)
	if err != nil {
		t.Fatal(err)
	}
	if cost := a.Result.Cost[0].Consideration; cost != budget {
		t.Errorf("a cap of %s spends %s, want %s", a.Amount.Grouped(), cost.Grouped(), budget.Grouped())
	}
	over, err := s.ToSpend(money.New(1<<60, money.USD))
	if !errors.Is(err, scenario.ErrNoCap) {
		t.Errorf("a budget above everything gave %v, %v", over.Amount, err)
	}
}

func TestWhatDecidesWhichTendersCountCannotVary(t *testing.T) {
	for _, path := range []string{"dates.expiration", "series.11.denomination.multiple", "offer"} {
		_, err := scenario.Variants(history(t), settle, []scenario.Axis{{Path: path, Values: []string{"1"}}})
		if err == nil || !strings.Contains(err.Error(), "cannot vary") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestASeriesThatMovesMayLeaveAGap(t *testing.T) {
	moved := scenario.Axis{Path: "series.9.125.level", Values: []string{"1", "2"}}
	variants, err := scenario.Variants(history(t), settle, []scenario.Axis{moved})
	if err != nil {
		t.Fatal(err)
	}
	results, err := scenario.Decide(variants, book)
	if err != nil {
		t.Fatal(err)
	}
	// at level 2 with the 11s: 450,000,000 of 249,457,000 + 62,118,000 takes both, as at level 1
	for i, r := range results {
		if got := r.Series[0].Accepted; got != 249_457_000_00 {
			t.Errorf("at level %d the series gets %d", i+1, got)
		}
	}
}
