package proof_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"tenderbook/allocation"
	"tenderbook/internal/reference"
	"tenderbook/proof"
)

var secret = []byte("a secret of the agent's")

func publish(t testing.TB, terms *allocation.Terms, book []allocation.Tender) *proof.Publication {
	t.Helper()
	d, _, err := allocation.Allocate(terms, book)
	if err != nil {
		t.Fatal(err)
	}
	p, err := proof.Publish(proof.Input{Offer: "O-1", Terms: "sha256:00", Book: "sha256:01", Decision: d, Tenders: book, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Whatever the terms, what the engine decides passes the checks, which work it
// out again from the published figures, after a round through the files.
func TestEveryRowOfGeneratedOffersChecks(t *testing.T) {
	offers := 1000
	if testing.Short() {
		offers = 200
	}
	rows := 0
	for seed := range uint64(offers) {
		o := reference.Generate(reference.NewDice(seed, nil))
		first := o.First()
		d, _, err := allocation.Allocate(first, o.Book)
		if err != nil {
			t.Fatal(err)
		}
		rows += checkAll(t, seed, first, o.Book)
		if o.Later != nil {
			rows += checkAll(t, seed, o.Second(d.Settled()), o.Later.Book)
		}
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, o)
		}
	}
	t.Logf("%d offers, %d rows published and checked", offers, rows)
}

func checkAll(t *testing.T, seed uint64, terms *allocation.Terms, book []allocation.Tender) int {
	t.Helper()
	p := publish(t, terms, book)
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
			t.Errorf("seed %d, %+v: %v", seed, book[i], err)
		}
	}
	return p.Len()
}

// cut is an offer of two series under one cap in principal: A is accepted in
// full, B at (10,000 − 4,000) ÷ 12,000 = 1/2.
func cut() (*allocation.Terms, []allocation.Tender) {
	series := func(id string, level int) allocation.Series {
		return allocation.Series{
			ID: id, Places: []allocation.Place{{Level: level}}, Increment: 1000, Minimum: 1000,
			Price: [2]*big.Rat{big.NewRat(8575, 10000), big.NewRat(8375, 10000)}, Interest: [2]*big.Rat{big.NewRat(1, 127), big.NewRat(1, 127)},
		}
	}
	terms := &allocation.Terms{
		Series: []allocation.Series{series("A", 1), series("B", 2)},
		Caps:   []allocation.Cap{{Name: "Tender Cap", Amount: 10_000, Series: []int{0, 1}}},
	}
	var book []allocation.Tender
	for i, x := range []struct{ series, principal int }{{0, 3000}, {0, 1000}, {1, 4000}, {1, 5000}, {1, 3000}} {
		book = append(book, allocation.Tender{Row: i, ID: fmt.Sprintf("I-%d", i), Series: x.series, Principal: int64(x.principal)})
	}
	return terms, book
}

// What an agent might publish falsely, and the check that finds it. Each lie is
// told with a right checksum.
func TestLiesInAResult(t *testing.T) {
	for _, c := range []struct {
		lie  string
		tell func(*proof.Result)
		want string
	}{
		{"more was accepted", func(r *proof.Result) { r.Series[1].Accepted += 1000 }, "the lines add up to 5000 accepted, the total is 6000"},
		{"less was tendered", func(r *proof.Result) { r.Series[1].Tendered -= 1000 }, "the lines add up to 12000 tendered"},
		{"a line pays less", func(r *proof.Result) { r.Lines[1].Consideration-- }, "consideration, the total is"},
		{"the cap was larger", func(r *proof.Result) { r.Caps[0].Amount = 8000 }, "9000.00 used of 8000"},
		{"less of the cap was used", func(r *proof.Result) { r.Caps[0].Used = proof.NewRatio(big.NewRat(8000, 1)) }, "the lines use 9000"},
		{"a factor above 1", func(r *proof.Result) { r.Lines[1].Factor = proof.NewRatio(big.NewRat(3, 2)) }, "at the factor 3/2"},
		{"a line of no series", func(r *proof.Result) { r.Lines[1].Series = 7 }, "of series 7"},
		{"rules nobody knows", func(r *proof.Result) { r.Rules.Stub = "burn" }, "does not know"},
	} {
		p := publish(t, cutTerms(), cutBook())
		c.tell(p.Result)
		if err := p.Result.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, needs %q", c.lie, err, c.want)
		}
	}
}

func cutTerms() *allocation.Terms  { t, _ := cut(); return t }
func cutBook() []allocation.Tender { _, b := cut(); return b }

func TestLiesInARow(t *testing.T) {
	for _, c := range []struct {
		lie  string
		tell func(r *proof.Result, row *proof.Row)
		want string
	}{
		{"it is the truth", func(*proof.Result, *proof.Row) {}, ""},
		{"another amount", func(_ *proof.Result, row *proof.Row) { row.Tender.Accepted += 1000 }, "not in the tree"},
		{"another name", func(_ *proof.Result, row *proof.Row) { row.Tender.ID = "I-9" }, "not in the tree"},
		{"another sum on the way", func(_ *proof.Result, row *proof.Row) { row.Parts[0].Path[1].Sums[0].Accepted++ }, "not in the tree"},
		{"another hash on the way", func(_ *proof.Result, row *proof.Row) { row.Parts[1].Path[0].Hash[3] ^= 1 }, "not in the tree"},
		{"another place", func(_ *proof.Result, row *proof.Row) { row.Parts[1].Leaf ^= 1 }, "not in the tree"},
		{"a leaf not shown", func(_ *proof.Result, row *proof.Row) { row.Parts = row.Parts[:1] }, "not what the row says"},
		{"a leaf twice", func(_ *proof.Result, row *proof.Row) { row.Parts[1] = row.Parts[0] }, "shown twice"},
		{"a path that ends early", func(_ *proof.Result, row *proof.Row) { row.Parts[0].Path = row.Parts[0].Path[:1] }, "breaks off"},
		{"a path that goes on", func(_ *proof.Result, row *proof.Row) {
			row.Parts[0].Path = append(row.Parts[0].Path, row.Parts[0].Path[0])
		}, "goes on"},
		{"a negative sum", func(_ *proof.Result, row *proof.Row) { row.Parts[0].Path[0].Sums[0].Accepted = -1 }, "63 bits"},
		{"a row of another result", func(_ *proof.Result, row *proof.Row) { row.Result[0] ^= 1 }, "row of the result"},
		{"a lower factor", func(r *proof.Result, _ *proof.Row) { r.Lines[1].Factor = proof.NewRatio(big.NewRat(1, 4)) }, "4000 rounded down is 1000, the row says 2000"},
		{"a lower price", func(r *proof.Result, _ *proof.Row) { r.Lines[1].Price = proof.NewRatio(big.NewRat(1, 2)) }, "the price gives 1000"},
		{"less interest", func(r *proof.Result, _ *proof.Row) { r.Lines[1].Accrued = proof.NewRatio(nil) }, "the accrued interest gives 0"},
		{"totals that the tree does not have", func(r *proof.Result, _ *proof.Row) { r.Series[0].Tenders++ }, "the tree adds up to"},
	} {
		p := publish(t, cutTerms(), cutBook())
		row := p.Row(2) // 4,000 of B: half of it
		c.tell(p.Result, row)
		err := p.Result.CheckRow(row)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, needs %q", c.lie, err, c.want)
		}
	}
}

// Half of 4,000, 5,000 and 3,000 in whole thousands: 2,000, 2,000 and 1,000.
func TestFiguresOfASmallOffer(t *testing.T) {
	p := publish(t, cutTerms(), cutBook())
	r := p.Result
	// 2,000 × 0.8575 is 1,715, twice; 1,000 × 0.8575 is 857.5, half up 858: in all 4,288.
	// 2,000 ÷ 127 is 15.7, twice 16; 1,000 ÷ 127 is 7.9, so 8: in all 40.
	if want := (proof.Totals{Tenders: 3, Tendered: 12000, Accepted: 5000, Consideration: 4288, Interest: 40}); r.Series[1].Totals != want {
		t.Errorf("totals of B: %+v, needs %+v", r.Series[1].Totals, want)
	}
	if f := r.Lines[1].Factor.Rat().RatString(); f != "1/2" || r.Lines[1].CutBy != "Tender Cap" {
		t.Errorf("factor of B: %s, cut by %q", f, r.Lines[1].CutBy)
	}
	if u := r.Caps[0].Used.Rat().RatString(); u != "9000" {
		t.Errorf("used of the cap: %s", u)
	}
}

func TestTheSameSecretGivesTheSameFiles(t *testing.T) {
	one, err1 := publish(t, cutTerms(), cutBook()).Row(3).Encode()
	two, err2 := publish(t, cutTerms(), cutBook()).Row(3).Encode()
	if err1 != nil || err2 != nil || string(one) != string(two) {
		t.Errorf("two rows of the same secret:\n%s\n%s", one, two)
	}
	d, _, _ := allocation.Allocate(cutTerms(), cutBook())
	other, err := proof.Publish(proof.Input{Offer: "O-1", Terms: "sha256:00", Book: "sha256:01", Decision: d, Tenders: cutBook(), Secret: []byte("another secret, as long")})
	if err != nil {
		t.Fatal(err)
	}
	if other.Result.Root == publish(t, cutTerms(), cutBook()).Result.Root {
		t.Error("the tree does not depend on the secret")
	}
}

// A path shows sums of others, but never one other row as it is.
func TestNoPathShowsAnotherRow(t *testing.T) {
	book := cutBook()
	for i := range 40 {
		book = append(book, allocation.Tender{Row: 10 + i, ID: fmt.Sprintf("J-%d", i), Series: 1, Principal: int64(1000 * (1000 + i))})
	}
	p := publish(t, cutTerms(), book)
	for i := range p.Len() {
		for _, part := range p.Row(i).Parts {
			for _, node := range part.Path {
				for j, x := range book {
					if s := node.Sums[x.Series]; j != i && s.Tendered == x.Principal && s.Tendered > 100_000 {
						t.Errorf("the path of %s shows the %d of %s", book[i].ID, x.Principal, x.ID)
					}
				}
			}
		}
	}
}

func TestWhatCannotBePublished(t *testing.T) {
	d, _, err := allocation.Allocate(cutTerms(), cutBook())
	if err != nil {
		t.Fatal(err)
	}
	twice := append(cutBook(), cutBook()[0])
	nameless := cutBook()
	nameless[1].ID = ""
	for want, in := range map[string]proof.Input{
		"secret of 5 bytes, needs 16":        {Decision: d, Tenders: cutBook(), Secret: []byte("short")},
		`tender "I-0" is there twice`:        {Decision: d, Tenders: twice, Secret: secret},
		`has the id "", needs a text`:        {Decision: d, Tenders: nameless, Secret: secret},
		"not those of the decision: series ": {Decision: d, Tenders: cutBook()[:4], Secret: secret},
	} {
		if _, err := proof.Publish(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, needs %q", err, want)
		}
	}
}

func TestFilesAreTakenInOneFormOnly(t *testing.T) {
	for _, p := range []*proof.Publication{publish(t, cutTerms(), cutBook()), cutPaid(t)} {
		result, _ := p.Result.Encode()
		row, _ := p.Row(2).Encode()
		eachFlipIsFound(t, map[string][]byte{"result": result, "row": row})
	}
}

func eachFlipIsFound(t *testing.T, files map[string][]byte) {
	t.Helper()
	for name, file := range files {
		for i := range file {
			for _, flip := range []byte{0x01, 0x20, 0x80, 0xff} {
				file[i] ^= flip
				_, err := proof.ParseResult(file)
				if name == "row" {
					_, err = proof.ParseRow(file)
				}
				file[i] ^= flip
				if err == nil {
					t.Fatalf("%s: taken with byte %d changed by %#x", name, i, flip)
				}
			}
		}
	}
}
