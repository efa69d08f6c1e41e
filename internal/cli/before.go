package cli

import (
	"context"
	"fmt"
	"slices"

	"tenderbook/allocation"
	"tenderbook/internal/bookfile"
	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/report"
)

// lookBefore reads a book once without deciding on it for good, where what is
// decided depends on how the book came out: a right to take more must not move
// the clearing bid, and a condition on what is tendered may fail.
func (r *run) lookBefore(ctx context.Context, src *bookfile.Source, o bookfile.Options) error {
	r.states = r.terms.ConditionStates(nil)
	r.terminated = r.terms.Terminated(r.states)
	exercised := r.exercised()
	if len(exercised) == 0 && !r.terms.Measured() && !anyText(r.terminated) {
		return nil
	}
	o.Refused, o.Only = nil, bookfile.Both
	book, err := bookfile.Count(ctx, src, o)
	if err != nil {
		return err
	}
	r.measure(book)
	return r.checkExercised(exercised, book)
}

// measure finds how the conditions stand by what is tendered, early and late.
func (r *run) measure(book *bookfile.Result) {
	tendered := make([]report.Tendered, len(r.terms.Series))
	addLive(tendered, book.Live)
	counted := &offer.Counted{Tendered: make([]int64, len(tendered)), Final: r.over()}
	for i, t := range tendered {
		counted.Tendered[i] = t.Early + t.Late
	}
	for _, c := range book.Consents {
		counted.Consents = append(counted.Consents, c.Principal)
	}
	r.states = r.terms.ConditionStates(counted)
	if r.terminated = r.terms.Terminated(r.states); anyText(r.terminated) {
		r.liveBefore = tendered
	}
}

// over reports whether nothing more can come in.
func (r *run) over() bool {
	return r.only != bookfile.OnlyEarly && !r.asOf.Before(lastInTime(r.terms.Dates.Expiration))
}

func anyText(all []string) bool {
	return slices.ContainsFunc(all, func(s string) bool { return s != "" })
}

// exercised lists the caps of an auction over which the offeror takes more, by
// its right, than they say.
func (r *run) exercised() (caps []int) {
	if r.alloc.Order != allocation.Auction {
		return nil
	}
	for k, c := range r.terms.Caps {
		if c.Upsize != nil && c.Upsize.Exercised.Sign() > 0 {
			caps = append(caps, k)
		}
	}
	return caps
}

// checkExercised refuses a right to take more that would move the clearing bid:
// it extends to what was tendered at or better than the bid at which the offer
// cleared without it.
func (r *run) checkExercised(caps []int, book *bookfile.Result) error {
	if len(caps) == 0 {
		return nil
	}
	plain := r.alloc
	for _, k := range caps {
		plain = (&run{alloc: plain}).withCap(k, r.terms.Caps[k].Amount.Minor)
	}
	without, err := allocation.Decide(plain, book.Tally)
	if err != nil {
		return err
	}
	for i, was := range without.ClearingBids {
		is := book.Decision.ClearingBids[i]
		if was == nil || is == nil || *was == *is {
			continue
		}
		return r.movesClearing(&r.terms.Caps[caps[0]], &r.terms.Series[i], *was, *is)
	}
	return nil
}

func (r *run) movesClearing(k *offer.Cap, s *offer.Series, was, is int64) error {
	from, errFrom := s.Pricing.Bid(was)
	to, errTo := s.Pricing.Bid(is)
	if errFrom != nil || errTo != nil {
		return fmt.Errorf("clearing bids %d and %d are not of the grid", was, is)
	}
	return refused{fmt.Errorf("cap %q: upsize.exercised %s would move the clearing bid from %s to %s: needs no more than is tendered at or better than %s, a larger increase is an amendment of the amount",
		k.Name, money.Group(k.Upsize.Exercised.String()), from, to, from)}
}
