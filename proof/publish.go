package proof

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"unicode/utf8"

	"tenderbook/allocation"
)

// MinSecret is the fewest bytes of a secret.
const MinSecret = 16

// An Input is a run to publish.
type Input struct {
	Offer    string
	Terms    string // digest of the terms, with the name of the algorithm
	Book     string // digest of the book, likewise
	Journal  *Position
	Decision *allocation.Decision
	Tenders  []allocation.Tender // all that were in the tally; ID must be set, and unique
	Secret   []byte              // random, kept by the agent: whoever has it can guess rows
}

// A Publication is a result with the rows that belong to it.
type Publication struct {
	Result *Result
	input  Input
	lines  []int // by step: the first of its lines in the result
	leaves []int // by row and part: its place in the tree
	parts  []leafPart
	tree   *tree
}

// leafPart is what a leaf is made of.
type leafPart struct {
	salt Hash
	sums Sums
	node Node
}

// partsPerRow is how many leaves a row is parted into.
const partsPerRow = 2

// Publish makes the result of a decision. It takes some hundred bytes of memory
// for each tender and series.
func Publish(in Input) (*Publication, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	p := &Publication{input: in, Result: in.resultOf()}
	for _, step := range in.Decision.Steps {
		p.lines = append(p.lines, len(p.Result.Lines))
		p.Result.Lines = append(p.Result.Lines, in.linesOf(&step, len(p.lines)-1)...)
	}
	if err := p.plant(); err != nil {
		return nil, err
	}
	p.addUp()
	if _, err := p.Result.Encode(); err != nil { // sets the checksum
		return nil, err
	}
	if err := p.Result.Check(); err != nil {
		return nil, fmt.Errorf("the tenders are not those of the decision: %w", err)
	}
	return p, nil
}

func (in *Input) check() error {
	if len(in.Secret) < MinSecret {
		return fmt.Errorf("secret of %d bytes, needs %d", len(in.Secret), MinSecret)
	}
	seen := make(map[string]bool, len(in.Tenders))
	for _, x := range in.Tenders {
		switch {
		case x.ID == "" || !utf8.ValidString(x.ID):
			return fmt.Errorf("tender in row %d has the id %q, needs a text", x.Row, x.ID)
		case seen[x.ID]:
			return fmt.Errorf("tender %q is there twice", x.ID)
		}
		seen[x.ID] = true
	}
	return nil
}

// Row makes the file of the tender at an index of the input.
func (p *Publication) Row(i int) *Row {
	r := p.row(i)
	for part := range partsPerRow {
		at := i*partsPerRow + part
		leaf := p.leaves[at]
		r.Parts = append(r.Parts, Part{Leaf: int64(leaf), Salt: p.parts[at].salt, Sums: p.parts[at].sums, Path: p.tree.path(leaf)})
	}
	return r
}

// Len is the number of rows.
func (p *Publication) Len() int { return len(p.input.Tenders) }

// row is a row without its proof.
func (p *Publication) row(i int) *Row {
	x := p.input.Tenders[i]
	d := p.input.Decision
	o := d.Outcome(x)
	t := Tender{
		ID: x.ID, Series: x.Series, Timing: x.Timing.String(), Principal: x.Principal, AtLeast: x.AtLeast, Undelivered: x.Undelivered,
		Accepted: o.Accepted, Consideration: o.Consideration, Interest: o.Interest,
		UnitTendered: o.UnitTendered, UnitAccepted: o.UnitAccepted, UnitWholes: o.UnitWholes,
	}
	if x.HasBid {
		bid := x.Bid
		t.Bid = &bid
	}
	r := &Row{Format: RowFormat, Result: p.Result.Checksum, Tender: t, Shares: []Share{}, Salt: p.hmac("row", x.ID)}
	for _, s := range o.Shares {
		r.Shares = append(r.Shares, Share{p.lines[s.Step] + s.Line, s.Offered, s.Floor, s.Accepted, ruleNames[s.Rule]})
	}
	return r
}

// hmac derives 32 bytes from the secret for a use and a row.
func (p *Publication) hmac(use, id string) Hash {
	h := hmac.New(sha256.New, p.input.Secret)
	h.Write(appendTexts(nil, "tenderbook result salt 1", use, p.input.Offer, p.input.Terms, p.input.Book, id))
	return Hash(h.Sum(nil))
}

// split parts a number at random.
func (p *Publication) split(n int64, use, id string) (int64, int64) {
	random := p.hmac("split "+use, id)
	x := new(big.Int).SetBytes(random[:])
	first := x.Mod(x, big.NewInt(n+1)).Int64() // 2^256 is so far above n that no part is likelier than another
	return first, n - first
}

// plant parts the rows into leaves, puts these in an order that says nothing,
// and grows the tree.
func (p *Publication) plant() error {
	if p.Len() == 0 {
		return nil
	}
	for i := range p.input.Tenders {
		r := p.row(i)
		p.price(r, i)
		commitment := r.commitment()
		first, second := p.part(&r.Tender)
		for part, one := range [...]Totals{first, second} {
			sums := make(Sums, len(p.Result.Series))
			sums[r.Tender.Series] = one
			salt := p.hmac("part "+strconv.Itoa(part), r.Tender.ID)
			p.parts = append(p.parts, leafPart{salt, sums, leafNode(commitment, salt, sums)})
		}
	}
	order := make([]int, len(p.parts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(p.parts[a].node.Hash[:], p.parts[b].node.Hash[:]) })
	p.leaves = make([]int, len(order))
	nodes := make([]Node, len(order))
	for leaf, at := range order {
		p.leaves[at], nodes[leaf] = leaf, p.parts[at].node
	}
	var err error
	p.tree, err = grow(nodes)
	return err
}

// part parts what a row adds to the totals; the tender itself is counted in the
// first part.
func (p *Publication) part(t *Tender) (first, second Totals) {
	first.Tenders = 1
	first.Tendered, second.Tendered = p.split(t.Principal, "tendered", t.ID)
	first.Accepted, second.Accepted = p.split(t.Accepted, "accepted", t.ID)
	first.Consideration, second.Consideration = p.split(t.Consideration, "consideration", t.ID)
	first.Interest, second.Interest = p.split(t.Interest, "interest", t.ID)
	return first, second
}

// addUp enters what the tree says in the result.
func (p *Publication) addUp() {
	if p.tree == nil {
		return
	}
	r, top := p.Result, p.tree.top()
	r.Leaves, r.Root = int64(len(p.parts)), top.Hash
	for s := range r.Series {
		r.Series[s].Totals = top.Sums[s]
	}
}
