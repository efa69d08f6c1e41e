// Package bond counts days, accrues interest and prices notes from a yield.
//
// It is a calculator: it reads no clock, file or holiday calendar, and the same
// input gives the same figures on any machine. It knows nothing of offers.
//
// # Units
//
// Coupons and yields are percent a year (9.125), prices percent of principal
// (100 is par), accrued interest is given per 1 of principal. All of them are
// exact: a [money.Decimal] where a person typed it, a big.Rat where it follows.
package bond
