package book

import (
	"fmt"

	"tenderbook/money"
)

// room refuses what a position or 64 bits do not hold.
func (w *rower) room(series uint16, r *Row, more int64) *Refusal {
	t := w.tallied[series]
	if t.total[0].Principal+t.total[1].Principal > 1<<62-max(more, 0) || more > 1<<62 {
		return refuse(TooLarge, "series", "series %q would have more principal than 64 bits hold", r.Series)
	}
	p, ok := w.participants.number[r.Participant]
	if !ok || w.positionLeaves(series, p, more) {
		return nil
	}
	return refuse(OverTendered, "positions", "participant %q holds %s of series %q and has tendered %s: %s more is too much",
		r.Participant, w.amount(series, t.position[p]), r.Series, w.amount(series, t.tenderedBy(p)), w.amount(series, more))
}

// positionLeaves reports whether a position on record has room for more.
func (s *State) positionLeaves(series uint16, p uint32, more int64) bool {
	t := s.tallied[series]
	if int(p) >= len(t.position) || t.position[p] < 0 || more <= 0 {
		return true
	}
	return t.tenderedBy(p) <= t.position[p]-more
}

// fits refuses principal, bid and condition that the series does not take.
func (w *rower) fits(n uint32, r *Row) *Refusal {
	x := &w.clock.by[n]
	switch {
	case r.Principal < x.minimum:
		return refuse(BelowMinimum, "denomination.minimum", "%s of series %q, needs at least %s", w.amount(uint16(n), r.Principal), r.Series, w.amount(uint16(n), x.minimum))
	case (r.Principal-x.minimum)%x.multiple != 0:
		return refuse(WrongMultiple, "denomination.multiple", "%s of series %q, needs %s plus a multiple of %s", w.amount(uint16(n), r.Principal), r.Series, w.amount(uint16(n), x.minimum), w.amount(uint16(n), x.multiple))
	case r.HasBid:
		if refusal := w.bid(n, r.Bid); refusal != nil {
			return refusal
		}
	}
	if r.AtLeast > r.Principal || r.AtLeast%x.multiple != 0 {
		return refuse(WrongCondition, "at_least", "at least %s of %s, needs a multiple of %s up to the principal", w.amount(uint16(n), r.AtLeast), w.amount(uint16(n), r.Principal), w.amount(uint16(n), x.multiple))
	}
	return nil
}

// bidOf is a bid for a series.
type bidOf struct {
	series uint32
	bid    money.Decimal
}

// bid refuses a bid off the grid. Bids are few: each is looked at once.
func (w *rower) bid(n uint32, bid money.Decimal) *Refusal {
	k := bidOf{n, bid}
	known, ok := w.bidFits[k]
	if ok {
		return known
	}
	s := &w.clock.terms().Series[w.clock.by[n].at]
	var refusal *Refusal
	if !w.clock.by[n].auction {
		refusal = refuse(WrongBid, "acceptance.order", "bid %s for series %q, which takes none", bid, s.ID)
	} else if err := s.Pricing.CheckBid(bid); err != nil {
		refusal = &Refusal{WrongBid, "series.pricing", err.Error()}
	}
	if len(w.bidFits) > 1<<16 {
		clear(w.bidFits)
	}
	w.bidFits[k] = refusal
	return refusal
}

func (s *State) amount(series uint16, minor int64) string {
	t := s.clock.terms()
	if at := s.clock.by[series].at; at >= 0 {
		return money.New(minor, t.Series[at].Currency).Grouped()
	}
	return fmt.Sprint(minor)
}
