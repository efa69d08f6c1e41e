package offer

import (
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"tenderbook/allocation"
	"tenderbook/calendar"
	"tenderbook/money"
)

// small is an offer for one series with room for changes by replacement.
const small = `tenderbook: 1
offer: SMALL
title: Offer for one series
offeror: Example plc
kind: cash-tender
rules: none
time_zone: Europe/London
commenced: 2025-03-03
dates:
  early_tender: by 2025-03-14 17:00
  expiration: by 2025-03-28 17:00
  early_settlement: 2025-03-18
  settlement: 2025-04-01
caps:
  - {name: Cap, amount: USD 100000000, counts: purchase-price, series: all}
acceptance: {order: early-first, if_exceeded: prorate, leftover: unused, stub: ignore}
series:
  - id: A
    title: 5% Notes due 2030
    currency: USD
    outstanding: 500,000,000
    denomination: {minimum: 2000, multiple: 1000}
    consideration: {per: 1000, tender_offer: 950, early_payment: 50, total: 1000}
    interest: {coupon: 5, day_count: 30/360, dates: [Jan 15, Jul 15]}
    maturity: 2030-01-15
`

func mustTerms(t *testing.T, yaml string) *Terms {
	t.Helper()
	f, err := Read("offer.yaml", []byte(yaml))
	if err != nil {
		t.Fatalf("refused:\n%v", err)
	}
	return f.Terms
}

func allocated(t *testing.T, terms *Terms) *allocation.Terms {
	t.Helper()
	a, err := terms.Allocation(terms.Settlements())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := allocation.Decide(a, allocation.NewTally(a)); err != nil {
		t.Fatalf("the allocator refuses the terms: %v", err)
	}
	return a
}

func wantRat(t *testing.T, claim string, got *big.Rat, want string) {
	t.Helper()
	over, under, ok := strings.Cut(want, "/")
	if !ok {
		under = "1"
	}
	a, _ := new(big.Rat).SetString(over)
	b, _ := new(big.Rat).SetString(under)
	if got == nil || got.Cmp(a.Quo(a, b)) != 0 {
		t.Errorf("%s: got %v, want %s", claim, got, want)
	}
}

func TestLevel3BecomesTermsOfAllocation(t *testing.T) {
	a := allocated(t, readFile(t, "testdata/level3-2004.yaml").Terms)
	wantRat(t, "early price of a cent of the 9 1/8% notes", a.Series[0].Price[allocation.Early], "857.50/1000")
	wantRat(t, "late price of a cent of the 9 1/8% notes", a.Series[0].Price[allocation.Late], "837.50/1000")
	// 1 November to 2 December is 31 days of 30/360.
	wantRat(t, "interest on a cent of the 9 1/8% notes", a.Series[0].Interest[allocation.Early], "565.75/72000") // 9.125/100 x 31/360 = 2.82875/360 = 565.75/72000
	var caps []string
	for _, c := range a.Caps {
		caps = append(caps, c.Name)
	}
	if got, want := strings.Join(caps, ", "), "Tender Cap, 9.125 maximum, 11 maximum, 10.5 maximum, 10.75 maximum"; got != want {
		t.Errorf("caps: got %s, want %s", got, want)
	}
	wantRat(t, "a euro cent under the dollar cap", a.Caps[0].Rate[3], "1.2950")
	if a.Caps[0].Rate[0] != nil || a.Caps[0].Own || !a.Caps[4].Own || a.Caps[4].Rate != nil {
		t.Errorf("own caps and rates are mixed up: %+v", a.Caps)
	}
}

func TestInterestRunsToTheSettlementOfTheTiming(t *testing.T) {
	a := allocated(t, mustTerms(t, small))
	// 15 January to 18 March is 63 days of 30/360, to 1 April 76.
	wantRat(t, "early", a.Series[0].Interest[allocation.Early], "315/36000") // 5/100 x 63/360
	wantRat(t, "late", a.Series[0].Interest[allocation.Late], "380/36000")   // 5/100 x 76/360
}

func TestInterestRoundedPer1000IsRoundedFirst(t *testing.T) {
	a := allocated(t, mustTerms(t, small+"payment: {round_interest: per-1000}\n"))
	wantRat(t, "late", a.Series[0].Interest[allocation.Late], "10.56/1000") // 10.5555... a thousand
}

func TestWithoutAnEarlyDateThereIsOnePrice(t *testing.T) {
	a := allocated(t, mustTerms(t, strings.NewReplacer(
		"  early_tender: by 2025-03-14 17:00\n", "", "  early_settlement: 2025-03-18\n", "",
		"tender_offer: 950, early_payment: 50, total: 1000", "total: 99.5").Replace(strings.Replace(small, "per: 1000", "per: 100", 1))))
	wantRat(t, "price", a.Series[0].Price[allocation.Early], "0.995")
	if a.Series[0].Price[allocation.Late] != nil {
		t.Error("there are late tenders without an early date")
	}
}

// priced is the small offer with a series of Rogers Communications' tender of
// July 2025 in place of its own.
func priced(t *testing.T, yield string) *Terms {
	return mustTerms(t, strings.Replace(small, "    consideration: {per: 1000, tender_offer: 950, early_payment: 50, total: 1000}\n",
		"    pricing:\n      kind: fixed-spread\n      reference: {security: UST"+yield+"}\n      spread_bp: 80\n      early_payment: 30.00\n"+
			"      convention: {frequency: 2, day_count: 30/360, round: cent-half-up}\n", 1))
}

func TestASpreadHasNoPriceBeforePriceDetermination(t *testing.T) {
	terms := priced(t, "")
	if _, err := terms.Allocation(terms.Settlements()); !errors.Is(err, ErrUndetermined) {
		t.Errorf("a cap on money without prices: got %v, want ErrUndetermined", err)
	}
	terms.Caps[0].Counts = "principal"
	a := allocated(t, terms)
	if a.Series[0].Price[allocation.Early] != nil {
		t.Error("a price without a yield")
	}
	if got := terms.Undetermined(); len(got) != 1 || got[0] != "A" {
		t.Errorf("undetermined: got %v, want [A]", got)
	}
}

func TestASpreadPricesAtParWhereTheYieldIsTheCoupon(t *testing.T) {
	terms := priced(t, ", yield: 4.2") // 4.2 + 0.8 is the coupon of 5
	day := calendar.Date{Year: 2025, Month: 7, Day: 15}
	price, err := terms.Series[0].PriceAt(false, Settlements{Early: day, Late: day})
	if err != nil || price.Amount.String() != "1000.00" || price.Yield.String() != "5.00" {
		t.Errorf("on an interest date: got %s at %v, %v, want par at 5.00", price.Amount, price.Yield, err)
	}
}

// Brunswick Corporation's offer of November 2025 for 5.100% notes due 2052: the
// release gives 4.685 + 1.75 percent, 831.59 and 781.59.
func TestBrunswickPaysLateTenders50LessThanEarlyOnes(t *testing.T) {
	s := priced(t, ", yield: 4.685").Series[0]
	date := func(y, m, d int) calendar.Date { return calendar.NewDate(y, time.Month(m), d) }
	s.Maturity, s.Interest.Coupon = date(2052, 4, 1), money.DecimalOf(51, 1)
	s.Interest.Dates = []MonthDay{{time.April, 1}, {time.October, 1}}
	s.Pricing.SpreadBP, s.Pricing.EarlyPayment = money.DecimalOf(175, 0), money.DecimalOf(50, 0)
	days := Settlements{Early: date(2025, 12, 1), Late: date(2025, 12, 15)}
	for late, want := range map[bool]string{false: "831.59", true: "781.59"} {
		if p, err := s.PriceAt(late, days); err != nil || p.Amount.String() != want {
			t.Errorf("late %v: got %s, %v, want %s", late, p.Amount, err, want)
		}
	}
}

func TestLateTendersGetTheOnePriceLessTheEarlyPayment(t *testing.T) {
	terms := priced(t, ", yield: 4.5")
	gap := func() string {
		early, errEarly := terms.Series[0].PriceAt(false, terms.Settlements())
		late, errLate := terms.Series[0].PriceAt(true, terms.Settlements())
		diff, errDiff := early.Amount.Add(negative(late.Amount))
		if err := errors.Join(errEarly, errLate, errDiff); err != nil {
			t.Fatal(err)
		}
		return diff.String()
	}
	if got := gap(); got != "30.00" {
		t.Errorf("early less late: got %s, want the early payment of 30.00", got)
	}
	terms.Series[0].Pricing.At = "own-settlement"
	if got := gap(); got == "30.00" {
		t.Error("worked out to another settlement, the late price has not moved")
	}
}

const auctionTerms = `
    pricing: {kind: auction-price, base: 900, minimum: 880, maximum: 920, increment: 2.50, early_payment: 30}
`

func auctionOffer(pricing string) string {
	s := strings.Replace(small, "    consideration: {per: 1000, tender_offer: 950, early_payment: 50, total: 1000}\n", strings.TrimPrefix(pricing, "\n"), 1)
	return strings.Replace(s, "{order: early-first, if_exceeded: prorate,", "{order: auction, auction: {no_bid: clearing, pays: clearing, prorate: at-clearing},", 1)
}

func TestBidsAreStepsFromTheBase(t *testing.T) {
	terms := mustTerms(t, auctionOffer(auctionTerms))
	a := allocated(t, terms)
	if a.Auction.Best != -8 || a.Auction.Worst != 8 { // (880-900)/2.50, (920-900)/2.50
		t.Errorf("range: got %d to %d, want -8 to 8", a.Auction.Best, a.Auction.Worst)
	}
	wantRat(t, "early price at 902.50", a.Auction.Price(0, allocation.Early, 1), "902.50/1000")
	wantRat(t, "late price at 902.50", a.Auction.Price(0, allocation.Late, 1), "872.50/1000")
	bid, err := terms.Series[0].Pricing.Bid(1)
	if err != nil || bid.String() != "902.50" {
		t.Errorf("bid of one step: got %s, %v, want 902.50", bid, err)
	}
}

func TestAHigherSpreadIsTheBetterBid(t *testing.T) {
	terms := mustTerms(t, auctionOffer(`
    pricing:
      kind: auction-spread
      reference: {security: UST, yield: 4.2}
      base: 80
      minimum: 60
      maximum: 100
      increment: 5
      convention: {frequency: 2, day_count: 30/360, round: cent-half-up}
`))
	a := allocated(t, terms)
	if a.Auction.Best != -4 || a.Auction.Worst != 4 { // (100-80)/5 and (60-80)/5, turned round
		t.Errorf("range: got %d to %d, want -4 to 4", a.Auction.Best, a.Auction.Worst)
	}
	if best, worst := a.Auction.Price(0, allocation.Early, -4), a.Auction.Price(0, allocation.Early, 4); best.Cmp(worst) >= 0 {
		t.Errorf("the price at the best bid, %s, is not below that at the worst, %s", best, worst)
	}
	steps, err := terms.Series[0].Pricing.Steps(terms.Series[0].Pricing.Maximum)
	if err != nil || steps != a.Auction.Best {
		t.Errorf("the highest spread: got %d steps, %v, want the best, %d", steps, err, a.Auction.Best)
	}
}
