package tenderbook_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tenderbook/internal/bookfile"
	"tenderbook/offer"
)

// A shareAuction is a row of testdata/auctions: a published specification of an
// auction for shares.
type shareAuction struct {
	id, capShares, capCash, bids, price, bought, ours, why string
}

func shareAuctions(t *testing.T) (all []shareAuction) {
	t.Helper()
	text, err := os.ReadFile("testdata/auctions/flexile.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		all = append(all, shareAuction{r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7]})
	}
	return all
}

// TestPublishedShareAuctions runs specifications of another program through
// the offer file and the book reader. Where it loses shares to floating point
// ours is exact, and the row says why it differs.
func TestPublishedShareAuctions(t *testing.T) {
	for _, a := range shareAuctions(t) {
		t.Run(a.id, func(t *testing.T) {
			got, price := a.run(t, "unused")
			want := a.bought
			if a.ours != "" {
				want = a.ours
			}
			if price != a.price {
				t.Errorf("%s: clears at %s, want %s", a.bids, price, a.price)
			}
			if got != want {
				t.Errorf("%s under %s shares and %s dollars: bought %s, want %s", a.bids, a.capShares, a.capCash, got, want)
			}
		})
	}
}

// One share of 10,000 is lost in fx-10 where each bid is rounded down. The
// largest remainder gives it to 3000 x 100/259 = 1158.30, whose fraction cut off
// is behind 400 x 100/259 = 154.44 only.
func TestLargestRemainderBuysTheLastShare(t *testing.T) {
	for _, a := range shareAuctions(t) {
		if a.id != "fx-10" {
			continue
		}
		if got, _ := a.run(t, "largest-remainder"); got != "1 P 4016; 1 Q 1158; 2 P 4054; 2 Q 772" {
			t.Errorf("bought %s", got)
		}
	}
}

// run decides the auction from an offer file and a book, and gives what was
// bought by holder and class, and the clearing price.
func (a shareAuction) run(t *testing.T, leftover string) (bought, price string) {
	t.Helper()
	var classes []string
	book := "instruction,received_at,series,principal,bid,holder\n"
	for i, bid := range strings.Split(a.bids, "; ") {
		holder, class, shares, at := parseBid(t, bid)
		if !slices.Contains(classes, class) {
			classes = append(classes, class)
		}
		book += fmt.Sprintf("%d,2026-01-05T12:00:00Z,%s,%s,%s,%s\n", i, class, shares, at, holder)
	}
	f, err := offer.Read(a.id, []byte(a.offer(classes, leftover)))
	if err != nil {
		t.Fatal(err)
	}
	terms, err := f.Terms.Allocation(f.Terms.Settlements())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	result, err := bookfile.Allocate(t.Context(), bookfile.Bytes("book.csv", []byte(book)), bookfile.Options{Terms: f.Terms, Alloc: terms}, &out)
	if err != nil {
		t.Fatal(err)
	}
	clearing, err := f.Terms.Series[0].Pricing.Bid(*result.Decision.ClearingBid)
	if err != nil {
		t.Fatal(err)
	}
	return boughtBy(t, &out), clearing.String()
}

// parseBid takes "A X 100@10.00" apart.
func parseBid(t *testing.T, bid string) (holder, class, shares, price string) {
	t.Helper()
	words := strings.Fields(bid)
	if len(words) != 3 || !strings.Contains(words[2], "@") {
		t.Fatalf("bid %q: needs HOLDER CLASS SHARES@PRICE", bid)
	}
	shares, price, _ = strings.Cut(words[2], "@")
	return words[0], words[1], shares, price
}

func (a shareAuction) offer(classes []string, leftover string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `tenderbook: 1
offer: %s
title: Share auction
offeror: Example
kind: cash-tender
rules: us-13e-4
time_zone: UTC
commenced: 2026-01-05
dates: {expiration: by 2026-02-02 24:00, settlement: 2026-02-04}
acceptance: {order: auction, leftover: %s, auction: {no_bid: clearing, pays: clearing, prorate: all}}
caps:
  - {name: Shares, amount: %s shares, counts: shares, series: all}
`, a.id, leftover, a.capShares)
	if a.capCash != "" {
		fmt.Fprintf(&b, "  - {name: Cash, amount: USD %s, counts: purchase-price, series: all}\n", a.capCash)
	}
	b.WriteString("series:\n")
	for _, class := range classes {
		fmt.Fprintf(&b, `  - id: %s
    title: Class %s
    currency: USD
    unit: shares
    outstanding: 10,000,000
    denomination: {minimum: 1, multiple: 1}
    pricing: {kind: auction-price, base: 10.00, minimum: 10.00, maximum: 22.00, increment: 0.01}
`, class, class)
	}
	return b.String()
}

// boughtBy adds an allocation up by holder and class.
func boughtBy(t *testing.T, allocated *bytes.Buffer) string {
	t.Helper()
	rows, err := csv.NewReader(allocated).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	sums := map[string]int{}
	for _, r := range rows[1:] {
		n, err := strconv.Atoi(r[column("accepted")])
		if err != nil {
			t.Fatal(err)
		}
		sums[r[column("holder")]+" "+r[column("series")]] += n
	}
	var all []string
	for who, n := range sums {
		all = append(all, fmt.Sprintf("%s %d", who, n))
	}
	slices.Sort(all)
	return strings.Join(all, "; ")
}
