package proof

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// RowFormat is the format of rows that this version writes and reads.
const RowFormat = "tenderbook row 1"

// A Row is what one holder gets: its tender, what it got and how, and the proof
// that this is in the tree of the result.
type Row struct {
	Format string  `json:"format"`
	Result Hash    `json:"result"` // checksum of the result
	Tender Tender  `json:"tender"`
	Shares []Share `json:"shares"`
	Salt   Hash    `json:"salt"` // of the commitment
	Parts  []Part  `json:"parts"`
}

// A Tender is one live instruction and what it got. Amounts are in minor units.
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

// A Part is one leaf of a row with its path to the root, from the leaf up.
type Part struct {
	Leaf int64  `json:"leaf"` // its place, from 0
	Salt Hash   `json:"salt"`
	Sums Sums   `json:"sums"` // of the leaf
	Path []Node `json:"path"`
}

// A Node of the tree: its hash and what is below it, by series.
type Node struct {
	Hash Hash `json:"hash"`
	Sums Sums `json:"sums"`
}

// Sums are totals by series. As text, each is five numbers: tenders, tendered,
// accepted, consideration, interest.
type Sums []Totals

// MarshalText gives "1 5000 3000 2625 12, 0 0 0 0 0".
func (s Sums) MarshalText() ([]byte, error) {
	var text []byte
	for i, t := range s {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = fmt.Appendf(text, "%d %d %d %d %d", t.Tenders, t.Tendered, t.Accepted, t.Consideration, t.Interest)
	}
	return text, nil
}

// UnmarshalText reads what MarshalText writes.
func (s *Sums) UnmarshalText(text []byte) error {
	*s = nil
	for one := range strings.SplitSeq(string(text), ", ") {
		fields := strings.Split(one, " ")
		if len(fields) != 5 {
			return fmt.Errorf("sums %q, needs five numbers for a series", one)
		}
		var n [5]int64
		for i, f := range fields {
			v, err := strconv.ParseUint(f, 10, 63)
			if err != nil || strconv.FormatUint(v, 10) != f {
				return fmt.Errorf("sums %q, needs five numbers for a series", one)
			}
			n[i] = int64(v)
		}
		*s = append(*s, Totals{n[0], n[1], n[2], n[3], n[4]})
	}
	return nil
}

// appendBinary appends 40 bytes for each series, numbers big-endian.
func (s Sums) appendBinary(dst []byte) []byte {
	for _, t := range s {
		for _, n := range [...]int64{t.Tenders, t.Tendered, t.Accepted, t.Consideration, t.Interest} {
			dst = binary.BigEndian.AppendUint64(dst, uint64(n))
		}
	}
	return dst
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

func appendTexts(dst []byte, texts ...string) []byte {
	for _, s := range texts {
		dst = binary.BigEndian.AppendUint32(dst, uint32(len(s)))
		dst = append(dst, s...)
	}
	return dst
}

func appendNumbers(dst []byte, numbers ...int64) []byte {
	for _, n := range numbers {
		dst = appendTexts(dst, strconv.FormatInt(n, 10))
	}
	return dst
}
