// Package book folds the journal of an offer into its state.
//
// The fold is one pure function, [State.Apply]: state and entry in, state and
// outcome out. Whether a tender came in time, whose it may be, whether it is one
// of a pair, whether an approval may stand, all is decided there and nowhere
// else, by sequence number and record time. The package reads no clock: the time
// is the entry's. So every machine that reads a journal makes the same state of
// it, and [State.Digest] is the same to the byte.
//
// # Commands
//
// What an entry's body says is a [Command]: [Offer], [Grant], [Positions],
// [Instructions], [Review], [Proposal], [Decision], [Note], [Key], [Checkpoint].
// Each has exactly one encoding. [Encode] writes it and [Decode] takes nothing
// else.
//
// # Refusals
//
// Apply never fails. What it does not take it refuses, with a [Code] and a
// reason; a refusal changes nothing but the journal's position and the list of
// refusals. docs/refusals.md has the codes in order of precedence.
//
// # Lives
//
// An offer, a series and an instruction each have a life: one table of states
// and events. What a table does not list is refused. docs/lifecycle.md is
// printed from them.
//
// # Units
//
// Principal and amounts are minor units of the series' currency. Times are
// record times, in nanoseconds UTC; the sender's own time stays in the journal.
package book
