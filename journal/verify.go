package journal

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Place is where bytes were read.
type Place struct {
	File   string // or the name of a database
	Offset int64  // of the first byte; in a database the row's number
}

// A Code names a sort of damage. Codes never change their meaning.
type Code string

// The sorts of damage.
const (
	BadEncoding   Code = "bad-encoding"   // the bytes are no entry
	Gap           Code = "gap"            // an entry is missing
	Repeated      Code = "repeated"       // an entry stands there again
	WrongPrev     Code = "wrong-prev"     // an entry does not name the one before it
	TimeBack      Code = "time-back"      // an entry is older than the one before it
	OtherOffer    Code = "other-offer"    // an entry or checkpoint of another offer
	NewerFormat   Code = "newer-format"   // not damage: a newer version can read it
	WrongRoot     Code = "wrong-root"     // the entries are not those of a checkpoint
	CutOff        Code = "cut-off"        // entries of a known checkpoint are missing at the end
	BadCheckpoint Code = "bad-checkpoint" // not a checkpoint, or not signed as it should be
	BadFrame      Code = "bad-frame"      // a bundle's frame is broken, missing or in the wrong place
	BadAttachment Code = "bad-attachment" // an attachment is not what the bundle says
	WrongReceipt  Code = "wrong-receipt"  // an entry is not the one that a receipt is of
)

// Damage is the first thing wrong with a journal or bundle. What stands before
// it was checked and is whole.
type Damage struct {
	Place
	// Seq is the entry that is wrong, missing or standing in the wrong place.
	// Damage outside entries has the last whole one before it, 0 in the header
	// of a bundle.
	Seq  uint64
	Code Code
	Why  string // what was found and what was needed
	Err  error  // the cause, such as ErrNewer; may be nil
}

// Error gives file, offset, sequence and what is wrong.
func (d *Damage) Error() string {
	return fmt.Sprintf("%s: offset %d: entry %d: %s (%s)", d.File, d.Offset, d.Seq, d.Why, d.Code)
}

// Unwrap gives the cause.
func (d *Damage) Unwrap() error { return d.Err }

// A Verifier reads the entries of one offer in order and stops at the first
// damage. It keeps a few hundred bytes, however long the journal.
type Verifier struct {
	// Knows says whether this program understands a kind and version. Entries
	// that it does not are checked like others and counted in Newer. Nil knows
	// the kinds of this package in every version.
	Knows func(Kind, uint8) bool
	// Newer counts the entries that are of an unknown kind or version, and
	// FirstNewer is the first of them.
	Newer, FirstNewer uint64

	offer  string
	last   Receipt // of the last entry; Body is not set
	tree   peaks
	known  []Checkpoint // not reached yet, by size
	proved uint64       // size of the last known checkpoint that was met
	damage *Damage
}

// NewVerifier verifies the journal of an offer against the checkpoints that are
// known from elsewhere, such as those that were published. Without one, entries
// cut off at the end are not missed, nor is a journal written anew from
// beginning to end.
func NewVerifier(offer string, known ...Checkpoint) (*Verifier, error) {
	if err := CheckOffer(offer); err != nil {
		return nil, err
	}
	for _, c := range known {
		if c.Offer != offer {
			return nil, fmt.Errorf("known checkpoint of offer %q, the journal is of %q", c.Offer, offer)
		}
		if c.Size == 0 {
			return nil, errors.New("known checkpoint of no entries")
		}
	}
	known = slices.Clone(known)
	slices.SortStableFunc(known, func(a, b Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	return &Verifier{offer: offer, known: known}, nil
}

// Size is the number of whole entries so far.
func (v *Verifier) Size() uint64 { return v.tree.size }

// Root is the root of the Merkle tree over them.
func (v *Verifier) Root() [32]byte { return v.tree.root() }

// Add checks the next entry's encoding. The error is a [*Damage]; after the first
// one nothing more is taken, and every call returns it again.
func (v *Verifier) Add(encoding []byte, at Place) (*Entry, error) {
	if v.damage != nil {
		return nil, v.damage
	}
	due := v.last.Seq + 1
	e, err := ParseEntry(encoding)
	switch {
	case errors.Is(err, ErrNewer):
		return nil, v.wrong(at, due, NewerFormat, err)
	case err != nil:
		return nil, v.wrong(at, due, BadEncoding, err)
	}
	if err := v.follows(e, at); err != nil {
		return nil, err
	}
	v.take(e, LeafHash(encoding))
	return e, v.meetKnown(at)
}

// follows checks an entry against the one before it.
func (v *Verifier) follows(e *Entry, at Place) error {
	due := v.last.Seq + 1
	prev := v.last.Hash
	if due == 1 {
		prev = Genesis(v.offer)
	}
	switch {
	case e.Offer != v.offer:
		return v.wrongf(at, due, OtherOffer, "entry %d of offer %q stands here, the journal is of %q", e.Seq, e.Offer, v.offer)
	case e.Seq > due:
		return v.wrongf(at, due, Gap, "missing: entry %d stands here", e.Seq)
	case e.Seq < due:
		return v.wrongf(at, e.Seq, Repeated, "stands here again, entry %d is due", due)
	case e.Prev != prev:
		return v.wrongf(at, e.Seq, WrongPrev, "names %x as the entry before, which is %x: one of the two was changed", e.Prev, prev)
	case e.At.Before(v.last.At):
		return v.wrongf(at, e.Seq, TimeBack, "recorded at %s, the entry before at %s", formatTime(e.At), formatTime(v.last.At))
	}
	return nil
}

// take adds an entry that follows.
func (v *Verifier) take(e *Entry, hash [32]byte) {
	v.tree.add(hash)
	v.last = Receipt{Offer: v.offer, Seq: e.Seq, At: e.At, Hash: hash}
	known := v.Knows
	if known == nil {
		known = func(k Kind, _ uint8) bool { return kindNames[k] != "" }
	}
	if !known(e.Kind, e.Version) {
		v.Newer++
		if v.Newer == 1 {
			v.FirstNewer = e.Seq
		}
	}
}

// meetKnown compares the root with the known checkpoints of this size.
func (v *Verifier) meetKnown(at Place) error {
	for len(v.known) > 0 && v.known[0].Size == v.tree.size {
		if err := v.Meet(v.known[0], at); err != nil {
			return err
		}
		v.known = v.known[1:]
	}
	return nil
}

// Meet checks that a checkpoint stands for exactly the entries so far.
func (v *Verifier) Meet(c Checkpoint, at Place) error {
	switch {
	case v.damage != nil:
		return v.damage
	case c.Offer != v.offer:
		return v.wrongf(at, v.last.Seq, OtherOffer, "checkpoint of offer %q, the journal is of %q", c.Offer, v.offer)
	case c.Size > v.tree.size:
		return v.wrongf(at, v.tree.size+1, CutOff, "missing: a checkpoint covers %d entries, %d stand before it", c.Size, v.tree.size)
	case c.Size < v.tree.size:
		return v.wrongf(at, v.last.Seq, BadCheckpoint, "checkpoint of %d entries stands behind %d", c.Size, v.tree.size)
	case c.Root != v.tree.root():
		return v.wrongf(at, v.last.Seq, WrongRoot, "entries %d to %d are not those of the checkpoint: its root is %s, theirs %s",
			v.proved+1, c.Size, tlog.Hash(c.Root), tlog.Hash(v.tree.root()))
	case !c.At.Equal(v.last.At):
		return v.wrongf(at, v.last.Seq, BadCheckpoint, "checkpoint ends at %s, its last entry is of %s", formatTime(c.At), formatTime(v.last.At))
	}
	v.proved = c.Size
	return nil
}

// End says that no entry follows. A known checkpoint of more entries is damage.
func (v *Verifier) End(at Place) error {
	if v.damage == nil && len(v.known) > 0 {
		return v.wrongf(at, v.tree.size+1, CutOff, "missing: a known checkpoint covers %d entries, the journal ends after %d", v.known[0].Size, v.tree.size)
	}
	if v.damage != nil {
		return v.damage
	}
	return nil
}

// Checkpoint stands for the entries so far. It is an error if there are none or
// something was wrong.
func (v *Verifier) Checkpoint() (Checkpoint, error) {
	switch {
	case v.damage != nil:
		return Checkpoint{}, v.damage
	case v.tree.size == 0:
		return Checkpoint{}, fmt.Errorf("offer %s has no entries to stand for", v.offer)
	}
	return Checkpoint{Offer: v.offer, Size: v.tree.size, Root: v.tree.root(), At: v.last.At}, nil
}

// Sign signs a checkpoint of the entries so far: of bytes that were read back
// and checked, never of hashes kept since they were written. There is no other
// way to make a signed checkpoint. It may be called again as more are added.
func (v *Verifier) Sign(keys ...note.Signer) ([]byte, error) {
	c, err := v.Checkpoint()
	switch {
	case err != nil:
		return nil, err
	case len(keys) == 0:
		return nil, errors.New("checkpoint to be signed without a key")
	case len(v.known) > 0:
		return nil, fmt.Errorf("checkpoint of %d entries where %d are known to be on record", c.Size, v.known[0].Size)
	}
	return note.Sign(&note.Note{Text: c.String()}, keys...)
}

func (v *Verifier) wrong(at Place, seq uint64, code Code, cause error) *Damage {
	v.damage = &Damage{Place: at, Seq: seq, Code: code, Why: cause.Error(), Err: cause}
	return v.damage
}

func (v *Verifier) wrongf(at Place, seq uint64, code Code, format string, args ...any) *Damage {
	return v.wrong(at, seq, code, fmt.Errorf(format, args...))
}
