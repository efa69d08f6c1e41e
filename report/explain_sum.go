package report

import (
	"fmt"
	"math/big"
	"strings"

	"tenderbook/allocation"
	"tenderbook/money"
)

// sum tells the way from the cap to the accepted amount line by line.
func (x *explainer) sum() []SumLine {
	if x.Fate != Counted {
		return x.result(0, x.Asked)
	}
	var lines []SumLine
	if x.cap != nil {
		lines = append(lines, x.capLines()...)
	}
	for i := range x.Outcome.Shares {
		if len(x.Outcome.Shares) > 1 {
			lines = append(lines, SumLine{Label: "at " + stepWords(&x.Decision.Steps[x.Outcome.Shares[i].Step])})
		}
		lines = append(lines, x.shareLines(&x.Outcome.Shares[i])...)
	}
	if x.inUnit() {
		lines = append(lines, SumLine{Label: "together: tendered", Value: x.amount(x.Outcome.UnitTendered)},
			SumLine{Label: "together: accepted", Value: x.amount(x.Outcome.UnitAccepted), Source: "shared in proportion to the tenders in it"})
	}
	return append(lines, x.result(x.Outcome.Accepted, x.Outcome.Returned)...)
}

func (x *explainer) result(accepted, returned int64) []SumLine {
	return []SumLine{
		{Label: "ACCEPTED", Value: x.amount(accepted), Result: true},
		{Label: "RETURNED", Value: x.amount(returned), Result: true},
	}
}

// capLines are the deciding cap, what each step before used of it, and what the
// step wanted.
func (x *explainer) capLines() []SumLine {
	c := x.caps[x.cap.Cap]
	lines := []SumLine{{Label: c.name, Value: principalText(c.Amount, c.currency), Source: x.capSource(c)}}
	left := ratInt(c.Amount)
	for n := range x.at.Step {
		for _, s := range x.Decision.Steps[n].Caps {
			if s.Cap != x.cap.Cap {
				continue
			}
			lines = append(lines, x.gapLines(left, s.Before)...)
			if used := new(big.Rat).Sub(s.Before, s.After); used.Sign() > 0 {
				lines = append(lines, SumLine{Label: "− " + x.stepTitle(&x.Decision.Steps[n], x.cap.Cap), Value: x.room(used), Source: x.servedWords(n)})
			}
			left = s.After
		}
	}
	lines = append(lines, x.gapLines(left, x.cap.Before)...)
	tenders, _ := x.sharers()
	tendered := SumLine{Label: "tendered there, " + x.units(tenders), Value: x.room(x.cap.Demand)}
	if c.Counts != allocation.CountsPrincipal {
		tendered.Source = "counted as " + x.counts(c.Counts)
	}
	return append(lines, SumLine{Label: "= available to " + x.here(), Value: x.room(x.cap.Before)}, tendered)
}

func (x *explainer) capSource(c capView) string {
	if c.Counts != allocation.CountsPrincipal {
		return "terms; counts " + x.counts(c.Counts)
	}
	return "terms"
}

// gapLines account for room that went between two steps: to an earlier
// settlement, to series that the cap is net of, or to rounding where the cap was
// closed.
func (x *explainer) gapLines(left, before *big.Rat) (lines []SumLine) {
	gap := new(big.Rat).Sub(left, before)
	if gap.Sign() <= 0 {
		return nil
	}
	took := func(why string, n *big.Rat) { lines = append(lines, SumLine{Label: "− " + why, Value: x.room(n)}) }
	if used := x.settledUse(x.cap.Cap); used.Sign() > 0 && left.Cmp(ratInt(x.caps[x.cap.Cap].Amount)) == 0 && used.Cmp(gap) <= 0 {
		took("accepted at the early settlement", used)
		gap.Sub(gap, used)
	}
	switch {
	case gap.Sign() == 0:
	case before.Sign() == 0 && x.Alloc.IfExceeded == allocation.RejectAndStop && x.Alloc.Order != allocation.Auction && x.wasClosed():
		took(x.words.say("closed, since notes ranking above did not fit"), gap)
	case before.Sign() == 0 && (x.wasClosed() || x.closedEarly()):
		took("left over by rounding down, not passed on", gap)
	case len(x.caps[x.cap.Cap].Less) > 0:
		took("taken by series that the cap is net of", gap)
	default:
		took("accepted at the early settlement", gap)
	}
	return lines
}

// closedEarly reports whether the early settlement closed the deciding cap.
func (x *explainer) closedEarly() bool {
	s := x.Alloc.Settled
	return s != nil && x.cap.Cap < len(s.ClosedAt) && s.ClosedAt[x.cap.Cap] == x.caps[x.cap.Cap].Amount
}

func (x *explainer) wasClosed() bool {
	for n := range x.at.Step {
		for _, s := range x.Decision.Steps[n].Caps {
			if s.Cap == x.cap.Cap && s.Closed {
				return true
			}
		}
	}
	return false
}

// stepWords names a step in a sentence: "level 3", "level 3 late", "bids at
// clearing".
func stepWords(s *allocation.Step) string {
	name := fmt.Sprintf("level %d", s.Level)
	switch s.Phase {
	case "better":
		name = "bids better than clearing"
	case "clearing":
		name = "bids at clearing"
	case "late":
		name = "late tenders"
	}
	if s.Timing != nil {
		name += " " + s.Timing.String()
	}
	if s.Small {
		name += ", small tenders"
	}
	return name
}

func (x *explainer) here() string { return stepWords(x.step) }

// servedWords says which part of a step's tenders was accepted.
func (x *explainer) servedWords(n int) string {
	factor := x.stepFactor(&x.Decision.Steps[n], x.cap.Cap)
	switch {
	case factor == nil:
		return ""
	case factor.Cmp(ratInt(1)) == 0:
		return "all accepted"
	}
	return percentText(factor, 4) + " accepted"
}

// shareLines are the factor, the product and the roundings of one step.
func (x *explainer) shareLines(s *allocation.Share) []SumLine {
	line := &x.Decision.Steps[s.Step].Lines[s.Line]
	if line.Factor.Cmp(ratInt(1)) == 0 {
		return []SumLine{{Label: "factor", Value: "100%", Source: "everything fits"}}
	}
	lines := x.factorLines(s, line)
	if line.Rejected || line.Factor.Sign() == 0 {
		return lines
	}
	whose := "yours"
	if x.inUnit() {
		whose = "together"
	}
	places := x.of.Currency.Digits
	product, exact := exactDecimal(majorUnits(s.Product, x.of.Currency), places, places)
	if !exact {
		product = cutRat(majorUnits(s.Product, x.of.Currency), places) + "..."
	}
	lines = append(lines,
		SumLine{Label: fmt.Sprintf("%s = %s × %s", whose, x.amount(s.Offered), decimalText(line.Factor)), Value: mark(x.notes(x.of.Currency)) + group(product)},
		SumLine{Label: "rounded down to " + x.amount(x.of.terms.Increment), Value: x.amount(s.Floor), Source: "authorized multiple"})
	if rule := shareRules[s.Rule]; rule != "" {
		lines = append(lines, SumLine{Label: rule, Value: x.amount(s.Accepted)})
	} else if s.Accepted != s.Floor {
		lines = append(lines, SumLine{Label: "as decided", Value: x.amount(s.Accepted)})
	}
	return lines
}

var shareRules = map[allocation.ShareRule]string{
	allocation.RuleStubReject:  "below the minimum denomination: none",
	allocation.RuleStubAccept:  "below the minimum denomination: all",
	allocation.RuleStubMinimum: "moved to the minimum denomination",
	allocation.RuleRemainder:   "one multiple more, by largest remainder",
}

// factorLines show the division where one cap decided for the whole step, and
// then the factor that was applied where it is another.
func (x *explainer) factorLines(s *allocation.Share, line *allocation.Line) []SumLine {
	switch {
	case line.Rejected:
		return []SumLine{{Label: "factor", Value: "0", Source: "accepted whole or not at all"}}
	case line.Plain.Sign() == 0:
		return []SumLine{{Label: "factor", Value: "0", Source: "nothing is left"}}
	}
	plain := SumLine{Label: "factor", Value: decimalText(line.Plain), Source: "the same for all that share it"}
	if s == x.at && x.cap != nil && line.Plain.Cmp(x.simpleFactor()) == 0 {
		plain.Label = fmt.Sprintf("factor = %s / %s", x.room(x.cap.Before), x.room(x.cap.Demand))
	}
	applied := SumLine{Label: "factor applied", Value: decimalText(line.Factor)}
	switch line.Factor.Cmp(line.Plain) {
	case +1:
		applied.Source = "raised so that the rounded pieces fill the cap"
	case -1:
		applied.Source = "lowered so that the cap holds"
		if x.Alloc.FactorDecimals > 0 {
			applied.Source = fmt.Sprintf("cut to %d decimals", x.Alloc.FactorDecimals)
		}
	default:
		return []SumLine{plain}
	}
	return []SumLine{plain, applied}
}

// decimalText is a factor as a decimal, with dots where it goes on.
func decimalText(f *big.Rat) string {
	if n, exact := f.FloatPrec(); exact && n <= 9 {
		return f.FloatString(n)
	}
	return allocation.FactorText(f, 9) + "..."
}

func group(s string) string {
	if digits, more := strings.CutSuffix(s, "..."); more {
		return money.Group(digits) + "..."
	}
	return money.Group(s)
}
