package bond_test

import (
	"math/big"
	"strconv"
	"strings"
	"testing"

	"tenderbook/bond"
	"tenderbook/money"
)

// bondOf reads a row of price_yield.csv.
func bondOf(t *testing.T, r row) bond.Bond {
	t.Helper()
	frequency, err := strconv.Atoi(r["frequency"])
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]bond.DayCount{
		"30/360": bond.Thirty360, "30/360 US": bond.Thirty360US, "ACT/ACT ICMA": bond.ActActICMA, "ACT/ACT": bond.ActActICMA,
	}[strings.TrimSuffix(r["daycount"], " EOM")]
	maturity := date(t, r["maturity"])
	b := bond.Bond{
		Interest: bond.Interest{
			Coupon:   percentOf(t, r["coupon"]),
			DayCount: count, Dates: bond.RegularDates(maturity, frequency, strings.HasSuffix(r["daycount"], " EOM")),
			Accrues: date(t, r["first_accrual"]), FirstDate: date(t, r["first_payment"]), Maturity: maturity,
		},
		Redemption: dec(t, r["redemption"]),
		Convention: bond.Convention{Frequency: frequency, DayCount: count},
	}
	switch r["method"] {
	case "treasury":
		b.Convention.Method = bond.Treasury
	case "uk-dmo", "ex-dividend":
		b.Convention.Method, b.Interest.ExDate = bond.Compound, bond.DaysBefore(8)
	}
	return b
}

// How near the price at the published yield comes to the published price.
// Term sheets give yields to 0.001%: the price at half of that above and below
// must enclose theirs, as far as that is rounded.
func TestPricesAndYieldsGiveThePublishedFigures(t *testing.T) {
	rows := readRows(t, "price_yield.csv")
	if len(rows) != 34 {
		t.Fatalf("price_yield.csv has %d rows, want 34", len(rows))
	}
	for _, r := range rows {
		b, settlement, yield := bondOf(t, r), date(t, r["settlement"]), percentOf(t, r["yield"])
		p, err := b.Price(yield, settlement)
		if err != nil {
			t.Errorf("%s: %v", r["id"], err)
			continue
		}
		clean, dirty := published3(t, r, p)
		slackPrice, slackYield := slack(t, r["id"])
		slackYield.Mul(slackYield, slope(t, b, r)) // turned into price
		tolerance := slackPrice.Add(slackPrice, slackYield)
		if clean != nil && !near(p.Clean, clean, tolerance) {
			t.Errorf("%s: price %s at %s%%, want %s within %s (%s)", r["id"], p.Clean.FloatString(9), yield, r["clean_price"], tolerance.FloatString(9), r["source"])
		}
		if dirty != nil && !near(p.Dirty, dirty, tolerance) {
			t.Errorf("%s: dirty price %s at %s%%, want %s within %s (%s)", r["id"], p.Dirty.FloatString(12), yield, r["dirty_price"], tolerance.FloatString(12), r["source"])
		}
		if clean != nil {
			checkYield(t, r, b, dec(t, r["clean_price"]), yield)
		}
	}
}

// published3 gives the clean and dirty price of a row, nil where it has none,
// and checks its accrued interest.
func published3(t *testing.T, r row, p bond.Price) (clean, dirty *big.Rat) {
	t.Helper()
	if r["accrued"] != "" {
		per100 := p.Accrued.Per(100)
		if _, decimals, _ := strings.Cut(r["accrued"], "."); per100.FloatString(len(decimals)) != r["accrued"] {
			t.Errorf("%s: accrued %s, want %s", r["id"], per100.FloatString(len(decimals)), r["accrued"])
		}
	}
	if r["clean_price"] != "" {
		clean = rat(t, r["clean_price"])
	}
	if r["dirty_price"] != "" {
		dirty = rat(t, r["dirty_price"])
	}
	return clean, dirty
}

// slack is how far a published price and a published yield, in percent, may be
// rounded.
func slack(t *testing.T, id string) (price, yield *big.Rat) {
	for prefix, s := range map[string][2]string{
		"fwp-":         {"0.0005", "0.0005"},
		"ust-":         {"0", "0.0005"},
		"tsy-":         {"0.0000005", "0"},
		"tsy-II.F":     {"0.0000015", "0"}, // the published example rounds on the way
		"strata-us":    {"0.0000000001", "0"},
		"strata-uk":    {"0.000001", "0"},
		"ql-":          {"0.000001", "0"},
		"ql-cached-1y": {"0", "0.0001"},
		"ql-cached-2y": {"0", "0.0001"},
		"ql-30360":     {"0", "0.01"},
	} {
		if strings.HasPrefix(id, prefix) && (price == nil || len(prefix) > 4) {
			price, yield = rat(t, s[0]), rat(t, s[1])
		}
	}
	if price == nil {
		t.Fatalf("no slack is known for row %q", id)
	}
	return price, yield
}

// slope is by how much the price falls for a percent of yield, from a tenth of a
// basis point around the published yield.
func slope(t *testing.T, b bond.Bond, r row) *big.Rat {
	t.Helper()
	yield := percentOf(t, r["yield"])
	step := money.DecimalOf(5, 4)
	var prices [2]*big.Rat
	for i, s := range []money.Decimal{step, money.DecimalOf(-5, 4)} {
		y, err := yield.Add(s)
		if err != nil {
			t.Fatal(err)
		}
		p, err := b.Price(y, date(t, r["settlement"]))
		if err != nil {
			t.Fatal(err)
		}
		prices[i] = p.Clean
	}
	fall := new(big.Rat).Sub(prices[1], prices[0])
	return fall.Quo(fall, rat(t, "0.001"))
}

// checkYield goes the other way: from the published price to the yield.
func checkYield(t *testing.T, r row, b bond.Bond, clean, want money.Decimal) {
	t.Helper()
	y, err := b.Yield(clean, date(t, r["settlement"]))
	if err != nil {
		t.Errorf("%s: %v", r["id"], err)
		return
	}
	slackPrice, slackYield := slack(t, r["id"])
	tolerance := slackPrice.Quo(slackPrice, slope(t, b, r))
	tolerance.Add(tolerance, slackYield)
	tolerance.Add(tolerance, rat(t, "0.0000000001")) // the grid of yields
	if !near(y.Low.Rat(), want.Rat(), tolerance) {
		t.Errorf("%s: yield %s at price %s, want %s within %s (%s)", r["id"], y.Low, clean, want, tolerance.FloatString(10), r["source"])
	}
}

func TestTenderPricesAreThePublishedOnes(t *testing.T) {
	rows := readRows(t, "tender_pricing.csv")
	if len(rows) != 6 {
		t.Fatalf("tender_pricing.csv has %d rows, want 6", len(rows))
	}
	for _, r := range rows {
		b, yield := tenderBond(t, r)
		settlement := date(t, r["settlement"])
		if r["par_call"] != "" {
			var err error
			if b, err = b.ToParCall(date(t, r["par_call"]), yield, settlement); err != nil {
				t.Fatal(err)
			}
		}
		total, err := b.Consideration(yield, settlement, bond.CentHalfUp)
		if err != nil {
			t.Errorf("%s: %v", r["id"], err)
			continue
		}
		if total.String() != r["total_consideration_per_1000"] {
			t.Errorf("%s: total consideration %s at %s%%, want %s (%s)", r["id"], total, yield, r["total_consideration_per_1000"], r["source"])
		}
		if r["late_consideration_per_1000"] != "" {
			late, err := total.Add(dec(t, "-"+r["early_premium_per_1000"]))
			if err != nil || late.String() != r["late_consideration_per_1000"] {
				t.Errorf("%s: late consideration %s, %v, want %s", r["id"], late, err, r["late_consideration_per_1000"])
			}
		}
	}
}

// tenderBond reads a row of tender_pricing.csv and gives the tender yield:
// reference yield and spread.
func tenderBond(t *testing.T, r row) (bond.Bond, money.Decimal) {
	t.Helper()
	count, frequency := bond.Thirty360, 2
	if r["daycount"] == "ACT/ACT ICMA" {
		count, frequency = bond.ActActICMA, 1
	}
	maturity := date(t, r["maturity"])
	spread, err := money.RoundDecimal(new(big.Rat).Quo(rat(t, r["fixed_spread_bp"]), rat(t, "100")), 4, money.Exact)
	if err != nil {
		t.Fatal(err)
	}
	yield, err := dec(t, r["reference_yield_pct"]).Add(spread)
	if err != nil {
		t.Fatal(err)
	}
	return bond.Bond{
		Interest:   bond.Interest{Coupon: percentOf(t, r["coupon"]), DayCount: count, Dates: bond.RegularDates(maturity, frequency, false), Maturity: maturity},
		Convention: bond.Convention{Method: bond.MethodFor(count, frequency), Frequency: frequency, DayCount: count},
	}, yield
}

// caseBond reads a row of case_prices.csv, priced to its call if it has one.
func caseBond(t *testing.T, r row) bond.Bond {
	t.Helper()
	count, err := bond.ParseDayCount(r["daycount"])
	if err != nil {
		t.Fatal(err)
	}
	frequency, err := strconv.Atoi(r["frequency"])
	if err != nil {
		t.Fatal(err)
	}
	maturity := date(t, r["maturity"])
	b := bond.Bond{
		Interest:   bond.Interest{Coupon: dec(t, r["coupon"]), DayCount: count, Dates: bond.RegularDates(maturity, frequency, false), Maturity: maturity},
		Convention: bond.Convention{Method: bond.MethodFor(count, frequency), Frequency: frequency, DayCount: count},
	}
	if r["call"] != "" {
		b = b.To(date(t, r["call"]), dec(t, "100"))
	}
	return b
}

// Every price here was printed to the cent. What was not printed beside it is in
// the not_printed column: a row rests on that too.
func TestPricesOfRealOffersToTheCent(t *testing.T) {
	rows := readRows(t, "case_prices.csv")
	if len(rows) != 19 {
		t.Fatalf("case_prices.csv has %d rows, want 19", len(rows))
	}
	for _, r := range rows {
		got, err := caseBond(t, r).Consideration(dec(t, r["yield_pct"]), date(t, r["settlement"]), bond.CentHalfUp)
		if err != nil {
			t.Errorf("%s %s: %v", r["case"], r["what"], err)
		} else if got.String() != r["stated"] {
			t.Errorf("%s %s: %s, want %s (%s)", r["case"], r["what"], got, r["stated"], r["source"])
		}
	}
}

// A par call between interest dates does not move the interest dates. Counting
// coupons back from the call, as a pricing sheet without a maturity does, misses
// both printed prices of Kraft Heinz by up to two cents: 1,161.32 for 1,161.34
// and 1,153.02 for 1,153.01. The notes' own dates and a last stub hit them.
func TestCouponsCountedBackFromACallMissThePrintedPrice(t *testing.T) {
	checked := 0
	for _, r := range readRows(t, "case_prices.csv") {
		if r["counted_back"] == "" {
			continue
		}
		checked++
		b := caseBond(t, r)
		call := date(t, r["call"])
		b.Interest.Maturity, b.Interest.Dates, b.Workout = call, bond.RegularDates(call, 2, false), call
		p, err := b.Price(dec(t, r["yield_pct"]), date(t, r["settlement"]))
		if err != nil {
			t.Fatal(err)
		}
		per1000 := new(big.Rat).Mul(p.Clean, big.NewRat(10, 1))
		if got := per1000.FloatString(4); got != r["counted_back"] {
			t.Errorf("%s: counted back %s, want %s", r["what"], got, r["counted_back"])
		}
		if got, err := p.Round(bond.CentHalfUp); err != nil || got.String() == r["stated"] {
			t.Errorf("%s: counted back %s, %v, which should miss %s", r["what"], got, err, r["stated"])
		}
	}
	if checked != 2 {
		t.Errorf("%d rows have a counted_back price, want 2", checked)
	}
}
