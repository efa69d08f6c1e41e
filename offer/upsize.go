package offer

import (
	"fmt"
	"math/big"

	"tenderbook/money"
)

// An Upsize is the right to take more than a cap says without extending the
// offer, which issuers keep in offers for their own shares.
type Upsize struct {
	Percent   money.Decimal // of what is outstanding of the series covered, above 0
	Exercised money.Decimal // what is taken more, in the unit of the cap; 0 until the offeror says so
}

// CapAmount is the amount of a cap in force: what the terms say, or the fallback
// where a condition failed, and what was exercised of the right to take more.
func (t *Terms) CapAmount(k *Cap) (money.Amount, error) {
	amount := t.capInForce(k)
	if k.Upsize == nil || k.Upsize.Exercised.Sign() == 0 {
		return amount, nil
	}
	more, err := money.ParseAmount(k.Upsize.Exercised.String(), amount.Currency)
	if err == nil {
		amount, err = amount.Add(more)
	}
	if err != nil {
		return amount, fmt.Errorf("cap %q: upsize.exercised: %w", k.Name, err)
	}
	return amount, nil
}

// upsizeLimit is the most that may be exercised, in minor units of the cap's
// currency, rounded down.
func (t *Terms) upsizeLimit(k *Cap) (money.Amount, error) {
	all := new(big.Rat)
	for _, s := range t.Series {
		if !k.Covers(s.ID) {
			continue
		}
		rate, ok := t.Rate(s.Currency, k.Amount.Currency)
		if !ok {
			return money.Amount{}, fmt.Errorf("no exchange rate %s/%s", s.Currency.Code, k.Amount.Currency.Code)
		}
		all.Add(all, new(big.Rat).Mul(rate.Minor(), new(big.Rat).SetInt64(s.Outstanding.Minor)))
	}
	all.Mul(all, k.Upsize.Percent.Rat()).Quo(all, big.NewRat(100, 1))
	minor, err := money.RoundRat(all, money.Down)
	return money.New(minor, k.Amount.Currency), err
}

// checkUpsizes checks rights to take more: they are a part of what is
// outstanding, and no more than that is exercised.
func (c *checker) checkUpsizes() {
	for i := range c.terms.Caps {
		k := &c.terms.Caps[i]
		if k.Upsize == nil || len(c.problems) > 0 {
			continue
		}
		c.checkUpsize(i, k)
	}
}

func (c *checker) checkUpsize(i int, k *Cap) {
	at := func(key string) []any { return keys("caps", i, "upsize", key) }
	if p := k.Upsize.Percent; p.Sign() <= 0 || p.Cmp(money.DecimalOf(100, 0)) > 0 {
		c.wrong(at("percent"), fmt.Sprintf("%s is not a part of what is outstanding", p), "a percentage above 0, such as 2", "")
		return
	}
	if k.countsMoney() {
		c.wrong(keys("caps", i, "upsize"), fmt.Sprintf("stands with counts: %s", k.Counts), "a cap that counts shares or principal", "")
		return
	}
	if k.Upsize.Exercised.Sign() < 0 {
		c.wrong(at("exercised"), fmt.Sprintf("%s is below zero", k.Upsize.Exercised), "what is taken more", "")
		return
	}
	amount, err := c.terms.CapAmount(k)
	if err != nil {
		c.wrong(at("exercised"), fmt.Sprintf("%s is not an amount of the cap", k.Upsize.Exercised), "an amount in "+k.Amount.Currency.Code, "")
		return
	}
	most, err := c.terms.upsizeLimit(k)
	if more := amount.Minor - k.Amount.Minor; err == nil && more > most.Minor {
		c.wrong(at("exercised"), fmt.Sprintf("%s is more than the right: %s%% of what is outstanding is %s", money.New(more, amount.Currency).Grouped(), k.Upsize.Percent, most.Grouped()),
			"at most that", "a larger increase is an amendment of the cap's amount, and extends the offer")
	}
}
