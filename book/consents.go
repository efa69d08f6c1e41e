package book

import (
	"tenderbook/offer"
	"tenderbook/settlement"
)

// Consented is what was consented of one series, in minor units of its currency.
type Consented struct {
	Principal int64 // for which consents stand, tendered or not
	Alone     int64 // of that, without a tender
	Count     int64 // consents without a tender
	Paid      int64 // for consents without a tender, by the final run alone
	Reached   bool  // the threshold is
}

// consented is a consent without a tender that a plan is about.
type consented struct {
	record uint32
	paid   int64 // minor units
}

// judge finds how conditions and consents stand: now, or when the run was
// accepted.
func (s *State) judge(p *Plan, done *result, now *clockwork) {
	counted := s.counted(now)
	if done != nil {
		counted = &done.counted
	}
	p.Conditions = p.Terms.ConditionStates(counted)
	if done == nil {
		p.Terminated = s.terminated(now, p.Conditions)
	} else {
		p.Terminated = done.terminated
	}
	if counted.Consents == nil {
		return
	}
	p.Consents = make([]Consented, len(p.Terms.Series))
	for _, c := range p.Terms.ConsentStates(counted) {
		p.Consents[c.Series] = Consented{Principal: c.Consents, Reached: c.Reached}
	}
}

// ended reports whether nothing of a series is accepted.
func (p *Plan) ended(series int) bool { return p.Terminated != nil && p.Terminated[series] != "" }

// gatherConsent adds a consent that stands to a plan. Only a final run decides
// on it: until then it may be withdrawn, and its threshold may not be reached.
func (s *State) gatherConsent(p *Plan, i int, done bool) {
	r := &s.records[i]
	stands := r.life.Live() && r.left > 0
	if done && p.Run == Final {
		stands = r.run == uint8(p.Run.place()+1)
	}
	at := p.tenderer.at[r.series]
	if p.Rules < Rules2 || !stands || p.Consents == nil {
		return
	}
	of := &p.Consents[at]
	of.Alone += r.left
	of.Count++
	if p.Run == Final {
		p.consents = append(p.consents, consented{record: uint32(i)})
	}
}

// pay pays consents without a tender of the series whose threshold is reached,
// and participants where the terms pay by them.
func (s *State) pay(p *Plan) error {
	for k := range p.consents {
		c := &p.consents[k]
		r := &s.records[c.record]
		at := p.tenderer.at[r.series]
		if of := &p.Consents[at]; of.Reached && !p.ended(at) {
			paid, err := p.Terms.Series[at].Consent.Pays(r.left, r.at <= p.tenderer.early)
			if err != nil {
				return err
			}
			c.paid = paid
			of.Paid += paid
		}
	}
	if !p.PaysParticipants() {
		return nil
	}
	return s.payParticipants(p)
}

// PaysParticipants reports whether a participant is paid once for each series,
// and its tenders get shares of that.
func (p *Plan) PaysParticipants() bool {
	return p.Rules >= Rules2 && p.Terms.Payment.PayBy == "participant"
}

// payParticipants pays each participant once for each series.
func (s *State) payParticipants(p *Plan) (err error) {
	claims := make([]settlement.Claim, len(p.records))
	for k, i := range p.records {
		x := p.tenderer.tender(int(i))
		o := p.Decision.Brief(x)
		claims[k] = settlement.ClaimOf(p.Alloc, s.participants.names[s.records[i].participant], x, &o)
	}
	if p.paid, err = settlement.ByPayee(claims); err != nil {
		return err
	}
	for k, i := range p.records {
		o := p.Decision.Brief(p.tenderer.tender(int(i)))
		settlement.Correct(p.Decision, &o, p.paid[k])
	}
	return nil
}

// EachConsent calls f for the consents without a tender that a plan is about, in
// the order of the journal, with what they are paid, until f returns false.
func (p *Plan) EachConsent(f func(x Instruction, paid int64) bool) {
	for _, c := range p.consents {
		if !f(p.tenderer.view(int(c.record)), c.paid) {
			return
		}
	}
}

// acceptConsents moves the consents that a final result is about.
func (s *State) acceptConsents(p *Plan) {
	for _, c := range p.consents {
		r := &s.records[c.record]
		event := OnLose
		if at := p.tenderer.at[r.series]; p.Consents[at].Reached && !p.ended(at) {
			event = OnConsent
		}
		s.setRun(int(c.record), Final)
		s.happen(int(c.record), event, s.at, wholeEntry, r.left)
	}
}

// kept is what of the standing of a plan cannot be worked out later.
func (p *Plan) kept(s *State) (counted offer.Counted, terminated []string) {
	if p.Rules < Rules2 {
		return offer.Counted{}, nil
	}
	return *s.counted(&s.clock), p.Terminated
}
