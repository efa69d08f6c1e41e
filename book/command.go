package book

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

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
	File    string    `json:"file"`    // amend, extend, price: the amendment; release: what is released, byte for byte
	Subject string    `json:"subject"` // waive: id of the condition or instruction; terminate: id of the series, empty for the offer; lapse: id of the condition
	Run     Run       `json:"run"`     // accept, settle, release: which result
	Result  string    `json:"result"`  // accept, settle, release: digest of the result ([Plan.Digest]); hexadecimal
	Why     string    `json:"why"`
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

func (*Offer) kind() journal.Kind        { return journal.KindOffer }
func (*Grant) kind() journal.Kind        { return journal.KindGrant }
func (*Positions) kind() journal.Kind    { return journal.KindPositions }
func (*Instructions) kind() journal.Kind { return journal.KindInstructions }
func (*Review) kind() journal.Kind       { return journal.KindReview }
func (*Proposal) kind() journal.Kind     { return journal.KindProposal }
func (*Decision) kind() journal.Kind     { return journal.KindDecision }
func (*Note) kind() journal.Kind         { return journal.KindNote }
func (*Inquiry) kind() journal.Kind      { return journal.KindInquiry }

// Encode gives the one encoding of a command, as a draft of an entry holds it.
// It fails on what no command may hold.
func Encode(c Command) (kind journal.Kind, ver uint8, body []byte, err error) {
	if err := c.check(); err != nil {
		return 0, 0, nil, fmt.Errorf("%s: %w", c.kind(), err)
	}
	if batch, ok := c.(*Instructions); ok {
		return c.kind(), versionOf(c), batch.append(make([]byte, 0, 64+48*len(batch.Rows))), nil
	}
	body, err = canonical(c)
	return c.kind(), versionOf(c), body, err
}

// Draft makes the draft of an entry of a command.
func Draft(actor, key string, c Command) (journal.Draft, error) {
	kind, ver, body, err := Encode(c)
	return journal.Draft{Kind: kind, Version: ver, Actor: actor, Key: key, Body: body}, err
}

// ErrNotUnderstood is wrapped where an entry is of a kind or version that this
// program does not know.
var ErrNotUnderstood = errors.New("not known to this version of the program")

// Decode reads the body of an entry. It takes nothing that [Encode] would not
// write.
func Decode(d *journal.Draft) (Command, error) {
	if !Knows(d.Kind, d.Version) {
		return nil, fmt.Errorf("%s, version %d: %w", d.Kind, d.Version, ErrNotUnderstood)
	}
	if d.Kind == journal.KindInstructions {
		batch := &Instructions{}
		return batch, batch.decode(d.Version, d.Body)
	}
	c := blank(d.Kind)
	dec := json.NewDecoder(bytes.NewReader(d.Body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(c); err != nil {
		return nil, fmt.Errorf("%s: %w", d.Kind, err)
	}
	again, err := canonical(c)
	if err == nil && !bytes.Equal(again, d.Body) {
		err = errors.New("the body is not in its one encoding")
	}
	if err == nil {
		err = c.check()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Kind, err)
	}
	return c, nil
}

func blank(k journal.Kind) Command {
	switch k {
	case journal.KindOffer:
		return &Offer{}
	case journal.KindGrant:
		return &Grant{}
	case journal.KindPositions:
		return &Positions{}
	case journal.KindReview:
		return &Review{}
	case journal.KindProposal:
		return &Proposal{}
	case journal.KindDecision:
		return &Decision{}
	case journal.KindNote:
		return &Note{}
	case journal.KindKey:
		return &Key{}
	case journal.KindCheckpoint:
		return &Checkpoint{}
	case journal.KindInquiry:
		return &Inquiry{}
	}
	return nil
}

// canonical is JSON with the keys in the order of the type, without white space
// and without escapes that JSON does not ask for.
func canonical(c Command) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Limits of what a command holds, in bytes.
const (
	maxName = 255     // ids, accounts, actors
	maxFile = 8 << 20 // offer files, payment files
	maxWhy  = 64 << 10
)

// text checks that s is UTF-8 of at most n bytes, and something if needed.
func text(what, s string, n int, needed bool) error {
	switch {
	case needed && s == "":
		return fmt.Errorf("%s is missing", what)
	case len(s) > n:
		return fmt.Errorf("%s has %d bytes, at most %d are taken", what, len(s), n)
	case !utf8.ValidString(s):
		return fmt.Errorf("%s is not UTF-8", what)
	}
	return nil
}

func (o *Offer) check() error {
	return errors.Join(text("name", o.Name, maxName, true), text("file", o.File, maxFile, true))
}

func (g *Grant) check() error {
	return errors.Join(text("actor", g.Actor, maxName, true), text("person", g.Person, maxName, false),
		text("role", string(g.Role), maxName, true), text("participant", g.Participant, maxName, false))
}

func (p *Positions) check() error {
	if len(p.List) == 0 {
		return errors.New("no position is given")
	}
	if err := text("source", p.Source, maxName, false); err != nil {
		return err
	}
	for i := range p.List {
		x := &p.List[i]
		if err := errors.Join(text("participant", x.Participant, maxName, true), text("series", x.Series, maxName, true)); err != nil {
			return fmt.Errorf("position %d: %w", i+1, err)
		}
		if x.Principal < 0 {
			return fmt.Errorf("position %d: principal %d, needs 0 or more", i+1, x.Principal)
		}
	}
	return nil
}

func (r *Review) check() error {
	if _, ok := reviewEvents[r.Action]; !ok {
		return fmt.Errorf("action %q, needs defect, cure, ask-waiver, block or reject", r.Action)
	}
	return errors.Join(text("instruction", r.Instruction, maxName, true), text("why", r.Why, maxWhy, r.Action == "defect" || r.Action == "reject"))
}

func (p *Proposal) check() error {
	uses, ok := proposals[p.What]
	if !ok {
		return fmt.Errorf("proposal %q is of no known kind", p.What)
	}
	if _, offset := p.Expires.Zone(); p.Expires.IsZero() || offset != 0 || p.Expires.Location() != time.UTC {
		return errors.New("expires: needs a time in UTC")
	}
	return errors.Join(
		digest("basis", p.Basis, true), text("name", p.Name, maxName, uses.file), unused("name", p.Name, uses.file),
		text("file", p.File, maxFile, uses.file), unused("file", p.File, uses.file),
		text("subject", p.Subject, maxName, uses.subject && p.What != Terminate), unused("subject", p.Subject, uses.subject),
		checkRun(p.Run, uses.result), digest("result", p.Result, uses.result), text("why", p.Why, maxWhy, false),
	)
}

func checkRun(r Run, used bool) error {
	if used && r != Early && r != Final || !used && r != "" {
		return fmt.Errorf("run %q does not belong here", r)
	}
	return nil
}

func unused(what, s string, used bool) error {
	if !used && s != "" {
		return fmt.Errorf("%s %q does not belong to this kind of proposal", what, s)
	}
	return nil
}

// digest checks 32 bytes in lower-case hexadecimal, or nothing if not needed.
func digest(what, s string, needed bool) error {
	if !needed && s == "" {
		return nil
	}
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 32 || hex.EncodeToString(b) != s || !needed {
		return fmt.Errorf("%s %q is not a SHA-256 in hexadecimal, or does not belong here", what, s)
	}
	return nil
}

func (d *Decision) check() error {
	return errors.Join(digest("digest", d.Digest, true), text("why", d.Why, maxWhy, false))
}

func (n *Note) check() error {
	return errors.Join(text("text", n.Text, maxWhy, true), text("instruction", n.Instruction, maxName, false))
}

func (q *Inquiry) check() error {
	return errors.Join(text("subject", string(q.Subject), maxName, true), text("of", q.Of, maxName, false))
}
