package scenario

import (
	"errors"
	"fmt"
	"math/big"

	"tenderbook/allocation"
	"tenderbook/money"
	"tenderbook/offer"
)

// ErrNoCap is returned where no amount of a cap does what was asked.
var ErrNoCap = errors.New("no amount of the cap does that")

// An Answer is a cap amount that a search found.
type Answer struct {
	Cap    string
	Amount money.Amount
	Result Result // what the offer does with it
}

// A Search looks for an amount of one cap, all other terms as they stand.
type Search struct {
	base Variant
	book Tallier
	cap  int
}

// NewSearch prepares a search over the cap of that index in the final terms.
func NewSearch(h *offer.History, settle func(*offer.Terms) offer.Settlements, book Tallier, capIndex int) (*Search, error) {
	base, err := Of(h, settle, nil)
	if err != nil {
		return nil, err
	}
	return SearchOf(base, book, capIndex)
}

// SearchOf prepares a search over a cap of terms that are at hand: those in force
// at a time, or those of a run after an earlier settlement.
func SearchOf(base Variant, book Tallier, capIndex int) (*Search, error) {
	if capIndex < 0 || capIndex >= len(base.Terms.Caps) {
		return nil, fmt.Errorf("cap %d: the offer has %d caps over several series, counted from 0", capIndex, len(base.Terms.Caps))
	}
	return &Search{base, book, capIndex}, nil
}

// unlimited is far above any book and far below what overflows.
const unlimited = 1 << 60

// at decides the offer with another amount of the cap.
func (s *Search) at(minor int64) (*allocation.Decision, Result, error) {
	v := s.base
	alloc := *v.Alloc
	alloc.Caps = append([]allocation.Cap(nil), alloc.Caps...)
	alloc.Caps[s.cap].Amount = minor
	v.Alloc = &alloc
	amount := money.New(minor, s.base.Terms.Caps[s.cap].Amount.Currency)
	v.Changes = []offer.Override{{
		Path:  "caps." + s.base.Terms.Caps[s.cap].Name + ".amount",
		Value: amount.Currency.Code + " " + amount.String(),
	}}
	return decide(v, s.book)
}

func (s *Search) answer(minor int64) (Answer, error) {
	_, r, err := s.at(minor)
	return Answer{s.base.Terms.Caps[s.cap].Name, money.New(minor, s.base.Terms.Caps[s.cap].Amount.Currency), r}, err
}

// ToAccept finds the smallest amount of the cap at which it cuts nothing at
// these levels: the exact use of all steps up to the last of them, in the cap's
// own measure, rounded up to its minor unit. What their own maximums or other
// caps cut stays cut.
func (s *Search) ToAccept(levels ...int) (Answer, error) {
	d, _, err := s.at(unlimited)
	if err != nil {
		return Answer{}, err
	}
	wanted := map[int]bool{}
	for _, l := range levels {
		wanted[l] = true
	}
	last, found := -1, map[int]bool{}
	for i, step := range d.Steps {
		if wanted[step.Level] {
			last, found[step.Level] = i, true
		}
	}
	for _, l := range levels {
		if !found[l] {
			return Answer{}, fmt.Errorf("level %d: nothing is tendered there: %w", l, ErrNoCap)
		}
	}
	need := new(big.Rat)
	for _, step := range d.Steps[:last+1] {
		for _, c := range step.Caps {
			if c.Cap == s.cap {
				need.Add(need, c.Before).Sub(need, c.After)
			}
		}
	}
	return s.roundedUp(need, d)
}

// roundedUp adds what the cap is net of, and what an earlier settled run used of
// it, and rounds up to the minor unit.
func (s *Search) roundedUp(need *big.Rat, d *allocation.Decision) (Answer, error) {
	if len(s.base.Alloc.Caps[s.cap].Less) > 0 || s.base.Alloc.Settled != nil {
		use := new(big.Rat).Set(d.Caps[s.cap].Used)
		for _, step := range d.Steps {
			for _, c := range step.Caps {
				if c.Cap == s.cap {
					use.Sub(use, c.Before).Add(use, c.After)
				}
			}
		}
		need.Add(need, use)
	}
	up, rest := new(big.Int).QuoRem(need.Num(), need.Denom(), new(big.Int))
	if rest.Sign() != 0 {
		up.Add(up, big.NewInt(1))
	}
	if !up.IsInt64() {
		return Answer{}, money.ErrOverflow
	}
	return s.answer(up.Int64())
}

// ToSpend finds the largest amount of the cap with which the consideration in
// one currency stays at or below a budget. Costs rise with the cap under
// proration; where whole series are rejected they can fall too, and ToSpend
// refuses such terms.
func (s *Search) ToSpend(budget money.Amount) (Answer, error) {
	if s.base.Alloc.IfExceeded != allocation.Prorate {
		return Answer{}, errors.New("with all-or-none series the cost does not rise steadily with the cap: vary the cap instead")
	}
	within := func(minor int64) (bool, error) {
		_, r, err := s.at(minor)
		if err != nil {
			return false, err
		}
		for _, c := range r.Cost {
			if c.Consideration.Currency == budget.Currency {
				return c.Consideration.Minor <= budget.Minor, nil
			}
		}
		return false, fmt.Errorf("the offer pays nothing in %s", budget.Currency.Code)
	}
	if ok, err := within(0); err != nil || !ok {
		return Answer{}, errors.Join(err, ErrNoCap)
	}
	lo, hi := int64(0), int64(unlimited)
	if ok, err := within(hi); err != nil {
		return Answer{}, err
	} else if ok {
		return Answer{}, fmt.Errorf("all that is tendered costs no more than %s %s: %w", budget.Currency.Code, budget.Grouped(), ErrNoCap)
	}
	for hi-lo > 1 {
		mid := lo + (hi-lo)/2
		ok, err := within(mid)
		if err != nil {
			return Answer{}, err
		}
		if ok {
			lo = mid
		} else {
			hi = mid
		}
	}
	return s.answer(lo)
}
