package book

import "time"

// instant shows a record time in the zone of the offer, which is that of the
// deadlines beside it.
func (s *State) instant(at int64) string {
	t := s.clock.terms()
	return time.Unix(0, at).In(t.Zone).Format("2006-01-02 15:04:05.999999999 ") + t.ZoneName
}

// target finds the tender that a row refers to, if the event may befall it. One
// of another participant is as if it were not there.
func (w *rower) target(r *Row, e Event) (int, *Refusal) {
	i := w.find(r.RefersTo)
	if i < 0 || w.participants.names[w.records[i].participant] != r.Participant {
		return 0, refuse(UnknownInstruction, "refers_to", "participant %q has no instruction %q on record", r.Participant, r.RefersTo)
	}
	x := &w.records[i]
	switch {
	case !x.isTender() && (x.action != Consent || r.Action != Withdraw):
		return 0, refuse(WrongTarget, "refers_to", "%q is a %s, needs a tender", r.RefersTo, x.action)
	case r.Series != "" && w.series.names[x.series] != r.Series:
		return 0, refuse(WrongTarget, "refers_to", "%q is a tender of series %q, this is of %q", r.RefersTo, w.series.names[x.series], r.Series)
	case r.Action == Deliver && x.action != Guarantee, r.Action == Tender && x.action != Tender:
		return 0, refuse(WrongTarget, "refers_to", "%q is a %s, on which a %s cannot act", r.RefersTo, x.action, r.Action)
	}
	if _, ok := moves[x.life][e]; !ok || w.decidedBefore(x, Rules3) {
		return 0, refuse(WrongMove, "life", "cannot %s %q, which is %s", e, r.RefersTo, x.life)
	}
	return i, nil
}

// decidedBefore reports whether a result under earlier rules decided a tender: it
// stays as it was decided.
func (s *State) decidedBefore(x *record, rules Rules) bool {
	return x.run != 0 && s.results[x.run-1] != nil && s.results[x.run-1].rules < rules
}

// actOn takes a withdrawal or a delivery.
func (w *rower) actOn(r *Row) *Refusal {
	event := OnWithdraw
	if r.Action == Deliver {
		event = OnDeliver
	}
	i, refusal := w.target(r, event)
	if refusal != nil {
		return refusal
	}
	if r.Action == Withdraw {
		return w.withdraw(i, r)
	}
	return w.deliver(i, r)
}

// withdraw takes a part or all of a tender back. What is left keeps its receipt.
func (w *rower) withdraw(i int, r *Row) *Refusal {
	x := &w.records[i]
	amount := r.Principal
	if amount == 0 {
		amount = x.left
	}
	left := x.left - amount
	terms := &w.clock.by[x.series]
	switch {
	case w.at > w.withdrawalLimit(x):
		return refuse(WithdrawalLate, "dates.withdrawal", "received %s, needs %s", w.instant(w.at), w.withdrawalText(x))
	case x.left == 0:
		return refuse(NothingLeft, "refers_to", "nothing is left of %q", r.RefersTo)
	case left < 0:
		return refuse(MoreThanLeft, "refers_to", "%s is more than the %s left of %q", w.amount(x.series, amount), w.amount(x.series, x.left), r.RefersTo)
	case left > 0 && (left < terms.minimum || (left-terms.minimum)%max(terms.multiple, 1) != 0):
		return refuse(LeavesTooLittle, "denomination", "leaves %s of %q, needs %s plus a multiple of %s, or nothing", w.amount(x.series, left), r.RefersTo, w.amount(x.series, terms.minimum), w.amount(x.series, terms.multiple))
	case left > 0 && left < w.rare[uint32(i)].delivered:
		return refuse(LeavesTooLittle, "guaranteed_delivery", "leaves less of %q than the %s already delivered", r.RefersTo, w.amount(x.series, w.rare[uint32(i)].delivered))
	}
	w.note(i)
	if x.isTender() {
		f := w.flow(x.series)
		f.Withdrawals++
		f.Withdrawn += amount
	}
	w.takeBack(i, left, amount)
	w.actedOn(i, amount, r)
	return nil
}

// takeBack lowers what is left of a tender.
func (w *rower) takeBack(i int, left, amount int64) {
	if left == 0 {
		w.happen(i, OnWithdraw, w.at, w.row, amount)
		w.records[i].left = 0
		return
	}
	w.count(i, -1)
	w.records[i].left = left
	w.count(i, +1)
	w.happen(i, OnPart, w.at, w.row, amount)
	if x := &w.records[i]; x.action == Guarantee && left == w.rare[uint32(i)].delivered {
		w.happen(i, OnDeliver, w.at, w.row, 0) // nothing is missing any more
	}
}

// deliver takes the delivery of a part or all of what was guaranteed.
func (w *rower) deliver(i int, r *Row) *Refusal {
	x := &w.records[i]
	extra := w.rare[uint32(i)]
	missing := w.missing(i)
	amount := r.Principal
	if amount == 0 {
		amount = missing
	}
	switch {
	case w.at > w.clock.limits.delivery:
		return refuse(DeliveryLate, "dates.guaranteed_delivery", "received %s, needs %s", w.instant(w.at), w.clock.terms().Dates.GuaranteedDelivery)
	case missing <= 0:
		return refuse(NothingLeft, "refers_to", "nothing of %q is left to deliver", r.RefersTo)
	case amount > missing:
		return refuse(MoreThanLeft, "refers_to", "%s is more than the %s not yet delivered of %q", w.amount(x.series, amount), w.amount(x.series, missing), r.RefersTo)
	}
	w.note(i)
	extra.delivered += amount
	w.rare[uint32(i)] = extra
	event := OnDeliver
	if amount < missing {
		event = OnPart
	}
	w.happen(i, event, w.at, w.row, amount)
	w.actedOn(i, amount, r)
	return nil
}

// actedOn puts the withdrawal or delivery itself on record.
func (w *rower) actedOn(i int, amount int64, r *Row) {
	w.add(record{at: w.at, principal: amount, link: uint32(i + 1), action: r.Action, life: Received, series: w.records[i].series, whole: r.Principal == 0}, r)
}

// missDeliveries ends guaranteed delivery: what did not come is not paid.
func (s *State) missDeliveries(at int64) {
	for i := range s.records {
		if s.missing(i) > 0 {
			s.happen(i, OnMiss, at, wholeEntry, 0)
		}
	}
}

// review takes what the agent found about an instruction.
func (s *State) review(actor string, v *Review) *Refusal {
	if r := s.need(actor, MayReview); r != nil {
		return r
	}
	i := s.find(v.Instruction)
	if i < 0 {
		return refuse(UnknownInstruction, "instruction", "%q is not on record", v.Instruction)
	}
	r := &s.records[i]
	event := reviewEvents[v.Action]
	if !r.counts() {
		return refuse(WrongTarget, "instruction", "%q is a %s, needs a tender or consent", v.Instruction, r.action)
	}
	if _, ok := moves[r.life][event]; !ok {
		return refuse(WrongMove, "life", "cannot %s %q, which is %s", event, v.Instruction, r.life)
	}
	s.happen(i, event, s.at, wholeEntry, 0)
	return nil
}

// remark takes a note. Who notes something about an instruction may see it.
func (s *State) remark(actor string, n *Note) *Refusal {
	if r := s.need(actor, MayNote); r != nil || n.Instruction == "" {
		return r
	}
	if r := s.MayRead(actor, &Inquiry{SeeInstructions, n.Instruction}, time.Unix(0, s.at)); r != nil {
		return r
	}
	if s.find(n.Instruction) < 0 {
		return refuse(UnknownInstruction, "instruction", "%q is not on record", n.Instruction)
	}
	return nil
}
