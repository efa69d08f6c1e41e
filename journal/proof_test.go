package journal

import (
	"bytes"
	"encoding"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// slowRoot is the root as RFC 6962, section 2.1, defines it.
func slowRoot(leaves []tlog.Hash) tlog.Hash {
	switch len(leaves) {
	case 0:
		return tlog.Hash(sha(nil))
	case 1:
		return leaves[0]
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	return tlog.NodeHash(slowRoot(leaves[:k]), slowRoot(leaves[k:]))
}

func TestRootsAreThoseOfTheDefinition(t *testing.T) {
	var tree Tree
	var compact peaks
	var leaves []tlog.Hash
	for n := range 400 {
		want := slowRoot(leaves)
		got, err := tree.Root(uint64(n))
		if err != nil || got != want || compact.root() != want {
			t.Fatalf("%d entries: root %x and %x, needs %s, %v", n, got, compact.root(), want, err)
		}
		leaf := sha([]byte{byte(n), byte(n >> 8)})
		leaves = append(leaves, leaf)
		tree.Add(leaf)
		compact.add(leaf)
	}
	for n := range leaves {
		if got, err := tree.Root(uint64(n)); err != nil || got != slowRoot(leaves[:n]) {
			t.Fatalf("root at %d of 400 is %x, %v", n, got, err)
		}
	}
	if _, err := tree.Root(401); err == nil {
		t.Error("a root of more entries than there are")
	}
}

// A log is a journal with its tree and a signed checkpoint of every size.
type log struct {
	journal [][]byte
	tree    Tree
	signed  [][]byte // by size
	known   note.Verifiers
	public  string
}

func aLog(t testing.TB, n int) *log {
	t.Helper()
	signer, public := keyPair(t, "agent.example", 1)
	known, err := NewKeys(public)
	check(t, err)
	l := &log{journal: aJournal("LVLT-2004", n, 20), signed: [][]byte{nil}, known: known, public: public}
	v, err := NewVerifier("LVLT-2004")
	check(t, err)
	for i, b := range l.journal {
		_, err := v.Add(b, Place{"j", int64(i)})
		check(t, err)
		l.tree.Add(LeafHash(b))
		signed, err := v.Sign(signer)
		check(t, err)
		l.signed = append(l.signed, signed)
	}
	return l
}

func (l *log) receipt(t testing.TB, seq int) Receipt {
	t.Helper()
	e, err := ParseEntry(l.journal[seq-1])
	check(t, err)
	return ReceiptOf(e)
}

func TestTenThousandReceiptsProveThemselves(t *testing.T) {
	l := aLog(t, 200)
	dice := rand.New(rand.NewPCG(1, 2))
	proofs := 0
	prove := func(seq, size int) {
		ev, err := Prove(&l.tree, l.receipt(t, seq), l.journal[seq-1], l.signed[size])
		check(t, err)
		text, err := ev.MarshalText()
		check(t, err)
		var read Evidence
		check(t, read.UnmarshalText(text))
		var known note.Verifiers
		if proofs%50 == 0 { // signatures are the slow part
			known = l.known
		}
		c, err := read.Check(known)
		if err != nil || c.Size != uint64(size) {
			t.Fatalf("entry %d of %d: %v", seq, size, err)
		}
		read.Receipt.Hash[seq%32] ^= 1
		if _, err := read.Check(nil); err == nil {
			t.Fatalf("entry %d of %d: another hash is proved too", seq, size)
		}
		proofs++
	}
	for size := 1; size <= 60; size++ { // each entry of each size
		for seq := 1; seq <= size; seq++ {
			prove(seq, size)
		}
	}
	want := 10000
	if testing.Short() {
		want = 3000
	}
	for proofs < want {
		size := 1 + dice.IntN(200)
		prove(1+dice.IntN(size), size)
	}
	t.Logf("%d inclusion proofs checked from their text, as many wrong ones refused", proofs)
}

func TestAThousandCheckpointsGrow(t *testing.T) {
	l := aLog(t, 200)
	dice := rand.New(rand.NewPCG(3, 4))
	for i := range 1000 {
		size := 1 + dice.IntN(200)
		old := 1 + dice.IntN(size)
		g, err := Extend(&l.tree, l.signed[old], l.signed[size])
		check(t, err)
		text, err := g.MarshalText()
		check(t, err)
		var read Growth
		check(t, read.UnmarshalText(text))
		var known note.Verifiers
		if i%20 == 0 {
			known = l.known
		}
		a, b, err := read.Check(known)
		if err != nil || a.Size != uint64(old) || b.Size != uint64(size) {
			t.Fatalf("%d to %d: %v", old, size, err)
		}
		if old < size {
			c, _ := OpenCheckpoint(read.Old, nil)
			c.Root[i%32] ^= 1
			read.Old = []byte(c.String() + "\n" + strings.SplitN(string(read.Old), "\n\n", 2)[1])
			if _, _, err := read.Check(nil); err == nil {
				t.Fatalf("%d to %d: another past is proved too", old, size)
			}
		}
	}
	t.Log("1,000 consistency proofs checked from their text, as many of another past refused")
}

func TestProofsThatAreNotMade(t *testing.T) {
	l, other := aLog(t, 9), aLog(t, 12)
	for _, c := range []struct {
		want string
		err  error
	}{
		{"among 12, the tree has 9", second(Prove(&l.tree, l.receipt(t, 3), nil, other.signed[12]))},
		{"proof of entry 0", second(Prove(&l.tree, Receipt{Offer: "LVLT-2004"}, nil, l.signed[9]))},
		{"not in the journal of the checkpoint", second(Prove(&l.tree, Receipt{Offer: "LVLT-2004", Seq: 3}, nil, l.signed[9]))},
		{"checkpoint is of \"LVLT-2004\"", second(Prove(&l.tree, Receipt{Offer: "B", Seq: 3}, nil, l.signed[9]))},
		{"not that of the receipt", second(Prove(&l.tree, l.receipt(t, 3), l.journal[3], l.signed[9]))},
		{"from 9 entries to 3", second(Extend(&l.tree, l.signed[9], l.signed[3]))},
		{"malformed note", second(Extend(&l.tree, nil, l.signed[3]))},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("got %v, needs %q", c.err, c.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// Whatever bit of a kept file is flipped, it is refused or says the same: the
// signature of a checkpoint is the only part that says nothing, and it is looked
// at where a key is known.
func TestKeptFilesWithAFlippedBitAreRefused(t *testing.T) {
	l := aLog(t, 23)
	ev, err := Prove(&l.tree, l.receipt(t, 11), l.journal[10], l.signed[23])
	check(t, err)
	g, err := Extend(&l.tree, l.signed[7], l.signed[23])
	check(t, err)
	for _, c := range []struct {
		what  string
		file  encoding.TextMarshaler
		check func([]byte) error
	}{
		{"receipt", ev, func(b []byte) error {
			var read Evidence
			if err := read.UnmarshalText(b); err != nil {
				return err
			}
			_, err := read.Check(l.known)
			return err
		}},
		{"consistency proof", g, func(b []byte) error {
			var read Growth
			if err := read.UnmarshalText(b); err != nil {
				return err
			}
			_, _, err := read.Check(l.known)
			return err
		}},
	} {
		text, err := c.file.MarshalText()
		check(t, err)
		check(t, c.check(text))
		for bit := range len(text) * 8 {
			b := bytes.Clone(text)
			b[bit/8] ^= 1 << (bit % 8)
			if c.check(b) == nil {
				t.Fatalf("%s: bit %d of byte %d flipped in\n%s", c.what, bit%8, bit/8, b)
			}
		}
		for size := range text {
			if c.check(text[:size]) == nil {
				t.Fatalf("%s: taken when cut at byte %d", c.what, size)
			}
		}
	}
}

// Entries of all shapes survive their encoding, a verifier and a bundle.
func TestEntriesOfAllShapes(t *testing.T) {
	text := rapid.StringMatching(`[a-zA-Zéß€ ./@:-]{1,40}`)
	rapid.Check(t, func(t *rapid.T) {
		offer := text.Draw(t, "offer")
		v, err := NewVerifier(offer)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		w, err := NewBundleWriter(&file, offer)
		if err != nil {
			t.Fatal(err)
		}
		var last Receipt
		n := rapid.IntRange(0, 20).Draw(t, "entries")
		for range n {
			d := Draft{
				Kind: Kind(rapid.IntRange(1, 255).Draw(t, "kind")), Version: rapid.Byte().Draw(t, "version"),
				Actor: text.Draw(t, "actor"), Key: text.Draw(t, "key"), Body: rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "body"),
			}
			e := Next(offer, last, opened.Add(1), d)
			last = ReceiptOf(&e)
			encoding := e.AppendBinary(nil)
			read, err := v.Add(encoding, Place{})
			if err != nil || ReceiptOf(read) != last || !bytes.Equal(read.AppendBinary(nil), encoding) {
				t.Fatalf("%+v became %+v, %v", e, read, err)
			}
			if err := w.Entry(encoding); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Close(); err != nil {
			t.Fatal(err)
		}
		report, err := VerifyBundle(&file, BundleOptions{})
		if err != nil || report.Root != v.Root() || report.Entries != uint64(n) || report.Newer != v.Newer {
			t.Fatalf("%+v, %v", report, err)
		}
	})
}
