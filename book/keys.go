package book

import (
	"slices"
	"time"

	"tenderbook/journal"
)

// A Key takes a public key into use, by which checkpoints and results of the
// offer are signed, or out of it. So everybody who reads the journal sees which
// keys were used when.
type Key struct {
	Public string `json:"public"` // the text form of [journal.NewKeys]
	Retire bool   `json:"retire"` // from here on it signs nothing more
}

// A Checkpoint keeps a signed checkpoint on record: of entries before its own.
// Whether its root is theirs is for those to say who read them all: see
// [journal.Tree].
type Checkpoint struct {
	Signed string `json:"signed"` // the note, as docs/journal.md has it
}

func (*Key) kind() journal.Kind        { return journal.KindKey }
func (*Checkpoint) kind() journal.Kind { return journal.KindCheckpoint }

func (k *Key) check() error {
	if err := text("public", k.Public, maxName, true); err != nil {
		return err
	}
	_, err := journal.NewKeys(k.Public)
	return err
}

func (c *Checkpoint) check() error {
	if err := text("signed", c.Signed, maxWhy, true); err != nil {
		return err
	}
	_, err := journal.OpenCheckpoint([]byte(c.Signed), nil)
	return err
}

// A KeyOnRecord is a public key with when it was in use.
type KeyOnRecord struct {
	Public  string
	Seq     uint64 // entry from which on it is in use
	At      time.Time
	Retired uint64 // entry from which on it is not; 0: it is
}

// A CheckpointOnRecord is a signed checkpoint with its own entry.
type CheckpointOnRecord struct {
	Seq    uint64
	Signed []byte
}

// Keys lists the public keys, as they came.
func (s *State) Keys() []KeyOnRecord { return slices.Clone(s.keys) }

// Checkpoints lists the signed checkpoints, as they came.
func (s *State) Checkpoints() []CheckpointOnRecord { return slices.Clone(s.checkpoints) }

func (s *State) setKey(actor string, k *Key) *Refusal {
	if r := s.need(actor, MayKeepKeys); r != nil {
		return r
	}
	i := slices.IndexFunc(s.keys, func(x KeyOnRecord) bool { return x.Public == k.Public })
	switch {
	case !k.Retire && i >= 0:
		return refuse(AlreadyDone, "keys", "the key is on record since entry %d", s.keys[i].Seq)
	case k.Retire && i < 0:
		return refuse(BadSignature, "keys", "the key to be retired is not on record")
	case k.Retire && s.keys[i].Retired > 0:
		return refuse(AlreadyDone, "keys", "the key was retired in entry %d", s.keys[i].Retired)
	case k.Retire:
		s.keys[i].Retired = s.seq
	default:
		s.keys = append(s.keys, KeyOnRecord{Public: k.Public, Seq: s.seq, At: time.Unix(0, s.at).UTC()})
	}
	return nil
}

func (s *State) keepCheckpoint(actor string, x *Checkpoint) *Refusal {
	if r := s.need(actor, MayVerify); r != nil {
		return r
	}
	var inUse []string
	for _, k := range s.keys {
		if k.Retired == 0 {
			inUse = append(inUse, k.Public)
		}
	}
	keys, err := journal.NewKeys(inUse...)
	var c journal.Checkpoint
	if err == nil {
		c, err = journal.OpenCheckpoint([]byte(x.Signed), keys)
	}
	switch {
	case err != nil:
		return &Refusal{BadSignature, "keys", err.Error()}
	case c.Offer != s.offer:
		return refuse(BadSignature, "journal", "checkpoint of offer %q, needs %q", c.Offer, s.offer)
	case c.Size >= s.seq || c.At.UnixNano() > s.at:
		return refuse(BadSignature, "journal", "checkpoint of %d entries, %d stand before it", c.Size, s.seq-1)
	}
	s.checkpoints = append(s.checkpoints, CheckpointOnRecord{s.seq, []byte(x.Signed)})
	return nil
}

func (s *State) writeKeys(w *writer) {
	w.len(len(s.keys))
	for _, k := range s.keys {
		w.text(k.Public)
		w.uint(k.Seq)
		w.int(k.At.UnixNano())
		w.uint(k.Retired)
	}
	w.len(len(s.checkpoints))
	for _, c := range s.checkpoints {
		w.uint(c.Seq)
		w.bytes(c.Signed)
	}
}

func (r *reader) keys(s *State) {
	for range r.len(4) {
		s.keys = append(s.keys, KeyOnRecord{r.text(), r.uint(), time.Unix(0, r.int()).UTC(), r.uint()})
	}
	for range r.len(2) {
		s.checkpoints = append(s.checkpoints, CheckpointOnRecord{r.uint(), slices.Clone(r.bytes())})
	}
}
