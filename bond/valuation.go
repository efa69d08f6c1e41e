package bond

import (
	"fmt"
	"math/big"
	"slices"

	"tenderbook/calendar"
	"tenderbook/money"
)

// A valuation is a bond as it stands at settlement, ready for any yield: what is
// still to be paid per 1 of principal and when, in periods of the yield.
type valuation struct {
	bond    Bond
	accrued Accrual
	strands []strand
	simple  *big.Rat // periods to the only payment left, where it is discounted by simple interest; else nil
}

// A strand holds the payments whose distances in periods have the same part
// beyond a whole number. Notes on a regular cycle have one strand; a payment off
// the cycle, such as a call between interest dates, makes a second.
type strand struct {
	part    *big.Rat   // 0 <= part < 1
	amounts []*big.Rat // by whole periods; nil where nothing is paid
}

// value prepares the valuation of the bond at settlement.
func (b Bond) value(settlement calendar.Date) (valuation, error) {
	a, err := b.open(settlement)
	if err != nil {
		return valuation{}, err
	}
	v := valuation{bond: b, accrued: nothingAccrued(settlement)}
	if b.Interest.pays() {
		v.accrued = a.accrued(settlement)
	}
	paid := a.payments(settlement, b.workout())
	if a.isEx(settlement, a.end(settlement)) {
		paid[0].PerUnit = new(big.Rat)
	}
	last := &paid[len(paid)-1]
	last.PerUnit = new(big.Rat).Add(last.PerUnit, b.redemption())
	x := a.axis(b.Convention.DayCount, settlement)
	v.place(paid, x)
	if len(paid) == 1 {
		v.simple = b.Convention.lastPeriod(x.periods(x.at(last.Date)), a.schedule.perYear(), last.Date.DaysSince(settlement))
	}
	return v, nil
}

// place puts the payments, which come in the order of their dates, on their
// strands. Where the yield compounds as often as interest is paid, a regular
// payment after a regular one goes on the same strand without any reckoning.
func (v *valuation) place(paid []Payment, x axis) {
	frequency, perYear := v.bond.Convention.Frequency, x.schedule.perYear()
	var on *strand // of the payment before
	var before place
	for _, p := range paid {
		at := place{n: before.n + 1}
		if on == nil || x.schedule.date(at.n) != p.Date {
			at = x.at(p.Date)
		}
		if on != nil && before.days == 0 && at.days == 0 && frequency == perYear {
			on.put(len(on.amounts)-1+at.n-before.n, p.PerUnit)
		} else {
			periods := x.periods(at)
			on = v.pay(periods.Mul(periods, big.NewRat(int64(frequency), int64(perYear))), p.PerUnit)
		}
		before = at
	}
}

// pay puts an amount on the strand of its distance in periods of the yield.
func (v *valuation) pay(periods *big.Rat, amount *big.Rat) *strand {
	whole, part := wholeAndPart(periods)
	at := slices.IndexFunc(v.strands, func(s strand) bool { return s.part.Cmp(part) == 0 })
	if at < 0 {
		at = len(v.strands)
		v.strands = append(v.strands, strand{part: part})
	}
	v.strands[at].put(whole, amount)
	return &v.strands[at]
}

func (s *strand) put(whole int, amount *big.Rat) {
	for len(s.amounts) <= whole {
		s.amounts = append(s.amounts, nil)
	}
	if old := s.amounts[whole]; old != nil {
		amount = new(big.Rat).Add(old, amount)
	}
	s.amounts[whole] = amount
}

// lastPeriod gives the periods of the yield over which the only payment left is
// discounted by simple interest, or nil if the method compounds it.
func (c Convention) lastPeriod(periods *big.Rat, perYear, days int) *big.Rat {
	switch {
	case periods.Cmp(big.NewRat(1, 1)) > 0:
		return nil
	case c.Method == Street || c.Method == Treasury:
		return new(big.Rat).Mul(periods, big.NewRat(int64(c.Frequency), int64(perYear)))
	case c.Method == Canadian:
		return big.NewRat(int64(days)*int64(c.Frequency), 365)
	}
	return nil
}

// A rate is a yield over one period: i = num/den - 1, so that a payment a period
// away is worth den/num of its amount.
type rate struct{ num, den *big.Int }

// rate divides a yield by the frequency. It refuses one that leaves nothing of a
// payment's growth, over a period or over the simple interest of the last one.
func (v valuation) rate(yield money.Decimal) (rate, error) {
	frequency := v.bond.Convention.Frequency
	i := percent(yield)
	i.Quo(i, big.NewRat(int64(frequency), 1))
	i.Add(i, big.NewRat(1, 1))
	r := rate{i.Num(), i.Denom()}
	if i.Sign() <= 0 || v.simple != nil && r.simple(v.simple).Sign() <= 0 {
		return rate{}, fmt.Errorf("yield %s%% compounded %d times a year loses everything", yield, frequency)
	}
	return r, nil
}

// growth is 1+i and periods of simple interest 1+w·i.
func (r rate) growth() *big.Rat { return new(big.Rat).SetFrac(r.num, r.den) }

func (r rate) simple(w *big.Rat) *big.Rat {
	g := r.growth()
	g.Sub(g, big.NewRat(1, 1))
	return g.Add(g.Mul(g, w), big.NewRat(1, 1))
}

// present is what the payments are worth per 1 of principal.
func (v valuation) present(r rate, prec uint) *ball {
	if exact := v.exact(r, false); exact != nil {
		return newBall(exact, prec)
	}
	sum := newBall(new(big.Rat), prec)
	for _, s := range v.strands {
		worth := s.present(r, prec)
		if s.part.Sign() != 0 {
			worth.mul(v.partial(s.part, r, prec))
		}
		sum.add(worth)
	}
	return sum
}

// present discounts by whole periods, from the last payment back.
func (s strand) present(r rate, prec uint) *ball {
	sum := newBall(new(big.Rat), prec)
	var amount *big.Rat
	var b *ball
	for k := len(s.amounts) - 1; k >= 0; k-- {
		sum.scale(r.den, r.num)
		if s.amounts[k] == nil {
			continue
		}
		if s.amounts[k] != amount { // equal coupons share one ratio
			amount = s.amounts[k]
			b = newBall(amount, prec)
		}
		sum.add(b)
	}
	return sum
}

// partial is the factor of the part of a period.
func (v valuation) partial(part *big.Rat, r rate, prec uint) *ball {
	if v.bond.Convention.Method == Treasury {
		return newBall(new(big.Rat).Inv(r.simple(part)), prec)
	}
	return power(new(big.Rat).SetFrac(r.den, r.num), part, prec)
}

// exact is the present value as a ratio, or nil if it has none: a part of a
// period that is compounded makes it irrational. Discounting many periods
// exactly takes long, so that it is only done where the caller insists.
func (v valuation) exact(r rate, insist bool) *big.Rat {
	if v.simple != nil {
		s := v.strands[0]
		return new(big.Rat).Quo(s.amounts[len(s.amounts)-1], r.simple(v.simple))
	}
	if !insist {
		return nil
	}
	total := new(big.Rat)
	for _, s := range v.strands {
		factor := big.NewRat(1, 1)
		switch {
		case s.part.Sign() == 0 || r.num.Cmp(r.den) == 0: // no part, or nothing to discount by
		case v.bond.Convention.Method == Treasury:
			factor.Inv(r.simple(s.part))
		default:
			return nil
		}
		total.Add(total, factor.Mul(factor, s.exact(r)))
	}
	return total
}

func (s strand) exact(r rate) *big.Rat {
	sum, discount := new(big.Rat), new(big.Rat).SetFrac(r.den, r.num)
	for k := len(s.amounts) - 1; k >= 0; k-- {
		if sum.Mul(sum, discount); s.amounts[k] != nil {
			sum.Add(sum, s.amounts[k])
		}
	}
	return sum
}
