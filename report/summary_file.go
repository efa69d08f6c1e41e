package report

import (
	"encoding/json"
	"math/big"
	"strconv"
)

// summaryVersion is the version of the summary's format.
const summaryVersion = 1

// A SummaryFile is the summary of a run as JSON has it. Amounts are decimals in
// units of their currency, as strings; more keys may come, those here keep
// their meaning.
type SummaryFile struct {
	Tenderbook  int                 `json:"tenderbook"` // version of the format
	Kind        string              `json:"kind"`       // "summary"
	Offer       string              `json:"offer"`
	Stage       string              `json:"stage"`
	AsOf        string              `json:"as_of"` // RFC 3339, in the offer's zone
	TimeZone    string              `json:"time_zone"`
	TermsDigest string              `json:"terms_digest"`
	BookDigest  string              `json:"book_digest"`
	Rows        []SummaryRows       `json:"rows,omitempty"`
	Caps        []SummaryCap        `json:"caps"`
	Steps       []SummaryStep       `json:"steps"`
	Series      []SummarySeries     `json:"series"`
	Totals      []SummaryTotal      `json:"totals"`
	ClearingBid *string             `json:"clearing_bid,omitempty"` // in steps of the bid grid
	Clearing    []SummaryClearing   `json:"clearing,omitempty"`     // the same by series, in the terms of the bids
	Conditions  []SummaryCondition  `json:"conditions,omitempty"`
	Terminated  []SummaryTerminated `json:"terminated,omitempty"`
	Consents    []SummaryConsents   `json:"consents,omitempty"`
	Settled     Settlement          `json:"settled"`
}

// SummaryRows counts rows of the book by what became of them.
type SummaryRows struct {
	Fate  string `json:"fate"`
	Count int64  `json:"count"`
}

// A SummaryCap is a cap after the run.
type SummaryCap struct {
	Name     string   `json:"name"`
	Maximum  bool     `json:"series_maximum"` // a series' own maximum
	Series   []string `json:"series"`
	Currency string   `json:"currency"`
	Counts   string   `json:"counts"` // principal | purchase-price | purchase-price-and-interest
	Amount   string   `json:"amount"`
	Used     string   `json:"used"` // rounded half up to the minor unit; settled has it exactly
	Left     string   `json:"left"`
	Full     bool     `json:"full"` // it cut a series
	Closed   bool     `json:"closed"`
}

// A SummaryStep is one step with its lines.
type SummaryStep struct {
	Level int           `json:"level"`           // 0 in an auction
	Phase string        `json:"phase,omitempty"` // in an auction: better | clearing | late
	Small bool          `json:"small"`
	Lines []SummaryLine `json:"lines"`
}

// A SummaryLine is one series at one timing in a step.
type SummaryLine struct {
	Series        string        `json:"series"`
	Place         int           `json:"place"` // 1 for the best level of the series
	Timing        string        `json:"timing"`
	Bid           *string       `json:"bid,omitempty"`
	Tenders       int64         `json:"tenders"`
	Currency      string        `json:"currency"`
	Tendered      string        `json:"tendered"`
	Accepted      string        `json:"accepted"`
	Returned      string        `json:"returned"`
	Factor        *SummaryRatio `json:"factor"`
	PlainFactor   *SummaryRatio `json:"plain_factor"` // before a leftover or stub rule moved it
	BoundBy       string        `json:"bound_by"`     // "" where nothing cut it
	Rejected      bool          `json:"rejected"`
	Consideration string        `json:"consideration"`
	Interest      string        `json:"interest"`
	Cash          string        `json:"cash,omitempty"` // left out in an exchange, whose consideration is not all cash
}

// A SummaryRatio is an exact ratio with its decimal, cut after twelve places.
type SummaryRatio struct {
	Numerator   string `json:"numerator"`
	Denominator string `json:"denominator"`
	Decimal     string `json:"decimal"`
}

// A SummarySeries is one series over all steps.
type SummarySeries struct {
	Series    string `json:"series"`
	Currency  string `json:"currency"`
	Tendered  string `json:"tendered"`
	Accepted  string `json:"accepted"` // what an early settlement took included
	Before    string `json:"accepted_before"`
	Remaining string `json:"remaining_outstanding"`
}

// A SummaryTotal is the sum over the series of one currency.
type SummaryTotal struct {
	Currency      string `json:"currency"`
	Tendered      string `json:"tendered"`
	Accepted      string `json:"accepted"`
	Returned      string `json:"returned"`
	Consideration string `json:"consideration"`
	Interest      string `json:"interest"`
	Cash          string `json:"cash"`
	NewNotes      string `json:"new_notes,omitempty"`          // in an exchange
	Fractions     string `json:"cash_for_fractions,omitempty"` // part of cash
	Consents      string `json:"cash_for_consents,omitempty"`  // part of cash, where consents are asked for: those without a tender
}

func ratio(x *big.Rat) *SummaryRatio {
	if x == nil {
		return nil
	}
	return &SummaryRatio{x.Num().String(), x.Denom().String(), cutRat(x, 12)}
}

// rat is the exact ratio; ok is false where there is none or it is not one.
func (r *SummaryRatio) rat() (x *big.Rat, ok bool) {
	if r == nil || r.Denominator == "0" {
		return nil, false
	}
	return new(big.Rat).SetString(r.Numerator + "/" + r.Denominator)
}

func intText(n int64) *string {
	s := strconv.FormatInt(n, 10)
	return &s
}

// ParseSummary reads what [Summary] wrote. It refuses a summary of another
// format or version.
func ParseSummary(data []byte) (*SummaryFile, error) {
	var f SummaryFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, summaryError("is not JSON of a summary: " + err.Error())
	}
	if f.Kind != "summary" || f.Tenderbook != summaryVersion {
		return nil, summaryError("is " + strconv.Quote(f.Kind) + " of version " + strconv.Itoa(f.Tenderbook) +
			", needs \"summary\" of version " + strconv.Itoa(summaryVersion))
	}
	return &f, nil
}
