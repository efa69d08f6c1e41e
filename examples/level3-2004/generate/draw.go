package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// draw makes up what was not published, from a fixed seed.
type draw struct {
	*rand.Rand
	zone *time.Location
}

// lot draws the tenders of a lot and their withdrawals. The sum of what stays
// is the lot's principal.
func (d *draw) lot(l lot) []*row {
	var rows []*row
	for i, size := range d.sizes(l) {
		r := &row{at: d.receipt(l.early), series: l.series, thousands: size, action: "tender", from: d.owner()}
		if l.series == "10.5" && l.early && i == 0 {
			r.at, r.example = time.Date(2004, 11, 11, 10, 2, 17, 0, d.zone), true
		}
		rows = append(rows, r)
	}
	stay := rows
	for i := range l.parts {
		r := stay[len(stay)/2+i]
		part := 5 * (1 + d.IntN(20))
		r.thousands += part
		rows = append(rows, d.withdrawal(r, part))
	}
	for range l.whole {
		r := &row{at: d.receipt(true), series: l.series, thousands: roundSizes[d.IntN(len(roundSizes))], action: "tender", from: d.owner()}
		rows = append(rows, r, d.withdrawal(r, 0))
	}
	return rows
}

// withdrawal takes back a part of a tender, or all of it where thousands is 0,
// between its receipt and the withdrawal deadline.
func (d *draw) withdrawal(r *row, thousands int) *row {
	latest := time.Date(2004, 11, 12, 16, 58, 0, 0, d.zone)
	if !r.at.Before(latest) {
		r.at = latest.Add(-time.Hour)
	}
	wait := time.Duration(1 + d.Int64N(int64(latest.Sub(r.at))))
	return &row{
		at: r.at.Add(wait).Truncate(time.Second), series: r.series, thousands: thousands,
		action: "withdraw", from: r.from, refersTo: r,
	}
}

// onTheEdges adds what every real book has: a tender on the second of the
// deadline, a withdrawal after it, and a tender after the end.
func (d *draw) onTheEdges(rows []*row) []*row {
	firstLate := rows[slices.IndexFunc(rows, func(r *row) bool { return r.series == "11" && r.at.After(earlyEnd(d.zone)) })]
	firstLate.at = earlyEnd(d.zone)
	regretted := rows[0]
	return []*row{
		{
			at: time.Date(2004, 11, 22, 11, 40, 6, 0, d.zone), series: regretted.series,
			action: "withdraw", from: regretted.from, refersTo: regretted,
		},
		{
			at: time.Date(2004, 12, 2, 9, 12, 44, 0, d.zone), series: "10.75", thousands: 250,
			action: "tender", from: d.owner(),
		},
	}
}

func earlyEnd(zone *time.Location) time.Time { return time.Date(2004, 11, 12, 17, 0, 0, 0, zone) }

// roundSizes are the sizes that holders tender, in thousands.
var roundSizes = []int{5, 10, 15, 20, 25, 40, 50, 75, 100, 100, 150, 200, 250, 250, 300, 500, 500, 750, 1000, 1000, 1250, 1500, 2000, 2500, 3000, 4000, 5000, 7500, 10000}

// sizes draws the lot's tenders, in thousands; the largest takes what is
// missing to the sum. The example's one million comes first in its lot.
func (d *draw) sizes(l lot) []int {
	drawn, sum := make([]int, l.count), 0
	for i := range drawn {
		drawn[i] = roundSizes[d.IntN(len(roundSizes))]
		sum += drawn[i]
	}
	left := l.thousands
	largest := 1
	for i := range drawn {
		drawn[i] = tidy(drawn[i] * l.thousands / sum)
		if l.series == "10.5" && l.early && i == 0 {
			drawn[i] = 1000
		}
		left -= drawn[i]
		if i > 0 && drawn[i] > drawn[largest] {
			largest = i
		}
	}
	drawn[largest] += left
	if drawn[largest] <= 0 {
		panic(fmt.Sprintf("generate: %s: the largest tender cannot take %d", l.series, left))
	}
	return drawn
}

// tidy rounds a size as a holder would: to 50 above a million, to 5 above a
// hundred thousand, never to nothing.
func tidy(thousands int) int {
	switch {
	case thousands >= 1000:
		return thousands / 50 * 50
	case thousands >= 100:
		return thousands / 5 * 5
	}
	return max(thousands, 1)
}

// days is how the tenders came in, by day and share: slowly at first, most
// of them in the last days. Late ones trickle until the end.
var days = map[bool][]struct {
	month time.Month
	day   int
	share int
}{
	true: {
		{10, 29, 4},
		{11, 1, 5},
		{11, 2, 6},
		{11, 3, 7},
		{11, 4, 9},
		{11, 5, 11},
		{11, 8, 16},
		{11, 9, 22},
		{11, 10, 35},
		{11, 11, 32},
		{11, 12, 46},
	},
	false: {
		{11, 15, 2},
		{11, 16, 2},
		{11, 17, 6},
		{11, 18, 5},
		{11, 19, 3},
		{11, 22, 3},
		{11, 23, 2},
		{11, 24, 2},
		{11, 26, 1},
		{11, 29, 5},
		{11, 30, 8},
		{12, 1, 14},
	},
}

// receipt draws a time of receipt in office hours; the last early day ends with
// the early tender deadline.
func (d *draw) receipt(early bool) time.Time {
	total := 0
	for _, day := range days[early] {
		total += day.share
	}
	pick := d.IntN(total)
	for _, day := range days[early] {
		if pick -= day.share; pick < 0 {
			return time.Date(2004, day.month, day.day, 9, 0, d.IntN(8*60*60-90), 0, d.zone)
		}
	}
	panic("generate: shares do not add up")
}

// An owner is who stands behind a row.
type owner struct{ participant, account, holder string }

var (
	places = []string{
		"Ashvale", "Brackwater", "Corrinmoor", "Dunmarsh", "Elverby", "Farrowfold", "Glenharrow", "Hexmere", "Ironwold", "Juniperhill",
		"Kestrelton", "Larkmarsh", "Marlowick", "Nettlecombe", "Oxmoor", "Pellbrook", "Quarrendale", "Rushwater", "Saltmarch", "Thornleigh",
	}
	brokers = []string{"Securities", "Trust Bank", "Clearing", "Custody"}
	funds   = []string{"Income Fund", "Pension Trust", "Mutual Insurance", "High Yield Portfolio", "Endowment", "Credit Partners", "Bond Fund"}
)

// owner draws one of twenty participants, an account with it and a holder.
func (d *draw) owner() owner {
	p := d.IntN(len(places))
	return owner{
		participant: places[p] + " " + brokers[p%len(brokers)],
		account:     fmt.Sprintf("%c%c-%05d", 'A'+rune(p), 'A'+rune(p*7%26), 10_000+d.IntN(90_000)),
		holder:      places[d.IntN(len(places))] + " " + funds[d.IntN(len(funds))],
	}
}
