package book

import (
	"crypto/sha256"
	"time"

	"tenderbook/journal"
)

// A Command is what the body of an entry says.
type Command interface {
	kind() journal.Kind
	check() error // what no command of the kind may hold
}

// An Offer is a draft of the terms. Each draft takes the place of the one
// before, until one is launched.
type Offer struct {
	Name string `json:"name"` // of the file, for problems
	File string `json:"file"` // the offer file, byte for byte
}

// A Grant gives an actor a role on the offer, or takes it.
type Grant struct {
	Actor       string `json:"actor"`       // user, or API key
	Person      string `json:"person"`      // who is behind a key or delegate; empty: the actor
	Role        Role   `json:"role"`        // see [Role]
	Participant string `json:"participant"` // account that a participant or holder acts for
	Take        bool   `json:"take"`        // the role is taken away
}

// Positions says what participants hold, as the depository has it. It replaces
// what was on record for those participants and series.
type Positions struct {
	Source string     `json:"source"` // who says so
	List   []Position `json:"list"`
}

// A Position is what one participant holds of one series.
type Position struct {
	Participant string `json:"participant"`
	Series      string `json:"series"`
	Principal   int64  `json:"principal"` // minor units, 0 or more
}

// A Review is what the agent finds when it examines an instruction.
type Review struct {
	Action      string `json:"action"` // defect, cure, ask-waiver, block or reject
	Instruction string `json:"instruction"`
	Why         string `json:"why"`
}

var reviewEvents = map[string]Event{"defect": OnDefect, "cure": OnCure, "ask-waiver": OnAskWaiver, "block": OnBlock, "reject": OnReject}

// A Proposal is a change that needs a second person. Which fields it uses
// depends on What; all others are empty.
type Proposal struct {
	What    What      `json:"what"`
	Expires time.Time `json:"expires"` // UTC; a decision at this time or later is too late
	Basis   string    `json:"basis"`   // digest of the terms that the maker saw ([State.TermsDigest]); hexadecimal
	Name    string    `json:"name"`    // of the file
	File    string    `json:"file"`    // amend, extend, price: the amendment; release before rules 3: what is released, byte for byte
	Subject string    `json:"subject"` // waive: id of the condition or instruction; terminate: id of the series, empty for the offer; lapse: id of the condition
	Run     Run       `json:"run"`     // accept, settle, release: which result
	Result  string    `json:"result"`  // accept, settle, release: digest of the result ([Plan.Digest]); hexadecimal
	Why     string    `json:"why"`

	// Payments is the digest of what is released ([Plan.Payments]), hexadecimal;
	// from rules 3 on.
	Payments string `json:"payments,omitempty"`
}

// What names the kind of a proposal.
type What string

// The kinds of proposals.
const (
	Launch         What = "launch"
	Amend          What = "amend"
	Extend         What = "extend"            // an amendment of deadlines only
	Price          What = "price"             // an amendment of rates and prices only
	WaiveCondition What = "waive-condition"   // Subject: the condition
	WaiveDefect    What = "waive-instruction" // Subject: the instruction, defective or late
	Accept         What = "accept"
	Settle         What = "settle"
	Release        What = "release" // of payments
	Terminate      What = "terminate"
	Lapse          What = "lapse"
)

// A Run says which tenders a result is about.
type Run string

// The runs.
const (
	Early Run = "early" // tenders in time for the early deadline
	Final Run = "final" // all that an early run has not decided
)

// Digest identifies the exact bytes of a proposal: SHA-256 of its encoding.
func (p *Proposal) Digest() [32]byte {
	_, _, body, err := Encode(p)
	if err != nil {
		return [32]byte{}
	}
	return sha256.Sum256(body)
}

// A Decision approves or rejects a proposal.
type Decision struct {
	Proposal uint64 `json:"proposal"` // sequence number of its entry
	Digest   string `json:"digest"`   // of the proposal ([Proposal.Digest]), hexadecimal: what the approver saw
	Approve  bool   `json:"approve"`
	Why      string `json:"why"`
}

// A Note is a remark for the record.
type Note struct {
	Text        string `json:"text"`
	Instruction string `json:"instruction,omitempty"` // id of the one it is about; empty: the offer
}

// An Inquiry asks to see something of the offer. It changes nothing. One that is
// answered need not be on record; one that is denied is put there, so that its
// refusal can be audited.
type Inquiry struct {
	Subject Subject `json:"subject"`
	Of      string  `json:"of"` // the id of one instruction, a participant whose position it is, the number of one proposal; empty: whatever the actor may see
}
