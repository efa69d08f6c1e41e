package report

import (
	"fmt"
	"math/big"

	"tenderbook/allocation"
	"tenderbook/calendar"
	"tenderbook/money"
)

// money is the price, the interest and what they come to.
func (x *explainer) money() []SumLine {
	o := x.Outcome
	if o.Accepted == 0 {
		return nil
	}
	paid := max(0, min(o.Accepted, x.Tender.Principal-x.Tender.Undelivered))
	if o.Price == nil || o.Price.Sign() == 0 {
		return []SumLine{{Label: x.words.Price, Value: "–", Source: "the price is not determined yet"}}
	}
	if paid == 0 {
		return []SumLine{{Label: "TO BE PAID", Value: cashText(0, x.of.Currency), Source: "not delivered", Result: true}}
	}
	lines := []SumLine{{
		Label: x.times(paid) + " × " + x.pricePerUnit(), Value: cashText(o.Consideration, x.of.Currency),
		Source: x.words.price + " per " + x.perWords(x.of),
	}}
	if !x.words.inShares {
		lines = append(lines, x.interestLine())
	}
	lines = append(lines, x.exchangeLines()...)
	lines = append(lines, SumLine{
		Label: "TO BE PAID", Value: cashText(x.exchanged().Cash+o.Interest, x.of.Currency),
		Source: x.payWords(), Result: true,
	})
	return lines
}

// times is how many times the price is paid: principal ÷ per.
func (x *explainer) times(principal int64) string {
	n := majorUnits(ratInt(principal), x.of.Currency)
	s, _ := exactDecimal(n.Quo(n, x.of.per().Rat()), 0, 9)
	return money.Group(s)
}

// pricePerUnit shows the price with its parts where it has two.
func (x *explainer) pricePerUnit() string {
	p := x.of.Price
	if p.Per.Sign() > 0 && x.Alloc.Order != allocation.Auction {
		base := priceCell(p.TenderOffer, x.of.Currency).Show
		switch {
		case p.EarlyPayment.Sign() == 0:
			return priceCell(p.Total, x.of.Currency).Show
		case x.Tender.Timing == allocation.Late:
			return base
		}
		return fmt.Sprintf("(%s + %s early)", base, priceCell(p.EarlyPayment, x.of.Currency).Show)
	}
	return x.of.ratPrice(x.Outcome.Price).Show
}

func (x *explainer) interestLine() SumLine {
	line := SumLine{Label: "accrued interest", Value: cashText(x.Outcome.Interest, x.of.Currency)}
	if x.Outcome.Interest == 0 {
		line.Value, line.Source = "–", "added at settlement, where any has accrued"
		return line
	}
	accrual, err := x.of.Accrued(x.payDate())
	if err != nil || len(accrual.Parts) == 0 {
		return line
	}
	coupon := accrual.Parts[len(accrual.Parts)-1].Coupon
	line.Label += fmt.Sprintf(", %d %s at %s%%", accrual.Days, plural(int64(accrual.Days), "day", "days"), coupon)
	line.Source = fmt.Sprintf("from %s up to, but not including, %s", x.words.date(accrual.From), x.words.date(accrual.To))
	return line
}

// payDate is the day on which the tender is paid.
func (x *explainer) payDate() calendar.Date {
	days := x.Terms.Settlements()
	if x.Tender.Timing == allocation.Late {
		return days.Late
	}
	return days.Early
}

func (x *explainer) payWords() string {
	words := ""
	if d := x.payDate(); !d.IsZero() {
		words = "expected on " + x.words.date(d)
	}
	if x.Account != "" {
		words += ", account " + masked(x.Account)
	}
	return words
}

// masked leaves the last four characters of an account, or fewer of a short
// one, so that most of it stays hidden.
func masked(account string) string {
	r := []rune(account)
	keep := min(4, len(r)/2)
	return "••••" + string(r[len(r)-keep:])
}

// rest says what happens to what was not accepted.
func (x *explainer) rest() []string {
	returned := x.Outcome.Returned
	if x.Fate != Counted {
		returned = x.Asked
	}
	if returned == 0 {
		return []string{"Nothing is returned."}
	}
	where := "the account it came from"
	if x.Account != "" {
		where += " (" + masked(x.Account) + ")"
	}
	rest := []string{x.words.number(fmt.Sprintf("%s goes back to %s.", x.amount(returned), where))}
	if x.words.inShares {
		return rest
	}
	if x.Tender.Undelivered > 0 {
		rest[0] = fmt.Sprintf("%s goes back to %s, as far as it was delivered.", x.amount(returned), where)
	}
	if least := x.of.Minimum.Minor; least > 0 && returned < least {
		return append(rest, fmt.Sprintf("It is below the minimum denomination of %s and may be hard to transfer by itself.", x.amount(least)))
	} else if least > 0 {
		return append(rest, fmt.Sprintf("It is not below the minimum denomination of %s.", x.amount(least)))
	}
	return rest
}

// wouldChange tells one rerun against what really happened.
func (x *explainer) wouldChange(w WhatIf) string {
	now, then := x.Outcome, w.Outcome
	s := x.changeWords(w) + ": "
	if w.Factor != nil && w.Factor.Cmp(x.factor()) != 0 {
		s += fmt.Sprintf("%s %s, ", x.words.factor, percentText(w.Factor, 4))
	}
	if then.Accepted == now.Accepted {
		s += "still " + x.amount(then.Accepted) + " accepted"
	} else {
		s += x.amount(then.Accepted) + " accepted"
	}
	cash := then.Consideration + then.Interest - now.Consideration - now.Interest
	switch {
	case cash < 0:
		s += fmt.Sprintf(", %s paid, %s less", cashText(then.Consideration+then.Interest, x.of.Currency), cashText(-cash, x.of.Currency))
	case cash > 0:
		s += fmt.Sprintf(", %s paid, %s more", cashText(then.Consideration+then.Interest, x.of.Currency), cashText(cash, x.of.Currency))
	}
	return s + "."
}

func (x *explainer) factor() *big.Rat {
	if x.line == nil {
		return new(big.Rat)
	}
	return x.line.Factor
}

func (x *explainer) changeWords(w WhatIf) string {
	switch w.Kind {
	case AfterEarly:
		return "Received after the early time"
	case BeforeEarly:
		return "Received before the early time"
	case CapAmount:
		return w.Cap + " of " + principalText(w.Amount.Minor, w.Amount.Currency)
	case MorePrincipal:
		return principalText(w.Amount.Minor, x.notes(w.Amount.Currency)) + " more tendered by you"
	}
	return w.Label
}
