package book

import (
	"fmt"
	"math/big"

	"tenderbook/allocation"
	"tenderbook/money"
	"tenderbook/settlement"
)

// A delivery is what came of a guarantee after an early result had accepted it. The
// early result counts the tender as its notice came, and pays what was delivered by
// then; the rest can be delivered until its deadline, and is paid with the final
// result, at the price and with the interest of the early one.
type delivery struct {
	record        uint32
	instruction   string
	principal     int64 // delivered since, of what was accepted; minor units
	consideration int64 // rounded half up: of this payment, or of the participant's
	interest      int64 // the same
}

// A LaterDelivery is a delivery in the currency of its series.
type LaterDelivery struct {
	Instruction                        string
	Principal, Consideration, Interest money.Amount
}

// Later lists what a final run pays of tenders that the early one accepted, in the
// order of the journal.
func (p *Plan) Later() (all []LaterDelivery) {
	for _, d := range p.later {
		c := p.Terms.Series[p.tenderer.at[p.tenderer.records[d.record].series]].Currency
		all = append(all, LaterDelivery{d.instruction, money.New(d.principal, c), money.New(d.consideration, c), money.New(d.interest, c)})
	}
	return all
}

// laterDeliveries finds what was delivered since the early result.
func (s *State) laterDeliveries() (all []delivery) {
	early := s.results[0]
	if early == nil || early.rules < Rules3 {
		return nil
	}
	for i := range s.records {
		r := &s.records[i]
		if r.action != Guarantee || r.run != uint8(Early.place()+1) {
			continue
		}
		if since := s.deliveredSince(i); since > 0 {
			all = append(all, delivery{record: uint32(i), instruction: string(s.texts.id(r.text)), principal: since})
		}
	}
	return all
}

// deliveredSince is what was delivered of a guarantee since it was accepted, of what
// was accepted of it; minor units.
func (s *State) deliveredSince(i int) int64 {
	extra := s.rare[uint32(i)]
	return min(s.accepted[i], extra.delivered) - min(s.accepted[i], extra.counted)
}

// payLater pays, with a final run, what was delivered since the early result.
func (s *State) payLater(p *Plan, c *clockwork) error {
	later := s.laterDeliveries()
	if len(later) == 0 {
		return nil
	}
	early, err := s.planBy(Early, s.results[0].rules, c)
	if err != nil {
		return err
	}
	claims := make([]settlement.Claim, len(later))
	for k := range later {
		x := early.tenderer.tender(int(later[k].record))
		if p.tenderer.at[s.records[later[k].record].series] < 0 {
			return fmt.Errorf("%s is of a series that the terms have no longer", x.ID)
		}
		o := allocation.Outcome{Accepted: later[k].principal, Price: early.Decision.Brief(x).Price}
		x.Principal, x.Undelivered = later[k].principal, 0
		claims[k] = settlement.ClaimOf(early.Alloc, s.participants.names[s.records[later[k].record].participant], x, &o)
	}
	paid, err := payClaims(claims, p.paid != nil)
	if err != nil {
		return err
	}
	for k := range later {
		later[k].consideration, later[k].interest = paid[k].Consideration, paid[k].Interest
	}
	p.later = later
	return nil
}

// payClaims rounds each payment half up: of a claim, or of a payee and series.
func payClaims(claims []settlement.Claim, byPayee bool) ([]settlement.Payment, error) {
	if byPayee {
		return settlement.ByPayee(claims)
	}
	paid := make([]settlement.Payment, len(claims))
	for k := range claims {
		for _, x := range [...]struct {
			exact *big.Rat
			to    *int64
		}{{claims[k].Consideration, &paid[k].Consideration}, {claims[k].Interest, &paid[k].Interest}} {
			minor, err := money.RoundRat(x.exact, money.HalfUp)
			if err != nil {
				return nil, err
			}
			*x.to = minor
		}
	}
	return paid, nil
}

// oweLater is what is owed for notes delivered since the early result.
func (p *Plan) oweLater(d *delivery, f func(*owing) (bool, error)) (bool, error) {
	r := &p.tenderer.records[d.record]
	at := p.tenderer.at[r.series]
	split, err := p.Terms.Series[at].Exchange(d.principal, d.consideration)
	if err != nil {
		return false, err
	}
	return f(&owing{
		payee: p.tenderer.participants.names[r.participant], record: d.record, single: true, series: at, what: ForLater,
		principal: d.principal, consideration: d.consideration, interest: d.interest, newNotes: split.NewNotes, cashOfTheConsideration: split.Cash,
	})
}
