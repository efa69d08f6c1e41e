// Package books makes offers and books of any size for measurements. The same
// size gives the same bytes on any machine.
package books

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"time"
)

// An Offer is the shape of a made-up offer.
type Offer struct {
	Series int // 1 to 999: each at a level of its own
	Rows   int // of the book that the cap is meant for: about 60% of it fits
}

// currencies are those of the series in turn; the first four offers of a size
// are three in dollars and one in euros, as Level 3's were.
var currencies = []struct {
	code     string
	perUSD   string // dollars for one
	multiple int
}{
	{"USD", "", 1000},
	{"USD", "", 1000},
	{"USD", "", 1000},
	{"EUR", "1.2950", 1000},
	{"GBP", "1.8200", 1000},
	{"CHF", "0.8600", 1000},
	{"JPY", "0.0095", 1000},
	{"CAD", "0.8400", 1000},
	{"AUD", "0.7700", 1000},
}

const zone = -5 * 60 * 60 // New York in November, when nothing but the first days falls

// ID is the id of a series: "S001".
func ID(series int) string { return fmt.Sprintf("S%03d", series+1) }

// Currency is the currency of a series.
func (o Offer) Currency(series int) string {
	if o.Series <= 4 {
		return currencies[series%4].code
	}
	return currencies[series%len(currencies)].code
}

// WriteTerms writes the offer file.
func (o Offer) WriteTerms(w io.Writer) error {
	out := bufio.NewWriter(w)
	// A mean tender is of about 266,000 units, and the cap counts dollars: yen
	// hardly weigh.
	capUnits := int64(o.Rows) * 160
	fmt.Fprintf(out, `tenderbook: 1
offer: BENCH
title: A made-up offer for measurements
offeror: Nobody
kind: cash-tender
rules: none
time_zone: America/New_York
commenced: 2004-11-01

dates:
  early_tender: before 2004-11-12 17:00
  withdrawal: before 2004-11-12 17:00
  expiration: by 2004-11-29 24:00
  settlement: 2004-12-02

caps:
  - name: Tender Cap
    amount: USD %d
    counts: principal
    series: all

exchange_rates:
`, max(capUnits, 1)*1000)
	seen := map[string]bool{"USD": true}
	for i := range o.Series {
		code := o.Currency(i)
		for _, c := range currencies {
			if c.code == code && !seen[code] {
				fmt.Fprintf(out, "  %s/USD: %s\n", code, c.perUSD)
				seen[code] = true
			}
		}
	}
	out.WriteString(`
acceptance:
  order: priority
  if_exceeded: prorate
  prorate_by: instruction
  leftover: unused
  remainder: lost
  stub: ignore

payment:
  pay_by: instruction

series:
`)
	for i := range o.Series {
		early := 95000 - 125*(i%40) // cents per 1,000; yen have none
		coupon := 7 + i%5
		price := func(cents int) string {
			if o.Currency(i) == "JPY" {
				return strconv.Itoa(cents / 100)
			}
			return fmt.Sprintf("%d.%02d", cents/100, cents%100)
		}
		if o.Currency(i) == "JPY" {
			early = early / 100 * 100
		}
		fmt.Fprintf(out, `  - id: %s
    title: Notes %d
    level: %d
    currency: %s
    outstanding: 900000000000000
    denomination: {minimum: 1000, multiple: 1000}
    consideration: {per: 1000, tender_offer: %s, early_payment: %s, total: %s}
    interest: {coupon: %d.125, day_count: 30/360, dates: [Mar 15, Sep 15]}
    maturity: 2010-03-15
`, ID(i), i+1, i+1, o.Currency(i), price(early-2000), price(2000), price(early), coupon)
	}
	return out.Flush()
}

// popular are the sizes of three tenders in five, in thousands.
var popular = []int{1, 2, 5, 10, 20, 25, 50, 100, 150, 200, 250, 500}

// WriteBook writes a book of n instructions in the order of receipt. 85% are
// early, a quarter of all in the four hours before the early tender deadline;
// one in a thousand comes after expiration. Two in five tenders are of any
// multiple of 1,000 up to a million, the others of a popular size.
func (o Offer) WriteBook(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<20)
	out.WriteString("instruction,received_at,series,principal,participant,account\n")
	dice := rand.New(rand.NewPCG(2004, uint64(o.Series)))
	line := make([]byte, 0, 128)
	for i := range o.Rows {
		at := received(float64(i) / float64(o.Rows))
		series := dice.IntN(o.Series)
		size := popular[dice.IntN(len(popular))]
		if dice.IntN(5) < 2 {
			size = 1 + dice.IntN(1000)
		}
		participant := dice.IntN(900)
		line = append(line[:0], "I-"...)
		line = padded(line, i+1, 8)
		line = append(line, ',')
		line = at.AppendFormat(line, time.RFC3339)
		line = append(append(line, ','), ID(series)...)
		line = strconv.AppendInt(append(line, ','), int64(size)*1000, 10)
		line = padded(append(line, ",DTC"...), participant, 4)
		line = padded(append(line, ",ACC"...), participant*1000+dice.IntN(1000), 7)
		if _, err := out.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return out.Flush()
}

func padded(out []byte, n, width int) []byte {
	start := len(out)
	for range width {
		out = append(out, '0')
	}
	for i := len(out) - 1; i >= start; i-- {
		out[i] = byte('0' + n%10)
		n /= 10
	}
	return out
}

// received is when the instruction comes that has this part of the book before
// it.
func received(part float64) time.Time {
	local := time.FixedZone("", zone)
	point := func(day, hour int) int64 { return time.Date(2004, 11, day, hour, 0, 0, 0, local).Unix() }
	between := func(from, to int64, part float64) time.Time {
		return time.Unix(from+int64(part*float64(to-from)), 0).In(local)
	}
	switch {
	case part < 0.60:
		return between(point(1, 9), point(12, 13), part/0.60)
	case part < 0.85:
		return between(point(12, 13), point(12, 17), (part-0.60)/0.25)
	case part < 0.999:
		return between(point(12, 17), point(30, 0), (part-0.85)/0.149)
	}
	return between(point(30, 1), point(30, 9), (part-0.999)/0.001)
}
