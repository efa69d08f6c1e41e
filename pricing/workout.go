package pricing

import (
	"fmt"
	"math/big"

	"tenderbook/bond"
	"tenderbook/calendar"
	"tenderbook/money"
	"tenderbook/offer"
)

// A Workout is the day that notes are taken to be repaid on.
type Workout struct {
	Date calendar.Date
	What string // maturity | par call | day
	Why  string // in a clause

	// Where price decided between par call and maturity: the price to the par
	// call, in percent. It is nil where nothing had to be compared.
	ToCall *big.Rat
}

// workoutOf says why the notes are priced to a day.
func workoutOf(s *offer.Series, yield money.Decimal, settlement, to calendar.Date) (Workout, error) {
	w := Workout{Date: to, What: "maturity"}
	call := s.Pricing.ParCall
	switch s.Pricing.To {
	case "", "maturity":
		w.Why = "the terms price to maturity"
	case "par-call":
		w.What, w.Why = "par call", "the terms price to the par call date"
	case "earlier-of-par-call-and-maturity":
		if !settlement.Before(call) {
			w.Why = fmt.Sprintf("the par call date %s is not after settlement", call)
			return w, nil
		}
		return w.compared(s, yield, settlement)
	default:
		w.What, w.Why = "day", "the terms price to this day"
	}
	return w, nil
}

// compared looks at the price to the par call, which decides.
func (w Workout) compared(s *offer.Series, yield money.Decimal, settlement calendar.Date) (Workout, error) {
	toCall := *s
	pricing := *s.Pricing
	pricing.To, toCall.Pricing = "par-call", &pricing
	b, _, err := toCall.Bond(yield, settlement)
	if err != nil {
		return w, err
	}
	p, err := b.Price(yield, settlement)
	if err != nil {
		return w, err
	}
	w.ToCall = p.Clean
	shown := percentText(p)
	if w.Date == pricing.ParCall && w.Date != s.Maturity {
		w.What, w.Why = "par call", fmt.Sprintf("the price to the par call date is %s%%, above par", shown)
		return w, nil
	}
	w.Why = fmt.Sprintf("the price to the par call date, %s, is %s%%, not above par", pricing.ParCall, shown)
	return w, nil
}

// percentText shows a price near par with the digits that tell it from par.
func percentText(p bond.Price) string {
	for _, decimals := range []int{3, 6, 12} {
		if s := p.Clean.FloatString(decimals); s != big.NewRat(100, 1).FloatString(decimals) {
			return s
		}
	}
	return p.Clean.FloatString(30)
}
