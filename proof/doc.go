// Package proof makes the result of an offer checkable by those it concerns.
//
// An agent publishes a [Result]: totals, factors, caps, the digests of terms and
// book, and the root of a Merkle tree. Each holder gets its own [Row], a small
// file. With the two, and nothing else, the holder checks that its tender is
// among those that were counted, that all that was counted adds up to the
// published totals, and that its own amount follows from the published factor and
// rounding rules. Nobody else's row is shown.
//
// # The tree
//
// Every node carries, for each series, how many tenders are below it and what
// they were tendered, accepted and are paid; its hash covers those sums of its
// children. So a path from a row to the root adds up to the totals, and no row
// can be left out of them or counted short. A row is parted at random between two
// leaves in random places, since the neighbour of a leaf is part of its path:
// what a path shows of others is a random part of a nameless row, and sums.
//
// Where the terms pay by participant, the leaves of that tree are payments, of one
// participant and series each. A [Payment] has a tree of its own, of the claims of
// its tenders before rounding, parted in the same way: so a row shows that its
// claim is in the sum that was rounded. Of the other claims in it a row shows how
// many they are and their sums, which of a participant with two tenders is the
// other one.
//
// The salts and the parting come from a secret by HMAC, so that the agent can
// make the same files again, and nobody can guess a row and try it.
//
// # What it does not show
//
// That every row belongs to a real tender: an agent could add tenders that nobody
// made. That the file a holder has is the one that all others have: publish the
// result's digest, or note it in the journal. docs/journal.md describes the files
// for those who write a checker of their own; examples/verify has one.
package proof
