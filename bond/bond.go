package bond

import (
	"fmt"
	"math/big"

	"tenderbook/calendar"
	"tenderbook/money"
)

// A Bond is notes with all that a price needs.
type Bond struct {
	Interest   Interest      // with Maturity; notes without interest have no Dates
	Redemption money.Decimal // percent of principal paid at the end; zero: 100
	Workout    calendar.Date // day on which the notes are taken to be repaid, such as a par call; zero: maturity
	Convention Convention
}

// A Convention says how a yield turns into a price.
type Convention struct {
	Method    Method
	Frequency int      // how many times a year the yield compounds: 1, 2, 4 or 12
	DayCount  DayCount // of the part of a coupon period that is left at settlement
}

// A Method is how future payments are discounted. With w the part of a period up
// to a payment, n the whole periods before it and i the yield over the
// frequency, a payment is worth its amount times the factor given below.
type Method uint8

// The methods.
const (
	// Street is (1+i)^-(n+w), and 1/(1+w·i) where one payment is left: the US
	// market's way with corporate notes and treasuries.
	Street Method = iota
	// Compound is (1+i)^-(n+w) to the last day: ICMA's, the UK Debt Management
	// Office's and the European market's way.
	Compound
	// Treasury is (1+i)^-n / (1+w·i): the way of the US Treasury at issue, 31
	// CFR 356 Appendix B.
	Treasury
	// Canadian is Street with the last period counted in days over 365 (IIAC,
	// "Canadian conventions in fixed income markets").
	Canadian
)

var methodNames = [...]string{"street", "compound", "treasury", "canadian"}

// String gives the name in lower case.
func (m Method) String() string {
	if int(m) >= len(methodNames) {
		return fmt.Sprintf("Method(%d)", uint8(m))
	}
	return methodNames[m]
}

// MethodFor is the usual method where the terms give only a day count and a
// frequency: compound to the last day for annual act/act-icma, which is how
// European notes are priced, and street for all others.
func MethodFor(count DayCount, frequency int) Method {
	switch {
	case count == ActActICMA && frequency == 1:
		return Compound
	case count == Act365Canadian:
		return Canadian
	}
	return Street
}

// To gives the bond priced to a call on a day at a price in percent.
func (b Bond) To(day calendar.Date, price money.Decimal) Bond {
	b.Workout, b.Redemption = day, price
	return b
}

// open checks the terms of the bond and fills in what they leave to us.
func (b Bond) open(settlement calendar.Date) (account, error) {
	i := b.Interest
	switch {
	case i.Maturity.IsZero():
		return account{}, fmt.Errorf("bond has no maturity")
	case b.Convention.Frequency < 1 || 12%b.Convention.Frequency != 0:
		return account{}, fmt.Errorf("yield compounds %d times a year, needs 1, 2, 3, 4, 6 or 12", b.Convention.Frequency)
	case int(b.Convention.Method) >= len(methodNames) || b.Convention.DayCount >= dayCounts:
		return account{}, fmt.Errorf("method %s with day count %s is not a convention", b.Convention.Method, b.Convention.DayCount)
	case !settlement.Before(b.workout()):
		return account{}, fmt.Errorf("settlement %s must be before %s, the day the notes are repaid", settlement, b.workout())
	case i.Maturity.Before(b.workout()):
		return account{}, fmt.Errorf("notes are priced to %s, after their maturity %s", b.workout(), i.Maturity)
	}
	if !i.pays() {
		i.Dates = RegularDates(i.Maturity, b.Convention.Frequency, false)
	}
	a, err := i.open()
	if err != nil {
		return account{}, fmt.Errorf("interest: %w", err)
	}
	if !a.schedule.even {
		return account{}, fmt.Errorf("interest dates %v do not part the year evenly, which a yield needs", i.Dates)
	}
	return a, a.check(settlement)
}

func (b Bond) workout() calendar.Date {
	if b.Workout.IsZero() {
		return b.Interest.Maturity
	}
	return b.Workout
}

// redemption is what is repaid per 1 of principal.
func (b Bond) redemption() *big.Rat {
	if b.Redemption.Sign() == 0 {
		return big.NewRat(1, 1)
	}
	return percent(b.Redemption)
}
