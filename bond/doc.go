// Package bond counts days, accrues interest and prices notes from a yield.
//
// It is a calculator: it reads no clock, file or holiday calendar, imports only
// the standard library and this project's money and calendar, and gives the same
// figures on any machine. It knows nothing of offers: who tenders, what is
// accepted and who is paid stand elsewhere.
//
// # Units
//
// Coupons and yields are percent a year (9.125), prices percent of principal
// (100 is par), considerations as their [Quote] says (per 1,000 to the cent, or
// percent to 0.001), accrued interest per 1 of principal. What a person typed is
// a [money.Decimal]; what follows exactly from it is a big.Rat; what cannot be
// exact comes with a proved bound on its error.
//
// # Method
//
// Interest accrues from the last interest date, which is found from the regular
// dates of the year, to settlement, that day not included. Regular periods pay
// equal instalments under 30/360, act/act-icma and act/365-canadian; the other
// day counts pay for the days. An odd first or last period is counted in one
// piece, under act/act-icma coupon period by coupon period.
//
// A price is the sum of what is still to be paid, each discounted over its
// distance from settlement in coupon periods, as its [Method] says. The part of
// the first period is what the day count leaves of it: days over the days of the
// period, under 30/360 the period's 180 (90, 360) days less those that have
// passed. Notes priced to a call between interest dates keep their own dates and
// repay the principal with what has accrued by then.
//
// Discounting is done in whole numbers of 2^-128, with the bound on the error
// carried along. Only the part of a period needs a fractional power; it is
// worked out by square roots and a binomial series whose rest is bounded. All
// else is multiplication and division. The bound of a price of hundred years of
// coupons stays below 1e-30.
//
// Rounding is that of the true price. [Price.Round] refuses where the bound
// leaves two answers; [Bond.Consideration] then takes twice the digits, or the
// exact ratio where there is one, and so never rounds a guess. No float is used,
// not even to search for a yield: [Bond.Yield] closes in on whole steps of ten
// decimals of a percent and proves on which side of each the price lies.
//
// # Limits
//
//   - Interest dates must part the year evenly for a price (not for accrued
//     interest), and be paid on them: no adjustment to business days, as is usual
//     for notes with a fixed coupon.
//   - Rates that are fixed later, sinking funds, amortization, inflation
//     indices, and calls other than at one date and price are not covered.
//   - A yield has to leave something of a payment: above -100 percent a period.
//   - At yields within a few thousandths of the coupon, the price to a par call
//     between interest dates can lie just above par while that to maturity is
//     at par or below; [Bond.ToParCall] takes the par call then.
//
// The figures of testdata were published; each row names its source.
package bond
