package book

import "tenderbook/journal"

// Rules are a version of what decides. A proposal is judged by the rules of the
// program that wrote its entry, whose version says which: so what was decided
// stays decided when a later program folds the journal again.
type Rules uint8

// The rules so far.
const (
	// Rules1 take a condition as the terms state it, end series by proposal
	// alone and round every payment by instruction.
	Rules1 Rules = 1

	// Rules2 judge conditions by what is tendered and consented, end what an
	// offer file or amendment terminates, count consents, and pay by participant
	// where the terms say so.
	Rules2 Rules = 2

	// Rules3 outrun a proposal by what bears on it and no longer by every change
	// of the terms, accept nothing early while level beats time, and settle what is
	// released. What is delivered of a guarantee after an early result is paid with
	// the final one, and the offer does not end before that. They put the waiver of a condition in force when it is approved;
	// before, one of the first morning waited for noon.
	Rules3 Rules = 3

	// RulesNow are those of proposals made now.
	RulesNow = Rules3
)

// versions are the latest of the bodies of entries, by kind; all below are read.
// That of proposals is their rules. Batches are of version 2 if a row consents.
var versions = map[journal.Kind]uint8{
	journal.KindOffer: 1, journal.KindGrant: 1, journal.KindPositions: 1, journal.KindInstructions: 2,
	journal.KindReview: 1, journal.KindProposal: uint8(RulesNow), journal.KindDecision: 1, journal.KindNote: 1,
	journal.KindInquiry: 1, journal.KindKey: 1, journal.KindCheckpoint: 1,
}

// versionOf is the version that a command is written in.
func versionOf(c Command) uint8 {
	if b, ok := c.(*Instructions); ok {
		return b.version()
	}
	return versions[c.kind()]
}

// Knows reports whether this version of the program reads entries of a kind and
// version.
func Knows(k journal.Kind, version uint8) bool { return version > 0 && version <= versions[k] }
