package report

import (
	"bytes"
	"strconv"
	"time"

	"tenderbook/allocation"
	"tenderbook/calendar"
	"tenderbook/money"
)

// Summary gives a run for machines. The same input gives the same bytes on any
// machine. It needs a decision.
func Summary(in Input) ([]byte, error) {
	v, err := lookDecided(in, "summary")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := writeJSON(&b, v.summary()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (v *view) summary() SummaryFile {
	f := SummaryFile{
		Tenderbook: summaryVersion, Kind: "summary", Offer: v.Terms.ID, Stage: v.Stage.String(),
		AsOf: v.asOf().Format(time.RFC3339Nano), TimeZone: v.Terms.ZoneName,
		TermsDigest: v.TermsDigest, BookDigest: v.BookDigest,
		Caps: []SummaryCap{}, Steps: []SummaryStep{},
		Settled: v.settlement(),
	}
	for _, r := range v.Rows {
		f.Rows = append(f.Rows, SummaryRows(r))
	}
	for k := range v.caps {
		f.Caps = append(f.Caps, v.summaryCap(k))
	}
	for i := range v.Decision.Steps {
		f.Steps = append(f.Steps, v.summaryStep(&v.Decision.Steps[i]))
	}
	for i := range v.series {
		f.Series = append(f.Series, v.summarySeries(i))
	}
	for _, c := range v.byCurrency() {
		t := c.summary()
		if v.Exchanged != nil {
			t.NewNotes, t.Fractions = money.New(c.newNotes, c.currency).String(), money.New(c.fractions, c.currency).String()
		}
		if v.Consents != nil {
			t.Consents = money.New(c.consents, c.currency).String()
		}
		f.Totals = append(f.Totals, t)
	}
	if bid := v.Decision.ClearingBid; bid != nil {
		f.ClearingBid = intText(*bid)
	}
	f.Clearing = v.clearings()
	f.Conditions, f.Terminated, f.Consents = v.summaryConditions(), v.summaryTerminated(), v.summaryConsents()
	return f
}

var countsNames = map[allocation.Counts]string{
	allocation.CountsPrincipal:   "principal",
	allocation.CountsPrice:       "purchase-price",
	allocation.CountsPriceAndInt: "purchase-price-and-interest",
}

func (v *view) summaryCap(k int) SummaryCap {
	c, use := v.caps[k], v.Decision.Caps[k]
	out := SummaryCap{
		Name: v.capKey(k), Maximum: c.Own, Currency: c.currency.Code, Counts: countsNames[c.Counts],
		Amount: money.New(use.Amount, c.currency).String(),
		Used:   ratAmount(use.Used, c.currency), Left: ratAmount(use.Left, c.currency),
		Full: v.wasFull(k), Closed: use.Closed,
	}
	for _, s := range c.Cap.Series {
		out.Series = append(out.Series, v.series[s].ID)
	}
	return out
}

func (v *view) summaryStep(s *allocation.Step) SummaryStep {
	out := SummaryStep{Level: s.Level, Phase: s.Phase, Small: s.Small}
	for i := range s.Lines {
		out.Lines = append(out.Lines, v.summaryLine(&s.Lines[i]))
	}
	return out
}

func (v *view) summaryLine(l *allocation.Line) SummaryLine {
	c := v.series[l.Series].Currency
	text := func(minor int64) string { return money.New(minor, c).String() }
	out := SummaryLine{
		Series: v.series[l.Series].ID, Place: l.Place + 1, Timing: l.Timing.String(), Tenders: l.Count, Currency: c.Code,
		Tendered: text(l.Tendered), Accepted: text(l.Accepted), Returned: text(l.Returned),
		Factor: ratio(l.Factor), PlainFactor: ratio(l.Plain),
		BoundBy: v.boundKey(l), Rejected: l.Rejected,
		Consideration: text(l.Consideration), Interest: text(l.Interest), Cash: v.lineCash(l, text),
	}
	if v.Alloc.Order == allocation.Auction && v.Alloc.Auction.PaysBid {
		out.Bid = intText(l.Bid)
	}
	return out
}

// lineCash is the cash of a line, which is known by series only in an exchange.
func (v *view) lineCash(l *allocation.Line, text func(int64) string) string {
	if v.Exchanged != nil {
		return ""
	}
	return text(l.Consideration + l.Interest)
}

// boundKey names what cut a line for machines: the name of a cap,
// "maximum:SERIES" or "place:LEVEL".
func (v *view) boundKey(l *allocation.Line) string {
	switch {
	case l.BoundBy < 0:
		return ""
	case l.BoundBy < len(v.caps):
		return v.capKey(l.BoundBy)
	}
	return "place:" + strconv.Itoa(v.series[l.Series].terms.Places[l.BoundBy-len(v.caps)].Level)
}

// capKey names a cap the same way in every run of an offer.
func (v *view) capKey(k int) string { return capKey(v.Alloc, k) }

func capKey(t *allocation.Terms, k int) string {
	if c := t.Caps[k]; c.Own {
		return "maximum:" + t.Series[c.Series[0]].ID
	}
	return t.Caps[k].Name
}

func (v *view) summarySeries(i int) SummarySeries {
	s := v.series[i]
	text := func(minor int64) string { return money.New(minor, s.Currency).String() }
	return SummarySeries{
		Series: s.ID, Currency: s.Currency.Code, Tendered: text(s.sum.tendered), Accepted: text(s.sum.accepted),
		Before: text(s.sum.before), Remaining: text(s.Outstanding.Minor - s.sum.accepted),
	}
}

// A currencySum adds this run's series of one currency up, in minor units.
type currencySum struct {
	currency                money.Currency
	tendered, accepted      int64
	consideration, interest int64
	cash                    int64 // paid in money, interest included
	newNotes, fractions     int64 // in an exchange
	consents                int64 // part of cash: for consents without a tender
}

func (v *view) byCurrency() []currencySum {
	var sums []currencySum
	for _, c := range v.currencies() {
		sum := currencySum{currency: c}
		for i, s := range v.series {
			if s.Currency == c {
				v.addPaid(&sum, i)
				sum.tendered += s.sum.tendered
				sum.accepted += s.sum.accepted - s.sum.before
				sum.consideration += s.sum.consideration
				sum.interest += s.sum.interest
			}
		}
		sums = append(sums, sum)
	}
	return sums
}

// addPaid adds what this run pays for a series: new notes and cash.
func (v *view) addPaid(sum *currencySum, i int) {
	s := v.series[i].sum
	if v.Consents != nil {
		sum.consents += v.Consents[i].Paid
		sum.cash += v.Consents[i].Paid
	}
	if v.Exchanged == nil {
		sum.cash += s.consideration + s.interest
		return
	}
	sum.cash += v.Exchanged[i].Cash + s.interest
	sum.newNotes += v.Exchanged[i].NewNotes
	sum.fractions += v.Exchanged[i].Fraction
}

func (c currencySum) summary() SummaryTotal {
	text := func(minor int64) string { return money.New(minor, c.currency).String() }
	return SummaryTotal{
		Currency: c.currency.Code, Tendered: text(c.tendered), Accepted: text(c.accepted),
		Returned: text(c.tendered - c.accepted), Consideration: text(c.consideration),
		Interest: text(c.interest), Cash: text(c.cash),
	}
}

// asOf is the moment of the figures in the offer's zone.
func (v *view) asOf() time.Time {
	if v.Terms.Zone == nil {
		return v.AsOf.UTC()
	}
	return v.AsOf.In(v.Terms.Zone)
}

// asOfStamp writes that moment for people. Where it is a deadline at the end of
// a day it stays on that day.
func (v *view) asOfStamp() string {
	d := v.Terms.Dates
	for _, at := range []calendar.Deadline{d.EarlyTender, d.Withdrawal, d.Expiration} {
		if endsDay(at) && at.At.Equal(v.AsOf) {
			return at.Date().Text() + " 24:00:00 " + zoneWord(v.Terms.ZoneName)
		}
	}
	return stamp(v.asOf(), v.Terms.ZoneName)
}
