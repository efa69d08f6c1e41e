package bookfile

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"tenderbook/money"
	"tenderbook/offer"
)

// A series is what of the terms of one series the reader of a book needs.
type series struct {
	id        string
	currency  money.Currency
	minimum   int64          // minor units
	multiple  int64          // minor units, > 0
	expires   int64          // nanoseconds since 1970: the last instant in time
	bids      *offer.Pricing // the grid of bids; nil: no auction
	fixed     [2]string      // price per `per`, by timing; "" where it comes from the outcome
	per       *big.Rat       // principal that a price speaks of
	decimals  int            // least decimals of a price
	printedID []byte         // id as a CSV field
}

func newSeries(t *offer.Terms) ([]series, error) {
	all := make([]series, len(t.Series))
	for i, s := range t.Series {
		deadline := s.Expiration
		if deadline.IsZero() {
			deadline = t.Dates.Expiration
		}
		out := series{
			id: s.ID, currency: s.Currency, minimum: s.Minimum.Minor, multiple: max(s.Multiple.Minor, 1),
			expires: lastInstant(deadline), per: s.QuotedFor().Rat(), decimals: 2, printedID: appendField(nil, []byte(s.ID)),
		}
		if s.Price.Per.Sign() > 0 {
			out.per = s.Price.Per.Rat()
			out.decimals = max(s.Price.Total.Scale(), s.Price.TenderOffer.Scale())
			out.fixed = [2]string{s.Price.Total.String(), s.Price.TenderOffer.String()}
		}
		if t.Acceptance.Order == "auction" {
			if s.Pricing == nil || s.Pricing.Increment.Sign() <= 0 {
				return nil, fmt.Errorf("series %s: an auction needs pricing with a range of bids and their increment", s.ID)
			}
			out.bids, out.fixed = s.Pricing, [2]string{}
		}
		all[i] = out
	}
	return all, nil
}

// misfit says why a principal cannot be tendered, or "".
func (s *series) misfit(principal int64) string {
	switch {
	case principal < s.minimum:
		return fmt.Sprintf("is below the minimum of %s (series %s)", s.amount(s.minimum), s.id)
	case (principal-s.minimum)%s.multiple == 0:
		return ""
	case s.minimum%s.multiple == 0:
		return fmt.Sprintf("is not a multiple of %s (series %s)", s.amount(s.multiple), s.id)
	}
	return fmt.Sprintf("is not %s plus a multiple of %s (series %s)", s.amount(s.minimum), s.amount(s.multiple), s.id)
}

// steps is by how many denominations a principal is above the minimum; ok is
// false if that is not a whole number.
func (s *series) steps(principal int64) (n int64, ok bool) {
	if principal < s.minimum {
		return 0, false
	}
	n = int64(uint64(principal-s.minimum) / uint64(s.multiple))
	return n, n*s.multiple == principal-s.minimum
}

func (s *series) amount(minor int64) string { return money.New(minor, s.currency).Grouped() }

// takes reports whether a principal can be tendered.
func (s *series) takes(principal int64) bool {
	_, ok := s.steps(principal)
	return ok
}

// SeriesNames finds the series of an offer by any of their names, as a book may
// give them: the id, a CUSIP or an ISIN.
type SeriesNames struct {
	names *names
	ids   []string
}

// NewSeriesNames fails on terms in which one name stands for two series.
func NewSeriesNames(t *offer.Terms) (*SeriesNames, error) {
	n, err := newNames(t)
	if err != nil {
		return nil, err
	}
	found := &SeriesNames{names: n}
	for i := range t.Series {
		found.ids = append(found.ids, t.Series[i].ID)
	}
	return found, nil
}

// ID is the id of the series with a name; ok is false if there is none.
func (n *SeriesNames) ID(name string) (id string, ok bool) {
	i := n.names.find([]byte(name))
	if i < 0 {
		return "", false
	}
	return n.ids[i], true
}

// Unknown says why a name finds no series, with a guess of what was meant.
func (n *SeriesNames) Unknown(name string) string { return n.names.unknown(name) }

// Guess is the name of a series that a name which finds none may stand for: one
// that a spreadsheet made a number of, or one that is written much like it; ""
// if none is near. It is for people to look at, never taken.
func (n *SeriesNames) Guess(name string) string {
	if cusip := n.names.beforeExcel(name); cusip != "" {
		return cusip
	}
	return offer.Nearest(name, n.names.known)
}

// names finds a series by any of its names: its id, a CUSIP or an ISIN.
type names struct {
	slots []nameSlot
	long  map[string]int32 // names over 16 bytes
	known []string
	cusip []string
}

type nameSlot struct {
	lo, hi uint64
	length int32 // 0: free
	series int32
}

func newNames(t *offer.Terms) (*names, error) {
	n := &names{long: map[string]int32{}}
	byName := map[string]int{}
	for i, s := range t.Series {
		for _, name := range append(append([]string{s.ID}, s.CUSIPs...), s.ISINs...) {
			if other, taken := byName[name]; taken && other != i {
				return nil, fmt.Errorf("series %s and %s are both called %q", t.Series[other].ID, s.ID, name)
			}
			byName[name] = i
			n.known = append(n.known, name)
		}
		n.cusip = append(n.cusip, s.CUSIPs...)
	}
	size := 16
	for size < 4*len(byName) {
		size *= 2
	}
	n.slots = make([]nameSlot, size)
	for name, i := range byName {
		n.add(name, int32(i))
	}
	return n, nil
}

func (n *names) add(name string, series int32) {
	if len(name) == 0 || len(name) > 16 {
		n.long[name] = series
		return
	}
	lo, hi := words([]byte(name))
	at := nameHash(lo, hi) & uint64(len(n.slots)-1)
	for n.slots[at].length != 0 {
		at = (at + 1) & uint64(len(n.slots)-1)
	}
	n.slots[at] = nameSlot{lo, hi, int32(len(name)), series}
}

// find gives the index of the series, or -1.
func (n *names) find(name []byte) int {
	if len(name) == 0 || len(name) > 16 {
		if i, ok := n.long[string(name)]; ok {
			return int(i)
		}
		return -1
	}
	lo, hi := words(name)
	at := nameHash(lo, hi) & uint64(len(n.slots)-1)
	for {
		s := &n.slots[at]
		if s.length == 0 {
			return -1
		}
		if s.lo == lo && s.hi == hi && int(s.length) == len(name) {
			return int(s.series)
		}
		at = (at + 1) & uint64(len(n.slots)-1)
	}
}

func nameHash(lo, hi uint64) uint64 {
	h := (lo ^ hi*0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd
	return h >> 32
}

// words reads 1 to 16 bytes as two numbers, different for different names of
// one length.
func words(b []byte) (lo, hi uint64) {
	switch n := len(b); {
	case n >= 8:
		return binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(b)) | uint64(binary.LittleEndian.Uint32(b[n-4:]))<<32, 0
	default:
		return uint64(b[0]) | uint64(b[n/2])<<8 | uint64(b[n-1])<<16, 0
	}
}

// unknown says why a name finds no series, with the guess of what was meant. A
// guess is never taken: the row is refused.
func (n *names) unknown(name string) string {
	if name == "" {
		return "is empty: needs a series id, CUSIP or ISIN of the offer"
	}
	if cusip := n.beforeExcel(name); cusip != "" {
		return fmt.Sprintf("looks like a CUSIP that a spreadsheet turned into a number: did you mean %q?", cusip)
	}
	if near := offer.Nearest(name, n.known); near != "" {
		return fmt.Sprintf("is not a series of the offer: did you mean %q?", near)
	}
	return "is not a series id, CUSIP or ISIN of the offer"
}

// beforeExcel finds the CUSIP that a spreadsheet shows as this number: without
// its leading zeros, or in scientific notation where it has a digit E.
func (n *names) beforeExcel(number string) string {
	for _, cusip := range n.cusip {
		if number == strings.TrimLeft(cusip, "0") && number != cusip {
			return cusip
		}
	}
	shown, err := strconv.ParseFloat(number, 64)
	mantissa, _, scientific := strings.Cut(strings.ToUpper(number), "E")
	if err != nil || !scientific || math.IsInf(shown, 0) {
		return ""
	}
	_, decimals, _ := strings.Cut(mantissa, ".")
	for _, cusip := range n.cusip {
		value, err := strconv.ParseFloat(cusip, 64)
		if err == nil && strconv.FormatFloat(value, 'E', len(decimals), 64) == strconv.FormatFloat(shown, 'E', len(decimals), 64) {
			return cusip
		}
	}
	return ""
}
