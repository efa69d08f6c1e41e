// Package report turns the terms of an offer and a decision about its book into
// what people read: the tables of a press release, the waterfall, the reason
// for one holder's amount, charts, a page and a summary for machines.
//
// It computes no result. Every figure is copied or added up from an
// [allocation.Decision] and the [offer.Terms]; a sum that the decision already
// holds is not made a second time. It reads no clock, file or network: values
// come in as an [Input], bytes go out through an io.Writer, and the same input
// gives the same bytes on any machine.
//
// # How figures are shown
//
// Amounts have their thousands grouped and the mark of their currency; cash has
// all the decimals of its currency, principal none where they are zero. A factor is
// shown to four decimals of a percent, rounded half up, except that nothing
// below 100 % is shown as 100 % and nothing above 0 % as 0 %. Machines get plain
// decimals as strings, and factors as a ratio too.
//
// # What comes out
//
//   - [Launch], [Early], [Pricing] and [Final] are the tables of a release, with
//     the words around them from [Release];
//   - [Waterfall], [CapUse] and [Totals] show what the decision took;
//   - [Explain] answers "why was I accepted for this amount";
//   - [WaterfallChart], [CapsChart] and [ParticipationChart] draw;
//   - [Page] is all of it on one page that needs nothing else;
//   - [Summary] is for machines, and [ParseSummary] reads it back for the run
//     after an early settlement.
package report
