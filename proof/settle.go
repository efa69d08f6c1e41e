package proof

import (
	"math/big"
	"strconv"

	"tenderbook/money"
	"tenderbook/settlement"
)

// payments are those of a publication that pays by participant.
type payments struct {
	shares []settlement.Payment // by tender
	all    []*paid
	of     []placed // by tender
}

// A paid is a payment with the tree of its tenders.
type paid struct {
	Payment // without Parts
	series  int
	rows    []int // its tenders
	planted *planted[PaymentSums]
}

// placed says where a tender stands: in which payment, and where in that.
type placed struct{ payment, place int }

// settle works out what participants are paid, see [settlement.ByPayee], and
// commits to it.
func (p *Publication) settle() error {
	in := &p.input
	claims := make([]settlement.Claim, len(in.Tenders))
	for i, x := range in.Tenders {
		o := in.Decision.Brief(x)
		claims[i] = settlement.ClaimOf(in.Decision.Terms, in.Payees[i], x, &o)
	}
	shares, err := settlement.ByPayee(claims)
	if err != nil {
		return err
	}
	p.payments = &payments{shares: shares, of: make([]placed, len(claims))}
	p.payments.group(claims)
	for _, x := range p.payments.all {
		if err := p.commit(x, claims); err != nil {
			return err
		}
	}
	return nil
}

// group finds the payments, in the order of their first claims.
func (p *payments) group(claims []settlement.Claim) {
	type account struct {
		payee  string
		series int
	}
	known := map[account]int{}
	for i, c := range claims {
		k := account{c.Payee, c.Series}
		n, ok := known[k]
		if !ok {
			n = len(p.all)
			known[k] = n
			p.all = append(p.all, &paid{Payment: Payment{Payee: c.Payee}, series: c.Series})
		}
		p.of[i] = placed{n, len(p.all[n].rows)}
		p.all[n].rows = append(p.all[n].rows, i)
	}
}

// commit grows the tree of a payment's tenders and enters what it says.
func (p *Publication) commit(x *paid, claims []settlement.Claim) error {
	var leaves []leafPart[PaymentSums]
	x.UpFromConsideration, x.UpFromInterest = NewRatio(one), NewRatio(one)
	for _, i := range x.rows {
		r := p.row(i)
		t, c, id := &r.Tender, &claims[i], named{"claim ", r.Tender.ID}
		var parts [partsPerRow]PaymentSums
		for k, totals := range p.part(Totals{1, t.Principal, t.Accepted, t.Consideration, t.Interest}, id) {
			parts[k].Totals = totals
		}
		parts[0].ExactConsideration, parts[1].ExactConsideration = p.splitRatio(c.Consideration, "exact consideration", id)
		parts[0].ExactInterest, parts[1].ExactInterest = p.splitRatio(c.Interest, "exact interest", id)
		leaves = append(leaves, leavesOf(p, id, r.commitment(), parts)...)
		x.UpFromConsideration = upFrom(x.UpFromConsideration, c.Consideration, t.Consideration)
		x.UpFromInterest = upFrom(x.UpFromInterest, c.Interest, t.Interest)
	}
	var err error
	if x.planted, err = plant(leaves); err != nil {
		return err
	}
	top := x.planted.tree.top()
	x.Sums, x.Leaves, x.Root = top.Sums, int64(len(leaves)), top.Hash
	x.Salt = p.hmac("payment", x.name())
	return nil
}

// upFrom is the smaller of a fraction and that of a claim which got more than its
// whole units.
func upFrom(least Ratio, exact *big.Rat, share int64) Ratio {
	whole, err := money.RoundRat(exact, money.Down)
	if err != nil || share == whole {
		return least
	}
	if fraction := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(whole)); fraction.Cmp(least.Rat()) < 0 {
		return NewRatio(fraction)
	}
	return least
}

// name tells payments apart where salts are derived.
func (x *paid) name() string { return strconv.Itoa(x.series) + " " + x.Payee }

// paymentLeaves are the leaves of payments.
func (p *Publication) paymentLeaves() (all []leafPart[Sums]) {
	for _, x := range p.payments.all {
		id := named{"payment ", x.name()}
		all = append(all, leavesOf(p, id, x.commitment(x.series), p.ofSeries(x.series, p.part(x.Sums.Totals, id)))...)
	}
	return all
}
