package proof_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"tenderbook/allocation"
	"tenderbook/internal/reference"
	"tenderbook/proof"
	"tenderbook/settlement"
)

// publishPaid publishes an offer that pays by participant: a few of them, so that
// most have several tenders of a series.
func publishPaid(t testing.TB, terms *allocation.Terms, book []allocation.Tender) *proof.Publication {
	t.Helper()
	d, _, err := allocation.Allocate(terms, book)
	if err != nil {
		t.Fatal(err)
	}
	payees := make([]string, len(book))
	claims := make([]settlement.Claim, len(book))
	for i, x := range book {
		payees[i] = fmt.Sprintf("044%d", x.Row%3)
		o := d.Brief(x)
		claims[i] = settlement.ClaimOf(terms, payees[i], x, &o)
	}
	paid, err := settlement.ByPayee(claims)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range book {
		o := d.Brief(x)
		settlement.Correct(d, &o, paid[i])
	}
	p, err := proof.Publish(proof.Input{Offer: "O-1", Terms: "sha256:00", Book: "sha256:01", Decision: d, Tenders: book, Payees: payees, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Whatever the terms, each row of an offer that pays by participant checks, and
// all of them together.
func TestEveryPaymentOfGeneratedOffersChecks(t *testing.T) {
	offers := 300
	if testing.Short() {
		offers = 60
	}
	rows, shared := 0, 0
	for seed := range uint64(offers) {
		o := reference.Generate(reference.NewDice(seed, nil))
		p := publishPaid(t, o.First(), o.Book)
		file, err := p.Result.Encode()
		if err != nil {
			t.Fatal(err)
		}
		result, err := proof.ParseResult(file)
		if err == nil {
			err = result.Check()
		}
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		var all []*proof.Row
		for i := range p.Len() {
			file, err := p.Row(i).Encode()
			if err != nil {
				t.Fatal(err)
			}
			row, err := proof.ParseRow(file)
			if err == nil {
				err = result.CheckRow(row)
			}
			if err != nil {
				t.Fatalf("seed %d, %+v: %v\n%s", seed, o.Book[i], err, o)
			}
			if row.Payment.Sums.Tenders > 1 {
				shared++
			}
			all = append(all, row)
		}
		if err := proof.OnePayment(all); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		rows += len(all)
	}
	if t.Logf("%d offers, %d rows, %d of them with a share in a larger payment", offers, rows, shared); shared < rows/4 {
		t.Error("too few payments are of several tenders to show anything")
	}
}

// cutPaid is the small offer: 0440 has 3,000 of A and the 5,000 of B, 0441 has
// 1,000 of A and the last 3,000 of B, 0442 the 4,000 of B.
func cutPaid(t testing.TB) *proof.Publication { return publishPaid(t, cutTerms(), cutBook()) }

// Two tenders of B for one participant: 4,000 and 5,000, of each 2,000 accepted.
// 2,000 ÷ 127 = 15 95/127, twice 31 63/127: rounded once it is 31, where two
// payments would be 16 + 16.
func TestAParticipantIsPaidTheSumRoundedOnce(t *testing.T) {
	book := cutBook()
	book[3].Row = 5 // of 0442, as the 4,000 of row 2 are
	p := publishPaid(t, cutTerms(), book)
	for i, want := range map[int]int64{2: 16, 3: 15} { // equal fractions: the first received
		row := p.Row(i)
		if err := p.Result.CheckRow(row); err != nil {
			t.Error(err)
		}
		if row.Tender.Interest != want || row.Payment.Sums.Interest != 31 || row.Payment.Payee != "0442" || row.Payment.Sums.Tenders != 2 {
			t.Errorf("%s gets %d of %+v, want %d of 31", row.Tender.ID, row.Tender.Interest, row.Payment, want)
		}
		if got := row.Payment.Sums.ExactInterest.Rat().RatString(); got != "4000/127" {
			t.Errorf("exact interest is %s, want 4000/127", got)
		}
	}
	if got := p.Result.Series[1].Interest; got != 31+8 {
		t.Errorf("interest of B is %d, want 39", got)
	}
}

func TestLiesInAPayment(t *testing.T) {
	ratio := func(a, b int64) proof.Ratio { return proof.NewRatio(big.NewRat(a, b)) }
	for _, c := range []struct {
		lie  string
		tell func(r *proof.Result, row *proof.Row)
		want string
	}{
		{"it is the truth", func(*proof.Result, *proof.Row) {}, ""},
		{"the participant is paid less", func(_ *proof.Result, row *proof.Row) { row.Payment.Sums.Consideration-- }, "not in the tree"},
		{"it is another's payment", func(_ *proof.Result, row *proof.Row) { row.Payment.Payee = "0161" }, "not in the tree"},
		{"the claim is smaller", func(_ *proof.Result, row *proof.Row) { row.Payment.Sums.ExactConsideration = ratio(1, 2) }, "not in the tree"},
		{"another rounding", func(_ *proof.Result, row *proof.Row) { row.Payment.UpFromConsideration = ratio(1, 7) }, "not in the tree"},
		{"another tree", func(_ *proof.Result, row *proof.Row) { row.Payment.Root[0] ^= 1 }, "not in the tree"},
		{"fewer tenders", func(_ *proof.Result, row *proof.Row) { row.Payment.Leaves-- }, "not in the tree"},
		{"the row is not in it", func(_ *proof.Result, row *proof.Row) { row.Payment.Parts[0].Salt[3] ^= 1 }, "payment of 0442: leaf"},
		{"half of the row is in it", func(_ *proof.Result, row *proof.Row) { row.Payment.Parts = row.Payment.Parts[:1] }, "in the payment count"},
		{"a smaller share", func(_ *proof.Result, row *proof.Row) { row.Tender.Consideration-- }, "payment of 0442: leaf"},
		{"a lower price", func(r *proof.Result, _ *proof.Row) { r.Lines[1].Price = ratio(1, 2) }, "in the payment count"},
		{"no payment", func(_ *proof.Result, row *proof.Row) { row.Payment = nil }, "a row of format"},
		{"a row of the other format", func(_ *proof.Result, row *proof.Row) { row.Format = proof.RowFormat }, "a row of format"},
		{"each tender is paid for itself", func(r *proof.Result, _ *proof.Row) { r.Rules.PayBy = "" }, "a row of format"},
	} {
		p := cutPaid(t)
		row := p.Row(2)
		c.tell(p.Result, row)
		err := p.Result.CheckRow(row)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, needs %q", c.lie, err, c.want)
		}
	}
	p := cutPaid(t)
	p.Result.Rules.PayBy = ""
	if err := p.Result.Check(); err == nil {
		t.Error("a result of the format for participants that pays by instruction is taken")
	}
}

// A participant that is shown two payments for one series is paid twice rounded.
func TestTwoPaymentsForOneSeriesAreFound(t *testing.T) {
	whole := cutPaid(t)
	book := cutBook()
	book[3].Row = 5 // 0442 has another tender of B
	other := publishPaid(t, cutTerms(), book)
	if err := proof.OnePayment([]*proof.Row{whole.Row(0), whole.Row(2), whole.Row(3)}); err != nil {
		t.Errorf("rows of one result: %v", err)
	}
	if err := proof.OnePayment([]*proof.Row{whole.Row(2), other.Row(3)}); err == nil || !strings.Contains(err.Error(), "tenders I-2 and I-3 of 0442 show two payments") {
		t.Errorf("two payments for one series: %v", err)
	}
}

// A path shows sums of a participant's other tenders, but never one as it is.
func TestNoPaymentShowsAnotherTender(t *testing.T) {
	book := cutBook()
	for i := range 40 {
		book = append(book, allocation.Tender{Row: 12 + 3*i, ID: fmt.Sprintf("J-%d", i), Series: 1, Principal: int64(1000 * (1000 + i))})
	}
	p := publishPaid(t, cutTerms(), book)
	for i := range p.Len() {
		for _, part := range p.Row(i).Payment.Parts {
			for _, node := range part.Path {
				for j, x := range book {
					if s := node.Sums; j != i && s.Tendered == x.Principal && s.Tendered > 100_000 {
						t.Errorf("the path of %s shows the %d of %s", book[i].ID, x.Principal, x.ID)
					}
				}
			}
		}
	}
}

func TestEachTenderNeedsAPayee(t *testing.T) {
	d, _, err := allocation.Allocate(cutTerms(), cutBook())
	if err != nil {
		t.Fatal(err)
	}
	for want, payees := range map[string][]string{
		"2 payees of 5 tenders":               {"0443", "0443"},
		`tender "I-1" has the payee "", need`: {"0443", "", "0443", "0443", "0443"},
	} {
		if _, err := proof.Publish(proof.Input{Decision: d, Tenders: cutBook(), Payees: payees, Secret: secret}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, needs %q", err, want)
		}
	}
}
