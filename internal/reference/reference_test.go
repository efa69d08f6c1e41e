package reference

import (
	"fmt"
	"strings"
	"testing"

	"tenderbook/allocation"
)

// Worked by hand from the rules. want is row:accepted for each tender, then
// what else the case is about: each factor below 1 in the order of the steps,
// with the index of the cap that cut it, the clearing bid, the dropped tenders.
var worked = []struct {
	claim, terms, book, want string
}{
	// §4, §6: steps and factors.
	{
		"a level that does not fit shares what the levels above left", // Level 3: 450,000,000 - 249,457,000 - 62,118,000 = 138,425,000 of 335,600,000 = 0.412470...; 334,600 x that = 138,012.5
		"cap Tender 450_000_000 over=A,B,C,D",
		"A 249_457_000, B 62_118_000, C 1_000_000, C 334_600_000, D 5_000_000",
		"249457000 62118000 412000 138012000 0 C:5537/13424 by 0 D:0 by 0",
	},
	{
		"each tender is the plain ratio rounded down", // Warrior Met 2023: 150,000,000 / 302,618,000 = 49.5674 %; 301,618 x that = 149,504.3
		"cap Tender 150_000_000 over=A", "A 1_000_000, A 301_618_000",
		"495000 149504000 A:75000/151309 by 0",
	},
	{"a late tender of level 1 stands behind an early one of level 2", // 100 - 80 = 20 of 60
		"terms order=early-first; cap C 100_000 over=A,B", "A late 60_000, B 80_000", "20000 80000 A:1/3 by 0"},
	{"where level beats time a late tender of level 1 stands before an early one of level 2", // 100 - 60 = 40 of 80
		"cap C 100_000 over=A,B", "A late 60_000, B 80_000", "60000 40000 B:1/2 by 0"},
	{"series at one level share a factor under one cap", // 100 / 200
		"series A at=1; series B at=1; cap C 100 over=A,B", "A 80, B 120", "40 60 A:1/2 by 0 B:1/2 by 0"},
	{"a series stopped by its own maximum does not hold back the others", // A stops at 20/100; B gets the other 80 of 100
		"series A at=1; series B at=1; cap C 100 over=A,B; cap M 20 over=A own", "A 100, B 100", "20 80 A:1/5 by 1 B:4/5 by 0"},
	{"small tenders are served whole before the rest is prorated", // odd lots: (816 - 66) / (1066 - 66) = 3/4: 300 gives 225
		"terms small=99; cap C 816 over=A; series A", "A 50, A 300, A 700, A 16", "50 225 525 16 A:3/4 by 0"},
	{"small tenders that do not fit are prorated among themselves", // 74 / 148
		"terms small=99; cap C 74 over=A; series A", "A 60, A 88, A 100", "30 44 0 A:1/2 by 0 A:0 by 0"},
	{"what rounding left at a closed cap is lost", // 10/12 of 4 is 3.33: 9 of 10
		"series A; series B; cap C 10 over=A,B", "A 4, A 4, A 4, B 5", "3 3 3 0 A:5/6 by 0 B:0 by 0"},
	{
		"or it is passed on",
		"terms remainder=next; series A; series B; cap C 10 over=A,B", "A 4, A 4, A 4, B 5", "3 3 3 1 A:5/6 by 0 B:1/5 by 0",
	},

	// §5: what caps count.
	{"a cap in money is divided by the price", // 98 / 0.98 = 100 of 200
		"series A price=49/50; cap C 98 over=A counts=purchase-price", "A 200", "100 A:1/2 by 0"},
	{"accrued interest counts where the cap says so", // (0.98 + 0.02) x 200 = 200
		"series A price=49/50 interest=1/50; cap C 100 over=A counts=purchase-price-and-interest", "A 200", "100 A:1/2 by 0"},
	{"another currency counts at the rate", // 200 x 1.3 = 260
		"series A; cap C 130 over=A rate=A:13/10", "A 200", "100 A:1/2 by 0"},
	{"series that a cap is net of are served first, whatever their level", // (100 - 30) / 140
		"series A at=2; series B at=1; cap C 100 over=B less=A", "A 30, B 140", "30 70 B:1/2 by 0"},
	{"a series at two levels stands at the first with a part of it", // 30/80: 18.75, 11.25; B 50; then (100 - 29 - 50) / 51 of 32 and 19: 13.2, 7.8
		"series A at=1:30,3; series B at=2; cap C 100 over=A,B", "A 50, A 30, B 50", "31 18 50 A:3/8 by 1 A:7/17 by 0"},

	// §6.2: all or none.
	{
		"a series that does not fit is skipped and a lower one taken",
		"terms if_exceeded=reject-and-continue; cap C 100_000 over=A,B,C", "A 60_000, B 80_000, C 30_000", "60000 0 30000 B:0 by 0",
	},
	{
		"or it ends the offer under that cap",
		"terms if_exceeded=reject-and-stop; cap C 100_000 over=A,B,C", "A 60_000, B 80_000, C 30_000", "60000 0 0 B:0 by 0 C:0 by 0",
	},
	{
		"a series maximum prorates all the same",
		"terms if_exceeded=reject-and-continue; series A; series B; cap C 60 over=A,B; cap M 50 over=A own", "A 100, B 10", "50 10 A:1/2 by 1",
	},
	{
		"unless it rejects",
		"terms if_exceeded=reject-and-continue maximum_rejects; series A; series B; cap C 60 over=A,B; cap M 50 over=A own", "A 100, B 10", "0 10 A:0 by 1",
	},

	// §7: rounding, stubs, leftovers.
	{"a stub is accepted none of", // 19/38: 8 gives 4, below 5
		"terms stub=reject; series A minimum=5; cap C 19 over=A", "A 8, A 30", "0 15 A:1/2 by 0"},
	{"or all of, and the factor gives way", // 9/15: 6 and 3 -> 5 are 11; at 1/2: 5 and 5; at 4/10: 4 and 5
		"terms stub=accept; series A minimum=4; cap C 9 over=A", "A 10, A 5", "4 5 A:2/5 by 0"},
	{
		"equal stubs jump together past the cap, so none is accepted",
		"terms stub=accept; series A minimum=5; cap C 8 over=A", "A 8, A 8", "0 0 A:0 by 0",
	},
	{"or the minimum is accepted", // 12/60: 4 -> 5 and 8 are 13; at 7/40: 3 -> 5 and 7
		"terms stub=minimum; series A minimum=5; cap C 12 over=A", "A 20, A 40", "5 7 A:7/40 by 0"},
	{"or the minimum is left", // 18/20: 9 of 10 leaves 1
		"terms stub=minimum; series A minimum=3; cap C 18 over=A", "A 10, A 10", "7 7 A:9/10 by 0"},
	{"the factor rises to the last breakpoint that fits", // 10/13: 5.4, 4.6; at 5/6: 5, 5; at 6/7: 6, 5 are too many
		"terms leftover=raise-factor; series A; cap C 10 over=A", "A 7, A 6", "5 5 A:5/6 by 0"},
	{"leftover increments go to the largest fractions", // 10/30: 3 1/3, 3 2/3, 3
		"terms leftover=largest-remainder; series A; cap C 10 over=A", "A 10, A 11, A 9", "3 4 3 A:1/3 by 0"},
	{"equal fractions go in order of receipt", // 4/6 each, the second was received first
		"terms leftover=largest-remainder; series A; cap C 4 over=A", "A 2 received=7, A 2 received=5, A 2 received=9", "1 2 1 A:2/3 by 0"},
	{"a published factor is cut before it is used", // 0.769 -> 0.7: 4.9, 4.2
		"terms factor_decimals=1; series A; cap C 10 over=A", "A 7, A 6", "4 4 A:7/10 by 0"},
	{"and rises by its last decimal", // 0.8: 5.6, 4.8; 0.9: 6.3, 5.4 are too many
		"terms factor_decimals=1 leftover=raise-factor; series A; cap C 10 over=A", "A 7, A 6", "5 4 A:4/5 by 0"},
	{"a participant's tenders are one unit and share what it gets", // 10/20: p gets 5 of 5 + 5, the odd one by receipt
		"terms prorate_by=participant; series A; cap C 10 over=A", "A 5 unit=p received=2, A 10 unit=q, A 5 unit=p received=1", "2 5 3 A:1/2 by 0"},
	{
		"a conditional tender gets what it asks for or nothing",
		"series A; cap C 10 over=A", "A 10 at_least=6, A 10", "0 10 dropped [1]",
	},
	{"the conditional tender furthest off is dropped first", // 12/24: 4 of 8 and 4 of 6 asked; then 12/16: 6 and 6
		"series A; cap C 12 over=A", "A 8 at_least=8, A 8 at_least=6, A 8", "0 6 6 A:3/4 by 0 dropped [1]"},

	// §8: auctions.
	{"bids better than clearing are full, those at clearing prorated", // 60, then 40 of 60
		"terms order=auction best=1 worst=5; series A bids=1,1/10,0; cap C 100 over=A", "A 60 bid=1, A 60 bid=2, A 50 bid=3", "60 40 0 A:2/3 by 0 clears at 2"},
	{"or all that are not worse than clearing", // 100 / 120
		"terms order=auction prorate_all best=1 worst=5; series A bids=1,1/10,0; cap C 100 over=A", "A 60 bid=1, A 60 bid=2, A 50 bid=3", "50 50 0 A:5/6 by 0 clears at 2"},
	{
		"a cap that is never used clears at the worst bid",
		"terms order=auction best=1 worst=5; series A bids=1,1/10,0; cap C 1000 over=A", "A 60 bid=1, A 60 bid=3", "60 60 clears at 3",
	},
	{"a cap in money is used sooner at a higher bid", // at 2: 120 x 1.2 = 144 = the cap
		"terms order=auction best=1 worst=5; series A bids=1,1/10,0; cap C 144 over=A counts=purchase-price", "A 60 bid=1, A 60 bid=2, A 50 bid=3", "60 60 0 clears at 2"},
	{"late bids rank behind all early ones and never move the clearing bid", // 100 - 60 = 40 of 80 late ones at 1; the bid of 3 is worse than 2
		"terms order=auction best=1 worst=5; series A bids=1,1/10,0; cap C 100 over=A", "A 60 bid=2, A late 80 bid=1, A late 30 bid=3", "60 40 0 A:1/2 by 0 clears at 2"},

	{
		"auctions side by side clear each at its own bid, set by its own caps", // A: 60 + 60 pass 100 at 2; B: its maximum of 30 is met at 1, 30 of 40
		"terms order=auction by_series best=1 worst=5; series A bids=1,1/10,0; series B bids=1,1/10,0; cap C 100 over=A; cap M 30 over=B own",
		"A 60 bid=1, A 60 bid=2, B 40 bid=1, B 40 bid=2", "60 40 30 0 A:2/3 by 0 B:3/4 by 1 clears at 2 clears at 1",
	},

	// §4: early settlement.
	{"a later run has what the caps have left", // 120 - 60 = 60 of 120
		"terms order=early-first; series A; cap C 100 over=A; later 120", "A 60; A late 120", "60; 60 A:1/2 by 0"},
	{
		"a cap closed by the first run stays closed",
		"terms order=early-first; series A; cap C 10 over=A; later 10", "A 4, A 4, A 4; A late 5", "3 3 3 A:5/6 by 0; 0 A:0 by 0",
	},
	{"unless its amount has changed", // 12 - 9 = 3 of 5
		"terms order=early-first; series A; cap C 10 over=A; later 12", "A 4, A 4, A 4; A late 5", "3 3 3 A:5/6 by 0; 3 A:3/5 by 0"},
}

func TestWorkedExamples(t *testing.T) {
	for _, c := range worked {
		t.Run(c.claim, func(t *testing.T) {
			o := workedOffer(t, c.terms, c.book)
			first := Allocate(o.First(), o.Book)
			got := describe(o.Book, first)
			if o.Later != nil {
				got += "; " + describe(o.Later.Book, Allocate(o.Second(first.Settled), o.Later.Book))
			}
			if got != c.want {
				t.Errorf("\n%s\ngot  %s\nwant %s", o, got, c.want)
			}
		})
	}
}

// workedOffer reads a case. Terms and series that a case does not mention are
// plain: series A to D in increments of 1,000 at levels 1 to 4.
func workedOffer(t *testing.T, terms, book string) *Offer {
	t.Helper()
	lines := map[string][]string{}
	for _, l := range strings.Split(terms, ";") {
		word := strings.Fields(l)[0]
		lines[word] = append(lines[word], strings.TrimSpace(l))
	}
	if lines["series"] == nil {
		lines["series"] = []string{"series A increment=1000 at=1", "series B increment=1000 at=2", "series C increment=1000 at=3", "series D increment=1000 at=4"}
	}
	text := strings.Join(append(append(lines["terms"], lines["series"]...), lines["cap"]...), "\n")
	row := 0
	for i, run := range strings.Split(book, ";") {
		if i > 0 {
			text += "\n" + lines["later"][0]
		}
		for _, x := range strings.Split(run, ",") {
			row++
			w := strings.Fields(x)
			if w[1] != "late" {
				w = append([]string{w[0], "early"}, w[1:]...)
			}
			text += fmt.Sprintf("\ntender %d %s id=t%d", row, strings.Join(w, " "), row)
		}
	}
	o, err := Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for i := range o.Terms.Series { // series without a level stand one after the other
		if !strings.Contains(lines["series"][i], "at=") {
			o.Terms.Series[i].Places[0].Level = i + 1
		}
	}
	return o
}

// describe writes a result as the cases do.
func describe(book []allocation.Tender, r *Result) string {
	var out []string
	for i := range book {
		out = append(out, fmt.Sprint(r.Accepted[i]))
	}
	for _, l := range r.Lines {
		if l.Factor.Cmp(one) < 0 {
			out = append(out, fmt.Sprintf("%s:%s by %d", seriesName(l.Series), l.Factor.RatString(), l.BoundBy))
		}
	}
	for i, bid := range r.ClearingBids {
		if bid != nil && (i == 0 || r.ClearingBids[i-1] == nil || *bid != *r.ClearingBids[i-1]) {
			out = append(out, fmt.Sprintf("clears at %d", *bid))
		}
	}
	if len(r.Dropped) > 0 {
		out = append(out, fmt.Sprintf("dropped %v", r.Dropped))
	}
	return strings.Join(out, " ")
}

func TestMoneyIsRoundedHalfUpOncePerTender(t *testing.T) {
	o := workedOffer(t, "series A price=1/2 interest=1/6", "A 3, A 4, A 9")
	r := Allocate(o.First(), o.Book)
	if got, want := fmt.Sprint(r.Consideration, r.Interest), "[2 2 5] [1 1 2]"; got != want { // 1.5, 2, 4.5; 0.5, 0.67, 1.5
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWhatIsNotDeliveredIsPaidLast(t *testing.T) { // 50 accepted of 100: 30 of 100 undelivered leaves 70 to pay, 80 leaves 20
	o := workedOffer(t, "series A price=1; cap C 100 over=A", "A 100 undelivered=30, A 100 undelivered=80")
	r := Allocate(o.First(), o.Book)
	if got, want := fmt.Sprint(r.Accepted, r.Consideration), "[50 50] [50 20]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
