package report

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"tenderbook/allocation"
	"tenderbook/offer"
)

type change func(*offer.Terms, *allocation.Terms, []allocation.Tender)

// million is the row of the tender of $1,000,000 of the third series.
func million(tenders []allocation.Tender) int {
	for i, x := range tenders {
		if x.Series == 2 && x.Principal == 1_000_000_00 {
			return i
		}
	}
	panic("no tender of 1,000,000")
}

// decided decides the books under changed terms and gives what became of one
// row.
func decided(t *testing.T, ch change, row func([]allocation.Tender) int) (Input, Subject) {
	t.Helper()
	var tenders []allocation.Tender
	in := level3Input(t, AtEarly, func(o *offer.Terms, a *allocation.Terms, x []allocation.Tender) {
		if ch != nil {
			ch(o, a, x)
		}
		tenders = x
	})
	x := tenders[row(tenders)]
	return in, Subject{
		Instruction: "I-000731", Account: "HX-80517", Series: x.Series, Asked: x.Principal,
		Received: time.Date(2004, 11, 11, 10, 2, 17, 0, in.Terms.Zone),
		Tender:   x, Outcome: in.Decision.Outcome(x),
	}
}

// rerun is the outcome of the tender of $1,000,000 under changed terms.
func rerun(t *testing.T, w WhatIf, ch change) WhatIf {
	t.Helper()
	in, s := decided(t, ch, func(x []allocation.Tender) int {
		for i := range x {
			if x[i].ID == "I-000391" {
				return i
			}
		}
		return million(x)
	})
	w.Outcome = s.Outcome
	share := s.Outcome.Shares[len(s.Outcome.Shares)-1]
	w.Factor = in.Decision.Steps[share.Step].Lines[share.Line].Factor
	return w
}

func TestExplainWhy412000Of1000000(t *testing.T) {
	in, s := decided(t, withoutInterest, million)
	row := million(level3Tenders())
	changed := []WhatIf{
		rerun(t, WhatIf{Kind: AfterEarly}, func(o *offer.Terms, a *allocation.Terms, x []allocation.Tender) {
			withoutInterest(o, a, x)
			x[row].Timing = allocation.Late
		}),
		rerun(t, WhatIf{Kind: CapAmount, Cap: "Tender Cap", Amount: dollars(1_105_000_000)}, func(o *offer.Terms, a *allocation.Terms, x []allocation.Tender) {
			withoutInterest(o, a, x)
			a.Caps[0].Amount = 1_105_000_000_00
		}),
		rerun(t, WhatIf{Kind: MorePrincipal, Amount: dollars(1000)}, func(o *offer.Terms, a *allocation.Terms, x []allocation.Tender) {
			withoutInterest(o, a, x)
			x[row].Principal += 1000_00
		}),
	}
	e, err := Explain(in, s, changed...)
	if err != nil {
		t.Fatal(err)
	}
	var text, js bytes.Buffer
	if err := e.WriteText(&text, 100); err != nil {
		t.Fatal(err)
	}
	if err := e.WriteJSON(&js); err != nil {
		t.Fatal(err)
	}
	golden(t, "explain.txt", text.Bytes())
	golden(t, "explain.json", js.Bytes())
	for _, want := range []string{
		"41.2470% of your $1,000,000 is $412,470, rounded down to the nearest $1,000: $412,000 was accepted.",
		"$353,290.00", "$345,050.00 paid, $8,240.00 less.", "proration factor 41.2469%, still $412,000 accepted.",
	} {
		if !strings.Contains(strings.Join(strings.Fields(text.String()), " "), want) {
			t.Errorf("no %q in\n%s", want, &text)
		}
	}
}

func ofPrincipal(minor int64) func([]allocation.Tender) int {
	return func(all []allocation.Tender) int {
		return slices.IndexFunc(all, func(x allocation.Tender) bool { return x.Principal == minor })
	}
}

// smallMillion makes a small tender of the one of $1,000,000.
func smallMillion(_ *offer.Terms, a *allocation.Terms, x []allocation.Tender) {
	a.SmallUpTo = 100_000_00
	x[million(x)].Principal = 90_000_00
}

func TestEveryVariantSaysWhy(t *testing.T) {
	first := func(series int) func([]allocation.Tender) int {
		return func(all []allocation.Tender) int {
			for i, x := range all {
				if x.Series == series {
					return i
				}
			}
			return -1
		}
	}
	cases := []struct {
		name   string
		change change
		row    func([]allocation.Tender) int
		edit   func(*Subject)
		want   string // in the answer
	}{
		{
			"accepted in full", nil, first(0), nil,
			"All of your $1,757,000 was accepted, because the offer had room for all that was tendered at your level.",
		},
		{
			"nothing, because levels above filled the cap", nil, first(3), nil,
			"The offer could buy $450,000,000, and notes ranking above yours took $449,903,000; $97,000 that rounding down left over is not passed on. Nothing was left for yours.",
		},
		{
			"received late", nil, million, func(s *Subject) {
				s.Fate, s.Received = ReceivedLate, time.Date(2004, 11, 30, 0, 0, 42, 0, s.Received.Location())
			},
			"because your instruction came too late: the offer expired at the end of the day (24:00), New York City time, on November 29, 2004.",
		},
		{"withdrawn", nil, million, func(s *Subject) { s.Fate = Withdrawn }, "because your instruction was withdrawn in time."},
		{
			"not valid", nil, million, func(s *Subject) { s.Fate, s.Defect = Invalid, "the account holds only $800,000" },
			"because your instruction was not valid: the account holds only $800,000.",
		},
		{
			"late price", func(_ *offer.Terms, _ *allocation.Terms, x []allocation.Tender) { x[0].Timing = allocation.Late }, first(0), nil,
			"Because it came after the early time, it is paid the Tender Offer Consideration, without the Early Tender Payment.",
		},
		{
			"small tender whole", smallMillion, ofPrincipal(90_000_00), nil,
			"All of your $90,000 was accepted, because tenders of up to $100,000 are accepted before the others of their level.",
		},
		{"behind small tenders", smallMillion, first(2), nil, "was shared in proportion among the 202 tenders"},
		{
			"one factor for two series", func(_ *offer.Terms, a *allocation.Terms, _ []allocation.Tender) { a.Series[3].Places[0].Level = 3 }, million, nil,
			// (450,000,000 - 311,575,000) / (335,600,000 + 120,000,000 x 1.2950)
			"The remaining $138,425,000 was shared in proportion among the 263 tenders of 2 series that stand with yours, which came to $491,000,000: 28.1925% each.",
		},
		{
			"two levels", func(_ *offer.Terms, a *allocation.Terms, _ []allocation.Tender) {
				a.Series[2].Places = []allocation.Place{{Level: 1, UpTo: 100_000_000_00}, {Level: 3}}
			}, million, nil,
			"Over the 2 levels at which your notes stand, $411,000 of your $1,000,000 was accepted.",
		},
		{"late behind early", func(_ *offer.Terms, a *allocation.Terms, x []allocation.Tender) {
			a.Order = allocation.EarlyFirst
			x[0].Timing = allocation.Late
		}, first(0), nil, "Nothing of your $1,757,000 was accepted. The offer could buy $450,000,000, and early tenders and notes ranking above yours took"},
		{
			"all or none", func(_ *offer.Terms, a *allocation.Terms, _ []allocation.Tender) {
				a.IfExceeded = allocation.RejectAndContinue
			}, million, nil,
			"because these notes are accepted whole or not at all: those tendered count $335,600,000, and the Tender Cap had $138,425,000 left.",
		},
		{"stub", func(_ *offer.Terms, a *allocation.Terms, _ []allocation.Tender) {
			a.Stub = allocation.StubReject
			a.Series[2].Minimum = 500_000_00
		}, million, nil, "the terms then accept nothing of a tender."},
		{
			"own maximum", func(_ *offer.Terms, a *allocation.Terms, _ []allocation.Tender) { a.Caps[3].Amount = 33_560_000_00 }, million, nil,
			"The offer could buy no more than $33,560,000 of your notes, their own maximum. This was shared in proportion among the 203 tenders of your notes, which came to $335,600,000: 10.0000% each. 10.0000% of your $1,000,000 is $100,000, rounded down to the nearest $1,000: $100,000 was accepted.",
		},
		{
			"raised factor", func(_ *offer.Terms, a *allocation.Terms, _ []allocation.Tender) { a.Leftover = allocation.RaiseFactor }, million, nil,
			"The factor was raised from the plain ratio of 41.2470% so that the rounded pieces fill the cap.",
		},
		{
			"largest remainder", func(_ *offer.Terms, a *allocation.Terms, _ []allocation.Tender) {
				a.Leftover = allocation.LargestRemainder
			}, first(2), nil,
			"and $1,000 more because the part cut off was among the largest",
		},
		{
			"participant's tenders together", func(_ *offer.Terms, a *allocation.Terms, _ []allocation.Tender) {
				a.ProrateBy = allocation.ByParticipant
			}, million, nil,
			"Your custodian's tenders of these notes count as one of",
		},
		{
			"condition not met", func(_ *offer.Terms, _ *allocation.Terms, x []allocation.Tender) { x[million(x)].AtLeast = 600_000_00 }, million, nil,
			"because you asked for at least $600,000 and the offer could not accept so much.",
		},
		{
			"guaranteed and not delivered", func(_ *offer.Terms, _ *allocation.Terms, x []allocation.Tender) { x[0].Undelivered = x[0].Principal }, first(0), nil,
			"$1,757,000 of it was tendered by notice of guaranteed delivery and not delivered: it counts as tendered and is not paid.",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in, s := decided(t, c.change, c.row)
			if c.edit != nil {
				c.edit(&s)
			}
			e, err := Explain(in, s)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(e.Answer, c.want) {
				t.Errorf("answer\n got %s\nwant %s", e.Answer, c.want)
			}
			var b bytes.Buffer
			if err := e.WriteText(&b, 100); err != nil {
				t.Fatal(err)
			}
			golden(t, "explain-"+strings.NewReplacer(",", "", "'", "", " ", "-").Replace(c.name)+".txt", b.Bytes())
		})
	}
}

func TestAnAuctionSaysWhereItCleared(t *testing.T) {
	// Bids 0 to 3 are $840, $845, $850 and $855 per $1,000. Under a cap of
	// 3,000,000: 1,000,000 at 0 is better; 4,000,000 at 1 share what is left.
	price := func(_ int, _ allocation.Timing, bid int64) *big.Rat { return big.NewRat(840+5*bid, 1000) }
	auction := func(o *offer.Terms, a *allocation.Terms, x []allocation.Tender) {
		withoutInterest(o, a, x)
		a.Order, a.Caps[0].Amount = allocation.Auction, 3_000_000_00
		a.Auction = allocation.AuctionTerms{Worst: 3, Price: price}
		for i, principal := range []int64{1_000_000_00, 1_600_000_00, 2_400_000_00, 500_000_00} {
			x[i].Principal, x[i].HasBid, x[i].Bid = principal, true, []int64{0, 1, 1, 2}[i]
		}
		for i := 4; i < len(x); i++ {
			x[i].HasBid, x[i].Bid = true, 3
		}
	}
	for row, want := range []string{
		"All of your $1,000,000 was accepted, because it stood at or better than the bid at which the offer cleared ($845.00 per $1,000).",
		"The offer could buy $3,000,000. Tenders served before yours took $1,000,000. The remaining $2,000,000 was shared in proportion among the 2 tenders of your notes, which came to $4,000,000: 50.0000% each. 50.0000% of your $1,600,000 is $800,000, rounded down to the nearest $1,000: $800,000 was accepted.",
		"50.0000% of your $2,400,000 is $1,200,000",
		"Nothing of your $500,000 was accepted, because your bid was worse for the offeror than the one at which the offer cleared ($845.00 per $1,000).",
	} {
		in, s := decided(t, auction, func([]allocation.Tender) int { return row })
		e, err := Explain(in, s)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(e.Answer, want) {
			t.Errorf("tender %d\n got %s\nwant %s", row, e.Answer, want)
		}
		var b bytes.Buffer
		if err := e.WriteText(&b, 100); err != nil {
			t.Fatal(err)
		}
		golden(t, fmt.Sprintf("explain-auction-%d.txt", row), b.Bytes())
	}
}
