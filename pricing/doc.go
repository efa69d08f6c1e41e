// Package pricing determines the prices of an offer whose notes are priced from
// a yield, and proves them so that another person can work each out by hand.
//
// It computes and knows nothing of who tenders: terms go in, prices come out. It
// reads no clock, file or network, and the same terms give the same prices and
// proofs on any machine. The prices are those that acceptance uses: both come
// from [offer.Series.PriceAt]; the proof works them out a second way, payment by
// payment, and Determine fails rather than return a price that the proof does not
// bear out.
//
// # Method
//
//  1. The reference yield is what the reference says: stated, worked out from a
//     bid price, or interpolated on a curve, and rounded as the reference says.
//  2. The tender yield is that plus the spread, exactly.
//  3. The notes are priced to maturity, to a call or to another day, as the
//     terms say; where price decides between the par call and maturity, to the
//     call if the price to it is above par.
//  4. The price is the sum of the payments still to come, each discounted from
//     its day to settlement, less accrued interest; see package bond for the
//     conventions and the error bound.
//  5. It is rounded once, half up: to the cent per 1,000 or to three decimals of
//     a percentage. The early payment is part of it; late tenders get the rest.
//
// Accrued interest comes on top and is shown per 1,000, rounded for the reader:
// what is paid is rounded as the terms say, by instruction or participant.
//
// # Two people
//
// A quote is entered by one person and confirmed by another. Terms in which the
// same person did both are refused when they are read; a quote that nobody
// confirmed, or without its time or source, is priced and marked: NeedsHuman of a
// [Determination] says what is missing.
package pricing
