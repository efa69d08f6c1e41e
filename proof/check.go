package proof

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// Check checks that a result agrees with itself: lines add up to the totals, no
// cap is exceeded, factors lie between 0 and 1. Rows are checked one by one with
// [Result.CheckRow].
func (r *Result) Check() error {
	if err := r.checkShape(); err != nil {
		return err
	}
	for s := range r.Series {
		if err := r.checkSeries(s); err != nil {
			return fmt.Errorf("series %s: %w", r.Series[s].ID, err)
		}
	}
	for k := range r.Caps {
		if err := r.checkCap(&r.Caps[k]); err != nil {
			return fmt.Errorf("cap %s: %w", r.Caps[k].Name, err)
		}
	}
	return nil
}

var one = big.NewRat(1, 1)

// checkShape checks what the other checks rely on: words, indexes and ranges.
func (r *Result) checkShape() error {
	u := &r.Rules
	known := slices.Contains(orderNames[:], u.Order) && slices.Contains(prorateNames[:], u.ProrateBy) &&
		slices.Contains(leftoverNames[:], u.Leftover) && slices.Contains(stubNames[:], u.Stub) &&
		(u.Order == "auction") == (u.Auction != nil) &&
		(u.PayBy == "" && r.Format == ResultFormat || u.PayBy == payByParticipant && r.Format == PaymentFormat)
	if known && u.Auction != nil {
		known = slices.Contains(noBidNames[:], u.Auction.NoBid) && len(u.Auction.Clearing) == len(r.Series)
	}
	if !known {
		return errors.New("rules that this version does not know")
	}
	if r.Leaves < 0 {
		return fmt.Errorf("tree of %d leaves", r.Leaves)
	}
	for i := range r.Series {
		s := &r.Series[i]
		if s.Increment <= 0 || s.Minimum < 0 || s.Unserved < 0 {
			return fmt.Errorf("series %s has increment %d, minimum %d, unserved %d", s.ID, s.Increment, s.Minimum, s.Unserved)
		}
	}
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.Series < 0 || l.Series >= len(r.Series) || l.Timing != "early" && l.Timing != "late" || i > 0 && l.Step < r.Lines[i-1].Step {
			return fmt.Errorf("line %d is of series %d, %q, step %d", i, l.Series, l.Timing, l.Step)
		}
		if l.Factor.Rat().Cmp(one) > 0 || l.Accepted < 0 || l.Accepted > l.Tendered || l.Consideration < 0 || l.Interest < 0 {
			return fmt.Errorf("line %d accepts %d of %d at the factor %s", i, l.Accepted, l.Tendered, l.Factor.Rat())
		}
	}
	for i := range r.Lines {
		if l := &r.Lines[i]; l.Rejected && (l.Accepted > 0 || l.Factor.Rat().Sign() > 0) {
			return fmt.Errorf("line %d is rejected and accepts %d at the factor %s", i, l.Accepted, l.Factor.Rat().RatString())
		}
	}
	return nil
}

// checkSeries compares the totals of a series with the sum of its lines.
func (r *Result) checkSeries(series int) error {
	s := &r.Series[series]
	tendered, accepted := big.NewInt(s.Unserved), new(big.Int)
	consideration, interest := new(big.Int), new(big.Int)
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.Series != series {
			continue
		}
		if l.Place == 0 { // every tender served passes its series' first place
			tendered.Add(tendered, big.NewInt(l.Tendered))
		}
		accepted.Add(accepted, big.NewInt(l.Accepted))
		consideration.Add(consideration, big.NewInt(l.Consideration))
		interest.Add(interest, big.NewInt(l.Interest))
	}
	for _, c := range [...]struct {
		what  string
		lines *big.Int
		total int64
	}{{"tendered", tendered, s.Tendered}, {"accepted", accepted, s.Accepted}, {"consideration", consideration, s.Consideration}, {"interest", interest, s.Interest}} {
		if c.lines.Cmp(big.NewInt(c.total)) != 0 {
			return fmt.Errorf("the lines add up to %s %s, the total is %d", c.lines, c.what, c.total)
		}
	}
	return nil
}

// checkCap adds up what the lines use of a cap.
func (r *Result) checkCap(c *Cap) error {
	used, bound := new(big.Rat).Set(c.Before.Rat()), new(big.Rat)
	for i := range r.Lines {
		l := &r.Lines[i]
		for _, cover := range c.Covers {
			if cover.Series != l.Series {
				continue
			}
			x := new(big.Rat).SetInt64(l.Accepted)
			switch c.Counts {
			case "principal":
			case "price":
				x.Mul(x, l.Price.Rat())
			case "price-and-interest":
				x.Mul(x, new(big.Rat).Add(l.Price.Rat(), l.Accrued.Rat()))
			default:
				return fmt.Errorf("counts %q, which this version does not know", c.Counts)
			}
			used.Add(used, x.Mul(x, cover.Rate.Rat()))
			if !cover.Less {
				bound.Add(bound, x)
			}
		}
	}
	amount := new(big.Rat).SetInt64(c.Amount)
	switch {
	case used.Cmp(c.Used.Rat()) != 0:
		return fmt.Errorf("the lines use %s of it, the result says %s", used.RatString(), c.Used.Rat().RatString())
	case used.Cmp(amount) > 0 && bound.Sign() > 0:
		return fmt.Errorf("%s used of %d", used.FloatString(2), c.Amount)
	}
	return nil
}

// CheckRow checks that a row is in the tree of a result that passed
// [Result.Check], that the tree adds up to the totals, and that the row's amount
// and payment follow from the published factors, prices and rules.
func (r *Result) CheckRow(row *Row) error {
	if row.Result != r.Checksum {
		return fmt.Errorf("row of the result %s, this is %s", row.Result, r.Checksum)
	}
	t := &row.Tender
	if t.Series < 0 || t.Series >= len(r.Series) {
		return fmt.Errorf("tender of series %d, the result has %d", t.Series, len(r.Series))
	}
	if paid := row.Payment != nil; paid != (r.Rules.PayBy != "") || paid != (row.Format == PaymentRowFormat) {
		return fmt.Errorf("tender %s: a row of format %q, the result is of %q", t.ID, row.Format, r.Format)
	}
	if err := r.follows(row); err != nil {
		return fmt.Errorf("tender %s: %w", t.ID, err)
	}
	return nil
}

// follows goes from the tree of the result to the row, and then from the figures
// of the result to those of the row.
func (r *Result) follows(row *Row) error {
	if err := r.checkPlace(row); err != nil {
		return err
	}
	exact, err := r.checkAmounts(row)
	switch {
	case err != nil:
		return err
	case row.Payment != nil:
		return row.checkPayment(exact)
	}
	return checkRounded(&row.Tender, exact)
}

// checkPlace checks that what is paid is in the tree of the result: the row, or
// the payment that the row is in.
func (r *Result) checkPlace(row *Row) error {
	t := &row.Tender
	commitment, paid := row.commitment(), Totals{1, t.Principal, t.Accepted, t.Consideration, t.Interest}
	if row.Payment != nil {
		commitment, paid = row.Payment.commitment(t.Series), row.Payment.Sums.Totals
	}
	sum, err := climbAll(commitment, row.Parts, r.Leaves, r.Root, make(Sums, len(r.Series)), r.isTotal)
	if err != nil {
		return err
	}
	want := make(Sums, len(r.Series))
	want[t.Series] = paid
	if !slices.Equal(sum, want) {
		return errors.New("what its leaves count is not what the row says")
	}
	return nil
}

// isTotal reports whether sums are the totals of the result.
func (r *Result) isTotal(sums Sums) bool {
	return slices.EqualFunc(sums, r.Series, func(t Totals, s Series) bool { return t == s.Totals })
}

// climbAll follows the parts of something to the root of a tree, and adds them
// up. The sums at the root must be the total.
func climbAll[S Added[S]](commitment Hash, parts []Part[S], leaves int64, root Hash, sum S, isTotal func(S) bool) (S, error) {
	var seen []int64
	for _, p := range parts {
		if slices.Contains(seen, p.Leaf) {
			return sum, fmt.Errorf("leaf %d is shown twice", p.Leaf)
		}
		seen = append(seen, p.Leaf)
		top, err := climb(leafNode(commitment, p.Salt, p.Sums), p.Leaf, leaves, p.Path)
		switch {
		case err != nil:
			return sum, fmt.Errorf("leaf %d: %w", p.Leaf, err)
		case top.Hash != root:
			return sum, fmt.Errorf("leaf %d is not in the tree", p.Leaf)
		case !isTotal(top.Sums):
			return sum, fmt.Errorf("the tree adds up to %+v, which is not the total", top.Sums)
		}
		if sum, err = sum.plus(p.Sums); err != nil {
			return sum, err
		}
	}
	return sum, nil
}
