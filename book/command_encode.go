package book

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"tenderbook/journal"
)

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
	if err := errors.Join(c.check(), fitsVersion(c, versionOf(c))); err != nil {
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
		err = errors.Join(c.check(), fitsVersion(c, d.Version))
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
