// Package journal keeps the record of an offer so that anyone can check it.
//
// A journal is a list of entries in one order. Each [Entry] names the one before
// it by hash, so that none can be changed, taken out or slipped in without all
// that follow changing; the hashes are also the leaves of a Merkle tree, so that
// a signed [Checkpoint] of a few lines stands for all of it, a [Receipt] can be
// proved to be in it, and a later checkpoint can be proved to hold all of an
// earlier one.
//
// The package computes. What an entry means is package book's; where it is kept
// is the business of a store.
//
// # Who uses what
//
// A store writes the entry that [Next] makes and answers with [ReceiptOf]. A
// [Verifier] reads the encodings back, one by one, and names the first damage; it
// alone can sign a checkpoint, so that nothing is signed that was not read. A
// [Tree] proves: [Prove] makes the [Evidence] that a holder keeps, [Extend] the
// proof that a later checkpoint holds all of an earlier one. A bundle is a whole
// offer as one file: [NewBundleWriter], [VerifyBundle], [ImportBundle].
//
// # Formats
//
// An entry has exactly one encoding, of length-prefixed fields (see
// [Entry.AppendBinary]). Its hash is the leaf hash of RFC 6962: SHA-256 of a zero
// byte and the encoding. Checkpoints are signed notes as the Go checksum database
// has them.
package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// A Kind says what an entry records. Codes never change their meaning.
type Kind uint8

// The kinds.
const (
	KindOffer        Kind = 1  // a draft of the terms: the offer file
	KindGrant        Kind = 2  // rights on the offer given or taken
	KindInstructions Kind = 3  // a batch of tenders, withdrawals, guarantees and deliveries
	KindReview       Kind = 4  // a defect found, cured or waived, an instruction rejected
	KindProposal     Kind = 5  // a change that needs a second person
	KindDecision     Kind = 6  // a proposal approved or rejected
	KindNote         Kind = 7  // a remark for the record
	KindPositions    Kind = 8  // what participants hold of each series, as the depository says
	KindInquiry      Kind = 9  // somebody asked to see what it may not
	KindKey          Kind = 10 // a public key for checkpoints taken into use, or retired
	KindCheckpoint   Kind = 11 // a signed checkpoint of entries before it
)

var kindNames = map[Kind]string{
	KindOffer: "offer", KindGrant: "grant", KindInstructions: "instructions", KindReview: "review",
	KindProposal: "proposal", KindDecision: "decision", KindNote: "note", KindPositions: "positions",
	KindInquiry: "inquiry", KindKey: "key", KindCheckpoint: "checkpoint",
}

// String is the kind's name, or its code where this version knows none.
func (k Kind) String() string {
	if name, ok := kindNames[k]; ok {
		return name
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// A Draft is an entry before it has a place in the journal.
type Draft struct {
	Kind    Kind
	Version uint8  // of the body's encoding
	Actor   string // who: a user or an API key of a named system
	Key     string // idempotency key of the command, unique for the actor and the offer
	Body    []byte // canonical bytes of the command
}

// BodyHash identifies the body, to tell a repeated command from another one
// under the same key.
func (d *Draft) BodyHash() [32]byte {
	var room [512]byte // what fits is hashed at once
	if len(d.Body) <= len(room)-2 {
		return sha256.Sum256(append(append(room[:0], byte(d.Kind), d.Version), d.Body...))
	}
	h := sha256.New()
	h.Write([]byte{byte(d.Kind), d.Version})
	h.Write(d.Body)
	return [32]byte(h.Sum(nil))
}

// An Entry is one line of the journal of an offer.
type Entry struct {
	Offer string
	Seq   uint64    // 1, 2, 3, ... without a gap
	At    time.Time // record time, UTC, to the nanosecond; never before the entry before
	Draft
	Prev [32]byte // hash of the entry before; [Genesis] for the first
}

// Genesis is what the first entry of an offer names as the one before it. It
// binds the chain to the offer, so that entries cannot move between offers.
func Genesis(offer string) [32]byte {
	return sha256.Sum256([]byte("tenderbook journal\n" + offer + "\n"))
}

// format is the version of the encoding of entries.
const format = 1

// AppendBinary appends the one encoding of the entry to dst: a format byte, then
// offer, sequence, time, kind, version, actor, key, the hash before and the body;
// numbers are big-endian, texts have their length in front.
func (e *Entry) AppendBinary(dst []byte) []byte {
	dst = append(dst, format)
	dst = appendText(dst, e.Offer)
	dst = binary.BigEndian.AppendUint64(dst, e.Seq)
	dst = binary.BigEndian.AppendUint64(dst, uint64(e.At.UnixNano()))
	dst = append(dst, byte(e.Kind), e.Version)
	dst = appendText(dst, e.Actor)
	dst = appendText(dst, e.Key)
	dst = append(dst, e.Prev[:]...)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(e.Body)))
	return append(dst, e.Body...)
}

func appendText(dst []byte, s string) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(s)))
	return append(dst, s...)
}

// Limits of an entry's parts, in bytes.
const (
	MaxText  = 1 << 10                                          // offer, actor, key
	MaxBody  = 64 << 20                                         // a batch
	MaxEntry = 1 + 3*(2+MaxText) + 8 + 8 + 2 + 32 + 4 + MaxBody // an encoding
)

// MaxEntries is how many entries the journal of one offer can have. Stores refuse
// more; package book keeps their numbers in 32 bits, and one number stands for none.
const MaxEntries = 1<<32 - 2

// Check refuses drafts that no entry can hold.
func (d *Draft) Check() error {
	if d.Kind == 0 {
		return errors.New("draft has no kind")
	}
	if err := checkText("actor", d.Actor); err != nil {
		return err
	}
	if err := checkText("idempotency key", d.Key); err != nil {
		return err
	}
	if len(d.Body) > MaxBody {
		return fmt.Errorf("body of %d bytes, at most %d are taken", len(d.Body), MaxBody)
	}
	return nil
}

// CheckOffer refuses names of offers that no journal can have.
func CheckOffer(offer string) error { return checkText("offer", offer) }

// checkText refuses texts that would not fit an entry, or one line of a text
// format.
func checkText(what, s string) error {
	if s == "" || len(s) > MaxText {
		return fmt.Errorf("%s of %d bytes, needs 1 to %d", what, len(s), MaxText)
	}
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 0x7f {
			return fmt.Errorf("%s %q has a control character", what, s)
		}
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("%s %q is not UTF-8", what, s)
	}
	return nil
}

// ErrNewer is returned for entries written by a later version of the program.
var ErrNewer = errors.New("written by a newer version of the program: upgrade to read it")

// ErrUnknown is wrapped by stores where a commit was cut off: the entries may be
// there or not. Send the command again with the same key to find out.
var ErrUnknown = errors.New("outcome unknown: send the command again with the same key")

// ParseEntry reads the encoding of one entry, all of b. It accepts nothing that
// [Entry.AppendBinary] would not write for a draft that passes [Draft.Check]. A
// kind or version that it does not know is no error: see [Verifier]. The body of
// the entry is a part of b.
func ParseEntry(b []byte) (*Entry, error) {
	p := parser{rest: b}
	if v := p.take(1); v != nil && v[0] != format {
		if v[0] > format {
			return nil, fmt.Errorf("entry of format %d: %w", v[0], ErrNewer)
		}
		return nil, fmt.Errorf("entry of format %d, needs %d", v[0], format)
	}
	e := &Entry{Offer: p.text()}
	e.Seq = p.uint64()
	e.At = time.Unix(0, int64(p.uint64())).UTC()
	if two := p.take(2); two != nil {
		e.Kind, e.Version = Kind(two[0]), two[1]
	}
	e.Actor, e.Key = p.text(), p.text()
	if prev := p.take(32); prev != nil {
		e.Prev = [32]byte(prev)
	}
	if size := p.take(4); size != nil {
		e.Body = p.body(binary.BigEndian.Uint32(size))
	}
	switch {
	case p.short:
		return nil, fmt.Errorf("entry breaks off after %d bytes", len(b))
	case len(p.rest) > 0:
		return nil, fmt.Errorf("entry has %d bytes too many", len(p.rest))
	case e.Seq == 0:
		return nil, errors.New("entry has sequence 0, the first is 1")
	}
	if err := CheckOffer(e.Offer); err != nil {
		return nil, err
	}
	if err := e.Check(); err != nil {
		return nil, err
	}
	return e, nil
}

// A parser takes fields off a slice; short says that there was not enough.
type parser struct {
	rest  []byte
	short bool
}

func (p *parser) take(n int) []byte {
	if p.short || n > len(p.rest) {
		p.short = true
		return nil
	}
	field := p.rest[:n:n]
	p.rest = p.rest[n:]
	return field
}

// body takes a body; its length is compared before it becomes an int.
func (p *parser) body(size uint32) []byte {
	if uint64(size) > uint64(len(p.rest)) {
		p.short = true
		return nil
	}
	return p.take(int(size))
}

func (p *parser) uint64() uint64 {
	if b := p.take(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (p *parser) text() string {
	if b := p.take(2); b != nil {
		return string(p.take(int(binary.BigEndian.Uint16(b))))
	}
	return ""
}

// Hash is the entry's leaf hash (RFC 6962, section 2.1), as tlog.RecordHash
// gives it.
func (e *Entry) Hash() [32]byte {
	return LeafHash(e.AppendBinary(make([]byte, 0, 128+len(e.Offer)+len(e.Actor)+len(e.Key)+len(e.Body))))
}

// LeafHash is the RFC 6962 hash of an entry's encoding.
func LeafHash(encoding []byte) [32]byte {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(encoding)
	return [32]byte(h.Sum(nil))
}

// A Receipt is the answer to a command that is on record.
type Receipt struct {
	Offer    string
	Seq      uint64
	At       time.Time
	Hash     [32]byte // of the entry
	Body     [32]byte // BodyHash of the entry's draft
	Existing bool     // the command was on record already; this is its first receipt
}

// ReceiptOf is the receipt of an entry.
func ReceiptOf(e *Entry) Receipt {
	return Receipt{Offer: e.Offer, Seq: e.Seq, At: e.At, Hash: e.Hash(), Body: e.BodyHash()}
}

// Next gives a draft its place after the last entry of an offer, whose receipt
// is zero where there is none. The time is the clock's, or the last entry's if
// the clock has gone back.
func Next(offer string, last Receipt, now time.Time, d Draft) Entry {
	e := Entry{Offer: offer, Seq: last.Seq + 1, At: now.UTC().Round(0), Draft: d, Prev: last.Hash}
	if last.Seq == 0 {
		e.Prev = Genesis(offer)
	}
	if e.At.Before(last.At) {
		e.At = last.At
	}
	return e
}
