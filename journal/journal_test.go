package journal

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var opened = time.Date(2004, time.October, 29, 13, 0, 0, 0, time.UTC)

// aJournal makes the encodings of n entries of an offer, with bodies of the size
// that is given and up to as much again.
func aJournal(offer string, n, body int) [][]byte {
	var all [][]byte
	var last Receipt
	dice := rand.New(rand.NewPCG(uint64(n), uint64(body)))
	for i := range n {
		d := Draft{Kind: KindInstructions, Version: 1, Actor: "desk@example", Key: fmt.Sprintf("key-%d", i), Body: make([]byte, body+dice.IntN(body+1))}
		for j := range d.Body {
			d.Body[j] = byte(dice.Uint32())
		}
		e := Next(offer, last, opened.Add(time.Duration(i)*time.Second), d)
		last = ReceiptOf(&e)
		all = append(all, e.AppendBinary(nil))
	}
	return all
}

// keys makes a signer and what verifies it.
func keys(t testing.TB, name string, seed uint64) (note.Signer, note.Verifiers) {
	t.Helper()
	signer, public := keyPair(t, name, seed)
	verifier, err := note.NewVerifier(public)
	check(t, err)
	return signer, note.VerifierList(verifier)
}

// keyPair makes the key of a name and number, and its public half.
func keyPair(t testing.TB, name string, seed uint64) (signer note.Signer, public string) {
	t.Helper()
	var fixed [32]byte
	fixed[0] = byte(seed)
	private, public, err := note.GenerateKey(bytes.NewReader(append(fixed[:], fixed[:]...)), name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err = note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return signer, public
}

// verified reads a journal whole.
func verified(t testing.TB, offer string, encodings [][]byte, known ...Checkpoint) *Verifier {
	t.Helper()
	v, err := NewVerifier(offer, known...)
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range encodings {
		if _, err := v.Add(b, Place{"journal", int64(i)}); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

func damageOf(t testing.TB, err error) *Damage {
	t.Helper()
	var d *Damage
	if !errors.As(err, &d) {
		t.Fatalf("got %v, needs damage", err)
	}
	return d
}

func TestHashIsThatOfTheTransparencyLogs(t *testing.T) {
	for _, b := range aJournal("A", 5, 10) {
		e, err := ParseEntry(b)
		if err != nil {
			t.Fatal(err)
		}
		if e.Hash() != tlog.RecordHash(b) || LeafHash(b) != tlog.RecordHash(b) {
			t.Errorf("entry %d: %x, the library has %s", e.Seq, e.Hash(), tlog.RecordHash(b))
		}
	}
}

func TestEntriesHaveOneEncoding(t *testing.T) {
	good := aJournal("LVLT-2004", 2, 3)[1]
	edit := func(at int, to ...byte) []byte {
		b := bytes.Clone(good)
		copy(b[at:], to)
		return b
	}
	for _, c := range []struct {
		claim string
		b     []byte
		want  string // "" is taken
	}{
		{"what was written is read", good, ""},
		{"a byte too many", append(bytes.Clone(good), 0), "1 bytes too many"},
		{"a byte too few", good[:len(good)-1], "breaks off"},
		{"nothing at all", nil, "breaks off"},
		{"a newer format", edit(0, 2), "newer version"},
		{"format 0", edit(0, 0), "format 0"},
		{"a length beyond the end", edit(1, 0xff, 0xff), "breaks off"},
		{"a control character in the offer", edit(3, '\n'), "control character"},
		{"an offer that is not UTF-8", edit(3, 0xff), "not UTF-8"},
		{"sequence 0", edit(12, 0, 0, 0, 0, 0, 0, 0, 0), "sequence 0"},
		{"no kind", edit(28, 0), "no kind"},
		{"an unknown kind is for the reader of the body", edit(28, 200), ""},
	} {
		e, err := ParseEntry(c.b)
		switch {
		case c.want == "" && err == nil:
			if again := e.AppendBinary(nil); !bytes.Equal(again, c.b) {
				t.Errorf("%s: written again as %x", c.claim, again)
			}
		case c.want == "" || err == nil || !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: got %v, needs %q", c.claim, err, c.want)
		}
	}
}

func TestDraftsThatNoEntryCanHold(t *testing.T) {
	good := Draft{Kind: KindNote, Version: 1, Actor: "ann", Key: "k", Body: []byte("x")}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for want, d := range map[string]Draft{
		"no kind":                              {Actor: "ann", Key: "k"},
		"actor of 0 bytes":                     {Kind: KindNote, Key: "k"},
		"idempotency key of 0 bytes":           {Kind: KindNote, Actor: "ann"},
		"actor of 1025 bytes, needs 1 to 1024": {Kind: KindNote, Actor: strings.Repeat("a", 1025), Key: "k"},
		`actor "a\nb" has a control character`: {Kind: KindNote, Actor: "a\nb", Key: "k"},
		"at most 67108864 are taken":           {Kind: KindNote, Actor: "ann", Key: "k", Body: make([]byte, MaxBody+1)},
	} {
		if err := d.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, needs %q", err, want)
		}
	}
}

func TestNextFollows(t *testing.T) {
	d := Draft{Kind: KindNote, Version: 1, Actor: "ann", Key: "1"}
	first := Next("A", Receipt{}, opened, d)
	if first.Seq != 1 || first.Prev != Genesis("A") || Genesis("A") == Genesis("B") {
		t.Errorf("the first entry is %+v", first)
	}
	back := Next("A", ReceiptOf(&first), opened.Add(-time.Hour), d)
	if back.Seq != 2 || back.Prev != first.Hash() || !back.At.Equal(opened) {
		t.Errorf("after a clock that went back an entry is %+v", back)
	}
}

func TestVerifierNamesTheFirstDamage(t *testing.T) {
	good := aJournal("A", 9, 4)
	other := aJournal("B", 9, 4)
	c, err := verified(t, "A", good).Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	swapped := func(i int, b []byte) [][]byte { return append(append(good[:i:i], b), good[i+1:]...) }
	changed := func(i int, change func(*Entry)) []byte {
		e, err := ParseEntry(bytes.Clone(good[i]))
		if err != nil {
			t.Fatal(err)
		}
		change(e)
		return e.AppendBinary(nil)
	}
	for _, x := range []struct {
		claim   string
		journal [][]byte
		code    Code
		seq     uint64
	}{
		{"an entry of another offer", swapped(4, other[4]), OtherOffer, 5},
		{"an entry that is gone", append(good[:4:4], good[5:]...), Gap, 5},
		{"an entry there twice", append(good[:5:5], good[4:]...), Repeated, 5},
		{"a changed body shows in the next entry", swapped(4, changed(4, func(e *Entry) { e.Body[0] ^= 1 })), WrongPrev, 6},
		{"a changed last entry shows in the checkpoint", swapped(8, changed(8, func(e *Entry) { e.Body[0] ^= 1 })), WrongRoot, 9},
		{"a time before the last", swapped(4, changed(4, func(e *Entry) { e.At = opened })), TimeBack, 5},
		{"bytes that are no entry", swapped(4, []byte{1, 2, 3}), BadEncoding, 5},
		{"a newer format", swapped(4, append([]byte{9}, good[4]...)), NewerFormat, 5},
		{"entries gone at the end", good[:6], CutOff, 7},
	} {
		v, err := NewVerifier("A", c)
		if err != nil {
			t.Fatal(err)
		}
		var at int
		for i, b := range x.journal {
			at = i
			if _, err = v.Add(b, Place{"journal.db", int64(i)}); err != nil {
				break
			}
		}
		if err == nil {
			at = len(x.journal)
			err = v.End(Place{"journal.db", int64(at)})
		}
		d := damageOf(t, err)
		if d.Code != x.code || d.Seq != x.seq || d.Offset != int64(at) || !strings.HasPrefix(d.Error(), fmt.Sprintf("journal.db: offset %d: entry %d: ", at, x.seq)) {
			t.Errorf("%s: got %v, needs %s at entry %d", x.claim, d, x.code, x.seq)
		}
		if d.Code == NewerFormat && !errors.Is(d, ErrNewer) {
			t.Errorf("%s: %v is no ErrNewer", x.claim, d)
		}
		if _, err := v.Sign(); err == nil || damageOf(t, err) != d {
			t.Errorf("%s: signing after damage gives %v", x.claim, err)
		}
	}
}

// Everything in a chain can be made anew by whoever holds it. Then only what is
// known from elsewhere tells.
func TestAJournalWrittenAnewMeetsTheKnownCheckpoint(t *testing.T) {
	good := aJournal("A", 40, 4)
	var known []Checkpoint
	for _, n := range []int{10, 20, 30} {
		c, err := verified(t, "A", good[:n]).Checkpoint()
		if err != nil {
			t.Fatal(err)
		}
		known = append(known, c)
	}
	var last Receipt
	v, err := NewVerifier("A", known[2], known[0], known[1])
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range good {
		e, _ := ParseEntry(b)
		if i == 14 {
			e.Body = []byte("another")
		}
		e.Prev = last.Hash
		if i == 0 {
			e.Prev = Genesis("A")
		}
		last = ReceiptOf(e)
		if _, err = v.Add(e.AppendBinary(nil), Place{"j", int64(i)}); err != nil {
			break
		}
	}
	d := damageOf(t, err)
	if d.Code != WrongRoot || d.Seq != 20 || !strings.Contains(d.Why, "entries 11 to 20") {
		t.Errorf("got %v", d)
	}
}

func TestEntriesOfNewerKindsPass(t *testing.T) {
	var last Receipt
	v, _ := NewVerifier("A")
	for i, kind := range []Kind{KindOffer, 99, KindNote, 99} {
		e := Next("A", last, opened, Draft{Kind: kind, Version: 7, Actor: "a", Key: fmt.Sprint(i)})
		last = ReceiptOf(&e)
		if _, err := v.Add(e.AppendBinary(nil), Place{}); err != nil {
			t.Fatal(err)
		}
	}
	if v.Newer != 2 || v.FirstNewer != 2 || v.Size() != 4 {
		t.Errorf("%d newer entries from %d on, of %d", v.Newer, v.FirstNewer, v.Size())
	}
}

// An honest store cannot be made to sign what it does not hold: the signer reads
// the bytes. This is the one place that makes signed checkpoints.
func TestOnlyWhatWasReadIsSigned(t *testing.T) {
	journal := aJournal("A", 6, 4)
	signer, known := keys(t, "agent.example", 1)
	signed, err := verified(t, "A", journal).Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := OpenCheckpoint(signed, known)
	if err != nil {
		t.Fatal(err)
	}
	var tree Tree
	for _, b := range journal {
		tree.Add(LeafHash(b))
	}
	if root, _ := tree.Root(6); root != c.Root || c.Size != 6 || c.Offer != "A" || !c.At.Equal(opened.Add(5*time.Second)) {
		t.Errorf("got %+v", c)
	}
	journal[3][len(journal[3])-1] ^= 0x10 // on disk, after it was written
	v, _ := NewVerifier("A")
	for i, b := range journal {
		v.Add(b, Place{"j", int64(i)})
	}
	if signed, err := v.Sign(signer); damageOf(t, err).Code != WrongPrev || signed != nil {
		t.Errorf("signed %q: %v", signed, err)
	}
	for _, c := range []struct {
		claim string
		v     *Verifier
		keys  []note.Signer
		want  string
	}{
		{"nothing", verified(t, "A", nil), []note.Signer{signer}, "no entries"},
		{"without a key", verified(t, "A", aJournal("A", 2, 1)), nil, "without a key"},
		{"fewer than are known", verified(t, "A", aJournal("A", 2, 1), c), []note.Signer{signer}, "6 are known"},
	} {
		if _, err := c.v.Sign(c.keys...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("signing %s: %v, needs %q", c.claim, err, c.want)
		}
	}
}

func TestCheckpointsHaveOneText(t *testing.T) {
	c := Checkpoint{Offer: "LVLT-2004", Size: 12, At: opened}
	text := c.String()
	if got, err := ParseCheckpoint(text); err != nil || got != c {
		t.Fatalf("%+v, %v", got, err)
	}
	signer, known := keys(t, "agent.example", 1)
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		t.Fatal(err)
	}
	for i := range signed {
		for bit := range 8 {
			b := bytes.Clone(signed)
			b[i] ^= 1 << bit
			if got, err := OpenCheckpoint(b, known); err == nil && got != c {
				t.Fatalf("bit %d of byte %d flipped: taken as %+v", bit, i, got)
			} else if err == nil && !bytes.HasPrefix(b, []byte(text)) {
				t.Fatalf("bit %d of byte %d of the text flipped: taken", bit, i)
			}
		}
	}
	for _, bad := range []string{
		"", text + "x\n", strings.Replace(text, "12", "012", 1), strings.Replace(text, "12", "0", 1), strings.Replace(text, "at ", "", 1),
		strings.Replace(text, "tenderbook", "another", 1), strings.Replace(text, "Z", "+00:00", 1), strings.Replace(text, "AAA=", "AAB=", 1),
		strings.Replace(text, "LVLT-2004", "", 1), strings.Replace(text, "A=", "A\r=", 1),
	} {
		if c, err := ParseCheckpoint(bad); err == nil {
			t.Errorf("%q is taken as %+v", bad, c)
		}
	}
	_, stranger := keys(t, "agent.example", 2)
	if _, err := OpenCheckpoint(signed, stranger); err == nil {
		t.Error("a signature by another key of the same name is taken")
	}
}

func TestSeveralSign(t *testing.T) {
	a, knowsA := keys(t, "agent.example", 1)
	b, knowsB := keys(t, "auditor.example", 2)
	signed, err := verified(t, "A", aJournal("A", 3, 1)).Sign(a, b)
	if err != nil {
		t.Fatal(err)
	}
	for _, known := range []note.Verifiers{knowsA, knowsB, nil} {
		if _, err := OpenCheckpoint(signed, known); err != nil {
			t.Error(err)
		}
	}
}
