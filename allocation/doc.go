// Package allocation decides how much of each tender an offeror accepts when
// holders tender more notes than the offer's caps have room for.
//
// It is a calculator. The same [Terms] and tenders give the same [Decision] on
// any machine in any year: it reads no clock, file or database, uses no float
// and imports only the standard library, so another program can embed it and an
// auditor can rerun it.
//
// # Method
//
//  1. The book is cut into steps: by level, by timing then level, or by bid
//     ([Order]). Steps are served in turn from what the caps have left.
//  2. A step that fits is accepted in full. In one that does not, a factor
//     rises from 0 for all its series together; a cap that becomes full stops
//     the series under it and the others rise on (progressive filling).
//  3. Factor times tender is rounded down to the increment, pieces below the
//     minimum denomination follow the stub rule, and what rounding leaves is
//     used as the terms say ([Leftover]).
//
// The rules are those of docs/allocation.md; docs/decisions/0003 settles what
// they leave open, and its G-numbers are cited in the code.
//
// # Size
//
// A [Tally] counts tenders by size instead of keeping them, so a book of
// millions needs memory for its different sizes only, except where the terms
// decide between single tenders ([Tally.OneByOne]).
//
// # Units
//
// Principal and money are whole minor units (cents); factors, weights and room
// under a cap are exact ratios.
package allocation
