package book

import (
	"hash/maphash"
	"math"
	"slices"

	"tenderbook/money"
)

// A rower takes the rows of the batch that the state has decoded.
type rower struct {
	*State
	actor string
	row   uint32
	asked string // the participant last asked about
	may   bool   // whether the actor may instruct for it
	all   bool   // the batch is all or nothing: what is done is noted
}

// intake takes the batch that was decoded, row by row or all or nothing.
func (s *State) intake(actor string) Outcome {
	b := &s.batch
	o := Outcome{Seq: s.seq}
	w := &rower{State: s, actor: actor, all: b.AllOrNothing}
	w.prepare(b)
	mark := s.mark()
	for i := range b.Rows {
		w.row = uint32(i)
		if r := w.take(&b.Rows[i]); r != nil {
			o.Rows = append(o.Rows, RowRefusal{i, *r})
		}
	}
	o.Taken = len(b.Rows) - len(o.Rows)
	if b.AllOrNothing && len(o.Rows) > 0 {
		s.rollBack(mark)
		o.Taken = 0
		o.Refusal = refuse(OtherRows, "batch", "%d of %d rows are refused, and the batch is all or nothing", len(o.Rows), len(b.Rows))
		s.refusals = append(s.refusals, refused{seq: uint32(s.seq), row: wholeEntry, code: OtherRows})
	}
	for i := range o.Rows {
		x := &o.Rows[i]
		s.refusals = append(s.refusals, refused{uint32(s.seq), uint32(x.Row), x.Code, string(append([]byte(nil), b.Rows[x.Row].ID...))})
	}
	s.undo = s.undo[:0]
	return o
}

// prepare does what is done for all rows at once. The index is far from the
// processor; places that it is asked for one after the other come side by side.
func (w *rower) prepare(b *Instructions) {
	w.numbers = w.numbers[:0]
	for _, name := range b.lists[0] {
		n, ok := w.series.number[name]
		if !ok {
			w.numbers = append(w.numbers, -1)
			continue
		}
		w.numbers = append(w.numbers, int64(n))
	}
	w.hashes = w.hashes[:0]
	for i := range b.Rows {
		w.hashes = append(w.hashes, maphash.String(w.index.seed, b.Rows[i].ID))
	}
	if len(b.Rows) > 1 {
		w.index.fetch(w.hashes)
	}
}

// hash is that of the row's id, for the index.
func (w *rower) hash() uint64 { return w.hashes[w.row] }

// take takes one row, or refuses it. The order of the questions is the
// precedence of the codes.
func (w *rower) take(r *Row) *Refusal {
	if w.asked != r.Participant || w.row == 0 {
		w.asked, w.may = r.Participant, w.MayInstruct(w.actor, r.Participant)
	}
	if !w.may {
		return refuse(NotYourAccount, "roles", "%q may not instruct for participant %q", w.actor, r.Participant)
	}
	if i := w.look(r.ID, w.hash()); i >= 0 {
		return w.duplicate(i, r)
	}
	if !w.open(r.Action) {
		return refuse(NotOpen, "life", "the offer is %s and takes no %s", w.clock.life, r.Action)
	}
	switch r.Action {
	case Tender, Guarantee:
		return w.tender(r)
	case Consent:
		return w.consent(r)
	}
	return w.actOn(r)
}

// open reports whether the offer takes rows of a kind. What comes after
// expiration is answered by deadline.
func (w *rower) open(a Action) bool {
	l := w.clock.life
	if a == Guarantee && w.clock.terms() != nil && w.clock.terms().Dates.GuaranteedDelivery.IsZero() {
		return false
	}
	return l >= Commenced && l <= Expired
}

// duplicate answers a row whose id is on record, or that of a row before it.
// Where it stands, and since when, is said to those who see what is on record of
// its participant.
func (w *rower) duplicate(i int, r *Row) *Refusal {
	x := &w.records[i]
	if !w.Sees(w.actor, w.participants.names[x.participant]) {
		return refuse(DuplicateOther, "instruction", "%q is taken in this offer, needs an id of its own", r.ID)
	}
	code, content := DuplicateOther, "other content"
	if w.same(i, r) {
		code, content = DuplicateSame, "the same content"
	}
	if uint64(x.seq) == w.seq {
		return refuse(code, "instruction", "%q is also row %d of this batch, with %s", r.ID, x.row+1, content)
	}
	return refuse(code, "instruction", "%q is on record since entry %d, with %s", r.ID, x.seq, content)
}

// same reports whether a row says what the instruction on record says.
func (s *State) same(i int, r *Row) bool {
	x := &s.records[i]
	account, holder := s.texts.rest(x.text)
	refers := ""
	if x.link > 0 {
		refers = string(s.texts.id(s.records[x.link-1].text))
	}
	sameSeries := s.series.names[x.series] == r.Series || r.Series == "" && !x.isTender()
	sameBid := r.HasBid == (x.bid > 0) && (!r.HasBid || s.bids[x.bid-1].Cmp(r.Bid) == 0)
	sameAmount := x.whole == (r.Principal == 0) && (x.whole || x.principal == r.Principal)
	return x.action == r.Action && sameSeries && sameBid && sameAmount && s.participants.names[x.participant] == r.Participant &&
		string(account) == r.Account && string(holder) == r.Holder && refers == r.RefersTo && s.rare[uint32(i)].atLeast == r.AtLeast
}

// tender takes a tender, a changed tender or a notice of guaranteed delivery.
func (w *rower) tender(r *Row) *Refusal {
	n, refusal := w.named(r)
	if refusal != nil {
		return refusal
	}
	if w.clock.terms().Kind == "consent" && w.clock.rules[w.clock.current] >= Rules2 {
		return refuse(OnlyConsents, "kind", "the offer asks for consents, not for notes")
	}
	old := -1
	if r.RefersTo != "" {
		i, refusal := w.target(r, OnReplace)
		if refusal != nil {
			return refusal
		}
		old = i
	}
	if refusal := w.fits(n, r); refusal != nil {
		return refusal
	}
	x := &w.clock.by[n]
	x0 := record{at: w.at, principal: r.Principal, left: r.Principal, action: r.Action, life: Received, series: uint16(n)}
	if r.Action == Guarantee {
		x0.life = Guaranteed
	}
	if late := w.at > x.expiration; late {
		if old < 0 {
			x0.life = LateReceived
			w.add(x0, r)
		}
		return refuse(Late, "dates.expiration", "received %s, needs %s", w.instant(w.at), w.expiry(n))
	}
	return w.admit(x0, r, old)
}

// named finds the series that a row names, if it takes anything.
func (w *rower) named(r *Row) (uint32, *Refusal) {
	number := w.numbers[w.batch.ofSeries[w.row]]
	if number < 0 || w.clock.by[number].at < 0 {
		return 0, refuse(UnknownSeries, "series", "series %q is not in the terms", r.Series)
	}
	n := uint32(number)
	if w.clock.series[n] == SeriesTerminated {
		return 0, refuse(SeriesClosed, "series", "series %q was terminated", r.Series)
	}
	return n, nil
}

// consent takes a consent without a tender. Notes that are tendered and consented
// for are counted against the position twice: they are held once.
func (w *rower) consent(r *Row) *Refusal {
	n, refusal := w.named(r)
	if refusal != nil {
		return refusal
	}
	x := &w.clock.by[n]
	if c := w.clock.terms().Series[x.at].Consent; c == nil || !c.Alone {
		return refuse(NoConsents, "series.consent", "series %q takes no consents without a tender", r.Series)
	}
	if refusal := w.fits(n, r); refusal != nil {
		return refusal
	}
	x0 := record{at: w.at, principal: r.Principal, left: r.Principal, action: Consent, life: Received, series: uint16(n)}
	if w.at > x.expiration {
		x0.life = LateReceived
		w.add(x0, r)
		return refuse(Late, "dates.expiration", "received %s, needs %s", w.instant(w.at), w.expiry(n))
	}
	if refusal := w.room(x0.series, r, r.Principal); refusal != nil {
		return refusal
	}
	w.count(w.add(x0, r), +1)
	return nil
}

// admit takes a timely tender if there is room for it.
func (w *rower) admit(x record, r *Row, old int) *Refusal {
	more := r.Principal
	if old >= 0 {
		o := &w.records[old]
		more -= o.left
		if refusal := w.mayChange(o, r); refusal != nil {
			return refusal
		}
		if keeps := more <= 0 && w.sameBid(o, r) || w.clock.terms().Acceptance.Changed == "keeps-time"; keeps {
			x.at = o.at
		}
		x.link = uint32(old + 1)
	}
	if refusal := w.room(x.series, r, more); refusal != nil {
		return refusal
	}
	if old >= 0 {
		w.note(old)
		w.happen(old, OnReplace, w.at, w.row, w.records[old].left)
	}
	i := w.add(x, r)
	w.count(i, +1)
	f := w.flow(x.series)
	if old >= 0 {
		f.Withdrawals++
		f.Withdrawn += w.records[old].left
	}
	f.Tenders++
	f.Tendered += r.Principal
	return nil
}

// sameBid reports whether a changed tender bids as the one before.
func (w *rower) sameBid(o *record, r *Row) bool {
	return r.HasBid == (o.bid > 0) && (!r.HasBid || w.bids[o.bid-1].Cmp(r.Bid) == 0)
}

// mayChange refuses a changed tender that takes something back when nothing can
// be withdrawn any more. To tender more needs no right to withdraw.
func (w *rower) mayChange(o *record, r *Row) *Refusal {
	lessens := r.Principal < o.left || !w.sameBid(o, r)
	if lessens && w.at > w.withdrawalLimit(o) {
		return refuse(WithdrawalLate, "dates.withdrawal", "changed %s, which takes back a part: needs %s", w.instant(w.at), w.withdrawalText(o))
	}
	return nil
}

// add puts an instruction on record.
func (w *rower) add(x record, r *Row) int {
	i := len(w.records)
	x.seq, x.row = uint32(w.seq), w.row
	x.participant = w.participants.of(r.Participant)
	x.text = w.texts.add(r.ID, r.Account, r.Holder)
	if r.HasBid {
		x.bid = w.bidNumberOf(r.Bid) + 1
	}
	if r.AtLeast > 0 {
		w.rare[uint32(i)] = rare{atLeast: r.AtLeast}
	}
	if i == cap(w.records) {
		w.records = slices.Grow(w.records, i/2+64)
		w.texts.buf = slices.Grow(w.texts.buf, len(w.texts.buf)/2)
	}
	w.records = append(w.records, x)
	if w.accepted != nil {
		w.accepted = append(w.accepted, 0)
	}
	w.enter(w.hash(), i)
	return i
}

func (s *State) bidNumberOf(bid money.Decimal) uint32 {
	n, ok := s.bidNumber[bid]
	if !ok {
		n = uint32(len(s.bids))
		s.bids = append(s.bids, bid)
		s.bidNumber[bid] = n
	}
	return n
}

// expiry shows the deadline of a series as the terms write it.
func (s *State) expiry(n uint32) string {
	t := s.clock.terms()
	if x := t.Series[s.clock.by[n].at].Expiration; !x.IsZero() {
		return x.String()
	}
	return t.Dates.Expiration.String()
}

// withdrawalLimit is the last instant at which a tender can be withdrawn.
func (s *State) withdrawalLimit(r *record) int64 {
	if s.clock.limits.withdrawal != math.MaxInt64 {
		return s.clock.limits.withdrawal
	}
	return s.clock.by[r.series].expiration
}

func (s *State) withdrawalText(r *record) string {
	if d := s.clock.terms().Dates.Withdrawal; !d.IsZero() {
		return d.String()
	}
	return s.expiry(uint32(r.series))
}
