package allocation_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"tenderbook/allocation"
)

// terms is the shape most cases start from: series "A", "B", ... at levels 1,
// 2, ..., increment 1, one cap over all.
func terms(cap int64, series int) *allocation.Terms {
	t := &allocation.Terms{}
	c := allocation.Cap{Name: "Tender Cap", Amount: cap}
	for i := range series {
		t.Series = append(t.Series, allocation.Series{
			ID: string(rune('A' + i)), Places: []allocation.Place{{Level: i + 1}}, Increment: 1,
		})
		c.Series = append(c.Series, i)
	}
	t.Caps = []allocation.Cap{c}
	return t
}

// tenders reads "A 100", "B 200 late", "A 50 min 30" in order of receipt.
func tenders(t *testing.T, list string) []allocation.Tender {
	t.Helper()
	var xs []allocation.Tender
	for i, item := range strings.Split(list, ";") {
		f := strings.Fields(item)
		x := allocation.Tender{Row: i, Series: int(f[0][0] - 'A'), ReceivedAt: int64(i), ID: fmt.Sprint(i)}
		fmt.Sscan(f[1], &x.Principal)
		for j := 2; j < len(f); j++ {
			switch f[j] {
			case "late":
				x.Timing = allocation.Late
			case "min":
				fmt.Sscan(f[j+1], &x.AtLeast)
			case "bid":
				x.HasBid = true
				fmt.Sscan(f[j+1], &x.Bid)
			case "of":
				x.Unit = f[j+1]
			}
		}
		xs = append(xs, x)
	}
	return xs
}

func accepted(t *testing.T, terms *allocation.Terms, xs []allocation.Tender) string {
	t.Helper()
	_, outcomes, err := allocation.Allocate(terms, xs)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range outcomes {
		got = append(got, fmt.Sprint(o.Accepted))
	}
	return strings.Join(got, " ")
}

func TestAllocate(t *testing.T) {
	type with = func(*allocation.Terms)
	for _, c := range []struct {
		claim  string
		cap    int64
		series int
		with   with
		book   string
		want   string
	}{
		{"what fits is accepted in full", 1000, 1, nil, "A 300; A 500", "300 500"},
		{"what does not fit is prorated and rounded down", 1000, 1, nil, "A 900; A 600", "600 400"}, // 2/3
		{"rounding down leaves the rest unused", 100, 1, nil, "A 50; A 50; A 50", "33 33 33"},       // 1 left
		{"a better level is served first", 1000, 2, nil, "B 600; A 700", "300 700"},                 // 1000-700
		{"a closed cap gives lower levels nothing of what rounding left", 100, 2, nil, "A 50; A 50; A 50; B 9", "33 33 33 0"},
		{"remainder: next passes it down", 100, 2, func(t *allocation.Terms) { t.Remainder = allocation.Next }, "A 50; A 50; A 50; B 9", "33 33 33 1"},
		{
			"early-first serves late tenders of level 1 after early ones of level 2", 100, 2,
			func(t *allocation.Terms) { t.Order = allocation.EarlyFirst }, "A 80 late; B 60", "40 60",
		},
		{"priority serves level 1 first, late or not", 100, 2, nil, "A 80 late; B 60", "80 20"},
		{"series at one level share a factor", 100, 2, func(t *allocation.Terms) { t.Series[1].Places[0].Level = 1 }, "A 100; B 100", "50 50"},
		{"a series stopped by its own maximum does not hold back the others", 100, 2, func(t *allocation.Terms) {
			t.Series[1].Places[0].Level = 1
			t.Caps = append(t.Caps, allocation.Cap{Name: "A maximum", Amount: 20, Series: []int{0}, Own: true})
		}, "A 100; B 100", "20 80"},
		{
			"a series that does not fit is skipped and the next is tried", 100, 3,
			func(t *allocation.Terms) { t.IfExceeded = allocation.RejectAndContinue }, "A 60; B 50; C 40", "60 0 40",
		},
		{
			"reject-and-stop gives nothing to any later level", 100, 3,
			func(t *allocation.Terms) { t.IfExceeded = allocation.RejectAndStop }, "A 60; B 50; C 40", "60 0 0",
		},
		{
			"raise-factor fills the cap where equal tenders do not jump together", 100, 1,
			func(t *allocation.Terms) { t.Leftover = allocation.RaiseFactor }, "A 50; A 60; A 70", "28 33 39",
		}, // 5/9 gives 27 33 38 = 98; 28/50 gives 28 33 39 = 100
		{
			"largest-remainder gives the last increments to the largest fractions", 10, 1,
			func(t *allocation.Terms) { t.Leftover = allocation.LargestRemainder }, "A 10; A 11; A 9", "3 4 3",
		}, // 10/30: 3 1/3, 3 2/3, 3
		{
			"equal fractions go in receipt order", 100, 1,
			func(t *allocation.Terms) { t.Leftover = allocation.LargestRemainder }, "A 50; A 50; A 50", "34 33 33",
		},
		{
			"small tenders are served whole before the others", 100, 1,
			func(t *allocation.Terms) { t.SmallUpTo = 10 }, "A 10; A 90; A 90", "10 45 45",
		}, // (100-10)/180
		{"a conditional tender that falls short is dropped", 100, 1, nil, "A 100 min 60; A 100", "0 100"}, // 1/2 gives 50 < 60
		{
			"a participant's tenders are prorated as one", 15, 1,
			func(t *allocation.Terms) { t.ProrateBy = allocation.ByParticipant }, "A 5 of p; A 5 of p; A 20 of q", "3 2 10",
		}, // 1/2 of 10 and 20
		{"a series at two levels gives its first part at the better one", 100, 2, func(t *allocation.Terms) {
			t.Series[0].Places = []allocation.Place{{Level: 1, UpTo: 30}, {Level: 3}}
		}, "A 80; B 50", "50 50"}, // 30, then B 50, then 20 of the 50 left
		{"an auction accepts better bids in full and prorates at clearing", 100, 1, auction, "A 40 bid 1; A 80 bid 2; A 90 bid 3", "40 60 0"},
		{"late tenders rank behind all early ones", 100, 1, auction, "A 40 bid 1; A 80 bid 1 late; A 50 bid 2", "40 10 50"},
		{
			"auctions side by side clear each at a bid of its own", 0, 2, sideBySide(50, 100),
			"A 40 bid 1; A 80 bid 2; B 60 bid 5; B 20 bid 7; B 9 bid 7 late", "40 10 60 20 9",
		}, // A clears at 2, B at 7, its worst, with 20 to spare
		{
			"a series of an auction side by side that is not used up takes all its bids", 0, 2, sideBySide(5, 100),
			"A 40 bid 1; A 80 bid 2; B 60 bid 9", "5 0 60",
		},
	} {
		t.Run(c.claim, func(t *testing.T) {
			terms := terms(c.cap, c.series)
			if c.with != nil {
				c.with(terms)
			}
			if got := accepted(t, terms, tenders(t, c.book)); got != c.want {
				t.Errorf("cap %d, book %s:\n got %s\nwant %s", c.cap, c.book, got, c.want)
			}
		})
	}
}

func auction(t *allocation.Terms) {
	t.Order = allocation.Auction
	t.Auction = allocation.AuctionTerms{Best: 0, Worst: 10, Price: func(int, allocation.Timing, int64) *big.Rat { return big.NewRat(1, 1) }}
}

func sideBySide(maximums ...int64) func(*allocation.Terms) {
	return func(t *allocation.Terms) {
		auction(t)
		t.Auction.BySeries, t.Caps = true, nil
		for i, amount := range maximums {
			t.Caps = append(t.Caps, allocation.Cap{Name: "maximum", Amount: amount, Series: []int{i}, Own: true})
		}
	}
}

// The worked example: 450,000,000 less 249,457,000 and 62,118,000 leaves
// 138,425,000 for 335,600,000 tendered.
func TestTheCutLevelSharesWhatIsLeft(t *testing.T) {
	terms := terms(450_000_000_00, 3)
	for i := range terms.Series {
		terms.Series[i].Increment, terms.Series[i].Minimum = 1000_00, 1000_00
	}
	xs := []allocation.Tender{
		{Row: 0, Series: 0, Principal: 249_457_000_00},
		{Row: 1, Series: 1, Principal: 62_118_000_00},
		{Row: 2, Series: 2, Principal: 1_000_000_00},
		{Row: 3, Series: 2, Principal: 334_600_000_00},
	}
	d, outcomes, err := allocation.Allocate(terms, xs)
	if err != nil {
		t.Fatal(err)
	}
	line := d.Steps[2].Lines[0]
	if want := big.NewRat(138_425_000, 335_600_000); line.Factor.Cmp(want) != 0 {
		t.Errorf("factor %s, want %s", line.Factor, want)
	}
	if got := outcomes[2].Accepted; got != 412_000_00 { // 412,470.20 rounded down
		t.Errorf("1,000,000 accepted for %d cents, want 41200000", got)
	}
	if got, want := d.Reason(outcomes[2]), "prorated at 0.412470 (Tender Cap)"; got != want {
		t.Errorf("reason %q, want %q", got, want)
	}
}
