// Package tenderbook decides bond tender offers: which notes are accepted, at
// what price, and why.
//
// An offer file says what the offeror promised; a book says who tendered what,
// and when. From the two follows every holder's payment, exactly, with the
// reason beside the number. The packages below are values in, values out: no
// clock, no file, no network. Start where your question is:
//
//   - [tenderbook/offer] reads an offer file and its amendments into terms.
//   - [tenderbook/rulebook] holds the law as dated rules and judges terms by it.
//   - [tenderbook/allocation] accepts and prorates a book under terms.
//   - [tenderbook/settlement] pays what was accepted, by payee.
//   - [tenderbook/scenario] decides one book under many variants of the terms.
//   - [tenderbook/pricing] determines prices from a yield, with the proof.
//   - [tenderbook/report] prints the tables of the announcements, and the sum
//     behind one holder's amount.
//   - [tenderbook/bond] counts days, accrues interest and prices from a yield.
//   - [tenderbook/calendar] knows deadlines, business days and their holidays.
//   - [tenderbook/money] is exact amounts, prices and exchange rates.
//
// Packages under internal touch the world: files, terminals. The command
// cmd/tender ties both together. ARCHITECTURE.md draws the picture; this
// package's example goes from an offer file to a payment in forty lines.
package tenderbook
