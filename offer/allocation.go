package offer

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"tenderbook/allocation"
	"tenderbook/calendar"
	"tenderbook/money"
)

// Settlements are the days on which early and late tenders of one run are paid.
// Accrued interest and prices from a yield are worked out to them.
type Settlements struct{ Early, Late calendar.Date }

// Settlements are those that the terms expect: early tenders at the early
// settlement where there is one, all others at settlement.
func (t *Terms) Settlements() Settlements {
	s := Settlements{Early: t.Dates.Settlement, Late: t.Dates.Settlement}
	if !t.Dates.EarlySettlement.IsZero() {
		s.Early = t.Dates.EarlySettlement
	}
	return s
}

func (s Settlements) of(late bool) calendar.Date {
	if late {
		return s.Late
	}
	return s.Early
}

// HasEarly reports whether tenders are early or late. Where they are not, all
// are [allocation.Early], which is the one price.
func (t *Terms) HasEarly() bool { return !t.Dates.EarlyTender.IsZero() }

// Undetermined lists the series whose price is not determined yet, by id.
func (t *Terms) Undetermined() (ids []string) {
	for i := range t.Series {
		s := &t.Series[i]
		byYield := s.Pricing != nil && s.Pricing.Kind == "auction-spread" && s.Pricing.ReferenceYield != nil
		byBid := s.Pricing != nil && s.Pricing.Kind == "auction-price"
		if !s.Determined() && !byYield && !byBid {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// Allocation gives the terms as package allocation takes them. Caps keep their
// order; behind them stands a cap for each series maximum, named "9.125
// maximum", in the order of the series.
//
// A price that is not determined yet is left out where no cap needs it, so that
// acceptance can be worked out before the money; under a cap on money it fails
// with [ErrUndetermined].
func (t *Terms) Allocation(settle Settlements) (*allocation.Terms, error) {
	out := &allocation.Terms{FactorDecimals: t.Acceptance.FactorDecimals, MaximumRejects: t.Acceptance.MaximumExceeded == "reject"}
	if err := t.choices(out); err != nil {
		return nil, err
	}
	for _, id := range t.Undetermined() {
		if k := t.moneyCapOver(id); k != nil {
			return nil, &UndeterminedError{Cap: k.Name, Series: id}
		}
	}
	for i := range t.Series {
		s, err := t.allocationSeries(&t.Series[i], settle)
		if err != nil {
			return nil, err
		}
		out.Series = append(out.Series, s)
	}
	for i := range t.Caps {
		c, err := t.allocationCap(&t.Caps[i])
		if err != nil {
			return nil, err
		}
		out.Caps = append(out.Caps, c)
	}
	out.Caps = append(out.Caps, t.maxima()...)
	if out.Order != allocation.Auction {
		return out, nil
	}
	return out, t.auction(out, settle)
}

// An UndeterminedError says that acceptance must wait for a price: a cap counts
// money, and the price of a series under it, or taken off it, is not determined.
type UndeterminedError struct{ Cap, Series string }

func (e *UndeterminedError) Error() string {
	return fmt.Sprintf("cap %q counts money, and series %s: %v", e.Cap, e.Series, ErrUndetermined)
}

// Unwrap gives [ErrUndetermined].
func (e *UndeterminedError) Unwrap() error { return ErrUndetermined }

// moneyCapOver finds a cap that needs the price of a series, or nil.
func (t *Terms) moneyCapOver(id string) *Cap {
	for i := range t.Caps {
		if k := &t.Caps[i]; k.countsMoney() && (k.Covers(id) || slices.Contains(k.Less, id)) {
			return k
		}
	}
	return nil
}

// The words of the file, and what they are to package allocation.
var (
	orders     = map[string]allocation.Order{"priority": allocation.Priority, "early-first": allocation.EarlyFirst, "auction": allocation.Auction}
	exceeded   = map[string]allocation.IfExceeded{"prorate": allocation.Prorate, "reject-and-continue": allocation.RejectAndContinue, "reject-and-stop": allocation.RejectAndStop}
	prorateBys = map[string]allocation.ProrateBy{"instruction": allocation.ByInstruction, "participant": allocation.ByParticipant, "holder": allocation.ByHolder}
	leftovers  = map[string]allocation.Leftover{"unused": allocation.Unused, "raise-factor": allocation.RaiseFactor, "largest-remainder": allocation.LargestRemainder}
	remainders = map[string]allocation.Remainder{"lost": allocation.Lost, "next": allocation.Next}
	stubs      = map[string]allocation.Stub{"ignore": allocation.StubIgnore, "reject": allocation.StubReject, "accept": allocation.StubAccept, "minimum": allocation.StubMinimum}
	counts     = map[string]allocation.Counts{"principal": allocation.CountsPrincipal, "shares": allocation.CountsPrincipal, "purchase-price": allocation.CountsPrice, "purchase-price-and-interest": allocation.CountsPriceAndInt}
	noBids     = map[string]allocation.NoBid{"clearing": allocation.NoBidClearing, "best-for-offeror": allocation.NoBidBest, "range-limit": allocation.NoBidLimit}
)

// choose looks a word up. Terms that [Read] made have only known words; terms
// built by hand may not.
func choose[V any](errs *[]error, key, word string, meanings map[string]V, into *V) {
	v, ok := meanings[word]
	if !ok {
		*errs = append(*errs, fmt.Errorf("acceptance.%s %s is not known, needs %s", key, quote(word), oneOf(sortedKeys(meanings))))
		return
	}
	*into = v
}

func (t *Terms) choices(out *allocation.Terms) error {
	var errs []error
	a := &t.Acceptance
	choose(&errs, "order", a.Order, orders, &out.Order)
	choose(&errs, "if_exceeded", a.IfExceeded, exceeded, &out.IfExceeded)
	choose(&errs, "prorate_by", a.ProrateBy, prorateBys, &out.ProrateBy)
	choose(&errs, "leftover", a.Leftover, leftovers, &out.Leftover)
	choose(&errs, "remainder", a.Remainder, remainders, &out.Remainder)
	choose(&errs, "stub", a.Stub, stubs, &out.Stub)
	if a.SmallUpTo != "" && len(t.Series) > 0 {
		small, err := money.ParseAmount(a.SmallUpTo, t.Series[0].Currency)
		if err != nil {
			errs = append(errs, fmt.Errorf("acceptance.small.up_to: %w", err))
		}
		out.SmallUpTo = small.Minor
		for _, s := range t.Series {
			if s.Currency.Digits != t.Series[0].Currency.Digits {
				errs = append(errs, fmt.Errorf("acceptance.small.up_to: %s and %s have different decimals", t.Series[0].Currency.Code, s.Currency.Code))
				break
			}
		}
	}
	return errors.Join(errs...)
}

func (t *Terms) allocationSeries(s *Series, settle Settlements) (allocation.Series, error) {
	out := allocation.Series{ID: s.ID, Increment: s.Multiple.Minor, Minimum: s.Minimum.Minor}
	for _, l := range s.Levels {
		place := allocation.Place{Level: l.Level}
		if l.UpTo != nil {
			place.UpTo = l.UpTo.Minor
		}
		out.Places = append(out.Places, place)
	}
	for _, timing := range []allocation.Timing{allocation.Early, allocation.Late} {
		late := timing == allocation.Late
		if late && !t.HasEarly() {
			break
		}
		if s.Determined() {
			price, err := s.PriceAt(late, settle)
			if err != nil {
				return out, err
			}
			out.Price[timing] = price.PerUnit()
		}
		interest, err := t.InterestPerUnit(s, settle.of(late))
		if err != nil {
			return out, err
		}
		out.Interest[timing] = interest
	}
	return out, nil
}

// InterestPerUnit is the accrued interest on one unit of principal, as the
// terms have it: exact, or, with round_interest: per-1000, from the interest on
// 1,000 rounded half up to the minor unit.
func (t *Terms) InterestPerUnit(s *Series, settlement calendar.Date) (*big.Rat, error) {
	accrual, err := s.Accrued(settlement)
	if err != nil {
		return nil, err
	}
	if t.Payment.RoundInterest != "per-1000" {
		return accrual.PerUnit, nil
	}
	per1000, err := accrual.Round(1000, s.Currency.Digits)
	if err != nil {
		return nil, fmt.Errorf("series %s: interest: %w", s.ID, err)
	}
	return new(big.Rat).Quo(per1000.Rat(), big.NewRat(1000, 1)), nil
}

func (t *Terms) allocationCap(k *Cap) (allocation.Cap, error) {
	amount, err := t.CapAmount(k)
	if err != nil {
		return allocation.Cap{}, err
	}
	out := allocation.Cap{Name: k.Name, Amount: amount.Minor}
	measure := k.Counts
	var ok bool
	for i := range t.Series {
		s := &t.Series[i]
		switch {
		case slices.Contains(k.Less, s.ID):
			out.Less = append(out.Less, i)
		case k.Covers(s.ID):
			out.Series = append(out.Series, i)
		default:
			continue
		}
		rate, ok := t.Rate(s.Currency, k.Amount.Currency)
		if !ok {
			return out, fmt.Errorf("cap %q: no exchange rate %s/%s", k.Name, s.Currency.Code, k.Amount.Currency.Code)
		}
		weight := rate.Minor()
		if k.Counts == "new-notes" {
			var part *big.Rat
			measure, part = s.newNotesWeight()
			weight.Mul(weight, part)
		}
		if weight.Cmp(big.NewRat(1, 1)) == 0 {
			continue
		}
		if out.Rate == nil {
			out.Rate = map[int]*big.Rat{}
		}
		out.Rate[i] = weight
	}
	if out.Counts, ok = counts[measure]; !ok {
		return out, fmt.Errorf("cap %q counts %s, needs %s", k.Name, quote(k.Counts), oneOf(sortedKeys(counts)))
	}
	return out, nil
}

// maxima turns series maximums into caps of their own.
func (t *Terms) maxima() (caps []allocation.Cap) {
	for i, s := range t.Series {
		if s.Maximum != nil {
			caps = append(caps, allocation.Cap{Name: s.ID + " maximum", Amount: s.Maximum.Minor, Counts: allocation.CountsPrincipal, Series: []int{i}, Own: true})
		}
	}
	return caps
}
