package cli

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"tenderbook/book"
	level3 "tenderbook/examples/level3-2004"
	"tenderbook/internal/desk"
	"tenderbook/internal/sqlite"
	"tenderbook/journal"
)

var restores = flag.Int("restores", 12, "entries that a backup and a bundle are each restored to")

// A grownOffer is what its journal was while it grew.
type grownOffer struct {
	encodings [][]byte
	digests   [][32]byte // of the state, behind each entry
}

const restoredOffer = "LVLT-2004"

// grow plays an offer with so many entries: two people, batches, withdrawals,
// refusals.
func grow(t *testing.T, store *sqlite.Store, entries int) {
	t.Helper()
	d := desk.Open(store)
	keys := 0
	do := func(actor string, c book.Command) desk.Answer {
		t.Helper()
		keys++
		a, err := d.Do(t.Context(), restoredOffer, actor, fmt.Sprint("key ", keys), c)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	do("ann", &book.Offer{Name: "offer.yaml", File: string(level3.Offer)})
	do("ann", &book.Grant{Actor: "bob", Role: book.Approver})
	launch := &book.Proposal{What: book.Launch}
	if err := d.View(t.Context(), restoredOffer, func(s *book.State) error {
		launch.Basis, launch.Expires = s.TermsDigest(), s.Time().Add(time.Hour)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	seq := do("ann", launch).Receipt.Seq
	do("bob", &book.Decision{Proposal: seq, Digest: fmt.Sprintf("%x", launch.Digest()), Approve: true})
	dice := rand.New(rand.NewPCG(14, 200))
	for n := 4; n < entries; n++ {
		batch := &book.Instructions{Channel: "file"}
		for row := range 1 + dice.IntN(20) {
			batch.Rows = append(batch.Rows, book.Row{
				Action: book.Tender, ID: fmt.Sprintf("T%d.%d", n, row), Series: []string{"9.125", "11", "10.5", "none"}[dice.IntN(4)],
				Participant: fmt.Sprintf("%04d", dice.IntN(40)), Principal: int64(1+dice.IntN(5000)) * 1_000_00,
			})
		}
		if n%5 == 0 {
			batch.Rows = append(batch.Rows, book.Row{Action: book.Withdraw, ID: fmt.Sprintf("W%d", n), RefersTo: fmt.Sprintf("T%d.0", n-1), Participant: fmt.Sprintf("%04d", dice.IntN(40))})
		}
		do("ann", batch)
	}
}

// read reads a journal, and folds it.
func read(t *testing.T, j desk.Journal) (r grownOffer) {
	t.Helper()
	s := book.New(restoredOffer)
	err := j.Read(t.Context(), restoredOffer, 1, func(e *journal.Entry) error {
		s.Apply(e)
		r.encodings, r.digests = append(r.encodings, e.AppendBinary(nil)), append(r.digests, s.Digest())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Goal G14: whatever entry a backup or a bundle is restored to, journal and state
// are those of then, byte for byte.
func TestRestoredToAnyEntry(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2004, 10, 29, 13, 0, 0, 0, time.UTC)
	clock := func() time.Time { now = now.Add(time.Second); return now }
	live, err := sqlite.Open(t.Context(), filepath.Join(dir, "live.db"), sqlite.Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	grow(t, live, 400)
	want := read(t, live)
	if err := live.Backup(t.Context(), filepath.Join(dir, "backup.db")); err != nil {
		t.Fatal(err)
	}
	backup, err := openStore(t.Context(), filepath.Join(dir, "backup.db"), clock)
	if err != nil {
		t.Fatal(err)
	}
	defer backup.Close()
	bundle := bundleOf(t, want, filepath.Join(dir, "offer.bundle"))

	dice := rand.New(rand.NewPCG(2, 14))
	for i := range 2 * *restores {
		from, source := desk.Journal(backup), "backup"
		if i%2 == 1 {
			from, source = bundle, "bundle"
		}
		upTo := 1 + dice.IntN(len(want.encodings))
		restored, err := openStore(t.Context(), filepath.Join(dir, fmt.Sprintf("restored-%d.db", i)), clock)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := desk.Copy(t.Context(), restored, from, restoredOffer, uint64(upTo)); err != nil {
			t.Fatalf("%s up to entry %d: %v", source, upTo, err)
		}
		got := read(t, restored)
		if len(got.encodings) != upTo || got.digests[upTo-1] != want.digests[upTo-1] {
			t.Fatalf("%s up to entry %d: %d entries, state %x, was %x", source, upTo, len(got.encodings), got.digests[len(got.digests)-1], want.digests[upTo-1])
		}
		for k, b := range got.encodings {
			if !bytes.Equal(b, want.encodings[k]) {
				t.Fatalf("%s up to entry %d: entry %d is\n%q, was\n%q", source, upTo, k+1, b, want.encodings[k])
			}
		}
		if err := restored.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d random entries of %d: a backup and a bundle restored to each, journal and state byte for byte those of then", *restores, len(want.encodings))
}

func bundleOf(t *testing.T, r grownOffer, name string) *bundled {
	t.Helper()
	f, err := create(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := journal.NewBundleWriter(f, restoredOffer)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.encodings {
		if err := b.Entry(e); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.keep(); err != nil {
		t.Fatal(err)
	}
	whole, err := openBundle(name)
	if err != nil {
		t.Fatal(err)
	}
	return whole
}
