package journal

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Evidence is a receipt with all that is needed to check it without the journal:
// a small file that a holder keeps. It proves that the entry of the receipt is in
// the journal that the checkpoint stands for. With the entry itself it also
// proves who sent what, and when it was recorded; without it, the time and body
// hash are what the issuer of the receipt said.
type Evidence struct {
	Receipt    Receipt // Existing is not kept
	Entry      []byte  // encoding of the entry; nil where it is not shown
	Proof      []tlog.Hash
	Checkpoint []byte // signed
}

// Prove makes the evidence for an entry of a tree under a signed checkpoint. The
// encoding may be nil.
func Prove(t *Tree, r Receipt, encoding, checkpoint []byte) (*Evidence, error) {
	c, err := OpenCheckpoint(checkpoint, nil)
	if err != nil {
		return nil, err
	}
	proof, err := t.inclusion(r.Seq, c.Size)
	if err != nil {
		return nil, err
	}
	r.Existing = false
	ev := &Evidence{Receipt: r, Entry: encoding, Proof: proof, Checkpoint: checkpoint}
	if _, err := ev.Check(nil); err != nil {
		return nil, err // the receipt is not of this tree
	}
	return ev, nil
}

// Check checks all that the evidence claims and returns its checkpoint, to be
// compared with one that was published. Keys are those of [OpenCheckpoint].
func (ev *Evidence) Check(keys Keys) (Checkpoint, error) {
	c, err := OpenCheckpoint(ev.Checkpoint, keys)
	if err != nil {
		return Checkpoint{}, err
	}
	r := ev.Receipt
	if r.Offer != c.Offer {
		return Checkpoint{}, fmt.Errorf("receipt of offer %q, the checkpoint is of %q", r.Offer, c.Offer)
	}
	if r.Seq == 0 || r.Seq > c.Size {
		return Checkpoint{}, fmt.Errorf("receipt of entry %d, the checkpoint covers 1 to %d", r.Seq, c.Size)
	}
	if err := tlog.CheckRecord(ev.Proof, int64(c.Size), c.Root, int64(r.Seq-1), r.Hash); err != nil {
		return Checkpoint{}, fmt.Errorf("entry %d with hash %s is not in the journal of the checkpoint: the proof gives another root", r.Seq, tlog.Hash(r.Hash))
	}
	if r.At.After(c.At) {
		return Checkpoint{}, fmt.Errorf("receipt of %s, the checkpoint ends at %s", formatTime(r.At), formatTime(c.At))
	}
	return c, ev.checkEntry()
}

func (ev *Evidence) checkEntry() error {
	if ev.Entry == nil {
		return nil
	}
	e, err := ParseEntry(ev.Entry)
	if err != nil {
		return err
	}
	if got := ReceiptOf(e); got != ev.Receipt {
		return fmt.Errorf("the entry shown is not that of the receipt: offer %q, entry %d, %s", got.Offer, got.Seq, formatTime(got.At))
	}
	return nil
}

const evidenceTitle = "tenderbook receipt 1"

// MarshalText gives the file that docs/journal.md describes.
func (ev *Evidence) MarshalText() ([]byte, error) {
	var b bytes.Buffer
	r := ev.Receipt
	fmt.Fprintf(&b, "%s\noffer %s\nentry %d\nat %s\nhash %s\nbody %s\n", evidenceTitle, r.Offer, r.Seq, formatTime(r.At), tlog.Hash(r.Hash), tlog.Hash(r.Body))
	if ev.Entry != nil {
		fmt.Fprintf(&b, "encoding %s\n", base64.StdEncoding.EncodeToString(ev.Entry))
	}
	writeProof(&b, ev.Proof)
	writeNote(&b, ev.Checkpoint)
	return b.Bytes(), nil
}

// UnmarshalText reads what [Evidence.MarshalText] writes and nothing else. It
// does not check the claims.
func (ev *Evidence) UnmarshalText(text []byte) error {
	p := lines{rest: string(text)}
	p.want(evidenceTitle)
	*ev = Evidence{}
	r := &ev.Receipt
	r.Offer = p.field("offer")
	r.Seq = p.number("entry")
	r.At = p.time("at")
	r.Hash, r.Body = p.hash("hash"), p.hash("body")
	if strings.HasPrefix(p.rest, "encoding ") {
		ev.Entry = p.bytes("encoding")
	}
	ev.Proof = p.proof()
	ev.Checkpoint = p.note()
	return p.end(text, ev)
}

// A Growth proves that a later checkpoint holds every entry of an earlier one,
// in the same order: nothing was taken out or changed in between.
type Growth struct {
	Old, New []byte // signed checkpoints
	Proof    []tlog.Hash
}

// Extend proves that the entries of one signed checkpoint begin those of another.
func Extend(t *Tree, old, new []byte) (*Growth, error) {
	a, err := OpenCheckpoint(old, nil)
	if err != nil {
		return nil, err
	}
	b, err := OpenCheckpoint(new, nil)
	if err != nil {
		return nil, err
	}
	proof, err := t.consistency(a.Size, b.Size)
	if err != nil {
		return nil, err
	}
	g := &Growth{Old: old, New: new, Proof: proof}
	if _, _, err := g.Check(nil); err != nil {
		return nil, err
	}
	return g, nil
}

// Check checks the claim and returns both checkpoints. Keys are those of
// [OpenCheckpoint].
func (g *Growth) Check(keys Keys) (old, new Checkpoint, err error) {
	if old, err = OpenCheckpoint(g.Old, keys); err != nil {
		return old, new, err
	}
	if new, err = OpenCheckpoint(g.New, keys); err != nil {
		return old, new, err
	}
	switch {
	case old.Offer != new.Offer:
		err = fmt.Errorf("checkpoints of offers %q and %q", old.Offer, new.Offer)
	case old.Size > new.Size:
		err = fmt.Errorf("the checkpoint of %d entries cannot grow to %d", old.Size, new.Size)
	case old.At.After(new.At):
		err = fmt.Errorf("the earlier checkpoint is of %s, the later of %s", formatTime(old.At), formatTime(new.At))
	case tlog.CheckTree(g.Proof, int64(new.Size), new.Root, int64(old.Size), old.Root) != nil:
		err = fmt.Errorf("the journal of %d entries does not begin with the %d of the earlier checkpoint", new.Size, old.Size)
	}
	return old, new, err
}

const growthTitle = "tenderbook consistency 1"

// MarshalText gives the file that docs/journal.md describes.
func (g *Growth) MarshalText() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(growthTitle + "\n")
	writeProof(&b, g.Proof)
	writeNote(&b, g.Old)
	writeNote(&b, g.New)
	return b.Bytes(), nil
}

// UnmarshalText reads what [Growth.MarshalText] writes and nothing else. It does
// not check the claim.
func (g *Growth) UnmarshalText(text []byte) error {
	p := lines{rest: string(text)}
	p.want(growthTitle)
	*g = Growth{Proof: p.proof(), Old: p.note(), New: p.note()}
	return p.end(text, g)
}
