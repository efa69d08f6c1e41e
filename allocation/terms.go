package allocation

import "math/big"

// Order is the order in which the book is served.
type Order uint8

// The orders.
const (
	Priority   Order = iota // one step per level, early and late together: level beats time
	EarlyFirst              // all early tenders by level, then all late ones by level
	Auction                 // modified Dutch auction: by bid
)

// IfExceeded says what becomes of a step that an aggregate cap has no room for.
type IfExceeded uint8

// What becomes of a step that does not fit.
const (
	Prorate           IfExceeded = iota
	RejectAndContinue            // nothing of it; the next step is tried
	RejectAndStop                // nothing of it, nor of any later step under that cap
)

// ProrateBy names the unit that is prorated.
type ProrateBy uint8

// The units of proration. A participant's or holder's unit is what it tendered
// of one series at one price: early and late tenders, and different bids, stay
// apart. Its accepted amount is shared among its tenders by largest remainder.
const (
	ByInstruction ProrateBy = iota
	ByParticipant
	ByHolder
)

// Leftover says what becomes of the room that rounding down leaves.
type Leftover uint8

// The uses of what rounding leaves.
const (
	Unused           Leftover = iota // each tender is the plain ratio rounded down
	RaiseFactor                      // the largest factor whose rounded total still fits every cap
	LargestRemainder                 // one increment each by size of the cut-off fraction
)

// Remainder says whether a cap that cut a step stays open for later ones.
type Remainder uint8

// The fates of a cap that was full.
const (
	Lost Remainder = iota // closed: what rounding left of it is lost
	Next                  // later steps may use it
)

// Stub says what becomes of a piece below the minimum denomination.
type Stub uint8

// The stub rules.
const (
	StubIgnore  Stub = iota
	StubReject       // accept none of the tender
	StubAccept       // accept all of the tender
	StubMinimum      // accept the minimum, or leave the minimum; none of a tender that cannot be split so
)

// Counts says what a cap counts.
type Counts uint8

// The measures of a cap.
const (
	CountsPrincipal   Counts = iota
	CountsPrice              // consideration, early payment included, accrued interest not
	CountsPriceAndInt        // the same plus accrued interest
)

// Timing is the side of the early tender deadline that a tender fell on.
type Timing uint8

// The timings. An offer without an early tender date has only Early tenders:
// all of them are in time for the one price.
const (
	Early Timing = iota
	Late
)

// String gives "early" or "late".
func (t Timing) String() string {
	if t == Late {
		return "late"
	}
	return "early"
}

// Terms is what of an offer's terms decides acceptance. Series and caps are
// named by their index.
type Terms struct {
	Order          Order
	IfExceeded     IfExceeded
	MaximumRejects bool // a series above its own maximum is rejected whole instead of prorated
	ProrateBy      ProrateBy
	Leftover       Leftover
	Remainder      Remainder
	Stub           Stub
	FactorDecimals int   // factor truncated to so many decimals before use; 0 keeps it exact
	SmallUpTo      int64 // units up to this size are served whole before their step; 0: none. Minor units
	Series         []Series
	Caps           []Cap
	Auction        AuctionTerms // used when Order is Auction
	Settled        *Settled     // what an earlier run used of the caps; nil: nothing
}

// A Series is one issue of notes.
type Series struct {
	ID        string
	Places    []Place // where it stands in the ladder, best level first; at least one
	Increment int64   // authorized multiple, minor units, > 0
	Minimum   int64   // minimum denomination, minor units, a whole number of increments
	// Price is the consideration for one minor unit of principal, early and
	// late, and Interest the accrued interest on it, both in minor units of the
	// series' currency. Never negative; nil counts as zero. In an auction the
	// price comes from AuctionTerms.Price.
	Price    [2]*big.Rat
	Interest [2]*big.Rat
}

// A Place is a level at which a series stands. All places but the last of a
// series have an UpTo: the most principal that is accepted there.
type Place struct {
	Level int   // acceptance priority level, 1 is served first
	UpTo  int64 // minor units; 0: no bound
}

// A Cap is the most that is accepted of the series it covers.
type Cap struct {
	Name   string
	Amount int64 // minor units of the cap's currency
	Counts Counts
	Series []int // the series covered, by index, ascending
	Less   []int // series whose acceptance, in this cap's measure, is taken off the amount; never covered by it
	// Own marks a series maximum: a cap over one series in principal. It always
	// prorates and closes nothing but its series.
	Own bool
	// Rate converts one minor unit of a series' currency into minor units of
	// the cap's, by series index; nil or a missing entry is one to one.
	Rate map[int]*big.Rat
}

// NoBid says how a tender without a bid counts in an auction.
type NoBid uint8

// The readings of a tender without a bid.
const (
	NoBidClearing NoBid = iota // it takes whatever clears: it ranks with the best bids
	NoBidBest                  // as the bid that is best for the offeror
	NoBidLimit                 // as the bid at the worst end of the range
)

// AuctionTerms are the terms of a modified Dutch auction. A bid is a whole
// number of steps of the bid grid, made comparable across series by taking off
// each series' base; a lower one is better for the offeror (a spread bid is
// negated by the caller).
type AuctionTerms struct {
	NoBid      NoBid
	PaysBid    bool  // each accepted tender is paid its own bid; otherwise the clearing bid
	ProrateAll bool  // every bid at or better than clearing is prorated, not only those at clearing
	BySeries   bool  // auctions side by side: each series has its own clearing bid, set by the caps over it alone, own maximum included
	Best       int64 // the bid of the range that is best for the offeror
	Worst      int64 // the worst bid of the range
	// Price is the consideration for one minor unit of principal at a bid, in
	// minor units of the series' currency. It must not fall as the bid rises.
	Price func(series int, timing Timing, bid int64) *big.Rat
}

// Settled is what an earlier, final run took: the early settlement of an offer
// with two. [Decision.Settled] makes it.
type Settled struct {
	Used     []*big.Rat // by cap: used in the cap's own measure
	ClosedAt []int64    // by cap: the amount at which it was closed, or -1; a cap whose amount has changed since is open again
	Taken    [][]int64  // by series and place: principal accepted there, minor units
}

// A Tender is one live instruction: received in time, valid, not withdrawn.
type Tender struct {
	Row        int // the caller's number for it, unique in the book
	Series     int
	Timing     Timing
	Principal  int64 // minor units, what is still tendered after withdrawals, > 0
	AtLeast    int64 // conditional tender: accept this much or nothing; 0: unconditional
	HasBid     bool
	Bid        int64  // in an auction, see AuctionTerms
	Unit       string // participant or holder, where the terms prorate by it
	ReceivedAt int64  // any clock that orders receipts, such as Unix nanoseconds
	ID         string // breaks ties between equal receipts
	// Undelivered is the part of a guaranteed-delivery tender that has not been
	// delivered: it counts as tendered and is not paid. Minor units.
	Undelivered int64
}
