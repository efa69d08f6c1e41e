package book

import (
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"io"
	"slices"
	"strings"

	"tenderbook/allocation"
	"tenderbook/money"
)

// A Payment is one payment of a result: for one instruction or, where the terms
// pay by participant, for all that a participant was accepted of one series.
type Payment struct {
	Payee       string // participant
	Account     string // its own, and the next two, of the one instruction; empty where it is paid for several
	Holder      string
	Instruction string
	Series      string
	For         PaidFor
	Principal   money.Amount // that is paid for

	Consideration money.Amount // without interest; in an exchange the value of new notes is in it
	Interest      money.Amount
	NewNotes      money.Amount // principal of new notes; zero outside an exchange
	Cash          money.Amount // to be paid: interest, and of the consideration what is not new notes
}

// PaidFor says what a payment is for.
type PaidFor string

// What payments are for.
const (
	ForNotes   PaidFor = "notes"
	ForConsent PaidFor = "consent" // without a tender
	ForLater   PaidFor = "later"   // notes of a guarantee accepted early that came after that
)

// EachPayment calls f for the payments of a plan until it returns false: by
// instruction in the order of the journal, tenders, then what was delivered since
// the early result, then consents; or by
// participant, in the order of their names, and then of the terms. What comes to
// nothing is left out. It reads the state, as [Plan.Each] does.
func (p *Plan) EachPayment(f func(*Payment) bool) error {
	if p.paid == nil {
		return p.eachOwing(func(x *owing) (bool, error) { return x.pay(p, f) })
	}
	type account struct {
		participant uint32
		series      int
		what        PaidFor
	}
	sums := map[account]*owing{}
	err := p.eachOwing(func(x *owing) (bool, error) {
		k := account{p.tenderer.records[x.record].participant, x.series, x.what}
		if sums[k] == nil {
			sums[k] = &owing{series: x.series, what: x.what, payee: x.payee}
		}
		return true, sums[k].add(x)
	})
	if err != nil {
		return err
	}
	all := make([]*owing, 0, len(sums))
	for _, x := range sums {
		all = append(all, x)
	}
	slices.SortFunc(all, func(a, b *owing) int {
		return cmp.Or(strings.Compare(a.payee, b.payee), cmp.Compare(a.series, b.series), strings.Compare(string(b.what), string(a.what)))
	})
	for _, x := range all {
		if more, err := x.pay(p, f); err != nil || !more {
			return err
		}
	}
	return nil
}

// An owing is what one instruction is owed, or several of one participant are.
type owing struct {
	payee                              string
	record                             uint32
	single                             bool
	series                             int
	what                               PaidFor
	principal, consideration, interest int64 // minor units
	newNotes, cashOfTheConsideration   int64
}

// eachOwing goes through the tenders of a plan and then its consents.
func (p *Plan) eachOwing(f func(*owing) (bool, error)) error {
	outcomes := newOutcomes(p.Decision, p.Tally.OneByOne())
	for k, i := range p.records {
		x, o := p.gets(k, outcomes)
		if more, err := p.owe(i, &x, o, f); err != nil || !more {
			return err
		}
	}
	for _, d := range p.later {
		if more, err := p.oweLater(&d, f); err != nil || !more {
			return err
		}
	}
	for _, c := range p.consents {
		r := &p.tenderer.records[c.record]
		x := &owing{
			payee: p.tenderer.participants.names[r.participant], record: c.record, single: true, series: p.tenderer.at[r.series], what: ForConsent,
			principal: r.left, consideration: c.paid, cashOfTheConsideration: c.paid,
		}
		if more, err := f(x); err != nil || !more {
			return err
		}
	}
	return nil
}

// owe is what a tender is owed for what was accepted of it, and delivered.
func (p *Plan) owe(i uint32, x *allocation.Tender, o got, f func(*owing) (bool, error)) (bool, error) {
	paid := max(0, min(o.accepted, x.Principal-x.Undelivered))
	split, err := p.Terms.Series[x.Series].Exchange(paid, o.consideration)
	if err != nil {
		return false, err
	}
	return f(&owing{
		payee: p.tenderer.participants.names[p.tenderer.records[i].participant], record: i, single: true, series: x.Series, what: ForNotes,
		principal: paid, consideration: o.consideration, interest: o.interest, newNotes: split.NewNotes, cashOfTheConsideration: split.Cash,
	})
}

// add adds what another instruction of the same participant is owed.
func (x *owing) add(o *owing) error {
	for _, sum := range [...]struct{ to, more *int64 }{
		{&x.principal, &o.principal},
		{&x.consideration, &o.consideration},
		{&x.interest, &o.interest},
		{&x.newNotes, &o.newNotes},
		{&x.cashOfTheConsideration, &o.cashOfTheConsideration},
	} {
		if *sum.to += *sum.more; *sum.to < 0 {
			return money.ErrOverflow
		}
	}
	return nil
}

// pay makes the payment of what is owed, if it comes to anything.
func (x *owing) pay(p *Plan, f func(*Payment) bool) (more bool, err error) {
	if x.consideration == 0 && x.interest == 0 && x.newNotes == 0 && x.cashOfTheConsideration == 0 {
		return true, nil
	}
	series := &p.Terms.Series[x.series]
	in := func(minor int64) money.Amount { return money.New(minor, series.Currency) }
	cash := x.cashOfTheConsideration + x.interest
	if cash < x.interest {
		return false, money.ErrOverflow
	}
	paid := Payment{
		Payee: x.payee, Series: series.ID, For: x.what, Principal: in(x.principal),
		Consideration: in(x.consideration), Interest: in(x.interest), NewNotes: in(x.newNotes), Cash: in(cash),
	}
	if x.single && p.paid == nil {
		v := p.tenderer.view(int(x.record))
		paid.Account, paid.Holder, paid.Instruction = v.Account, v.Holder, v.ID
	}
	return f(&paid), nil
}

// paymentColumns are those of the file of payments; new_notes is there in an
// exchange alone.
var paymentColumns = []string{"payee", "account", "holder", "instruction", "series", "for", "currency", "principal", "consideration", "interest", "new_notes", "cash"}

const newNotesColumn = 10

// WritePayments writes the payments of a plan as CSV, one line each behind a line
// of their columns, amounts as plain decimals. These bytes are what is released:
// the same for the same book on any machine, and under later rules too.
func (p *Plan) WritePayments(to io.Writer) error {
	w := csv.NewWriter(to)
	row := func(cells []string) error {
		if !p.Terms.Exchanges() {
			cells = slices.Delete(slices.Clone(cells), newNotesColumn, newNotesColumn+1)
		}
		return w.Write(cells)
	}
	failed := row(paymentColumns)
	err := p.EachPayment(func(x *Payment) bool {
		failed = cmp.Or(failed, row([]string{
			textCell(x.Payee), textCell(x.Account), textCell(x.Holder), textCell(x.Instruction), textCell(x.Series), string(x.For), x.Cash.Currency.Code,
			x.Principal.String(), x.Consideration.String(), x.Interest.String(), x.NewNotes.String(), x.Cash.String(),
		}))
		return failed == nil
	})
	w.Flush()
	return cmp.Or(failed, err, w.Error())
}

// textCell puts a single quote before text that a spreadsheet would run as a
// formula. Plain numbers, such as -12.50, stay as they are.
func textCell(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return s
	}
	if _, err := money.ParseDecimal(s); err == nil {
		return s
	}
	return "'" + s
}

// Payments is the SHA-256 of the payments of a plan, as [Plan.WritePayments]
// writes them, in hexadecimal: what a release names.
func (p *Plan) Payments() (digest string, err error) {
	h := sha256.New()
	if err := p.WritePayments(h); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// followsFrom refuses to release other payments than those of the result.
func (s *State) followsFrom(done *result, p *Proposal) *Refusal {
	plan, err := s.planBy(p.Run, done.rules, &s.clock)
	var payments string
	if err == nil {
		payments, err = plan.Payments()
	}
	switch {
	case err != nil:
		return &Refusal{NoResult, "payments", err.Error()}
	case p.Payments != payments:
		return refuse(WrongPayments, "payments", "the proposal names payments %.12s, the %s result gives %.12s", p.Payments, p.Run, payments)
	}
	return nil
}
