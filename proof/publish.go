package proof

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
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
	Payees   []string            // of each tender, where the terms pay by participant; nil: each tender is paid for itself
	Secret   []byte              // random, kept by the agent: whoever has it can guess rows
}

// A Publication is a result with the rows that belong to it.
type Publication struct {
	Result   *Result
	input    Input
	lines    []int // by step: the first of its lines in the result
	planted  *planted[Sums]
	payments *payments // nil where each tender is paid for itself
}

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
	if p.Len() > 0 {
		if err := p.addUp(); err != nil {
			return nil, err
		}
	}
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
	if in.Payees != nil && len(in.Payees) != len(in.Tenders) {
		return fmt.Errorf("%d payees of %d tenders", len(in.Payees), len(in.Tenders))
	}
	seen := make(map[string]bool, len(in.Tenders))
	for i, x := range in.Tenders {
		switch {
		case in.Payees != nil && (in.Payees[i] == "" || !utf8.ValidString(in.Payees[i])):
			return fmt.Errorf("tender %q has the payee %q, needs a text", x.ID, in.Payees[i])
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
	if p.payments == nil {
		r.Parts = p.planted.shown(i)
		return r
	}
	of := p.payments.of[i]
	paid := p.payments.all[of.payment]
	payment := paid.Payment
	payment.Parts = paid.planted.shown(of.place)
	r.Payment, r.Parts = &payment, p.planted.shown(of.payment)
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
	if p.payments != nil {
		r.Format = PaymentRowFormat
		r.Tender.Consideration, r.Tender.Interest = p.payments.shares[i].Consideration, p.payments.shares[i].Interest
	}
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

// addUp grows the tree of all that is paid, and enters what it says in the result.
func (p *Publication) addUp() (err error) {
	for i := range p.input.Tenders {
		p.price(p.row(i), i)
	}
	if p.input.Payees != nil {
		if err := p.settle(); err != nil {
			return err
		}
	}
	var parts []leafPart[Sums]
	if p.payments == nil {
		parts = p.rowLeaves()
	} else {
		parts = p.paymentLeaves()
	}
	if p.planted, err = plant(parts); err != nil {
		return err
	}
	r, top := p.Result, p.planted.tree.top()
	r.Leaves, r.Root = int64(len(parts)), top.Hash
	for s := range r.Series {
		r.Series[s].Totals = top.Sums[s]
	}
	return nil
}

// rowLeaves are the leaves of rows that are paid for themselves.
func (p *Publication) rowLeaves() (all []leafPart[Sums]) {
	for i := range p.input.Tenders {
		r := p.row(i)
		t, id := &r.Tender, named{"", r.Tender.ID}
		parts := p.part(Totals{1, t.Principal, t.Accepted, t.Consideration, t.Interest}, id)
		all = append(all, leavesOf(p, id, r.commitment(), p.ofSeries(t.Series, parts))...)
	}
	return all
}

// ofSeries are sums of nothing but one series.
func (p *Publication) ofSeries(series int, parts [partsPerRow]Totals) (all [partsPerRow]Sums) {
	for i := range parts {
		all[i] = make(Sums, len(p.Result.Series))
		all[i][series] = parts[i]
	}
	return all
}
