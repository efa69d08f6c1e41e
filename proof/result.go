package proof

import (
	"encoding/hex"
	"fmt"
	"math/big"
)

// The formats of results that this version writes and reads.
const (
	ResultFormat  = "tenderbook result 1" // each tender is paid for itself
	PaymentFormat = "tenderbook result 2" // participants are paid
)

// payByParticipant is the word of the terms.
const payByParticipant = "participant"

// A Result is what is published of a run. Principal and money are in minor units
// of the series' currency; exact ratios are written "3/7", or "2" where whole.
type Result struct {
	Format   string    `json:"format"`
	Offer    string    `json:"offer"`
	Terms    string    `json:"terms"`             // digest of the terms that decided
	Book     string    `json:"book"`              // digest of the book
	Journal  *Position `json:"journal,omitempty"` // where the record stood
	Rules    Rules     `json:"rules"`
	Series   []Series  `json:"series"`
	Lines    []Line    `json:"lines"` // in the order they were served
	Caps     []Cap     `json:"caps"`
	Leaves   int64     `json:"leaves"` // of the tree
	Root     Hash      `json:"root"`
	Checksum Hash      `json:"-"` // SHA-256 that the file ends with
}

// A Position is a place in the journal: the checkpoint that stands for it.
type Position struct {
	Entries uint64 `json:"entries"`
	Root    Hash   `json:"root"`
}

// Rules are the terms that turn a factor into what one tender gets. The words are
// those of package allocation, in lower case.
type Rules struct {
	Order     string   `json:"order"`      // priority, early-first, auction
	ProrateBy string   `json:"prorate_by"` // instruction, participant, holder
	Leftover  string   `json:"leftover"`   // unused, raise-factor, largest-remainder
	Stub      string   `json:"stub"`       // ignore, reject, accept, minimum
	SmallUpTo int64    `json:"small_up_to,omitempty"`
	PayBy     string   `json:"pay_by,omitempty"` // participant; empty: instruction
	Auction   *Auction `json:"auction,omitempty"`
}

// An Auction is what ranks bids: the lower is the better for the offeror.
type Auction struct {
	NoBid      string   `json:"no_bid"` // clearing, best, limit
	PaysBid    bool     `json:"pays_bid"`
	ProrateAll bool     `json:"prorate_all"`
	Best       int64    `json:"best"`
	Worst      int64    `json:"worst"`
	Clearing   []*int64 `json:"clearing"` // by series; null where nothing clears
}

// A Series is one issue of notes with its totals over all live tenders.
type Series struct {
	ID        string `json:"id"`
	Increment int64  `json:"increment"`
	Minimum   int64  `json:"minimum"`
	Places    int    `json:"places"` // levels at which it stands
	// Unserved is the principal of tenders that took part in no line: bids above
	// the clearing bid and conditions that were not met.
	Unserved int64 `json:"unserved,omitempty"`
	Totals
}

// Totals add up tenders.
type Totals struct {
	Tenders       int64 `json:"tenders"`
	Tendered      int64 `json:"tendered"`
	Accepted      int64 `json:"accepted"`
	Consideration int64 `json:"consideration"` // each payment, of an instruction or a participant, rounded half up
	Interest      int64 `json:"interest"`
}

// A Line is one series at one timing and place in one step, with its factor.
type Line struct {
	Step          int    `json:"step"`
	Level         int    `json:"level"`
	Phase         string `json:"phase,omitempty"` // in an auction: better, clearing, late
	Small         bool   `json:"small,omitempty"` // the step of the small tenders
	Series        int    `json:"series"`
	Place         int    `json:"place,omitempty"`
	Timing        string `json:"timing"`        // early, late
	Bid           int64  `json:"bid,omitempty"` // where each bid is paid its own
	Factor        Ratio  `json:"factor"`        // as applied
	CutBy         string `json:"cut_by,omitempty"`
	Rejected      bool   `json:"rejected,omitempty"` // nothing accepted: the series does not fit and is all or none
	Price         Ratio  `json:"price"`              // consideration for one minor unit of principal
	Accrued       Ratio  `json:"accrued"`            // interest for one minor unit of principal
	Tendered      int64  `json:"tendered"`           // taking part
	Accepted      int64  `json:"accepted"`
	Consideration int64  `json:"consideration"`
	Interest      int64  `json:"interest"`
}

// A Cap is a cap with what was used of it, in its own measure.
type Cap struct {
	Name   string  `json:"name"`
	Amount int64   `json:"amount"`
	Counts string  `json:"counts"` // principal, price, price-and-interest
	Covers []Cover `json:"covers"` // series, and those whose acceptance is taken off the amount
	Before Ratio   `json:"before"` // used by an earlier, settled run
	Used   Ratio   `json:"used"`   // in all
}

// A Cover is a series that counts toward a cap, at an exchange rate.
type Cover struct {
	Series int   `json:"series"`
	Rate   Ratio `json:"rate"`
	Less   bool  `json:"less,omitempty"` // taken off the amount, not bound by it
}

// A Hash is a SHA-256 digest, in lower-case hexadecimal.
type Hash [32]byte

// String gives 64 hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText implements [encoding.TextMarshaler].
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (h *Hash) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil || len(b) != len(h) || hex.EncodeToString(b) != string(text) {
		return fmt.Errorf("hash %q, needs 64 hexadecimal digits", text)
	}
	copy(h[:], b)
	return nil
}

// A Ratio is an exact number that is not negative. The zero Ratio is 0.
type Ratio struct{ r *big.Rat }

// NewRatio takes a number; nil is 0.
func NewRatio(r *big.Rat) Ratio { return Ratio{r} }

// Rat gives the number, which must not be changed.
func (x Ratio) Rat() *big.Rat {
	if x.r == nil {
		return new(big.Rat)
	}
	return x.r
}

// MarshalText gives "3/7" or "2".
func (x Ratio) MarshalText() ([]byte, error) { return []byte(x.Rat().RatString()), nil }

// maxRatio bounds the digits of a ratio: far more than sums of exact factors need.
const maxRatio = 4096

// UnmarshalText reads what MarshalText writes.
func (x *Ratio) UnmarshalText(text []byte) error {
	for _, c := range text {
		if (c < '0' || c > '9') && c != '/' {
			return fmt.Errorf("ratio %q, needs digits such as 3/7", text)
		}
	}
	r, ok := new(big.Rat), len(text) <= maxRatio
	if ok {
		r, ok = r.SetString(string(text))
	}
	if !ok || r.RatString() != string(text) {
		return fmt.Errorf("ratio %q, needs digits in lowest terms such as 3/7", text)
	}
	x.r = r
	return nil
}
