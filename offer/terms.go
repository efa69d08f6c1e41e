package offer

import (
	"time"

	"tenderbook/calendar"
	"tenderbook/money"
)

// Terms are the terms of an offer in force at one time: what the offer file
// says, read, checked and with every name resolved. The words are those of the
// file; docs/offer-file.md lists them.
type Terms struct {
	ID       string // short id: "LVLT-2004"
	Title    string
	Offeror  string
	Kind     string // cash-tender | exchange | consent
	Rules    string // us-14e | us-14e-five-day | us-13e-4 | uk-eu-debt | none
	ZoneName string // IANA name
	Zone     *time.Location

	Commenced   calendar.Date
	Dates       Dates
	Caps        []Cap
	References  []Reference // that several series share
	Rates       []money.Rate
	Acceptance  Acceptance
	Payment     Payment
	Series      []Series
	Conditions  []Condition
	Termination *Termination      // nil: the offer goes on
	Facts       map[string]string // answers that rules ask for and terms do not show, such as "press_release: 2024-05-01 09:30"
}

// Dates are the deadlines and days of an offer. A zero one is not set.
type Dates struct {
	EarlyTender        calendar.Deadline
	Withdrawal         calendar.Deadline
	Expiration         calendar.Deadline // always set
	GuaranteedDelivery calendar.Deadline
	PriceDetermination calendar.Deadline
	EarlySettlement    calendar.Date
	Settlement         calendar.Date // expected
}

// A Cap is the most that is accepted over the series it covers.
type Cap struct {
	Name   string
	Amount money.Amount // of the currency [Shares] where it counts shares
	Counts string       // principal | shares | purchase-price | purchase-price-and-interest | new-notes
	Series []string     // ids covered; nil means all
	Less   []string     // ids whose acceptance is taken off the amount
	If     *Fallback    // another amount where a condition failed; nil: none
	Upsize *Upsize      // the right to take a little more without an extension; nil: none

	remove bool // in an amendment: the cap is dropped
}

// Acceptance is how tenders are accepted and prorated.
type Acceptance struct {
	Order           string // priority | early-first | auction
	IfExceeded      string // prorate | reject-and-continue | reject-and-stop
	MaximumExceeded string // prorate | reject
	ProrateBy       string // instruction | participant | holder
	Leftover        string // unused | raise-factor | largest-remainder
	Remainder       string // lost | next
	Stub            string // ignore | reject | accept | minimum
	FactorDecimals  int    // 0: exact
	SmallUpTo       string // plain decimal, units of the series' currency; "": none
	SmallAccept     string // whole, where SmallUpTo is set
	Changed         string // keeps-time | new-time
	Auction         *Auction
}

// Auction is the modified Dutch auction of an offer with order: auction.
type Auction struct {
	By      string // series: auctions side by side, each series with its own clearing bid; "": one for all series
	NoBid   string // clearing | best-for-offeror | range-limit
	Pays    string // clearing | bid
	Prorate string // at-clearing | all
}

// Payment is how accepted notes are paid for.
type Payment struct {
	PayBy         string // instruction | participant
	RoundInterest string // per-payment | per-1000
}

// A Series is one issue of notes in the offer.
type Series struct {
	ID          string
	Title       string
	Levels      []Level // at least one; several where the series stands at several levels
	Currency    money.Currency
	Unit        string // shares, or "": amounts are principal
	Principal   string // "", at-maturity or original: what outstanding, caps and prices are counted in
	Outstanding money.Amount
	Maximum     *money.Amount     // series maximum; nil: none
	Minimum     money.Amount      // minimum denomination
	Multiple    money.Amount      // authorized multiple
	Expiration  calendar.Deadline // this series' own, where it differs; zero otherwise
	Price       Consideration     // as stated; zero Per where Pricing makes the price: ask PriceAt
	Pricing     *Pricing
	Consent     *Consent  // consents asked for; nil: none
	NewNotes    *NewNotes // in an exchange: what the price is paid in
	Interest    Interest
	Maturity    calendar.Date
	CUSIPs      []string
	ISINs       []string
}

// A Level is an acceptance priority level at which a series stands.
type Level struct {
	Level int
	UpTo  *money.Amount // the most accepted there; nil: no bound
}

// Consideration is the price per so much principal, in the series' currency.
type Consideration struct {
	Per          money.Decimal // usually 1000
	TenderOffer  money.Decimal // late price
	EarlyPayment money.Decimal
	Total        money.Decimal // early price: the sum, checked by the reader
}

// NewNotes are what an exchange offers: the consideration of the series counts
// their principal.
type NewNotes struct {
	Title    string
	Minimum  money.Decimal // minimum denomination, in units of the series' currency; zero: not said
	Multiple money.Decimal // authorized multiple; zero: not said
	Cash     money.Decimal // cash paid on top, for the "per" of the consideration
	// Percent and Principal say which part of the consideration is in new notes,
	// all of it where neither is there; the rest is cash.
	Percent   *money.Decimal // of the consideration
	Principal *money.Decimal // for the "per" of the consideration: a ratio
	Fractions string         // cash | dropped: what their denomination cuts off; "": cash
}

// Pricing says how a price follows from a yield, a bid or a reference.
type Pricing struct {
	Kind      string    // fixed-spread | auction-price | auction-spread | reference-price
	Reference Reference // what the file says; only with an ID where it is a shared one

	// What follows from the reference, filled in by the reader.
	ReferenceSecurity string
	ReferenceYield    *money.Decimal // percent; nil until price determination
	ReferencePrice    *money.Decimal // per 1,000, with kind reference-price; nil until price determination

	SpreadBP     money.Decimal
	EarlyPayment money.Decimal // inside total consideration, per 1,000
	To           string        // maturity | par-call | earlier-of-par-call-and-maturity | a date
	ParCall      calendar.Date
	At           string // first-settlement | own-settlement: the day that a price from a yield is worked out to; "" is the first
	Frequency    int    // coupons a year
	DayCount     string // as in Interest.DayCount
	Round        string // cent-half-up | percent-0.001
	Method       string // street | compound | treasury | canadian; "": the usual one, see bond.MethodFor
	// Auctions:
	Base, Minimum, Maximum, Increment money.Decimal // bid range and grid, per 1,000 or basis points
}

// Interest is the coupon of a series. A zero Coupon with no dates pays none.
type Interest struct {
	Coupon    money.Decimal // percent a year
	DayCount  string        // 30/360, act/act-icma, ...: see bond.ParseDayCount
	Dates     []MonthDay    // regular interest dates of a year
	Accrues   calendar.Date // first accrual date, where the first period is odd; zero: regular
	FirstDate calendar.Date // first interest date, where the first period is odd
	LastDate  calendar.Date // last interest date before maturity, where the last period is long
	Steps     []Step        // step-up coupons, ascending
}

// A MonthDay is a regular interest date: May 1.
type MonthDay struct {
	Month time.Month
	Day   int
}

// A Step is a coupon from a date on.
type Step struct {
	From   calendar.Date
	Coupon money.Decimal
}

// A Condition is a condition of the offer.
type Condition struct {
	ID       string
	Text     string
	Kind     string // financing | minimum-tender | maximum-tender | consent | cross | other
	Waivable bool
	Status   string // "" or open | satisfied | waived | failed
	At       string // local time at which the status came about; "": not said
	// Of minimum and maximum tenders and of consents, what is counted; all
	// may be left out, and then only Status says how the condition stands.
	Of      []string       // ids of the series that are counted; nil means all
	Percent *money.Decimal // of what is outstanding of them
	Amount  *money.Decimal // principal, in units of their currency
	Needs   []string       // of a cross-condition: ids of the conditions that must be met
	Series  []string       // ids of the series that it is a condition for; nil means all

	remove bool // in an amendment: the condition is dropped
}
