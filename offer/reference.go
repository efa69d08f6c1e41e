package offer

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"tenderbook/calendar"
	"tenderbook/money"
)

// A Reference is what a spread is over, as the file says it: a government
// security with its yield or its bid price, or a curve of mid-swap rates. Until
// price determination it only names the security.
type Reference struct {
	ID       string // of one that several series share; "" in a series' own
	Security string

	Yield *money.Decimal // percent, as stated
	Price *money.Decimal // with kind reference-price: what was fixed, per 1,000

	// A yield that follows from a bid price.
	BidPrice  string        // percent of principal, decimal or in 32nds: "98-23+"
	Coupon    money.Decimal // percent a year; zero where none is paid
	Maturity  calendar.Date
	Market    string        // treasury | bund | gilt: how the market counts
	Accrues   calendar.Date // first day of accrual, where the first period is odd
	FirstDate calendar.Date // first interest date, where the first period is odd
	Settles   calendar.Date // settlement of a trade at that price; zero: the market's usual day

	// A rate that lies between two of a curve.
	Curve []CurvePoint  // ascending
	From  calendar.Date // day from which its terms run; zero: the first settlement

	Decimals     int            // decimals of a yield that is worked out; zero: 3
	Hypothetical *money.Decimal // percent: for the prices that a launch document shows

	QuotedAt    LocalTime // when the quote was taken
	Source      string    // the page that it was taken from
	EnteredBy   string
	ConfirmedBy string // somebody else
}

// A CurvePoint is the rate of one term.
type CurvePoint struct {
	Term string        // 18m or 5y
	Rate money.Decimal // percent a year
}

// months is the length of the term.
func (p CurvePoint) months() int {
	m := termForm.FindStringSubmatch(p.Term)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	if m[2] == "y" {
		n *= 12
	}
	return n
}

// End is the day on which a term ends that begins on a day.
func (p CurvePoint) End(from calendar.Date) calendar.Date { return from.AddMonths(p.months()) }

const termPattern = `^([1-9][0-9]{0,2})([my])$`

var termForm = regexp.MustCompile(termPattern)

// A LocalTime is a local time of the offer's zone: as it was written, and when
// that was. The zero value is no time.
type LocalTime struct {
	Text string // 2004-11-17 08:30
	At   time.Time
}

// IsZero reports whether no time is given.
func (t LocalTime) IsZero() bool { return t.Text == "" }

// String gives the time as it was written.
func (t LocalTime) String() string { return t.Text }

// yieldDecimals is how a yield is rounded where the terms do not say.
const yieldDecimals = 3

// decimals is to how many a yield that is worked out is rounded, half up.
func (r *Reference) decimals() int {
	if r.Decimals > 0 {
		return r.Decimals
	}
	return yieldDecimals
}

// determined reports whether the reference holds a yield.
func (r *Reference) determined() bool {
	return r.Yield != nil || r.BidPrice != "" || len(r.Curve) > 0
}

// Reference finds the reference of a series: its own, or the shared one that it
// names. It is nil where the price does not follow from a yield or a reference,
// and where there is none of that name.
func (t *Terms) Reference(s *Series) *Reference {
	switch {
	case s.Pricing == nil:
		return nil
	case s.Pricing.Reference.ID == "":
		return &s.Pricing.Reference
	}
	i := indexOf(t.References, func(r *Reference) bool { return r.ID == s.Pricing.Reference.ID })
	if i < 0 {
		return nil
	}
	return &t.References[i]
}

// sameName reports whether two names are of one person, as far as spelling goes:
// A. Rossi and a.rossi are.
func sameName(a, b string) bool {
	plain := func(s string) string {
		return strings.Map(func(c rune) rune {
			if unicode.IsLetter(c) || unicode.IsDigit(c) {
				return unicode.ToLower(c)
			}
			return -1
		}, s)
	}
	return plain(a) == plain(b)
}
