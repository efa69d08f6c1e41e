package pricing_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/pricing"
)

// realOffer reads an offer of testdata/offers with its amendments.
func realOffer(t *testing.T, dir string) *offer.Terms {
	t.Helper()
	names, err := filepath.Glob("../testdata/offers/" + dir + "/amendment*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	base := readOffer(t, "../testdata/offers/"+dir+"/offer.yaml")
	var amendments []*offer.File
	for _, name := range names {
		amendments = append(amendments, readOffer(t, name))
	}
	h, err := offer.NewHistory(base, amendments...)
	if err != nil {
		t.Fatal(err)
	}
	return h.Final()
}

func readOffer(t *testing.T, name string) *offer.File {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := offer.Read(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func dec(t *testing.T, s string) money.Decimal {
	t.Helper()
	d, err := money.ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// published are prices that releases printed for early tenders. The sources
// stand in the offer files of testdata/offers; a yield or a call date that is
// not printed is marked there.
var published = []struct{ offer, series, bid, price string }{
	{"07-mondelez-2022", "P1", "", "1339.04"},
	{"07-mondelez-2022", "P2", "", "1254.54"},
	{"07-mondelez-2022", "P3", "", "1331.94"},
	{"07-mondelez-2022", "P4", "", "1346.44"},
	{"08-kellogg-2019", "W1", "", "1027.60"},
	{"08-kellogg-2019", "W2", "", "1024.73"},
	{"12-national-rural-2012", "A", "125", "1509.40"},
	{"25-kraft-heinz-2021", "P2", "", "1161.34"},
	{"25-kraft-heinz-2021", "P3", "", "1153.01"},
	{"25-kraft-heinz-2021", "P4", "", "1393.87"},
	{"26-brunswick-2025", "A", "", "831.59"},
	{"29-sampo-2025", "A", "", "93.255"},
	{"31-ab-inbev-2024", "P2", "", "99.226"},
	{"31-ab-inbev-2024", "P3", "", "97.354"},
	{"31-ab-inbev-2024", "P5", "", "96.480"},
	{"70-viatris-2024-any-and-all", "A1", "", "977.66"},
	{"70-viatris-2024-any-and-all", "A2", "", "994.12"},
	{"76-cenovus-2021", "A1", "", "1021.07"},
	{"76-cenovus-2021", "A2", "", "1024.78"},
}

func TestPricesComeOutAsPublished(t *testing.T) {
	for _, x := range published {
		given := pricing.Given{}
		if x.bid != "" {
			given.Bids = map[string]money.Decimal{x.series: dec(t, x.bid)}
		}
		all, err := pricing.DetermineWith(realOffer(t, x.offer), offer.Settlements{}, given)
		var missing *pricing.Missing
		if err != nil && !errors.As(err, &missing) {
			t.Fatalf("%s: %v", x.offer, err)
		}
		at := slices.IndexFunc(all, func(d pricing.Determination) bool { return d.Series.ID == x.series && !d.Late })
		if at < 0 {
			t.Errorf("%s %s: no price: %v", x.offer, x.series, err)
			continue
		}
		if d := &all[at]; d.Price().String() != x.price || d.Basis != pricing.FromYield {
			t.Errorf("%s %s: %s from %s, published %s", x.offer, x.series, d.Price(), d.Basis, x.price)
		}
	}
}

func TestLateTendersGetTheEarlyPriceLessTheEarlyPayment(t *testing.T) {
	all, err := pricing.Determine(realOffer(t, "26-brunswick-2025"), offer.Settlements{})
	if err != nil || len(all) != 2 {
		t.Fatal(len(all), err)
	}
	early, late := all[0], all[1]
	if late.Price().String() != "781.59" || late.Total != early.Total || late.PricedAt != early.PricedAt {
		t.Errorf("late %s of %s priced at %s, want 831.59 - 50", late.Price(), late.Total, late.PricedAt)
	}
	// 60 and 74 days of 5.1% on 1,000
	if early.Interest.String() != "8.50" || late.Interest.String() != "10.48" {
		t.Errorf("accrued %s and %s", early.Interest, late.Interest)
	}
}

func terms(t *testing.T) *offer.Terms {
	t.Helper()
	return readOffer(t, "../offer/testdata/references.yaml").Terms
}

// with reads references.yaml with some text replaced.
func with(t *testing.T, pairs ...string) *offer.Terms {
	t.Helper()
	data, err := os.ReadFile("../offer/testdata/references.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(string(data), pairs[i]) {
			t.Fatalf("%q is not in the file", pairs[i])
		}
	}
	f, err := offer.Read("references.yaml", []byte(strings.NewReplacer(pairs...).Replace(string(data))))
	if err != nil {
		t.Fatal(err)
	}
	return f.Terms
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	bidPrice := "    bid_price: 98-13+\n    yield: 0.792                      # checked against the bid price\n"
	all, err := pricing.Determine(with(t, bidPrice, "", "    price: 1012.50\n", ""), offer.Settlements{})
	var missing *pricing.Missing
	if !errors.As(err, &missing) || !errors.Is(err, offer.ErrUndetermined) {
		t.Fatalf("error %v", err)
	}
	want := []pricing.Lack{
		{"T10", `the yield of "UST 0.625% due 2030-08-15" is not determined yet: needs references.UST10.yield, bid_price or curve`},
		{"X", "the price is not fixed yet: needs references.fixed.price"},
	}
	if !slices.Equal(missing.Lacks, want) {
		t.Errorf("missing %q", missing.Lacks)
	}
	if len(all) != 8 {
		t.Errorf("%d prices of the others, want early and late of four series", len(all))
	}
	auction := realOffer(t, "12-national-rural-2012")
	for _, x := range []struct{ bid, want string }{
		{"", "series A: bids from 112.5 to 137.5 decide: needs the clearing bid"},
		{"126", "series A: bid 126 is not on the grid: needs a whole number of steps of 2.5 from 112.5"},
		{"140", "series A: bid 140 lies outside the range: needs 112.5 to 137.5"},
	} {
		given := pricing.Given{Bids: map[string]money.Decimal{}}
		if x.bid != "" {
			given.Bids["A"] = dec(t, x.bid)
		}
		if _, err := pricing.DetermineWith(auction, offer.Settlements{}, given); err == nil || err.Error() != x.want {
			t.Errorf("bid %q: %v, want %s", x.bid, err, x.want)
		}
	}
}

func TestHypotheticalPricesUseTheHypotheticalYield(t *testing.T) {
	all, err := pricing.DetermineWith(terms(t), offer.Settlements{}, pricing.Given{Hypothetical: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		i            int
		hypothetical bool
		yield        string
	}{
		{0, true, "1.50"},    // 0.7 + 0.80
		{2, true, "1.10"},    // 0.5 + 0.60
		{4, false, "0.3955"}, // no hypothetical yield is given: -0.3045 + 0.70
	} {
		if d := all[x.i]; d.Hypothetical != x.hypothetical || d.Yield.String() != x.yield || d.Hypothetical && d.NeedsHuman != nil {
			t.Errorf("%s: hypothetical %t at %s, needs %q, want %t at %s", d.Series.ID, d.Hypothetical, d.Yield, d.NeedsHuman, x.hypothetical, x.yield)
		}
	}
	if got := terms(t).Series[0].Pricing.ReferenceYield.String(); got != "0.792" {
		t.Errorf("the terms have %s now", got)
	}
}

func TestQuotesThatNobodyConfirmedNeedAPerson(t *testing.T) {
	for _, x := range []struct {
		claim, want string
		change      []string
	}{
		{"a quote with all its particulars needs nobody", "", nil},
		{"one that is not confirmed needs a second person", "no second person has confirmed the quote", []string{"    confirmed_by: M. Osei\n  - id: mid", "  - id: mid"}},
		{"one without its time cannot be looked up", "the time of the quote is not given", []string{"    quoted_at: 2020-10-07 11:00\n", ""}},
		{"one without its page neither", "the source of the quote is not given", []string{"    source: page PX1\n    entered_by: A. Rossi\n    confirmed_by: M. Osei\n  - id: mid", "    entered_by: A. Rossi\n    confirmed_by: M. Osei\n  - id: mid"}},
	} {
		all, err := pricing.Determine(with(t, x.change...), offer.Settlements{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(all[0].NeedsHuman, "; "); got != x.want {
			t.Errorf("%s: got %q", x.claim, got)
		}
	}
}

func TestAPriceThatTheTermsStateIsHeldAgainstTheYield(t *testing.T) {
	state := func(total string) pricing.Determination {
		all, err := pricing.Determine(with(t, "    pricing:\n      kind: fixed-spread\n      reference: UST10\n",
			"    consideration: {per: 1000, early_payment: 30, total: "+total+"}\n    pricing:\n      kind: fixed-spread\n      reference: UST10\n"), offer.Settlements{})
		if err != nil {
			t.Fatal(err)
		}
		return all[0]
	}
	if d := state("1216.99"); !d.Announced || d.Basis != pricing.FromYield || d.Prove() == nil {
		t.Errorf("the same price: announced %t, from %s", d.Announced, d.Basis)
	}
	d := state("1217.00")
	if d.Announced || d.Basis != pricing.Stated || d.Price().String() != "1217.00" || d.Prove() != nil {
		t.Errorf("another price: announced %t, from %s, %s", d.Announced, d.Basis, d.Price())
	}
	if want := "the terms state 1217.00 and 1187.00 for 1000, from the yield follow 1216.99 and 1186.99 for 1000"; strings.Join(d.NeedsHuman, "") != want {
		t.Errorf("needs %q", d.NeedsHuman)
	}
}

func TestTheDayThatNotesArePricedToIsExplained(t *testing.T) {
	call := func(to, day, spread string) pricing.Determination {
		all, err := pricing.Determine(with(t, "      spread_bp: 80\n", "      spread_bp: "+spread+"\n      to: "+to+"\n      par_call: "+day+"\n"), offer.Settlements{})
		if err != nil {
			t.Fatal(err)
		}
		return all[0]
	}
	for _, x := range []struct{ claim, to, day, spread, priced, why string }{
		{"above par to the call", "earlier-of-par-call-and-maturity", "2030-04-15", "80", "2030-04-15", "the price to the par call date is 121."},
		{"at most par to maturity", "earlier-of-par-call-and-maturity", "2030-04-15", "400", "2030-07-15", "the price to the par call date, 2030-04-15, is 9"},
		{"a call that has come is not looked at", "earlier-of-par-call-and-maturity", "2020-09-15", "80", "2030-07-15", "the par call date 2020-09-15 is not after settlement"},
		{"the terms may insist on the call", "par-call", "2030-04-15", "400", "2030-04-15", "the terms price to the par call date"},
	} {
		d := call(x.to, x.day, x.spread)
		if d.Workout.Date.String() != x.priced || !strings.HasPrefix(d.Workout.Why, x.why) {
			t.Errorf("%s: to %s, %s", x.claim, d.Workout.Date, d.Workout.Why)
		}
	}
}
