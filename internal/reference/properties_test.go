package reference

import (
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tenderbook/allocation"
)

// propertyOffers is how many generated offers each property is tried on.
const propertyOffers = 2_000

func eachOffer(t *testing.T, try func(t *testing.T, seed uint64, o *Offer)) {
	for seed := range uint64(propertyOffers) {
		try(t, seed, Generate(NewDice(seed, nil)))
		if t.Failed() {
			return
		}
	}
}

// results are what the engine gave each tender, by row.
func results(t *testing.T, terms *allocation.Terms, book []allocation.Tender) map[int][3]int64 {
	t.Helper()
	_, outcomes, err := allocation.Allocate(terms, book)
	if err != nil {
		t.Fatal(err)
	}
	got := map[int][3]int64{}
	for i, x := range book {
		got[x.Row] = [3]int64{outcomes[i].Accepted, outcomes[i].Consideration, outcomes[i].Interest}
	}
	return got
}

func TestRowOrderChangesNothing(t *testing.T) {
	eachOffer(t, func(t *testing.T, seed uint64, o *Offer) {
		shuffled := slices.Clone(o.Book)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(results(t, o.First(), o.Book), results(t, o.First(), shuffled)); diff != "" {
			t.Errorf("seed %d, in file order and shuffled:\n%s%s", seed, o, diff)
		}
	})
}

// Every amount doubled, increments too: exactly twice as much is accepted.
func TestAnOfferTwiceAsLargeAcceptsTwiceAsMuch(t *testing.T) {
	eachOffer(t, func(t *testing.T, seed uint64, o *Offer) {
		if magnitude(o) == 2 {
			return // sums may pass 64 bits
		}
		double := doubled(o)
		for i := range double.Terms.Series {
			double.Terms.Series[i].Increment *= 2
			double.Terms.Series[i].Minimum *= 2
		}
		expectTwice(t, seed, o, double)
	})
}

// Amounts and caps doubled, increments not: twice as much is accepted where no
// product had to be rounded.
func TestTwiceTheTendersUnderTwiceTheCapsAcceptTwiceAsMuch(t *testing.T) {
	tried := 0
	eachOffer(t, func(t *testing.T, seed uint64, o *Offer) {
		for i := range o.Terms.Series {
			o.Terms.Series[i].Increment, o.Terms.Series[i].Minimum = 1, 1
		}
		for i := range o.Book { // many divisors, so that products are often whole
			o.Book[i].Principal = 60 * int64(1+i%4)
			o.Book[i].AtLeast, o.Book[i].Undelivered = 0, 0
		}
		for k := range o.Terms.Caps {
			o.Terms.Caps[k].Amount = 30 * int64(1+k+len(o.Book)/2)
		}
		o.Terms.FactorDecimals, o.Terms.ProrateBy = 0, allocation.ByInstruction // no cut, no sharing inside a unit
		if !exactEverywhere(t, o) {
			return
		}
		tried++
		expectTwice(t, seed, o, doubled(o))
	})
	t.Logf("%d of %d offers needed no rounding", tried, propertyOffers)
	if tried < 20 {
		t.Errorf("only %d of %d offers needed no rounding", tried, propertyOffers)
	}
}

func expectTwice(t *testing.T, seed uint64, o, double *Offer) {
	t.Helper()
	once, twice := results(t, o.First(), o.Book), results(t, double.First(), double.Book)
	for row, r := range once {
		if twice[row][0] != 2*r[0] {
			t.Errorf("seed %d, tender %d: %d accepted, %d of the doubled offer\n%s", seed, row, r[0], twice[row][0], o)
		}
	}
}

// doubled is the offer with every amount doubled but the denominations.
func doubled(o *Offer) *Offer {
	d := o.Clone()
	for i := range d.Terms.Series {
		for j := range d.Terms.Series[i].Places {
			d.Terms.Series[i].Places[j].UpTo *= 2
		}
	}
	for k := range d.Terms.Caps {
		d.Terms.Caps[k].Amount *= 2
	}
	for i := range d.Book {
		d.Book[i].Principal *= 2
		d.Book[i].AtLeast *= 2
		d.Book[i].Undelivered *= 2
	}
	d.Terms.SmallUpTo *= 2
	return d
}

// exactEverywhere says whether some series was prorated and no product was
// rounded or moved by a rule.
func exactEverywhere(t *testing.T, o *Offer) bool {
	t.Helper()
	d, outcomes, err := allocation.Allocate(o.First(), o.Book)
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range outcomes {
		for _, s := range out.Shares {
			if s.Rule != allocation.RuleNone || s.Product.Cmp(big.NewRat(s.Accepted, 1)) != 0 {
				return false
			}
		}
	}
	return slices.ContainsFunc(d.Steps, func(s allocation.Step) bool {
		return slices.ContainsFunc(s.Lines, func(l allocation.Line) bool { return l.Accepted > 0 && l.Factor.Cmp(one) < 0 })
	})
}

func TestTheReferenceDoesNotCareForRowOrderEither(t *testing.T) {
	eachOffer(t, func(t *testing.T, seed uint64, o *Offer) {
		back := slices.Clone(o.Book)
		slices.Reverse(back)
		accepted := Allocate(o.First(), back).Accepted
		slices.Reverse(accepted)
		if want := Allocate(o.First(), o.Book).Accepted; !slices.Equal(accepted, want) {
			t.Errorf("seed %d: %v in file order, %v in reverse\n%s", seed, want, accepted, o)
		}
	})
}

func TestNotationReadsBackWhatItWrites(t *testing.T) {
	eachOffer(t, func(t *testing.T, seed uint64, o *Offer) {
		back, err := Parse(o.String())
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, o)
		}
		if got := back.String(); got != o.String() {
			t.Errorf("seed %d: wrote\n%s\nread\n%s", seed, o, got)
		}
		if got, want := Allocate(back.First(), back.Book), Allocate(o.First(), o.Book); !reflect.DeepEqual(got.Accepted, want.Accepted) {
			t.Errorf("seed %d: the offer read back gives %v, not %v\n%s", seed, got.Accepted, want.Accepted, o)
		}
	})
}

func TestNotationNamesTheLineItCannotRead(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"terms\nbook 1", `line 2: unknown kind of line "book", needs terms, series, cap, tender or later`},
		{"terms stub=keep", `line 1: "keep" is unknown, needs ignore, reject, accept, minimum`},
		{"terms colour=red", `line 1: unknown key "colour"`},
		{"series B", `line 1: series "B", needs the name "A"`},
		{"series A\ntender 1 B early 5", `line 2: series "B" is not in the terms`},
		{"series A\ntender 1 A early many", `line 2: "many" is not a whole number`},
		{"series A\ntender 1 A early", `line 2: principal is missing`},
		{"series A price=x", `line 1: "x" is not a ratio`},
		{"series A\ncap C 5 over=A\nlater 1 2", `line 3: later has 2 amounts, needs one for each of 1 caps`},
	} {
		if _, err := Parse(c.text); err == nil || err.Error() != c.want {
			t.Errorf("%q: got error %v, want %s", c.text, err, c.want)
		}
	}
}

// An offer with a planted fault shrinks to what the fault needs.
func TestShrinkKeepsOnlyWhatFails(t *testing.T) {
	fails := func(o *Offer) bool { // "goes wrong" where a late tender meets a stub rule
		return o.Terms.Stub == allocation.StubReject && slices.ContainsFunc(o.Book, func(x allocation.Tender) bool { return x.Timing == allocation.Late })
	}
	tried := 0
	eachOffer(t, func(t *testing.T, seed uint64, o *Offer) {
		if !fails(o) || tried > 20 {
			return
		}
		tried++
		small := Shrink(o, fails)
		if len(small.Book) != 1 || len(small.Terms.Caps) != 0 || small.Terms.Leftover != allocation.Unused || small.Book[0].Principal != 1 || small.Later != nil {
			t.Errorf("seed %d: shrunk only to\n%s", seed, small)
		}
	})
	if tried == 0 {
		t.Error("no offer had the planted fault")
	}
}

// Check must see each kind of wrong result: a test of the test.
func TestCheckSeesWrongResults(t *testing.T) {
	o := workedOffer(t, "series A; cap C 10 over=A", "A 10, A 10")
	for _, c := range []struct {
		claim string
		spoil func(*allocation.Decision, []allocation.Outcome)
		want  int
	}{
		{"nothing wrong", func(*allocation.Decision, []allocation.Outcome) {}, 0},
		{"more than tendered, more than the cap, not the sum", func(_ *allocation.Decision, o []allocation.Outcome) { o[0].Accepted = 11; o[0].Returned = -1 }, 3},
		{"a note lost between accepted and returned", func(_ *allocation.Decision, o []allocation.Outcome) { o[0].Returned-- }, 1},
		{"a payment that no line has", func(_ *allocation.Decision, o []allocation.Outcome) { o[0].Consideration++ }, 1},
		{"two factors in a step", func(d *allocation.Decision, _ []allocation.Outcome) {
			l := d.Steps[0].Lines[0]
			l.Timing, l.Accepted, l.Factor = allocation.Late, 0, big.NewRat(1, 3)
			d.Steps[0].Lines = append(d.Steps[0].Lines, l)
		}, 1},
	} {
		d, outcomes, err := allocation.Allocate(o.First(), o.Book)
		if err != nil {
			t.Fatal(err)
		}
		c.spoil(d, outcomes)
		if got := Check(o.First(), o.Book, d, outcomes); len(got) != c.want {
			t.Errorf("%s: found %d problems, want %d: %q", c.claim, len(got), c.want, got)
		}
	}
}
