package proof

import (
	"crypto/sha256"
	"strconv"
)

// Rows have the format of the result that they belong to, see [ResultFormat].
const (
	RowFormat        = "tenderbook row 1"
	PaymentRowFormat = "tenderbook row 2"
)

// A Row is what one holder gets: its tender, what it got and how, and the proof
// that this is in the tree of the result. Where participants are paid, it is in
// their payment, and the payment in the tree of the result.
type Row struct {
	Format  string       `json:"format"`
	Result  Hash         `json:"result"` // checksum of the result
	Tender  Tender       `json:"tender"`
	Shares  []Share      `json:"shares"`
	Salt    Hash         `json:"salt"` // of the commitment
	Payment *Payment     `json:"payment,omitempty"`
	Parts   []Part[Sums] `json:"parts"` // of the row or, where there is one, of its payment
}

// A Tender is one live instruction and what it got. Amounts are in minor units.
// Where participants are paid, consideration and interest are its share of what
// the participant is paid for the series.
type Tender struct {
	ID            string `json:"id"`
	Series        int    `json:"series"`
	Timing        string `json:"timing"` // early, late
	Principal     int64  `json:"principal"`
	AtLeast       int64  `json:"at_least,omitempty"`
	Undelivered   int64  `json:"undelivered,omitempty"`
	Bid           *int64 `json:"bid,omitempty"`
	Accepted      int64  `json:"accepted"`
	Consideration int64  `json:"consideration"`
	Interest      int64  `json:"interest"`
	// The unit that was prorated: the tender itself, or, where the terms prorate
	// by participant or holder, all its tenders of the series at one price.
	UnitTendered int64 `json:"unit_tendered"`
	UnitAccepted int64 `json:"unit_accepted"`
	UnitWholes   int64 `json:"unit_wholes"` // whole increments of its tenders, each counted for itself
}

// A Share is what the unit got in one line.
type Share struct {
	Line     int    `json:"line"`
	Offered  int64  `json:"offered"`
	Floor    int64  `json:"floor"` // factor × offered, rounded down to the increment
	Accepted int64  `json:"accepted"`
	Rule     string `json:"rule"` // what moved it off the floor: none, stub-reject, stub-accept, stub-minimum, remainder
}

// commitment hides and fixes what a row says: the SHA-256 of its salt and of its
// values in order as texts, each behind its length.
func (r *Row) commitment() Hash {
	t := &r.Tender
	bid := "none"
	if t.Bid != nil {
		bid = strconv.FormatInt(*t.Bid, 10)
	}
	b := append([]byte(nil), r.Salt[:]...)
	b = appendTexts(b, t.ID, t.Timing, bid)
	b = appendNumbers(b, int64(t.Series), t.Principal, t.AtLeast, t.Undelivered, t.Accepted, t.Consideration, t.Interest,
		t.UnitTendered, t.UnitAccepted, t.UnitWholes)
	for _, s := range r.Shares {
		b = appendNumbers(b, int64(s.Line), s.Offered, s.Floor, s.Accepted)
		b = appendTexts(b, s.Rule)
	}
	return sha256.Sum256(b)
}
